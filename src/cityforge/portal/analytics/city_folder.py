"""The door to the city folder itself: its Problems, and the versions a run was made by."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cityforge.brain.api import cities
from cityforge.brain.errors import Problem, Text
from cityforge.portal.analytics.city import newest


@dataclass(frozen=True, slots=True)
class Run:
    """What the newest run was made by."""

    id: str
    as_of: str
    version: str


@dataclass(frozen=True, slots=True)
class State:
    """A city folder after all checks: Problems, errors first; examples, and those that fail."""

    problems: list[Problem]
    examples: int
    failing: list[Text]


def state() -> State | None:
    """Everything wrong with the city folder; None where none is set. Takes seconds when new."""
    folder = settings.CITY
    if folder is None or not folder.is_dir():
        return None
    changed = max(file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file())
    return _state(folder, changed)


@lru_cache(maxsize=1)
def _state(folder: Path, _changed: int) -> State:
    checked, examples = cities.check(folder)
    return State(
        sorted(checked.problems, key=lambda one: one.severity != "error"),
        len(examples),
        [one.title for one in examples if not one.passed],
    )


def run() -> Run | None:
    found = newest()
    if found is None:
        return None
    said = found.snapshot.run
    return Run(str(said["run_id"]), found.as_of, str(said["versions"]["cityforge"]))
