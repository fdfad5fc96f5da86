"""Where in a paragraph responsible units are named: brackets, labelled lines, run-in labels."""

import re
from collections.abc import Iterator

from cityforge.brain.plans.characters import fold, pairs
from cityforge.brain.plans.reading import Role
from cityforge.brain.plans.unit_labels import ANY_LABEL, LABELS, UNIT_LINE
from cityforge.brain.plans.unit_words import name_places, strip

_ROLE_WORD = re.compile(
    r"牵头|责任单位|责任部门|配合|负责|主办|协办|参与|参加|具体实施|具体落实|组织实施|分工|"
    r"落实|主管部门|承办"
)


_SUFFIXES = (
    "局|委|办|厅|部|院|会|署|公司|集团|银行|人行|央行|分行|支行|中心|公安|法院|检察院|"
    "人民政府|政府|管委会|街道|办事处|"
    "乡镇|镇街|各镇|园区|开发区|高新区|新区|示范区|联社|协会|工会|妇联|团市委|团省委|团县委|"
    "团区委|残联|科协|工商联|侨联|贸促会|供销社|"
    "供销联社|研究所|研究院|大学|学院|海关|专班|指挥部|领导小组|办公室|总队|支队|大队|分局|"
    "监管局|部门|单位|办公厅|军分区|"
    "档案馆|图书馆|博物馆|电视台|广电台|日报社|报社|通信管理局|供电公司|国资委|编办|党校|台|"
    "总社|服务中心|州|市|县|区|省|社|馆|站|所|医院|学校|企业"
)


_LOOKS_UNIT = re.compile(rf"[^，。；:]{{1,24}}(?:{_SUFFIXES})(?:\([^()]{{1,20}}\))?")


_STRICT_UNIT = re.compile(
    r"各[^，。；:]{0,12}(?:市|县|区|镇|街道|乡|部门|单位|园区|镇街|乡镇)(?:\([^()]{1,20}\))?|"
    r"[^，。；:]{1,22}(?:局|委|办|厅|院|人民政府|政府|管委会|集团|公司|办公室|分行|税务局|"
    r"海关)(?:\([^()]{1,20}\))?"
)


def has_units(text: str) -> bool:
    """Whether a paragraph names responsible units."""
    return next(role_places(text, fold(text)), None) is not None


def places(text: str) -> list[tuple[int, int]]:
    """Where in a paragraph responsible units are named, brackets and labels included."""
    return [(start, end) for start, end, _ in role_places(text, fold(text))]


def role_places(text: str, folded: str) -> Iterator[tuple[int, int, Role]]:
    """Brackets and labelled lines that name units: (start, end, role where none is said)."""
    done = 0
    line = UNIT_LINE.match(folded)
    if line and (not folded.startswith("(") or line.group().endswith((")", "):"))):
        label = len(folded) - len(folded.lstrip("-·●* 　\t"))
        yield label, len(folded), "responsible"
        return
    for start, end in sorted(_outer(folded)):
        if start < done:
            continue
        inside = folded[start + 1 : end]
        if _names_units(inside, after=folded[start - 1 : start], to_the_end=end >= len(folded) - 2):
            done = end
            yield start + 1, end, "responsible"
    for found in _RUN_IN.finditer(folded):
        if found.start() >= done:
            end = _sentence_end(folded, found.end())
            if _plausible(folded[found.end() : end]):
                yield found.start(1), end, "responsible"
                done = end


_RUN_IN = re.compile(rf"(?:^|(?<=[。;)]))((?:{ANY_LABEL})\s*:)")


def _sentence_end(folded: str, start: int) -> int:
    found = folded.find("。", start)
    return len(folded) if found < 0 else found


def _outer(folded: str) -> Iterator[tuple[int, int]]:
    """Round brackets that stand in no other; one left open at the end is taken to close there."""
    found = [pair for pair in pairs(folded) if folded[pair[0]] == "("]
    inner_end = -1
    for start, end in sorted(found):
        if start > inner_end:
            yield start, end
            inner_end = end
    last = folded.rfind("(")
    if last > inner_end and ")" not in folded[last:] and len(folded) - last < 400:
        yield last, len(folded)


def _plausible(inside: str) -> bool:
    return any(_LOOKS_UNIT.fullmatch(part.strip()) for part in re.split("[、，;]", inside[:200]))


# One sure name at the end of a sentence vouches for the short names beside it.
_SURE_UNIT = re.compile(
    r"[^各，。；:\d]{1,20}(?:局|发改委|发展改革委|发展和改革委员会|工信委|经信委|国资委|科工委|教育工委|"
    r"(?<=[省市县区州盟旗])[^，。；:]{1,10}委|办|厅|办公室|人民政府|管委会)(?:\([^()]{1,20}\))?"
)
_DEED = re.compile(
    r"\d|[。；]|建设(?!局|厅|委|和|管理|集团|投资)|推进|推动|打造|培育|引进|完善|加强|加快|提升|例如|比如|包括|"
    r"^(?:如|含|即|原|以下|简称)|促进(?!局|中心|会|委|处|和)|实现|开展"
)


def _names_units(inside: str, *, after: str, to_the_end: bool) -> bool:
    if len(inside) < 2:
        return False
    if UNIT_LINE.match(inside) or any(pattern.match(inside) for pattern, _ in LABELS):
        return True
    parts = [inside[a:b] for a, b in name_places(inside, 0, len(inside)) if inside[a:b].strip()]
    bare = [strip(part) for part in parts]
    looking = [part for part in bare if _LOOKS_UNIT.fullmatch(part)]
    if _ROLE_WORD.search(inside) and 2 * len(looking) >= len(parts):
        return True
    if after not in "。；;，" and not to_the_end:
        return False
    if bool(parts) and all(_STRICT_UNIT.fullmatch(part) for part in bare):
        return True
    return (
        any(_SURE_UNIT.fullmatch(part) for part in (bare if after in "。；;，" else bare[:1]))
        and not _DEED.search(inside)
        and all(2 <= len(part) <= 18 or _STRICT_UNIT.fullmatch(part) for part in bare)
    )
