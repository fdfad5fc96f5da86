"""kill -9 of server and worker at random moments: nothing lost or half done, and it goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("portal_at_moments.py")
WORKS = ("import", "publish", "push", "run")


def killed(work: str, moments: int, seed: int) -> str:
    command = [sys.executable, DRIVER, work, "--moments", str(moments), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("work", WORKS)
def test_killed_at_some_moments(work: str) -> None:
    assert f"{work}: 3 killed" in killed(work, 3, 1)


@pytest.mark.long
@pytest.mark.parametrize("work", WORKS)
def test_killed_at_many_moments(work: str) -> None:
    assert f"{work}: 60 killed" in killed(work, 60, 2)
