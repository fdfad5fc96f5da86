"""Whom a policy is for (免申名单): every entitled enterprise with its amount and what it rests on.

Coverage: of those entitled, how many hold the title or received the money already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY
from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op
from cityforge.brain.policies import matching
from cityforge.brain.policies.candidates.allowed import Allowed, Known
from cityforge.brain.policies.fiscal import groupings
from cityforge.brain.policies.fiscal.outcome import Outcome, Truths
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.values.size_class import SizeClass

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Basis:
    """One clause that a candidate meets (under `none`: that does not hold of it) and its facts."""

    condition: Condition
    holds: bool
    facts: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entitled enterprise not served yet.

    size         None where a figure is lacking, or may not be shown
    fen          what it would be paid; None where that is not known, or no money
    priced_by    the facts the amount rests on
    provisional  something of it rests on what the enterprise declared itself
    """

    row: int
    uscc: str
    name: str | None
    district: str | None
    industry: str | None
    size: SizeClass | None
    fen: int | None
    basis: tuple[Basis, ...]
    priced_by: tuple[Known, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of those entitled, how many are served.

    by       what tells it: the register of the title, or money received; None: nothing does
    served   entitled and served; not_told: entitled, and it is not known whether served
    others   served without being entitled now, as far as known
    """

    entitled: int
    by: Literal["title", "received"] | None = None
    served: int = 0
    not_told: int = 0
    others: int = 0

    @property
    def share(self) -> float | None:
        """Served of those of whom it is told."""
        told = self.entitled - self.not_told
        return self.served / told if self.by is not None and told else None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Most money first, then by the order of the population; `total` in 分."""

    prepared: Prepared
    listed: tuple[Candidate, ...]
    coverage: Coverage

    @property
    def total(self) -> int:
        return sum(one.fen or 0 for one in self.listed)


def candidates(found: Outcome, population: Population, allowed: Allowed) -> Candidates:
    """The candidates of a policy. Who holds its title, or received all of it, is not among them."""
    rows = np.flatnonzero(waiting(found, population))
    money = np.where(found.priced, found.fen, _NOBODY)[rows]
    rows = rows[np.argsort(-money, kind="stable")]
    listed = tuple(_listed(found, population, allowed, rows))
    return Candidates(found.prepared, listed, coverage(found, population))


def waiting(found: Outcome, population: Population) -> Truths:
    """Who is entitled and, as far as known, not served."""
    return found.true & ~_served(found, population).true


def coverage(found: Outcome, population: Population) -> Coverage:
    """How many of the entitled are served."""
    served = _served(found, population)
    told = served.true | served.false
    return Coverage(
        entitled=int(found.true.sum()),
        by=served.by,
        served=int((found.true & served.true).sum()),
        not_told=int((found.true & ~told).sum()) if served.by is not None else 0,
        others=int((served.true & ~found.true).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Served:
    by: Literal["title", "received"] | None
    true: Truths
    false: Truths


def _served(found: Outcome, population: Population) -> _Served:
    """Who holds the title or received the money in full; known true and known false."""
    prepared, nobody = found.prepared, np.zeros(population.rows, np.bool_)
    title = prepared.version.benefit.title
    if title is not None:
        name = f"{Op.REGISTER.value}:{title}"
        if not population.frame.holds(name):
            return _Served("title", nobody, nobody)
        held = population.table.column(name)
        return _Served("title", _where(held), _where(pc.invert(held)))
    if prepared.received is None:
        return _Served(None, nobody, nobody)
    received = program.values(
        prepared.received,
        population.frame,
        as_of=population.day,
        parameters=population.parameters,
    )
    some = pc.greater(received.cast(pa.float64()), 0.0)
    full = _where(some) & found.priced & (found.fen == 0)
    return _Served("received", full, _where(pc.is_valid(received)) & ~full)


def _where(truths: pa.Array | pa.ChunkedArray) -> Truths:
    return np.asarray(pc.fill_null(truths, fill_value=False), np.bool_)


def _listed(
    found: Outcome, population: Population, allowed: Allowed, rows: npt.NDArray[np.int64]
) -> Iterator[Candidate]:
    prepared = found.prepared
    table = population.table.take(rows)
    here = Population.of(table, day=population.day, parameters=population.parameters)
    leaves = list(_leaves(prepared.condition, wanted=True))
    met = _met(leaves, here)
    sizes = groupings.sizes(allowed.book, here)
    shows_size = all(
        allowed.shows(name) for name in groupings.FIGURES if name in allowed.book.facts
    )
    money = [one for one in (prepared.amount, prepared.received) if one is not None]
    priced_by = sorted({name for one in money for name in check.columns(one)})
    for place, values in enumerate(table.to_pylist()):
        row = int(rows[place])
        basis = tuple(
            Basis(leaf, wanted, allowed.known(sorted(check.columns(leaf.truth)), values))
            for (leaf, wanted), plane in zip(leaves, met, strict=True)
            if plane[place]
        )
        paid_by = allowed.known(priced_by, values)
        known = [*paid_by, *(fact for one in basis for fact in one.facts)]
        yield Candidate(
            row=row,
            uscc=values["uscc"],
            name=values.get("name"),
            district=values.get(DISTRICT),
            industry=values.get(INDUSTRY),
            size=SizeClass(int(sizes[place])) if shows_size and sizes[place] >= 0 else None,
            fen=int(found.fen[row]) if found.priced[row] else None,
            basis=basis,
            priced_by=paid_by,
            provisional=any(fact.declared for fact in known),
        )


def _leaves(condition: Condition, *, wanted: bool) -> Iterator[tuple[Condition, bool]]:
    """Every clause that is an expression, and whether it is wanted true or false."""
    if not condition.parts:
        yield condition, wanted
    inner = wanted if condition.clause.none is None else not wanted
    for part in condition.parts:
        yield from _leaves(part, wanted=inner)


def _met(leaves: Sequence[tuple[Condition, bool]], here: Population) -> list[Truths]:
    """For each leaf the rows in which it is as wanted."""
    planes = matching.truths([leaf.truth for leaf, _ in leaves], here)
    return [
        unpacked((planes.true if wanted else planes.false)[number], planes.rows)
        for number, (_, wanted) in enumerate(leaves)
    ]
