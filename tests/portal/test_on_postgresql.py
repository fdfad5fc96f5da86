"""The portal on PostgreSQL too: people, doors, sessions, the trail; messages, pushes, drafts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .postgresql import new_database, server

HERE = Path(__file__).parent
GROUND = ("test_accounts.py", "test_audit.py", "test_credentials.py", "test_people.py",
          "test_sign_on.py")  # fmt: skip
AGAIN = {
    "ground": GROUND,
    "messages": ("test_notices.py", "test_campaigns.py"),
    "drafts": ("test_policy_drafts.py",),
}


@pytest.mark.parametrize("names", AGAIN.values(), ids=AGAIN)
def test_the_same_tests_pass(names: tuple[str, ...]) -> None:
    with server() as uri:
        url = new_database(uri, "portal")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider",
             *(str(HERE / name) for name in names)],
            env=os.environ | {"DATABASE_URL": url}, cwd=HERE.parents[1], capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout and "skipped" not in done.stdout
