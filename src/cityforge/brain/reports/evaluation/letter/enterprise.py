"""One enterprise of a result, with all that a letter tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Part
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.reasons.changes import Ways, ways
from cityforge.brain.evaluation.reasons.why import Why, why
from cityforge.brain.expr import check
from cityforge.brain.reports import provenance
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.fact_names import dated
from cityforge.brain.reports.provenance import Provenance


@dataclass(frozen=True)
class Enterprise:
    """`row` of the newest result; `before` of the year before, None where it has none."""

    results: Results
    row: dict[str, Any]
    before: dict[str, Any] | None

    @property
    def uscc(self) -> str:
        return str(self.row["uscc"])

    @property
    def is_rated(self) -> bool:
        return bool(self.row["status"] == "rated")

    @property
    def part(self) -> Part | None:
        return next((p for p in self.results.scheme.parts if p.id == self.row["part"]), None)

    @property
    def group(self) -> Text:
        """The ranking group in words."""
        names, row = self.results.names, self.row
        told = [names.value(one, row[one]) for one in self.results.scheme.groups]
        told.append(wording.part(self.results, row["part"]))
        return Text(zh="·".join(t.zh for t in told), en=" · ".join(t.en for t in told))

    @cached_property
    def why(self) -> Why | None:
        return why(self.results.prepared, self.results.now.rows, self.uscc)

    @cached_property
    def ways(self) -> Ways | None:
        now = self.results.now
        found = ways(self.results.prepared, now.moment, now.rows, now.facts, only=[self.uscc])
        return found[0] if found else None

    @cached_property
    def past(self) -> dict[str, Any]:
        """What follows from its grades over the years."""
        return self.results.consequences.of(self.uscc)

    def sources(self) -> Iterator[tuple[Provenance, Any]]:
        """The observed facts that its result rests on, with their values.

        Of a rated enterprise those of its indicators; of another those of the conditions by which
        it is not rated.
        """
        prepared, now = self.results.prepared, self.results.now
        part = next((p for p in prepared.parts if p.part.id == self.row["part"]), None)
        if self.is_rated and part is not None:
            reads = [one.expression for one in part.indicators]
        else:
            reads = list(prepared.conditions)
        used = {name for typed in reads for name in check.names(typed)}
        values = now.facts.filter(pc.equal(now.facts["uscc"], self.uscc)).to_pylist()[0]
        for fact in prepared.book.rests_on(sorted(used)):
            if fact.name in values:
                origin = provenance.of(self.results.names, fact.name, year=now.year)
                yield origin, values[dated(fact.name)[0]]


def find(results: Results, who: str) -> Enterprise:
    """An enterprise by credit code, or by its whole name where only one bears it.

    Raises RunRefused where there is no such one.
    """
    wanted = who.strip()
    for column, value in (("uscc", wanted.upper()), ("name", wanted)):
        found = _rows(results.now.rows, column, value)
        if len(found) == 1:
            code = found[0]["uscc"]
            past = _rows(results.before.rows, "uscc", code) if results.before else []
            return Enterprise(results, found[0], past[0] if past else None)
    raise RunRefused(
        Text(
            zh=f"评价结果中没有代码或名称唯一为“{wanted}”的企业；请核对统一社会信用代码",
            en=f"The result has no one enterprise with the code or name '{wanted}'; check it.",
        )
    )


def _rows(table: pa.Table, column: str, value: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.filter(pc.equal(table[column], value)).to_pylist()
    return rows
