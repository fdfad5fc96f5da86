"""How answers about policies are shown: sentences and tables, or JSON."""

import json
from collections.abc import Sequence

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def words_and_tables(lines: Sequence[Text], tables: Sequence[terminal.Table]) -> None:
    """Every sentence on a line of its own, then the tables."""
    for line in lines:
        terminal.say(line)
    for table in tables:
        terminal.out.print()
        terminal.show_table(table)


def as_json(payload: object) -> None:
    """Whole, in the characters of the language, for another program to read."""
    typer.echo(json.dumps(payload, ensure_ascii=False, indent=2))
