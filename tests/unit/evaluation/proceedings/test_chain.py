"""An entry as a line: every kind of value there and back, and nothing else."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.evaluation.proceedings import chain
from cityforge.brain.evaluation.proceedings.acts import Entry, Evidence, Objection
from cityforge.brain.facts.correction import Value


def objection(stated: Any, right: Any, **more: Any) -> Entry:
    act = Objection(
        uscc="a", fact="f", year=2024, stated=stated, right=right, reason="理由 \u2028 行", **more
    )
    return Entry(id="e1", at="2026-03-02T04:00:00+00:00", by="张三", role="企业", act=act)


VALUES: list[Value] = [
    Decimal("0.10"), Decimal("-12345678901234567890.12"), Decimal("1E+3"), True, False, "", "真",
    "number", date(2024, 2, 29), None,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_what_it_was(value: Value) -> None:
    made, line = chain.link(objection(value, "x"), chain.START, "2026")
    assert line.count(b"\n") == 1
    act: Any = chain.read_line(line, chain.START).entry.act
    assert act.stated == value and type(act.stated) is type(value)
    assert chain.read_line(line, chain.START).hash == made.hash


@pytest.mark.parametrize("value", [1, 1.5, Decimal("NaN"), Decimal("Infinity"), b"x", [1]])
def test_what_is_no_value_of_a_fact_is_refused(value: object) -> None:
    with pytest.raises(ValueRefused):
        chain.link(objection(value, "x"), chain.START, "2026")


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("act", "kind"), "nonsense", "nonsense"),
        (("act", "year"), "2024", "year"),
        (("act", "stated"), "1", "stated"),
        (("act", "stated"), {"number": "x"}, "stated"),
        (("act", "stated"), {"number": "1", "text": "1"}, "stated"),
        (("act", "right"), {"date": "2024-02-30"}, "right"),
        (("act", "evidence"), [{"file": "a", "sha256": "x", "description": "d"}], "sha256"),
        (("act", "colour"), "red", "colour"),
        (("id",), "7", "id"),
        (("at",), "2026-03-02T04:00:00", "at"),
        (("by",), "", "by"),
    ],
)
def test_a_misshapen_entry_is_refused_by_its_place(
    path: tuple[str, ...], value: object, named: str
) -> None:
    data = chain.plain(objection(Decimal(1), Decimal(2)))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValueRefused) as caught:
        chain.read(data)
    assert named in caught.value.what.zh and named in caught.value.what.en


def test_any_byte_changed_breaks_the_line() -> None:
    evidence = Evidence(file="a.pdf", sha256="ab" * 32, description="d")
    _, line = chain.link(objection(Decimal(1), Decimal(2), evidence=(evidence,)), chain.START, "t")
    assert json.loads(line)["entry"]["act"]["right"] == {"number": "2"}
    for at in range(len(line) - 1):
        changed = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
        with pytest.raises(ValueRefused):
            chain.read_line(changed, chain.START)
    with pytest.raises(ValueRefused):
        chain.read_line(line, "1" * 64)
