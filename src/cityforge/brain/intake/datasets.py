"""All files of a data folder, each by its contract."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.intake import accept, database, left_over, raw, resolving
from cityforge.brain.intake.sources import Sources


def read_all(
    engine: Engine, city: City, found: Sources, *, tell: Callable[[Text, float], None]
) -> tuple[list[dict[str, Any]], list[Text]]:
    """Read every dataset by its contract, the frame first; counts per dataset, and remarks.

    Afterwards the engine holds `data_<dataset>` for each dataset of the city (empty where no file
    was supplied), the quarantine, and `found_by_name`: the rows whose code was told by their name.
    `tell` hears what is read, from 0 to 1. Raises DataRefused with the Problems of all files.
    """
    frame = city.frame
    if frame is None or frame.id not in (*found.files, *found.tables):
        title = frame.title if frame else "企业底册"
        raise DataRefused([_no_frame(title)])
    accept.prepare(engine)
    resolving.start(engine)
    supplied = [*found.files, *found.tables]
    ordered = sorted(supplied, key=lambda name: (name != frame.id, name))
    taken: list[dict[str, Any]] = []
    notes: list[Text] = []
    problems: list[Problem] = []
    for i, name in enumerate(ordered):
        dataset = city.datasets[name]
        tell(Text(zh=f"读取 {dataset.title}", en=f"Reading {dataset.title_en}"), i / len(ordered))
        step = _step(tell, i, len(ordered))
        try:
            table, origin = read_one(engine, city, dataset, found, tell=step)
        except DataRefused as error:
            problems.extend(error.problems)
            continue
        if name != frame.id and not taken:
            # The frame was refused: the others can be read for their Problems, not held to it.
            engine.drop(table.table)
            continue
        known = f"data_{frame.id}" if name != frame.id else None
        named = resolving.fill(engine, city, dataset, table) if known else resolving.Found()
        result = accept.accept(engine, dataset, table, frame=known)
        unit = city.units.get(dataset.owner)
        taken.append(
            {
                "dataset": name,
                "title": dataset.title,
                "title_en": dataset.title_en,
                "owner": unit.title if unit else dataset.owner,
                **origin,
                "read": result.read,
                "accepted": result.accepted,
                "quarantined": result.quarantined,
                "found_by_name": named.found,
            }
        )
        notes += named.note(dataset.title, dataset.title_en)
        notes += _header_notes(dataset.title, dataset.title_en, table)
    if problems:
        raise DataRefused(problems)
    for name in found.absent:
        dataset = city.datasets[name]
        engine.take(f"data_{name}", accept.empty(dataset))
        notes.append(
            Text(
                zh=f"没有“{dataset.title}”的文件：其中的事实按未知处理",
                en=f"no file for '{name}': its facts are unknown",
            )
        )
    notes += left_over.notes(city, found)
    return taken, notes


def read_one(
    engine: Engine,
    city: City,
    dataset: Dataset,
    found: Sources,
    *,
    tell: Callable[[Text, float], None] | None = None,
) -> tuple[raw.Raw, dict[str, Any]]:
    """One dataset, a file or a table, and what the record says of where it came from.

    Of a table that is no file the record keeps the digest of the rows that were read.
    """
    name = dataset.id
    contract = resolving.contract(city, dataset)
    if name not in found.tables:
        file = found.files[name]
        table = raw.read(engine, contract, file, sheet=found.sheets.get(name), tell=tell)
        return table, {"file": file.name}
    with TemporaryDirectory() as scratch:
        file = database.fetch(engine, name, found.tables[name], Path(scratch), tell=tell)
        rows_sha256 = database.digest(file)
        table = raw.read(engine, contract, file)
    return table, {"file": found.tables[name].shown, "rows_sha256": rows_sha256}


def _step(
    tell: Callable[[Text, float], None], number: int, count: int
) -> Callable[[Text, float], None]:
    """The share of one dataset as a share of all."""
    return lambda text, share: tell(text, (number + share) / count)


def _no_frame(title: str) -> Problem:
    return Problem(
        title,
        0,
        0,
        Text(zh=f"数据文件夹中没有企业底册“{title}”", en="the frame of enterprises is missing"),
        Text(
            zh="放入以数据集标识或名称命名的文件，或在 sources.yaml 中指明",
            en="Name its file as the dataset, or list it in sources.yaml.",
        ),
    )


def _header_notes(title: str, title_en: str, table: raw.Raw) -> list[Text]:
    notes = [
        Text(zh=f"“{title}”：{remark.zh}", en=f"{title_en}: {remark.en}")
        for remark in table.remarks
    ]
    if table.unknown_headers:
        names = "、".join(table.unknown_headers)
        notes.append(
            Text(zh=f"“{title}”有未约定的列，未读取：{names}", en=f"{title_en}: not read: {names}")
        )
    if table.absent_columns:
        names = "、".join(table.absent_columns)
        notes.append(
            Text(zh=f"“{title}”缺少列：{names}", en=f"{title_en}: columns absent: {names}")
        )
    return notes
