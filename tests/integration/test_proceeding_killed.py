"""kill -9 at any moment of a proceeding leaves its last whole state; the next act works."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cityforge.brain.evaluation.proceedings.acts import Objection, Ruling, Step
from cityforge.brain.runs import proceeding, proceeding_results
from cityforge.brain.runs.proceeding import Proceeding
from cityforge.brain.runs.proceeding_told import check

ROOT = Path(__file__).parents[2]
CITY = ROOT / "tests" / "cities" / "lanhe"
AS_OF = "2025-09-30"
Command = Callable[..., tuple[int, str]]

# Objects, rules and computes again and again, each time for another enterprise; tells what stands.
WORK = """
import sys
from decimal import Decimal
from pathlib import Path
import pyarrow.parquet as pq
from cityforge.brain.evaluation.proceedings.acts import Objection, Ruling
from cityforge.brain.runs import proceeding
who = {"by": "a", "role": "b"}
of = proceeding.open_(Path(sys.argv[1]))
facts = pq.read_table(of.snapshot.folder / "tables/enterprises.parquet").to_pylist()
def work(rounds):
    for _ in range(rounds):
        held = proceeding.docket(of)
        row = facts[len(held.objections) % len(facts)]
        right = (row["tax_paid"] or Decimal(0)) + 1 + len(held.objections)
        if not held.open_objections:
            proceeding.record(of, Objection(
                uscc=row["uscc"], fact="tax_paid", year=of.year, stated=row["tax_paid"],
                right=right, reason="r"), **who)
            held = proceeding.docket(of)
        for id in held.open_objections:
            right = held.objection(id).right
            proceeding.record(of, Ruling(
                objection=id, outcome="upheld", value=right, grounds="g"), **who)
        if not proceeding.docket(of).is_current:
            proceeding.rerun(of, why="w", **who)
"""
LOOP = WORK + "\nprint('ready', flush=True)\nwork(len(facts))\n"
# Kills itself at one exact step: what no clock can hit reliably.
AT_A_STEP = (
    WORK
    + """
import os, pathlib, signal
from cityforge.brain.runs import proceeding_journal, proceeding_results, store
owners = {"Path": pathlib.Path, "os": os, "journal": proceeding_journal, "store": store,
          "results": proceeding_results}
owner, name, moment, count = owners[sys.argv[2]], sys.argv[3], sys.argv[4], int(sys.argv[5])
original, calls = getattr(owner, name), 0

def dying(*arguments, **named):
    global calls
    calls += 1
    if calls < count:
        return original(*arguments, **named)
    if moment == "after":
        original(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, dying)
work(1)
"""
)


@pytest.fixture(scope="module")
def prepared(cityforge: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    size = ["--above-scale", 40, "--below-scale", 10, "--as-of", AS_OF, "--seed", 1]
    assert cityforge("mock", CITY, "--out", folder / "data", *size)[0] == 0
    asked = ["--data", folder / "data", "--as-of", AS_OF, "--out", folder / "runs", "--no-report"]
    assert cityforge("run", CITY, *asked)[0] == 0
    return folder


@pytest.fixture
def of(prepared: Path, tmp_path: Path) -> Proceeding:
    """A proceeding in which enterprises check their data, with one version."""
    runs = Path(shutil.copytree(prepared / "runs", tmp_path / "runs"))
    snapshot = runs / (runs / "latest").read_text("utf-8").strip()
    made = proceeding.begin(snapshot, by="a", role="b")
    steps = [Step(to="listed"), Step(to="collected"), Step(to="checked")]
    proceeding.record(made, *steps, by="a", role="b")
    proceeding.rerun(made, by="a", role="b", why="first")
    return made


def run(code: str, of: Proceeding, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, str(of.snapshot.folder), *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def check_whole(of: Proceeding, before: list[str]) -> list[str]:
    """Every line that stood still stands, every version is what the journal says of it."""
    journal = proceeding.read(of)
    hashes = [link.hash for link in journal.links]
    assert hashes[: len(before)] == before
    assert check(of) == []
    for version in proceeding.docket(of).versions:
        rows = proceeding_results.rows(of.folder, version)
        assert pc.sum(pc.equal(rows["status"], "rated")).as_py() > 20
        assert pq.read_metadata(
            proceeding_results.file_of(of.folder, version.version)
        ).num_rows == len(rows)
    return hashes


def check_next(of: Proceeding, before: list[str]) -> None:
    """One more round works and leaves nothing of the killed one behind."""
    for id in proceeding.docket(of).open_objections:
        value = proceeding.docket(of).objection(id).right
        act = Ruling(objection=id, outcome="upheld", value=value, grounds="g")
        proceeding.record(of, act, by="a", role="b")
    facts = pq.read_table(of.snapshot.folder / "tables/enterprises.parquet").to_pylist()
    last = facts[-1]
    act = Objection(
        uscc=last["uscc"], fact="tax_paid", year=of.year, stated=last["tax_paid"],
        right=Decimal(7), reason="r",
    )  # fmt: skip
    [entry] = proceeding.record(of, act, by="a", role="b")
    ruling = Ruling(objection=entry.id, outcome="upheld", value=Decimal(7), grounds="g")
    proceeding.record(of, ruling, by="a", role="b")
    proceeding.rerun(of, by="a", role="b", why="next")
    assert len(check_whole(of, before)) >= len(before) + 3
    held = proceeding.docket(of)
    assert held.is_current and not held.open_objections
    left = {path.name for path in (of.folder / "results").iterdir()}
    assert left == {f"{version.version:04d}" for version in held.versions}
    beside = {path.name.split(".torn-")[0] for path in of.folder.iterdir()}
    assert beside == {".lock", "journal.jsonl", "results"}


@pytest.mark.parametrize(
    "step",
    [
        ("journal", "append", "before", 1),
        ("os", "fsync", "before", 1),  # the objection is written, but not yet flushed
        ("journal", "append", "after", 2),
        ("results", "write", "after", 1),
        ("Path", "rename", "before", 1),
        ("Path", "rename", "after", 1),
        ("journal", "append", "before", 3),  # the version stands, its line does not
    ],
    ids=lambda step: "-".join(map(str, step)),
)
def test_killed_at_a_step(of: Proceeding, step: tuple[str, str, str, int]) -> None:
    before = check_whole(of, [])
    done = run(AT_A_STEP, of, *step)
    _, said = done.communicate(timeout=120)
    assert done.returncode == -signal.SIGKILL, said
    check_next(of, check_whole(of, before))


def test_killed_at_many_moments(of: Proceeding) -> None:
    stood = check_whole(of, [])
    first = len(stood)
    for i in range(4):
        process = run(LOOP, of)
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(0.2 + 0.5 * i)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        stood = check_whole(of, stood)
    assert len(stood) > first
    check_next(of, stood)
