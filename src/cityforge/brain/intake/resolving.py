"""Rows that came without a credit code: their enterprise found in the frame, by name and address.

Bureaus send names beside codes, or instead of them. Where a code is empty or malformed, linkage is
asked; only what it links counts, everything else goes to quarantine with its own reason. Every code
that was put in is listed in `found_by_name` with what the row said and the evidence.
"""

from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.intake import cells, headers, verified
from cityforge.brain.intake.raw import EXTRA, MARK, ROW, Raw
from cityforge.brain.linkage import ladder, link, places, prepare
from cityforge.brain.linkage import resolve as linkage

FOUND = "found_by_name"
_CODE = "uscc"
_HINTS = ("name", "address", "district")
_ASKED = "asked_by_name"
_KNOWN = "known_by_name"
_FOUND_SCHEMA = pa.schema(
    [
        ("dataset", pa.string()),
        ("row", pa.int64()),
        ("name", pa.string()),
        ("given", pa.string()),
        ("uscc", pa.string()),
        ("rung", pa.string()),
        ("score", pa.float64()),
        ("evidence", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows had a name and no valid code, and how many of them found their enterprise."""

    asked: int = 0
    found: int = 0

    def note(self, title: str, title_en: str) -> list[Text]:
        """What to tell of a dataset; nothing where no row was without a code."""
        if not self.asked:
            return []
        return [
            Text(
                zh=f"{title}：{self.asked:,} 行没有有效代码，按名称找到企业 {self.found:,} 行",
                en=f"{title_en}: {self.asked:,} rows without a valid code, {self.found:,} found"
                " by name",
            )
        ]


def start(engine: Engine) -> None:
    """Make the empty table `found_by_name`."""
    engine.drop(FOUND)
    engine.take(FOUND, _FOUND_SCHEMA.empty_table())


def contract(city: City, dataset: Dataset) -> Dataset:
    """The contract by which a file is read: with the frame's name and address, to find codes by."""
    frame = city.frame
    if frame is None or dataset.id == frame.id or dataset.column(_CODE) is None:
        return dataset
    if frame.column("name") is None:
        return dataset
    own = (frame.column(hint) for hint in _HINTS if dataset.column(hint) is None)
    return headers.hinted(dataset, [column for column in own if column is not None])


def fill(engine: Engine, city: City, dataset: Dataset, raw: Raw) -> Found:
    """Put the codes that names tell into a raw table, whose frame is accepted already.

    Rows whose code is valid are left alone, in the frame or not. `raw` goes on without its hints.
    """
    frame = city.frame
    if frame is None or contract(city, dataset) is dataset or _place("name", raw) is None:
        return Found()
    code = dataset.column(_CODE)
    assert code is not None  # else the contract would be the dataset itself
    asked = _ask(engine, raw, code, frame)
    found = 0
    if asked:
        _know(engine, frame)
        linkage.resolve(engine, _ASKED, _KNOWN, places=_CityPlaces(city))
        found = _take(engine, dataset, raw)
        for name in (_KNOWN, linkage.RESOLVED, "resolve_records", link.LINKS, link.PAIRS):
            engine.drop(name)
        for name in (prepare.FACES, ladder.NAMES, ladder.ENTITIES):
            engine.drop(name)
    engine.drop(_ASKED)
    return Found(asked, found)


def lines() -> exp.Select:
    """The table for the snapshot."""
    return exp.select("*").from_(FOUND).order_by("dataset", exp.column("row", quoted=True))


def _place(hint: str, raw: Raw) -> str | None:
    """The column of a raw table that holds a hint: the contract's own, or the one read for it."""
    return next((name for name in (hint, headers.HINT + hint) if name in raw.columns), None)


def _ask(engine: Engine, raw: Raw, code: Column, frame: Dataset) -> int:
    """Make the table of rows that have a name and no valid code; returns how many they are."""
    verified_codes = verified.name(code)
    texts = cells.texts([code], raw.table).subquery("c")
    text = exp.column(f"text_{_CODE}", quoted=True)
    distinct = exp.select(exp.alias_(text, "text")).distinct().from_(texts)
    verified.keep(engine, code, distinct, verified.code(code))
    columns, named = [code], [exp.alias_(exp.column(f"text_{_CODE}", "c", quoted=True), "code")]
    for hint in _HINTS:
        place, column = _place(hint, raw), frame.column(hint)
        value: exp.Expr = exp.cast(exp.null(), "VARCHAR")
        if place is not None and column is not None:
            columns.append(column.model_copy(update={"id": place, "kind": "text"}))
            value = exp.column(f"text_{place}", "c", quoted=True)
        named.append(exp.alias_(value, hint))
    cleaned = cells.texts(columns, raw.table, ROW, MARK).subquery("c")
    same = exp.column(f"text_{_CODE}", "c", quoted=True).eq(exp.column("text", verified_codes))
    name = exp.column(f"text_{_place('name', raw)}", "c", quoted=True)
    rows = (
        exp.select(exp.column(ROW, "c"), *named)
        .from_(cleaned)
        .join(verified_codes, on=same, join_type="left")
        .where(
            exp.column("clean", verified_codes).is_(exp.null()),
            exp.column(MARK, "c").is_(exp.null()),
            name.is_(exp.null()).not_(),
        )
    )
    engine.drop(_ASKED)
    engine.create(_ASKED, rows)
    engine.drop(verified_codes)
    return int(engine.rows(exp.select(exp.Count(this=exp.Star())).from_(_ASKED))[0][0])


def _know(engine: Engine, frame: Dataset) -> None:
    """Make the table of the frame's enterprises, one row each: the newest."""
    order = [frame.known_on, ROW] if frame.known_on else [ROW]
    newest = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column(_CODE)],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=exp.column(name, quoted=True), desc=True, nulls_first=False)
                for name in order
            ]
        ),
    )
    numbered = exp.select("*", exp.alias_(newest, "newest_")).from_(f"data_{frame.id}")
    values = [
        exp.column(hint, quoted=True)
        if frame.column(hint) is not None
        else exp.alias_(exp.cast(exp.null(), "VARCHAR"), hint)
        for hint in _HINTS
    ]
    is_newest = exp.column("newest_").eq(exp.Literal.number(1))
    engine.drop(_KNOWN)
    engine.create(
        _KNOWN, exp.select(_CODE, *values).from_(numbered.subquery("numbered")).where(is_newest)
    )


def _take(engine: Engine, dataset: Dataset, raw: Raw) -> int:
    """List what was found, and put it into the raw table; returns how many rows found a code."""
    row = exp.cast(exp.column("row_", "f"), "BIGINT")
    found = f"found_{dataset.id}"
    engine.create(
        found,
        exp.select(
            exp.alias_(exp.Literal.string(dataset.id), "dataset"),
            exp.alias_(exp.column(ROW, "a"), "row"),
            exp.column("name", "a"),
            exp.alias_(exp.column("code", "a"), "given"),
            *[exp.column(name, "f") for name in (_CODE, "rung", "score", "evidence")],
        )
        .from_(exp.alias_(exp.to_table(_ASKED), "a", table=True))
        .join(
            exp.alias_(exp.to_table(linkage.RESOLVED), "f", table=True),
            on=exp.column(ROW, "a").eq(row),
        ),
    )
    engine.append(FOUND, exp.select("*").from_(found))
    written = exp.column(_CODE, "r", quoted=True)
    code = exp.func("coalesce", exp.column(_CODE, "f"), written)
    kept = [name for name in raw.columns if not name.startswith(headers.HINT)]
    columns = [
        exp.alias_(code, _CODE, quoted=True)
        if name == _CODE
        else exp.column(name, "r", quoted=True)
        for name in kept
    ]
    table = f"named_{dataset.id}"
    engine.create(
        table,
        exp.select(exp.column(ROW, "r"), *columns, exp.column(EXTRA, "r"), exp.column(MARK, "r"))
        .from_(exp.alias_(exp.to_table(raw.table), "r", table=True))
        .join(
            exp.alias_(exp.to_table(found), "f", table=True),
            on=exp.column(ROW, "r").eq(exp.column("row", "f", quoted=True)),
            join_type="left",
        ),
    )
    count = int(engine.rows(exp.select(exp.Count(this=exp.Star())).from_(found))[0][0])
    engine.drop(found)
    engine.drop(raw.table)
    raw.table, raw.columns = table, kept
    return count


class _CityPlaces(places.Places):
    """The places of the country and those the city folder names, which the country may not know."""

    def __init__(self, city: City) -> None:
        place = city.place
        super().__init__([place.title, place.province, *(each.title for each in place.districts)])
        self._country = places.national()
        with suppress(ValueRefused):  # a made-up city has a code that no list knows
            self._country = places.national(within=[place.region])

    def leading(self, text: str, keep: int = 2) -> tuple[tuple[str, ...], int]:
        found: list[str] = []
        at = 0
        while True:
            more, size = super().leading(text[at:], keep)
            if not size:
                more, size = self._country.leading(text[at:], keep)
            if not size:
                return tuple(found), at
            found += more
            at += size

    def bare(self, text: str) -> str:
        own = super().bare(text)
        return self._country.bare(text) if own == text else own
