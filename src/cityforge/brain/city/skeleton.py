"""A new city's skeleton: the few files a run needs, to be edited."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from cityforge.brain.errors import RunRefused, Text

_PATTERN = "skeleton_files"


def write(folder: Path, *, title: str, title_en: str) -> list[Path]:
    """Write the skeleton into a new or empty folder; returns the files written.

    Raises RunRefused when the folder holds anything: nothing of a city is ever overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunRefused(
            Text(
                zh=f"{folder} 已存在且不是空文件夹；换一个名字",
                en=f"{folder} exists and is not an empty folder; choose another name",
            )
        )
    if any(mark in title + title_en for mark in "\n\"'#:@"):
        raise RunRefused(
            Text(zh="城市名称不能含引号、冒号、# 或换行", en="the name must be plain words")
        )
    written = []
    pattern = files("cityforge.brain.city").joinpath(_PATTERN)
    for place, source in _files(pattern, Path()):
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        filled = text.replace("@TITLE_EN@", title_en).replace("@TITLE@", title)
        target.write_text(filled, encoding="utf-8")
        written.append(target)
    return sorted(written)


def _files(folder: Traversable, place: Path) -> list[tuple[Path, Traversable]]:
    found: list[tuple[Path, Traversable]] = []
    for entry in folder.iterdir():
        here = place / entry.name
        found += _files(entry, here) if entry.is_dir() else [(here, entry)]
    return found
