"""Figures that stand apart, and figures that look as if a unit had slipped.

The rules, stated on the page too:
- An outlier: in powers of ten, more than FAR robust deviations (1.4826 x the median absolute
  deviation) from the median of its industry section, or of the whole column where the section has
  fewer than ENOUGH positive figures. Zeros and negatives are counted apart.
- A suspected unit slip: about 1,000 or 10,000 times (within SLACK of a power of ten) above or below
  the middle of the same enterprise's other years.
"""

from dataclasses import dataclass, field

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake.profile.coverage import NAMES
from cityforge.brain.intake.profile.shape import Listed, Suspects
from cityforge.brain.values import industry

FAR = 6
ENOUGH = 30
SLACK = 0.25
LISTED = 50
SECTIONS = "profile_sections"
_VALUES = "profile_values"
_CODES = "profile_codes"


@dataclass(frozen=True, slots=True)
class Found:
    """What one column holds: sizes by quarter of a power of ten, outliers, unit slips."""

    sizes: dict[int, int] = field(default_factory=dict)
    outliers: Suspects = field(default_factory=lambda: Suspects(0))
    slips: Suspects = field(default_factory=lambda: Suspects(0))


def prepare(engine: Engine, frame: Dataset) -> None:
    """Make the tables of names and of industry sections by credit code, once a profile."""
    table = f"data_{frame.id}"
    engine.create(NAMES, exp.select("uscc", "min(name) AS name").from_(table).group_by("uscc"))
    nodes = [node for node in industry.everything() if node.code != node.section]
    codes = {"code": [n.code for n in nodes], "section": [n.section for n in nodes]}
    engine.take(_CODES, pa.table(codes))
    if frame.column("industry_code") is None:
        nothing = exp.select("uscc", "CAST(NULL AS TEXT) AS section").from_(NAMES)
        engine.create(SECTIONS, nothing)
        return
    sections = exp.select("f.uscc", "min(c.section) AS section").from_(f"{table} AS f")
    sections = sections.join(f"{_CODES} AS c", on="f.industry_code = c.code", join_type="left")
    engine.create(SECTIONS, sections.group_by("f.uscc"))


def of(engine: Engine, dataset: Dataset, column: Column) -> Found:
    """The positive figures of a quantity, held against their section and their own years."""
    engine.create(_VALUES, _values(dataset, column))
    try:
        bin_ = "CAST(floor(x * 4) AS INT) AS bin"
        sizes = exp.select(bin_, "count(*)").from_(_VALUES).group_by("bin").order_by("bin")
        counted = dict(engine.rows(sizes))
        if dataset.column("uscc") is None:
            return Found(counted)
        may_name = dataset.may_name(column)
        return Found(
            counted,
            _suspects(engine, _far(), may_name=may_name),
            _suspects(engine, _slipped(), may_name=may_name)
            if dataset.column("year") is not None
            else Suspects(0),
        )
    finally:
        engine.drop(_VALUES)


def _values(dataset: Dataset, column: Column) -> exp.Select:
    """uscc, year, value and x, its power of ten, of the positive figures."""
    number = exp.cast(exp.column(column.id, "d", quoted=True), "DOUBLE")
    none = exp.cast(exp.null(), "INT")
    year = exp.column("year", "d") if dataset.column("year") is not None else none
    if dataset.column("uscc") is None:
        query = exp.select(exp.alias_(exp.cast(exp.null(), "VARCHAR"), "uscc"))
    else:
        query = exp.select("d.uscc")
    return (
        query.select(exp.alias_(year, "year"), exp.alias_(number, "value"))
        .select(exp.alias_(exp.Anonymous(this="log10", expressions=[number.copy()]), "x"))
        .from_(f"data_{dataset.id} AS d")
        .where(exp.GT(this=number.copy(), expression=exp.Literal.number(0)))
    )


def _far() -> exp.Select:
    """uscc, year, value, against (in powers of ten), away: the rows far from their section."""
    placed = exp.select("v.*", "s.section").from_(f"{_VALUES} AS v")
    placed = placed.join(f"{SECTIONS} AS s", using=["uscc"], join_type="left")
    middles = (
        exp.select("section", "median(x) AS middle", "mad(x) AS spread")
        .from_(placed.copy().subquery("p"))
        .where("NOT section IS NULL")
        .group_by("section")
        .having(f"count(*) >= {ENOUGH}")
    )
    whole = exp.select("median(x) AS middle", "mad(x) AS spread").from_(_VALUES)
    whole = whole.having(f"count(*) >= {ENOUGH}")
    joined = (
        exp.select("p.uscc", "p.year", "p.value", "p.x")
        .select("coalesce(m.middle, w.middle) AS against")
        .select("CASE WHEN m.middle IS NULL THEN w.spread ELSE m.spread END AS spread")
        .from_(placed.subquery("p"))
        .join(middles.subquery("m"), using=["section"], join_type="left")
        .join(whole.subquery("w"), on="TRUE", join_type="left")
    )
    return (
        exp.select("uscc", "year", "value", "against", "x - against AS away")
        .from_(joined.subquery("j"))
        # Where half the figures are the same there is no spread to measure by.
        .where("spread > 0", f"abs(x - against) > {FAR} * 1.4826 * spread")
    )


def _slipped() -> exp.Select:
    """The same columns: rows about 1,000 or 10,000 times off the enterprise's own other years.

    Of two years alone the one farther from the column's median is taken for the slipped one.
    """
    least = 3 - SLACK
    own = (
        exp.select("uscc", "median(x) AS middle", "count(*) AS years", "min(x) + max(x) AS both_")
        .from_(_VALUES)
        .group_by("uscc")
        .having("count(*) > 1", f"max(x) - min(x) >= {least}")
    )
    away = (
        exp.select("v.uscc", "v.year", "v.value", "v.x", "o.years")
        # The other of two years; the middle of more: one slip does not move it.
        .select("CASE WHEN o.years = 2 THEN o.both_ - v.x ELSE o.middle END AS against")
        .from_(f"{_VALUES} AS v")
        .join(own.subquery("o"), using=["uscc"])
    )
    whole = exp.select("median(x) AS middle").from_(_VALUES)
    near = [f"abs(abs(a.x - a.against) - {power}) <= {SLACK}" for power in (3, 4)]
    return (
        exp.select("a.uscc", "a.year", "a.value", "a.against", "a.x - a.against AS away")
        .from_(away.subquery("a"))
        .join(whole.subquery("w"), on="TRUE")
        .where(exp.or_(*near))
        .where("a.years > 2 OR abs(a.x - w.middle) >= abs(a.against - w.middle)")
    )


def _suspects(engine: Engine, rows: exp.Select, *, may_name: bool) -> Suspects:
    count = engine.rows(exp.select("count(*)").from_(rows.copy().subquery("r")))[0][0]
    if not count or not may_name:
        return Suspects(count)
    listed = (
        exp.select("r.uscc", "n.name", "r.year", "r.value", "r.against", "r.away")
        .from_(rows.subquery("r"))
        .join(f"{NAMES} AS n", using=["uscc"], join_type="left")
        .order_by("abs(r.away) DESC", "r.uscc", "r.year")
        .limit(LISTED)
    )
    return Suspects(
        count,
        tuple(
            Listed(code, name, year, value, 10**against, 10**away)
            for code, name, year, value, against, away in engine.rows(listed)
        ),
    )
