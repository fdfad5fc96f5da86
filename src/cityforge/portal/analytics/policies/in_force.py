"""The policies as the city folder has them now: what the public reads, and what drafts start from.

A run matches by its own copy. What was published since stands here at once, and is matched by the
next run.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cityforge.brain.api import cities, policies
from cityforge.brain.api.cities import Checked, City, Dictionary
from cityforge.brain.api.policies import Prepared
from cityforge.portal.analytics.policies import ready

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A city by which policies are told, as of a day.

    run   the city that the newest run matched by
    """

    city: City
    book: Dictionary
    as_of: date
    run: City

    def is_newer(self, policy: str) -> bool:
        """Whether the newest run did not match by this policy as it stands."""
        return self.run.policies.get(policy) != self.city.policies.get(policy)

    def is_matched(self, policy: str) -> bool:
        return policy in self.run.policies


def ground() -> Ground | None:
    """The city folder where it can be read and is of the city of the run, else the run's copy.

    None where there is no run.
    """
    found = ready.examiner()
    return None if found is None else _ground(found.snapshot.folder, stamp())


@lru_cache(maxsize=2)
def _ground(_folder: Path, _stamp: int) -> Ground:
    found = ready.examiner()
    assert found is not None
    run, now = found.snapshot, here()
    city, book = (now.city, now.book) if now is not None and not now.errors else (None, None)
    if city is None or book is None or city.place.id != run.city.place.id:
        city, book = run.city, found.book
    return Ground(city, book, run.as_of, run.city)


def every(found: Ground) -> list[Prepared]:
    """Every policy in the version of the day, or, where none counts yet, in its first."""
    told = []
    for _, policy in sorted(found.city.policies.items()):
        first = min(version.from_ for version in policy.versions)
        day = max(found.as_of, first)
        one = policies.prepare_one(found.city, found.book, policy, day=day)
        if one is not None:
            told.append(one)
    return told


def folder() -> Path | None:
    """The city folder; None where none is set."""
    found = settings.CITY
    return found if found is not None and found.is_dir() else None


def here() -> Checked | None:
    """The city folder with all its Problems; None where none is set. Takes a second when new."""
    found = folder()
    return None if found is None else _read(found, stamp())


@lru_cache(maxsize=2)
def _read(root: Path, _stamp: int) -> Checked:
    return cities.read(root)


def stamp() -> int:
    """Another number whenever a file of the city folder is another; 0 where none is set."""
    root = folder()
    if root is None:
        return 0
    found = [(str(root), 0, 0)]
    with os.scandir(root) as entries:
        inside = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in inside:
        if entry.is_dir():
            with os.scandir(entry) as files:
                found += [_seen(file) for file in files if file.name.endswith(".yaml")]
        elif entry.name.endswith(".yaml"):
            found.append(_seen(entry))
    return hash(tuple(sorted(found)))


def _seen(file: "os.DirEntry[str]") -> tuple[str, int, int]:
    seen = file.stat()
    return file.path, seen.st_mtime_ns, seen.st_size


def file_of(policy: str) -> Path | None:
    """Where a policy stands or would stand; None for a name that is none, or without a folder."""
    root = folder()
    if root is None or not _NAME.fullmatch(policy):
        return None
    return root / "policies" / f"{policy}.yaml"


def text(policy: str) -> str:
    """The file of a policy in force; empty where there is none."""
    file = file_of(policy)
    try:
        return "" if file is None else file.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def digest_of(policy: str) -> str:
    """The SHA-256 of the file in force; empty where there is none."""
    file = file_of(policy)
    try:
        return "" if file is None else hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
