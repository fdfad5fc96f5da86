"""Which dataset a delivered file belongs to: as said, by the file's name, or by its headers."""

import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.intake import signature, workbook
from cityforge.brain.values.spelling import half_width

RETURNED = "-退回"  # at the end of the name of a file that went back with its errors
_ROWS = 30
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Choice:
    """The dataset of a file, and how it was found; `matched` headers where they told it."""

    dataset: Dataset
    how: Literal["asked", "name", "headers"]
    matched: int = 0


def choose(city: City, file: Path, *, asked: str | None = None) -> Choice:
    """Raises DataRefused when nothing tells, two contracts fit alike, or it cannot be opened."""
    if asked is not None:
        return Choice(named(city, asked), "asked")
    stem = file.stem.removesuffix(RETURNED)
    for dataset in city.datasets.values():
        if stem in (dataset.id, dataset.title):
            return Choice(dataset, "name")
    scores = _scores(city, first_rows(file))
    best = max(scores.values(), default=0)
    fitting = [name for name, score in scores.items() if score == best]
    if best < 2 or len(fitting) > 1:
        titles = [city.datasets[name].title for name in fitting] if best >= 2 else []
        raise DataRefused([_undecided(city, file, titles)])
    return Choice(city.datasets[fitting[0]], "headers", best)


def named(city: City, name: str) -> Dataset:
    """The dataset of this id or title. Raises DataRefused with the nearest id."""
    for dataset in city.datasets.values():
        if name in (dataset.id, dataset.title):
            return dataset
    raise DataRefused([_unknown(city, name)])


def first_rows(file: Path) -> list[list[str]]:
    """The first rows of a file as text, only to look at; none where it holds none.

    Raises DataRefused for what must not be opened, as a zip bomb, or is damaged.
    """
    try:
        signature.kind(file)
        if file.suffix.lower() == ".parquet":
            return [list(pq.read_schema(file).names)]
        if file.suffix.lower() in (".xlsx", ".xls"):
            return workbook.first_rows(file, _ROWS)
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
        lines = csv.reader(io.StringIO(_decoded(head)), skipinitialspace=True)
        return list(islice(lines, _ROWS))
    except ValueRefused as error:
        raise DataRefused([_unopened(file, error)]) from error
    except (OSError, pa.ArrowInvalid, csv.Error):
        return []


def _decoded(head: bytes) -> str:
    """The head of a file as text; the character that its end may cut in two is dropped."""
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4:
            return head[: error.start].decode("utf-8-sig")
        return head.decode("gb18030", errors="replace")


def _scores(city: City, rows: list[list[str]]) -> dict[str, int]:
    """Of each dataset, how many of its columns one row of the file names at most."""
    plain = [{name for cell in row for name in _readings(cell)} for row in rows]
    scores = {}
    for dataset in city.datasets.values():
        columns = [{_clean(n) for n in (c.id, c.title, *c.synonyms)} for c in dataset.columns]
        scores[dataset.id] = max(
            (sum(bool(names & row) for names in columns) for row in plain), default=0
        )
    return scores


def _readings(header: str) -> tuple[str, str]:
    """A header as it stands, and without a unit in brackets at its end."""
    text = _clean(header)
    return text, text[: text.rfind("(")] if text.endswith(")") else text


def _clean(text: str) -> str:
    return "".join(half_width(text).split()).lower()


def _unknown(city: City, asked: str) -> Problem:
    return Problem(
        asked,
        0,
        0,
        Text(zh=f"数据集“{asked}”不存在", en=f"no such dataset: '{asked}'"),
        nearest(asked, city.datasets),
    )


def _unopened(file: Path, error: ValueRefused) -> Problem:
    what = Text(zh=f"无法读取：{error.what.zh}", en=f"cannot be read: {error.what.en}")
    return Problem(file.name, 0, 0, what, error.hint)


def _undecided(city: City, file: Path, titles: list[str]) -> Problem:
    names = "、".join(titles) or "—"
    return Problem(
        file.name,
        0,
        0,
        Text(
            zh=f"看不出属于哪个数据集（表头最接近：{names}）",
            en=f"which dataset this is cannot be told (nearest by headers: {names})",
        ),
        Text(
            zh="用 --dataset 指明：" + "、".join(city.datasets),
            en="Say it with --dataset: " + ", ".join(city.datasets),
        ),
    )
