"""How sure a grade is: how often it stands when every input is off by its stated error.

Each draw moves all enterprises at once, ranks them anew and grades them; base values and averages
are held. And which grades hang on nothing but the way shares are rounded to whole enterprises.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.changing import Floats, Whole
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.grading import ROUNDINGS
from cityforge.brain.evaluation.prepared import Moment, Prepared, with_scheme
from cityforge.brain.evaluation.reasons.scorer import Scorer
from cityforge.brain.evaluation.reasons.standing import Standing

Bools = npt.NDArray[np.bool_]
DRAWS = 200


@dataclass(frozen=True)
class Sureness:
    """How often each rated enterprise got each grade.

    codes   credit codes, in the order of the result
    shares  of the draws, a column for each grade, best first
    kept    the share of its own grade
    rounding  whether another rounding of the shares would give another grade
    """

    codes: list[str]
    grades: list[str]
    shares: Floats
    kept: Floats
    rounding: Bools
    draws: int

    @property
    def table(self) -> pa.Table:
        """`uscc`, `sure_<grade>` of each, `kept`, `on_rounding`."""
        columns: dict[str, object] = {"uscc": self.codes}
        for i, grade in enumerate(self.grades):
            columns[f"sure_{grade}"] = self.shares[:, i]
        return pa.table(columns | {"kept": self.kept, "on_rounding": self.rounding})


def sureness(
    prepared: Prepared,
    moment: Moment,
    rows: pa.Table,
    facts: pa.Table,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    threads: int = 2,
) -> Sureness:
    """How sure the grades of a result are, by the errors its scheme states.

    Errors are normal and relative, one standard deviation as stated; nothing falls below zero. The
    same seed gives the same answer, whatever the threads. Raises RunRefused where no error is
    stated of any fact that the indicators rest on.
    """
    rated = pc.equal(rows["status"], "rated")
    mine, own = rows.filter(rated), facts.filter(rated)
    scorer = Scorer.of(prepared, moment, mine, own)
    standing = Standing.of(prepared, mine)
    errors = _errors(prepared, scorer)
    if not errors:
        raise RunRefused(
            Text(
                zh="方案没有写明所用数据的误差（errors），不能推算等次把握",
                en="the scheme states no errors of its data: how sure grades are is not known",
            )
        )

    def drawn(draw: int) -> Whole:
        chance = np.random.default_rng([seed, draw])
        changed = dict(_moved(scorer, errors, chance))
        scored = scorer.scored(changed)
        return standing.numbers(scored.totals, scored.values, scored.limits)

    counts = np.zeros((mine.num_rows, len(standing.grades)), np.int64)
    everyone = np.arange(mine.num_rows)
    with ThreadPoolExecutor(threads) as executor:
        for number in executor.map(drawn, range(draws)):
            counts[everyone, number - 1] += 1
    shares = counts / draws
    order = {grade: i for i, grade in enumerate(standing.grades)}
    at = np.array([order[grade] for grade in mine["grade"].to_pylist()], np.int64)
    return Sureness(
        mine["uscc"].to_pylist(),
        standing.grades,
        shares,
        shares[everyone, at] if len(at) else np.zeros(0),
        on_rounding(prepared, rows),
        draws,
    )


def on_rounding(prepared: Prepared, rows: pa.Table) -> Bools:
    """Whether another way to round shares would give a rated enterprise another grade."""
    mine = rows.filter(pc.equal(rows["status"], "rated"))
    hangs = np.zeros(mine.num_rows, np.bool_)
    scheme = prepared.scheme
    if scheme.grading.by != "rank_share" or not mine.num_rows:
        return hangs
    rank = np.asarray(mine["rank"].to_numpy(), np.int64)
    found = []
    for rounding in ROUNDINGS:
        grading = scheme.grading.model_copy(update={"rounding": rounding})
        other = with_scheme(prepared, scheme.model_copy(update={"grading": grading}))
        standing = Standing.of(other, mine)
        found.append((rank[:, None] > standing.cuts[standing.groups]).sum(axis=1))
    for one in found[1:]:
        hangs |= one != found[0]
    return hangs


def _errors(prepared: Prepared, scorer: Scorer) -> dict[str, float]:
    levers = scorer.levers
    return {
        one.fact: float(one.within.removesuffix("%")) / 100
        for one in prepared.scheme.errors
        if one.fact in levers and scorer.changing.whole(one.fact) is not None
    }


def _moved(
    scorer: Scorer, errors: dict[str, float], chance: np.random.Generator
) -> Iterator[tuple[str, Whole]]:
    for name, error in errors.items():
        whole = scorer.changing.whole(name)
        assert whole is not None
        noise = 1.0 + error * chance.standard_normal(len(whole[0]))
        yield name, np.rint(whole[0] * np.maximum(noise, 0.0)).astype(np.int64)
