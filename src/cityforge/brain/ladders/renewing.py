"""Titles that run out soon, each with the rule of its renewal and what stands in the way of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.ladders import titles as held
from cityforge.brain.ladders.prepared import (
    Climb,
    Part,
    Step,
    Truths,
    parts,
    renewal_rule,
    renewal_version,
)
from cityforge.brain.ladders.titles import Title
from cityforge.brain.policies import matching
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Expiring:
    """One title that runs out within the days of alert.

    rule     by which it is renewed; None: no rule is known, nothing is said of it
    unmet    clauses that the data say are not met; unknown: those that lack a fact
    """

    step: Step
    title: Title
    row: int
    rule: Prepared | None
    unmet: tuple[Part, ...] = ()
    unknown: tuple[Part, ...] = ()


def renewal_parts(step: Step, rule: Prepared) -> tuple[Part, ...]:
    """The clauses by which a title is renewed: without those not asked then, and without the title
    beneath, which came first once."""
    own = parts(step.rung, rule, step.before)
    return tuple(
        part for part in own if part.id not in step.renewal.skips and part.role != "before"
    )


def expiring(
    city: City,
    book: Dictionary,
    climb: Climb,
    by_step: Mapping[str, Population],
    table: pa.Table,
) -> list[Expiring]:
    """All titles of a ladder that run out soon, the soonest first."""
    found: list[Expiring] = []
    for step in climb.steps:
        register = step.rung.register_
        if register is None:
            continue
        own = [held.alerted(one, step) for one in held.listed(table, register, day=climb.day)]
        due = [one for one in own if one.alert is not None]
        found += _judged(city, book, step, by_step[step.id], due)
    return sorted(found, key=lambda one: (one.title.days_left or 0, one.step.id, one.title.uscc))


def _judged(
    city: City, book: Dictionary, step: Step, population: Population, due: Iterable[Title]
) -> Iterable[Expiring]:
    codes = population.table.column("uscc").to_pylist()
    place = {code: row for row, code in enumerate(codes)}
    by_end: dict[date, list[Title]] = {}
    for title in due:
        if title.uscc in place and title.valid_until is not None:
            by_end.setdefault(title.valid_until, []).append(title)
    known: dict[date, tuple[Prepared, tuple[Part, ...], Truths, Truths]] = {}
    for end, titles in by_end.items():
        start = renewal_version(city, step, until=end)
        rule = renewal_rule(city, book, step, until=end) if start not in known else None
        if start is None or (start not in known and rule is None):
            yield from (Expiring(step, title, place[title.uscc], None) for title in titles)
            continue
        if rule is not None:
            own = renewal_parts(step, rule)
            known[start] = (rule, own, *_truths(own, population))
        rule, own, true, false = known[start]
        for title in titles:
            row = place[title.uscc]
            counted = [(i, part) for i, part in enumerate(own) if part.role != "manual"]
            yield Expiring(
                step,
                title,
                row,
                rule,
                tuple(part for i, part in counted if false[i, row]),
                tuple(
                    part
                    for i, part in counted
                    if part.role != "awaited" and not true[i, row] and not false[i, row]
                ),
            )


def _truths(own: tuple[Part, ...], population: Population) -> tuple[Truths, Truths]:
    planes = matching.truths([part.condition.truth for part in own], population)
    return (
        np.stack([unpacked(plane, planes.rows) for plane in planes.true]),
        np.stack([unpacked(plane, planes.rows) for plane in planes.false]),
    )
