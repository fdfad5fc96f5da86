"""A list as a file: CSV line by line, or a workbook. Text stays text in both."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from cityforge.portal.analytics import dossiers

Line = tuple[str, ...]


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(heads: Line, lines: Iterable[Line]) -> Iterator[str]:
    """Lines of a CSV that spreadsheets read as UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(heads)
    for line in lines:
        yield writer.writerow([dossiers.in_csv(cell) for cell in line])


def workbook(title: str, note: str, heads: Line, lines: Iterable[Line], widths: Line) -> bytes:
    """An .xlsx with its note above a header that stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for at, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJKL"[at]].width = float(width)
    sheet.freeze_panes = "A3"

    def cell(value: str, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet)
        dossiers.in_workbook(made, value)
        made.font = Font(bold=bold)
        return made

    sheet.append([cell(note)])
    sheet.append([cell(head, bold=True) for head in heads])
    for line in lines:
        sheet.append([cell(value) for value in line])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.xlsx"
        book.save(file)
        return file.read_bytes()
