"""Numbered headings in every style of official texts: 第一章, 一、, （一）, 1., 1.1, （1）, ①."""

import re
from dataclasses import dataclass

from cityforge.brain.plans.characters import fold

_CN = "一二三四五六七八九十百零〇两"
_CN_NUMBER = f"[{_CN}]{{1,5}}"

# Rank: how deep a style stands; a style never stands above one of a lower rank.
_STYLES: tuple[tuple[int, str, re.Pattern[str]], ...] = (
    (0, "part", re.compile(rf"第\s*({_CN_NUMBER}|\d{{1,3}})\s*(?:部分|篇|编|章)[\s:、.]*")),
    (1, "part2", re.compile(rf"第\s*({_CN_NUMBER}|\d{{1,3}})\s*节[\s:、.]*")),
    (2, "cn", re.compile(rf"({_CN_NUMBER})\s*(?:、|\.|(?<=[{_CN}])\s+(?=\S))\s*")),
    (3, "cn_bracket", re.compile(rf"\(\s*({_CN_NUMBER})\s*\)[、.]?\s*")),
    (3, "cn_half", re.compile(rf"({_CN_NUMBER})\)\s*")),
    (4, "article", re.compile(rf"第\s*({_CN_NUMBER}|\d{{1,3}})\s*条[\s:、.]*")),
    (4, "task", re.compile(rf"(?:任务|行动|工程|举措|措施)({_CN_NUMBER}|\d{{1,2}})\s*[:、]\s*")),
    (7, "decimal3", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2})\.?\s*(?=[^\d\s.%])")),
    (6, "decimal2", re.compile(r"(\d{1,2}\.\d{1,2})\.?(?:\s+(?=[^\d\s%])|(?=[一-鿿](?![\d%])))")),
    (5, "arabic", re.compile(r"(\d{1,3})\s*(?:[.、]\s*(?=[^\d\s]))")),
    (7, "arabic_bracket", re.compile(r"\(\s*(\d{1,3})\s*\)[、.]?\s*")),
    (7, "arabic_half", re.compile(r"(\d{1,3})\)\s*[、.]?\s*")),
    (8, "circle", re.compile(r"([①-⑳㉑-㉟])\s*[、.]?\s*")),
)
_NOT_DECIMAL = re.compile(
    r"\d{1,2}\.\d{1,2}\s*(?:万|亿|千|百|倍|元|个|家|%|左右|以上|以下|吨|件|成)"
)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number that a line opens with: its style, rank, label as printed, value, length."""

    style: str
    rank: int
    label: str
    value: int
    length: int


_ORDINAL = re.compile(rf"({_CN_NUMBER})是(?!否)[，、:]?\s*")


def numbering(line: str, *, ordinals: bool = False) -> Numbering | None:
    """The number that opens `line`, or None. “2.8%左右” and “2025年” open with none.

    `ordinals`: 一是, 二是 number too, as they do in texts that have no other numbers.
    """
    found = _ORDINAL.match(fold(line[:12])) if ordinals else None
    if found:
        value = chinese_integer(found.group(1)) or 0
        return Numbering("ordinal", 8, found.group(1), value, found.end())
    folded = fold(line[:40])
    lead = len(folded) - len(folded.lstrip())
    body = folded[lead:]
    if not body or body[0] not in _OPENERS:
        return None
    for rank, style, pattern in _STYLES:
        found = pattern.match(body)
        if found is None:
            continue
        if style.startswith("decimal") and _NOT_DECIMAL.match(body):
            return None
        label = line[lead : lead + found.end()].strip()
        value = _value(found.group(1))
        if style == "arabic" and value > 300:
            return None
        return Numbering(style, rank, label, value, lead + found.end())
    return None


_OPENERS = frozenset(
    f"{_CN}第(0123456789任行工举措①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟"
)


def _value(text: str) -> int:
    if text[0].isascii():
        return int(text.rsplit(".", 1)[-1])
    if "①" <= text[0] <= "⑳":
        return ord(text[0]) - ord("①") + 1
    if "㉑" <= text[0] <= "㉟":
        return ord(text[0]) - ord("㉑") + 21
    return chinese_integer(text) or 0


_DIGITS = {letter: i for i, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def chinese_integer(text: str) -> int | None:
    """“二十三” → 23, “两千” → 2000, “十” → 10; None where it is no number below 10,000."""
    total, digit, seen = 0, 0, False
    for letter in text:
        if letter in _DIGITS:
            digit, seen = _DIGITS[letter], True
        elif letter in _PLACES:
            total += (digit or (0 if seen and digit == 0 and total else 1)) * _PLACES[letter]
            digit, seen = 0, True
        else:
            return None
    return total + digit if seen else None
