"""A small dataset with every kind of column, and a way to take a file in by its contract."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, raw
from cityforge.brain.values import credit_code

EVIDENCE = {"source": "设例", "verified": "assumption"}


def contract(columns: list[dict[str, Any]], **more: Any) -> Dataset:
    return Dataset.model_validate(
        {
            "id": "figures",
            "title": "年度数据",
            "title_en": "Figures",
            "owner": "bureau",
            "grain": "enterprise_year",
            "key": ["uscc", "year"],
            "freshness": {"every": "year"},
            "sensitivity": "public",
            "legal_use": ["describe", "treat"],
            "evidence": EVIDENCE,
            "columns": [{"title_en": c["id"], "title": c["id"], **c} for c in columns],
            **more,
        }
    )


COLUMNS: list[dict[str, Any]] = [
    {"id": "uscc", "title": "统一社会信用代码", "kind": "credit_code", "required": True},
    {"id": "year", "title": "年度", "kind": "year", "required": True},
    {"id": "tax", "title": "实缴税收", "kind": "quantity", "unit": "万元", "scale": 2,
     "min": "-100", "max": "1000000", "synonyms": ["税收合计"]},
    {"id": "land", "title": "用地", "kind": "quantity", "unit": "㎡", "scale": 4, "min": 0},
    {"id": "on", "title": "投产日期", "kind": "date"},
    {"id": "big", "title": "是否规上", "kind": "boolean"},
    {"id": "state", "title": "状态", "kind": "choice", "values": ["存续", "注销"]},
    {"id": "industry", "title": "行业", "kind": "industry_code"},
    {"id": "region", "title": "区划", "kind": "region_code"},
    {"id": "when", "title": "期间", "kind": "period"},
    {"id": "note", "title": "说明", "kind": "text"},
]  # fmt: skip


@dataclass
class Taken:
    """What a file gave: the accepted rows, the quarantine as (row, column, value, reason)."""

    read: int
    accepted: list[dict[str, Any]]
    quarantine: list[tuple[int, str, str | None, str]]
    raw: raw.Raw
    counts: accept.Accepted = field(repr=False)

    @property
    def reasons(self) -> list[tuple[int, str, str]]:
        return [(row, column, reason) for row, column, _, reason in self.quarantine]


@pytest.fixture(scope="session")
def make_dataset() -> Callable[..., Dataset]:
    return contract


@pytest.fixture
def dataset() -> Dataset:
    return contract(COLUMNS)


@pytest.fixture
def take() -> Callable[..., Taken]:
    """Take a file in; `known` lists the codes of the frame, None where the file is the frame."""

    def of(dataset: Dataset, file: Path, known: list[str] | None = None) -> Taken:
        with Engine(threads=1) as engine:
            accept.prepare(engine)
            if known is not None:
                values = [exp.select(exp.alias_(exp.Literal.string(k), "uscc")) for k in known]
                frame: exp.Query = values[0]
                for value in values[1:]:
                    frame = exp.union(frame, value, distinct=False)
                engine.create("frame", frame)
            table = raw.read(engine, dataset, file)
            counts = accept.accept(engine, dataset, table, frame=None if known is None else "frame")
            data = engine.arrow(exp.select("*").from_(f"data_{dataset.id}").order_by("row_"))
            names = ("row", "column", "value", "reason")
            lines = engine.rows(
                exp.select(*[exp.column(name, quoted=True) for name in names])
                .from_(accept.QUARANTINE)
                .order_by(*[exp.column(name, quoted=True) for name in names])
            )
        return Taken(counts.read, data.to_pylist(), lines, table, counts)

    return of


@pytest.fixture(scope="session")
def codes() -> list[str]:
    """Credit codes with right check digits, nobody's."""
    made = []
    for number in range(12):
        subject = f"MK0000{number:02d}"
        first17 = f"91990001{subject}{credit_code.organisation_check(subject)}"
        made.append(first17 + credit_code.check_digit(first17))
    return made


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Write rows, or text, or bytes as a CSV file."""

    def of(content: str | bytes | list[list[str]], name: str = "figures.csv") -> Path:
        if isinstance(content, list):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(content)
            content = text.getvalue()
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return of
