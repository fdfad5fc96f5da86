"""The enterprises of a city: the accepted frame, each put into its district and industry."""

from datetime import date

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.facts import known

ENTERPRISES = "enterprises"
_AREAS = "areas"


def build(engine: Engine, city: City, *, as_of: date) -> None:
    """Make the table `enterprises` from the accepted frame as known on the as-of date.

    Adds `district` (id; NULL when nothing tells it), `district_from` (column, area_code or
    credit_code: which evidence told it; address or name after `place`), `industry` (two digits)
    and `code_kind` (uscc, or old_number for a 15-digit registration number).
    """
    frame = city.frame
    assert frame is not None
    names = [column.id for column in frame.columns if column.id not in (DISTRICT, INDUSTRY)]
    engine.take(_AREAS, _areas(city))
    code = exp.column("uscc", "f")
    is_old = exp.EQ(this=exp.Length(this=code), expression=exp.Literal.number(15))
    # An old registration number starts with the six digits of its registry's area.
    of_code = exp.func("substr", code, exp.Case().when(is_old, _n(1)).else_(_n(3)), _n(6))
    told: list[tuple[str, str, exp.Expr]] = []
    if frame.column(DISTRICT):
        told.append(("column", "by_name", exp.column(DISTRICT, "f")))
    if frame.column("region_code"):
        area = exp.column("region_code", "f")
        told.append(("area_code", "by_area", exp.func("substr", area, _n(1), _n(9))))
        told.append(("area_code", "by_county", exp.func("substr", area.copy(), _n(1), _n(6))))
    told.append(("credit_code", "by_code", of_code))
    query = exp.select(*[exp.column(name, "f", quoted=True) for name in names])
    query = query.from_(known.rows(frame, as_of).select("*").subquery("f"))
    source = exp.Case()
    for evidence, alias, text in told:
        query = query.join(
            exp.alias_(exp.to_table(_AREAS), alias, table=True),
            on=exp.EQ(this=text, expression=exp.column("text", alias)),
            join_type="left",
        )
        found = exp.column("id", alias).is_(exp.null()).not_()
        source = source.when(found, exp.Literal.string(evidence))
    ids = [exp.column("id", alias) for _, alias, _ in told]
    industry: exp.Expr = exp.cast(exp.null(), "VARCHAR")
    if frame.column("industry_code"):
        industry = exp.func("substr", exp.column("industry_code", "f"), _n(1), _n(2))
    kind = exp.Case().when(is_old.copy(), exp.Literal.string("old_number"))
    query = query.select(
        exp.alias_(exp.func("coalesce", *ids) if len(ids) > 1 else ids[0], DISTRICT),
        exp.alias_(source, "district_from"),
        exp.alias_(industry, INDUSTRY),
        exp.alias_(kind.else_(exp.Literal.string("uscc")), "code_kind"),
    )
    engine.create(ENTERPRISES, query.order_by(exp.column("uscc", "f")))
    engine.drop(_AREAS)


def unplaced(engine: Engine, city: City) -> pa.Table:
    """The enterprises whose district nothing told: uscc, name, address (NULL where no column)."""
    frame = city.frame
    assert frame is not None
    address: exp.Expr = exp.alias_(exp.cast(exp.null(), "VARCHAR"), "address")
    if frame.column("address"):
        address = exp.column("address", quoted=True)
    query = exp.select(exp.column("uscc"), exp.column("name", quoted=True), address)
    query = query.from_(ENTERPRISES).where(exp.column(DISTRICT).is_(exp.null()))
    return engine.arrow(query.order_by(exp.column("uscc")))


def place(engine: Engine, told: pa.Table) -> None:
    """Put enterprises into districts that their own words told (uscc, district, told_by)."""
    engine.take("told", told)
    engine.create("placed", exp.select("*").from_(ENTERPRISES))
    engine.drop(ENTERPRISES)
    district, source = (
        exp.func("coalesce", exp.column(name, "e"), exp.column(other, "t"))
        for name, other in ((DISTRICT, "district"), ("district_from", "told_by"))
    )
    kept = exp.Star(except_=[exp.to_identifier(DISTRICT), exp.to_identifier("district_from")])
    query = exp.select(
        exp.Column(this=kept, table=exp.to_identifier("e")),
        exp.alias_(district, DISTRICT),
        exp.alias_(source, "district_from"),
    ).from_(exp.alias_(exp.to_table("placed"), "e", table=True))
    query = query.join(
        exp.alias_(exp.to_table("told"), "t", table=True),
        on=exp.EQ(this=exp.column("uscc", "e"), expression=exp.column("uscc", "t")),
        join_type="left",
    )
    engine.create(ENTERPRISES, query.order_by(exp.column("uscc", "e")))
    engine.drop("placed")
    engine.drop("told")


def _areas(city: City) -> pa.Table:
    """Every way a file may name a district: id, name, short name, and its area codes."""
    known: dict[str, str] = {}
    for district in city.place.districts:
        for text in (district.id, district.title, district.short):
            known.setdefault(text, district.id)
        for area in district.codes:
            known.setdefault(area.code, district.id)
    return pa.table({"text": list(known), "id": list(known.values())})


def _n(number: int) -> exp.Expr:
    return exp.Literal.number(number)
