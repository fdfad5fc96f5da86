"""Enterprises that no code places: into the district that their address or name tells."""

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.extraction import address, gazetteer
from cityforge.brain.facts import frame

PLACES = "places"


def place(engine: Engine, city: City) -> list[Text]:
    """Make the table `places` of what was read, and put the enterprises where it is sure.

    A guess, and a place elsewhere, stand in the table and place nobody. Returns what to tell.
    """
    asked = frame.unplaced(engine, city)
    words = gazetteer.build(city)
    read = address.recognise_all(words, asked["address"], asked["name"])
    for name in asked.column_names:
        read = read.append_column(name, asked[name])
    engine.take(PLACES, read)
    is_sure = pc.and_(pc.is_valid(read["district"]), pc.invert(read["place_guess"]))
    sure = read.filter(is_sure)
    told = pa.table(
        {"uscc": sure["uscc"], "district": sure["district"], "told_by": sure["place_from"]}
    )
    frame.place(engine, told)
    return _notes(read, told) if asked.num_rows else []


def lines() -> exp.Select:
    """The table for the snapshot."""
    return exp.select("*").from_(PLACES).order_by("uscc")


def _notes(read: pa.Table, told: pa.Table) -> list[Text]:
    by_address = pc.sum(pc.equal(told["told_by"], "address")).as_py() or 0
    guessed, elsewhere = (
        pc.sum(read[name]).as_py() or 0 for name in ("place_guess", "place_elsewhere")
    )
    rest = read.num_rows - told.num_rows - guessed - elsewhere
    return [
        Text(
            zh=f"代码归不到区县的企业 {read.num_rows:,} 家：地址认出 {by_address:,} 家，名称认出 "
            f"{told.num_rows - by_address:,} 家；推测 {guessed:,} 家、外地 {elsewhere:,} 家、"
            f"认不出 {rest:,} 家，均不归入区县",
            en=f"{read.num_rows:,} enterprises whose code tells no district: {by_address:,} placed "
            f"by address, {told.num_rows - by_address:,} by name; {guessed:,} guesses, "
            f"{elsewhere:,} elsewhere and {rest:,} untold are not placed",
        )
    ]
