"""What `check.read` hands on: the kind and unit asked for, the names used, the grain allowed."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.engines import reference
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check, functions
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import PLAIN, unit


def money(symbol: str, grain: Grain) -> Type:
    return Type(Kind.EXACT, unit(symbol), precision=18, scale=2, grain=grain)


FACTS = {
    symbol.name: symbol
    for symbol in [
        Symbol("revenue", "营业收入", money("万元", Grain.ENTERPRISE_YEAR)),
        Symbol("fee", "费用", money("元", Grain.ENTERPRISE)),
        Symbol("exports", "出口额", money("亿元", Grain.PLACE_PERIOD)),
        Symbol("one", "同名", money("元", Grain.ENTERPRISE)),
        Symbol("two", "同名", money("元", Grain.ENTERPRISE)),
    ]
}
PARAMETERS = {"base": Symbol("base", "基准", money("元", Grain.NONE))}
SCOPE = Scope(FACTS, PARAMETERS, {"high_tech": "high_tech", "高新技术企业": "high_tech"})


def value(typed: check.Typed, **facts: Decimal) -> object:
    return reference.evaluate(typed, facts, as_of=date(2025, 9, 30))


def refusal(text: str, **asked: object) -> str:
    with pytest.raises(ProblemsFound) as refused:
        check.read(text, SCOPE, **asked)  # type: ignore[arg-type]
    return " ".join(f"{p.column} {p.what.en}" for p in refused.value.problems)


def test_the_result_comes_in_the_unit_asked_for() -> None:
    typed = check.read("revenue + fee", SCOPE, unit=unit("万元"))
    assert typed.type.unit == unit("万元")
    assert value(typed, revenue=Decimal("1.50"), fee=Decimal("12.34")) == Decimal("1.501234")


def test_a_unit_without_end_in_decimals_gives_a_double() -> None:
    area = Scope({"a": Symbol("a", "a", Type(Kind.EXACT, unit("亩"), 9, 2))}, {}, {})
    typed = check.read("a", area, unit=unit("公顷"))
    assert typed.type.kind is Kind.DOUBLE
    assert value(typed, a=Decimal(30)) == 2.0


def test_a_quotient_of_unlike_scales_comes_as_a_plain_number() -> None:
    typed = check.read("fee / revenue", SCOPE, expect=Kind.DOUBLE, unit=PLAIN)
    assert value(typed, fee=Decimal(300), revenue=Decimal(1)) == 0.03


def test_an_exact_number_serves_where_a_double_is_asked_for() -> None:
    typed = check.read("revenue", SCOPE, expect=Kind.DOUBLE)
    assert (typed.type.kind, value(typed, revenue=Decimal("0.10"))) == (Kind.DOUBLE, 0.1)


@pytest.mark.parametrize(
    ("text", "asked", "says"),
    [
        ("revenue", {"unit": unit("亩")}, "1 wrong unit: needs 亩, the expression gives 万元"),
        ("revenue / fee", {"expect": Kind.EXACT}, "1 needs an exact number, gets a double"),
        ("revenue", {"expect": Kind.BOOL}, "1 needs a condition (true or false), gets a number"),
        ("revenue > fee", {"unit": unit("元")}, "1 needs a number, gets a condition"),
        ("'C26'", {"expect": Kind.DATE}, "1 needs a date, gets a text"),
        ("同名 > 0", {}, "1 no such fact: 同名"),
        ("revenue > exports", {}, "9 facts of an enterprise's year and of a place's period"),
        ("fee * exports > 0", {}, "5 facts of an enterprise and of a place's period"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, asked: dict[str, object], says: str) -> None:
    assert refusal(text, **asked).startswith(says)


def test_grain_is_the_widest_of_the_parts() -> None:
    assert check.read("revenue > fee", SCOPE).type.grain is Grain.ENTERPRISE_YEAR
    assert check.read("fee > p.base", SCOPE).type.grain is Grain.ENTERPRISE
    assert check.read("p.base > 1元", SCOPE).type.grain is Grain.NONE
    assert check.read("exports > 1元", SCOPE).type.grain is Grain.PLACE_PERIOD
    assert check.read("holds('高新技术企业')", SCOPE).type.grain is Grain.ENTERPRISE


def test_a_scope_may_narrow_the_grain() -> None:
    narrow = Scope(FACTS, PARAMETERS, {}, grain=Grain.ENTERPRISE)
    assert check.read("fee > p.base", narrow).type.grain is Grain.ENTERPRISE
    with pytest.raises(ProblemsFound):
        check.read("fee > p.base or revenue > fee", narrow)


def test_names_parameters_and_registers_are_ids() -> None:
    typed = check.read("营业收入 > fee + p.base and holds('高新技术企业')", SCOPE)
    assert check.names(typed) == {"revenue", "fee"}
    assert check.parameters(typed) == {"base"}
    assert check.registers(typed) == {"high_tech"}
    assert check.names_in("营业收入 > fee + p.base") == {"营业收入", "fee"}


def test_equal_expressions_are_equal_wherever_they_stand() -> None:
    assert parse("fee>1元") == parse("  fee  >  1元")
    assert check.read("营业收入 > 1亿元", SCOPE) == check.read("revenue > 10000万元", SCOPE)
    assert check.read("revenue > 1万元", SCOPE) != check.read("revenue >= 1万元", SCOPE)


def test_a_span_covers_its_part_of_the_text() -> None:
    text = "fee > 1元 and\n  not fee in (2元, 3元)"
    span = parse(text).children()[1].span
    assert text[span.start : span.end] == "not fee in (2元, 3元)"
    assert (span.line, span.column) == (2, 3)


def test_only_coalesce_may_turn_a_known_answer() -> None:
    turning = {name for name, known in functions.FUNCTIONS.items() if not known.is_monotone}
    assert turning == {"coalesce"}


def test_the_signature_of_each_function_names_it() -> None:
    for name, known in functions.FUNCTIONS.items():
        assert known.signature.startswith(f"{name}(")
        assert known.meaning.zh
        assert known.meaning.en
