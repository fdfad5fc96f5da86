"""The ground of the portal on PostgreSQL too: people, doors, sessions, the trail."""

import os
import subprocess
import sys
from pathlib import Path

from .postgresql import new_database, server

HERE = Path(__file__).parent
AGAIN = ("test_accounts.py", "test_audit.py", "test_credentials.py", "test_people.py",
         "test_sign_on.py")  # fmt: skip


def test_the_same_tests_pass() -> None:
    with server() as uri:
        url = new_database(uri, "portal")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider",
             *(str(HERE / name) for name in AGAIN)],
            env=os.environ | {"DATABASE_URL": url}, cwd=HERE.parents[1], capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout and "skipped" not in done.stdout
