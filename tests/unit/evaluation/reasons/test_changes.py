"""What would change a grade, held against the statement itself: each change is evaluated again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cityforge.brain.city.scheme import Lever, Scheme
from cityforge.brain.city.scheme_scoring import PLACE
from cityforge.brain.engines.kernel.changing import Whole
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons import changes, held
from cityforge.brain.evaluation.reasons.changes import Change, Ways, ways
from cityforge.brain.evaluation.reasons.scorer import Scored, Scorer, column
from cityforge.brain.evaluation.reasons.standing import Standing

from .conftest import MOMENT, Pool

Trial = tuple[int, str, dict[str, Decimal]]  # its number, whose, the facts to put in


def test_the_scorer_gives_every_total_and_grade_of_the_statement(pool: Pool) -> None:
    scored = Scorer.of(pool.prepared, MOMENT, pool.rows, pool.facts).scored()
    assert np.array_equal(scored.totals, column(pool.rows, "total"))
    standing = Standing.of(pool.prepared, pool.rows)
    numbers = standing.numbers(scored.totals, scored.values, scored.limits)
    grades = [standing.grades[number - 1] for number in numbers]
    assert grades == pool.rows["grade"].to_pylist()
    assert len(set(grades)) == 4


def grades_after(pool: Pool, trials: Iterable[Trial]) -> dict[int, str]:
    """The grade of each enterprise with its facts changed alone, by the statement.

    Every trial gets a copy of the whole ranking group under a district of its own, so that many
    are evaluated at once and none is in another's way.
    """
    keep = held.table(pool.prepared, pool.rows)
    home = dict(zip(pool.rows["uscc"].to_pylist(), pool.rows["district"].to_pylist(), strict=True))
    copies, kept = [], []
    for number, uscc, changed in trials:
        inside = pc.equal(pool.facts["district"], home[uscc])
        for source, out in ((pool.facts, copies), (keep, kept)):
            mine = source.filter(inside)
            codes = pc.binary_join_element_wise(mine["uscc"], f"#{number}", "")
            if out is copies:
                at = mine["uscc"].to_pylist().index(uscc)
                mine = _put(mine, at, changed)
                where = mine.schema.get_field_index("district")
                mine = mine.set_column(where, "district", pa.array([f"d{number}"] * len(mine)))
            out.append(mine.set_column(0, "uscc", codes))
    found = pool.again(pa.concat_tables(copies), pa.concat_tables(kept))
    wanted = {f"{uscc}#{number}": number for number, uscc, _ in trials}
    return {wanted[row["uscc"]]: row["grade"] for row in found if row["uscc"] in wanted}


def _put(table: pa.Table, at: int, changed: dict[str, Decimal]) -> pa.Table:
    for name, value in changed.items():
        where = table.schema.get_field_index(name)
        values = table[name].to_pylist()
        values[at] = value
        table = table.set_column(where, name, pa.array(values, table.schema.field(name).type))
    return table


def less(change: Change, scale: int) -> Decimal:
    """The change less one percent of itself, at least one unit less."""
    unit = Decimal(1).scaleb(-scale)
    delta = change.after - change.before
    cut = max((abs(delta) / 100).quantize(unit), unit)
    return change.after - (cut if delta > 0 else -cut)


def scale_of(pool: Pool, fact: str) -> int:
    return int(pool.facts.schema.field(fact).type.scale)


def found_ways(pool: Pool) -> list[Ways]:
    return ways(pool.prepared, MOMENT, pool.rows, pool.facts)


def test_the_smallest_single_change_reaches_and_one_percent_less_does_not(pool: Pool) -> None:
    order = {grade: i for i, grade in enumerate("ABCD")}
    trials: list[Trial] = []
    targets: list[str] = []
    for way in found_ways(pool):
        for change in way.singles[:1]:
            assert way.target is not None
            for after in (change.after, less(change, scale_of(pool, change.fact))):
                trials.append((len(trials), way.uscc, {change.fact: after}))
                targets.append(way.target)
    assert len(trials) > 600
    got = grades_after(pool, trials)
    reached = [order[got[i]] <= order[target] for i, target in enumerate(targets)]
    assert all(reached[0::2])
    if not scored_by_place(pool):
        assert [trials[i] for i, here in enumerate(reached) if here and i % 2] == []


def test_the_smallest_set_reaches_and_one_step_less_does_not(pool: Pool) -> None:
    order = {grade: i for i, grade in enumerate("ABCD")}
    # So few may be changed by so little that single facts seldom suffice.
    narrow = pool.prepared.scheme.model_copy(update={"levers": _levers(pool, "25%")})
    prepared = _with(pool, narrow)
    found = [way for way in ways(prepared, MOMENT, pool.rows, pool.facts) if way.set_]
    assert found
    trials: list[Trial] = []
    for way in found[:60]:
        trials.append((len(trials), way.uscc, {c.fact: c.after for c in way.set_}))
        assert way.share is not None
        weaker = {c.fact: _weaker(c, way.share, scale_of(pool, c.fact)) for c in way.set_}
        trials.append((len(trials), way.uscc, weaker))
    got = grades_after(pool, trials)
    for i, way in enumerate(found[:60]):
        assert way.target is not None
        assert len(way.set_) >= 2
        assert order[got[2 * i]] <= order[way.target]
        if not scored_by_place(pool):
            assert order[got[2 * i + 1]] > order[way.target]


def scored_by_place(pool: Pool) -> bool:
    """Whoever passes others then takes points from them: less than is said may do, never more."""
    return any(PLACE in i.function.traits.needs for _, i in pool.prepared.of("tax"))


def _weaker(change: Change, share: Decimal, scale: int) -> Decimal:
    """The same change by a hundredth of a percent less."""
    unit = Decimal(1).scaleb(-scale)
    sign = 1 if change.after > change.before else -1
    return change.before + sign * (change.before * (share - Decimal("0.0001"))).quantize(unit)


def _levers(pool: Pool, by: str) -> list[Lever]:
    names = Scorer.of(pool.prepared, MOMENT, pool.rows, pool.facts).levers
    return [Lever(fact=name, by_at_most=by) for name in names]


def _with(pool: Pool, scheme: Scheme) -> Prepared:
    return replace(pool.prepared, scheme=scheme)


def test_who_has_no_way_lacks_facts_or_is_held_by_a_veto(pool: Pool) -> None:
    """Everybody below the best grade has a single fact, a set, or a reason why not."""
    for way in found_ways(pool):
        if way.target is None:
            assert way.grade == "A" and not way.singles and not way.set_
        elif way.blocked:
            assert way.blocked == "small"
        else:
            assert all(change.before != change.after for change in (*way.singles, *way.set_))
    assert {way.uscc for way in found_ways(pool)} == set(pool.rows["uscc"].to_pylist())


def test_few_are_told_what_all_are_told(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials of few enterprises are scored together; the answers are those of one by one."""
    codes = pool.rows["uscc"].to_pylist()[::7]
    asked = [codes[i : i + 9] for i in range(0, len(codes), 9)]
    together = [ways(pool.prepared, MOMENT, pool.rows, pool.facts, only=some) for some in asked]
    monkeypatch.setattr(changes, "FEW", 0)
    one_by_one = [ways(pool.prepared, MOMENT, pool.rows, pool.facts, only=some) for some in asked]
    assert together == one_by_one
    assert any(way.singles for some in together for way in some)


def test_one_enterprise_is_scored_a_few_times(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page waits for it: the trials of all facts, both ways, go together."""
    asked: list[int] = []
    scored = Scorer.scored

    def counted(self: Scorer, changed: Mapping[str, Whole] | None = None) -> Scored:
        asked.append(self.changing.frame.rows)
        return scored(self, changed)

    monkeypatch.setattr(Scorer, "scored", counted)
    found = next(way for way in found_ways(pool) if way.singles)
    asked.clear()
    ways(pool.prepared, MOMENT, pool.rows, pool.facts, only=[found.uscc])
    assert len(asked) <= 12 and max(asked) <= 1000
