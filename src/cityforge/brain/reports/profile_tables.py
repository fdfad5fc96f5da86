"""A profile as plain tables, for a terminal to draw: short; the page has the rest."""

from cityforge.brain.errors import Text
from cityforge.brain.intake.profile.shape import ColumnProfile, DatasetProfile, Profile
from cityforge.brain.reports.messages import fixed, with_unit
from cityforge.brain.reports.profile_words import (
    figure,
    light,
    percent,
    text,
    urgency,
)
from cityforge.brain.reports.tables import Row, Table

MOST_ROWS = 12


def of(profile: Profile, *, dataset: str | None = None) -> list[Table]:
    """The folder in one table and the sources in a second; or all about one dataset.

    Raises KeyError for a dataset that the profile does not hold.
    """
    if dataset is not None:
        one = profile.dataset(dataset)
        if one is None:
            raise KeyError(dataset)
        return _one(one)
    found = [_overview(profile)]
    if profile.agreements:
        found.append(_agreements(profile))
    return found


def _overview(profile: Profile) -> Table:
    keys = ("p_set", "p_state", "p_read", "p_sent_back", "p_slip", "p_coverage")
    rows: list[Row] = []
    for each in sorted(profile.datasets, key=urgency):
        covered = "—"
        if each.coverage and each.file:
            covered = percent(each.coverage.enterprises, profile.frame)
        # Whom to ask stands below what: so the table fits a terminal of usual width.
        what = Text(
            zh=f"{each.title.zh}\n  {each.owner.zh}", en=f"{each.title.en}\n  {each.owner.en}"
        )
        read, held = fixed(each.read, 0), fixed(each.quarantined, 0)
        rows.append((what, light(each), read, held, fixed(each.slips, 0), covered))
    title = text("t_profile", city=profile.city, as_of=profile.as_of.isoformat())
    return Table(title, tuple(text(key) for key in keys), tuple(rows))


def _agreements(profile: Profile) -> Table:
    keys = ("t_agreements", "t_both", "t_within", "t_agree", "t_median", "t_suspects_n")
    rows: list[Row] = [
        (
            text("t_pair", left=each.left, right=each.right),
            fixed(each.both, 0),
            each.within,
            percent(each.agree, each.compared),
            figure(each.median),
            fixed(each.slips, 0),
        )
        for each in profile.agreements
    ]
    return Table(text("t_agreements"), tuple(text(key) for key in keys), tuple(rows))


def _one(dataset: DatasetProfile) -> list[Table]:
    tables = [_columns(dataset)]
    if dataset.rejects:
        tables.append(_rejects(dataset))
    if any(each.figures and each.figures.slips.rows for each in dataset.columns):
        tables.append(_slips(dataset))
    return tables


def _columns(dataset: DatasetProfile) -> Table:
    keys = ("p_filled", "p_distinct", "p_least", "p_middle", "p_most", "p_zeros", "p_negatives")
    rows: list[Row] = [
        (
            _with_unit(each),
            percent(each.filled, dataset.accepted),
            fixed(each.distinct, 0),
            *_spread(each),
        )
        for each in dataset.columns
    ]
    columns = (text("column"), *(text(key) for key in (*keys, "p_outliers", "p_slip")))
    title = text("t_columns", dataset=dataset.title, n=fixed(dataset.accepted, 0))
    return Table(title, columns, tuple(rows))


def _spread(column: ColumnProfile) -> tuple[str, ...]:
    if column.dates:
        days = (column.dates.least, column.dates.quartiles[1], column.dates.most)
        return (*(day.isoformat() for day in days), "", "", "", "")
    if column.figures is None:
        return ("",) * 7
    f = column.figures
    middle = f.quartiles[1] if f.quartiles else None
    counts = (f.zeros, f.negatives, f.outliers.count, f.slips.count)
    return (figure(f.least), figure(middle), figure(f.most), *(fixed(n, 0) for n in counts))


def _rejects(dataset: DatasetProfile) -> Table:
    rows: list[Row] = [
        (
            Text(zh=f"{r.column.zh}：{r.reason.zh}", en=f"{r.column.en} {r.reason.en}"),
            fixed(r.count, 0),
            _examples(r.examples[:2]),
            r.advice,
        )
        for r in dataset.rejects[:MOST_ROWS]
    ]
    columns = (text("reason"), text("p_rows"), text("row"), text("p_advice"))
    return Table(text("t_rejects", dataset=dataset.title), columns, tuple(rows))


def _slips(dataset: DatasetProfile) -> Table:
    rows: list[Row] = [
        (
            f"{row.name or ''} {row.uscc}".strip(),
            Text(zh=column.title.zh, en=column.title.en),
            str(row.year or ""),
            figure(row.value),
            figure(row.against),
        )
        for column in dataset.columns
        if column.figures
        for row in column.figures.slips.rows
    ]
    keys = ("p_enterprise", "column", "p_year", "p_value", "p_own_years")
    title = text("t_suspects", dataset=dataset.title)
    return Table(title, tuple(text(key) for key in keys), tuple(rows[:MOST_ROWS]))


def _with_unit(column: ColumnProfile) -> Text:
    return with_unit(column.title, column.unit)


def _examples(examples: tuple[tuple[int, str | None], ...]) -> str:
    said = (f"{row}: {cell[:30]}" if cell else str(row) for row, cell in examples)
    return "\n".join(said)
