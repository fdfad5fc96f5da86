"""What follows from grades over the years: how long in the grade, which rules and measures hold.

A year in which an enterprise was not rated breaks its run. What would hang on years before the
first known one is not guessed: it is unknown, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.scheme_grading import HistoryRule, Measure

Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
NONE = -1


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows for each enterprise of the newest year.

    years  the years looked at, consecutive, newest last
    table  one row an enterprise by credit code: `uscc`, `grade` (null: not rated), `years_running`
           in that grade and `since` which year (null: not rated), `maybe_longer` (the run reaches
           back to the first year known); of each history rule `rule_<id>` (null: hangs on years
           not known); of each resource `measure_<resource>`, the number of the line of
           `scheme.consequences` that applies (null: none), and `maybe_<resource>` (a line of more
           years may apply: the years before are not known)
    """

    scheme: Scheme
    years: tuple[int, ...]
    table: pa.Table

    @property
    def resources(self) -> list[str]:
        return list(dict.fromkeys(measure.resource for measure in self.scheme.consequences))

    def of(self, uscc: str) -> dict[str, Any]:
        """The row of one enterprise. Raises KeyError where the newest year has no such one."""
        rows: list[dict[str, Any]] = self.table.filter(
            pc.equal(self.table["uscc"], uscc)
        ).to_pylist()
        if not rows:
            raise KeyError(uscc)
        return rows[0]

    def measures(self, row: Mapping[str, Any]) -> list[Measure]:
        """The measures that apply to an enterprise, those of the most years first."""
        numbers = [row[f"measure_{resource}"] for resource in self.resources]
        found = [(self.scheme.consequences[i], i) for i in numbers if i is not None]
        return [measure for measure, i in sorted(found, key=lambda pair: (-pair[0].years, pair[1]))]

    def rules(self, row: Mapping[str, Any]) -> list[HistoryRule]:
        """The history rules that hold of an enterprise."""
        return [rule for rule in self.scheme.history if row[f"rule_{rule.id}"]]


def follow(scheme: Scheme, results: Mapping[int, pa.Table]) -> Consequences:
    """What follows from the results of consecutive years.

    results  by year, tables with `uscc` and `grade` (null: not rated); an enterprise that a year
             lacks was not rated in it
    Raises ValueError where there is no year, or a year between two is left out.
    """
    years = tuple(sorted(results))
    if not years or years[-1] - years[0] != len(years) - 1:
        raise ValueError(f"results of consecutive years are needed, not of {list(years)}")
    newest = results[years[-1]].sort_by("uscc")
    past = _Past.of(scheme, newest, [results[year] for year in years])
    run = past.running(None)
    rated = past.grades[-1] != NONE
    columns: dict[str, Any] = {
        "uscc": newest["uscc"],
        "grade": newest["grade"],
        "years_running": pa.array(run, pa.int32(), mask=~rated),
        "since": pa.array(years[-1] - run + 1, pa.int32(), mask=~rated),
        "maybe_longer": past.is_open(run),
    }
    for rule in scheme.history:
        run = past.running(rule.grades)
        columns[f"rule_{rule.id}"] = pa.array(
            run >= rule.years, pa.bool_(), mask=past.is_open(run) & (run < rule.years)
        )
    for resource in dict.fromkeys(measure.resource for measure in scheme.consequences):
        number, maybe = past.measured(scheme.consequences, resource)
        columns[f"measure_{resource}"] = pa.array(number, pa.int32(), mask=number == NONE)
        columns[f"maybe_{resource}"] = maybe
    return Consequences(scheme, years, pa.table(columns))


@dataclass(frozen=True, slots=True)
class _Past:
    """The grades of some enterprises by year as numbers; NONE: not rated."""

    names: Sequence[str]
    grades: list[Whole]

    @classmethod
    def of(cls, scheme: Scheme, newest: pa.Table, tables: Sequence[pa.Table]) -> "_Past":
        names = scheme.grading.grades
        known = pa.array(names, pa.string())
        codes = newest["uscc"].combine_chunks()
        grades = []
        for table in tables:
            at = pc.index_in(codes, table["uscc"].combine_chunks())
            graded = pc.cast(table["grade"].combine_chunks(), pa.string()).take(at)
            number = pc.fill_null(pc.index_in(graded, known), NONE)
            grades.append(np.asarray(number.to_numpy(zero_copy_only=False), np.int64))
        return cls(names, grades)

    def running(self, some: Sequence[str] | None) -> Whole:
        """Years running up to the newest in some of the grades; without, in the newest's own."""
        wanted = [i for i, name in enumerate(self.names) if some is None or name in some]
        newest = self.grades[-1]
        run = np.zeros(len(newest), np.int64)
        unbroken = np.isin(newest, wanted)
        for year in reversed(self.grades):
            unbroken &= year == newest if some is None else np.isin(year, wanted)
            run += unbroken
        return run

    def is_open(self, run: Whole) -> Bools:
        """Whether a run reaches back to the first year known: it may be longer."""
        return np.asarray(run == len(self.grades))

    def measured(self, lines: Sequence[Measure], resource: str) -> tuple[Whole, Bools]:
        """Of the lines of one resource that fit the one of the most years, and whether one of more
        years may.

        Of two lines of as many years the higher value counts: surcharges are not added up.
        """
        order = sorted(
            (i for i, line in enumerate(lines) if line.resource == resource),
            key=lambda i: (-lines[i].years, -(lines[i].value or Decimal(0)), i),
        )
        found = np.full(len(self.grades[-1]), NONE, np.int64)
        maybe = np.zeros(len(found), np.bool_)
        for i in order:
            run = self.running(lines[i].grades)
            free = found == NONE
            fits = run >= lines[i].years
            maybe |= free & ~fits & self.is_open(run)
            found[free & fits] = i
        return found, maybe
