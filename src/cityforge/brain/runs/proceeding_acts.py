"""Acts as people write them at the command line: `fact=value`, files as evidence."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

import pyarrow.compute as pc

from cityforge.brain.city import dictionary
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.prepared import Prepared, prepare
from cityforge.brain.evaluation.proceedings.acts import Evidence, Objection, Ruling, Step
from cityforge.brain.evaluation.proceedings.stages import STAGES, Stage
from cityforge.brain.facts import correction
from cityforge.brain.facts.correction import Value
from cityforge.brain.runs import evaluating, proceeding
from cityforge.brain.runs.proceeding import Proceeding

Outcome = Literal["upheld", "partly", "rejected"]
OUTCOMES: tuple[Outcome, ...] = ("upheld", "partly", "rejected")


def prepared_of(of: Proceeding) -> Prepared:
    """The scheme with its expressions read."""
    return prepare(dictionary.build(of.snapshot.city), of.scheme)


def step(to: str) -> Step:
    """To a stage. Raises RunRefused where there is none of that name."""
    if to not in STAGES:
        raise RunRefused(
            Text(
                zh=f"没有“{to}”这一步；有：{'、'.join(STAGES)}",
                en=f"no stage '{to}'; there are: {', '.join(STAGES)}",
            )
        )
    return Step(to=to)


def lengths(given: Sequence[str]) -> dict[Stage, int]:
    """Working days of stages, each as `published=5`. Raises RunRefused where one is not."""
    found: dict[Stage, int] = {}
    for text in given:
        name, _, count = text.partition("=")
        if not count.isdigit() or not int(count):
            raise RunRefused(
                Text(zh=f"“{text}”应写成 步骤=工作日数", en=f"'{text}' should read stage=days")
            )
        found[step(name.strip()).to] = int(count)
    return found


def objection(
    of: Proceeding, uscc: str, right: str, *, reason: str, files: Sequence[Path] = ()
) -> Objection:
    """An objection to one fact of the year evaluated: `right` as `fact=value`.

    Raises RunRefused where the fact or enterprise is unknown, or a file cannot be read.
    """
    code = uscc.strip().upper()
    book = dictionary.build(of.snapshot.city)
    wanted = correction.read(book, code, of.year, right)
    return Objection(
        uscc=code,
        fact=wanted.fact,
        year=of.year,
        stated=_stated(of, code, wanted.fact),
        right=wanted.value,
        reason=reason,
        evidence=tuple(_evidence(file) for file in files),
    )


def ruling(
    of: Proceeding, objection: str, outcome: str, *, grounds: str, value: str | None = None
) -> Ruling:
    """A ruling on an objection of the proceeding. The value that holds is the one given; without,
    what the objection says is right where it is upheld, and what the data say where it is rejected.
    """
    entry = proceeding.docket(of).entries.get(objection)
    if entry is None or not isinstance(entry.act, Objection):
        raise RunRefused(
            Text(zh=f"没有编号 {objection} 的异议", en=f"there is no objection {objection}")
        )
    if outcome not in OUTCOMES or (outcome == "partly" and value is None):
        raise RunRefused(
            Text(
                zh="认定写 upheld、partly 或 rejected；partly 须写明认定的数（--value）",
                en="the outcome is upheld, partly or rejected; partly needs a value",
            )
        )
    about = entry.act
    holds: Value = about.right if outcome == "upheld" else about.stated
    if value is not None:
        book = dictionary.build(of.snapshot.city)
        holds = correction.read(book, about.uscc, about.year, f"{about.fact}={value}").value
    return Ruling(objection=objection, outcome=outcome, value=holds, grounds=grounds)


def _stated(of: Proceeding, uscc: str, fact: str) -> Value:
    """What holds of a fact now: what was ruled, else what the data say."""
    ruled = proceeding.docket(of).corrected
    if (uscc, of.year, fact) in ruled:
        return ruled[uscc, of.year, fact]
    facts = evaluating.evaluate(of.snapshot, of.scheme, year=of.year).facts
    found = facts.filter(pc.equal(facts["uscc"], uscc))
    if not found.num_rows:
        raise RunRefused(Text(zh=f"没有企业 {uscc}", en=f"there is no enterprise {uscc}"))
    return cast(Value, found[fact][0].as_py())


def _evidence(file: Path) -> Evidence:
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise RunRefused(
            Text(zh=f"佐证文件 {file} 读不到", en=f"the evidence {file} cannot be read")
        ) from error
    return Evidence(file=file.name, sha256=digest, description=file.name)
