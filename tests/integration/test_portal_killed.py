"""kill -9 of server and worker at random moments: nothing lost, nothing half done, and it goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("portal_at_moments.py")
WORKS = ("IMPORT", "PUBLISH")


def killed(work: str, moments: int, seed: int) -> str:
    command = [sys.executable, DRIVER, work, "--moments", str(moments), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("work", WORKS)
def test_killed_at_some_moments(work: str) -> None:
    assert f"{work}: 4 killed" in killed(work, 4, 1)


@pytest.mark.long
@pytest.mark.parametrize("work", (*WORKS, "PUSH"))
def test_killed_at_many_moments(work: str) -> None:
    assert f"{work}: 80 killed" in killed(work, 80, 2)
