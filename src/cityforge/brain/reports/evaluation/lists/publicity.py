"""The list of grades that is made public (公示名单): who, where, which grade, and nothing else.

It stands by district, grade and name, never by rank: the order must not tell what the list does
not. The credit code is shown where the city's contract says it is public.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import Language, RunRefused, Text
from cityforge.brain.intake import formulas
from cityforge.brain.reports.evaluation import set_page, wording
from cityforge.brain.reports.evaluation.lists import sheet
from cityforge.brain.reports.evaluation.lists.sheet import Cell, Column, Sheet
from cityforge.brain.reports.evaluation.lists.workbook import CODE, DISTRICT, GRADE, NAME, NUMBER
from cityforge.brain.reports.evaluation.period import NOT_SETTLED, Publicity
from cityforge.brain.reports.evaluation.results import Results

MOST_IN_PDF = 20_000


def write_publicity_csv(
    results: Results,
    file: Path,
    *,
    bom: bool = True,
    language: Language = "zh",
) -> Path:
    """Write the list as CSV in UTF-8, with a byte-order mark for Excel unless `bom` is off.

    In simulated data each row says so, for a row travels without its heading.
    """
    made = io.StringIO(newline="")
    out = csv.writer(made, lineterminator="\r\n")
    columns = _columns(results)
    mark = "；".join(one.say(language) for one in wording.marks(results))
    said = [Text(zh="说明", en="Note").say(language)] if mark else []
    out.writerow([column.title.say(language) for column in columns] + said)
    for row in _rows(results):
        cells = [cell.say(language) if isinstance(cell, Text) else str(cell) for cell in row]
        out.writerow([formulas.in_csv(cell) for cell in cells] + ([mark] if mark else []))
    return set_page.replace(file, made.getvalue().encode("utf-8-sig" if bom else "utf-8"))


def write_publicity_workbook(
    results: Results,
    file: Path,
    *,
    publicity: Publicity = NOT_SETTLED,
    language: Language = "zh",
) -> Path:
    """Write the list as a workbook of one sheet."""
    told = Sheet(
        Text(zh="公示名单", en="Publicity"),
        _title(results),
        _columns(results),
        _rows(results),
        marks=wording.marks(results),
        notes=_notes(results, publicity),
        freeze=2,
    )
    return sheet.write([told], file, language=language)


def write_publicity_pdf(
    results: Results,
    file: Path,
    *,
    publicity: Publicity = NOT_SETTLED,
    language: Language = "zh",
) -> Path:
    """Set the list on A4, the head on every page; the same list gives the same bytes.

    Raises RunRefused where the fonts are absent, or the list is longer than a print can serve.
    """
    rows = list(_rows(results))
    if len(rows) > MOST_IN_PDF:
        raise RunRefused(
            Text(
                zh=f"名单有 {len(rows):,} 家，超过 {MOST_IN_PDF:,} 家不排 PDF；请用 Excel 或 CSV",
                en=f"The list has {len(rows):,} enterprises; beyond {MOST_IN_PDF:,} it is written "
                "as a workbook or CSV only.",
            )
        )
    page = {
        "language": language,
        "title": _title(results).say(language),
        "marks": [mark.say(language) for mark in wording.marks(results)],
        "notes": [note.say(language) for note in _notes(results, publicity)],
        "columns": [column.title.say(language) for column in _columns(results)],
        "rows": [
            [cell.say(language) if isinstance(cell, Text) else str(cell) for cell in row]
            for row in rows
        ],
    }
    return set_page.write_pdf("lists/publicity.typ", page, file)


def is_code_public(results: Results) -> bool:
    """Whether the contract of the list of enterprises lets their codes be shown to all."""
    frame = results.snapshot.city.frame
    if frame is None:
        return False
    code = next((column for column in frame.columns if column.kind == "credit_code"), None)
    if code is None:
        return False
    return frame.sensitivity_of(code) == Sensitivity.PUBLIC


def _columns(results: Results) -> Sequence[Column]:
    code = [CODE] if is_code_public(results) else []
    return [NUMBER, NAME, *code, DISTRICT, GRADE]


def _title(results: Results) -> Text:
    head = wording.heading(results)
    return Text(zh=f"{head.zh}结果公示名单", en=f"{head.en}: list for publicity")


def _notes(results: Results, publicity: Publicity) -> list[Text]:
    return [
        publicity.period(results.scheme.publicity_days),
        publicity.objections,
        Text(
            zh="名单按属地、等级、名称排列，不表示名次。" + wording.NO_VERDICT.zh,
            en="By district, grade and name: the order is no ranking. " + wording.NO_VERDICT.en,
        ),
        wording.run(results),
    ]


def _rows(results: Results) -> Iterator[list[Cell]]:
    rated = results.rated.select(["uscc", "name", "district", "grade"])
    places = pa.array(list(results.districts), pa.string())
    grades = pa.array(results.scheme.grading.grades, pa.string())
    keys = pa.table(
        {
            "district": pc.index_in(rated["district"], places),
            "grade": pc.index_in(rated["grade"], grades),
            "name": rated["name"],
            "uscc": rated["uscc"],
        }
    )
    order = pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names])
    has_code = is_code_public(results)
    row: dict[str, Any]
    for number, row in enumerate(rated.take(order).to_pylist(), 1):
        code = [row["uscc"]] if has_code else []
        yield [number, row["name"], *code, results.district(row["district"]), row["grade"]]
