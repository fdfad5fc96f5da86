"""Snapshots on disk: written aside, then renamed into place; whole or not there at all.

OUT/latest                       the id of the newest snapshot
OUT/<run id>/run.json            the record (digests, versions, as-of date)
OUT/<run id>/aside.json          clock, host, durations, where the data stood: no part of it
OUT/<run id>/city/               the city folder as it was
OUT/<run id>/tables/*.parquet
OUT/<run id>/report.html
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cityforge.brain.city import folder as city_folder
from cityforge.brain.errors import RunRefused, Text

RECORD, ASIDE, LATEST, CITY = "run.json", "aside.json", "latest", "city"
_PARTIAL = ".partial-"


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """A folder beside the snapshots in which the next one is made; gone afterwards.

    What a killed run left behind is swept away by the next.
    """
    out.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PARTIAL}{os.getpid()}-", dir=out))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path, out: Path, run_id: str) -> Path:
    """Move a finished snapshot into place and make it the latest; returns where it stands.

    The same run made again gives the same id: then the one that stands there stays.
    """
    _sync(folder)
    target = out / run_id
    if not target.exists():
        folder.rename(target)
        _sync_folder(out)
    point_to(out, run_id)
    return target


def discard(snapshot: Path) -> None:
    """Take a snapshot away that nobody uses: out of sight in one step, then gone."""
    if snapshot.is_dir():
        hidden = Path(tempfile.mkdtemp(prefix=f"{_PARTIAL}{os.getpid()}-", dir=snapshot.parent))
        snapshot.rename(hidden / snapshot.name)
        shutil.rmtree(hidden, ignore_errors=True)


def point_to(out: Path, run_id: str) -> None:
    """Make a snapshot the latest, in one step."""
    with tempfile.NamedTemporaryFile(
        "w", dir=out, prefix=f"{_PARTIAL}{os.getpid()}-", delete=False, encoding="utf-8"
    ) as stream:
        stream.write(run_id + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    Path(stream.name).replace(out / LATEST)
    _sync_folder(out)


def find(path: Path) -> Path:
    """The snapshot that a path means: a snapshot's folder, or the latest in a folder of them."""
    if (path / RECORD).is_file():
        return path
    pointer = path / LATEST
    if pointer.is_file():
        return find(path / pointer.read_text(encoding="utf-8").strip())
    raise RunRefused(
        Text(
            zh=f"{path} 中没有运行结果；先用 cityforge run 运行",
            en=f"no snapshot in {path}; make one with cityforge run",
        )
    )


def record(snapshot: Path) -> dict[str, Any]:
    """The record of a snapshot."""
    return dict(json.loads((snapshot / RECORD).read_text(encoding="utf-8")))


def aside(snapshot: Path) -> dict[str, Any]:
    """What stands beside the record: clock, host, durations, where the data stood."""
    return dict(json.loads((snapshot / ASIDE).read_text(encoding="utf-8")))


def write_json(file: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")


def copy_city(root: Path, folder: Path) -> None:
    """Keep the city's files with the snapshot, so that it can be replayed and explained later."""
    (folder / CITY).mkdir()
    for file in city_folder.files(root):
        target = folder / CITY / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _sync(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(out: Path) -> None:
    for left in out.glob(f"{_PARTIAL}*"):
        pid = left.name.removeprefix(_PARTIAL).split("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
