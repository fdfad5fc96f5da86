"""The spec tables of the expression language, on every machine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.engines import reference, sql
from cityforge.brain.engines.kernel import program
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

HERE = Path(__file__).parent
AS_OF = date(2025, 9, 30)


def exact(symbol: str, precision: int, scale: int, grain: Grain = Grain.ENTERPRISE) -> Type:
    return Type(Kind.EXACT, unit(symbol), precision=precision, scale=scale, grain=grain)


def of(kind: Kind) -> Type:
    return Type(kind, grain=Grain.ENTERPRISE)


FACTS = {
    symbol.name: symbol
    for symbol in [
        Symbol("revenue", "营业收入", exact("万元", 18, 2, Grain.ENTERPRISE_YEAR)),
        Symbol("tax", "税收", exact("万元", 18, 2, Grain.ENTERPRISE_YEAR)),
        Symbol("fee", "费用", exact("元", 18, 2)),
        Symbol("land", "土地", exact("亩", 12, 4)),
        Symbol("floor", "建筑面积", exact("㎡", 14, 2)),
        Symbol("staff", "职工人数", exact("人", 9, 0)),
        Symbol("energy", "综合能耗", exact("tce", 14, 2)),
        Symbol("patents", "专利", exact("件", 6, 0)),
        Symbol("share", "研发强度", exact("%", 7, 2)),
        Symbol("growth", "增速变化", exact("个百分点", 7, 2)),
        Symbol("big", "大数", exact("", 38, 0)),
        Symbol("tiny", "小数", exact("", 38, 38)),
        Symbol("ratio", "系数", of(Kind.DOUBLE)),
        Symbol("industry", "行业", of(Kind.TEXT)),
        Symbol("size", "规模", of(Kind.TEXT), values=frozenset({"规上", "规下"})),
        Symbol("listed", "上市", of(Kind.BOOL)),
        Symbol("founded", "成立日期", of(Kind.DATE)),
    ]
}
PARAMETERS = {
    symbol.name: symbol
    for symbol in [
        Symbol("base", "基准", exact("万元/亩", 9, 4)),
        Symbol("rate", "比例", exact("%", 5, 2)),
        Symbol("word", "代码", Type(Kind.TEXT)),
        Symbol("day", "日子", Type(Kind.DATE)),
    ]
}
VALUES = {
    "base": Decimal("1.5"),
    "rate": Decimal(3),
    "word": "C26",
    "day": date(2020, 1, 1),
}
SCOPE = Scope(FACTS, PARAMETERS, {"high_tech": "high_tech", "高新技术企业": "high_tech"})
Facts = dict[str, object]
YEARLY = ("revenue", "tax")
# Every column that a row of the table may give: facts, facts of earlier years, look-ups.
COLUMNS = {
    **{name: symbol.type for name, symbol in FACTS.items()},
    **{f"{name}[{back}]": FACTS[name].type for name in YEARLY for back in range(-4, 0)},
    "register:high_tech": of(Kind.BOOL),
    "ever:high_tech": of(Kind.BOOL),
    "first:high_tech": of(Kind.DATE),
    "entries:high_tech": exact("", 9, 0),
}


def rows(name: str) -> list[object]:
    """The rows of a table; `||` inside an expression is no bar between cells."""
    found = []
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.replace("||", "\0").split("|")]
            cells = [cell.replace("\0", "||") for cell in cells]
            found.append(pytest.param(*cells, id=f"{name}:{number}"))
    return found


def parsed(given: str) -> Facts:
    facts: Facts = {}
    for pair in given.split():
        name, _, text = pair.partition("=")
        name = "register:high_tech" if name == "high_tech" else name
        kind = COLUMNS[name].kind
        facts[name] = {
            Kind.EXACT: Decimal,
            Kind.DOUBLE: float,
            Kind.TEXT: str,
            Kind.DATE: date.fromisoformat,
            Kind.BOOL: lambda word: word == "true",
        }[kind](text)
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


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connected:
        yield connected


def on_duckdb(
    connection: duckdb.DuckDBPyConnection, typed: check.Typed, facts: Mapping[str, object]
) -> object:
    columns = {name: (facts.get(name), type_) for name, type_ in COLUMNS.items()}
    row = exp.select(
        *(
            exp.alias_(
                exp.cast(
                    exp.null() if value is None else exp.Literal.string(str(value)),
                    sql.sql_type(type_),
                ),
                name,
                quoted=True,
            )
            for name, (value, type_) in columns.items()
        )
    )
    asked = sql.to_sql(typed, as_of=AS_OF, parameters=VALUES, table="e")
    query = exp.select(asked).from_(row.subquery("e"))
    (answer,) = connection.execute(query.sql("duckdb")).fetchall()[0]
    return answer


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


@pytest.mark.parametrize(("text", "given", "gives"), rows("expressions.txt"))
def test_every_machine_gives_the_answer_of_the_table(
    text: str, given: str, gives: str, connection: duckdb.DuckDBPyConnection
) -> None:
    typed, facts, answer = check.read(text, SCOPE), parsed(given), expected(gives)
    for found in (
        on_reference(typed, facts),
        on_duckdb(connection, typed, facts),
        on_kernel(typed, facts, compiled=True),
        on_kernel(typed, facts, compiled=False),
    ):
        assert (found, type(found)) == (answer, type(answer))


@dataclass(frozen=True)
class Case:
    """A row of a table, read: what it is called, the expression, the facts, the answer."""

    name: str
    typed: check.Typed
    facts: Facts
    answer: object


def case(row: object) -> Case:
    text, given, gives = row.values  # type: ignore[attr-defined]
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


def wrong(cases: Sequence[Case], answers: Sequence[object]) -> list[str]:
    return [
        f"{one.name}: {found!r}"
        for one, found in zip(cases, answers, strict=True)
        if (found, type(found)) != (one.answer, type(one.answer))
    ]


@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_spark_gives_the_answers_of_the_table() -> None:
    spark = pytest.importorskip(
        "cityforge.brain.engines.spark", reason="PySpark comes with the extra 'spark'"
    )
    cases = [case(row) for row in rows("expressions.txt")]
    with spark.Engine() as engine:
        assert not wrong(cases, in_tables(engine, cases))


@pytest.mark.parametrize(("text", "places", "what", "hint"), rows("expression_problems.txt"))
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
    assert all(problem.what.en for problem in problems)
