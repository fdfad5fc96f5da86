"""Thirty enterprises worked out in a sheet: the sheet adds up, and the engine gives the same."""

import csv
import re
import runpy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ruamel.yaml import YAML

from cityforge.brain.engines.duckdb import Engine

HERE = Path(__file__).parent
THIRTY = HERE / "thirty"
RUN = SimpleNamespace(**runpy.run_path(str(HERE / "evaluation_run.py")))
Row = dict[str, Any]
INDICATORS = ("tax_per_mu", "sales_per_mu", "green")


def sheet(name: str) -> list[dict[str, str]]:
    with (THIRTY / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


FIRMS, BASES, WORKING = (sheet(f"{name}.csv") for name in ("enterprises", "bases", "working"))


def decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def facts(*, year_before: bool) -> list[Row]:
    """The facts of one year: of the year before, a year less in production."""
    found = []
    for firm in FIRMS:
        side = "before" if year_before else "now"
        names = {"land_mu": "land", "tax_paid": "tax", "revenue": "revenue", "energy": "energy"}
        figures = {
            fact: decimal(firm[f"{stem}_before" if side == "before" else fact])
            for fact, stem in names.items()
        }
        found.append(
            {
                "uscc": firm["uscc"],
                "name": firm["uscc"],
                "district": firm["district"],
                "industry": None,
                "registered_on": date(2000, 1, 1),
                "above_scale": {"1": True, "0": False, "": None}[firm["above_scale"]],
                "years_in_production": Decimal(firm["years_in_production"]) - year_before,
                "rd_expense": None if year_before else decimal(firm["rd_expense"]),
                "value_added": None if year_before else decimal(firm["value_added"]),
                **figures,
            }
        )
    return found


@pytest.fixture(scope="module")
def got() -> dict[str, Row]:
    scheme = YAML(typ="safe", pure=True).load(THIRTY / "scheme.yaml")
    now, before = facts(year_before=False), facts(year_before=True)
    with Engine(threads=1) as engine:
        rows = RUN.run(engine, RUN.book(), scheme, now, before, parameters={})
    return {row["uscc"]: row for row in rows}


def test_the_script_writes_the_sheets_anew() -> None:
    assert "cityforge" not in (THIRTY / "working.py").read_text(encoding="utf-8")
    for name, rows in runpy.run_path(str(THIRTY / "working.py"))["sheets"]().items():
        with (THIRTY / name).open(encoding="utf-8", newline="") as lines:
            assert list(csv.reader(lines)) == rows


def cell(which: str, letters: str, row: int) -> Fraction:
    """A cell of a sheet as a number; an empty one is 0, as in any spreadsheet."""
    rows = {"E": FIRMS, "B": BASES, "W": WORKING}[which]
    column = ord(letters[-1]) - 65 + (26 if len(letters) == 2 else 0)
    return Fraction(list(rows[row - 2].values())[column] or 0)


def worked_out(formula: str) -> Fraction:
    """A formula of the sheets: cells, sums, products, quotients, MAX, MIN, IF, ROUND."""
    text = re.sub(r"([EBW])!([A-Z]{1,2})(\d+)", r'cell("\1", "\2", \3)', formula.removeprefix("="))
    text = re.sub(r"(?<![\w\"])(\d+(?:\.\d+)?)(?![\w\"])", r'number("\1")', text)
    text = re.sub(r", number\(\"(\d+)\"\)\)", r", \1)", text)  # a row is no number of the sheet
    names = {
        "cell": cell,
        "number": Fraction,
        "MAX": max,
        "MIN": min,
        "IF": lambda test, then, otherwise: then if test else otherwise,
        "ROUND": lambda value, digits: round(value, int(digits)),
    }
    return Fraction(eval(text, {"__builtins__": {}}, names))


def test_every_formula_gives_its_value() -> None:
    checked = 0
    for rows in (BASES, WORKING):
        for row in rows:
            for name in row:
                if name.endswith("_formula") and row[name]:
                    value = Fraction(row[name.removesuffix("_formula")])
                    assert abs(worked_out(row[name]) - value) < Fraction(1, 10**9), (row, name)
                    checked += 1
    assert checked > 200


def test_the_bases_are_those_of_the_sheet(got: dict[str, Row]) -> None:
    bases = {(b["district"], b["above_scale"], b["indicator"]): Fraction(b["base"]) for b in BASES}
    for firm in FIRMS:
        row = got[firm["uscc"]]
        if row["status"] == "rated":
            for name in INDICATORS:
                wanted = bases.get((firm["district"], firm["above_scale"], name))
                assert row[f"base_{name}"] == (
                    None if wanted is None else pytest.approx(float(wanted), rel=1e-11)
                )


def test_the_engine_gives_the_sheet(got: dict[str, Row]) -> None:
    """To 1e-9; totals, ranks and grades to the digit."""
    assert got.keys() == {row["uscc"] for row in WORKING}
    for row in WORKING:
        ours = got[row["uscc"]]
        assert (ours["status"], ours["part"] or "") == (row["status"], row["part"])
        if row["status"] != "rated":
            assert ours["total"] is ours["rank"] is ours["grade"] is None
            continue
        for name in INDICATORS:
            for column in (f"value_{name}", f"points_{name}"):
                wanted = decimal(row[column])
                assert ours[column] == (
                    None if wanted is None else pytest.approx(float(wanted), rel=1e-11, abs=1e-9)
                ), (row["uscc"], column)
        assert ours["bonus"] == float(row["bonus"])
        assert ours["penalty"] == float(row["penalty"])
        assert f"{ours['total']:.9f}" == row["total"]
        assert (ours["rank"], ours["ranked"]) == (int(row["rank"]), int(row["ranked"]))
        for name in ("ranked_grade", "grade", "limited_by"):
            assert (ours[name] or "") == row[name], (row["uscc"], name)


def test_the_thirty_meet_what_they_are_for(got: dict[str, Row]) -> None:
    statuses = [row["status"] for row in got.values()]
    assert len(got) == 30
    assert [statuses.count(s) for s in ("rated", "exempt", "outside", "undetermined")] == [
        27, 1, 1, 1,
    ]  # fmt: skip
    assert got["YA03"]["how_green"] == "group_average"
    assert got["QA03"]["total"] == got["QA04"]["total"]
    assert (got["QA03"]["rank"], got["QA04"]["rank"]) == (2, 3)  # of ten two are A
    assert got["QA03"]["grade"] == got["QA04"]["grade"] == "A"
    assert got["YA09"]["points_tax_per_mu"] == 0.0
    assert (got["YA09"]["ranked_grade"], got["YA09"]["grade"]) == ("C", "D")
    assert got["QA01"]["bonus"] == 6.0
    assert got["QA06"]["bonus_rd"] is None and got["QA06"]["bonus"] == 0.0
