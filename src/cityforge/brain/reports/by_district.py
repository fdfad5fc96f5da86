"""A scheme's result district by district: grades, points, medians, who rose and fell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Part, Scheme, SchemeIndicator
from cityforge.brain.errors import Text
from cityforge.brain.reports import rests_on, sentence
from cityforge.brain.reports.messages import text
from cityforge.brain.reports.snapshot import Snapshot

EXEMPT = "T"
_RATED = "rated"
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator whose medians are told; `parts` where not every part has it in this unit.

    formula  how it is computed, in words
    """

    indicator: SchemeIndicator
    parts: tuple[Part, ...]
    formula: Text

    @property
    def title(self) -> Text:
        own = self.indicator
        if not self.parts:
            return Text(zh=own.title, en=own.title_en)
        zh, en = (
            "、".join(one.title for one in self.parts),
            ", ".join(one.title_en for one in self.parts),
        )
        return Text(zh=f"{own.title}（{zh}）", en=f"{own.title_en} ({en})")


@dataclass(frozen=True, slots=True)
class Result:
    """A district, or all that are told of together.

    grades        enterprises by grade, T those that are exempt
    undetermined  lacking data to be rated
    before        rated enterprises by grade in the year before, where they were then
    moved         how many rose and fell a grade; None without a year before
    mean          of the total points of the rated
    medians       of each measure, in its unit
    """

    grades: dict[str, int]
    undetermined: int
    before: dict[str, int]
    moved: tuple[int, int] | None
    mean: float | None
    medians: dict[str, float | None]

    @property
    def rated(self) -> int:
        return sum(count for grade, count in self.grades.items() if grade != EXEMPT)


@dataclass(frozen=True, slots=True)
class District:
    """One district of the city, as a tile map has it; id "" gathers who is of no known one."""

    id: str
    title: Text
    short: Text
    tile: tuple[int, int]
    result: Result


@dataclass(frozen=True, slots=True)
class ByDistrict:
    """A scheme in the evaluation year. `movers`: `uscc`, `name`, `district`, `before`, `after`,
    `step` (grades risen, below zero: fallen), `place_before`, `place_after` (percent of the group,
    0 the top); who moved most first."""

    scheme: Scheme
    year: int
    sentence: Text
    grades: tuple[str, ...]
    measures: tuple[Measure, ...]
    whole: Result
    districts: tuple[District, ...]
    movers: pa.Table


def of(
    snapshot: Snapshot, scheme: str | None = None, *, districts: frozenset[str] | None = None
) -> ByDistrict:
    """A scheme of the run (the first without), of the whole city or of some districts.

    Raises RunRefused where the run has no such scheme.
    """
    chosen = snapshot.scheme(scheme)
    measures = tuple(_measures(chosen, dictionary.build(snapshot.city)))
    columns = ["uscc", "name", "district", "status", "part", "grade", "rank", "ranked", "total"]
    values = [f"value_{one.indicator.id}" for one in measures]
    now = snapshot.evaluation(chosen, snapshot.year, only=[*columns, *values])
    before = snapshot.evaluation(chosen, snapshot.year - 1, only=[*columns, *values[:1]])
    if districts is not None:
        wanted = pa.array(sorted(districts), pa.string())
        now, before = (one.filter(pc.is_in(one["district"], wanted)) for one in (now, before))
    counted = _Counted(chosen, measures, now, before)
    places = [
        one for one in snapshot.city.place.districts if districts is None or one.id in districts
    ]
    at = {one.id: counted.mask(one.id) for one in places}
    found = [
        District(
            one.id,
            Text(zh=one.title, en=one.title_en),
            Text(zh=one.short, en=one.title_en),
            one.tile,
            counted.result(*at[one.id]),
        )
        for one in places
    ]
    rest = tuple(~np.logical_or.reduce([pair[i] for pair in at.values()]) for i in (0, 1))
    if districts is None and rest[0].any():
        # Rows without a known district still count; leaving them out would break every total.
        title = text("elsewhere")
        tile = (max(one.tile[0] for one in found) + 1, min(one.tile[1] for one in found))
        found.append(District("", title, title, tile, counted.result(rest[0], rest[1])))
    whole = counted.result(np.ones(now.num_rows, bool), np.ones(before.num_rows, bool))
    return ByDistrict(
        scheme=chosen,
        year=snapshot.year,
        sentence=_sentence(snapshot, counted, whole, found, told_whole=districts is None),
        grades=tuple(counted.grades),
        measures=measures,
        whole=whole,
        districts=tuple(found),
        movers=counted.movers(),
    )


def _measures(scheme: Scheme, book: Dictionary) -> Iterator[Measure]:
    """The indicators of the first part; of another part the values in the same unit alone."""
    for one in scheme.parts[0].indicators:
        alike = tuple(
            part
            for part in scheme.parts
            if any((i.id, i.unit, i.title) == (one.id, one.unit, one.title)
                   for i in part.indicators)
        )  # fmt: skip
        formula = rests_on.in_words(book, one.expr)
        yield Measure(one, () if len(alike) == len(scheme.parts) else alike, formula)


class _Counted:
    """The two years as arrays, in which districts are but masks."""

    def __init__(
        self, scheme: Scheme, measures: tuple[Measure, ...], now: pa.Table, before: pa.Table
    ) -> None:
        self.grades = [band.grade for band in scheme.grading.bands]
        self.measures, self.now, self.before = measures, now, before
        self.status = now["status"].to_numpy()
        self.grade, self.grade_before = self._codes(now), self._codes(before)
        self.districts = now["district"].to_numpy()
        self.districts_before = before["district"].to_numpy()
        self.total = _floats(now["total"])
        self.values = {one.indicator.id: self._values(one) for one in measures}
        self.had = (self.grade_before >= 0).any()
        where = pc.index_in(before["uscc"], value_set=now["uscc"].combine_chunks())
        self.at = np.asarray(pc.fill_null(where, -1).to_numpy(), np.int64)
        self.step = self._steps()

    def mask(self, district: str) -> tuple[Bools, Bools]:
        return self.districts == district, self.districts_before == district

    def result(self, mine: Bools, then: Bools) -> Result:
        rated = mine & (self.grade >= 0)
        counts = np.bincount(self.grade[rated], minlength=len(self.grades))
        first = self.grade_before[then & (self.grade_before >= 0)]
        counts_before = np.bincount(first, minlength=len(self.grades))
        grades = {name: int(n) for name, n in zip(self.grades, counts, strict=True)}
        return Result(
            grades=grades | {EXEMPT: int((mine & (self.status == "exempt")).sum())},
            undetermined=int((mine & (self.status == "undetermined")).sum()),
            before={n: int(c) for n, c in zip(self.grades, counts_before, strict=True)},
            moved=(int((self.step[mine] > 0).sum()), int((self.step[mine] < 0).sum()))
            if self.had
            else None,
            mean=float(self.total[rated].mean()) if rated.any() else None,
            medians={name: _median(values[rated]) for name, values in self.values.items()},
        )

    def movers(self) -> pa.Table:
        """Who changed the grade."""
        back = np.full(self.now.num_rows, -1, np.int64)
        known = self.at >= 0
        back[self.at[known]] = np.flatnonzero(known)
        chosen = np.flatnonzero(self.step)
        then = self.before.take(back[chosen])
        here = self.now.take(chosen)
        first, second = _place(then), _place(here)
        codes = here["uscc"].to_pylist()
        order = sorted(
            range(len(chosen)),
            key=lambda i: (-abs(self.step[chosen[i]]), -abs(first[i] - second[i]), codes[i]),
        )
        return pa.table(
            {
                "uscc": here["uscc"],
                "name": here["name"],
                "district": here["district"],
                "before": then["grade"],
                "after": here["grade"],
                "step": self.step[chosen],
                "place_before": first,
                "place_after": second,
            }
        ).take(pa.array(order, pa.int64()))

    def headline_before(self) -> float | None:
        name = f"value_{self.measures[0].indicator.id}"
        return _median(_floats(self.before[name])[self.grade_before >= 0])

    def _codes(self, rows: pa.Table) -> Whole:
        """The number of the grade, the best 0; -1 of who is not rated."""
        graded = pc.if_else(pc.equal(rows["status"], _RATED), rows["grade"], None)
        found = pc.index_in(graded, value_set=pa.array(self.grades, pa.string()))
        return np.asarray(pc.fill_null(found, -1).to_numpy(), np.int64)

    def _values(self, measure: Measure) -> Floats:
        values = _floats(self.now[f"value_{measure.indicator.id}"])
        if measure.parts:
            inside = pa.array([one.id for one in measure.parts], pa.string())
            alike = pc.fill_null(pc.is_in(self.now["part"], inside), fill_value=False)
            values = np.where(alike.to_numpy(), values, np.nan)
        return values

    def _steps(self) -> Whole:
        """How many grades each rose; 0 where it was not rated both times."""
        found = np.zeros(self.now.num_rows, np.int64)
        both = (self.at >= 0) & (self.grade_before >= 0)
        both[both] = self.grade[self.at[both]] >= 0
        found[self.at[both]] = self.grade_before[both] - self.grade[self.at[both]]
        return found


def _sentence(
    snapshot: Snapshot, counted: _Counted, whole: Result, found: list[District], *, told_whole: bool
) -> Text:
    headline = counted.measures[0].indicator
    ends: list[tuple[float, Text]] = sorted(
        ((one.result.medians[headline.id] or 0.0, one.title)
         for one in found if one.id and one.result.medians[headline.id] is not None),
        key=lambda pair: pair[0],
    )  # fmt: skip
    named = Text(
        zh="、".join(one.title.zh for one in found), en=", ".join(one.title.en for one in found)
    )
    statuses = {
        _RATED: whole.rated,
        "exempt": whole.grades[EXEMPT],
        "undetermined": whole.undetermined,
    }
    before = counted.headline_before() if counted.had else None
    return sentence.of(
        snapshot,
        statuses=statuses,
        grades={grade: whole.grades[grade] for grade in counted.grades},
        median=sentence.of_median(headline, whole.medians[headline.id], before, ends),
        moved=whole.moved,
        named=None if told_whole else named,
    )


def _floats(column: Any) -> Floats:
    return np.asarray(column.to_numpy(), np.float64)


def _median(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None


def _place(rows: pa.Table) -> Floats:
    return 100.0 * _floats(rows["rank"]) / _floats(rows["ranked"])
