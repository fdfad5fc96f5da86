"""The figures of a scheme as plain tables, for a terminal to draw."""

from dataclasses import dataclass

from cityforge.brain.errors import Text
from cityforge.brain.reports.messages import fixed, number, text, with_unit
from cityforge.brain.reports.moves import NOT_RATED
from cityforge.brain.reports.summary import EXEMPT, SchemeSummary, Summary

Row = tuple[str | Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table. The first column is words; the terminal puts columns of figures right."""

    title: Text
    columns: tuple[Text, ...]
    rows: tuple[Row, ...]


def grades(summary: SchemeSummary) -> Table:
    """Districts by grade, exempt (T), total, and the median of the headline indicator."""
    shown = [*summary.grades, EXEMPT]
    headline = summary.headline
    title = Text(zh=summary.scheme.title, en=summary.scheme.title_en)
    rows: list[Row] = [
        (
            district.title,
            *(fixed(district.grades[grade], 0) for grade in shown),
            fixed(district.rated, 0),
            _figure(district.median),
        )
        for district in summary.districts
    ]
    totals = [fixed(summary.count(grade), 0) for grade in shown]
    rated = fixed(sum(district.rated for district in summary.districts), 0)
    rows.append((text("total_count"), *totals, rated, _figure(summary.median)))
    title_of = Text(zh=headline.title, en=headline.title_en)
    median = text("kpi_median", indicator=with_unit(title_of, headline.unit))
    return Table(
        title=text("t_grades", title=title, year=str(summary.year)),
        columns=(
            text("district"),
            *(Text(zh=grade, en=grade) for grade in shown),
            text("rated"),
            median,
        ),
        rows=tuple(rows),
    )


def intake(summary: Summary) -> Table:
    """Each dataset: read = accepted + quarantined."""
    rows: list[Row] = [
        (
            dataset.title,
            *(fixed(n, 0) for n in (dataset.read, dataset.accepted, dataset.quarantined)),
        )
        for dataset in summary.datasets
    ]
    columns = tuple(text(key) for key in ("dataset", "read", "accepted", "quarantined"))
    return Table(text("t_intake"), columns, tuple(rows))


def by_name(summary: Summary) -> Table | None:
    """Rows that came without a code, by source and rung; None where there are none."""
    if not summary.by_name:
        return None
    rows = tuple((each.dataset, each.rung, fixed(each.rows, 0)) for each in summary.by_name)
    columns = tuple(text(key) for key in ("dataset", "rung", "rows"))
    return Table(text("by_name_title"), columns, rows)


def moves(summary: SchemeSummary) -> Table | None:
    """Grade of the year before by grade now, None without a year before."""
    if summary.moves is None:
        return None
    grades = [*summary.grades, NOT_RATED]
    names = [
        *(Text(zh=grade, en=grade) for grade in summary.grades),
        text("not_rated"),
    ]
    matrix = summary.moves.matrix
    rows: list[Row] = [
        (name, *(fixed(matrix.get((before, after), 0), 0) for after in grades))
        for before, name in zip(grades, names, strict=True)
    ]
    return Table(
        text("t_moves", before=str(summary.year - 1), after=str(summary.year)),
        (Text(zh="", en=""), *names),
        tuple(rows),
    )


def _figure(value: float | None) -> str:
    return "—" if value is None else number(value)
