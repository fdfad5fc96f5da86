"""Each rung of the ladder joins what it should, and leaves what it must not join."""

import json
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.linkage import link
from cityforge.brain.linkage.places import Places
from cityforge.brain.linkage.tables import query
from cityforge.brain.values.credit_code import check_digit, organisation_check

Take = Callable[[list[dict[str, str]]], str]
Row = dict[str, str]


SUBJECT = "MA100001" + organisation_check("MA100001")


def code(subject: str = SUBJECT, region: str = "999901") -> str:
    first = f"91{region}{subject}"
    return first + check_digit(first)


ONE, OTHER = code(), code("MA100002X")
NAME = "澜河市翊骧商贸有限公司"
COLUMNS = ("record", "source", "name", "code", "old_number", "address", "district", "former_names")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=2) as made:
        yield made


@pytest.fixture
def take(engine: Engine) -> Take:
    """Puts records, given by the columns that matter, into the table `records`."""

    def put(rows: list[dict[str, str]]) -> str:
        full = [{column: row.get(column) for column in COLUMNS} for row in rows]
        schema = pa.schema([(column, pa.string()) for column in COLUMNS])
        engine.drop("records")
        engine.take("records", pa.Table.from_pylist(full, schema=schema))
        return "records"

    return put


@pytest.fixture
def places() -> Places:
    return Places(["云海省", "澜河市", "青柳区", "石桥县", "北浦区"])


@pytest.fixture
def linked(engine: Engine, take: Take, places: Places) -> Callable[..., dict[str, tuple[str, str]]]:
    """Links rows without Splink; record -> (entity, rung)."""

    def run(*rows: Row) -> dict[str, tuple[str, str]]:
        named = [{"record": chr(97 + i), "source": "s", **row} for i, row in enumerate(rows)]
        link.link(engine, take(named), places=places, weigh=False)
        return {
            row[0]: (row[1], row[2])
            for row in engine.rows(query("SELECT record, entity, rung FROM links ORDER BY record"))
        }

    return run


def pairs(engine: Engine) -> list[tuple[str, str, str, str]]:
    text = 'SELECT "left", "right", rung, status FROM pairs ORDER BY "left", "right"'
    return engine.rows(query(text))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("first", "second", "rung"),
    [
        ({"name": NAME, "code": ONE}, {"name": "改名以后", "code": ONE.lower()}, "credit_code"),
        (
            {"name": NAME, "code": ONE},
            {"name": "甲", "code": "MA100001-" + SUBJECT[8]},
            "credit_code",
        ),
        (
            {"name": NAME, "code": "320100000000012"},
            {"name": "乙", "old_number": "320100000000012"},
            "old_number",
        ),
        ({"name": NAME, "code": ONE}, {"name": "澜河市翊骧商贸有限责任公司"}, "name"),
        ({"name": NAME}, {"name": "澜河市翊骧商贸 有限公司"}, "name"),
        ({"name": "翊骧", "code": ONE, "former_names": NAME}, {"name": NAME}, "name"),
        (
            {"name": NAME, "code": ONE, "district": "澜河市"},
            {"name": "翊骧商贸", "district": "澜河"},
            "core_name",
        ),
        (
            {"name": NAME, "code": ONE, "address": "澜河市柳荫路18号"},
            {"name": "翊骧商贸", "address": "柳荫路１８号"},
            "core_name",
        ),
        (
            {"name": NAME, "code": ONE, "address": "澜河市柳荫路118号"},
            {"name": "澜河翊骧贸易有限公司", "address": "柳荫路118号"},
            "address",
        ),
    ],
)
def test_joined(
    linked: Callable[..., dict[str, tuple[str, str]]], first: Row, second: Row, rung: str
) -> None:
    found = linked(first, second)
    assert found == {"a": ("a", rung), "b": ("a", rung)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": NAME, "code": ONE}, {"name": NAME, "code": OTHER}),  # two valid codes
        ({"name": NAME, "code": ONE}, {"name": NAME + "青柳分公司"}),  # head and branch
        ({"name": NAME + "第一门市部"}, {"name": NAME + "第二门市部"}),  # two branches
        ({"name": "翊骧商贸", "district": "澜河"}, {"name": "翊骧商贸", "district": "石桥县"}),
        (
            {"name": "澜河翊骧商贸", "district": "云海"},
            {"name": "石桥翊骧商贸", "district": "云海"},
        ),
        (
            {"name": "翊骧商贸有限公司", "district": "澜河"},
            {"name": "翊骧商贸厂", "district": "澜河"},
        ),
        ({"name": "", "code": ""}, {"name": "", "code": "N/A"}),  # nothing in common but nothing
        (
            {"name": NAME, "code": "320100000000012"},
            {"name": NAME, "code": "320100000000029"},
        ),
    ],
)
def test_apart(linked: Callable[..., dict[str, tuple[str, str]]], first: Row, second: Row) -> None:
    found = linked(first, second)
    assert found == {"a": ("a", "alone"), "b": ("b", "alone")}


def test_same_name_two_codes_is_asked_only_at_one_address(
    linked: Callable[..., dict[str, tuple[str, str]]], engine: Engine
) -> None:
    here = {"address": "柳荫路18号", "name": NAME}
    linked({**here, "code": ONE}, {**here, "code": OTHER})
    assert pairs(engine) == [("a", "b", "name", "review")]
    linked({"name": NAME, "code": ONE}, {"name": NAME, "code": OTHER})
    assert pairs(engine) == [("a", "b", "name", "refused")]


def test_who_could_be_either_is_asked(
    linked: Callable[..., dict[str, tuple[str, str]]], engine: Engine
) -> None:
    found = linked(
        {"name": "澜河翊骧商贸有限公司", "code": ONE, "district": "云海"},
        {"name": "石桥翊骧商贸有限公司", "code": OTHER, "district": "云海"},
        {"name": "翊骧商贸", "district": "云海"},
    )
    assert found["c"] == ("c", "alone")
    assert pairs(engine) == [
        ("a", "c", "core_name", "review"),
        ("b", "c", "core_name", "review"),
    ]


def test_a_chain_never_joins_two_codes(
    linked: Callable[..., dict[str, tuple[str, str]]], engine: Engine
) -> None:
    found = linked(
        {"name": NAME, "code": ONE, "district": "澜河"},
        {"name": NAME, "address": "柳荫路118号", "district": "澜河"},
        {"name": "翊骧商贸制造厂", "code": OTHER, "address": "柳荫路118号"},
        {"name": "翊骧商贸制造厂", "address": "柳荫路118号"},
    )
    assert found["a"][0] == found["b"][0] == "a"
    assert found["c"][0] == "c"


def test_evidence_says_what_agreed_and_whose_branch(
    linked: Callable[..., dict[str, tuple[str, str]]], engine: Engine
) -> None:
    linked(
        {"name": NAME, "code": ONE, "district": "澜河"},
        {"name": "翊骧商贸", "district": "澜河市"},
        {"name": NAME + "青柳分公司"},
    )
    rows = engine.rows(query("SELECT record, score, evidence FROM links ORDER BY record"))
    evidence = {record: json.loads(text) for record, _, text in rows}
    assert evidence["b"]["with"] == "a"
    assert evidence["b"]["agree"] == ["core", "district"]
    assert evidence["b"]["compared"]["whole"] == ["翊骧商贸", NAME]
    assert evidence["c"] == {"branch_of": "a"}
    assert {r: s for r, s, _ in rows} == {"a": 0.99, "b": 0.99, "c": 1.0}


def test_counts_add_up(engine: Engine, take: Take, places: Places) -> None:
    rows = [
        {"record": f"{i:03}", "source": "s", "name": f"澜河翊{i % 30}骧商贸有限公司"}
        for i in range(90)
    ]
    counts = link.link(engine, take(rows), places=places, weigh=False)
    assert counts.records == sum(counts.by_rung.values()) == 90
    assert counts.entities == 30
