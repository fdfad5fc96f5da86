"""docs/reference/cli.md: the help of every command, as the command prints it."""

import typer
from typer.testing import CliRunner

from cityforge.brain.cli.main import app
from generator import markdown

INTRO = """
`--lang en` 或环境变量 `CITYFORGE_LANG=en` 换成英文界面。退出码见 [errors.md](errors.md)。
`--lang en`, or `CITYFORGE_LANG=en`, speaks English. Exit codes: [errors.md](errors.md).
"""


def names() -> list[str]:
    """Every command of the command line, those of a group as "group command"."""
    return _names(app)


def _names(commands: typer.Typer) -> list[str]:
    found = [command.name or "" for command in commands.registered_commands]
    for group in commands.registered_groups:
        assert group.typer_instance is not None
        found += [f"{group.name} {name}" for name in _names(group.typer_instance)]
    return found


def page() -> str:
    """The map, then each command."""
    parts = [f"## cityforge\n\n{_help([])}"]
    parts += [f"## cityforge {name}\n\n{_help(name.split())}" for name in names()]
    return markdown.page("命令 · Commands", INTRO, *parts)


def _help(words: list[str]) -> str:
    # A stated width: the same on every terminal.
    result = CliRunner().invoke(
        app,
        [*words, "--help"],
        prog_name="cityforge",
        terminal_width=100,
        max_content_width=100,
    )
    lines = [line.rstrip() for line in result.stdout.strip().splitlines()]
    return "```text\n" + "\n".join(lines) + "\n```"
