"""What the rules leave open is weighed by Splink; rows without a code get the frame's."""

import json

import pyarrow as pa
import pytest

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.linkage.places import Places
from cityforge.brain.linkage.resolve import resolve
from cityforge.brain.linkage.tables import query
from cityforge.brain.values.credit_code import check_digit

PLACES = Places(["云海省", "澜河市", "青柳区"])
FRAME = [
    (name, "9199990100000" + f"{i:04}")
    for i, name in enumerate(
        [
            "澜河翊骧精密机械制造有限公司",
            "澜河晟钊船用阀门制造有限公司",
            "澜河骅峤商贸有限公司",
            "澜河骅岑商贸有限公司",
        ]
    )
]


def test_codes_are_filled_by_name_and_by_slip_but_never_by_guess() -> None:
    frame = [(name, first + check_digit(first)) for name, first in FRAME]
    raw = [
        ("1", "翊骧精密机械制造"),
        ("2", "澜河晟钊船用阀们制造有限公司"),
        ("3", "澜河骅沅商贸有限公司"),  # one slip from two enterprises
        ("4", "澜河翊骧精密机械制造有限公司青柳分公司"),
        ("5", "澜河翊骧精密设备制造有限公司"),  # the same brand
    ]
    with Engine(threads=2) as engine:
        engine.take("raw", _table(("row_", "name"), raw))
        engine.take("frame", _table(("name", "uscc"), frame))
        resolve(engine, "raw", "frame", places=PLACES)
        rows = engine.rows(query("SELECT row_, uscc, rung, evidence FROM resolved ORDER BY row_"))
        asked = engine.rows(
            query("SELECT evidence FROM pairs WHERE \"left\" LIKE 'f%' AND status = 'review'")
        )
    assert [row[:3] for row in rows] == [
        ("1", frame[0][1], "core_name"),
        ("2", frame[1][1], "one_slip"),
    ]
    assert json.loads(rows[1][3])["slip"] == ["sound", "brand"]
    (weighed,) = [json.loads(evidence) for (evidence,) in asked]
    assert weighed["weights"]["core"] > 10
    assert weighed["weight"] == pytest.approx(sum(weighed["weights"].values()) - 16.61, abs=0.05)
    # Row 1 is of the same source and already that enterprise: one source, one spelling.
    assert weighed["against"] == "one source"


def _table(columns: tuple[str, str], rows: list[tuple[str, str]]) -> pa.Table:
    first, second = zip(*rows, strict=True)
    none = pa.nulls(len(rows), pa.string())
    table = pa.table({columns[0]: first, columns[1]: second, "address": none})
    table = table.append_column("district", pa.array(["澜河市"] * len(rows)))
    return table if "uscc" in columns else table.append_column("code", none)
