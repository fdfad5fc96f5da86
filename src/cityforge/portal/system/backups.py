"""A backup in one file, and a portal made anew from it.

The database is copied by its own means (SQLite's backup, pg_dump), so that its triggers and indices
come along; then what it points to: uploads, data, snapshots, the city folder. Those are only ever
added to, so that what is copied later lacks nothing. A manifest with every digest ends the file.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.audit import queries as trail

FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
_CHUNK = 1 << 20


class Refused(Exception):
    """Not backed up or restored, with the reason."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


def write(file: Path, *, with_snapshots: bool = True) -> dict[str, str]:
    """Back up into a new file, whole or not at all: digest by name. Raises Refused."""
    if file.exists():
        raise Refused(Text(zh=f"文件已存在：{file}", en=f"the file is there already: {file}"))
    file.parent.mkdir(parents=True, exist_ok=True)
    digests: dict[str, str] = {}
    partial = file.with_name(f".{file.name}.partial")
    try:
        # Readable by its owner alone: it holds everything.
        with (
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive,
            tempfile.TemporaryDirectory(dir=settings.HOME) as scratch,
        ):
            dumped = Path(scratch) / _DATABASE[connection.vendor]
            _dump(dumped)
            digests[dumped.name] = _add(archive, dumped, dumped.name)
            for name, folder in _folders(with_snapshots=with_snapshots):
                for one in sorted(folder.rglob("*")):
                    if one.is_file() and not one.is_symlink():
                        inside = f"{name}/{one.relative_to(folder).as_posix()}"
                        digests[inside] = _add(archive, one, inside)
            _add_manifest(archive, digests)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return digests


def restore(file: Path) -> dict[str, object]:
    """Make the portal of a backup in an empty home and database: its manifest. Raises Refused.

    Everything is unpacked and held against its digest before anything is put in place.
    """
    _refuse_where_something_stands()
    with tempfile.TemporaryDirectory(dir=settings.HOME) as scratch:
        unpacked = Path(scratch)
        manifest = _unpack(file, unpacked)
        dumped = unpacked / _DATABASE[connection.vendor]
        if not dumped.is_file():
            raise Refused(
                Text(
                    zh=f"备份的数据库是 {manifest['database']}，这里是 {connection.vendor}",
                    en=f"the backup is of {manifest['database']}, this is {connection.vendor}",
                )
            )
        _load(dumped)
        for name, folder in _folders(with_snapshots=True):
            if (unpacked / name).is_dir():
                folder.parent.mkdir(parents=True, exist_ok=True)
                if folder.is_dir():
                    folder.rmdir()  # empty: see above
                shutil.move(unpacked / name, folder)
    return manifest


def _folders(*, with_snapshots: bool) -> Iterator[tuple[str, Path]]:
    """Name in the backup, and where it stands here."""
    yield "files", Path(settings.FILES)
    yield "data", Path(settings.DATA)
    if with_snapshots:
        yield "runs", Path(settings.SNAPSHOTS)
    yield "city", Path(settings.CITY) if settings.CITY else Path(settings.HOME) / "city"


def _refuse_where_something_stands() -> None:
    for _, folder in _folders(with_snapshots=True):
        if folder.is_dir() and any(folder.iterdir()):
            raise Refused(
                Text(
                    zh=f"{folder} 里已有内容；恢复到新的 CITYFORGE_HOME（城市文件夹同理）",
                    en=f"{folder} is not empty: restore into a new CITYFORGE_HOME "
                    "(and city folder)",
                )
            )
    if connection.introspection.table_names():
        raise Refused(
            Text(
                zh="数据库里已有表；恢复到空的数据库",
                en="the database has tables: restore into an empty one",
            )
        )


def _add(archive: tarfile.TarFile, file: Path, name: str) -> str:
    """Add a file; the digest is of what was added, though the file may grow meanwhile."""
    with file.open("rb") as content:
        told = archive.gettarinfo(arcname=name, fileobj=content)
        told.uid = told.gid = 0
        told.uname = told.gname = ""
        reading = _Digested(content)
        archive.addfile(told, reading)
    return reading.digest.hexdigest()


class _Digested(io.RawIOBase):
    """Reads on, and digests what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__()
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self.content.read(size)
        self.digest.update(part)
        return part


def _add_manifest(archive: tarfile.TarFile, digests: dict[str, str]) -> None:
    last = trail.trail().values("number", "digest").first()
    manifest = {
        "format": FORMAT,
        "made": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        "cityforge": version("cityforge"),
        "database": connection.vendor,
        "trail": last,
        "files": digests,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8")
    told = tarfile.TarInfo(_MANIFEST)
    told.size = len(text)
    archive.addfile(told, io.BytesIO(text))


def _unpack(file: Path, into: Path) -> dict[str, object]:
    broken = Text(zh=f"不是完整的备份：{file}", en=f"not a whole backup: {file}")
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(into, filter="data")
        manifest = json.loads((into / _MANIFEST).read_text(encoding="utf-8"))
        wanted = dict(manifest["files"])
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise Refused(broken) from error
    if manifest.get("format") != FORMAT:
        raise Refused(Text(zh="备份的格式不认识", en="the backup's format is unknown"))
    found = {
        one.relative_to(into).as_posix(): _digest(one)
        for one in into.rglob("*")
        if one.is_file() and one != into / _MANIFEST
    }
    if found != wanted:
        raise Refused(broken)
    return dict(manifest)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _dump(into: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(into) as copy:
            connection.connection.backup(copy)
        copy.close()
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={into}", _uri())


def _load(dumped: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        with sqlite3.connect(dumped) as copy, sqlite3.connect(_sqlite_file()) as target:
            copy.backup(target)
        copy.close()
        target.close()
        return
    options = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    _run("pg_restore", *options, f"--dbname={_uri()}", str(dumped))


def _sqlite_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _uri() -> str:
    """Where the database is, without the password: that goes by the environment."""
    told = connection.settings_dict
    pairs = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER"}
    # Quoted as libpq wants it.
    quoted = {
        name: str(told[key]).replace("\\", "\\\\").replace("'", "\\'")
        for name, key in pairs.items()
        if told.get(key)
    }
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise Refused(
            Text(
                zh=f"没有 {program}：安装 postgresql-client",
                en=f"there is no {program}: install postgresql-client",
            )
        )
    password = {"PGPASSWORD": str(connection.settings_dict.get("PASSWORD") or "")}
    environment = os.environ | {k: v for k, v in password.items() if v}
    done = subprocess.run(
        [found, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or ["?"]
        raise Refused(Text(zh=f"{program}：{said[0]}", en=f"{program}: {said[0]}"))
