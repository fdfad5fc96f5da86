"""A snapshot folder as it is read: its record, its city, its tables. Never written here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cityforge.brain.city import folder as city_folder
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.keyed import Keyed
from cityforge.brain.errors import CityRefused, RunRefused, Text
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies.matching import Population, table_of

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One finished run. `run` is run.json; tables are read when asked for."""

    folder: Path
    run: dict[str, Any]
    city: City

    @property
    def year(self) -> int:
        return int(self.run["year"])

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.run["as_of"])

    @property
    def simulated(self) -> bool:
        return bool(self.run["simulated"])

    def scheme(self, scheme: str | None = None) -> Scheme:
        """A scheme of this run, by id; the first one without. Raises RunRefused."""
        ran = [entry["id"] for entry in self.run["schemes"]]
        chosen = scheme or (ran[0] if ran else "")
        if chosen not in ran:
            raise RunRefused(
                Text(
                    zh=f"本次运行没有评价方案“{chosen}”；可用：{'、'.join(ran) or '无'}",
                    en=f"This run has no scheme '{chosen}'; it has: {', '.join(ran) or 'none'}.",
                )
            )
        return self.city.schemes[chosen]

    def table(self, name: str, *, only: Sequence[str] | None = None) -> pa.Table:
        """A table of the snapshot, or some of its columns. Raises RunRefused where it is absent."""
        path = self.folder / "tables" / f"{name}.parquet"
        if not path.is_file():
            raise _broken(self.folder, f"tables/{name}.parquet")
        return pq.read_table(path, columns=None if only is None else list(only))

    def enterprise(self, table: str, who: str) -> dict[str, Any]:
        """The row of an enterprise by its code, or by its name where one alone bears it.

        Raises RunRefused where there is no such enterprise, or no such table.
        """
        path = self.folder / "tables" / f"{table}.parquet"
        if not path.is_file():
            raise _broken(self.folder, f"tables/{table}.parquet")
        found = keyed(path).rows(who.strip().upper())
        if found.num_rows != 1:
            found = pq.read_table(path, filters=pc.field("name") == who.strip())
        if found.num_rows == 1:
            (row,) = found.to_pylist()
            return dict(row)
        raise RunRefused(
            Text(
                zh=f"本次运行没有代码或名称唯一为“{who}”的企业；请核对统一社会信用代码",
                en=f"This run has no one enterprise with the code or name '{who}'; check the code.",
            )
        )

    def population(self, year: int | None = None) -> Population:
        """The facts by which policies are judged that look at a year; the newest without.

        Raises RunRefused where the city had no policies.
        """
        table = self.table(table_of(year or self.year, self.year))
        return Population.of(table, day=self.as_of, parameters=bindings(self.city, self.as_of))

    def evaluation(
        self, scheme: Scheme, year: int, *, only: Sequence[str] | None = None
    ) -> pa.Table:
        """What a scheme said in one year: a row an enterprise, in the order of the snapshot.

        only  columns to read: of a wide table a few are much sooner read
        """
        columns = None if only is None else [*only, "year"]
        table = self.table(f"evaluation_{scheme.id}", only=columns)
        return table.filter(pc.equal(table["year"], year))


def read(folder: Path) -> Snapshot:
    """Open a snapshot. Raises RunRefused (not a snapshot) or CityRefused (its city copy)."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(folder, "run.json") from error
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        raise RunRefused(
            Text(
                zh=f"{folder} 的快照格式不是 {FORMAT}；请用写出它的版本打开，或重新运行",
                en=f"The snapshot format of {folder} is not {FORMAT}; open it with the version "
                "that wrote it, or run again.",
            )
        )
    city, problems = city_folder.read(folder / "city")
    faults = [problem for problem in problems if problem.severity == "error"]
    if city is None or faults:
        raise CityRefused(faults)
    return Snapshot(folder, run, city)


@lru_cache(maxsize=32)
def keyed(path: Path) -> Keyed:
    """A table of a snapshot as its rows are looked up; a snapshot is never altered."""
    return Keyed(path)


def _broken(folder: Path, name: str) -> RunRefused:
    return RunRefused(
        Text(
            zh=f"{folder} 不是完整的快照：读不到 {name}；请指明 cityforge run 写出的文件夹",
            en=f"{folder} is not a whole snapshot: cannot read {name}. "
            "Name a folder that cityforge run wrote.",
        )
    )
