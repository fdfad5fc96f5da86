"""The candidate list is everyone entitled and not served; it shows no fact it may not."""

from decimal import Decimal

import pytest

from cityforge.brain.city.shapes import LegalUse, Sensitivity
from cityforge.brain.policies.candidates import listing
from cityforge.brain.policies.candidates.allowed import Allowed
from cityforge.brain.policies.candidates.listing import Candidates
from cityforge.brain.policies.fiscal import outcome
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row


def _found(town, name: str, upto: Sensitivity = Sensitivity.CONFIDENTIAL) -> Candidates:
    prepared = town.policies[name]
    decided = outcome.outcome(prepared, town.people)
    return listing.candidates(decided, town.people, Allowed(town.city, town.book, upto))


@pytest.mark.parametrize("name", ["research", "choice", "phased", "unpriced"])
def test_everyone_entitled_is_listed_most_money_first(town, name: str) -> None:
    found = _found(town, name)
    rows = [(paid, i) for i, (truth, paid) in enumerate(town.by_row(town.policies[name])) if truth]
    order = sorted((pair for pair in rows if pair[0] is not None), key=lambda p: (-p[0], p[1]))
    order += [pair for pair in rows if pair[0] is None]
    assert [(one.fen, one.row) for one in found.listed] == order
    assert found.total == sum(paid or 0 for paid, _ in rows)
    for one in found.listed:
        assert one.uscc == f"U{one.row:06}"
        assert one.name == f"企业{one.row}"


@pytest.mark.parametrize("name", ["research", "choice"])
def test_what_it_rests_on_is_every_clause_met(town, name: str) -> None:
    prepared, table = town.policies[name], town.people.table.to_pylist()
    for one in _found(town, name).listed[:40]:
        finding = judge(prepared.condition, Row(table[one.row], town.people.day))
        met = {leaf.condition.clause.id for leaf in finding.leaves if leaf.truth is True}
        unmet = {leaf.condition.clause.id for leaf in finding.leaves if leaf.truth is False}
        told = {each.condition.clause.id: each.holds for each in one.basis}
        # `green` stands under `none`: that it does not hold is what the candidate rests on.
        wanted = dict.fromkeys(met - {"green"}, True)
        assert told == wanted | dict.fromkeys(unmet & {"green"}, False)
        for each in one.basis:
            for fact in each.facts:
                assert fact.value == table[one.row][fact.column]


def test_confidential_facts_are_not_told(town) -> None:
    for one in _found(town, "research", Sensitivity.INTERNAL).listed:
        facts = [fact for each in one.basis for fact in each.facts] + list(one.priced_by)
        assert {fact.column for fact in facts} == {
            "above_scale", "rd_expense", "revenue", "employees",
        }  # fmt: skip
        assert all(fact.hidden and fact.value is None for fact in facts)
        assert (one.size, one.provisional) == (None, True)


def test_public_facts_are_told(town) -> None:
    one = _found(town, "choice", Sensitivity.PUBLIC).listed[0]
    facts = [fact for each in one.basis for fact in each.facts]
    register = [fact for fact in facts if fact.column == "register:green_factory_provincial"]
    assert [(fact.value, fact.hidden, fact.declared) for fact in register] == [
        (False, False, False)
    ]


def test_facts_for_description_only_are_never_told(town) -> None:
    allowed = Allowed(town.city, town.book, Sensitivity.SECRET)
    assert allowed.shows("revenue") and allowed.shows("revenue[-1]")
    fact = town.book.facts["revenue"]
    described = type(fact)(**{
        name: getattr(fact, name) for name in fact.__dataclass_fields__
    } | {"legal_use": frozenset({LegalUse.DESCRIBE})})  # fmt: skip
    town.book.facts["revenue"] = described
    try:
        assert not allowed.shows("revenue")
        assert allowed.known(["revenue"], {"revenue": Decimal(3)})[0].value is None
    finally:
        town.book.facts["revenue"] = fact


def test_size_and_industry_stand_beside(town) -> None:
    listed = _found(town, "phased").listed
    assert {one.industry for one in listed} >= {"26", "34", None}
    sizes = {one.size.name for one in listed if one.size is not None}
    assert sizes == {"LARGE", "MEDIUM", "SMALL", "MICRO"}


def test_who_holds_the_title_is_covered(town) -> None:
    found = _found(town, "titled")
    rows = town.by_row(town.policies["titled"])
    held = town.people.table["register:green_factory_provincial"].to_pylist()
    entitled = [i for i, (truth, _) in enumerate(rows) if truth]
    assert [one.row for one in found.listed] == [i for i in entitled if held[i] is not True]
    coverage = found.coverage
    assert (coverage.by, coverage.entitled) == ("title", len(entitled))
    assert coverage.served == sum(held[i] is True for i in entitled)
    assert coverage.not_told == sum(held[i] is None for i in entitled)
    assert coverage.others == sum(held[i] is True for i in range(400) if i not in entitled)
    told = coverage.entitled - coverage.not_told
    assert coverage.share == coverage.served / told
    assert 0 < coverage.served < coverage.entitled


def test_who_received_all_of_it_is_covered(town) -> None:
    found = _found(town, "topped")
    rows, table = town.by_row(town.policies["topped"]), town.people.table.to_pylist()
    entitled = [i for i, (truth, _) in enumerate(rows) if truth]
    full = [i for i in entitled if rows[i][1] == 0 and table[i]["rd_expense"] > 0]
    assert found.coverage.by == "received"
    assert found.coverage.served == len(full) > 0
    assert {one.row for one in found.listed} == set(entitled) - set(full)
    assert found.coverage.not_told == sum(table[i]["rd_expense"] is None for i in entitled)


def test_where_nothing_tells_there_is_no_coverage(town) -> None:
    coverage = _found(town, "phased").coverage
    assert (coverage.by, coverage.served, coverage.share) == (None, 0, None)


@pytest.mark.parametrize("name", ["research", "titled", "topped"])
def test_nobody_and_nothing_known(town, name: str) -> None:
    for table in (town.people.table.slice(0, 0), town.people.table.select(["uscc"])):
        found = _found(town.over(table), name)
        assert (found.listed, found.coverage.entitled, found.coverage.share) == ((), 0, None)
