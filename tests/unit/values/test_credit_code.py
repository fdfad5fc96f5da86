"""Unified social credit codes and the old registration numbers."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import credit_code
from cityforge.brain.values.credit_code import CreditCode, OldRegistrationNumber

GOOD = [
    "91320411MADHPW667C",
    "91321282MADFA8E42T",
    "91321012MACUDXAE5Q",
    "91320412MACUC3CG71",
    "11341622003178357Q",
    "91350100M000100Y43",
    "91110000600037341L",
]


@pytest.mark.parametrize("code", GOOD)
def test_published_codes_pass_both_checks(code: str) -> None:
    parsed = credit_code.parse(code)
    assert isinstance(parsed, CreditCode)
    assert parsed.is_subject_sound
    assert credit_code.check_digit(code[:17]) == code[17]
    assert credit_code.organisation_check(code[8:16]) == code[16]
    assert credit_code.is_valid(code)


def test_the_parts_are_named() -> None:
    code = credit_code.parse("91321282MADFA8E42T")
    assert isinstance(code, CreditCode)
    assert (code.department, code.department_name.zh) == ("9", "市场监管")
    assert (code.category, code.category_name.zh) == ("1", "企业")
    assert (code.region, code.subject, code.check) == ("321282", "MADFA8E42", "T")


@pytest.mark.parametrize(
    "text",
    [
        " 91321282madfa8e42t\n",
        "91321282-MADFA8E4-2-T",
        "９１３２１２８２ＭＡＤＦＡ８Ｅ４２Ｔ",
        "9132 1282 MADF A8E4 2T",
        "91321282MADFA8E42T\u3000",
    ],
)
def test_usual_spellings_fold_to_one(text: str) -> None:
    assert str(credit_code.parse(text)) == "91321282MADFA8E42T"


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("9132I282MADFA8E42T", 4, "“1”"),
        ("9132O282MADFA8E42T", 4, "“0”"),
        ("91321282MADFA8E4ZT", 16, "“2”"),
        ("91 321282MADFA8E4ST", 17, "“5”"),
        ("91321282MADFA8E42Ť", 17, "只用数字和大写字母"),
        ("9132128AMADFA8E42T", 7, "第8个字符“A”应为数字"),
        ("91321282MADFA8E42U", 17, "算得“T”"),
        ("91321282MADFA8E42", None, "有17位"),
        ("91321282MADFA8E42T1", None, "有19位"),
        ("3212831108014", None, "有13位"),
        ("", None, "有0位"),
    ],
)
def test_a_bad_code_says_which_character_and_why(
    text: str, position: int | None, said: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        credit_code.parse(text)
    assert refused.value.position == position
    assert said in refused.value.what.zh + refused.value.hint.zh
    assert not credit_code.is_valid(text)


def test_an_old_number_is_kept_apart_and_its_check_reported() -> None:
    # The last digit by ISO 7064 MOD 11,10 over the fourteen before it.
    sound = credit_code.parse("110108000000016")
    assert sound == OldRegistrationNumber("110108000000016")
    assert (sound.region, sound.is_sound) == ("110108", True)
    unsound = credit_code.parse("110108000000017")
    assert isinstance(unsound, OldRegistrationNumber)
    assert unsound.is_sound is False
    assert not credit_code.is_valid("110108000000016")


def test_a_cooperatives_old_number_bears_no_check() -> None:
    number = credit_code.parse("321281na000085x")
    assert isinstance(number, OldRegistrationNumber)
    assert number.is_sound is None


@pytest.mark.shared
def test_the_real_register_of_5657(shared: Path) -> None:
    kinds: Counter[str] = Counter()
    with (shared / "data/enterprises/taizhou_registrations.csv").open(encoding="utf-8-sig") as f:
        for row in csv.DictReader(f):
            try:
                kinds[type(credit_code.parse(row["统一社会信用代码"])).__name__] += 1
            except ValueRefused:
                kinds["refused"] += 1
    assert kinds == {"CreditCode": 5364, "OldRegistrationNumber": 283, "refused": 10}
