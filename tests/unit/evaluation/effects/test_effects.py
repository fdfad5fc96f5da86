"""Who moves, whom a scheme leans on, what is held and could be freed: small cases by hand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.errors import RunRefused
from cityforge.brain.evaluation.effects.fairness import tilts
from cityforge.brain.evaluation.effects.moves import moves
from cityforge.brain.evaluation.effects.resources import freed, held
from cityforge.brain.evaluation.effects.variant import changed
from cityforge.brain.evaluation.prepared import Prepared, prepare

LANHE = Path(__file__).resolve().parents[3] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def city() -> tuple[City, Dictionary]:
    return checks.load(LANHE)


@pytest.fixture(scope="module")
def prepared(city: tuple[City, Dictionary]) -> Prepared:
    return prepare(city[1], city[0].schemes["lanhe_2025"])


INDICATORS = ("tax_per_mu", "value_added_per_energy", "labour_productivity", "rd_ratio")


def result(*rows: tuple[str, str | None, list[float | None]]) -> pa.Table:
    """Code, grade (None: exempt) and points of each indicator."""
    columns: dict[str, list[Any]] = {
        "uscc": [r[0] for r in rows],
        "name": [f"企业{r[0]}" for r in rows],
        "district": ["qingyu" if r[0] < "M" else "yunping" for r in rows],
        "part": ["above"] * len(rows),
        "status": ["rated" if r[1] else "exempt" for r in rows],
        "grade": [r[1] for r in rows],
        "total": [sum(p or 0 for p in r[2]) if r[1] else None for r in rows],
    }
    for i, name in enumerate(INDICATORS):
        columns[f"points_{name}"] = [r[2][i] for r in rows]
    types = {"total": pa.float64()} | {f"points_{n}": pa.float64() for n in INDICATORS}
    return pa.table({n: pa.array(v, types.get(n, pa.string())) for n, v in columns.items()})


def test_moves_by_hand(prepared: Prepared) -> None:
    before = result(
        ("A1", "甲", [50, 20, 10, 5]),
        ("B1", "乙", [30, 20, 10, 5]),
        ("C1", "丙", [20, 10, 10, 5]),
        ("N1", "丁", [5, 5, 5, None]),
        ("Z1", None, [None] * 4),
    )
    after = result(
        ("A1", "乙", [30, 22, 10, 5]),
        ("B1", "甲", [30, 20, 19, 5]),
        ("C1", "丙", [20, 10, 10, 5]),
        ("N1", None, [None] * 4),
        ("O1", "丙", [9, 9, 9, 9]),
    )
    found = moves(prepared, before, prepared, after)
    shown = {row["uscc"]: row for row in found.table.to_pylist()}
    ways = {code: row["way"] for code, row in shown.items()}
    assert ways == {"A1": "down", "B1": "up", "C1": "same", "N1": "out", "O1": "in", "Z1": "same"}
    assert (shown["A1"]["because"], shown["A1"]["points"]) == ("tax_per_mu", -20)
    assert (shown["B1"]["because"], shown["B1"]["points"]) == ("labour_productivity", 9)
    assert shown["C1"]["because"] is None
    assert found.matrix == {
        ("甲", "乙"): 1, ("乙", "甲"): 1, ("丙", "丙"): 1, ("丁", "exempt"): 1,
        ("absent", "丙"): 1, ("exempt", "absent"): 1,
    }  # fmt: skip
    assert found.by()["qingyu"] == {"down": 1, "up": 1, "same": 1}
    assert found.movers.num_rows == 4


def test_a_variant_is_the_scheme_with_what_was_changed(city: tuple[City, Dictionary]) -> None:
    scheme = city[0].schemes["lanhe_2025"]
    made = changed(*city, scheme, ["weight.tax_per_mu=30", "weight.rd_ratio=20", "band.甲=20"])
    weights = {i.id: i.weight for i in made.parts[0].indicators}
    assert weights["tax_per_mu"] == 30 and weights["rd_ratio"] == 20
    assert [(b.grade, b.from_, b.to) for b in made.grading.bands][:2] == [
        ("甲", 0, 20),
        ("乙", 20, 70),
    ]
    same = changed(*city, scheme, [])
    assert same == scheme
    long = changed(*city, scheme, ["grading.rounding=ceiling", "base.factor=2"])
    assert long.grading.rounding == "ceiling" and long.base and long.base.factor == Decimal(2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("weight.tax_per_mu=50", "权重合计 110"),
        ("weight.tax=50", "没有“tax”"),
        ("band.戊=50", "没有“戊”"),
        ("weights", "路径=值"),
        ("grading.rounding=up", "grading.rounding"),
        ("parts.below.when=above_scale", "没有“below”"),
        ("population=revenue > 3亩", "亩"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(
    city: tuple[City, Dictionary], change: str, said: str
) -> None:
    with pytest.raises(RunRefused) as refused:
        changed(*city, city[0].schemes["lanhe_2025"], [change])
    assert said in refused.value.text.zh


def fair(prepared: Prepared, tilted: int) -> tuple[pa.Table, list[str]]:
    """200 enterprises in two groups of 100, 25 of each with 甲; of industry 26 `tilted` in each."""
    rows, classes = [], []
    for group in ("A", "N"):
        for i in range(100):
            rows.append((f"{group}{i:03}", "甲" if i < 25 else "丁", [1.0, 1, 1, 1]))
            # Every fourth is of industry 26; more of the best where it is tilted.
            first = i < tilted if i < 25 else i < 25 + 25 - tilted
            classes.append("26" if first else "35")
    return result(*rows), classes


def test_an_even_class_is_as_expected(prepared: Prepared) -> None:
    rows, classes = fair(prepared, 6)
    for tilt in tilts(prepared, rows, classes):
        if tilt.name == "26" and tilt.grade == "甲":
            assert (tilt.members, tilt.count, tilt.expected) == (50, 12, 12.5)
            assert tilt.chance == 1.0
        assert not tilt.is_told


def test_a_class_that_takes_most_of_a_grade_is_told(prepared: Prepared) -> None:
    rows, classes = fair(prepared, 20)
    found = {(t.name, t.grade): t for t in tilts(prepared, rows, classes)}
    best = found["26", "甲"]
    assert (best.count, best.expected, best.ratio) == (40, 12.5, 3.2)
    # Two groups of 25 drawn of 100 with 25 winners: variance 2 x 25 x 1/4 x 3/4 x 75/99.
    assert best.is_told and best.chance == pytest.approx(1.9e-18, rel=0.2)
    assert found["35", "甲"].is_told and found["35", "甲"].ratio < 1


def amounts(values: list[str | None]) -> pa.Array:
    return pa.array([None if v is None else Decimal(v) for v in values], pa.decimal128(18, 4))


def test_what_is_held_and_what_could_be_freed(prepared: Prepared) -> None:
    """Four enterprises of one group with 10, 20, 30 and 40 mu and 100 of tax each.

    Tax per mu: 10, 5, 3 1/3, 2.5; the median is 4 1/6. The two worse would need 24 mu each.
    """
    grades = ["甲", "乙", "丙", "丁"]
    rows = result(*[(f"A{i}", grade, [1.0, 1, 1, 1]) for i, grade in enumerate(grades)])
    values = [10.0, 5.0, 100 / 30, 2.5]
    rows = rows.append_column("value_tax_per_mu", pa.array(values))
    for name in INDICATORS[1:]:
        rows = rows.append_column(f"value_{name}", pa.array([None] * 4, pa.float64()))
    names = ["land_mu", "tax_paid", "value_added", "energy", "employees", "rd_expense", "revenue"]
    facts = pa.table(
        {
            "uscc": rows["uscc"],
            **{name: amounts([None] * 4) for name in names},
            "land_mu": amounts(["10", "20", "30", "40"]),
            "tax_paid": amounts(["100"] * 4),
        }
    )
    land = next(one for one in held(prepared, rows, facts) if one.fact == "land_mu")
    assert land.total == 100
    assert land.by_grade == {"甲": 10, "乙": 20, "丙": 30, "丁": 40}
    assert land.top[-1] == pytest.approx(0.4)  # the largest fifth of four is one
    assert land.gini == pytest.approx(0.25)
    assert land.herfindahl == pytest.approx(0.30)
    one = next(one for one in freed(prepared, rows, facts) if one.fact == "land_mu")
    assert one.amount == pytest.approx((30 - 24) + (40 - 24))
    assert (one.now, one.count, one.share) == (70, 2, pytest.approx(22 / 70))
