"""Lists of unit names: cut at commas, freed of the words around, elided prefixes restored."""

import re
from collections.abc import Iterator

from cityforge.brain.plans.characters import fold
from cityforge.brain.plans.unit_labels import ANY_LABEL

_TAIL = re.compile(
    r"(?:等(?:有关|相关|各有关|各相关|其他相关)?(?:市级|省级|市直|省直|成员|"
    r"责任)?(?:\d{1,2}个?)?(?:部门|单位)?(?:单位)?)?"
    r"(?:共同|联合|分别|具体|统筹|结合(?:本地|自身)?实际)?(?:按照?(?:各自)?(?:职责|职能)?(?:分工)?)?"
    r"(?:共同|分别|具体|联合|各自)?(?:牵头(?:负责|落实|组织|推进|实施)?|负责(?:落实|实施|"
    r"推进)?|落实|配合(?:落实|做好)?|参加|参与|协助|协同|实施|推进|承担|组织实施|会同)$"
)


_HEAD = re.compile(
    r"^(?:由|请|会同|联合|商(?=[省市各])|以及|和|及|与|其中|包括|涉及|各有关单位:)|^(?:"
    + ANY_LABEL
    + r")(?=[:])[:]"
)


_ET_CETERA = re.compile(
    r"等(?:有关|相关|各有关|市级|省级|市直|省直)?(?:\d{1,2}个)?(?:部门|单位|部门单位|"
    r"责任单位)?$|等$"
)


def name_places(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
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


def whole_names(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One name, or two joined by 及 or 和 where both sides are whole names."""
    piece = folded[start:end]
    for found in re.finditer("以及|[和及与]", piece):
        left, right = piece[: found.start()], piece[found.end() :]
        if _JOINABLE.fullmatch(left) and _JOINABLE.fullmatch(right):
            yield start, start + found.start()
            yield from whole_names(folded, start + found.end(), end)
            return
    yield start, end


_JOINABLE = re.compile(
    r"[^()]{0,20}(?:局|委|办|厅|院|部|人民政府|政府|管委会|集团|公司|办公室|部门|单位|分行|"
    r"银行|中心|街道|园区|开发区|大学|协会|会|镇|企业|"
    r"(?<=各)[市县区])(?:\([^()]{1,20}\))?(?:[和及与].{2,20})?"
)


def trim(folded: str, start: int, end: int) -> tuple[int, int]:
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


def strip(piece: str) -> str:
    folded = fold(piece)
    start, end = trim(folded, 0, len(folded))
    return folded[start:end]


_LEVEL = re.compile(
    r"(自治[区州]|省|市|县|区|州|盟|旗)(委(?=[^员]))?(?!场|容|民|域|际|政(?!府|务|协|研|法)|长|外(?!办|事)|直)"
)


_OWN_FORM = re.compile(
    r"各|省|自治|兵团|民航|国家|中国|全国|中央|人民?银?行|人民银行|团|驻|国网|南网|金融监管|国家?金融|"
    r"银保监|证监|银监|外汇|海关|有关|相关|"
    r"电信|移动|联通|铁塔|电力|军|武警|“|各|属地|所有|其他|行业|重点|链主|龙头|高校|大学|"
    r"辖区|责任|本|党|企业|银行"
)


_OWN_PLACE = re.compile(
    r".{2,8}?(?:省|市(?!场|政|容)|自治州|县|盟|旗|区(?!域)|高新区|经开区|开发区|新区|园区|镇|"
    r"街道|港)(?=.{0,14}$)"
)


_PARTY_BODY = re.compile(
    r"(?:组织|宣传|统战|政法|网信|编|改革|财经|社会工作|社工|政策研究|金融|军民融合|考核|"
    r"人才|老干部|农村工作|巡察|国安|台)(?:部|办|委|办公室|研究室|局)|党校|政研室"
)


_ELIDED = re.compile(
    r".{1,20}(?:局|委|办|厅|部|集团|院|中心|总队|支队|办公室|会|社|馆|联|台)(?:\([^()]{1,20}\))?"
)


def prefix_of(folded: str) -> str:
    found = _LEVEL.match(folded)
    return (found.group(1) + (found.group(2) or "")) if found else ""


def restored(name: str, folded: str, prefix: str) -> str:
    """The name with the prefix that the list's first name shows: 科技局 → 市科技局."""
    if not prefix or prefix_of(folded) or _OWN_FORM.match(folded):
        return name
    if prefix.endswith("委"):
        if _PARTY_BODY.fullmatch(folded):
            return prefix + name
        prefix = prefix.removesuffix("委")
    if not _ELIDED.fullmatch(folded) or _OWN_PLACE.match(folded):
        return name
    return prefix + name
