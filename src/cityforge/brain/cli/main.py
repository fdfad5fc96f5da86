"""The command line. `cityforge --help` is the map; one file a command."""

import os
import sys
from typing import Annotated

import typer

from cityforge.brain.cli import (
    check,
    diagnose,
    evaluate,
    explain,
    extract,
    init,
    intake,
    ladder,
    link,
    mock,
    plan,
    policy,
    portal,
    replay,
    run,
    schemas,
    serve,
    terminal,
)
from cityforge.brain.errors import CityForgeError

app = typer.Typer(
    name="cityforge",
    help="铸城：制造强市的开放产业大脑 · CityForge: the brain of a manufacturing city",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def main_options(
    lang: Annotated[
        str, typer.Option(help="界面语言 zh 或 en · language, zh or en", envvar="CITYFORGE_LANG")
    ] = "zh",
) -> None:
    terminal.choose_language(lang)


app.command("check")(check.check)
app.command("init")(init.init)
app.command("mock")(mock.mock)
app.command("run")(run.run)
app.command("replay")(replay.replay)
app.command("explain")(explain.explain)
app.command("extract")(extract.extract)
app.command("ladder")(ladder.ladder)
app.command("serve")(serve.serve)
app.add_typer(plan.app, name="plan")
app.add_typer(policy.app, name="policy")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(diagnose.app, name="diagnose")
app.add_typer(link.app, name="link")
app.add_typer(intake.app, name="intake")
app.command("portal")(portal.portal)
app.command("doctor")(portal.doctor)
app.command("backup")(portal.backup)
app.command("restore")(portal.restore)
app.command("schemas")(schemas.schemas)


def main() -> None:
    """Exit codes: 0 fine, 1 a bug, 2 usage, 10 city, 11 data, 12 engine, 13 run."""
    try:
        app()
    except CityForgeError as error:
        terminal.show_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, less) went away: not our error, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
