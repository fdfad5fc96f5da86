"""What stands in the repository: dependencies explained, schemas named, all our own."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from cityforge.brain.city.schemas import singular

# Written so that this file does not hold what it looks for.
HOME = re.compile(r"/(?:work|home|root|Users)/(?=[\w.-])")
SCHEMA = re.compile(r"^# yaml-language-server: \$schema=(\S+)$")


def test_every_dependency_says_why(root: Path) -> None:
    text = (root / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)
    wanted = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    for group in project["dependency-groups"].values():
        wanted += group
    lines = [line.strip() for line in text.splitlines()]
    explained = [re.match(r'"([^"]+)",\s*# \S', line) for line in lines]
    assert len(wanted) > 15
    assert set(wanted) <= {found[1] for found in explained if found}


def test_every_city_file_names_its_schema(root: Path) -> None:
    files = [*(root / "cities").rglob("*.yaml"), *(root / "tests/cities").rglob("*.yaml")]
    assert len(files) > 50
    for file in files:
        found = SCHEMA.match(file.read_text("utf-8").splitlines()[0])
        assert found, file
        kind = file.stem if file.parent.parent.name == "cities" else singular(file.parent.name)
        assert (file.parent / found[1]).resolve() == root / "schemas" / f"{kind}.schema.json", file


def test_no_path_of_a_machine_is_kept(root: Path, tracked: list[Path]) -> None:
    found = []
    for file in tracked:
        text = file.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{file.relative_to(root)}: {match[0]}" for match in HOME.finditer(text)]
    assert found == []


@pytest.mark.shared
def test_no_shared_file_is_kept(shared: Path, root: Path, tracked: list[Path]) -> None:
    ours: dict[int, list[Path]] = {}
    for file in tracked:
        if file.stat().st_size:
            ours.setdefault(file.stat().st_size, []).append(file)
    for theirs in (file for file in shared.rglob("*") if file.is_file()):
        for file in ours.get(theirs.stat().st_size, []):
            assert digest(file) != digest(theirs), file.relative_to(root)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
