"""Whole numbers in Chinese numerals, plain (三百五十万) and as on a cheque (叁佰伍拾万)."""

import re

_DIGITS = {c: n for n, cs in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆",
                                        "七柒", "八捌", "九玖")) for c in cs}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_RUN = re.compile(f"[{''.join([*_DIGITS, *_TENS, *_MYRIADS])}]+")


def at_start(text: str) -> tuple[int, int] | None:
    """The number that a text begins with, and its length; None when there is none, or no sense.

    Each place must be smaller than the one before: 三百五十 is read, 五十三百 is not.
    """
    run = _RUN.match(text)
    value = _value(run.group()) if run else None
    return None if run is None or value is None else (value, run.end())


def _value(run: str) -> int | None:
    total, section, digit = 0, 0, -1
    last_ten, last_myriad = 10**4, 10**9
    for c in run:
        if c in _DIGITS:
            if digit > 0:  # 二二: digits one after another are no number in words
                return None
            digit = _DIGITS[c]
        elif c in _TENS:
            # 十五 is fifteen; 百五 alone says nothing.
            if _TENS[c] >= last_ten or digit == 0 or (digit < 0 and _TENS[c] > 10):
                return None
            last_ten = _TENS[c]
            section += max(digit, 1) * last_ten
            digit = -1
        else:
            section += max(digit, 0)
            if _MYRIADS[c] >= last_myriad or section == 0:
                return None
            last_myriad = _MYRIADS[c]
            total += section * last_myriad
            section, digit, last_ten = 0, -1, 10**4
    return total + section + max(digit, 0)
