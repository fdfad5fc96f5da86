"""What would change a grade: the smallest change that reaches the next better one.

Everyone else, base values and the averages that stand in for gaps are held. A change is of an
observed fact, in its own unit and to its last decimal: one unit less does not reach the grade.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.changing import Whole
from cityforge.brain.evaluation.prepared import Moment, Prepared
from cityforge.brain.evaluation.reasons.scorer import Scorer
from cityforge.brain.evaluation.reasons.standing import Standing
from cityforge.brain.evaluation.reasons.trials import Trials

Bools = npt.NDArray[np.bool_]
STEPS = 24  # of the first search, each so many times the one before
POINTS = 10_000  # a change of several facts is told in hundredths of a percent
FEW = 200  # facts of enterprises: up to so many are searched together
WIDEST = 3  # sets of up to so many facts are all looked at; beyond them all facts together


@dataclass(frozen=True, slots=True)
class Change:
    """One fact changed, in the unit of its column; `relative` to what it was (None: from zero)."""

    fact: str
    before: Decimal
    after: Decimal

    @property
    def relative(self) -> Decimal | None:
        return abs(self.after - self.before) / abs(self.before) if self.before else None


@dataclass(slots=True)
class Ways:
    """How one enterprise would reach the next better grade.

    target   None: it is in the best grade already
    singles  every fact that alone suffices, the smallest relative change first
    set_     where none does: the fewest facts that suffice together, all changed by one `share`
    blocked  a veto holds the grade: no number would lift it
    """

    uscc: str
    grade: str
    target: str | None
    singles: list[Change] = field(default_factory=list)
    set_: list[Change] = field(default_factory=list)
    share: Decimal | None = None
    blocked: str | None = None


def ways(
    prepared: Prepared,
    moment: Moment,
    rows: pa.Table,
    facts: pa.Table,
    *,
    only: Sequence[str] | None = None,
    with_sets: bool = True,
) -> list[Ways]:
    """What would lift each rated enterprise by one grade.

    rows, facts  a result and the facts it was made of, the same enterprises by credit code
    only         credit codes to look at; all rated without
    with_sets    where no single fact suffices, look for sets (some seconds for a city)
    returns      one for each enterprise asked that is rated, by credit code
    """
    rated = pc.equal(rows["status"], "rated")
    mine, own = rows.filter(rated), facts.filter(rated)
    standing = Standing.of(prepared, mine)
    order = {grade: i for i, grade in enumerate(standing.grades, start=1)}
    number = np.array([order[grade] for grade in mine["grade"].to_pylist()], np.int64)
    chosen = np.arange(mine.num_rows)
    if only is not None:
        chosen = np.flatnonzero(np.isin(np.array(mine["uscc"].to_pylist()), list(only)))
    codes = mine["uscc"].to_pylist()
    found = {
        int(i): Ways(
            codes[i],
            standing.grades[number[i] - 1],
            None if number[i] == 1 else standing.grades[number[i] - 2],
        )
        for i in chosen
    }
    below = chosen[number[chosen] > 1]
    blocked = _blocked(prepared, mine, number)
    for i in below:
        found[int(i)].blocked = blocked.get(int(i))
    below = np.array([i for i in below if found[int(i)].blocked is None], np.int64)
    if not len(below):
        return list(found.values())
    search = _Search.of(prepared, moment, mine, own, standing, below, number[below] - 1)
    for i, change in search.singles():
        found[int(below[i])].singles.append(change)
    for way in found.values():
        way.singles.sort(key=lambda change: (change.relative is None, change.relative or 0))
    open_ = np.array([i for i in below if not found[int(i)].singles], np.int64)
    if with_sets and len(open_):
        search = _Search.of(prepared, moment, mine, own, standing, open_, number[open_] - 1)
        for i, share, changes in search.sets():
            found[int(open_[i])].set_, found[int(open_[i])].share = changes, share
    return list(found.values())


def _blocked(prepared: Prepared, rows: pa.Table, number: Whole) -> dict[int, str]:
    """Rows whose grade a veto set, with its id."""
    if not prepared.limits:
        return {}
    vetoes = {limit.id for limit, _ in prepared.limits if limit.at_most is not None}
    held = rows["limited_by"].to_pylist()
    return {i: name for i, name in enumerate(held) if name in vetoes and number[i] > 1}


@dataclass(frozen=True)
class _Search:
    """Some enterprises, each aiming at a grade, and the facts that may be changed."""

    scorer: Scorer
    standing: Standing
    who: Whole
    targets: Whole
    levers: dict[str, float]
    trials: Callable[..., Trials]

    @classmethod
    def of(
        cls,
        prepared: Prepared,
        moment: Moment,
        rows: pa.Table,
        facts: pa.Table,
        standing: Standing,
        who: Whole,
        targets: Whole,
    ) -> "_Search":
        scorer = Scorer.of(prepared, moment, rows, facts, take=who)
        stated = {lever.fact: lever.by_at_most for lever in prepared.scheme.levers}
        names = stated or dict.fromkeys(scorer.levers, "100%")
        levers = {name: float(by.removesuffix("%")) / 100 for name, by in names.items()}
        usable = {name: by for name, by in levers.items() if scorer.changing.whole(name)}
        trials = partial(Trials.of, prepared, moment, rows, facts, standing)
        return cls(scorer, standing, who, targets, usable, trials)

    def reached(self, changed: dict[str, Whole]) -> Bools:
        scored = self.scorer.scored(changed)
        return self.standing.reaches(
            self.who, self.targets, scored.totals, scored.values, scored.limits
        )

    def singles(self) -> Iterator[tuple[int, Change]]:
        """The smallest sufficient change of each fact alone, in the order of the levers."""
        if len(self.who) * len(self.levers) <= FEW:
            yield from self._together()
            return
        for fact in self.levers:
            yield from self.single(fact)

    def _together(self) -> Iterator[tuple[int, Change]]:
        """The same for few enterprises: a problem for each, each fact and each way."""
        names, n = list(self.levers), len(self.who)
        problems = [(at, sign) for at in range(len(names)) for sign in (1, -1)]
        if not problems:
            return
        wholes = [self.scorer.changing.whole(name) for name in names]
        most = [
            self._most(whole[0], whole[1], self.levers[names[at]], sign)
            for at, sign in problems
            if (whole := wholes[at]) is not None
        ]

        def moved(scorer: Scorer, changes: Whole) -> dict[str, Whole]:
            laid = changes.reshape(len(problems), -1)
            columns = {}
            for at, name in enumerate(names):
                whole = scorer.changing.whole(name)
                assert whole is not None
                columns[name] = whole[0].reshape(len(problems), -1).copy()
                columns[name][2 * at] += laid[2 * at]
                columns[name][2 * at + 1] -= laid[2 * at + 1]
            return {name: numbers.reshape(-1) for name, numbers in columns.items()}

        limits = np.concatenate(most)
        trials = self.trials(
            who=np.tile(self.who, len(problems)),
            targets=np.tile(self.targets, len(problems)),
            moved=moved,
        )
        steps = [_step(limits, step) for step in range(1, STEPS + 1)]
        low, high = trials.first(np.stack(steps, axis=1))
        least = trials.between(low, high).reshape(len(names), 2, n)
        for at, name in enumerate(names):
            whole = wholes[at]
            assert whole is not None
            numbers, _, scale = whole
            for i in range(n):
                up, down = int(least[at, 0, i]), int(least[at, 1, i])
                if up or down:
                    delta = up if up and (not down or up <= down) else -down
                    before = int(numbers[i])
                    yield i, Change(name, _decimal(before, scale), _decimal(before + delta, scale))

    def single(self, fact: str) -> Iterator[tuple[int, Change]]:
        """The smallest sufficient change of one fact, up or down."""
        whole = self.scorer.changing.whole(fact)
        assert whole is not None
        numbers, known, scale = whole
        best = np.full(len(numbers), np.iinfo(np.int64).max)
        sign_of = np.ones(len(numbers), np.int64)
        for sign in (1, -1):
            most = self._most(numbers, known, self.levers[fact], sign)
            delta = self._least(fact, numbers, most, sign)
            better = (delta > 0) & (delta < best)
            best[better], sign_of[better] = delta[better], sign
        for i in np.flatnonzero(best < np.iinfo(np.int64).max):
            after = int(numbers[i]) + int(sign_of[i] * best[i])
            yield int(i), Change(fact, _decimal(int(numbers[i]), scale), _decimal(after, scale))

    def _most(self, numbers: Whole, known: Bools, share: float, sign: int) -> Whole:
        """How far each may be changed: a share of itself; from zero, of what is usual."""
        usual = np.abs(numbers[known & (numbers != 0)])
        size = np.where(numbers == 0, int(np.median(usual)) if len(usual) else 0, np.abs(numbers))
        most = np.floor(size * share).astype(np.int64)
        if sign < 0:
            # Nothing is brought to zero or below: a ratio to nothing is no way to a grade.
            most = np.minimum(most, np.maximum(numbers - 1, 0))
        return np.where(known, most, 0)

    def _least(self, fact: str, numbers: Whole, most: Whole, sign: int) -> Whole:
        """The least sufficient change within `most`, in whole units; 0 where there is none."""

        def reached(delta: Whole) -> Bools:
            return self.reached({fact: numbers + sign * delta}) & (delta > 0)

        low, high = np.zeros_like(most), np.zeros_like(most)
        is_open = (most > 0) & ~np.zeros(len(most), np.bool_)
        for step in range(1, STEPS + 1):
            trial = _step(most, step)
            if not is_open.any():
                break
            now = is_open & reached(np.where(is_open, trial, 0))
            high = np.where(now, trial, high)
            low = np.where(is_open & ~now, trial, low)
            is_open &= ~now
        return self._between(low, high, reached)

    def _between(self, low: Whole, high: Whole, reached: Callable[[Whole], Bools]) -> Whole:
        """By halves: `low` does not reach (or is 0), `high` does; 0 where there is no `high`."""
        while True:
            apart = (high > 0) & (high - low > 1)
            if not apart.any():
                return high
            middle = low + (high - low) // 2
            now = reached(np.where(apart, middle, high))
            high = np.where(apart & now, middle, high)
            low = np.where(apart & ~now, middle, low)

    def sets(self) -> Iterator[tuple[int, Decimal, list[Change]]]:
        """For each enterprise the fewest facts that suffice, changed by the least common share."""
        signs = self._signs()
        names = list(self.levers)
        is_open = np.ones(len(self.who), np.bool_)
        for size in (*range(2, WIDEST + 1), len(names)):
            best = np.zeros(len(self.who), np.int64)
            chosen: dict[int, tuple[str, ...]] = {}
            for some in combinations(names, size):
                least = self._least_share(some, signs, is_open, every=size <= WIDEST)
                better = (least > 0) & ((best == 0) | (least < best))
                best[better] = least[better]
                chosen |= {int(i): some for i in np.flatnonzero(better)}
            for i, some in sorted(chosen.items()):
                share = _decimal(int(best[i]), 4)
                yield i, share, self._changes(i, some, signs, best)
            is_open &= best == 0
            if not is_open.any():
                return

    def _signs(self) -> dict[str, Whole]:
        """Which way each fact raises the total; 0 where neither way does."""
        found = {}
        before = self.scorer.scored().totals
        for name in self.levers:
            totals = []
            for sign in (1, -1):
                moved = self._moved(name, np.full(len(self.who), POINTS // 100), sign)
                totals.append(self.scorer.scored({name: moved}).totals)
            up, down = (np.nan_to_num(total, nan=-np.inf) for total in totals)
            way = np.where(up >= down, 1, -1)
            found[name] = np.where(np.maximum(up, down) > before, way, 0)
        return found

    def _moved(self, name: str, share: Whole, sign: Whole | int) -> Whole:
        """A fact changed by hundredths of a percent, to its last decimal."""
        whole = self.scorer.changing.whole(name)
        assert whole is not None
        numbers = whole[0]
        return np.asarray(
            numbers + np.round(np.abs(numbers) * (share / POINTS)).astype(np.int64) * sign,
            np.int64,
        )

    def _least_share(
        self, some: tuple[str, ...], signs: dict[str, Whole], is_open: Bools, *, every: bool
    ) -> Whole:
        """The least common share of a set; `every`: each fact of it must matter."""
        most = int(min(self.levers[name] for name in some) * POINTS)
        joined = np.logical_and if every else np.logical_or
        usable = is_open & joined.reduce([signs[name] != 0 for name in some])
        # Nothing is brought to zero.
        falls = np.logical_or.reduce([signs[name] < 0 for name in some])
        limit = np.where(falls, min(most, POINTS - 1), most)

        def reached(share: Whole) -> Bools:
            moved = {name: self._moved(name, share, signs[name]) for name in some}
            return self.reached(moved) & (share > 0)

        if not usable.any():
            return np.zeros(len(self.who), np.int64)
        now = usable & reached(np.where(usable, limit, 0))
        high = np.where(now, limit, 0)
        return self._between(np.zeros_like(high), high, reached)

    def _changes(
        self, i: int, some: tuple[str, ...], signs: dict[str, Whole], share: Whole
    ) -> list[Change]:
        changes = []
        for name in some:
            whole = self.scorer.changing.whole(name)
            assert whole is not None
            numbers, _, scale = whole
            after = int(self._moved(name, share, signs[name])[i])
            if after != int(numbers[i]):
                before = _decimal(int(numbers[i]), scale)
                changes.append(Change(name, before, _decimal(after, scale)))
        return changes


def _step(most: Whole, step: int) -> Whole:
    """A trial of the first search: `most` at the last step, each before a root of two smaller."""
    trial = np.maximum(np.floor(most * 2.0 ** ((step - STEPS) / 2)), 1).astype(np.int64)
    return np.asarray(np.minimum(trial, most), np.int64)


def _decimal(number: int, scale: int) -> Decimal:
    return Decimal(number).scaleb(-scale)
