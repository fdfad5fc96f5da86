"""Policy matching beside its peers: one workload, one run, each contender in its own process.

    python bench/policies.py [--rows 1000000] [--policies 1000] [--rounds 5]

Contenders take turns; a ratio is the median of the ratios of common rounds. A contender that has
spent a minute sits out the rounds that remain. Peers that do not fit the memory or the patience
decide a sample, evenly spread, and are compared by the time of a decision. Every answer is
compared with ours. The peak of memory is that of the contender's own process.
Goals are those of DESIGN, section 6, on two cores.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

import numpy as np

import contenders
import kernel_workload as workload
from cityforge.brain.engines.kernel.planes import Planes, unpacked
from contenders import Contender
from peers import kernel
from shown import least, most, say, table

NUMPY, POLARS, DUCKDB = "ours, NumPy alone", "Polars", "DuckDB columns"
OPENFISCA, ZEN, CEL = "OpenFisca-core", "GoRules Zen", "CEL (C++)"
OURS = "ours, compiled" if kernel.is_built() else NUMPY
CONTENDERS = {
    OURS: "peers.kernel:Compiled",
    NUMPY: "peers.kernel:Numpy",
    POLARS: "peers.polars:Polars",
    DUCKDB: "peers.duckdb:DuckDB",
    OPENFISCA: "peers.openfisca:OpenFisca",
    ZEN: "peers.zen:Zen",
    CEL: "peers.cel:Cel",
}
SAMPLES = {OPENFISCA: 500_000, ZEN: 500, CEL: 500}
TIMES = {POLARS: 4, DUCKDB: 40, OPENFISCA: 10, ZEN: 4_000, CEL: 4_000}
TIMES_OF_ONE = {POLARS: 5, DUCKDB: 10}
RATE = 2e9  # decisions a second
PASSES = 5  # memory passes
PATIENCE = 60  # seconds
ONES = 21  # policies asked one by one
CHANGES = 220  # changed facts
TURN = 22  # each of the columns once
MANY = 5_000  # policies


@dataclass(slots=True)
class Taken:
    """Seconds of one contender. The first call stands apart: it prepares what the next find."""

    contender: Contender
    first: float
    warm: list[float] = field(default_factory=list)

    @property
    def rounds(self) -> list[float]:
        """The warm ones; where the first outlasted our patience it is all there is."""
        return self.warm or [self.first]

    def times(self, ours: "Taken") -> float:
        """How many times as long as ours a decision takes."""
        scale = ours.contender.decisions / self.contender.decisions
        return ratio(self.rounds, ours.rounds) * scale


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table at the end; the fields are its columns."""

    work: str
    who: str
    median: str
    figure: str = ""
    goal: str = ""
    verdict: str = ""
    enterprises: str = ""
    first: str = ""
    peak: str = ""
    differing: int | None = None


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--policies", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    say(workload.described(given.rows, workload.policies(given.policies)))
    samples = ", ".join(f"{name} {most:,}" for name, most in SAMPLES.items())
    say(f"at most so many enterprises, compared by the time of a decision: {samples}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contenders.save(workload.table(given.rows), folder)
        answers, lines = every_policy(folder, given.policies, given.rounds)
        lines += one_enterprise(folder, given.policies, answers)
        lines += many_policies(folder, given.rounds, answers)
    say()
    table(
        [one.name for one in fields(Line)],
        [["" if cell is None else str(cell) for cell in astuple(one)] for one in lines],
    )
    if any(one.differing for one in lines):
        raise SystemExit("answers differ")


def every_policy(folder: Path, policies: int, rounds: int) -> tuple[Planes, list[Line]]:
    """Every policy for every enterprise, then one new policy for all of them; our answers."""
    started = {name: start(name, folder, policies) for name in CONTENDERS}
    ours = started[OURS]
    taken, passes = in_turns(started, rounds)
    peaks = {name: one.peak() for name, one in started.items()}
    lines = of_one_policy({name: started[name] for name in (OURS, NUMPY, *TIMES_OF_ONE)})
    answers = ours.ask("answers")
    assert isinstance(answers, Planes)
    show_shares(answers)
    differing = {name: differences(one, answers) for name, one in started.items()}
    for one in started.values():
        one.stop()
    first = [
        of_contender(name, one, taken[OURS], peaks[name], differing[name])
        for name, one in taken.items()
    ]
    return answers, [*first, *of_passes(passes, taken), *lines]


def start(name: str, folder: Path, policies: int) -> Contender:
    say(f"{name}: columns and policies are prepared")
    return contenders.start(CONTENDERS[name], folder, policies=policies, most=SAMPLES.get(name))


def in_turns(started: dict[str, Contender], rounds: int) -> tuple[dict[str, Taken], list[float]]:
    """Seconds of every contender, and of the memory pass between them."""
    taken = {name: Taken(one, one.seconds("match")) for name, one in started.items()}
    passes = []
    for number in range(rounds):
        for one in taken.values():
            if one.first + sum(one.warm) < PATIENCE:
                one.warm.append(one.contender.seconds("match"))
        passes.append(started[OURS].seconds("memory_pass"))
        say(f"round {number + 1} of {rounds}")
    started[OURS].ask("match")  # the pass wrote over its answers
    return taken, passes


def of_contender(name: str, one: Taken, ours: Taken, peak: float, differing: int) -> Line:
    median, times = statistics.median(one.rounds), one.times(ours)
    rate = one.contender.decisions / median
    is_ours = name in (OURS, NUMPY)
    return Line(
        "every policy, every enterprise",
        name,
        f"{median:.3f} s",
        f"{rate:.2e}/s" + ("" if name == OURS else f", {times:,.1f}x ours"),
        *(least(rate, RATE, "/s") if is_ours else least(times, TIMES[name])),
        f"{one.contender.rows:,}",
        f"{one.first:.2f} s",
        f"{peak:,.0f} MiB",
        differing,
    )


def of_passes(passes: list[float], taken: dict[str, Taken]) -> list[Line]:
    found = ratio(taken[OURS].rounds, passes)
    return [
        Line(
            "columns read, planes written",
            "memory pass",
            f"{statistics.median(passes):.3f} s",
            f"ours takes {found:.1f} passes",
            *most(found, PASSES),
        )
    ]


def of_one_policy(started: dict[str, Contender]) -> list[Line]:
    """One new policy for every enterprise, the columns at hand; each of several, once."""
    taken: dict[str, list[float]] = {name: [] for name in started}
    for number in range(ONES):
        for name, one in started.items():
            taken[name].append(one.seconds("match_one", number))
    return [
        Line(
            "one new policy, every enterprise",
            name,
            milliseconds(found),
            "" if name == OURS else f"{ratio(found, taken[OURS]):.1f}x ours",
            *(
                least(ratio(found, taken[OURS]), TIMES_OF_ONE[name])
                if name in TIMES_OF_ONE
                else most(statistics.median(found) * 1000, 5, " ms")
            ),
            f"{started[name].rows:,}",
        )
        for name, found in taken.items()
    ]


def one_enterprise(folder: Path, policies: int, answers: Planes) -> list[Line]:
    """One fact of one enterprise changed, every policy decided anew, beside Zen from scratch."""
    ours = contenders.start("peers.resident:OneEnterprise", folder, policies=policies, most=500)
    zen = start(ZEN, folder, policies)
    ours.ask("match")
    differing = differences(ours, answers)
    changes, reasons, theirs = [], [], []
    for first in range(0, CHANGES, TURN):
        numbers = range(first, first + TURN)
        changes += ours.turn("change", numbers)
        reasons += ours.turn("change_with_reasons", [number + CHANGES for number in numbers])
        theirs += zen.turn("match_record", numbers)
    peak = f"{ours.peak():,.0f} MiB"
    ours.stop()
    zen.stop()
    times = ratio(theirs, changes)
    work = "one fact changed, every policy"
    return [
        Line(work, "ours, decisions", milliseconds(changes), worst(changes),
             *most(statistics.median(changes) * 1000, 0.5, " ms"), "1", "", peak, differing),
        Line(work, "ours, all reasons", milliseconds(reasons), worst(reasons),
             *most(statistics.median(reasons) * 1000, 5, " ms"), "1"),
        Line(work, ZEN, milliseconds(theirs), f"{times:.1f}x ours", *least(times, 20), "1"),
    ]  # fmt: skip


def many_policies(folder: Path, rounds: int, answers: Planes) -> list[Line]:
    """Five times as many policies, a piece of the enterprises at a time: counts, bounded memory."""
    ours = contenders.start("peers.kernel:InPieces", folder, policies=MANY)
    first = ours.seconds("match")
    warm = [(ours.seconds("match"), ours.seconds("memory_pass")) for _ in range(rounds)]
    peak = ours.peak()
    true, false = ours.ask("counts")
    ours.stop()
    wanted = answers.counts()
    known = len(wanted.true)  # the first of the many are the policies of before
    differing = int((true[:known] != wanted.true).sum() + (false[:known] != wanted.false).sum())
    seconds, passes = (list(found) for found in zip(*warm, strict=True))
    median, found = statistics.median(seconds), ratio(seconds, passes)
    rate = ours.decisions / median
    return [
        Line(
            f"{MANY:,} policies, every enterprise",
            OURS,
            f"{median:.3f} s",
            f"{rate:.2e}/s, {found:.1f} memory passes",
            *least(rate, RATE, "/s"),
            f"{ours.rows:,}",
            f"{first:.2f} s",
            f"{peak:,.0f} MiB",
            differing,
        )
    ]


def differences(one: Contender, answers: Planes) -> int:
    """Decisions of its sample that are not ours."""
    theirs = one.ask("answers")
    assert isinstance(theirs, Planes)
    found = 0
    for number in range(len(answers.true)):
        sides = ((answers.true, theirs.true), (answers.false, theirs.false))
        apart = [
            unpacked(ours[number], answers.rows)[:: one.every] != unpacked(other[number], one.rows)
            for ours, other in sides
        ]
        found += int(np.logical_or(*apart).sum())
    return found


def show_shares(answers: Planes) -> None:
    counts = answers.counts()
    total = answers.rows * len(answers.true)
    true, false = int(counts.true.sum()) / total, int(counts.false.sum()) / total
    say(f"{true:.1%} of the decisions are true, {1 - true - false:.1%} unknown")


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """The median over common rounds."""
    return statistics.median(a / b for a, b in zip(these, those, strict=False))


def milliseconds(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.3f} ms"


def worst(seconds: Sequence[float]) -> str:
    return f"worst of twenty {statistics.quantiles(seconds, n=20)[-1] * 1000:.2f} ms"


if __name__ == "__main__":
    main()
