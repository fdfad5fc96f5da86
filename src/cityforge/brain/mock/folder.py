"""The data folder: one file a dataset, what was planted, what was met, and that it is simulated."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import pyarrow as pa

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.mock import cells
from cityforge.brain.mock.comparison import Met
from cityforge.brain.mock.faults import Fault, Planter
from cityforge.brain.mock.files import open_csv, write_list, write_rows
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.tables import Part

README = "模拟数据-README.txt"
SOURCES = "sources.yaml"
CALIBRATION = "_calibration.csv"
FAULTS = "_faults.csv"


@dataclass(slots=True)
class Written:
    """What stands in a folder: rows by dataset, planted faults, columns left empty."""

    rows: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unfilled: list[tuple[str, str]] = field(default_factory=list)


def write_dataset(
    out: Path, dataset: Dataset, parts: Iterable[Part], setting: Setting, written: Written
) -> None:
    """Write one dataset part by part, with its faults; columns in the contract's order."""
    planter = Planter(dataset, setting.seed, setting.fault_rate)
    filled: set[str] = set()
    with open_csv(out / file_name(dataset), [c.title for c in dataset.columns]) as stream:
        written.rows[dataset.id] = 0
        for part in parts:
            filled |= {
                name for name, column in part.columns.items() if column.null_count < len(part)
            }
            empty = pa.nulls(len(part), pa.string())
            table = {c.id: part.columns.get(c.id, empty) for c in dataset.columns}
            spoilt = planter.plant(table, part.spared)
            write_rows(stream, list(spoilt.values()))
            written.rows[dataset.id] += len(next(iter(spoilt.values())))
    written.faults.extend(planter.faults)
    if written.rows[dataset.id]:
        written.unfilled.extend((dataset.id, c.id) for c in dataset.columns if c.id not in filled)


def file_name(dataset: Dataset) -> str:
    """The file of a dataset in a mock folder."""
    return f"{dataset.id}.csv"


def write_lists(
    out: Path, city: City, met: list[Met], setting: Setting, written: Written, *, is_real: bool
) -> None:
    """The faults, the calibration, `sources.yaml`, and the file that says 模拟数据."""
    write_list(
        out / FAULTS,
        ("dataset", "file", "row", "column", "kind", "value", "outcome"),
        (
            (
                f.dataset,
                file_name(city.datasets[f.dataset]),
                str(f.row),
                f.column,
                f.kind,
                f.value,
                f.outcome,
            )
            for f in written.faults
        ),
    )
    write_list(
        out / CALIBRATION,
        (
            *("figure", "title", "period", "published", "unit", "mock", "deviation"),
            *("source", "verified", "note"),
        ),
        (_met(row) for row in met),
    )
    (out / SOURCES).write_text(_sources(setting, written), encoding="utf-8")
    (out / README).write_text(_readme(city, setting, is_real=is_real), encoding="utf-8")


def _met(row: Met) -> tuple[str, ...]:
    figure, deviation = row.target.figure, row.deviation
    return (
        figure.id,
        figure.title,
        figure.period,
        f"{figure.value:f}",
        figure.unit or "",
        "" if row.mock is None else cells.shown(row.mock),
        "" if deviation is None else f"{round(deviation, 6) + 0.0:.4%}",
        figure.evidence.source,
        figure.evidence.verified.value,
        "" if row.note is None else row.note.zh,
    )


def _sources(setting: Setting, written: Written) -> str:
    lines = [
        "simulated: true",
        "note: 模拟数据",
        f"seed: {setting.seed}",
        f"as_of: {setting.as_of}",
        f'version: "{metadata.version("cityforge")}"',
        "files:",
        *(f"  {name}: {name}.csv" for name in written.rows),
    ]
    return "\n".join(lines) + "\n"


def _readme(city: City, setting: Setting, *, is_real: bool) -> str:
    frame = (
        "企业名称和登记信息来自真实登记底册，其余数值全部为模拟，与这些企业的实际经营无关。"
        if is_real
        else "企业全部虚构，统一社会信用代码使用专用号段（主体标识码以 MK 开头）。"
    )
    frame_en = (
        "Names and registrations come from a real frame; every figure is made up and says nothing"
        " of these enterprises."
        if is_real
        else "No enterprise exists; their credit codes use a block of their own (MK)."
    )
    return f"""模拟数据 / SIMULATED DATA

本文件夹由 cityforge mock 生成，不是{city.place.title}任何部门的实际数据，不得作为实际数据引用。
{frame}
种子 {setting.seed}，截至 {setting.as_of}，数值年度 {setting.years[0]}—{setting.years[-1]}。
{SOURCES}：各文件对应的数据集；{CALIBRATION}：与公开数的对照；
{FAULTS}：有意写入的差错（row 为表头下第几行，从 1 起；outcome 为应隔离或仍可读）。

This folder was made by `cityforge mock`. It holds no real data of any bureau; do not cite it.
{frame_en}
Seed {setting.seed}, as of {setting.as_of}, figures of {setting.years[0]} to {setting.years[-1]}.
{SOURCES}: which file is which dataset; {CALIBRATION}: beside the published figures;
{FAULTS}: errors planted on purpose (row counts from 1 under the header; outcome: quarantined
or read).
"""
