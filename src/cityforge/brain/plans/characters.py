"""Characters of official texts: one fold for matching that keeps every position, and brackets."""

import re
import unicodedata

from cityforge.brain.values.spelling import half_width

_SAME_LENGTH = str.maketrans(
    {
        "〔": "(", "〕": ")", "【": "(", "】": ")", "［": "(", "］": ")", "[": "(", "]": ")",
        "﹝": "(", "﹞": ")", "「": "“", "」": "”", "『": "“", "』": "”", "〝": "“", "〞": "”",
        "—": "-", "–": "-", "－": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "─": "-", "～": "~",
        "〜": "~", "∼": "~", "﹪": "%", "﹥": ">", "﹤": "<", "≧": "≥", "≦": "≤", "⩾": "≥",
        "⩽": "≤",
        "╱": "/", "∕": "/", "⁄": "/", "•": "·", "・": "·", "﹣": "-", "﹢": "+", "．": ".",
        "｡": "。", "､": "、", "﹑": "、", "﹒": ".", "﹔": ";", "﹕": ":",
    }
)  # fmt: skip
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_CJK = "⺀-⿟㐀-䶿一-鿿豈-﫿"
_RADICALS = re.compile("[⺀-⿟豈-﫿ﬁ-ﬆ]")
_PUNCTUATION = "、。，；：！？（）〔〕【】《》“”‘’…—·％／"
_SPACE = r"[ \t\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]"
_SPACES = re.compile(rf"{_SPACE}+")
_WIDE = re.compile(f"[{_CJK}{_PUNCTUATION}]")


def fold(text: str) -> str:
    """`text` for matching, same length: half-width, one kind of bracket, dash and comma.

    A comma that separates thousands (1,000) stays; every other one becomes the full-width ，.
    """
    folded = half_width(text).translate(_SAME_LENGTH)
    return _COMMA.sub("，", folded)


# Radicals that fonts of PDF files put for letters and that Unicode does not fold by itself.
_RADICAL_LETTERS = str.maketrans(
    "⺠⻓⻔⻋⻅⻆⻉⻚⻛⻜⻢⻥⻦⻨⻩⻬⻰⻘⻄⻝⻣⻤⻮⻁⻳⻧⻪⻫⻭⻯⻱⻲⺁⺄⻞⻟⻠⻡⻙⻇⻈⻐⻑⻒⻌⻍⻎⻏⻖⺮⺶⺷⺸⺼⺾⺿⻀⺩⺪⺫⺬⺭⺨⺧⺣⺤⺥⺡⺢⺗⺖⺘⺙⺅⺈⺉",
    "民长门车见角贝页风飞马鱼鸟麦黄齐龙青西食骨鬼齿虎龟卤齐齐齿龙龟龟厂乙食食食食韦角讠钅长镸辶辶辶阝阝竹羊羊羊月艹艹艹王疋罒示礻犭牛灬爫爫氵氺忄忄扌攵亻勹刂",
)


def plain(text: str) -> str:
    """`text` as a person would type it: PDF radicals made letters, layout spaces removed."""
    text = _RADICALS.sub(_letter_of, text)
    text = text.replace("\ufeff", "").replace("\u200b", "")
    return _SPACES.sub(_needed_space, text).strip()


def _letter_of(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group()).translate(_RADICAL_LETTERS)


def _needed_space(found: re.Match[str]) -> str:
    """The space stays between Latin words and numbers only."""
    text = found.string
    before, after = (
        text[max(0, found.start() - 1) : found.start()],
        text[found.end() : found.end() + 1],
    )
    wide = _WIDE.match(before) or _WIDE.match(after) or after == "%"
    return "" if wide else found.group()


def tight(text: str) -> str:
    """`text` folded and without any white space, for comparing."""
    return re.sub(r"\s+", "", fold(text))


def width(text: str) -> float:
    """How wide a line stands, in Chinese characters."""
    return sum(0.5 if ord(letter) < 0x2000 else 1.0 for letter in text)


def depths(folded: str) -> list[int]:
    """How deep in brackets and quotes each character stands; unbalanced ones end at 400 letters."""
    found = [0] * len(folded)
    for start, end in pairs(folded):
        for i in range(start, end + 1):
            found[i] += 1
    return found


_OPEN = {"(": ")", "“": "”", "《": "》", "‘": "’"}
_CLOSE = set(_OPEN.values())
_LONGEST_BRACKET = 400
_MOST_OPEN = 12


def pairs(folded: str) -> list[tuple[int, int]]:
    """The brackets and quotes that close: positions of both ends, in the order they close."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[int, str]] = []
    for i, letter in enumerate(folded):
        if letter in _OPEN:
            waiting = [*waiting[-_MOST_OPEN:], (i, _OPEN[letter])]
        elif letter in _CLOSE:
            for k in range(len(waiting) - 1, -1, -1):
                if waiting[k][1] == letter:
                    start = waiting[k][0]
                    if i - start <= _LONGEST_BRACKET:
                        found.append((start, i))
                    del waiting[k:]
                    break
    return found
