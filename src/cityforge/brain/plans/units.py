"""Responsible units: the brackets and lines that name them, their roles, elided prefixes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.plans.characters import fold, pairs
from cityforge.brain.plans.reading import Role, UnitRole

_LABEL_ROLES: tuple[tuple[str, Role], ...] = (
    (r"牵头(?:责任)?(?:单位|部门|处室|科室|市直单位)?|主办(?:单位|部门)?|主责(?:单位|部门)|第一责任单位|主要责任(?:单位|部门)|组长单位", "lead"),
    (r"(?:配合|协办|协同|参与|参加|协助|支持|协作|会办|辅助)(?:单位|部门|处室|科室)?|成员单位", "support"),
    (r"(?:责任|负责|落实|承办|实施|主管|工作|主体责任|联合|指导|责任主体|执行|完成|承担|归口)(?:单位|部门|主体|地区|处室|科室)(?:及[^:]{0,8})?|责任(?:主体|分工|科室)?|分工", "responsible"),
)  # fmt: skip
_LABELS = [
    (
        re.compile(
            rf"\(?(?:各项|具体|[市县区省]级|[市县区省]直|[市县区省])?(?:{pattern})\s*(?:\)?:|\)|为:?)"
        ),
        role,
    )
    for pattern, role in _LABEL_ROLES
]
_ANY_LABEL = "|".join(pattern for pattern, _ in _LABEL_ROLES)
_PERSON = re.compile(
    r"(?:牵头|责任|分管|联系|挂钩|包保|市级|县级|市|县|区|省)?(?:市|县|区|省)?(?:领导|责任人|负责人|联系人)(?:及联系人)?:|"
    r"(?:完成|办结|实施|时间|时限|进度)(?:时限|时间|期限|节点|安排|要求)?:|(?:长期|持续)(?:坚持|推进)|\d{4}年"
)
UNIT_LINE = re.compile(rf"[-·●*\s]{{0,4}}\(?(?:{_ANY_LABEL})\s*(?::|\):?)")
_ROLE_WORD = re.compile(
    r"牵头|责任单位|责任部门|配合|负责|主办|协办|参与|参加|具体实施|具体落实|组织实施|分工|落实|主管部门|承办"
)
_SUFFIXES = (
    "局|委|办|厅|部|院|会|署|公司|集团|银行|人行|央行|分行|支行|中心|公安|法院|检察院|人民政府|政府|管委会|街道|办事处|"
    "乡镇|镇街|各镇|园区|开发区|高新区|新区|示范区|联社|协会|工会|妇联|团市委|团省委|团县委|团区委|残联|科协|工商联|侨联|贸促会|供销社|"
    "供销联社|研究所|研究院|大学|学院|海关|专班|指挥部|领导小组|办公室|总队|支队|大队|分局|监管局|部门|单位|办公厅|军分区|"
    "档案馆|图书馆|博物馆|电视台|广电台|日报社|报社|通信管理局|供电公司|国资委|编办|党校|台|总社|服务中心|州|市|县|区|省|社|馆|站|所|医院|学校|企业"
)
_LOOKS_UNIT = re.compile(rf"[^，。；:]{{1,24}}(?:{_SUFFIXES})(?:\([^()]{{1,20}}\))?")
_STRICT_UNIT = re.compile(
    r"各[^，。；:]{0,12}(?:市|县|区|镇|街道|乡|部门|单位|园区|镇街|乡镇)(?:\([^()]{1,20}\))?|[^，。；:]{1,22}(?:局|委|办|厅|院|人民政府|政府|管委会|集团|公司|办公室|分行|税务局|海关)(?:\([^()]{1,20}\))?"
)
_TAIL = re.compile(
    r"(?:等(?:有关|相关|各有关|各相关|其他相关)?(?:市级|省级|市直|省直|成员|责任)?(?:\d{1,2}个?)?(?:部门|单位)?(?:单位)?)?"
    r"(?:共同|联合|分别|具体|统筹)?(?:按照?(?:各自)?(?:职责|职能)?(?:分工)?)?"
    r"(?:共同|分别|具体|联合|各自)?(?:牵头(?:负责|落实|组织|推进|实施)?|负责(?:落实|实施|推进)?|落实|配合(?:落实|做好)?|参加|参与|协助|协同|实施|推进|承担|组织实施|会同)$"
)
_HEAD = re.compile(
    r"^(?:由|请|会同|联合|商(?=[省市各])|以及|和|及|与|其中|包括|涉及|各有关单位:)|^(?:"
    + _ANY_LABEL
    + r")(?=[:])[:]"
)
_ET_CETERA = re.compile(
    r"等(?:有关|相关|各有关|市级|省级|市直|省直)?(?:\d{1,2}个)?(?:部门|单位|部门单位|责任单位)?$|等$"
)
_NOT_UNIT = re.compile(
    r".*(?:排名第一|排第一|下同|列出|列举|为准|年底|月底|年前|持续|长期|完成|首位|以下|排在|前者|后者|另有|除外).*|"
    r"(?:单位|部门|牵头|配合|负责|等|其他|责任|分工|按照?职责分工|有关单位分工|具体|实施|落实|推进|各自职责|职责|共同)"
)
_DEFAULT = re.compile(
    r"(?:以下|下同|后续|其他|其余|各项|本方案|以上).{0,30}?(?:不再|不另|下同|同此)|(?:不再|不另).{0,6}(?:列出|列举|列明|罗列|重复|注明|分工|赘述|标注|列)|(?:均|都)(?:涉及|需|须|由|包括|包含|含).{0,60}(?:不再|下同)"
)
_DEFAULT_LIST = re.compile(
    r"(?:需|由|须|含|涉及|包括|包含|为|是|请|要求)([^，;。]{2,200}?)(?:负责|落实|配合|参与|执行|参加|实施|抓好|贯彻|为责任单位|，|;|。|$)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The units of one paragraph, and those it names for all that follows."""

    units: tuple[UnitRole, ...]
    default: tuple[str, ...] = ()


def has_units(text: str) -> bool:
    """Whether a paragraph names responsible units."""
    return next(_places(text, fold(text)), None) is not None


def named_in(text: str, offset: int) -> Named:
    """The responsible units in a paragraph; spans are moved by `offset`."""
    folded = fold(text)
    units: list[UnitRole] = []
    default: list[str] = []
    for start, end, role in _places(text, folded):
        _read_place(text, folded, (start, end), role, offset, units, default)
    return Named(_unique(units), tuple(dict.fromkeys(default)))


def places(text: str) -> list[tuple[int, int]]:
    """Where in a paragraph responsible units are named, brackets and labels included."""
    return [(start, end) for start, end, _ in _places(text, fold(text))]


def _unique(units: list[UnitRole]) -> tuple[UnitRole, ...]:
    seen: dict[tuple[str, str], UnitRole] = {}
    for unit in units:
        seen.setdefault((unit.name, unit.role), unit)
    return tuple(seen.values())


def _places(text: str, folded: str) -> Iterator[tuple[int, int, Role]]:
    """Brackets and labelled lines that name units: (start, end, role where none is said)."""
    done = 0
    line = UNIT_LINE.match(folded)
    if line and (not folded.startswith("(") or line.group().endswith((")", "):"))):
        yield 0, len(folded), "responsible"
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


_RUN_IN = re.compile(rf"(?:^|(?<=[。;)]))((?:{_ANY_LABEL})\s*:)")


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
    if UNIT_LINE.match(inside) or any(pattern.match(inside) for pattern, _ in _LABELS):
        return True
    parts = [inside[a:b] for a, b in _pieces(inside, 0, len(inside)) if inside[a:b].strip()]
    bare = [_strip(part) for part in parts]
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


def _read_place(
    text: str, folded: str, place: tuple[int, int], role: Role, offset: int,
    units: list[UnitRole], default: list[str],
) -> None:  # fmt: skip
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
            prefix = _prefix_of(folded_name) or prefix
            units.append(
                UnitRole(_restored(name, folded_name, prefix), own_role, (offset + c, offset + d))
            )


def _default_units(segment: str) -> list[str]:
    found = _DEFAULT_LIST.search(segment)
    if found is None:
        found = re.search(r"^([^，;。]{2,120}?)(?:均|都|为)", segment)
    if found is None:
        return []
    words = found.group(1)
    pieces = [words[a:b] for a, b in _pieces(words, 0, len(words))]
    split = [part for piece in pieces for part in re.split("和(?=各)", piece)]
    names = (_strip(part).replace("(", "（").replace(")", "）") for part in split)
    return [name for name in names if len(name) > 1]


def _segments(folded: str, start: int, end: int, role: Role) -> Iterator[tuple[int, int, Role]]:
    """Parts between ; and labels, each with the role that its label says."""
    at = start
    current = role
    depth = 0
    i = start
    while i < end:
        begins = depth <= 0 and (i == at or folded[i - 1] in "，、;。 )")
        label = _label_at(folded, i, end) if begins else None
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


def _label_at(folded: str, i: int, end: int) -> tuple[int, Role] | None:
    window = folded[i : min(end, i + 24)]
    for pattern, role in _LABELS:
        found = pattern.match(window)
        if found:
            return found.end(), role
    return None


_SUFFIX_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"(?:共同|联合|分别)?牵头(?:负责|落实|组织|推进|实施)?(?=[，、;。]|$)"), "lead"),
    (re.compile(r"(?:配合|参与|参加|协助|协同|协办)(?:落实|做好)?(?=[，、;。]|$)"), "support"),
    (re.compile(r"负责|落实|实施|推进"), "responsible"),
)


def _names(folded: str, start: int, end: int, role: Role) -> Iterator[tuple[int, int, Role]]:
    """The single names between commas; “A牵头，B、C配合” gives each its role."""
    group: list[tuple[int, int]] = []
    for a, b in _pieces(folded, start, end):
        piece = folded[a:b]
        said, joined = _said_role(piece), _joined(piece)
        c, d = _trim(folded, a, b)
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
            group.extend(_whole_names(folded, c, d))
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


def _pieces(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth, at = 0, start
    for i in range(start, end):
        letter = folded[i]
        depth += (letter == "(") - (letter == ")")
        if depth <= 0 and letter in "、，;:/　 " and not _ALL_LEVELS.match(folded, at, i + 2):
            if i > at:
                yield at, i
            at = i + 1
    if at < end:
        yield at, end


_ALL_LEVELS = re.compile(r"各[省市州]、[市县]$")  # “各市、县（市、区）人民政府” is one name


def _whole_names(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One name, or two joined by 及 or 和 where both sides are whole names."""
    piece = folded[start:end]
    for found in re.finditer("以及|[和及与]", piece):
        left, right = piece[: found.start()], piece[found.end() :]
        if _JOINABLE.fullmatch(left) and _JOINABLE.fullmatch(right):
            yield start, start + found.start()
            yield from _whole_names(folded, start + found.end(), end)
            return
    yield start, end


_JOINABLE = re.compile(
    r"[^()]{0,20}(?:局|委|办|厅|院|部|人民政府|政府|管委会|集团|公司|办公室|部门|单位|分行|银行|中心|街道|园区|开发区|大学|协会|会|镇|企业|(?<=各)[市县区])(?:\([^()]{1,20}\))?(?:[和及与].{2,20})?"
)


def _trim(folded: str, start: int, end: int) -> tuple[int, int]:
    """Without the words around a name: 由…, …等, …按职责分工负责, spaces, full stops."""
    while True:
        piece = folded[start:end]
        head, remark = _HEAD.match(piece), _REMARK.search(piece)
        stripped = _unpaired(piece.strip(" 　。.·-\t"))
        tail = _TAIL.search(piece) or _ET_CETERA.search(piece)
        if stripped != piece:
            lead = piece.find(stripped) if stripped else len(piece)
            start, end = start + lead, start + lead + len(stripped)
        elif head and head.end():
            start += head.end()
        elif tail and tail.start() and tail.group() and not _keeps_tail(piece, tail):
            end = start + tail.start()
        elif remark and remark.start() > 1:
            end = start + remark.start()
        elif _TAIL.fullmatch(piece) and piece:
            return start, start
        else:
            return start, end


_REMARK = re.compile(r"\([^()]*(?:排名|排在|排序|第一位|下同|牵头|为主|列第一)[^()]*\)$")


def _unpaired(piece: str) -> str:
    """Without a bracket at the edge whose other half is missing."""
    if piece.count(")") > piece.count("("):
        return piece.removesuffix(")")
    return piece.removeprefix("(") if piece.count("(") > piece.count(")") else piece


def _keeps_tail(piece: str, tail: re.Match[str]) -> bool:
    """“省有关部门” is a unit: its last words are no tail unless something else stands before."""
    words = tail.group()
    return words in (
        "部门",
        "单位",
        "有关部门",
        "相关部门",
        "有关单位",
        "相关单位",
        "市直部门",
        "省直部门",
        "市级部门",
        "省级部门",
        "责任单位",
        "成员单位",
        "各有关部门",
        "各相关部门",
    )


def _strip(piece: str) -> str:
    folded = fold(piece)
    start, end = _trim(folded, 0, len(folded))
    return folded[start:end]


_LEVEL = re.compile(r"(省|市|县|区|州|盟|旗)(委(?=[^员]))?(?!场|容|民|域|际|政(?!府|务|协|研|法)|长|外(?!办|事)|直)")
_OWN_FORM = re.compile(
    r"各|省|自治|兵团|民航|国家|中国|全国|中央|人民?银?行|人民银行|团|驻|国网|南网|金融监管|国家?金融|银保监|证监|银监|外汇|海关|有关|相关|"
    r"电信|移动|联通|铁塔|电力|军|武警|“|各|属地|所有|其他|行业|重点|链主|龙头|高校|大学|辖区|责任|本|党|企业|银行"
)
_OWN_PLACE = re.compile(
    r".{2,8}?(?:省|市(?!场|政|容)|自治州|县|盟|旗|区(?!域)|高新区|经开区|开发区|新区|园区|镇|街道|港)(?=.{0,14}$)"
)
_PARTY_BODY = re.compile(
    r"(?:组织|宣传|统战|政法|网信|编|改革|财经|社会工作|社工|政策研究|金融|军民融合|考核|人才|老干部|农村工作|巡察|国安|台)(?:部|办|委|办公室|研究室|局)|党校|政研室"
)
_ELIDED = re.compile(
    r".{1,20}(?:局|委|办|厅|部|集团|院|中心|总队|支队|办公室|会|社|馆|联|台)(?:\([^()]{1,20}\))?"
)


def _prefix_of(folded: str) -> str:
    found = _LEVEL.match(folded)
    return (found.group(1) + (found.group(2) or "")) if found else ""


def _restored(name: str, folded: str, prefix: str) -> str:
    """The name with the prefix that the list's first name shows: 科技局 → 市科技局."""
    if not prefix or _prefix_of(folded) or _OWN_FORM.match(folded):
        return name
    if len(prefix) > 1:
        if _PARTY_BODY.fullmatch(folded):
            return prefix + name
        prefix = prefix[0]
    if not _ELIDED.fullmatch(folded) or _OWN_PLACE.match(folded):
        return name
    return prefix + name
