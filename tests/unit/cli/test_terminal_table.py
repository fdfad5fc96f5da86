"""How a table of the reports is drawn: figures on the right, words on the left."""

import io

import pytest
from rich.console import Console

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text
from cityforge.brain.reports.tables import Table


def word(text: str) -> Text:
    return Text(zh=text, en=text)


def drawn(monkeypatch: pytest.MonkeyPatch, columns: list[str], rows: list[list[str]]) -> list[str]:
    out = io.StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=out, width=120))
    table = Table(word("t"), tuple(map(word, columns)), tuple(tuple(row) for row in rows))
    terminal.show_table(table)
    return [line for line in out.getvalue().splitlines() if line.startswith("│")]


@pytest.mark.parametrize("cell", ["7", "1,234", "-0.5", "12.5%", "±10 %", "2025-09-30", "—", ""])
def test_a_figure_stands_on_the_right(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    head, line = drawn(monkeypatch, ["set", "how many of them"], [["a", cell], ["b", "1"]])
    assert head == f"│ a   │ {cell:>16} │"
    assert line == "│ b   │                1 │"


@pytest.mark.parametrize("cell", ["迟了", "late", "4: x", "MB2024", "3 行", "1.2 万元"])
def test_one_word_in_a_column_puts_it_on_the_left(
    monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    lines = drawn(monkeypatch, ["set", "how many of them"], [["a", cell], ["b", "1"]])
    assert lines[0].startswith(f"│ a   │ {cell} ")
    assert lines[1] == "│ b   │ 1                │"


def test_the_first_column_names_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = drawn(monkeypatch, ["set of data", "n"], [["2024", "7"], ["2025", "12"]])
    assert lines == ["│ 2024        │  7 │", "│ 2025        │ 12 │"]
