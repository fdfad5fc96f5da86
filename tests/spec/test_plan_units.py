"""The ways in which plans name responsible units: each case of plan_units.yaml."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cityforge.brain.plans.read import read_lines
from cityforge.brain.plans.units import named_in

CASES = YAML(typ="safe").load(Path(__file__).with_name("plan_units.yaml"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_units_of_a_paragraph(case: dict[str, Any]) -> None:
    found = named_in(case["text"], 0)
    assert [f"{unit.role} {unit.name}" for unit in found.units] == case["units"]
    assert list(found.default) == case.get("default", [])


def test_spans_point_at_the_words_of_the_plan() -> None:
    text = "推进项目。（市工信局牵头，市科技局、财政局配合）"
    found = named_in(text, 100)
    assert [text[u.span[0] - 100 : u.span[1] - 100] for u in found.units] == [
        "市工信局",
        "市科技局",
        "财政局",
    ]


def test_names_on_the_line_below_their_label() -> None:
    plan = ["一、任务", "（一）造船。造船3艘。", "牵头单位：", "市渔业局", "（二）修港。修港2座。"]
    first, second = read_lines(plan).measures
    assert [(unit.role, unit.name) for unit in first.units] == [("lead", "市渔业局")]
    assert second.units == ()
