"""Four real plans with answer keys: what the reader must reach on each."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cityforge.brain.plans import read, write

pytestmark = pytest.mark.shared

OTHERS = ("dev01", "dev04", "dev06")


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("plan_scorer", shared / "plans/score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def counted(scorer: ModuleType, folder: Path, name: str) -> Any:
    key = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    text = next(folder.glob(f"{name}*.txt"))
    counts, _ = scorer.score(key, write.as_data(read.read_plan(text)))
    return counts


def test_the_citys_own_plan(scorer: ModuleType, shared: Path) -> None:
    figures = scorer.figures(counted(scorer, shared / "plans", "taizhou"))
    assert figures["targets"]["f1"] >= 0.97
    assert figures["units"]["f1"] >= 0.98
    assert figures["units"]["roles"] >= 0.98
    assert figures["measures"]["f1"] == 1.0
    assert figures["table"]["score"] == 1.0


def test_three_other_plans(scorer: ModuleType, shared: Path) -> None:
    counts = sum((counted(scorer, shared / "plans", name) for name in OTHERS[1:]),
                 start=counted(scorer, shared / "plans", OTHERS[0]))  # fmt: skip
    figures = scorer.figures(counts)
    assert figures["targets"]["f1"] >= 0.95
    assert figures["units"]["f1"] >= 0.97
    assert figures["measures"]["f1"] >= 0.97
    for field in ("comparator", "year", "annual", "baseline_year", "measure"):
        assert figures["targets"][field] >= 0.95, field
