"""A bureau's file through the library: may it be opened, what is in it, taken, called back."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.dataset as pads
from django.conf import settings

from cityforge.brain.api import intake
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.portal.analytics import contracts

Tell = Callable[[Text, float], None]
Words = list[str]
"""A text as JSON keeps it: Chinese, English."""

ROWS = "rows.parquet"
_MOST_LISTED = 50_000  # rows that differ; a workbook of more is no reading
_SIMULATED = "simulated: true\n"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a file holds, and what it changes in what counts now: rows."""

    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """A file read by its contract and compared; `report` is for the page, as JSON keeps it."""

    counts: Counts
    changes_nothing: bool
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """The delivery as the shelf numbers it, and the newest day it tells of."""

    number: int
    newest: date | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its number there, its cells in the columns' order, what is wrong."""

    number: int
    cells: tuple[tuple[str, tuple[Text, ...]], ...]
    whole: tuple[Text, ...]

    @property
    def is_faulty(self) -> bool:
        return bool(self.whole) or any(reasons for _, reasons in self.cells)


@dataclass(frozen=True, slots=True)
class Rows:
    """A stretch of a file's rows under the titles of their columns."""

    titles: tuple[Text, ...] = ()
    rows: tuple[Row, ...] = ()
    has_more: bool = False
    hidden: int = 0


class Changed(Exception):
    """What counts is no longer what the delivery was compared with; nothing was taken."""


def admit(file: Path, *, name: str) -> None:
    """Raises DataRefused for what must not be opened."""
    intake.admit(file, name=name)


def examine(dataset: str, file: Path, *, name: str, out: Path, tell: Tell) -> Examined:
    """Read a file by its contract, hold it against what counts now, write what the page offers.

    name    what its owner calls it
    out     a folder of its own: gets the rows in place, the error file, all that differs

    Raises DataRefused where the file cannot be read by the contract.
    """
    with _considered(dataset, file, name=name, tell=tell, to_take=False) as held:
        out.mkdir(parents=True, exist_ok=True)
        if held.is_current:
            return Examined(_counts(held), changes_nothing=True, report={"is_current": True})
        tell(Text(zh="写出逐行结果", en="Writing the rows"), 0.9)
        intake.write_rows(held, out / ROWS)
        errors = [one.name for one in intake.write_rejects(held, out / "errors", language="zh")]
        report = _report(held) | {"errors": errors, "difference": _listed(held, out)}
        return Examined(_counts(held), held.changes_nothing, report)


def take(
    dataset: str, file: Path, *, name: str, sha256: str, expected: Counts, by: str, tell: Tell
) -> Taken:
    """Make a file count, as it was shown when it was approved.

    Doing it twice is doing it once. Raises Changed where what counts is another by now, and
    DataRefused where the file is no longer what was uploaded, or another import is at work.
    """
    with _considered(dataset, file, name=name, tell=tell, to_take=True) as held:
        if held.sha256 != sha256:
            what = Text(zh="存放的文件已被改动", en="the stored file was altered")
            hint = Text(zh="请重新上传", en="Upload it again.")
            raise DataRefused([Problem(name, 0, 0, what, hint)])
        if held.is_current:
            return Taken(number(dataset) or 0, None, expected)
        if _counts(held) != expected:
            raise Changed
        newest = intake.newest_day(held.engine, held.dataset, as_of=contracts.today())
        record = intake.take_delivery(held, by=by, at=intake.now())
        return Taken(record.number, newest, expected)


def number(dataset: str) -> int | None:
    """The number of the delivery that counts now; None where none was taken, or it was undone."""
    record = intake.deliveries(_data(), dataset).delivery
    return record.number if record else None


def is_counted(dataset: str, sha256: str) -> bool:
    """Whether these very bytes are what counts now."""
    record = intake.deliveries(_data(), dataset).delivery
    return record is not None and record.sha256 == sha256


def undo(dataset: str, *, by: str) -> None:
    """Call the delivery that counts back. Raises DataRefused where another import is at work."""
    intake.undo_import(_data(), dataset, to=None, by=by, at=intake.now())


def stock(only: Sequence[str], tell: Tell) -> list[intake.Held]:
    """What is held of each dataset, or of some; nothing without a city. Raises DataRefused."""
    if contracts.city() is None:
        return []
    return intake.take_stock(_city(), _data(), as_of=contracts.today(), only=only, tell=tell)


def rows(
    file: Path, dataset: str, *, faulty: bool, start: int, size: int, all_columns: bool
) -> Rows:
    """Some of a file's rows: only those with faults where asked, and then only the columns that
    tell which row it is and what is wrong with it, unless all are asked for."""
    known = contracts.contract(dataset)
    if known is None or not file.is_file():
        return Rows()
    source = pads.dataset(file)
    wanted = pads.field(intake.FAULTS).is_valid() if faulty else None
    found = source.scanner(filter=wanted, use_threads=False).head(start + size + 1)
    chosen = found.slice(start, size).to_pylist()
    faults = [json.loads(row[intake.FAULTS] or "{}") for row in chosen]
    columns = [one for one in known.columns if one.id in source.schema.names]
    told = {name for one in faults for name in one}
    shown = [
        one for one in columns if all_columns or not faulty or one.key or one.id in told
    ]  # the key tells which row it is
    return Rows(
        titles=tuple(one.title for one in shown),
        rows=tuple(
            Row(
                row[intake.NUMBER],
                tuple((row[one.id] or "", _reasons(fault.get(one.id))) for one in shown),
                _reasons(fault.get("*")),
            )
            for row, fault in zip(chosen, faults, strict=True)
        ),
        has_more=found.num_rows > start + size,
        hidden=len(columns) - len(shown),
    )


def _reasons(codes: list[str] | None) -> tuple[Text, ...]:
    return tuple(intake.REASONS[code] for code in codes or ())


def _city() -> City:
    place = contracts.city()
    assert place is not None  # a delivery is of one of its contracts
    return place


def _data() -> Path:
    folder = Path(settings.DATA)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _considered(
    dataset: str, file: Path, *, name: str, tell: Tell, to_take: bool
) -> Iterator[intake.Candidate]:
    """The library's comparison, of a copy that bears the name its owner gave it."""
    place = _city()
    with TemporaryDirectory() as scratch:
        copy = Path(shutil.copyfile(file, Path(scratch) / name))
        if settings.DEMO:
            # What is uploaded beside made-up data is made up too, and the folder says so.
            (Path(scratch) / "sources.yaml").write_text(_SIMULATED, encoding="utf-8")
        with intake.consider(
            place, _data(), place.datasets[dataset], copy, tell=tell, to_take=to_take
        ) as held:
            yield held


def _counts(held: intake.Candidate) -> Counts:
    read, found = held.counts, held.difference
    return Counts(
        read.read,
        read.accepted,
        read.quarantined,
        *((found.added, found.removed, found.changed, found.same) if found else ()),
    )


def _listed(held: intake.Candidate, out: Path) -> str | None:
    """Write every row that differs from what counts now; None where there are none, or a flood."""
    found = held.difference
    if found is None or not found.before:
        return None
    if not 0 < found.added + found.removed + found.changed <= _MOST_LISTED:
        return None
    file = out / f"{held.dataset.id}-差异.xlsx"
    intake.write_difference(held, file)
    return file.name


def _report(held: intake.Candidate) -> dict[str, Any]:
    found = held.difference
    return {
        "refusals": [
            {
                "column": _words(one.column),
                "reason": _words(one.reason),
                "rows": one.rows,
                "examples": [value for _, value in one.examples if value],
            }
            for one in held.refusals
        ],
        "columns": [_column(one) for one in found.columns] if found and found.before else [],
        "notes": [_words(one) for one in held.notes],
        "alarms": [_words(one) for one in held.alarms],
        "echoes": [_words(_echo(one)) for one in held.echoes],
        "repeats": held.repeats.number if held.repeats else None,
    }


def _column(change: Any) -> dict[str, Any]:
    column = change.column
    sums = (change.sum_before, change.sum_after)
    return {
        "title": [column.title, column.title_en],
        "unit": column.unit or "",
        "changed": change.changed,
        "filled": change.filled,
        "emptied": change.emptied,
        "sums": [None if one is None else f"{one:,f}" for one in sums],
        "examples": [[" ".join(e.key), e.old or "—", e.new or "—"] for e in change.examples],
    }


def _echo(echo: Any) -> Text:
    title, title_en = echo.dataset.title, echo.dataset.title_en
    return Text(
        zh=f"“{title}”：{echo.lost:,} 行的企业将不在底册，{echo.found:,} 行的企业将进入底册",
        en=f"'{title_en}': {echo.lost:,} rows lose their enterprise, {echo.found:,} find theirs",
    )


def _words(text: Text) -> Words:
    return [text.zh, text.en]
