"""What an enterprise declares: read in its unit, laid over the known, marked where it counts."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.errors import RunRefused
from cityforge.brain.policies.check_up import declared
from cityforge.brain.policies.check_up.check_up import CheckUp, check_up
from cityforge.brain.policies.prepared import prepare
from cityforge.brain.rules.row import Row, completed

DAY = date(2026, 3, 1)
POLICY = """\
id: {id}
title: {id}
title_en: {id}
level: city
office: 市经信局
delivery: automatic
versions:
  - from: 2025-01-01
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions: {{id: it, says: 条件, expr: "{when}"}}
    benefit: {{kind: award, says: 奖, says_en: award, amount: "{amount}"}}
"""
FACTS: dict[str, object] = {
    "revenue": Decimal(4000),
    "rd_expense": None,
    "land_owned": None,
    "employees": Decimal(50),
}


def _policies(**policies: tuple[str, str]) -> dict[str, str]:
    return {
        name: POLICY.format(id=name, when=when, amount=amount)
        for name, (when, amount) in policies.items()
    }


def _found(load, *answers: str, facts: dict[str, object] = FACTS, **policies) -> CheckUp:
    city, book = load(**_policies(**policies))
    row = completed(book, facts, day=DAY, parameters={})
    heard = [declared.read(city, book, text) for text in answers]
    return check_up(prepare(city, book, day=DAY), row, (), answers=heard)


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("revenue=500万元", "revenue", Decimal(500)),
        ("营业收入 = 0.5亿元", "revenue", Decimal(5000)),
        ("revenue[-1]=1,200万元", "revenue[-1]", Decimal(1200)),
        ("land_owned=20亩", "land_owned", Decimal(40000) / 3),
        ("employees=12人", "employees", Decimal(12)),
        ("above_scale=是", "above_scale", True),
        ("above_scale=false", "above_scale", False),
        ("registered_on=2024-01-31", "registered_on", date(2024, 1, 31)),
        ("status=在业", "status", "在业"),
        ("holds('green_factory_provincial')=true", "register:green_factory_provincial", True),
        ("green_factory_provincial=true", "register:green_factory_provincial", True),
        ("register:green_factory_provincial=否", "register:green_factory_provincial", False),
        ("first:green_factory_provincial=2025-10-20", "first:green_factory_provincial",
         date(2025, 10, 20)),
    ],
)  # fmt: skip
def test_an_answer_is_read_in_the_unit_of_its_fact(load, text, column, value) -> None:
    city, book = load()
    answer = declared.read(city, book, text)
    assert answer.column == column
    if isinstance(value, Decimal) and value != value.to_integral_value():
        assert abs(Decimal(str(answer.value)) - value) < Decimal("0.01")
    else:
        assert answer.value == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("revenue", "缺少“=”"),
        ("=500万元", "缺少“=”"),
        ("turnover=500万元", "turnover"),
        ("revenue=500亩", "“营业收入”以万元计；写作 营业收入=500万元"),
        ("revenue=500", "写作 营业收入=500万元"),
        ("employees=80", "“从业人数”以人计；写作 从业人数=80人"),
        ("revenue=很多", "很多"),
        ("revenue=-1万元", "应不低于 0 万元"),
        ("revenue + 1万元=2万元", "不是一项事实"),
        ("above_scale=perhaps", "应为是或否"),
        ("registered_on=2024-13-01", "2024-13-01"),
        ("status=不详", "可选：存续"),
        ("holds('no_such')=true", "no_such"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(load, text, said) -> None:
    city, book = load()
    with pytest.raises(RunRefused) as refused:
        declared.read(city, book, text)
    assert said in refused.value.text.zh
    assert "；" in refused.value.text.zh


def test_what_rests_on_an_answer_is_provisional(load) -> None:
    found = _found(
        load,
        "rd_expense=100万元",
        research=("rd_expense / revenue >= 2%", "30万元"),
        staff=("employees >= 10人", "5万元"),
    )
    by_id = {result.prepared.id: result for result in found.eligible}
    assert by_id["research"].declared == ("rd_expense",)
    assert by_id["research"].provisional
    assert not by_id["staff"].provisional


def test_an_answer_that_is_read_but_decides_nothing_leaves_it_final(load) -> None:
    found = _found(
        load, "rd_expense=1万元", either=("employees >= 10人 or rd_expense >= 1亿元", "5万元")
    )
    (result,) = found.eligible
    assert result.declared == ()


def test_an_answer_that_only_drives_the_amount_makes_it_provisional(load) -> None:
    found = _found(
        load, "rd_expense=100万元", half=("employees >= 10人", "least(50% * rd_expense, 80万元)")
    )
    (result,) = found.eligible
    assert result.money == 50_000_000
    assert result.declared == ("rd_expense",)


def test_of_two_answers_either_of_which_would_do_both_are_named(load) -> None:
    found = _found(
        load,
        "rd_expense=100万元",
        "energy=5tce",
        either=("rd_expense >= 1万元 or energy <= 9tce", "5万元"),
    )
    (result,) = found.eligible
    assert set(result.declared) == {"rd_expense", "energy"}


def test_derived_facts_are_worked_out_anew(load) -> None:
    found = _found(load, "land_owned=20亩", land=("land_mu >= 15亩", "5万元"))
    (result,) = found.eligible
    assert result.declared == ("land_owned",)
    assert abs(Decimal(str(result.row.values["land_mu"])) - 20) < Decimal("0.01")


def test_who_holds_a_title_was_recognised_and_who_never_was_holds_none(load) -> None:
    city, book = load()
    row = Row({}, DAY)
    held = declared.laid(row, [declared.read(city, book, "green_factory_provincial=true")])
    assert held.values["ever:green_factory_provincial"] is True
    never = declared.laid(row, [declared.read(city, book, "ever:green_factory_provincial=false")])
    assert never.values["register:green_factory_provincial"] is False
    known = Row({"ever:green_factory_provincial": False}, DAY)
    kept = declared.laid(known, [declared.read(city, book, "green_factory_provincial=true")])
    assert kept.values["ever:green_factory_provincial"] is False


def test_an_answer_of_a_year_fills_its_own_year_of_an_older_table(load) -> None:
    city, book = load()
    answers = [
        declared.read(city, book, text)
        for text in ("revenue=1万元", "revenue[-1]=2万元", "revenue[-2]=3万元", "status=在业")
    ]
    older = declared.laid(Row({}, DAY), answers, back=1)
    assert older.values == {
        "revenue": Decimal(2),
        "revenue[-1]": Decimal(3),
        "status": "在业",
    }


def test_a_policy_of_an_earlier_year_hears_the_answer_of_that_year(load) -> None:
    city, book = load(**_policies(old=("revenue >= 100万元", "5万元")))
    newest = completed(book, {"revenue": Decimal(1)}, day=DAY, parameters={})
    older = completed(book, {"revenue": None}, day=DAY, parameters={})
    for text, truth in (("revenue=500万元", None), ("revenue[-1]=500万元", True)):
        found = check_up(
            prepare(city, book, day=DAY),
            newest,
            (),
            answers=[declared.read(city, book, text)],
            earlier={1: older},
            years_back={"old": 1},
        )
        (result,) = found.results
        assert result.finding.truth is truth
        assert result.declared == (("revenue[-1]",) if truth else ())
