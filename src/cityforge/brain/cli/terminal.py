"""How the command line speaks: language, Problems, progress, tables."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol, cast

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawn

from cityforge.brain.errors import CityForgeError, Language, Problem, ProblemsFound, Text

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
_language: Language = "zh"
_FIGURE = re.compile(r"[-+±−]?[0-9][-0-9,.]* ?%?")
_CODE = re.compile(r"[0-9A-Z]{18}")  # a credit code
_NARROWEST = 8  # columns of the screen for a column of words
_NOTHING = ("", "—")


class Table(Protocol):
    """What a table of the reports offers; named here so that --help need not load them."""

    @property
    def title(self) -> Text: ...
    @property
    def columns(self) -> Sequence[Text]: ...
    @property
    def rows(self) -> Sequence[Sequence[str | Text]]: ...


def choose_language(name: str) -> None:
    """Set the reader's language for this process."""
    global _language
    if name not in ("zh", "en"):
        raise typer.BadParameter("zh | en")
    _language = cast(Language, name)


def language() -> Language:
    return _language


def say(text: Text) -> None:
    # The terminal breaks lines where it must; a break of ours would stay when text is copied.
    out.print(text.say(_language), markup=False, soft_wrap=True)


def show_error(error: CityForgeError) -> None:
    """An error on the error stream: all Problems of it, then the sum."""
    if isinstance(error, ProblemsFound):
        show_problems(error.problems, to=err)
    err.print(error.text.say(_language), style="bold red", markup=False, soft_wrap=True)


def show_problems(problems: tuple[Problem, ...] | list[Problem], *, to: Console = out) -> None:
    """Each Problem with its place, what is wrong and what to do."""
    for problem in problems:
        style = "yellow" if problem.severity == "warning" else "red"
        where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
        to.print(where, style=style, end="  ", markup=False, soft_wrap=True)
        to.print(problem.what.say(_language), markup=False, soft_wrap=True)
        hint = problem.hint.say(_language)
        if hint:
            to.print(f"    → {hint}", style="dim", markup=False, soft_wrap=True)


def show_table(table: Table) -> None:
    """A table of the reports: columns of figures on the right, words on the left."""
    drawn = Drawn(title=table.title.say(_language), title_justify="left", title_style="bold")
    heads = [column.say(_language) for column in table.columns]
    rows = [[c if isinstance(c, str) else c.say(_language) for c in row] for row in table.rows]
    widths = _whole(heads, rows)
    for i, head in enumerate(heads):
        justify: Literal["left", "right"] = "right" if i and _figures(rows, i) else "left"
        drawn.add_column(head, justify=justify, overflow="fold", width=widths.get(i))
    for row in rows:
        drawn.add_row(*row)
    out.print(drawn)


def _whole(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, int]:
    """The widths that keep figures and codes in one piece where a table is wider than the screen:
    headings and words break instead. None where that leaves too little for the words."""
    cells = [max((cell_len(row[i]) for row in rows), default=0) for i in range(len(heads))]
    edges = 3 * len(heads) + 1
    if sum(map(max, cells, map(cell_len, heads))) + edges <= out.width:
        return {}
    kept = [i for i in range(len(heads)) if _figures(rows, i) or _codes(rows, i)]
    widths = {i: max(cells[i], *map(cell_len, heads[i].split())) for i in kept}
    if _language == "zh":
        widths = {i: max(cells[i], 4) for i in kept}
    room = out.width - edges - sum(widths.values())
    words = [min(_NARROWEST, cells[i]) for i in range(len(heads)) if i not in widths]
    return widths if room >= sum(words) else {}


def _codes(rows: Sequence[Sequence[str]], place: int) -> bool:
    return bool(rows) and all(_CODE.fullmatch(row[place]) for row in rows)


def _figures(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column holds nothing but figures, years, days and shares, or the lack of them."""
    return all(_FIGURE.fullmatch(row[place]) for row in rows if row[place] not in _NOTHING)


@contextmanager
def progress() -> Iterator[Callable[[Text, float], None]]:
    """A bar on the error stream; nothing where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=1.0)

        def tell(text: Text, share: float) -> None:
            bar.update(task, description=text.say(_language), completed=share)

        yield tell
