"""The files of a data folder: CSV with a byte-order mark (Excel reads it), and the lists beside.

Lines are joined column by column in Arrow; nothing depends on threads or on the order of a dict.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.mock.cells import Cells

_NEEDS_QUOTES = '[",\r\n]'


def open_csv(file: Path, headers: Sequence[str]) -> IO[bytes]:
    """A new CSV file with its header line written."""
    stream = file.open("wb")
    stream.write(("\ufeff" + ",".join(_quoted(header) for header in headers) + "\n").encode())
    return stream


def write_rows(stream: IO[bytes], columns: Sequence[Cells]) -> None:
    """Append rows given as text columns of equal length."""
    if not columns or not len(columns[0]):
        return
    cells = [_quoted_cells(column.fill_null("")) for column in columns]
    # The join puts its separator before the last piece: an empty one, for the line's end.
    lines = pc.binary_join_element_wise(*cells, ",") if len(cells) > 1 else cells[0]
    ended = pc.binary_join_element_wise(lines, "", "\n")
    for chunk in ended.chunks if isinstance(ended, pa.ChunkedArray) else [ended]:
        offsets, data = chunk.buffers()[1:]
        bounds = memoryview(offsets).cast("i")
        start, stop = bounds[chunk.offset], bounds[chunk.offset + len(chunk)]
        stream.write(memoryview(data)[start:stop])


def write_list(file: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A small CSV of words."""
    with open_csv(file, headers) as stream:
        for row in rows:
            stream.write((",".join(_quoted(cell) for cell in row) + "\n").encode())


def _quoted_cells(column: Cells) -> Cells:
    needs = pc.match_substring_regex(column, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), column)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '",\r\n') else cell
