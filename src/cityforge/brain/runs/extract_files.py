"""What was extracted as a file: Parquet for machines; CSV and Excel with words, made harmless."""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.intake import formulas

ENDINGS = (".parquet", ".xlsx", ".csv")
MOST_ROWS = 1_048_575  # of a sheet, under its header

_TITLES = {
    "row": "行号",
    "uscc": "统一社会信用代码",
    "name": "企业名称",
    "district": "区县（认出）",
    "township": "乡镇街道（认出）",
    "township_code": "乡镇街道代码",
    "place_from": "依据来自",
    "place_evidence": "依据的文字",
    "place_guess": "是否推测",
    "place_elsewhere": "是否外地",
    "place_moved": "是否区划调整",
    "capital": "注册资本（原币，元）",
    "currency": "币种",
    "capital_flags": "注册资本标记",
    "capital_problem": "注册资本问题",
    "industry_inferred": "行业大类（推断）",
    "industry_confidence": "推断把握",
    "industry_because": "推断依据",
    "industry_others": "其他可能",
}
_WORDS: dict[Any, str] = {
    True: "是",
    False: "",
    "address": "住所",
    "name": "名称",
    "zero_stated": "写明为0",
    "currency_assumed": "按人民币",
    "implausible": "大得可疑",
}
_SPOKEN = ("place_from", "place_guess", "place_elsewhere", "place_moved", "capital_flags")


def check(out: Path) -> None:
    """Raises RunRefused, before any work, where the ending or the folder will not do."""
    if out.suffix.lower() not in ENDINGS:
        known = "、".join(ENDINGS)
        raise RunRefused(
            Text(zh=f"“{out.name}”的扩展名应为 {known}", en=f"'{out.name}' must end in {known}")
        )
    if not out.parent.is_dir():
        raise RunRefused(
            Text(
                zh=f"没有文件夹 {out.parent}，请先新建",
                en=f"no such folder: {out.parent}; make it first",
            )
        )


def write(table: pa.Table, out: Path, *, districts: Mapping[str, str]) -> None:
    """Write the whole file, then put it in its place: no reader finds half of one.

    districts   title of each district id: Parquet keeps the ids, a reader gets the titles
    """
    part = out.with_name(f".{out.name}.part")
    try:
        if out.suffix.lower() != ".parquet":
            table = _with_titles(table, districts)
        _WRITERS[out.suffix.lower()](table, part)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _with_titles(table: pa.Table, districts: Mapping[str, str]) -> pa.Table:
    titles = [None if d is None else districts[d] for d in table["district"].to_pylist()]
    place = table.column_names.index("district")
    return table.set_column(place, "district", pa.array(titles, pa.string()))


def _parquet(table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, compression="zstd")


def _csv(table: pa.Table, file: Path) -> None:
    # The mark at the beginning tells Excel that it is UTF-8.
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(_TITLES[name] for name in table.column_names)
        for row in _rows(table):
            lines.writerow(formulas.in_csv(v) if isinstance(v, str) else v for v in row)


def _xlsx(table: pa.Table, file: Path) -> None:
    if table.num_rows > MOST_ROWS:
        raise RunRefused(
            Text(
                zh=f"{table.num_rows:,} 行超过一个 Excel 工作表的上限，请写成 .csv 或 .parquet",
                en=f"{table.num_rows:,} rows are more than a sheet holds: write .csv or .parquet",
            )
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("提取结果")
    sheet.freeze_panes = "A2"
    sheet.append([_TITLES[name] for name in table.column_names])
    for row in _rows(table):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            formulas.in_workbook(cell, value)
            cells.append(cell)
        sheet.append(cells)
    book.save(file)


_WRITERS = {".parquet": _parquet, ".csv": _csv, ".xlsx": _xlsx}


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows as a reader wants them: words for marks, plain numbers, no empty marks."""
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [
            [_said(value) if name in _SPOKEN else _plain(value) for value in column.to_pylist()]
            for name, column in zip(table.column_names, batch.columns, strict=True)
        ]
        yield from zip(*columns, strict=True)


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return "、".join(_WORDS[word] for word in value.split())
    return _WORDS.get(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return int(whole) if whole == value else value.normalize()
    return round(value, 3) if isinstance(value, float) else value
