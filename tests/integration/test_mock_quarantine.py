"""What the mock plants is what the intake quarantines: no fault slips in, no sound row is lost."""

import datetime as dt
from pathlib import Path

import pytest
from sqlglot import exp

from cityforge.brain.city import folder
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, raw
from cityforge.brain.mock.write import MockReport, write

ROOT = Path(__file__).parents[2]
CITIES = {"reference": ROOT / "cities" / "taizhou", "made_up": ROOT / "tests" / "cities" / "lanhe"}

Line = tuple[str, int, str, str]  # dataset, row, column, reason


def quarantined(report: MockReport, city: folder.City) -> tuple[list[Line], dict[str, int]]:
    """The lines of the quarantine after reading every file by its contract, and rows accepted."""
    frame = city.frame
    assert frame is not None
    accepted: dict[str, int] = {}
    with Engine(threads=1) as engine:
        accept.prepare(engine)
        for name in sorted(report.rows, key=lambda name: name != frame.id):
            dataset = city.datasets[name]
            table = raw.read(engine, dataset, report.folder / f"{name}.csv")
            known = None if name == frame.id else f"data_{frame.id}"
            accepted[name] = accept.accept(engine, dataset, table, frame=known).accepted
        columns = [exp.column(name) for name in ("dataset", "row", "column", "reason")]
        lines = engine.rows(exp.select(*columns).from_(accept.QUARANTINE))
    return [(str(a), int(b), str(c), str(d)) for a, b, c, d in lines], accepted


@pytest.mark.parametrize("which", sorted(CITIES))
def test_the_quarantine_is_the_list_of_faults(which: str, tmp_path: Path) -> None:
    city, problems = folder.read(CITIES[which])
    assert city is not None and problems == []
    report = write(
        city,
        tmp_path,
        seed=5,
        as_of=dt.date(2025, 9, 30),
        above_scale=150,
        below_scale=350,
        fault_rate=0.03,
    )
    lines, accepted = quarantined(report, city)
    found = {(dataset, row, column) for dataset, row, column, _ in lines}
    bad = [fault for fault in report.faults if fault.outcome == "quarantined"]
    assert len(bad) > 50
    assert [f for f in bad if (f.dataset, f.row, f.column) not in found] == []
    # What else is quarantined belongs to enterprises whose own registration was.
    planted = {(fault.dataset, fault.row) for fault in bad}
    others = {reason for dataset, row, _, reason in lines if (dataset, row) not in planted}
    assert others <= {"stranger"}
    # Slips that can be read are read, unless the enterprise itself is not known.
    readable = {(f.dataset, f.row) for f in report.faults if f.outcome == "read"}
    assert readable
    assert {reason for d, row, _, reason in lines if (d, row) in readable} <= {"stranger"}
    lost = {(dataset, row) for dataset, row, _, _ in lines}
    for name, count in report.rows.items():
        assert accepted[name] == count - sum(dataset == name for dataset, _ in lost)
