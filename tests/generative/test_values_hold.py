"""Properties of values over generated input: checks, exact conversion, inverses, no crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import credit_code, industry, period, quantity, region
from cityforge.brain.values.period import Period
from cityforge.brain.values.quantity import Quantity, match_prefix, unit, units

UNITS = [known.unit for known in units()]
LETTERS = st.sampled_from(credit_code.CHARACTERS)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    subject = "".join(draw(st.lists(LETTERS, min_size=8, max_size=8)))
    first = (
        draw(st.sampled_from("159Y"))
        + draw(st.sampled_from("1239"))
        + draw(st.from_regex(r"[1-6][0-9]{5}", fullmatch=True))
        + subject
        + credit_code.organisation_check(subject)
    )
    return first + credit_code.check_digit(first)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    kind, last = draw(
        st.sampled_from(
            [("year", 1), ("half", 2), ("quarter", 4), ("month", 12), ("cumulative", 12)]
        )
    )
    first = 2 if kind == "cumulative" else 1
    return Period(kind, draw(st.integers(1950, 2150)), draw(st.integers(first, last)))


@settings(max_examples=300)
@given(credit_codes())
def test_a_well_made_code_parses_to_itself(code: str) -> None:
    parsed = credit_code.parse(code)
    assert str(parsed) == code
    assert isinstance(parsed, credit_code.CreditCode)
    assert parsed.is_subject_sound


@settings(max_examples=300)
@given(credit_codes(), st.integers(0, 17), LETTERS)
def test_one_flipped_character_is_refused(code: str, place: int, other: str) -> None:
    flipped = code[:place] + other + code[place + 1 :]
    assert credit_code.is_valid(flipped) == (flipped == code)


@settings(max_examples=300)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.data())
def test_conversion_there_and_back_is_exact(number: object, data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(UNITS))
    second = data.draw(st.sampled_from([other for other in UNITS if other.is_like(first)]))
    amount = Quantity(number, first)  # type: ignore[arg-type]
    assert amount.to(second).to(first).value == amount.value
    assert amount.to(second) == amount
    assert Quantity.parse(str(amount)) == amount


@settings(max_examples=300)
@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_compounds_read_back_and_divide_out(a: object, b: object, c: object) -> None:
    assert isinstance(a, quantity.Unit)
    assert isinstance(b, quantity.Unit)
    assert isinstance(c, quantity.Unit)
    compound = a / b * c
    again = unit(compound.symbol)
    assert (again.dimension, again.factor) == (compound.dimension, compound.factor)
    whole = compound * b / c
    assert (whole.dimension, whole.factor) == (a.dimension, a.factor)


@settings(max_examples=200)
@given(st.sampled_from(UNITS), st.integers(0, 10**9))
def test_a_literal_is_found_whole_before_a_space(known: object, number: int) -> None:
    text = f"{number}{known} and"
    assert match_prefix(text, len(str(number))) == str(known)


@settings(max_examples=300)
@given(periods())
def test_periods_have_inverses_and_names_that_read_back(one: Period) -> None:
    assert one.previous().next() == one.next().previous() == one
    assert one.previous() < one < one.next()
    assert period.parse(one.iso) == period.parse(one.zh) == one
    assert one.contains(one.start)
    assert one.contains(one.end)
    assert len(one.months) == one.end.month - one.start.month + 1


PIECES = "0123456789年月季度上下半前第一三HQ.-—/·%万亿元亩吨CXO人()（）,　 \n８Ａ²İٱ𠮷"
NOISE = st.one_of(st.text(max_size=40), st.text(alphabet=PIECES, max_size=40))


@settings(max_examples=500)
@given(NOISE, st.sampled_from(["code", "period", "quantity", "unit", "industry", "region"]))
def test_noise_is_read_or_refused_in_both_languages(text: str, kind: str) -> None:
    read = {
        "code": credit_code.parse,
        "period": period.parse,
        "quantity": Quantity.parse,
        "unit": unit,
        "industry": industry.get,
        "region": region.get,
    }[kind]
    try:
        read(text)
    except ValueRefused as refused:
        assert refused.what.zh
        assert refused.what.en
        assert refused.hint.zh
        assert refused.hint.en
        assert refused.position is None or 0 <= refused.position <= max(len(text), 9)


@settings(max_examples=300)
@given(NOISE, st.integers(0, 40))
def test_noise_never_breaks_the_reader_of_literals(text: str, start: int) -> None:
    found = match_prefix(text, start)
    if found is not None:
        assert text[start : start + len(found)] == found
        unit(found)


@pytest.mark.parametrize("text", ["1" * 10_000, "万元/" * 5_000, "年" * 10_000])
def test_very_long_text_is_refused_quickly(text: str) -> None:
    for read in (credit_code.parse, period.parse, Quantity.parse, unit, industry.get, region.get):
        with pytest.raises(ValueRefused):
            read(text)
