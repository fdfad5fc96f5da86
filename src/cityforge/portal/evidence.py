"""Files that people show as evidence: checked at the door, kept under their digest."""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from cityforge.brain.errors import Text
from cityforge.portal.accounts.permissions import NotAllowed

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
ACCEPTED = ".pdf,.png,.jpg,.jpeg"
# What a file must begin with, by its ending: its name alone proves nothing.
KINDS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
_KEPT = re.compile(r"[0-9a-f]{64}\.(pdf|png|jpg|jpeg)")


def keep(file: UploadedFile) -> Path:
    """Where a file is kept. Raises NotAllowed where it is too large or no such file."""
    ending = Path(file.name or "").suffix.lower()
    starts = KINDS.get(ending)
    if starts is None or (file.size or 0) > MOST_BYTES:
        raise NotAllowed(
            Text(
                zh="佐证文件限 PDF、PNG、JPG，每个不超过 10 MB",
                en="Evidence is a PDF, PNG or JPG of at most 10 MB each.",
            )
        )
    content = file.read()
    if not content.startswith(starts):
        raise NotAllowed(
            Text(zh=f"{file.name} 不是 {ending} 文件", en=f"{file.name} is no {ending} file.")
        )
    place = _folder() / f"{hashlib.sha256(content).hexdigest()}{ending}"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(place)
    return place


def find(name: str) -> Path | None:
    """A kept file by its name; None where there is none."""
    if not _KEPT.fullmatch(name):
        return None
    place = _folder() / name
    return place if place.is_file() else None


def _folder() -> Path:
    return Path(settings.HOME) / "files" / "evidence"
