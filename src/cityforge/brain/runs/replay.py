"""A snapshot made again from its own record: a published figure reproduced before an auditor."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.runs import digest, store
from cityforge.brain.runs.run import Asked, Tell, run


@dataclass(frozen=True, slots=True)
class Compared:
    """One table of a replay: its digest then and now."""

    table: str
    rows: int
    then: str
    now: str

    @property
    def same(self) -> bool:
        return self.then == self.now


def replay(
    snapshot: Path,
    *,
    data: Path | None = None,
    threads: int | None = None,
    tell: Tell | None = None,
) -> list[Compared]:
    """Run a snapshot's record again and compare the bytes of every table.

    data     where the inputs stand now, when they moved
    raises   RunRefused when an input or the kept city folder is no longer what was run; of a
             table in a database that shows only once it has been read again
    """
    record = store.record(snapshot)
    folder = data or Path(str(store.aside(snapshot)["data"]))
    _check_inputs(record, snapshot, folder)
    with tempfile.TemporaryDirectory() as scratch:
        made = run(
            Asked(
                city=snapshot / "city",
                data=folder,
                as_of=date.fromisoformat(record["as_of"]),
                out=Path(scratch),
                threads=threads,
                with_report=False,
            ),
            tell=tell,
        )
        _check_read(record, made.record)
        now = made.record["tables"]
    then = record["tables"]
    return [
        Compared(
            name,
            int(then.get(name, {}).get("rows", 0)),
            str(then.get(name, {}).get("sha256", "")),
            str(now.get(name, {}).get("sha256", "")),
        )
        for name in sorted(then.keys() | now.keys())
    ]


def _check_inputs(record: dict[str, object], snapshot: Path, folder: Path) -> None:
    digests = record["digests"]
    assert isinstance(digests, dict)
    changed = []
    for name, entry in digests["inputs"].items():
        file = folder / entry["file"]
        if not file.is_file():
            changed.append(f"{name}: {file} 不存在 / is gone")
        elif digest.of_file(file) != entry["sha256"]:
            changed.append(f"{name}: {file} 内容已变 / has changed")
    if digest.of_city(snapshot / "city") != digests["city"]:
        changed.append("city: 快照中的城市文件夹已变 / the kept city folder has changed")
    _refuse(changed)


def _check_read(then: dict[str, Any], now: dict[str, Any]) -> None:
    """Compare what was read: which file or table served a dataset, and the rows of each table."""
    before, after = _read(then), _read(now)
    changed = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old[0] != new[0]:
            came, comes = (each[0] if each else "—" for each in (old, new))
            changed.append(f"{name}: 当时读 {came}，现在读 {comes} / read {came}, now {comes}")
        elif old[1] and old != new:
            changed.append(f"{name}: {old[0]} 内容已变 / has changed")
    _refuse(changed)


def _read(record: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """By dataset where its rows came from, and the digest that tells them ("" if none was kept)."""
    files = record["digests"]["inputs"]
    found = {name: (str(file["file"]), str(file["sha256"])) for name, file in files.items()}
    for entry in record["intake"]:
        if entry["dataset"] not in found:
            found[entry["dataset"]] = (entry["file"], entry.get("rows_sha256", ""))
    return found


def _refuse(changed: list[str]) -> None:
    if changed:
        listed = "\n  ".join(changed)
        raise RunRefused(
            Text(
                zh=f"无法复算，输入与当时不同：\n  {listed}",
                en=f"cannot replay, the inputs are not those of the run:\n  {listed}",
            )
        )
