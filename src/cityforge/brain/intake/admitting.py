"""Whether a file that somebody hands over may be opened at all: before anything of it is read."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.intake import choice, signature
from cityforge.brain.intake.source_entry import SUFFIXES


def admit(file: Path, *, name: str) -> None:
    """Raises DataRefused for another kind of file, content that is not what the name says, a
    protected or damaged workbook, a zip bomb. Nothing of it is kept.

    name   what its owner calls it; the Problem names the file so
    """
    ending = file.suffix.lower()
    if ending not in SUFFIXES:
        endings = "、".join(SUFFIXES)
        what = Text(zh="不是可以报送的文件", en="is no file that can be delivered")
        hint = Text(zh=f"可以报送：{endings}", en=f"What can be delivered: {endings}")
        raise DataRefused([Problem(name, 0, 0, what, hint)])
    try:
        signature.check(file)
    except ValueRefused as error:
        raise DataRefused([Problem(name, 0, 0, error.what, error.hint)]) from error
    try:
        choice.first_rows(file)
        if ending == ".parquet":
            pq.read_schema(file)
    except DataRefused as error:
        found = [Problem(name, p.line, p.column, p.what, p.hint) for p in error.problems]
        raise DataRefused(found) from error
    except (OSError, pa.ArrowInvalid) as error:
        what = Text(zh="文件已损坏", en="the file is damaged")
        hint = Text(zh="重新导出后再报送", en="Export it again.")
        raise DataRefused([Problem(name, 0, 0, what, hint)]) from error
