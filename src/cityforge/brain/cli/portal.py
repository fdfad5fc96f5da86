"""cityforge portal, doctor, backup, restore: handed on to the portal, a program of its own.

The library knows nothing of the portal; it is started the way a person would start it.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cityforge.brain.errors import RunRefused, Text

_PROGRAM = "cityforge.portal"
Home = Annotated[
    Path,
    typer.Option(
        "--home",
        help="数据库、数据、快照所在文件夹 · where database, data and snapshots stand",
        envvar="CITYFORGE_HOME",
    ),
]
_HOME = Path("portal")


def portal(
    home: Home = _HOME,
    host: Annotated[
        str, typer.Option(help="监听地址；对外服务请放在 nginx 之后 · address to listen at")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 · port")] = 8000,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="演示模式：虚构城市和公开账号 · made-up city, shown accounts"),
    ] = False,
    worker: Annotated[
        bool,
        typer.Option("--worker/--no-worker", help="同时运行后台任务 · the background work too"),
    ] = True,
) -> None:
    """运行门户：网页、账号、办理 · serve the portal"""
    if demo:
        os.environ["CITYFORGE_DEMO"] = "1"
    more = [] if worker else ["--no-worker"]
    _hand_on(home, "serve", "--host", host, "--port", str(port), *more)


def doctor(home: Home = _HOME) -> None:
    """检查门户的部署，逐项说明怎么办 · check a deployment of the portal"""
    _hand_on(home, "doctor")


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件 .tar.gz · the file to write")],
    home: Home = _HOME,
) -> None:
    """备份门户：数据库、文件、快照、城市文件夹 · back the portal up into one file"""
    _hand_on(home, "backup", str(file))


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 .tar.gz · the file that backup wrote")],
    home: Home = _HOME,
) -> None:
    """从备份恢复到空的门户 · restore a backup into an empty portal"""
    _hand_on(home, "restore", str(file))


def _hand_on(home: Path, *arguments: str) -> NoReturn:
    """Become the portal's program, in the reader's language."""
    # Asked of Python, not imported: the library stands without the portal.
    if importlib.util.find_spec("django") is None or importlib.util.find_spec(_PROGRAM) is None:
        raise RunRefused(
            Text(zh="此安装不含门户", en="the portal is not part of this installation")
        )
    from cityforge.brain.cli import terminal

    os.environ["CITYFORGE_HOME"] = str(home)
    os.environ["CITYFORGE_LANG"] = terminal.language()
    os.execv(sys.executable, [sys.executable, "-m", _PROGRAM, *arguments])
