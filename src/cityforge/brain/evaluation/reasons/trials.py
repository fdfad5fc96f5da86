"""Least sufficient changes of few enterprises: many trials are scored at once, not one by one.

A scoring of one row costs what one of a thousand does. The answers are those of the search by
halves, whose next five questions, whatever the answers, are 31 numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.engines.kernel.changing import Whole
from cityforge.brain.evaluation.prepared import Moment, Prepared
from cityforge.brain.evaluation.reasons.scorer import Scorer
from cityforge.brain.evaluation.reasons.standing import Standing

Bools = npt.NDArray[np.bool_]
Moved = Callable[[Scorer, Whole], Mapping[str, Whole]]
DEPTH = 5  # halvings asked at once
LANES = 2**DEPTH - 1


@dataclass(frozen=True)
class Trials:
    """Problems, each of one enterprise that aims at a grade by some change of its own.

    scorer   over the enterprises of the problems, each LANES times
    moved    the facts that a change of each row means
    """

    scorer: Scorer
    standing: Standing
    who: Whole
    targets: Whole
    moved: Moved

    @classmethod
    def of(
        cls,
        prepared: Prepared,
        moment: Moment,
        rows: pa.Table,
        facts: pa.Table,
        standing: Standing,
        *,
        who: Whole,
        targets: Whole,
        moved: Moved,
    ) -> "Trials":
        """who: the row of each problem's enterprise, `targets` the number of its grade."""
        take = np.repeat(who, LANES)
        scorer = Scorer.of(prepared, moment, rows, facts, take=take)
        return cls(scorer, standing, take, np.repeat(targets, LANES), moved)

    def reached(self, changes: Whole) -> Bools:
        """Whether each change of a problem (a row of up to LANES) reaches its grade."""
        asked = changes.shape[1]
        laid = np.zeros((len(changes), LANES), np.int64)
        laid[:, :asked] = changes
        flat = laid.reshape(-1)
        scored = self.scorer.scored(self.moved(self.scorer, flat))
        found = self.standing.reaches(
            self.who, self.targets, scored.totals, scored.values, scored.limits
        )
        return np.asarray((found & (flat > 0)).reshape(laid.shape)[:, :asked])

    def first(self, trials: Whole) -> tuple[Whole, Whole]:
        """Of each problem's trials, least first: the last that does not reach, the first that does;
        0 where there is none."""
        found = self.reached(trials)
        at = found.argmax(axis=1)
        row = np.arange(len(trials))
        high = np.where(found.any(axis=1), trials[row, at], 0)
        low = np.where(at > 0, trials[row, np.maximum(at - 1, 0)], 0)
        return low, high

    def between(self, low: Whole, high: Whole) -> Whole:
        """By halves: `low` does not reach (or is 0), `high` does; 0 where there is no `high`."""
        while ((high > 0) & (high - low > 1)).any():
            middles = _middles(low, high)
            found = self.reached(middles)
            node = np.zeros(len(low), np.int64)
            row = np.arange(len(low))
            for _ in range(DEPTH):
                apart = (high > 0) & (high - low > 1)
                now, middle = found[row, node], middles[row, node]
                high = np.where(apart & now, middle, high)
                low = np.where(apart & ~now, middle, low)
                node = np.minimum(2 * node + 1 + now, LANES - 1)
        return high


def _middles(low: Whole, high: Whole) -> Whole:
    """The questions of DEPTH halvings as a tree: at 2n + 1 the next after a no, at 2n + 2 a yes."""
    lows, highs = (np.empty((len(low), LANES), np.int64) for _ in range(2))
    lows[:, 0], highs[:, 0] = low, high
    for node in range(LANES // 2):
        middle = lows[:, node] + (highs[:, node] - lows[:, node]) // 2
        lows[:, 2 * node + 1], highs[:, 2 * node + 1] = middle, highs[:, node]
        lows[:, 2 * node + 2], highs[:, 2 * node + 2] = lows[:, node], middle
    return np.asarray(lows + (highs - lows) // 2, np.int64)
