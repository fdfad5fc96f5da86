"""The rows of one key out of Parquet, without reading the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import local
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


class _Group(NamedTuple):
    """A row group; `bounds`: its least and its greatest key, where they are told."""

    file: Path
    metadata: pq.FileMetaData
    number: int
    bounds: tuple[str, str] | None


@dataclass(frozen=True)
class Keyed:
    """A Parquet file, or a folder of such, asked for the rows of one key, a column of text.

    Any order gives the right rows; sorted by the key few row groups are read. May be asked by
    several threads at once. The files are not to change.

    path  a file, or a folder whose *.parquet are read in the order of their names
    key   the column
    """

    path: Path
    key: str = "uscc"
    _groups: tuple[_Group, ...] = field(init=False, repr=False, compare=False)
    _of_thread: local = field(default_factory=local, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_groups", tuple(self._found()))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._schema.names)

    @cached_property
    def _schema(self) -> pa.Schema:
        return pq.read_schema(self._files()[0])

    def _files(self) -> list[Path]:
        return sorted(self.path.glob("*.parquet")) if self.path.is_dir() else [self.path]

    def _found(self) -> Iterator[_Group]:
        for file in self._files():
            metadata = pq.read_metadata(file)
            at = metadata.schema.names.index(self.key)
            for number in range(metadata.num_row_groups):
                told = metadata.row_group(number).column(at).statistics
                known = told is not None and told.has_min_max
                bounds = (told.min, told.max) if known else None
                yield _Group(file, metadata, number, bounds)

    def rows(self, value: str, only: Sequence[str] | None = None) -> pa.Table:
        """The rows of a key, in the order of the file; none where it has none.

        only  columns to read, those that are there: of a wide table a few are much sooner read
        """
        there = self.columns
        wanted = list(there) if only is None else [name for name in only if name in there]
        parts = [part for group in self._groups if (part := self._rows(group, value, wanted))]
        return pa.concat_tables(parts) if parts else self._schema.empty_table().select(wanted)

    def _rows(self, group: _Group, value: str, wanted: list[str]) -> pa.Table | None:
        if group.bounds and not group.bounds[0] <= value <= group.bounds[1]:
            return None
        columns = dict.fromkeys([self.key, *wanted])
        found = self._opened(group).read_row_group(
            group.number, columns=list(columns), use_threads=False
        )
        # A dictionary is asked for its words, not for its rows.
        same = pc.equal(found[self.key].combine_chunks().cast(pa.string()), value)
        places = pc.indices_nonzero(same)
        return found.select(wanted).take(places) if len(places) else None

    def _opened(self, group: _Group) -> pq.ParquetFile:
        """An open file is read by one thread at a time: each keeps its own."""
        files: dict[Path, pq.ParquetFile] = vars(self._of_thread).setdefault("files", {})
        if group.file not in files:
            files[group.file] = pq.ParquetFile(group.file, metadata=group.metadata)
        return files[group.file]
