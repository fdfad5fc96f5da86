"""What enterprises put right, laid over what the datasets say before facts are made of it.

DATA/corrections.csv holds one line a fact: `uscc, year, fact, value, stated, basis, by, on, id`, in
the units of the columns, empty for unknown. `basis` is `ruled`: the office that owns the dataset
(`by`) found it right, or an evaluation upheld an objection to it (`by` is its scheme); or
`declared`: the enterprise says so, which counts only where the dataset is one that enterprises
declare anyway. A correction holds against the figure it was made of: `stated` by the dataset, or
put in place by the correction before it, which the office may have delivered since. Where the
office has delivered another one, that one counts.
"""

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.city.folder import City
from cityforge.brain.engines import sql
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused, Problem, RunRefused, Text
from cityforge.brain.facts.correction import Correction, Value, read

FILE, TABLE = "corrections.csv", "corrections"
COLUMNS = ("uscc", "year", "fact", "value", "stated", "basis", "by", "on", "id")
_TEXTS = ("value", "stated", "before")
RULED, DECLARED = "ruled", "declared"
Basis = Literal["ruled", "declared"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: the correction, what the data said, on whose word, since when, its number.

    before   what the correction that it takes the place of put in place; empty: it takes no place
    """

    right: Correction
    stated: Value
    basis: Basis
    by: str
    on: date
    id: str
    before: tuple[Value, ...] = ()

    @property
    def made_of(self) -> tuple[Value, Value]:
        """The two figures that it holds against; mostly it is one."""
        return self.stated, self.before[0] if self.before else self.stated


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a run; `yearly` tells which facts hold for their year alone."""

    entries: tuple[Entry, ...] = ()
    yearly: frozenset[str] = field(default_factory=frozenset)

    def names(self, year: int) -> set[str]:
        """The facts that some of them touch in a year."""
        return {
            one.right.fact
            for one in self.entries
            if one.right.fact not in self.yearly or one.right.year == year
        }


NOTHING = Corrections()


def correctable(city: City, fact: Fact) -> bool:
    """Whether a fact is one that a correction may name: an enterprise's own, out of a dataset that
    is not the register of enterprises itself."""
    dataset = city.datasets.get(fact.dataset or "")
    return (
        dataset is not None
        and not dataset.frame
        and dataset.grain in ("enterprise", "enterprise_year")
    )


def write(entries: Iterable[Entry], data: Path) -> Path:
    """Put the file into a data folder, in one step.

    entries   oldest first: of one fact and day the last one counts
    """
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=data, prefix=".corrections-", delete=False, encoding="utf-8-sig", newline=""
    ) as stream:
        out = csv.writer(stream)
        out.writerow(COLUMNS)
        for one in sorted(entries, key=lambda one: (one.right.uscc, one.right.year)):
            right = one.right
            told = (text(right.value), text(one.stated), one.basis, one.by, one.on.isoformat())
            out.writerow((right.uscc, right.year, right.fact, *told, one.id))
        stream.flush()
        os.fsync(stream.fileno())
    Path(stream.name).chmod(0o640)
    return Path(stream.name).replace(data / FILE)


def load(city: City, book: Dictionary, file: Path | None) -> tuple[Corrections, list[Text]]:
    """The corrections of a file, and what is to be told of those that do not fit.

    Raises DataRefused where the file is no such list.
    """
    if file is None:
        return NOTHING, []
    newest: dict[tuple[str, int, str], Entry] = {}
    unfit: list[str] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = csv.DictReader(stream)
        if tuple(lines.fieldnames or ()) != COLUMNS:
            raise DataRefused([_no_list(1)])
        for line in lines:
            try:
                entry = _entry(book, line)
            except (ValueError, TypeError) as error:
                raise DataRefused([_no_list(lines.line_num)]) from error
            except RunRefused:
                unfit.append(str(line["id"]))
                continue
            fact = book.facts[entry.right.fact]
            if not correctable(city, fact) or (entry.basis == DECLARED and not fact.declared):
                unfit.append(entry.id)
                continue
            # What has no year has but one value, in whichever year it was put right.
            year = entry.right.year if _is_yearly(city, fact) else 0
            key = (entry.right.uscc, year, entry.right.fact)
            earlier = newest.get(key)
            if earlier is None:
                newest[key] = entry
            elif earlier.on <= entry.on:
                newest[key] = replace(entry, before=(earlier.right.value,))
    entries = tuple(newest[key] for key in sorted(newest))
    names = {one.right.fact for one in entries}
    yearly = frozenset(name for name in names if _is_yearly(city, book.facts[name]))
    return Corrections(entries, yearly), [_unfit(unfit)] if unfit else []


def take(engine: Engine, corrections: Corrections) -> None:
    """Put them where `over` finds them."""
    if not corrections.entries:
        return
    rows = [
        {
            "uscc": one.right.uscc,
            "year": one.right.year,
            "fact": one.right.fact,
            "value": text(one.right.value) or None,
            "stated": text(one.made_of[0]) or None,
            "before": text(one.made_of[1]) or None,
        }
        for one in corrections.entries
    ]
    kinds = {"uscc": pa.string(), "year": pa.int32(), "fact": pa.string()}
    schema = pa.schema({**kinds, **dict.fromkeys(_TEXTS, pa.string())})
    engine.take(TABLE, pa.Table.from_pylist(rows, schema=schema))


def over(
    query: exp.Select, fact: Fact, value: exp.Expr, *, year: int, corrections: Corrections
) -> exp.Expr:
    """The value of a fact with its corrections; joins what it needs to the query, whose rows are
    enterprises `e`."""
    alias = f"right_{fact.name}"
    type_ = sql.sql_type(fact.type)
    mine = exp.select(
        exp.column("uscc"),
        *(exp.alias_(exp.cast(exp.column(name), type_), name) for name in _TEXTS),
    ).from_(TABLE)
    mine = mine.where(exp.column("fact").eq(exp.Literal.string(fact.name)))
    if fact.name in corrections.yearly:
        mine = mine.where(exp.column("year").eq(exp.Literal.number(year)))
    query.join(
        mine.subquery(alias),
        on=exp.EQ(this=exp.column("uscc", "e"), expression=exp.column("uscc", alias)),
        join_type="left",
        copy=False,
    )
    is_there = exp.column("uscc", alias).is_(exp.null()).not_()
    same = exp.or_(
        *(
            exp.NullSafeEQ(this=value.copy(), expression=exp.column(name, alias))
            for name in ("stated", "before")
        )
    )
    case = exp.Case().when(exp.and_(is_there, same), exp.column("value", alias))
    return case.else_(value)


def told(
    engine: Engine, book: Dictionary, corrections: Corrections, tables: dict[int, str]
) -> tuple[pa.Table, list[Text]]:
    """Every correction with whether the facts of its year say so now, and a line about the rest.

    tables  the facts of each year
    """
    applied: set[tuple[str, int, str]] = set()
    for year, name in sorted({(one.right.year, one.right.fact) for one in corrections.entries}):
        of_year = year if name in corrections.yearly else max(tables)
        if of_year in tables:
            holding = _holding(engine, book.facts[name], year, tables[of_year])
            applied |= {(code, year, name) for code in holding}
    rows = [
        {
            "uscc": one.right.uscc,
            "year": one.right.year,
            "fact": one.right.fact,
            "value": text(one.right.value) or None,
            "stated": text(one.stated) or None,
            "basis": one.basis,
            "by": one.by,
            "on": one.on,
            "id": one.id,
            "applied": (one.right.uscc, one.right.year, one.right.fact) in applied,
        }
        for one in corrections.entries
    ]
    schema = pa.schema(
        {name: pa.string() for name in ("uscc",)}
        | {"year": pa.int32()}
        | {name: pa.string() for name in ("fact", "value", "stated", "basis", "by")}
        | {"on": pa.date32(), "id": pa.string(), "applied": pa.bool_()}
    )
    left = len(rows) - len(applied)
    notes = [
        Text(
            zh=f"更正 {len(rows):,} 项：采用 {len(applied):,} 项"
            + (f"，{left:,} 项未用（数据已另有更新、企业不在册或年度不在范围）" if left else ""),
            en=f"{len(rows):,} corrections: {len(applied):,} taken"
            + (f", {left:,} not (newer data, no such enterprise, or another year)" if left else ""),
        )
    ]
    return pa.Table.from_pylist(rows, schema=schema), notes


def _holding(engine: Engine, fact: Fact, year: int, table: str) -> list[str]:
    """Of whom a table says what a correction of a year says."""
    right = exp.cast(exp.column("value", "c"), sql.sql_type(fact.type))
    query = (
        exp.select(exp.column("uscc", "c"))
        .from_(exp.alias_(exp.to_table(TABLE), "c", table=True))
        .join(
            exp.alias_(exp.to_table(table), "f", table=True),
            on=exp.column("uscc", "c").eq(exp.column("uscc", "f")),
        )
        .where(
            exp.column("fact", "c").eq(exp.Literal.string(fact.name)),
            exp.column("year", "c").eq(exp.Literal.number(year)),
            exp.NullSafeEQ(this=exp.column(fact.name, "f", quoted=True), expression=right),
        )
    )
    return [str(code) for (code,) in engine.rows(query)]


def _is_yearly(city: City, fact: Fact) -> bool:
    return city.datasets[fact.dataset or ""].grain == "enterprise_year"


def _entry(book: Dictionary, line: dict[str, str]) -> Entry:
    uscc, year, name = line["uscc"], int(line["year"]), line["fact"]
    basis = line["basis"]
    if basis not in (RULED, DECLARED) or not line["id"]:
        raise ValueError(basis)
    right = read(book, uscc, year, f"{name}={line['value']}")
    stated = read(book, uscc, year, f"{name}={line['stated']}").value
    on = date.fromisoformat(line["on"])
    return Entry(
        right, stated, "ruled" if basis == RULED else "declared", line["by"], on, line["id"]
    )


def text(value: Value) -> str:
    """A value as `correction.read` takes it: one spelling for each."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else f"{value.normalize():f}"


def _no_list(line: int) -> Problem:
    return Problem(
        FILE,
        line,
        0,
        Text(zh="不是更正清单的格式", en="is no list of corrections"),
        Text(zh="该文件由门户写出；不要手工改动", en="The portal writes this file; leave it."),
    )


def _unfit(ids: Sequence[str]) -> Text:
    shown = "、".join(ids[:8])
    return Text(
        zh=f"更正 {shown} 等 {len(ids):,} 项与现在的数据目录不符，未用",
        en=f"{len(ids):,} corrections do not fit the datasets any more ({shown}): not taken",
    )
