"""One line of `sources.yaml`: a file, a sheet of a file, a table of DuckDB or of PostgreSQL."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cityforge.brain.errors import Text, ValueRefused

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xls")
DATABASES = (".duckdb", ".db", ".ddb")
ENVIRONMENT = "env:"

_SECRETS = ("password", "sslpassword", "passfile", "oauth_client_secret")
_HINT = Text(
    zh="写 文件名，或 {file: 文件名, sheet: 工作表}、{file: x.duckdb, table: 表名}、"
    "{postgres: service=… 或 env:变量名, table: 模式.表名}",
    en="Write a file name, or {file: …, sheet: …}, {file: x.duckdb, table: …},"
    " {postgres: service=… or env:NAME, table: schema.table}.",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the data folder, and which sheet of it."""

    file: Path
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a DuckDB file (`file`), or of PostgreSQL (`dsn`, without any password)."""

    table: str
    file: Path | None = None
    dsn: str = ""

    @property
    def shown(self) -> str:
        """What a record and a message may say of it."""
        return f"{self.file.name if self.file else 'PostgreSQL'}: {self.table}"


def read(folder: Path, value: Any) -> Listed | Table:
    """What an entry names. Raises ValueRefused; a password is never taken from the file."""
    if not isinstance(value, dict):
        return Listed(_inside(folder, str(value), SUFFIXES))
    keys = {str(key) for key in value}
    if keys in ({"file"}, {"file", "sheet"}):
        sheet = str(value.get("sheet") or "")
        return Listed(_inside(folder, str(value["file"]), SUFFIXES), sheet)
    if keys == {"file", "table"}:
        return Table(_table(value["table"]), file=_inside(folder, str(value["file"]), DATABASES))
    if keys == {"postgres", "table"}:
        return Table(_table(value["table"]), dsn=_dsn(str(value["postgres"])))
    listed = "、".join(sorted(keys))
    raise ValueRefused(
        Text(zh=f"不认识的来源写法（{listed}）", en=f"no such kind of source ({listed})"), _HINT
    )


def _table(value: Any) -> str:
    name = str(value)
    parts = name.split(".")
    if len(parts) > 2 or not all(parts) or "\0" in name:
        raise ValueRefused(
            Text(zh=f"“{name}”不是表名", en=f"'{name}' is not the name of a table"),
            Text(zh="写成 表名 或 模式.表名", en="Write table or schema.table."),
        )
    return name


def _dsn(text: str) -> str:
    """A connection without its password; the words of what is refused are never repeated."""
    if text.startswith(ENVIRONMENT):
        return text
    try:
        parts = conninfo_to_dict(text)
    except psycopg.Error as error:
        raise ValueRefused(
            Text(zh="postgres 连接写法有误", en="the postgres connection cannot be read"), _HINT
        ) from error
    if any(parts.get(secret) for secret in _SECRETS):
        raise ValueRefused(
            Text(zh="文件中不得写数据库密码", en="no password may stand in this file"),
            Text(
                zh="改用 service=服务名（密码放 ~/.pgpass），或 env:环境变量名；并更换这个密码",
                en="Use service=… with ~/.pgpass, or env:NAME; and change that password.",
            ),
        )
    return text


def _inside(folder: Path, name: str, suffixes: tuple[str, ...]) -> Path:
    """The file of this name in the folder, with one of these endings."""
    if "\0" not in name and len(name) <= 1000:
        target = (folder / name).resolve()
        is_inside = target.is_relative_to(folder.resolve())
        if is_inside and target.suffix.lower() in suffixes and target.is_file():
            return target
    raise ValueRefused(
        Text(zh=f"没有文件 {name}", en=f"no such file: {name}"),
        Text(
            zh="文件须在数据文件夹内，扩展名为 " + "、".join(suffixes),
            en="It must stand inside the data folder and end in " + ", ".join(suffixes),
        ),
    )
