"""The spec tables of the expression language, its conformance kit, on every machine."""

import csv
import runpy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.engines import duckdb, live, reference, sql
from cityforge.brain.engines.kernel import program
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

HERE = Path(__file__).parent
KIT = Path(check.__file__).with_name("conformance")
AS_OF = date(2025, 9, 30)
READ: dict[Kind, Callable[[str], object]] = {
    Kind.EXACT: Decimal,
    Kind.DOUBLE: float,
    Kind.TEXT: str,
    Kind.DATE: date.fromisoformat,
    Kind.BOOL: lambda word: word == "true",
}


def listed(name: str) -> list[dict[str, str]]:
    """The lines of a list of the kit."""
    with (KIT / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def symbol(line: dict[str, str], grain: Grain) -> Symbol:
    digits = (int(line["precision"] or 0), int(line["scale"] or 0))
    type_ = Type(Kind(line["type"]), unit(line["unit"]), *digits, grain)
    values = frozenset(line["values"].split(",")) if line.get("values") else None
    return Symbol(line["name"], line["title"], type_, values)


def of(kind: Kind, precision: int = 0) -> Type:
    return Type(kind, precision=precision, grain=Grain.ENTERPRISE)


YEARLY = [line["name"] for line in listed("facts.tsv") if line["yearly"]]
FACTS = {
    line["name"]: symbol(line, Grain.ENTERPRISE_YEAR if line["yearly"] else Grain.ENTERPRISE)
    for line in listed("facts.tsv")
}
PARAMETERS = {line["name"]: symbol(line, Grain.NONE) for line in listed("parameters.tsv")}
VALUES = {
    line["name"]: READ[PARAMETERS[line["name"]].type.kind](line["value"])
    for line in listed("parameters.tsv")
}
REGISTERS = {line["name"]: line["title"] for line in listed("registers.tsv")}
SCOPE = Scope(FACTS, PARAMETERS, {text: n for n, title in REGISTERS.items() for text in (n, title)})
# Every column that a row of the table may give: facts, facts of earlier years, look-ups.
COLUMNS = {
    **{name: symbol.type for name, symbol in FACTS.items()},
    **{f"{name}[{back}]": FACTS[name].type for name in YEARLY for back in range(-4, 0)},
    "register:high_tech": of(Kind.BOOL),
    "ever:high_tech": of(Kind.BOOL),
    "first:high_tech": of(Kind.DATE),
    "entries:high_tech": of(Kind.EXACT, 9),
}
Facts = dict[str, object]


def rows(file: Path) -> list[object]:
    """The rows of a table: as many cells as the first has; what follows is the working. `||`
    inside an expression is no bar between cells."""
    found: list[object] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.replace("||", "\0").split("|")]
            cells = [cell.replace("\0", "||") for cell in cells]
            found.append(pytest.param(*cells, id=f"{file.name}:{number}"))
    return found


def cases(name: str) -> list["Case"]:
    return [case(row) for row in rows(KIT / name)]


def parsed(given: str) -> Facts:
    facts: Facts = {}
    for pair in given.split():
        name, _, text = pair.partition("=")
        name = "register:high_tech" if name == "high_tech" else name
        facts[name] = READ[COLUMNS[name].kind](text)
    return facts


def expected(gives: str) -> object:
    if gives in ("true", "false"):
        return gives == "true"
    if gives == "missing":
        return None
    kind, number = gives.split()
    return {"exact": Decimal, "double": float}[kind](number)


def on_reference(typed: check.Typed, facts: Facts) -> object:
    return reference.evaluate(
        typed,
        facts,
        as_of=AS_OF,
        parameters=VALUES,
        registers={**facts, "high_tech": facts.get("register:high_tech")},
    )


def arrow_type(type_: Type) -> pa.DataType:
    """How a table of facts keeps a value of this type."""
    if type_.kind is Kind.EXACT:
        return pa.decimal128(type_.precision, type_.scale)
    plain = {Kind.DOUBLE: pa.float64(), Kind.TEXT: pa.string(), Kind.BOOL: pa.bool_()}
    return plain.get(type_.kind, pa.date32())


def on_kernel(typed: check.Typed, facts: Mapping[str, object], *, compiled: bool) -> object:
    """The answer for the second of three rows; the others know nothing."""
    columns = {
        name: pa.array([None, facts.get(name), None], arrow_type(type_))
        for name, type_ in COLUMNS.items()
    }
    table = pa.table(columns)
    found = program.values(typed, table, as_of=AS_OF, parameters=VALUES, compiled=compiled)
    return found.to_pylist()[1]


@dataclass(frozen=True)
class Case:
    """A row of a table, read: what it is called, the expression, the facts, the answer."""

    name: str
    typed: check.Typed
    facts: Facts
    answer: object


def case(row: object) -> Case:
    text, given, gives, *_ = row.values  # type: ignore[attr-defined]
    name = f"{row.id} {text}"  # type: ignore[attr-defined]
    return Case(name, check.read(text, SCOPE), parsed(given), expected(gives))


class Tables(Protocol):
    """What DuckDB and Spark both are."""

    def take(self, name: str, table: pa.Table) -> None: ...
    def arrow(self, select: exp.Query) -> pa.Table: ...


def in_tables(engine: Tables, cases: Sequence[Case], *, at_once: int = 120) -> list[object]:
    """What a table engine answers. A row of facts a case, a column an expression: each expression
    meets the facts of the others too, and its own are read off the diagonal."""
    answers: list[object] = []
    for start in range(0, len(cases), at_once):
        part = cases[start : start + at_once]
        columns = {
            name: pa.array([one.facts.get(name) for one in part], arrow_type(type_))
            for name, type_ in COLUMNS.items()
        }
        name = f"part_{start}"
        engine.take(name, pa.table({"at": pa.array(range(len(part)), pa.int32()), **columns}))
        asked = [
            exp.alias_(sql.to_sql(one.typed, as_of=AS_OF, parameters=VALUES), f"a{i}", quoted=True)
            for i, one in enumerate(part)
        ]
        found = engine.arrow(exp.select("at", *asked).from_(name).order_by("at"))
        answers += [found.column(f"a{i}")[i].as_py() for i in range(len(part))]
    return answers


def on_live(one: Case) -> object:
    """What the machine of one changing row answers, told the facts one by one."""
    machine = live.Live([one.typed], {}, as_of=AS_OF, parameters=VALUES)
    for name, value in one.facts.items():
        machine.set(name, value)
    return machine.value(0)


def in_kernel(cases: Sequence[Case], *, compiled: bool) -> list[object]:
    """What the kernel answers, for the second of three rows; the others know nothing."""
    return [on_kernel(one.typed, one.facts, compiled=compiled) for one in cases]


def wrong(cases: Sequence[Case], answers: Sequence[object]) -> list[str]:
    return [
        f"{one.name}: {found!r}"
        for one, found in zip(cases, answers, strict=True)
        if (found, type(found)) != (one.answer, type(one.answer))
    ]


KINDS = ("by_hand.txt", "by_second_method.txt")


@pytest.mark.parametrize("name", KINDS)
def test_every_machine_gives_the_answers_of_the_kit(name: str) -> None:
    asked = cases(name)
    assert wrong(asked, [on_reference(one.typed, one.facts) for one in asked]) == []
    assert wrong(asked, in_kernel(asked, compiled=True)) == []
    assert wrong(asked, in_kernel(asked, compiled=False)) == []
    assert wrong(asked, [on_live(one) for one in asked]) == []
    with duckdb.Engine(threads=1) as engine:
        assert wrong(asked, in_tables(engine, asked)) == []


@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_spark_gives_the_answers_of_the_kit() -> None:
    spark = pytest.importorskip(
        "cityforge.brain.engines.spark", reason="PySpark comes with the extra 'spark'"
    )
    with spark.Engine() as engine:
        for name in KINDS:
            asked = cases(name)
            assert wrong(asked, in_tables(engine, asked)) == []


def test_the_kit_is_large_enough_and_no_case_stands_twice() -> None:
    by_hand, by_second_method = (
        [tuple(row.values[:2]) for row in rows(KIT / name)]  # type: ignore[attr-defined]
        for name in KINDS
    )
    assert len(by_hand) >= 200
    assert len(by_hand) + len(by_second_method) >= 1_000
    for asked in (by_hand, by_second_method):
        assert [one for one in set(asked) if asked.count(one) > 1] == []


def test_the_second_method_writes_its_file_anew() -> None:
    script = HERE / "second_method.py"
    assert "cityforge" not in script.read_text(encoding="utf-8")
    found = runpy.run_path(str(script))["written"]()
    assert found == (KIT / "by_second_method.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "places", "what", "hint"), rows(HERE / "expression_problems.txt"))
def test_every_refusal_names_its_place_and_its_cure(
    text: str, places: str, what: str, hint: str
) -> None:
    text = "" if text == "(empty)" else text.replace("\\n", "\n").replace("\\\\", "\\")
    with pytest.raises(ProblemsFound) as refused:
        check.read(text, SCOPE)
    problems = refused.value.problems
    assert " ".join(f"{p.line}:{p.column}" for p in problems) == places
    assert what in problems[0].what.zh
    assert hint in problems[0].hint.zh
    assert all(p.what.en and p.hint.zh and p.hint.en for p in problems)
