"""Responsible units: who is named in a paragraph, in which role, and who for all that follows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.plans.characters import fold
from cityforge.brain.plans.reading import Role, UnitRole
from cityforge.brain.plans.unit_labels import label_at
from cityforge.brain.plans.unit_places import role_places
from cityforge.brain.plans.unit_words import (
    name_places,
    prefix_of,
    restored,
    strip,
    trim,
    whole_names,
)

_PERSON = re.compile(
    r"(?:牵头|责任|分管|联系|挂钩|包保|市级|县级|市|县|区|省)?(?:市|县|区|省)?(?:领导|责任人|"
    r"负责人|联系人)(?:及联系人)?:|"
    r"(?:完成|办结|实施|时间|时限|进度)(?:时限|时间|期限|节点|安排|要求)?:|(?:长期|"
    r"持续)(?:坚持|推进)|\d{4}年"
)


_NOT_UNIT = re.compile(
    r".*(?:排名第一|排第一|下同|列出|列举|为准|年底|月底|年前|持续|长期|完成|首位|以下|排在|"
    r"前者|后者|另有|除外).*|"
    r"(?:单位|部门|牵头|配合|负责|等|其他|责任|分工|按照?职责分工|有关单位分工|具体|实施|"
    r"落实|推进|各自职责|职责|共同)"
)


_DEFAULT = re.compile(
    r"(?:以下|下同|后续|其他|其余|各项|本方案|以上).{0,30}?(?:不再|不另|下同|同此)|(?:不再|"
    r"不另).{0,6}(?:列出|列举|列明|罗列|重复|注明|分工|赘述|标注|列)|(?:均|都)(?:涉及|需|须|"
    r"由|包括|包含|含).{0,60}(?:不再|下同)"
)


_DEFAULT_LIST = re.compile(
    r"(?:需|由|须|含|涉及|包括|包含|为|是|请|要求)([^，;。]{2,200}?)(?:负责|落实|配合|参与|"
    r"执行|参加|实施|抓好|贯彻|为责任单位|，|;|。|$)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The units of one paragraph, and those it names for all that follows."""

    units: tuple[UnitRole, ...]
    default: tuple[str, ...] = ()


def named_in(text: str, offset: int) -> Named:
    """The responsible units in a paragraph; spans are moved by `offset`."""
    folded = fold(text)
    units: list[UnitRole] = []
    default: list[str] = []
    for start, end, role in role_places(text, folded):
        _read_place(text, folded, (start, end), role, offset, units, default)
    return Named(_unique(units), tuple(dict.fromkeys(default)))


def _unique(units: list[UnitRole]) -> tuple[UnitRole, ...]:
    seen: dict[tuple[str, str], UnitRole] = {}
    for unit in units:
        seen.setdefault((unit.name, unit.role), unit)
    return tuple(seen.values())


def _read_place(
    text: str,
    folded: str,
    place: tuple[int, int],
    role: Role,
    offset: int,
    units: list[UnitRole],
    default: list[str],
) -> None:
    start, end = place
    prefix = ""
    for a, b, segment_role in _segments(folded, start, end, role):
        segment = folded[a:b]
        if _DEFAULT.search(segment):
            default.extend(_default_units(segment))
            continue
        if _PERSON.match(segment):
            continue
        for c, d, own_role in _names(folded, a, b, segment_role):
            name = text[c:d]
            folded_name = folded[c:d]
            prefix = prefix_of(folded_name) or prefix
            units.append(
                UnitRole(restored(name, folded_name, prefix), own_role, (offset + c, offset + d))
            )


def _default_units(segment: str) -> list[str]:
    found = _DEFAULT_LIST.search(segment)
    if found is None:
        found = re.search(r"^([^，;。]{2,120}?)(?:均|都|为)", segment)
    if found is None:
        return []
    words = found.group(1)
    pieces = [words[a:b] for a, b in name_places(words, 0, len(words))]
    split = [part for piece in pieces for part in re.split("和(?=各)", piece)]
    names = (strip(part).replace("(", "（").replace(")", "）") for part in split)
    return [name for name in names if len(name) > 1]


def _segments(folded: str, start: int, end: int, role: Role) -> Iterator[tuple[int, int, Role]]:
    """Parts between ; and labels, each with the role that its label says."""
    at = start
    current = role
    depth = 0
    i = start
    while i < end:
        begins = depth <= 0 and (i == at or folded[i - 1] in "，、;。 )")
        label = label_at(folded, i, end, whole=not begins) if depth <= 0 else None
        if label is not None:
            if i > at:
                yield at, i, current
            length, current = label
            at = i = i + length
            continue
        letter = folded[i]
        depth += (letter == "(") - (letter == ")")
        if depth <= 0 and letter in ";。\n":
            if i > at:
                yield at, i, current
            at = i + 1
        i += 1
    if at < end:
        yield at, end, current


_SUFFIX_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"(?:共同|联合|分别)?牵头(?:负责|落实|组织|推进|实施)?(?=[，、;。]|$)"), "lead"),
    (re.compile(r"(?:配合|参与|参加|协助|协同|协办)(?:落实|做好)?(?=[，、;。]|$)"), "support"),
    (re.compile(r"负责|落实|实施|推进"), "responsible"),
)


def _names(folded: str, start: int, end: int, role: Role) -> Iterator[tuple[int, int, Role]]:
    """The single names between commas; “A牵头，B、C配合” gives each its role."""
    group: list[tuple[int, int]] = []
    for a, b in name_places(folded, start, end):
        piece = folded[a:b]
        said, joined = _said_role(piece), _joined(piece)
        c, d = trim(folded, a, b)
        if d - c > 1 and not _NOT_UNIT.fullmatch(folded[c:d]) and d - c <= 32:
            if joined:
                # “A会同B、C负责”: A leads, those after it support.
                cut = c + folded[c:d].find("会同")
                if c < cut < d - 2:
                    for x, y in group:
                        yield x, y, "lead"
                    yield c, cut, "lead"
                    group = []
                    role = "support"
                    c = cut + 2
            group.extend(whole_names(folded, c, d))
        if said is not None:
            for x, y in group:
                yield x, y, (role if said == "responsible" else said)
            group = []
    for x, y in group:
        yield x, y, role


def _joined(piece: str) -> bool:
    return "会同" in piece and not piece.startswith("会同")


def _said_role(piece: str) -> Role | None:
    for pattern, role in _SUFFIX_ROLES:
        found = pattern.search(piece)
        if found and found.start() > 0:
            return role
    return None
