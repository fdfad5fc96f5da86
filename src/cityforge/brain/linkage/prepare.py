"""Records made ready to be joined: every code, name and address in its parts and one spelling."""

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.errors import ValueRefused
from cityforge.brain.linkage import names
from cityforge.brain.linkage.places import Places
from cityforge.brain.linkage.sounds import sound
from cityforge.brain.linkage.tables import Tables
from cityforge.brain.values import credit_code
from cityforge.brain.values.spelling import half_width

FACES = "link_faces"
BATCH = 100_000
_OPTIONAL = ("old_number", "address", "district", "former_names")
_TEXTS = (
    "record", "source", "code", "subject", "old_number", "stated", "name", "whole", "prefix",
    "core", "brand", "form", "branch", "head", "stem", "numerals", "sound", "tune", "letters",
    "address", "district",
)  # fmt: skip
SCHEMA = pa.schema(
    [
        *(pa.field(column, pa.string()) for column in _TEXTS),
        pa.field("former", pa.bool_()),
        pa.field("variants", pa.list_(pa.string())),
    ]
)
_SHORTEST_VARIED = 4
_ADDRESS_MARKS = re.compile(r"[^\w]|_")
_FORMER_MARKS = re.compile(r"[;；、|\n]")
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_EMPTY = frozenset({"", "N/A", "NA", "NULL", "-", "--", "无", "/"})


def prepare(engine: Tables, records: str, places: Places) -> int:
    """Make the table `link_faces`, one row for every name that a record bears; the record count.

    `records` holds record (unique text), source, name, code and, where known, old_number, address,
    district, former_names (several are parted by ; 、 or |). It is read in batches by record.
    """
    engine.drop(FACES)
    engine.take(FACES, SCHEMA.empty_table())
    count = 0
    for batch in _batches(engine, records):
        count += batch.num_rows
        taken = "link_batch"
        engine.take(taken, faces(batch, places))
        engine.append(FACES, exp.select("*").from_(taken))
        engine.drop(taken)
    return count


def faces(batch: pa.Table, places: Places) -> pa.Table:
    """The prepared rows of a batch of records; a record without a name gives one row of codes."""
    rows = [face for record in batch.to_pylist() for face in _faces(record, places)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def address_key(address: str, places: Places) -> str:
    """One spelling of an address: half width, no marks, without the places it begins with."""
    plain = _ADDRESS_MARKS.sub("", half_width(address).upper())
    return plain[places.leading(plain)[1] :]


def _batches(engine: Tables, records: str) -> Iterator[pa.Table]:
    known = set(engine.columns(records))
    columns: list[exp.Expr] = [exp.column(name) for name in ("record", "source", "name", "code")]
    for name in _OPTIONAL:
        absent = exp.cast(exp.Null(), "varchar")
        columns.append(exp.column(name) if name in known else exp.alias_(absent, name))
    query = exp.select(*columns).from_(exp.to_table(records)).order_by("record").limit(BATCH)
    last: str | None = None
    while True:
        after = query
        if last is not None:
            after = query.where(exp.column("record") > exp.Literal.string(last))
        batch = engine.arrow(after)
        if not batch.num_rows:
            return
        yield batch
        last = batch.column("record")[-1].as_py()


def _faces(record: dict[str, Any], places: Places) -> Iterator[dict[str, Any]]:
    shared = {
        "record": record["record"],
        "source": record["source"],
        **_codes(record["code"], record["old_number"]),
        "address": address_key(_given(record["address"]), places) or None,
        "district": places.bare(_given(record["district"])) or None,
    }
    former = [part for part in _FORMER_MARKS.split(_given(record["former_names"])) if part]
    for number, name in enumerate([_given(record["name"]), *former]):
        yield {**shared, **_name(name, places), "former": number > 0}


def _name(text: str, places: Places) -> dict[str, Any]:
    name = names.read(text, places)
    varied = {v for part in (name.core, name.stem) if len(part) >= _SHORTEST_VARIED
              for v in names.variants(part)}  # fmt: skip
    return {
        "name": text,
        "whole": name.whole,
        "prefix": name.prefix,
        "core": name.core,
        "brand": name.brand,
        "form": name.form,
        "branch": name.branch,
        "head": name.head,
        "stem": name.stem,
        "numerals": name.numerals,
        "sound": sound(name.core),
        "tune": sound(name.whole),
        "letters": "".join(sorted(name.core)),
        "variants": sorted(varied),
    }


def _codes(stated: str | None, old_number: str | None) -> dict[str, str | None]:
    """The valid codes among what was stated; `stated` keeps what is no valid code, upper case.

    `subject` is the organisation code inside a credit code, or one stated by itself.
    """
    found: dict[str, str | None] = dict.fromkeys(("code", "subject", "old_number", "stated"))
    for text in (_given(old_number), _given(stated)):
        if not text:
            continue
        try:
            read = credit_code.parse(text)
        except ValueRefused:
            plain = re.sub(r"[\s-]", "", half_width(text).upper())
            if _is_organisation(plain):
                found["subject"] = plain
            found["stated"] = plain
            continue
        if isinstance(read, credit_code.CreditCode):
            found["code"], found["subject"] = read.code, read.subject
        else:
            found["old_number"] = read.number
    return found


def _is_organisation(plain: str) -> bool:
    if not _ORGANISATION.fullmatch(plain):
        return False
    return credit_code.organisation_check(plain[:8]) == plain[8]


def _given(text: str | None) -> str:
    plain = (text or "").strip()
    return "" if plain.upper() in _EMPTY else plain
