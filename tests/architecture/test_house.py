"""The house as drawn: floors, names of modules, empty faces, no city inside."""

import io
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

DRAWERS = {"utils", "common", "core", "helpers", "base", "misc"}
# The national code tables name every city alike; they are the one place where a city may be named.
TABLES = Path("src/cityforge/brain/values/tables")
CITY_NAMES = ("泰州", "taizhou", "3212")


def test_imports_only_point_down() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run(
        [command if command.exists() else shutil.which("lint-imports") or command, "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_no_module_is_a_drawer(root: Path) -> None:
    modules = [file for file in (root / "src").rglob("*") if file.suffix in ("", ".py")]
    assert [file for file in modules if file.stem.lower() in DRAWERS] == []


def test_package_faces_are_empty(root: Path) -> None:
    faces = list((root / "src").rglob("__init__.py"))
    assert len(faces) > 5
    assert [face for face in faces if face.read_bytes()] == []


def test_source_knows_no_city(root: Path, tracked: list[Path]) -> None:
    named = []
    for file in tracked:
        place = file.relative_to(root)
        if place.parts[0] != "src" or place.is_relative_to(TABLES):
            continue
        text = file.read_bytes().decode("utf-8", errors="ignore").lower()
        named += [f"{place}: {name}" for name in CITY_NAMES if name in text]
    assert named == []


def test_only_one_module_reads_the_clock(root: Path) -> None:
    readers = [
        file.name
        for file in (root / "src").rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("datetime.now", "date.today"))
    ]
    assert readers == ["clock.py"]


@pytest.mark.parametrize("word", ["print(", "eval(", "exec("])
def test_source_never_calls(root: Path, word: str) -> None:
    callers = []
    for file in (root / "src").rglob("*.py"):
        tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
        words = list(tokens)
        for before, name, after in zip(words, words[1:], words[2:], strict=False):
            if f"{name.string}{after.string}" == word and before.string not in (".", "def"):
                callers.append(f"{file.name}:{name.start[0]}")
    assert callers == []
