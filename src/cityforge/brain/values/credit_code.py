"""The unified social credit code (GB 32100-2015) and the 15-digit registration number before it.

Eighteen characters: registering department, kind of body, region of registration (6), subject
number (9, the organisation code of GB 11714 with its own check) and check character. The old
number (GS 15-2006) is recognised and kept apart: it is history, not a malformed code.
"""

import re
from dataclasses import dataclass

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values.spelling import half_width

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a code, each worth its place; I O S V Z are not used."""

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_SUBJECT_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SUBJECT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_OLD_NUMBER = re.compile(r"\d{15}|\d{6}N[A-Z]\d{6}[\dX]", re.ASCII)  # NA, NB: cooperatives
_LOOK_ALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
_IGNORED = frozenset(" \t\r\n\u00a0\ufeff-‐‑–—－")

# GB 32100-2015 and the departments added since; handbook names, the English is ours.
_DEPARTMENTS = {
    "1": Text(zh="机构编制", en="public institutions"),
    "2": Text(zh="外交", en="foreign affairs"),
    "3": Text(zh="司法行政", en="justice"),
    "4": Text(zh="文化", en="culture"),
    "5": Text(zh="民政", en="civil affairs"),
    "6": Text(zh="旅游", en="tourism"),
    "7": Text(zh="宗教", en="religion"),
    "8": Text(zh="工会", en="trade unions"),
    "9": Text(zh="市场监管", en="market regulation"),
    "A": Text(zh="中央军委改革和编制办公室", en="military organisation"),
    "N": Text(zh="农业", en="agriculture"),
    "Y": Text(zh="其他", en="other"),
}
_CATEGORIES = {
    "11": Text(zh="机关", en="government body"),
    "12": Text(zh="事业单位", en="public institution"),
    "13": Text(zh="编办直接管理的群众团体", en="mass organisation"),
    "19": Text(zh="其他", en="other"),
    "51": Text(zh="社会团体", en="association"),
    "52": Text(zh="民办非企业单位", en="private non-enterprise unit"),
    "53": Text(zh="基金会", en="foundation"),
    "59": Text(zh="其他", en="other"),
    "91": Text(zh="企业", en="enterprise"),
    "92": Text(zh="个体工商户", en="sole trader"),
    "93": Text(zh="农民专业合作社", en="farmers' cooperative"),
    "99": Text(zh="其他", en="other"),
    "Y1": Text(zh="其他", en="other"),
}
_UNNAMED = Text(zh="未列名", en="not listed")


@dataclass(frozen=True, slots=True, order=True)
class CreditCode:
    """One valid unified social credit code, in its plain spelling."""

    code: str

    @property
    def department(self) -> str:
        return self.code[0]

    @property
    def department_name(self) -> Text:
        return _DEPARTMENTS.get(self.department, _UNNAMED)

    @property
    def category(self) -> str:
        return self.code[1]

    @property
    def category_name(self) -> Text:
        return _CATEGORIES.get(self.code[:2], _UNNAMED)

    @property
    def region(self) -> str:
        """The six-digit region of registration; it may be a code since abolished."""
        return self.code[2:8]

    @property
    def subject(self) -> str:
        """The subject number: the nine characters of the organisation code."""
        return self.code[8:17]

    @property
    def check(self) -> str:
        return self.code[17]

    @property
    def is_subject_sound(self) -> bool:
        """Whether the organisation code inside bears its own check; some true codes do not."""
        return organisation_check(self.subject[:8]) == self.subject[8]

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, order=True)
class OldRegistrationNumber:
    """One 15-digit registration number of the years before 2015 (GS 15-2006)."""

    number: str

    @property
    def region(self) -> str:
        return self.number[:6]

    @property
    def is_sound(self) -> bool | None:
        """Whether the last digit is the ISO 7064 MOD 11,10 check of the rest.

        None for a cooperative's number (320100NA000085X), which bears no check.
        """
        if not self.number.isdigit():
            return None
        return _registration_check(self.number[:14]) == self.number[14]

    def __str__(self) -> str:
        return self.number


def parse(text: str) -> CreditCode | OldRegistrationNumber:
    """Reads a code or an old number; full-width letters, lower case, spaces, hyphens are folded.

    Raises ValueRefused naming the character (its position in `text`) and what it should be.
    """
    kept = [(place, c) for place, c in enumerate(half_width(text)) if c not in _IGNORED]
    places = [place for place, _ in kept]
    code = "".join(c.upper() if c.isascii() else c for _, c in kept)
    if _OLD_NUMBER.fullmatch(code):
        return OldRegistrationNumber(code)
    for place, character in zip(places, code, strict=True):
        if character not in CHARACTERS:
            raise _bad_character(character, place)
    if len(code) != 18:
        raise _bad_length(len(code))
    for place, character in zip(places[2:8], code[2:8], strict=True):
        if not character.isdigit():
            raise _bad_region(character, place)
    expected = check_digit(code[:17])
    if code[17] != expected:
        raise _bad_check(code[17], expected, places[17])
    return CreditCode(code)


def is_valid(text: str) -> bool:
    """Whether `text` is a unified social credit code; an old registration number is not one."""
    try:
        return isinstance(parse(text), CreditCode)
    except ValueRefused:
        return False


def check_digit(first17: str) -> str:
    """The 18th character for the first seventeen (GB 32100-2015, weights 3^i mod 31)."""
    total = sum(
        CHARACTERS.index(character) * weight
        for character, weight in zip(first17, _WEIGHTS, strict=True)
    )
    return CHARACTERS[-total % 31]


def organisation_check(first8: str) -> str:
    """The ninth character of an organisation code for the first eight (GB 11714, mod 11)."""
    total = sum(
        _SUBJECT_CHARACTERS.index(character) * weight
        for character, weight in zip(first8, _SUBJECT_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def _registration_check(first14: str) -> str:
    product = 10
    for digit in first14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _bad_character(character: str, place: int) -> ValueRefused:
    if character in _LOOK_ALIKES:
        like = _LOOK_ALIKES[character]
        hint = Text(zh=f"是否应为“{like}”？代码不用 I O S V Z", en=f"perhaps {like}? no I O S V Z")
    else:
        hint = Text(
            zh="只用数字和大写字母（I O S V Z 除外）", en="digits and letters but I O S V Z"
        )
    return ValueRefused(
        Text(
            zh=f"第{place + 1}个字符“{character}”不能出现在统一社会信用代码里",
            en=f"character {place + 1}, “{character}”, is not used in a unified social credit code",
        ),
        hint,
        place,
    )


def _bad_length(length: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"统一社会信用代码是18位，这里有{length}位",
            en=f"a unified social credit code has 18 characters, this has {length}",
        ),
        Text(
            zh="检查是否漏抄、多抄；旧注册号是15位",
            en="look for a character lost or added; an old number has 15",
        ),
    )


def _bad_region(character: str, place: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"第{place + 1}个字符“{character}”应为数字：第3—8位是行政区划代码",
            en=f"character {place + 1}, “{character}”, must be a digit: 3 to 8 are the region",
        ),
        Text(zh="对照营业执照核对", en="compare with the business licence"),
        place,
    )


def _bad_check(found: str, expected: str, place: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"校验码“{found}”不符，前17位算得“{expected}”",
            en=f"check character “{found}” does not fit: the first 17 give “{expected}”",
        ),
        Text(zh="18位中至少有一位抄错，请核对", en="at least one of the 18 is miscopied; compare"),
        place,
    )
