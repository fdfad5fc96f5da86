"""Headings, measures and indicator tables: the small plans of plan_outlines and plan_tables."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cityforge.brain.plans.read import read_lines

HERE = Path(__file__).parent
OUTLINES = YAML(typ="safe").load(HERE / "plan_outlines.yaml")
TABLES = YAML(typ="safe").load(HERE / "plan_tables.yaml")


@pytest.mark.parametrize("case", OUTLINES, ids=[case["says"] for case in OUTLINES])
def test_an_outline(case: dict[str, Any]) -> None:
    reading = read_lines(case["text"].split("\n"))
    measures = [
        f"{m.number} | {m.kind} | {m.title} | {m.section[-1] if m.section else '-'}"
        for m in reading.measures
    ]
    assert measures == case["measures"]
    for measure in reading.measures:
        assert reading.text[slice(*measure.span)] == measure.text
    if "targets" in case:
        assert [f"{t.measure} {t.value}" for t in reading.targets] == case["targets"]
    if "refused" in case:
        assert [f"{n.number} {n.reason.zh}" for n in reading.not_targets] == case["refused"]
    if "years" in case:
        assert [reading.from_year, reading.to_year] == case["years"]


@pytest.mark.parametrize("case", TABLES, ids=[case["says"] for case in TABLES])
def test_an_indicator_table(case: dict[str, Any]) -> None:
    reading = read_lines(case["text"].split("\n"))
    rows = [
        f"{r.group} | {r.name} | {r.comparator} {r.value} {r.unit} | {r.year}"
        for r in reading.table
    ]
    assert rows == case["rows"]
    assert reading.targets == ()
