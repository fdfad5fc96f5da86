"""kill -9 at any moment of an import leaves what counted, or what was imported; never between."""

import hashlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cityforge.brain.city import checks
from cityforge.brain.intake import sources

ROOT = Path(__file__).parents[2]
CITY = ROOT / "tests" / "cities" / "lanhe"
Command = Callable[..., tuple[int, str]]

# Kills itself at one exact step of the shelf: what no clock can hit reliably.
AT_A_STEP = """
import os, pathlib, shutil, signal, sys
from cityforge.brain.api import intake
from cityforge.brain.intake import shelf

owner = {"Path": pathlib.Path, "shelf": shelf, "shutil": shutil}[sys.argv[1]]
name, moment, count, what = sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
city, data, file = map(pathlib.Path, sys.argv[6:9])
original, calls = getattr(owner, name), 0

def dying(*arguments, **named):
    global calls
    calls += 1
    if calls < count:
        return original(*arguments, **named)
    if moment == "after":
        original(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)

place, _ = intake.load(city)
dataset = place.datasets["performance"]
if what == "undo":
    setattr(owner, name, dying)
    intake.undo_import(data, dataset.id, to=None, by="", at="")
with intake.consider(place, data, dataset, file, tell=lambda *_: None, to_take=True) as held:
    setattr(owner, name, dying)
    intake.take_delivery(held, by="", at="")
"""


@pytest.fixture(scope="module")
def prepared(cityforge: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one import and one file that stood there before, and a newer delivery."""
    folder = tmp_path_factory.mktemp("prepared")
    size = ["--above-scale", 30, "--below-scale", 30, "--as-of", "2025-09-30"]
    for name, seed in (("data", 1), ("new", 2)):
        code, said = cityforge("mock", CITY, "--out", folder / name, "--seed", seed, *size)
        assert code == 0, said
    # Their enterprises differ: all rows of the new one would be strangers.
    name = "market_entities.csv"
    shutil.copyfile(folder / "new" / name, folder / "data" / name)
    return folder


@pytest.fixture
def ground(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "ground"))


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check_whole(data: Path, allowed: set[str]) -> str:
    """What counts is one of the whole states, and a run would find every file; returns which."""
    found = sources.find(checks.load(CITY)[0], data)
    now = digest(found.files["performance"])
    assert now in allowed
    listed = YAML(typ="safe").load((data / "sources.yaml").read_text(encoding="utf-8"))
    assert listed["simulated"] is True and listed["seed"] == 1
    number = (listed.get("deliveries") or {}).get("performance", 0)
    for taken in range(1, number + 1):
        record = YAML(typ="safe").load(
            (data / f"deliveries/performance/{taken:04d}.yaml").read_text(encoding="utf-8")
        )
        if record.get("sha256"):
            assert digest(data / record["entry"]) == record["sha256"]
    return now


def check_next(cityforge: Command, ground: Path) -> None:
    """The next import works, and nothing of the killed one is left."""
    data, file = ground / "data", ground / "new" / "performance.csv"
    asked = ["--data", data, "--yes", "--even-so"]
    code, said = cityforge("intake", "import", CITY, file, *asked)
    assert code == 0, said
    assert check_whole(data, {digest(file)}) == digest(file)
    listed = YAML(typ="safe").load((data / "sources.yaml").read_text(encoding="utf-8"))
    last = listed["deliveries"]["performance"]
    left = {path.name for path in (data / "deliveries").iterdir()}
    assert left == {".lock", "performance"}
    numbers = {int(path.name[:4]) for path in (data / "deliveries/performance").iterdir()}
    assert numbers == set(range(1, last + 1))


STEPS = [
    ("shelf", "take", "before", 1),
    ("shutil", "copyfile", "before", 1),  # the file that stood there before
    ("shutil", "copyfile", "after", 1),
    ("shelf", "_write", "before", 1),
    ("shelf", "_write", "after", 1),
    ("Path", "rename", "before", 1),
    ("Path", "rename", "after", 1),
    ("shelf", "_write", "before", 2),
    ("Path", "write_text", "after", 2),
    ("shelf", "_point_to", "before", 1),
    ("Path", "write_text", "after", 3),
    ("Path", "replace", "before", 1),
    ("Path", "replace", "after", 1),
    ("shelf", "_point_to", "after", 1),
    ("Path", "chmod", "after", 1),
    ("shelf", "take", "after", 1),
]


def killed(ground: Path, step: tuple[str, str, str, int], what: str) -> None:
    driver = ground / "driver.py"
    driver.write_text(AT_A_STEP, encoding="utf-8")
    file = ground / "new" / "performance.csv"
    arguments = [*step, what, CITY, ground / "data", file]
    done = subprocess.run(
        [sys.executable, driver, *map(str, arguments)], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: "-".join(map(str, step)))
def test_killed_at_a_step_of_an_import(
    cityforge: Command, ground: Path, step: tuple[str, str, str, int]
) -> None:
    data = ground / "data"
    old, new = digest(data / "performance.csv"), digest(ground / "new" / "performance.csv")
    killed(ground, step, "import")
    now = check_whole(data, {old, new})
    is_past = STEPS.index(step) >= STEPS.index(("Path", "replace", "after", 1))
    assert now == (new if is_past else old)
    check_next(cityforge, ground)


@pytest.mark.parametrize(
    "step",
    [
        ("shelf", "_write", "after", 1),
        ("Path", "replace", "before", 1),
        ("Path", "replace", "after", 1),
    ],
    ids=lambda step: "-".join(map(str, step)),
)
def test_killed_at_a_step_of_an_undo(
    cityforge: Command, ground: Path, step: tuple[str, str, str, int]
) -> None:
    data, file = ground / "data", ground / "new" / "performance.csv"
    old, new = digest(data / "performance.csv"), digest(file)
    asked = ["--data", data, "--yes", "--even-so"]
    assert cityforge("intake", "import", CITY, file, *asked)[0] == 0
    killed(ground, step, "undo")
    now = check_whole(data, {old, new})
    assert now == (old if step == ("Path", "replace", "after", 1) else new)
    if now == new:
        # The import that is asked again has nothing to do; an undo sweeps up just as well.
        undo = ["intake", "undo", CITY, "--data", data, "--dataset", "performance"]
        assert cityforge(*undo)[0] == 0
    check_next(cityforge, ground)


def test_killed_at_many_moments(cityforge: Command, ground: Path) -> None:
    data, file = ground / "data", ground / "new" / "performance.csv"
    old, new = digest(data / "performance.csv"), digest(file)
    asked = ["intake", "import", CITY, file, "--data", data, "--yes", "--even-so"]
    command = [str(part) for part in (Path(sys.executable).with_name("cityforge"), *asked)]
    spare = Path(shutil.copytree(data, ground / "spare"))
    untouched = Path(shutil.copytree(data, ground / "untouched"))
    began = time.monotonic()
    subprocess.run([str(spare) if c == str(data) else c for c in command], check=True)
    whole = time.monotonic() - began
    moments, hit = 12, 0
    for i in range(moments):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.communicate(timeout=whole * (i + 1) / (moments + 1))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            hit += 1
        if check_whole(data, {old, new}) == new:
            # This one got through before the signal: begin again.
            shutil.rmtree(data)
            shutil.copytree(untouched, data)
    assert hit >= moments // 2
    check_next(cityforge, ground)
