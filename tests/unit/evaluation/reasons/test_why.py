"""Why a grade, and who is alike: against sums over the rows in plain Python."""

from statistics import fmean, median

import pytest

from cityforge.brain.evaluation.reasons.peers import peers, sizes
from cityforge.brain.evaluation.reasons.why import why

from .conftest import Pool


def test_the_reasons_of_every_tenth_enterprise(pool: Pool) -> None:
    rows = pool.rows.to_pylist()
    for row in rows[::10]:
        found = why(pool.prepared, pool.rows, row["uscc"])
        assert found is not None
        group = [other for other in rows if other["district"] == row["district"]]
        assert (found.grade, found.rank, found.ranked) == (row["grade"], row["rank"], len(group))
        for reason in found.indicators:
            name = reason.indicator.id
            down = reason.indicator.indicator.direction == "down"
            values = [other[f"value_{name}"] for other in group]
            known = [value for value in values if value is not None]
            points = [other[f"points_{name}"] for other in group]
            given = [point for point in points if point is not None]
            assert reason.value == row[f"value_{name}"]
            assert reason.count == len(known)
            assert reason.average == pytest.approx(fmean(given))
            assert reason.spread[2] == pytest.approx(median(known))
            if reason.value is not None:
                better = [v for v in known if (v < reason.value if down else v > reason.value)]
                assert reason.place == 1 + len(better)
        lost = [reason.lost for reason in found.weakest]
        assert lost == sorted(lost, reverse=True)
        better_totals = [o["total"] for o in group if o["grade"] < row["grade"]]
        assert found.before == (min(better_totals) if better_totals else None)


def test_who_is_not_rated_has_no_reasons(pool: Pool) -> None:
    assert why(pool.prepared, pool.rows, "nobody") is None
    assert peers(pool.prepared, pool.rows, pool.facts, "nobody") == []


def test_peers_are_the_nearest_in_size(pool: Pool) -> None:
    assert set(sizes(pool.prepared)) >= {"energy", "employees"}
    rows = pool.facts.to_pylist()
    own = next(row for row in rows if None not in row.values())
    found = peers(pool.prepared, pool.rows, pool.facts, own["uscc"], most=700)
    apart = [peer.apart for peer in found]
    assert len(found) == 699 and apart == sorted(apart)
    assert all(peer.same_industry for peer in found)
    near = next(row for row in rows if row["uscc"] == found[0].uscc)
    shared = [name for name in ("energy", "employees") if near[name] is not None]
    assert shared and all(0.5 < float(near[name] / own[name]) < 2 for name in shared)
