"""The deliveries of a data folder, each kept unchanged; which one counts stands in `sources.yaml`.

DATA/sources.yaml                                  files: {dataset: what counts}; replaced at once
DATA/deliveries/<dataset>/<NNNN>-<sha256>.<ending>  a file as it was delivered
DATA/deliveries/<dataset>/<NNNN>.yaml               its record: who, when, what came of it

`sources.yaml` also says the number of the last delivery taken (`deliveries: {dataset: N}`). What
has a higher number was never taken: an import was killed before the one step that counts. What was
taken is made read-only.
"""

import dataclasses
import fcntl
import hashlib
import io
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.intake.sources import LIST

FOLDER = "deliveries"
_LOCK = ".lock"
_PARTIAL = ".partial-"
_READ_ONLY = 0o444

Entry = str | dict[str, Any] | None
"""What `sources.yaml` says of a dataset: a file, a table somewhere, or nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a dataset's history.

    `kind`: a file came in (`delivery`), was there before the first import (`found`), or an earlier
    state was called back (`undo`, to the number `back_to`; None = to no file at all).
    """

    number: int
    kind: Literal["delivery", "found", "undo"]
    dataset: str
    entry: Entry
    by: str
    at: str
    file: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    read: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    replaces: int | None = None
    back_to: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The deliveries of one dataset that were taken, oldest first, and what counts now."""

    dataset: str
    records: tuple[Record, ...]
    entry: Entry

    @property
    def current(self) -> Record | None:
        """The newest record of what counts now; None where people put it there by hand."""
        return next((r for r in reversed(self.records) if r.entry == self.entry), None)

    @property
    def delivery(self) -> Record | None:
        """The delivery behind what counts now: for an undo, the one it went back to."""
        record = self.current
        while record is not None and record.kind == "undo":
            record = self.find(record.back_to)
        return record

    def find(self, number: int | None) -> Record | None:
        return next((record for record in self.records if record.number == number), None)


def history(data: Path, dataset: str) -> History:
    """What is known of a dataset's deliveries. Raises DataRefused when a record is spoilt."""
    listed = _listed(data)
    last = _taken(listed, dataset)
    files = sorted(_place(data, dataset).glob("[0-9]*.yaml"), key=_number)
    records = tuple(_read(file) for file in files if 0 < _number(file) <= last)
    return History(dataset, records, (listed.get("files") or {}).get(dataset))


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Let one import at a time work on a data folder; sweeps up what a killed one left."""
    (data / FOLDER).mkdir(parents=True, exist_ok=True)
    with (data / FOLDER / _LOCK).open("w", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataRefused([_busy(data)]) from error
        _sweep(data)
        yield  # the kernel gives the lock back when the file closes, even after kill -9


@contextmanager
def staged(data: Path, file: Path) -> Iterator[Path]:
    """A copy of a file inside the data folder, gone afterwards unless it was taken.

    The copy is what is read, compared and taken: whatever happens to the original meanwhile.
    """
    place = data / FOLDER / f"{_PARTIAL}{os.getpid()}"
    place.mkdir(parents=True, exist_ok=True)
    try:
        yield Path(shutil.copyfile(file, place / file.name))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def take(
    data: Path, staged: Path, record: Record, *, standing: Path | None, simulated: bool = False
) -> Record:
    """Make a staged file the current delivery of its dataset; returns the record as kept.

    standing    the file that counts by its name alone, `sources.yaml` saying nothing of it
    simulated   the file is no real data: from now on the folder says so of itself

    `number` and `entry` of the record are filled in here. The replacement of `sources.yaml` is the
    one moment of truth: killed before it, nothing has changed; after it, everything has.
    """
    known = history(data, record.dataset)
    known = _adopt(data, known, standing, record.at)
    number = _last(known) + 1
    name = f"{number:04d}-{(record.sha256 or digest(staged))[:12]}{staged.suffix.lower()}"
    target = _place(data, record.dataset) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(target)
    _sync(target)
    current = known.current
    kept = dataclasses.replace(
        record,
        number=number,
        entry=target.relative_to(data).as_posix(),
        replaces=current.number if current else None,
    )
    return _commit(data, kept, simulated=simulated)


def undo(data: Path, dataset: str, *, to: int | None, by: str, at: str) -> Record:
    """Go back under the lock that imports use; see `go_back`."""
    with locked(data):
        return go_back(data, dataset, to=to, by=by, at=at)


def go_back(data: Path, dataset: str, *, to: int | None, by: str, at: str) -> Record:
    """Make an earlier state count again; recorded like a delivery, so that it can be undone too.

    to   the number to go back to; None = the state before the current delivery, which may be none
    """
    known = history(data, dataset)
    current = known.current
    if to is not None:
        target = known.find(to)
        if target is None:
            raise DataRefused([_no_delivery(known, to)])
    else:
        if current is None:
            raise DataRefused([_nothing_to_undo(known)])
        before = known.delivery
        target = known.find(before.replaces) if before else None
        if before is None:
            raise DataRefused([_nothing_to_undo(known)])
    entry = target.entry if target else None
    if isinstance(entry, str) and not (data / entry).is_file():
        raise DataRefused([_gone(entry)])
    record = Record(
        number=_last(known) + 1,
        kind="undo",
        dataset=dataset,
        entry=entry,
        by=by,
        at=at,
        replaces=current.number if current else None,
        back_to=target.number if target else None,
    )
    return _commit(data, record)


def is_simulated(folder: Path) -> bool:
    """Whether a folder says of itself that its data are simulated."""
    return _listed(folder).get("simulated") is True


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _adopt(data: Path, known: History, standing: Path | None, at: str) -> History:
    """Record what counted before the first import, so that an undo finds the way back to it.

    A plain file is copied to the shelf: people go on working in the one that lies about.
    """
    source = data / known.entry if isinstance(known.entry, str) else standing
    if known.entry is None and standing is None:
        return known
    if known.entry is not None and known.current is not None:
        return known
    number = _last(known) + 1
    record = Record(number, "found", known.dataset, known.entry, by="", at=at)
    if source is not None and source.is_file():
        sha256 = digest(source)
        target = _place(data, known.dataset) / f"{number:04d}-{sha256[:12]}{source.suffix.lower()}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        _sync(target)
        record = dataclasses.replace(
            record,
            entry=target.relative_to(data).as_posix(),
            file=source.name,
            sha256=sha256,
            bytes=target.stat().st_size,
        )
    _write(data, record)
    return History(known.dataset, (*known.records, record), record.entry)


def _last(known: History) -> int:
    return max((record.number for record in known.records), default=0)


def _commit(data: Path, record: Record, *, simulated: bool = False) -> Record:
    _write(data, record)
    _point_to(data, record, simulated=simulated)
    for file in _place(data, record.dataset).glob("[0-9]*"):
        file.chmod(_READ_ONLY)
    return record


def _write(data: Path, record: Record) -> None:
    values = {key: value for key, value in dataclasses.asdict(record).items() if value is not None}
    file = _place(data, record.dataset) / f"{record.number:04d}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_as_text(values), encoding="utf-8")
    _sync(file)


def _point_to(data: Path, record: Record, *, simulated: bool) -> None:
    """The moment of truth: say in `sources.yaml` what counts, its comments and other keys kept."""
    file = data / LIST
    listed = _listed(data)
    if simulated:
        listed["simulated"] = True
    files = listed.get("files")
    if not isinstance(files, dict):
        files = listed["files"] = {}
    if record.entry is None:
        files.pop(record.dataset, None)
    else:
        files[record.dataset] = record.entry
    if not isinstance(listed.get("deliveries"), dict):
        listed["deliveries"] = {}
    listed["deliveries"][record.dataset] = record.number
    partial = data / FOLDER / f"{_PARTIAL}{os.getpid()}.yaml"
    partial.write_text(_as_text(listed), encoding="utf-8")
    if file.exists():
        shutil.copymode(file, partial)
    _sync(partial)
    partial.replace(file)
    _sync_folder(data)


def _listed(data: Path) -> Any:
    """`sources.yaml` as it stands, comments and all; an empty mapping where there is none."""
    file = data / LIST
    if not file.exists():
        return {}
    try:
        return _yaml().load(file.read_text(encoding="utf-8-sig")) or {}
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise DataRefused([_spoilt(file)]) from error


def _read(file: Path) -> Record:
    try:
        values = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        return Record(**{"entry": None, **values})
    except (YAMLError, UnicodeDecodeError, OSError, TypeError) as error:
        raise DataRefused([_spoilt(file)]) from error


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1000
    return yaml


def _as_text(values: Mapping[str, Any]) -> str:
    text = io.StringIO()
    _yaml().dump(values, text)
    return text.getvalue()


def _place(data: Path, dataset: str) -> Path:
    return data / FOLDER / dataset


def _number(file: Path) -> int:
    digits = file.name[:4]
    return int(digits) if digits.isdigit() else 0


def _sweep(data: Path) -> None:
    """Remove what was never taken: what is staged, and all with a number beyond the last taken."""
    for left in (data / FOLDER).glob(f"{_PARTIAL}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
    listed = _listed(data)
    for place in (data / FOLDER).iterdir():
        for file in place.iterdir() if place.is_dir() else ():
            if _number(file) > _taken(listed, place.name):
                if stat.S_IMODE(file.stat().st_mode) == _READ_ONLY:
                    raise DataRefused([_forgotten(file)])
                file.unlink()


def _taken(listed: Any, dataset: str) -> int:
    """The number of the last delivery taken; 0 before the first."""
    numbers = listed.get("deliveries") or {}
    last = numbers.get(dataset, 0) if isinstance(numbers, dict) else None
    if not isinstance(last, int):
        raise DataRefused([_not_a_number(dataset)])
    return last


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _busy(data: Path) -> Problem:
    return Problem(
        str(data),
        0,
        0,
        Text(zh="另一个导入正在进行", en="another import is at work here"),
        Text(zh="等它结束再导入", en="Wait until it has ended."),
    )


def _spoilt(file: Path) -> Problem:
    return Problem(
        file.name,
        0,
        0,
        Text(zh=f"无法读取 {file}", en=f"{file} cannot be read"),
        Text(zh="该文件由程序维护；从备份恢复它", en="The program keeps this file; restore it."),
    )


def _no_delivery(known: History, number: int) -> Problem:
    numbers = "、".join(str(record.number) for record in known.records) or "—"
    return Problem(
        known.dataset,
        0,
        0,
        Text(zh=f"没有第 {number} 次报送", en=f"there is no delivery {number}"),
        Text(zh=f"已有的编号：{numbers}", en=f"Numbers there are: {numbers}."),
    )


def _nothing_to_undo(known: History) -> Problem:
    return Problem(
        known.dataset,
        0,
        0,
        Text(zh="没有可以撤销的导入", en="no import to undo"),
        Text(
            zh="用 cityforge intake log 查看；用 --to 指明退回到哪一次",
            en="See cityforge intake log; --to names where to go back to.",
        ),
    )


def _gone(entry: str) -> Problem:
    return Problem(
        entry,
        0,
        0,
        Text(zh="这次报送的文件已不在数据文件夹中", en="the delivered file is no longer there"),
        Text(zh="从备份恢复它，或重新导入", en="Restore it from a backup, or import it again."),
    )


def _forgotten(file: Path) -> Problem:
    return Problem(
        LIST,
        0,
        0,
        Text(
            zh=f"{LIST} 不知道已接收的报送 {file.parent.name}/{file.name}",
            en=f"{LIST} does not know of {file.parent.name}/{file.name}, which was taken",
        ),
        Text(
            zh=f"从备份恢复 {LIST}；不要删除其中的 deliveries",
            en=f"Restore {LIST} from a backup; its 'deliveries' must stay.",
        ),
    )


def _not_a_number(dataset: str) -> Problem:
    return Problem(
        LIST,
        0,
        0,
        Text(zh=f"deliveries 中 {dataset} 应为编号", en=f"deliveries.{dataset} must be a number"),
        Text(zh="从备份恢复该文件", en="Restore the file from a backup."),
    )
