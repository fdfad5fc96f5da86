"""The command line as a person meets it: another process, its exit code and what it says."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cityforge() -> Callable[..., tuple[int, str]]:
    """Run `cityforge ARGUMENTS`; returns the exit code and both streams as one text."""
    command = Path(sys.executable).with_name("cityforge")

    def run(*arguments: object, cwd: Path | None = None) -> tuple[int, str]:
        done = subprocess.run(
            [command, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run
