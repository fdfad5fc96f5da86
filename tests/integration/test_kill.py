"""kill -9 at any moment leaves the previous snapshot whole, and the next run sweeps up."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CITY = ROOT / "tests" / "cities" / "lanhe"
AS_OF = "2025-09-30"
Command = Callable[..., tuple[int, str]]

# Kills itself at one exact step of the store: what no clock can hit reliably.
AT_A_STEP = """
import os, pathlib, signal, sys
from datetime import date
from cityforge.brain.runs import store
from cityforge.brain.runs.run import Asked, run

owner, name, moment = {"Path": pathlib.Path, "store": store}[sys.argv[1]], sys.argv[2], sys.argv[3]
count, original = int(sys.argv[4]), getattr(owner, name)
calls = 0

def dying(*arguments, **named):
    global calls
    calls += 1
    if calls < count:
        return original(*arguments, **named)
    if moment == "after":
        original(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, dying)
folder = pathlib.Path(sys.argv[5])
run(Asked(city=folder / "city", data=folder / "new", as_of=date(2025, 9, 30),
          out=folder / "runs", with_report=False))
"""


def mock(cityforge: Command, folder: Path, name: str, seed: int) -> None:
    size = ["--above-scale", 60, "--below-scale", 60]
    asked = ["--out", folder / name, "--as-of", AS_OF, "--seed", seed, *size]
    code, said = cityforge("mock", folder / "city", *asked)
    assert code == 0, said


def arguments(folder: Path, data: str) -> list[str]:
    where = ["--data", folder / data, "--as-of", AS_OF, "--out", folder / "runs", "--no-report"]
    return ["run", str(folder / "city"), *map(str, where)]


@pytest.fixture(scope="module")
def prepared(cityforge: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city with one snapshot, and newer data that wait to be run."""
    folder = tmp_path_factory.mktemp("prepared")
    shutil.copytree(CITY, folder / "city")
    mock(cityforge, folder, "data", 1)
    mock(cityforge, folder, "new", 2)
    code, said = cityforge(*arguments(folder, "data"))
    assert code == 0, said
    return folder


@pytest.fixture
def ground(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "ground"))


def latest(folder: Path) -> Path:
    return folder / "runs" / (folder / "runs" / "latest").read_text(encoding="utf-8").strip()


def check_whole(snapshot: Path) -> None:
    """Every table of a snapshot has the digest that its record states."""
    record = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))
    assert record["run_id"] == snapshot.name
    assert json.loads((snapshot / "aside.json").read_text(encoding="utf-8"))
    stated = {name: table["sha256"] for name, table in record["tables"].items()}
    found = {
        file.stem: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (snapshot / "tables").iterdir()
    }
    assert found == stated


def check_next_run(cityforge: Command, folder: Path, first: Path) -> None:
    """The next run works, leaves both snapshots whole and nothing else behind."""
    code, said = cityforge(*arguments(folder, "new"))
    assert code == 0, said
    second = latest(folder)
    assert second != first
    check_whole(first)
    check_whole(second)
    assert {p.name for p in (folder / "runs").iterdir()} == {"latest", first.name, second.name}


def test_killed_at_many_moments(cityforge: Command, ground: Path) -> None:
    first = latest(ground)
    command = [Path(sys.executable).with_name("cityforge"), *arguments(ground, "new")]
    began = time.monotonic()
    subprocess.run(
        [*command[:-1], "--no-report", "--threads", "1"], check=True, capture_output=True
    )
    whole = time.monotonic() - began
    made = latest(ground)
    shutil.rmtree(made)
    (ground / "runs" / "latest").write_text(first.name + "\n", encoding="utf-8")
    moments, killed = 24, 0
    for i in range(moments):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.communicate(timeout=whole * (i + 1) / (moments + 1))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
        check_whole(first)
        assert latest(ground) in (first, made)
        check_whole(latest(ground))
        if made.exists():
            # This one got through before the signal: begin again from the first.
            shutil.rmtree(made)
            (ground / "runs" / "latest").write_text(first.name + "\n", encoding="utf-8")
    assert killed >= moments // 2
    check_next_run(cityforge, ground, first)


@pytest.mark.parametrize(
    ("owner", "name", "moment", "count"),
    [
        ("store", "copy_city", "before", 1),
        ("store", "write_json", "before", 1),
        ("store", "write_json", "after", 1),
        ("store", "write_json", "after", 2),
        ("store", "keep", "before", 1),
        ("Path", "rename", "before", 1),
        ("Path", "rename", "after", 1),
        ("store", "point_to", "before", 1),
        ("Path", "replace", "before", 1),
        ("Path", "replace", "after", 1),
        ("store", "point_to", "after", 1),
        ("store", "keep", "after", 1),
    ],
)
def test_killed_at_a_step_of_the_store(
    cityforge: Command, ground: Path, owner: str, name: str, moment: str, count: int
) -> None:
    first = latest(ground)
    driver = ground / "driver.py"
    driver.write_text(AT_A_STEP, encoding="utf-8")
    steps = [owner, name, moment, str(count), str(ground)]
    done = subprocess.run(
        [sys.executable, driver, *steps], capture_output=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    check_whole(first)
    check_whole(latest(ground))
    check_next_run(cityforge, ground, first)
