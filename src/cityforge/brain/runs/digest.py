"""Digests of files and folders: what a run was made from, and what it gave."""

import hashlib
import json
from pathlib import Path
from typing import Any

from cityforge.brain.city import folder


def of_file(file: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def of_city(root: Path) -> str:
    """One digest over the city's files, their paths and their bytes."""
    files = folder.files(root)
    return of_json([[file.relative_to(root).as_posix(), of_file(file)] for file in files])


def of_json(value: Any) -> str:
    """A digest of plain data, the same whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
