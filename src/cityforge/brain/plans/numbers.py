"""Numbers in official prose: 1万亿元, 3—5家, 百分之八十, 翻一番; with the words that compare.

All positions are in the folded text (characters.fold).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cityforge.brain.plans.headings import chinese_integer
from cityforge.brain.plans.reading import Comparator

_MAGNITUDE = r"万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?!瓦|米|克|伏|兆|卡|帕)|百(?!分)"
_COUNTERS = (
    "个|家|项|名|位|人|件|台|套|座|条|处|所|场|次|期|批|只|支|款|部|辆|艘|架|栋|幢|户|门|篇|"
    "册|张|株|棵|头|羽|种|类|对|组|份|起|例|宗|单|笔|"
    "届|班|片|块|间|县|镇|乡|村|校|国|城|级|分|轮|枚|盏|箱|部|尾|匹|席|编|卷|集|首|幅|段|档|"
    "层|岗|床|亩|口(?!岸|径|碑|感|味)"
)
_BASE = (
    r"个百分点|百分点|%|‰|个工作日|工作日|个月|个小时|小时|分钟|年|岁|天|日|秒|毫秒|倍|番|"
    r"成(?![立为功效长熟果员本套都])|"
    r"亿元人民币|元人民币|美元|欧元|港元|日元|人民币|元|"
    r"吨标准煤|吨标煤|千克标准煤|克标准煤|吨二氧化碳|千瓦时|兆瓦时|吉瓦时|千瓦|兆瓦|吉瓦|"
    r"太瓦|千伏安|兆伏安|千伏|兆伏|伏|瓦|千卡|"
    r"平方公里|平方千米|平方米|平米|㎡|立方米|公顷|公里|千米|海里|厘米|毫米|微米|纳米|米|"
    r"立方|亩|平方|方|"
    r"千克|公斤|微克|毫克|吨|克|斤|升|毫升|标准集装箱|标箱|标准箱|标准机架|机架|卡|核|"
    r"人次|人份|车次|班次|架次|艘次|批次|场次|户次|件次|人天|家次|航班|航线|课时|学时|学分|"
    r"床位|张床位|车位|泊位|个车位|站点|套次|对次|元次|"
    r"TEU|tce|PFlops|EFlops|PFLOPS|EFLOPS|Pflops|Eflops|Tbps|Gbps|Mbps|Kbps|kbps|"
    r"[KMGTPE]bit/s|MWh|GWh|TWh|kWh|KWh|kVA|MVA|MW|GW|kW|KW|TW|kV|KV|"
    r"[KMGTPEZ]B|GHz|MHz|kHz|Hz|km/h|km|cm|mm|nm|kg|Nm|ms|m2|m3|m(?![a-zA-Z])|t(?![a-zA-Z])|"
    r"[MTPE](?![a-zA-Z])|℃|"
    rf"{_COUNTERS}"
)
_UNIT = rf"(?:{_BASE})(?:/(?:{_MAGNITUDE})?(?:{_BASE}|人|年|月|天|日|小时|公里|生产总值|GDP))?"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TO = r"\s*(?:-{1,2}|~|至|到)\s*"
_NUMBER = re.compile(
    rf"(?P<a>{_DIGITS})(?P<am>{_MAGNITUDE})?(?P<au>%|{_UNIT})?"
    rf"(?:{_TO}(?P<b>{_DIGITS})(?P<bm>{_MAGNITUDE})?(?P<more>余|多)?(?P<bu>{_UNIT})?)?",
)
_SINGLE = re.compile(
    rf"(?P<a>{_DIGITS})(?P<am>{_MAGNITUDE})?(?P<more>余|多)?(?P<au>\s?(?:{_UNIT}))?"
)

_CN = "一二两三四五六七八九十百千"
_CHINESE = re.compile(
    rf"(?P<percent>百分之(?P<p>[{_CN}零点]{{1,6}}))|(?P<double>翻(?P<n>[一两二三四]?)番)|"
    rf"(?P<again>(?:增加|增长|提高|提升|扩大)(?P<t>[一两二三])倍)|"
    rf"(?P<round>(?<=[过超破达到])(?P<r>[{_CN}]{{0,2}}?)(?P<rm>万亿|千亿|百亿|亿|万|千万|"
    rf"百万|十万)(?P<ru>元|美元|标箱|标准箱|吨|家|户|人次|人|千瓦|辆|台|大关)?)|"
    r"(?P<tenths>(?<=[过超破达到逾近约于至])(?P<h>[一二三四五六七八九])成(?=[以左，、。;)的]|$))|"
    rf"(?P<count>(?P<c>[{_CN}]{{1,4}})(?P<cu>个|家|项|座|条|所|名|件|场|期))"
)

_BEFORE: tuple[tuple[re.Pattern[str], Comparator], ...] = (
    (
        re.compile(
            r"(?:不少于|不低于|不小于|不下于|不得低于|不得少于|至少(?:建成|建设|培育|达到|"
            r"完成|有|新增|实现|举办|开展|引进|打造)?|最低|≥|>=|高于或等于)(?:总?计)?(?:到)?\s*$"
        ),
        "gte",
    ),
    (
        re.compile(
            r"(?:不超过|不高于|不多于|不大于|不得超过|不得高于|不突破|控制在|控制到|压缩到|"
            r"压缩至|压减至|压减到|至多|最多|≤|<=)\s*$"
        ),
        "lte",
    ),
    (re.compile(r"(?:低于|少于|小于|<)\s*$"), "lt"),
    (
        re.compile(
            r"(?:突破|超过|超出|超越|超|逾|冲刺|(?<![通经])过|大于|高于|多于|>|破|跨越)\s*$"
        ),
        "gt",
    ),
    (re.compile(r"(?:大约|大概|约为|约|接近|近|将近|左右|力争接近|基本达到)\s*$"), "approx"),
    (
        re.compile(
            r"(?:稳定达到|达到了?|达|实现|完成|为|是|保持在|保持|稳定在|维持在|提升到|提升至|"
            r"提高到|提高至|增加到|增加至|增长到|增长至|增至|上升到|上升至|升至|升到|扩大到|"
            r"扩大至|拓展到|拓展至|"
            r"降低到|降低至|降至|降到|下降到|下降至|减少到|减少至|缩短至|缩短到|提速至|"
            r"累计达|总数达|总量达|增长|提高|提升|上升|增加|降低|下降|减少|压减|压缩|缩短|"
            r"增幅|至|到)\s*$"
        ),
        "eq",
    ),
)
_AFTER: tuple[tuple[re.Pattern[str], Comparator], ...] = (
    (re.compile(r"\s*(?:\((?:含|不含)\))?(?:及其?以上|或以上|以上|之上|\+)"), "gte"),
    (re.compile(r"\s*(?:左右|上下)"), "approx"),
    (re.compile(r"\s*(?:及其?以下|以内|以下|之内|之下|(?<![市省县区])内(?=[，。;、]|$))"), "lte"),
)
_RISE_TO = re.compile(r"(?:到|至|达|为|在|占)\s*$")


@dataclass(frozen=True, slots=True)
class Number:
    """One number with its unit and the words that compare; `start`..`end` is number and unit."""

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str | None
    comparator: Comparator
    comparator_text: str | None
    before: int  # where the words that compare begin, before the number
    after: int  # where they end, after it
    in_chinese: bool = False
    bare_unit: str = ""  # without 万, 亿


def numbers(folded: str) -> Iterator[Number]:
    """Every number of a paragraph in order. Years, dates and enumerators are among them."""
    at = 0
    spans = _chinese(folded)
    waiting = next(spans, None)
    for found in _NUMBER.finditer(folded):
        if found.start() < at:
            continue
        number = _arabic(folded, found)
        while waiting is not None and waiting.end <= number.start:
            if waiting.start >= at:
                yield waiting
                at = waiting.end
            waiting = next(spans, None)
        at = number.end
        yield number
    while waiting is not None:
        if waiting.start >= at:
            yield waiting
            at = waiting.end
        waiting = next(spans, None)


def _arabic(folded: str, found: re.Match[str]) -> Number:
    if found["b"] is not None and _is_range(found):
        low_magnitude = found["am"] or (None if found["au"] else found["bm"])
        unit = found["bu"] or found["au"]
        low, high = _decimal(found["a"]), _decimal(found["b"])
        if (low_magnitude or "") != (found["bm"] or ""):
            low = low * _FACTORS.get(low_magnitude or "", 1) / _FACTORS.get(found["bm"] or "", 1)
        written = (found["bm"] or "") + (unit or "")
        number = _compared(folded, found.start(), found.end(), low, written, unit or "")
        return _ranged(number, high, folded)
    single = _SINGLE.match(folded, found.start())
    if single is None:  # cannot be: _NUMBER begins as _SINGLE does
        single = found
    unit = (single["au"] or "").strip()
    written = (single["am"] or "") + unit
    return _compared(folded, single.start(), single.end(), _decimal(single["a"]), written, unit)


def _is_range(found: re.Match[str]) -> bool:
    a, b = _decimal(found["a"]), _decimal(found["b"])
    low = a * _FACTORS.get(found["am"] or "", 1)
    high = b * _FACTORS.get(found["bm"] or "", 1)
    if found["am"] is None and found["au"] is None:
        low = a * _FACTORS.get(found["bm"] or "", 1)
    years = 1900 <= a <= 2100 and 1900 <= b <= 2100
    return low < high or years


def _ranged(number: Number, high: Decimal, folded: str) -> Number:
    return Number(
        number.start,
        number.end,
        number.value,
        high,
        number.unit,
        "range",
        folded[number.start : number.end],
        number.before,
        number.after,
        bare_unit=number.bare_unit,
    )


_FACTORS = {
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10**4),
    "十万": Decimal(10**5),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "十亿": Decimal(10**9),
    "百亿": Decimal(10**10),
    "千亿": Decimal(10**11),
    "万亿": Decimal(10**12),
}


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "")[:40])


def _compared(
    folded: str,
    start: int,
    end: int,
    value: Decimal,
    unit: str,
    bare: str,
    *,
    chinese: bool = False,
) -> Number:
    before, comparator, words = _before(folded, start)
    after, stronger, tail = _after(folded, end)
    if stronger is not None:
        if comparator != "gt" or stronger != "gte":
            comparator = stronger
        words = f"{words}…{tail}" if words else tail
    return Number(
        start, end, value, None, unit or None, comparator, words, before, after, chinese, bare
    )


_WINDOW = 14  # characters in which comparing words may stand before a number


def _before(folded: str, start: int) -> tuple[int, Comparator, str | None]:
    window = folded[max(0, start - _WINDOW) : start]
    for pattern, comparator in _BEFORE:
        found = pattern.search(window)
        if found:
            return start - len(window) + found.start(), comparator, found.group().strip() or None
    return start, "eq", None


def _after(folded: str, end: int) -> tuple[int, Comparator | None, str]:
    for pattern, comparator in _AFTER:
        found = pattern.match(folded, end)
        if found:
            return found.end(), comparator, found.group().strip()
    return end, None, ""


def _chinese(folded: str) -> Iterator[Number]:
    for found in _CHINESE.finditer(folded):
        start, end = found.span()
        if found["percent"]:
            value = _percent(found["p"])
            if value is not None:
                yield _compared(folded, start, end, value, "%", "%", chinese=True)
        elif found["tenths"]:
            tenths = Decimal(chinese_integer(found["h"]) or 0)
            yield _compared(folded, start, end, tenths * 10, "%", "%", chinese=True)
        elif found["double"]:
            value = Decimal(chinese_integer(found["n"] or "一") or 1)
            yield _compared(folded, start, end, value, "番", "番", chinese=True)
        elif found["again"]:
            value = Decimal(chinese_integer(found["t"]) or 1)
            yield _compared(folded, end - 2, end, value, "倍", "倍", chinese=True)
        elif found["round"]:
            yield _round(folded, found)
        elif found["count"]:
            count = chinese_integer(found["c"])
            if count:
                unit = found["cu"]
                yield _compared(folded, start, end, Decimal(count), unit, unit, chinese=True)


def _round(folded: str, found: re.Match[str]) -> Number:
    """“过千亿” → 1000 亿; “突破两万亿元” → 2 万亿元; “超百万人次” → 100 万人次."""
    digits, magnitude, unit = found["r"], found["rm"], found["ru"] or ""
    value = Decimal(chinese_integer(digits) or 1) if digits else Decimal(1)
    for places, plain_magnitude in (
        ("千", "亿"),
        ("百", "亿"),
        ("千", "万"),
        ("百", "万"),
        ("十", "万"),
    ):
        if magnitude == places + plain_magnitude:
            value *= {"十": 10, "百": 100, "千": 1000}[places]
            magnitude = plain_magnitude
            break
    unit = "" if unit == "大关" else unit
    start, end = found.start("r"), found.end()
    return _compared(folded, start, end, value, magnitude + unit, unit or "元", chinese=True)


def _percent(text: str) -> Decimal | None:
    whole, _, part = text.partition("点")
    number = chinese_integer(whole)
    if number is None:
        return None
    digits = "".join(str(chinese_integer(letter) or 0) for letter in part)
    return Decimal(f"{number}.{digits}") if digits else Decimal(number)


_QUANTITY = re.compile(
    rf"(?:约|大于|小于|≥|≤|>=?|<=?|=|不低于|不少于|不高于|不超过|超过|超|突破|达到|达|高于|"
    rf"低于|力争|累计|年均|年均增长|增长|下降|降低|提高|提升|减少|比\d{{4}}年|\+|-|±|\s)*"
    rf"(?:{_DIGITS})\s*(?:{_MAGNITUDE})?\s*(?:{_UNIT})?(?:{_TO}(?:{_DIGITS})\s*(?:{_MAGNITUDE})?(?:{_UNIT})?)?"
    r"\s*(?:左右|上下|以上|以下|以内|及以上|及以下|\+)?(?:\[累计\]|\(累计\))?"
)


def is_quantity(folded: str) -> bool:
    """Whether a table's cell is a number: “≥6000”, “13.5左右”, “45万元/人”."""
    return len(folded) <= 40 and _QUANTITY.fullmatch(folded) is not None
