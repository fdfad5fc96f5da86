"""Registered capital (注册资本) in the ways that registers and people write it.

A foreign currency stays foreign: the rate of the day of registration is not in the text.
"""

import functools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values import chinese_number
from cityforge.brain.values.spelling import half_width, nearest

Flag = Literal["zero_stated", "currency_assumed", "implausible"]

IMPLAUSIBLE = Decimal(100_000_000_000)
"""Above 1,000 亿 of whatever currency a figure is more likely a slip of the unit than a capital."""

# ISO 4217, the codes of currencies since given up included: old registrations still state them.
_CURRENCIES = {
    "CNY": ("人民币", "RMB", "CNY", "¥", "￥"),
    "USD": ("美元", "美金", "USD", "US$", "$"),
    "HKD": ("香港元", "港元", "港币", "港幣", "HKD", "HK$"),
    "TWD": ("新台币", "新台幣", "台币", "台湾元", "TWD"),
    "MOP": ("澳门元", "澳门币", "MOP"),
    "JPY": ("日元", "日圆", "日币", "JPY"),
    "KRW": ("韩国元", "韩元", "韩圆", "韩币", "KRW"),
    "EUR": ("欧元", "EUR", "€"),
    "GBP": ("英镑", "GBP", "£"),
    "CHF": ("瑞士法郎", "CHF"),
    "CAD": ("加拿大元", "加元", "CAD"),
    "AUD": ("澳大利亚元", "澳元", "AUD"),
    "NZD": ("新西兰元", "NZD"),
    "SGD": ("新加坡元", "新元", "坡币", "SGD"),
    "DKK": ("丹麦克朗", "丹麦克郎", "DKK"),
    "SEK": ("瑞典克朗", "瑞典克郎", "SEK"),
    "NOK": ("挪威克朗", "挪威克郎", "NOK"),
    "THB": ("泰国铢", "泰铢", "THB"),
    "MYR": ("马来西亚林吉特", "林吉特", "马币", "MYR"),
    "PHP": ("菲律宾比索", "PHP"),
    "INR": ("印度卢比", "INR"),
    "RUB": ("俄罗斯卢布", "卢布", "RUB"),
    "DEM": ("德国马克", "西德马克", "DEM"),
    "FRF": ("法国法郎", "FRF"),
    "ITL": ("意大利里拉", "ITL"),
    "NLG": ("荷兰盾", "NLG"),
    "BEF": ("比利时法郎", "BEF"),
    "ATS": ("奥地利先令", "ATS"),
    "ESP": ("西班牙比塞塔", "ESP"),
    "FIM": ("芬兰马克", "FIM"),
}
_ISO = {half_width(word): code for code, words in _CURRENCIES.items() for word in words}
_SCALES = {
    "": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6,
    "千万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_NO_WORDS = ("n/a", "na", "null", "none", "nan", "-", "--", "—", "——", "/", "\\", "*")
_MISSING = frozenset([*_NO_WORDS, "无", "暂无", "不详", "未知", "未填", "未公示", "未公开"])


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_SCALE = _any_of([scale for scale in _SCALES if scale])
_CURRENCY = _any_of(list(_ISO))
_DIGITS = re.compile(rf"({_NUMBER})({_SCALE})?", re.ASCII)
_LABEL = re.compile(r"^(?:注册|认缴|出资)(?:资本|资金|总额|额)?[:]?")
_BEFORE = re.compile(rf"^({_CURRENCY})[:]?", re.IGNORECASE)
_AFTER = re.compile(rf"^({_SCALE})?(元|圆)?({_CURRENCY})?(?:元|圆)?(?:整|正)?$", re.IGNORECASE)
_BLANKS = re.compile(r"[\s()\[\]【】]")
_PARTED = re.compile(r"(?<=[\d.,])[\s()\[\]【】]+(?=[\d.,])")  # 200(300)万: two numbers, not one
_NO_SUM = Decimal(10) ** 24  # no sum of money of this world
_LONGEST = 60  # characters; what is longer is not a sum of money


@dataclass(frozen=True, slots=True)
class Capital:
    """A capital in the currency's own unit (元, dollar …), exact.

    currency   ISO 4217
    flags      zero_stated: a zero somebody wrote; currency_assumed: none stated, taken as 人民币;
               implausible: above IMPLAUSIBLE
    """

    amount: Decimal
    currency: str
    flags: tuple[Flag, ...] = ()

    @property
    def is_foreign(self) -> bool:
        return self.currency != "CNY"


def read(text: str | None, *, unit: str = "") -> Capital | None:
    """Read “512.6万人民币”, “1,692.48(万元人民币)”, “240(万美元)”, “人民币壹佰万元整” …

    None when nothing is stated (empty, N/A, -). `unit` is what the column's header states, as
    万元; it counts only where the text is a bare number. “万” without a currency is 人民币 by
    assumption, and flagged; “元” is 人民币. Raises ValueRefused for everything else.
    """
    folded = half_width(text or "").replace("\ufeff", "").strip()
    if not folded or folded.lower() in _MISSING:
        return None
    if len(folded) > _LONGEST:
        raise _refused(folded[:20] + "…", 0)
    if parted := _PARTED.search(folded):
        raise _refused(folded, parted.start())
    plain = _LABEL.sub("", _BLANKS.sub("", folded))
    before = _BEFORE.match(plain)
    body = plain[before.end() :] if before else plain
    amount, rest = _number(body, folded)
    if not rest and not before and not body.endswith(tuple("百千万亿")):
        rest = _BLANKS.sub("", half_width(unit))
        if not rest:
            raise _no_unit(folded)
    return _capital(amount, before[1] if before else "", rest, folded)


def _number(body: str, whole: str) -> tuple[Decimal, str]:
    """The number at the start with its 万 and 亿, and what stands behind."""
    amount, end, last = Decimal(0), 0, 10**13
    while found := _DIGITS.match(body, end):
        scale = _SCALES[found[2] or ""]
        if scale >= last:
            raise _refused(whole, _place(whole, found[1]))
        amount += Decimal(found[1].replace(",", "")) * scale
        end, last = found.end(), scale
        if scale == 1:
            break
    if end:
        return amount, body[end:]
    spelled = chinese_number.at_start(body)
    if spelled is None:
        raise _refused(whole, 0)
    return Decimal(spelled[0]), body[spelled[1] :]


def _capital(amount: Decimal, before: str, rest: str, whole: str) -> Capital:
    found = _AFTER.match(rest)
    if found is None:
        raise _unknown_rest(rest, whole)
    scale, yuan, after = found.groups()
    stated = [_ISO[word] for word in (before.upper(), (after or "").upper()) if word]
    if len(set(stated)) > 1:
        raise _two_currencies(whole)
    currency = stated[0] if stated else "CNY"
    amount = amount * _SCALES[scale or ""]
    if amount >= _NO_SUM:
        raise _refused(whole, 0)
    flags: list[Flag] = []
    if amount == 0:
        flags.append("zero_stated")
    if not stated and not yuan:
        flags.append("currency_assumed")
    if amount > IMPLAUSIBLE:
        flags.append("implausible")
    return Capital(_plain(amount), currency, tuple(flags))


def _plain(amount: Decimal) -> Decimal:
    """Without the zeros behind the point, and never as 1E+7."""
    whole = amount.to_integral_value()
    return whole if whole == amount else amount.normalize()


def _place(whole: str, part: str) -> int:
    return max(whole.find(part), 0)


def _refused(whole: str, position: int) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"“{whole}”不是可读的注册资本", en=f"“{whole}” is no readable capital"),
        Text(
            zh="写成数字加单位和币种，如 512.6万元人民币、240万美元；没有就留空",
            en="Write a number, unit and currency: 512.6万元人民币, 240万美元; or leave it empty.",
        ),
        position,
    )


def _no_unit(whole: str) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"“{whole}”没有单位，不知是元还是万元", en=f"“{whole}” has no unit: 元 or 万元?"),
        Text(
            zh="写上单位，如 512.6万元；或在表头注明，如 注册资本（万元）",
            en="Write the unit, as 512.6万元, or state it in the header: 注册资本（万元）.",
        ),
        len(whole),
    )


def _unknown_rest(rest: str, whole: str) -> ValueRefused:
    close = nearest(rest, _currency_names(), 2)
    near = "、".join(close)
    return ValueRefused(
        Text(
            zh=f"“{whole}”中的单位或币种“{rest}”读不懂",
            en=f"“{whole}”: no such unit or currency: “{rest}”",
        ),
        Text(
            zh=f"是否想写：{near}" if close else "写成 万元人民币、万美元、元 的样子",
            en=f"Did you mean: {near}?" if close else "Write it as 万元人民币, 万美元 or 元.",
        ),
        _place(whole, rest),
    )


def _two_currencies(whole: str) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"“{whole}”写了两种币种", en=f"“{whole}” states two currencies"),
        Text(zh="只留实际的币种", en="Keep the one that is meant."),
        0,
    )


@functools.cache
def _currency_names() -> tuple[str, ...]:
    return tuple(f"万{words[0]}" for words in _CURRENCIES.values())
