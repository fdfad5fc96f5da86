"""Where uploaded files stand: under their digest, read-only; what a check wrote beside them."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_MOST_NAME = 120


def plain_name(name: str) -> str:
    """A file's name without folders, control characters and what some system forbids."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # Letters that turn the direction of writing can hide an ending.
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))
    path = Path(_FORBIDDEN.sub("_", shown).strip(" .") or "upload")
    return path.stem[:_MOST_NAME] + path.suffix.lower()[:8]


def keep(chunks: Iterable[bytes], ending: str) -> tuple[Path, str, int]:
    """Write an upload; its file (not yet under its digest), SHA-256 and size."""
    folder = _uploads()
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=folder, prefix=".part-", suffix=ending, delete=False) as stream:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(stream.name), digest.hexdigest(), size


def settle(part: Path, sha256: str, ending: str) -> Path:
    """Put an upload under its digest."""
    file = place(sha256, ending)
    file.parent.mkdir(parents=True, exist_ok=True)
    part.chmod(0o440)
    part.replace(file)
    return file


def place(sha256: str, ending: str) -> Path:
    return _uploads() / sha256[:2] / f"{sha256}{ending}"


def checked(delivery: int, job: int) -> Path:
    """The folder of what one check of a delivery wrote."""
    return Path(settings.FILES) / "checks" / f"{delivery}-{job}"


def _uploads() -> Path:
    folder = Path(settings.FILES) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
