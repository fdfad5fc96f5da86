"""Ends the portal by SIGKILL at random moments of a piece of work and looks at what is left.

    python portal_at_moments.py import --moments 200 --seed 1

A process of its own, as is whoever dies: the parent has everything loaded and forks, for each
moment, somebody who works (requests through the whole of Django, and the worker's command), then
somebody who looks: is what stands there whole, does the page say what to do, does that lead to the
end, is the trail unbroken? It prints how many were hit. Any fault ends it with a traceback.
"""

import argparse
import importlib
import io
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "portal"))
_LONGEST = 600  # seconds after which somebody who works or looks is taken to hang
_TRIES = 4  # draws for each moment: a work that ended sooner than measured was not hit


class Work(Protocol):
    """A piece of work of the portal.

    lay_out  what stands there before
    do       the work from its first request to its last task
    look     whether what stands there is whole, at whatever moment the work ended
    finish   do what the pages say is to be done, to the end
    """

    def lay_out(self) -> None: ...
    def do(self) -> None: ...
    def look(self) -> None: ...
    def finish(self) -> None: ...


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("work")
    options.add_argument("--moments", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="killed-") as name:
        home = Path(name) / "home"
        home.mkdir()
        _set_up(home)
        module = importlib.import_module(f"portal_{given.work}")
        work: Work = getattr(module, given.work.capitalize())()
        _check(_forked(lambda: (_migrate(), work.lay_out())))
        still = Path(shutil.copytree(home, Path(name) / "still"))
        began = time.monotonic()
        _check(_forked(work.do))
        whole = time.monotonic() - began
        _check(_forked(lambda: (_whole(work), work.finish())))
        drawn, hit = random.Random(given.seed), 0
        for _ in range(_TRIES * given.moments):
            if hit == given.moments:
                break
            shutil.rmtree(home)
            shutil.copytree(still, home)
            hit += _killed(work.do, drawn.uniform(0, whole))
            _check(_forked(lambda: _whole(work)))
            _check(_forked(lambda: (work.finish(), _whole(work))))
        said = f"{given.work}: {hit} killed within {whole:.1f} s, nothing lost, nothing half done"
        sys.stdout.write(said + "\n")


def _set_up(home: Path) -> None:
    os.environ |= {
        "CITYFORGE_CITY": str(HERE.parent / "cities" / "lanhe"),
        "CITYFORGE_DEMO": "1",
        "CITYFORGE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "portal_settings",
    }
    import django

    django.setup()
    from django.conf import settings

    # Silence is told at once: nobody waits two minutes here.
    settings.STALLED_SECONDS = 0


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _whole(work: Work) -> None:
    """The database and the trail unbroken, and the work's own things."""
    from django.conf import settings
    from django.core.management import call_command

    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    call_command("verify_audit", stdout=io.StringIO())
    work.look()


def _forked(what: Callable[[], object]) -> int:
    """Somebody who does a thing to its end; the exit status."""
    child = os.fork()
    if child == 0:
        _do(what)
    return os.waitpid(child, 0)[1]


def _killed(what: Callable[[], object], after: float) -> bool:
    """Somebody who works is killed after so many seconds; whether it was before the end.

    By the clock on purpose: from outside, at whatever it does then, inside a library too. Nothing
    is awaited by it, and who was done already does not count.
    """
    child = os.fork()
    if child == 0:
        _do(what)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status):
        _check(status)
        return False
    return True


def _do(what: Callable[[], object]) -> None:
    code = 1
    try:
        signal.alarm(_LONGEST)
        what()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _check(status: int) -> None:
    if status:
        raise SystemExit(f"ended with {status}")


if __name__ == "__main__":
    main()
