"""The portal as it runs: the server and the worker side by side; when one ends, so does the other.

A service manager then starts both again: neither is ever missing unnoticed. The server is two
processes more than the machine has cores, each with one thread (ADR 32).
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

_LOOK = 0.5  # seconds between two looks at the processes
_PATIENCE = 10.0  # seconds for a process to end by itself
_SERVER = ("--interface", "wsgi", "--blocking-threads", "1", "--no-ws")
_FEWEST = 4  # so that one slow answer does not keep everybody waiting


def serve(host: str, port: int, *, worker: bool = True) -> int:
    """Bring database and static files up to date, then serve until told to end: an exit code.

    `worker` False: another machine or service does the work in the background.
    """
    python = [sys.executable, "-m"]
    # By itself: what is read for it, a gigabyte in a large city, ends with it.
    prepared = subprocess.run([*python, "cityforge.portal", "prepare"], check=False)
    if prepared.returncode:
        return prepared.returncode
    # Its warnings advise against more processes than cores, which is what was found to be best.
    where = ["--host", host, "--port", str(port), "--log-level", "error"]
    workers = str(max(_FEWEST, (os.cpu_count() or 1) + 2))
    server = ["granian", *_SERVER, "--workers", workers, *where]
    commands = [[*python, *server, "cityforge.portal.wsgi:application"]]
    if worker:
        commands.append([*python, "cityforge.portal", "db_worker", "--queue-name", "*"])
    # Ctrl+C reaches a whole group; in groups of their own they are told once, by us.
    running = [subprocess.Popen(command, start_new_session=True) for command in commands]
    told = _Told()
    sys.stdout.write(
        f"门户 · portal: http://{host}:{port}/   （Ctrl+C 结束 · to stop）\n"  # the one line
    )
    sys.stdout.flush()
    while not told.to_end and all(one.poll() is None for one in running):
        time.sleep(_LOOK)
    code = 0 if told.to_end else next(one.returncode for one in running if one.poll() is not None)
    for one in running:
        _end(one)
    return code if told.to_end or code else 1


class _Told:
    """Whether a signal asked to end."""

    def __init__(self) -> None:
        self.to_end = False
        signal.signal(signal.SIGINT, self._hear)
        signal.signal(signal.SIGTERM, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.to_end = True


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
