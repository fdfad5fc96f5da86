"""The clause grammar of plans: each case of plan_clauses.yaml inside a small made-up plan."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cityforge.brain.plans.read import read_lines
from cityforge.brain.plans.reading import Target

CASES = YAML(typ="safe").load(Path(__file__).with_name("plan_clauses.yaml"))
PLAN = ["云屿市海洋渔业提升行动计划", "一、重点任务", "（一）做强主业。"]


def shown(target: Target) -> str:
    high = "" if target.value_max is None else f"~{target.value_max}"
    year = f"{target.year} {target.year_source}" if target.year else "-"
    parts = [
        target.indicator,
        f"{target.comparator} {target.value}{high} {target.unit or '-'}",
        year,
    ]
    if target.annual:
        parts.append("annual")
    if target.baseline_year:
        parts.append(f"base {target.baseline_year}")
    if target.modal:
        parts.append(target.modal)
    return " | ".join(parts)


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_a_clause(case: dict[str, Any]) -> None:
    reading = read_lines([*PLAN, case["text"]])
    found = [shown(target) for target in reading.targets]
    wanted = case["targets"]
    if case.get("skip_indicators"):
        found = [line.partition(" | ")[2] for line in found]
        wanted = [line.partition(" | ")[2] for line in wanted]
    if case.get("skip_others"):
        found = [line for line in found if line in wanted]
    assert found == wanted
    if "refused" in case:
        refused = [f"{item.number} {item.reason.zh}" for item in reading.not_targets]
        assert refused == case["refused"]
    for target in reading.targets:
        start, end = target.span
        assert reading.text[start:end] == target.text
        assert target.measure == "1"
