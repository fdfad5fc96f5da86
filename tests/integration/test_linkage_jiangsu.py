"""Linkage of a slice of a real register with a noisy copy of it, a third of them strangers or less.

The noise is that of bench/linkage.py, which measures the whole register.
"""

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from cityforge.brain.linkage import places

ROWS = 8_000
REPORT = 1  # the half of the records that no threshold was read off


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    file = Path(__file__).resolve().parents[2] / "bench" / "linkage.py"
    spec = importlib.util.spec_from_file_location("bench_linkage", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
def test_a_noisy_copy_of_a_slice_finds_its_originals(shared: Path, bench: ModuleType) -> None:
    register = shared / "data/enterprises/jiangsu_registrations_slim.csv.gz"
    # Neighbours in the file are neighbours in a county: the hard case, names much alike.
    rows = list(bench.read(register))[:ROWS]
    words = places.national(["32"])
    records, kind_of = bench.made(rows, words)
    _, _, halves = bench.measure(records, kind_of, words)
    kinds, _ = halves[REPORT]
    total = sum(kinds.values(), Counter())
    assert total["pairs"] > 3_000
    assert total["right"] / total["found"] >= 0.99
    assert total["right"] / total["pairs"] >= 0.95
    assert kinds["branch added"]["found"] == 0
