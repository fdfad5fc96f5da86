"""A new city's skeleton: the few files a run needs, to be edited."""

import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from cityforge.brain.errors import RunRefused, Text

_PATTERN = "skeleton_files"
_LONGEST = 100


def write(folder: Path, *, title: str, title_en: str) -> list[Path]:
    """Write the skeleton into a new or empty folder; returns the files written.

    Raises RunRefused when the folder holds anything (nothing of a city is ever overwritten), and
    when a name cannot stand in a file.
    """
    for name in (title, title_en):
        _check_name(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunRefused(
            Text(
                zh=f"{folder} 已存在且不是空文件夹；换一个名字",
                en=f"{folder} exists and is not an empty folder; choose another name",
            )
        )
    written = []
    pattern = files("cityforge.brain.city").joinpath(_PATTERN)
    for place, source in _files(pattern, Path()):
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        names = (title, title_en)
        if target.suffix == ".yaml":
            # A JSON string is a YAML string, whatever stands in it.
            names = (
                json.dumps(title, ensure_ascii=False),
                json.dumps(title_en, ensure_ascii=False),
            )
        filled = text.replace("@TITLE@", "\0").replace("@TITLE_EN@", names[1])
        filled = filled.replace("\0", names[0])
        target.write_text(filled, encoding="utf-8")
        written.append(target)
    return sorted(written)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise RunRefused(
            Text(
                zh=f"城市名称须为 1 至 {_LONGEST} 个可显示的字符，不含换行",
                en=f"a city's name is 1 to {_LONGEST} printable characters on one line",
            )
        )


def _files(folder: Traversable, place: Path) -> list[tuple[Path, Traversable]]:
    found: list[tuple[Path, Traversable]] = []
    for entry in folder.iterdir():
        here = place / entry.name
        found += _files(entry, here) if entry.is_dir() else [(here, entry)]
    return found
