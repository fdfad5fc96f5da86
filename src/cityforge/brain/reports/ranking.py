"""The ranking groups of one year as the tables show them: who was ranked with whom, the limits."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.place import Place
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Text

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One grade inside one group. An empty band (a small group) has count 0 and no limits."""

    grade: str
    count: int = 0
    first: int = 0
    last: int = 0
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A ranking group: the values of its key columns, how many it ranks, its bands best first."""

    key: Key
    part: str
    title: Text
    ranked: int
    bands: tuple[Band, ...]

    def place_of(self, grade: str) -> int:
        """The position of a grade among the bands, 0 the best."""
        return next(i for i, band in enumerate(self.bands) if band.grade == grade)


def key_columns(scheme: Scheme) -> list[str]:
    """The columns that name a group: the scheme's own, then the part."""
    return [*(name for name in scheme.groups if name != "part"), "part"]


def keys(table: pa.Table, scheme: Scheme) -> list[Key]:
    """The group of each row, by the values of its key columns."""
    columns = [table[name].to_pylist() for name in key_columns(scheme)]
    return [tuple(str(value) for value in key) for key in zip(*columns, strict=True)]


def groups(year: pa.Table, scheme: Scheme, place: Place) -> dict[Key, Group]:
    """Every ranking group of one year's evaluation, in the order of the city and scheme."""
    columns = key_columns(scheme)
    rated = year.filter(pc.equal(year["status"], "rated"))
    counted = rated.group_by([*columns, "grade"], use_threads=False).aggregate(
        [
            ("uscc", "count"),
            ("rank", "min"),
            ("rank", "max"),
            ("total", "min"),
            ("total", "max"),
            ("ranked", "max"),
        ]
    )
    found: dict[Key, dict[str, Band]] = {}
    ranked: dict[Key, int] = {}
    for row in counted.to_pylist():
        key = tuple(str(row[column]) for column in columns)
        ranked[key] = row["ranked_max"]
        found.setdefault(key, {})[row["grade"]] = Band(
            row["grade"],
            row["uscc_count"],
            row["rank_min"],
            row["rank_max"],
            row["total_min"],
            row["total_max"],
        )
    titles = _Titles(scheme, place)
    return {
        key: Group(
            key=key,
            part=key[-1],
            title=titles.of(key),
            ranked=ranked[key],
            bands=tuple(
                found[key].get(band.grade, Band(band.grade)) for band in scheme.grading.bands
            ),
        )
        for key in sorted(found, key=titles.order)
    }


class _Titles:
    """Names and order of groups: districts as the city lists them, parts as the scheme does."""

    def __init__(self, scheme: Scheme, place: Place) -> None:
        self.columns = key_columns(scheme)
        self.names = {d.id: Text(zh=d.title, en=d.title_en) for d in place.districts} | {
            part.id: Text(zh=part.title, en=part.title_en) for part in scheme.parts
        }
        self.positions = {name: i for i, name in enumerate(self.names)}

    def of(self, key: Key) -> Text:
        texts = [self.names.get(value, Text(zh=value, en=value)) for value in key]
        return Text(zh="·".join(t.zh for t in texts), en=" · ".join(t.en for t in texts))

    def order(self, key: Key) -> tuple[tuple[int, str], ...]:
        return tuple((self.positions.get(value, len(self.positions)), value) for value in key)
