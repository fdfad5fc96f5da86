"""A folder of links as a run leaves it: seven records of made-up enterprises."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Relink = Callable[[Path, dict[str, str]], None]

_NAMES = {
    "a": "丙机械厂",
    "b": "丙机械有限公司",
    "c": "丙机械",
    "d": "=乙纺织厂",
    "e": "乙纺织有限公司",
    "f": "甲机械厂",
    "g": "甲机械有限公司",
}
_CODE = "91999901MA1000015T"
_ENTITIES = dict(zip("abcdefg", "aaadefg", strict=True))


def _evidence(left: str, right: str, weight: float) -> str:
    compared = {"name": [_NAMES[left], _NAMES[right]]}
    return json.dumps({"compared": compared, "weight": weight}, ensure_ascii=False)


def _write(folder: Path, version: str, entities: dict[str, str]) -> None:
    """One version of links; the pointer moves to it."""
    made = folder / version
    made.mkdir(parents=True)
    records = list(_NAMES)
    blank = [""] * len(records)
    pq.write_table(
        pa.table(
            {
                "record": records,
                "source": ["registrations"] * len(records),
                "name": list(_NAMES.values()),
                "code": [_CODE, _CODE, *blank[2:]],
                "old_number": blank,
                "address": blank,
                "district": blank,
                "former_names": blank,
            }
        ),
        made / "records.parquet",
    )
    pq.write_table(
        pa.table(
            {
                "record": records,
                "entity": [entities[record] for record in records],
                "rung": ["credit_code", "credit_code", "core_name", *["alone"] * 4],
                "score": [0.99] * 3 + [1.0] * 4,
                "evidence": ["{}"] * len(records),
            }
        ),
        made / "links.parquet",
    )
    rows = [
        ("a", "c", "core_name", 0.98, "linked", 8.0),
        ("d", "e", "splink", 0.6, "review", 0.5),
        ("f", "g", "splink", 0.9, "review", 3.25),
    ]
    pq.write_table(
        pa.table(
            {
                "left": [row[0] for row in rows],
                "right": [row[1] for row in rows],
                "rung": [row[2] for row in rows],
                "score": [row[3] for row in rows],
                "evidence": [_evidence(row[0], row[1], row[5]) for row in rows],
                "status": [row[4] for row in rows],
            }
        ),
        made / "pairs.parquet",
    )
    run = {"simulated": True, "rows": {"registrations": len(records)}}
    (made / "run.json").write_text(json.dumps(run), encoding="utf-8")
    (folder / "latest").write_text(version + "\n", encoding="utf-8")


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """The machine joins a, b (one code) and c, and doubts f-g and d-e, in this order."""
    folder = tmp_path / "links"
    _write(folder, "1", _ENTITIES)
    return folder


@pytest.fixture
def relink() -> Relink:
    """A newer run in which the given records lie in other entities."""

    def run(folder: Path, moved: dict[str, str]) -> None:
        _write(folder, "2", _ENTITIES | moved)

    return run
