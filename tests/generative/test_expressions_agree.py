"""Random well-typed expressions over random data with gaps: the machines agree, bit for bit.

A case is one expression on one row. A failure prints the expression, its row and the seed.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.engines import reference, sql
from cityforge.brain.engines.kernel import program, steps
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op, Typed, walk
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

AS_OF = date(2024, 2, 29)
ROWS = 40
MOST_REFUSED = 0.1  # of the expressions, for depth or for digits
Row = dict[str, object]


def fact(name: str, type_: Type) -> Symbol:
    return Symbol(name, name, type_)


def exact(name: str, symbol: str, precision: int, scale: int) -> Symbol:
    measure = unit(symbol)
    return fact(name, Type(Kind.EXACT, measure, precision, scale, Grain.ENTERPRISE))


MONEY = [exact("m1", "万元", 18, 2), exact("m2", "元", 18, 2), exact("m3", "亿元", 9, 4)]
AREA = [exact("a1", "亩", 12, 4), exact("a2", "㎡", 14, 2)]
PLAIN = [exact("n1", "", 4, 0), exact("n2", "%", 7, 2), exact("n3", "", 38, 0)]
DOUBLES = [fact("d1", Type(Kind.DOUBLE, grain=Grain.ENTERPRISE))]
TEXTS = [fact(f"t{i}", Type(Kind.TEXT, grain=Grain.ENTERPRISE)) for i in (1, 2)]
BOOLS = [fact(f"b{i}", Type(Kind.BOOL, grain=Grain.ENTERPRISE)) for i in (1, 2, 3)]
DATES = [fact(f"y{i}", Type(Kind.DATE, grain=Grain.ENTERPRISE)) for i in (1, 2)]
YEARLY = ("m1", "m2", "n1")  # facts that have a value for each year
BACK = range(-4, 0)
FACTS = {s.name: s for s in [*MONEY, *AREA, *PLAIN, *DOUBLES, *TEXTS, *BOOLS, *DATES]}
for _name in YEARLY:
    _yearly = FACTS[_name].type.of_grain(Grain.ENTERPRISE_YEAR)
    FACTS[_name] = fact(_name, _yearly)
COLUMNS = {
    **{name: symbol.type for name, symbol in FACTS.items()},
    **{f"{name}[{back}]": FACTS[name].type for name in YEARLY for back in BACK},
    **{f"{look}:{name}": Type(Kind.BOOL) for look in ("register", "ever") for name in ("r1", "r2")},
    **{f"first:{name}": Type(Kind.DATE) for name in ("r1", "r2")},
    **{f"entries:{name}": Type(Kind.EXACT, precision=9) for name in ("r1", "r2")},
}
PARAMETERS = {"limit": exact("limit", "万元", 9, 2), "word": fact("word", Type(Kind.TEXT))}
VALUES = {"limit": Decimal("12.50"), "word": "C26"}
SCOPE = Scope(FACTS, PARAMETERS, {"r1": "r1", "r2": "r2"})
NUMBERS = {
    "money": (MONEY, ["万元", "元", "千元", "亿元"]),
    "area": (AREA, ["亩", "㎡", "公顷"]),
    "plain": ([*PLAIN, *DOUBLES], ["%", "‰", "倍"]),
}
WORDS = ["C26", "C27", "C2631", "医药", "医药制造", "", "a%b", "it''s"]
PATTERNS = ["C26%", "%6%", "%药", "C__", "医_%", "%", "", "a%b", "C26"]


class Writer:
    """Writes random expressions that should pass the check."""

    def __init__(self, dice: random.Random, *, is_monotone: bool = False) -> None:
        self.dice = dice
        self.is_monotone = is_monotone

    def one(self) -> str:
        depth = self.dice.randint(1, 5)
        if self.dice.random() < 0.6:
            return self.truth(depth)
        return self.number(self.dice.choice(list(NUMBERS)), depth)

    def truth(self, depth: int) -> str:
        if depth <= 0:
            names = [*(b.name for b in BOOLS), "holds('r1')", "holds('r2')", "true", "false"]
            names += ["recognised('r1')", "first_recognised('r2') within 2014"]
            return self.dice.choice(names)
        return self.dice.choice(
            [
                self._junction, self._junction, self._not, self._comparison, self._comparison,
                self._comparison, self._dates, self._texts, self._between, self._case_of_truths,
                self._same_truth, self._every_year,
            ]
        )(depth - 1)  # fmt: skip

    def number(self, what: str, depth: int) -> str:
        facts, units = NUMBERS[what]
        if depth <= 0 or self.dice.random() < 0.15:
            if self.dice.random() < 0.6:
                return self.dice.choice(facts).name
            if what == "money" and self.dice.random() < 0.2:
                return "p.limit"
            return self.literal(self.dice.choice(units))
        return self.dice.choice(
            [self._sum, self._product, self._quotient, self._function, self._choice, self._years]
        )(what, depth - 1)

    def literal(self, symbol: str) -> str:
        digits = self.dice.choice([1, 2, 4, 9, 16])
        number = self.dice.randrange(10**digits)
        decimals = self.dice.choice([0, 0, 1, 2, 5])
        sign = "-" if self.dice.random() < 0.1 else ""
        return f"({sign}{Decimal(number).scaleb(-decimals):f}{symbol})"

    def date(self, depth: int) -> str:
        if depth > 0 and self.dice.random() < 0.3:
            name = self.dice.choice(["least", "greatest"])
            return f"{name}({self.date(depth - 1)}, {self.date(0)})"
        return self.dice.choice(
            ["y1", "y2", "first_recognised('r1')", f"date '{a_day(self.dice)}'"]
        )

    def _junction(self, depth: int) -> str:
        word = self.dice.choice([" and ", " or "])
        parts = [self.truth(depth) for _ in range(self.dice.randint(2, 3))]
        return f"({word.join(parts)})"

    def _not(self, depth: int) -> str:
        return f"(not {self.truth(depth)})"

    def _comparison(self, depth: int) -> str:
        what = self.dice.choice(list(NUMBERS))
        sign = self.dice.choice(["=", "!=", "<", "<=", ">", ">="])
        if self.dice.random() < 0.2:
            # Equal operands, so that = and the edges of < and <= come up.
            side = self.number(what, depth)
            return f"({side} {sign} {side})"
        return f"({self.number(what, depth)} {sign} {self.number(what, depth)})"

    def _every_year(self, depth: int) -> str:
        """What holds in every year, or in one, of a run."""
        name, run = self.dice.choice(YEARLY), self._run()
        what = "money" if name.startswith("m") else "plain"
        sign = self.dice.choice(["<", "<=", ">", ">="])
        text = f"{self.dice.choice(['all', 'any'])}({name}{run} {sign} {self.number(what, 0)})"
        return text if self.dice.random() < 0.7 else f"(not {text})"

    def _run(self) -> str:
        first = self.dice.choice(BACK)
        return f"[{first}:{self.dice.randint(first, 0)}]"

    def _years(self, what: str, depth: int) -> str:
        """A number over several years."""
        if what == "area":
            return f"({self.number(what, depth)} * count(n1{self._run()} > 5))"
        name = self.dice.choice(["m1", "m2"] if what == "money" else ["n1"])
        form = self.dice.randrange(4)
        if form == 0:
            return f"{name}[{self.dice.choice(BACK)}]"
        if form == 1 and what == "plain":
            other = self.dice.choice(YEARLY)
            return f"(cagr({other}, {self.dice.choice([1, 2, 4])}) * 1)"
        if form == 2 and what == "plain":
            return "count('r1')"
        function = self.dice.choice(["sum", "avg", "min", "max"])
        return f"{function}({name}{self._run()})"

    def _dates(self, depth: int) -> str:
        if self.dice.random() < 0.2:
            span = self.dice.choice(["2014", "2020", "5年", "12年"])
            return f"({self.date(depth)} {self.dice.choice(['', 'not '])}within {span})"
        if self.dice.random() < 0.5:
            return f"(years_since({self.date(depth)}) >= {self.dice.randint(0, 30)}年)"
        sign = self.dice.choice(["=", "!=", "<", "<=", ">", ">="])
        return f"({self.date(depth)} {sign} {self.date(depth)})"

    def _texts(self, depth: int) -> str:
        negation = self.dice.choice(["", "not "])
        name = self.dice.choice(["t1", "t2"])
        form = self.dice.randrange(4)
        if form == 0:
            return f"({name} {negation}like '{self.dice.choice(PATTERNS)}')"
        if form == 1:
            words = ", ".join(f"'{word}'" for word in self.dice.sample(WORDS, 3))
            return f"({name} {negation}in ({words}{self.dice.choice(['', ', p.word'])}))"
        if form == 2:
            units = NUMBERS["money"][1]
            listed = ", ".join(self.literal(self.dice.choice(units)).strip("()") for _ in "123")
            return f"({self.number('money', depth)} {negation}in ({listed}))"
        return f"(t1 {self.dice.choice(['=', '!='])} {self.dice.choice(['t2', 'p.word'])})"

    def _between(self, depth: int) -> str:
        what = self.dice.choice(list(NUMBERS))
        child, low, high = (self.number(what, depth - 1) for _ in range(3))
        return f"({child} {self.dice.choice(['', 'not '])}between {low} and {high})"

    def _case_of_truths(self, depth: int) -> str:
        return f"({self._case([self.truth(depth - 1) for _ in range(3)], depth)})"

    def _same_truth(self, depth: int) -> str:
        return f"({self.truth(depth)} {self.dice.choice(['=', '!='])} {self.truth(depth)})"

    def _sum(self, what: str, depth: int) -> str:
        sign = self.dice.choice(["+", "-"])
        text = f"{self.number(what, depth)} {sign} {self.number(what, depth)}"
        return f"({text})" if self.dice.random() < 0.8 else f"(- ({text}))"

    def _product(self, what: str, depth: int) -> str:
        return f"({self.number(what, depth)} * {self.number('plain', depth)})"

    def _quotient(self, what: str, depth: int) -> str:
        if what == "plain":
            like = self.dice.choice(list(NUMBERS))
            return f"({self.number(like, depth)} / {self.number(like, depth)})"
        return f"({self.number(what, depth)} / {self.number('plain', depth)})"

    def _function(self, what: str, depth: int) -> str:
        name = self.dice.choice(["abs", "floor", "round", "least", "greatest", "coalesce"])
        if name in ("abs", "floor"):
            return f"{name}({self.number(what, depth)})"
        if name == "round":
            return f"round({self.number(what, depth)}, {self.dice.randint(0, 5)})"
        if name == "coalesce" and self.is_monotone:
            name = "least"
        parts = [self.number(what, depth - 1) for _ in range(self.dice.randint(2, 3))]
        return f"{name}({', '.join(parts)})"

    def _choice(self, what: str, depth: int) -> str:
        return f"({self._case([self.number(what, depth - 1) for _ in range(3)], depth)})"

    def _case(self, values: list[str], depth: int) -> str:
        first, second = self.truth(depth - 1), self.truth(0)
        otherwise = f"else {values[2]} " if self.dice.random() < 0.8 else ""
        return f"case when {first} then {values[0]} when {second} then {values[1]} {otherwise}end"


def a_day(dice: random.Random) -> date:
    if dice.random() < 0.3:
        return dice.choice([date(2020, 2, 29), date(2014, 2, 28), date(2014, 3, 1), AS_OF])
    return date(1990, 1, 1) + timedelta(days=dice.randrange(14000))


def a_value(dice: random.Random, type_: Type) -> object:
    if type_.kind is Kind.EXACT:
        digits = dice.choice([0, 1, 3, type_.precision // 2, type_.precision])
        sign = dice.choice([1, 1, 1, -1])
        return Decimal(sign * dice.randrange(10**digits)).scaleb(-type_.scale)
    if type_.kind is Kind.DOUBLE:
        return dice.choice([0.0, 1.0, 0.1, -2.5, 1e200, 1e-200, dice.uniform(-9, 9)])
    if type_.kind is Kind.DATE:
        return a_day(dice)
    if type_.kind is Kind.TEXT:
        return dice.choice(WORDS).replace("''", "'")
    return dice.random() < 0.5


def a_row(dice: random.Random) -> Row:
    """A fifth of all values is missing."""
    return {n: None if dice.random() < 0.2 else a_value(dice, t) for n, t in COLUMNS.items()}


def arrow_type(type_: Type) -> pa.DataType:
    """How a table of facts keeps a value of this type."""
    if type_.kind is Kind.EXACT:
        return pa.decimal128(type_.precision, type_.scale)
    plain = {Kind.DOUBLE: pa.float64(), Kind.TEXT: pa.string(), Kind.BOOL: pa.bool_()}
    return plain.get(type_.kind, pa.date32())


class Table:
    """Rows of one seed, on every machine."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, dice: random.Random) -> None:
        self.connection = connection
        self.rows = [a_row(dice) for _ in range(ROWS)]
        columns = ", ".join(f'"{name}" {sql.sql_type(type_)}' for name, type_ in COLUMNS.items())
        marks = ", ".join("?" for _ in self.rows[0])
        connection.execute(f"create or replace table e (row_number integer, {columns})")
        values = [[number, *row.values()] for number, row in enumerate(self.rows)]
        connection.executemany(f"insert into e values (?, {marks})", values)
        # The same columns for the kernel, prepared once for all expressions.
        columns_of = {
            name: pa.array([row[name] for row in self.rows], arrow_type(type_))
            for name, type_ in COLUMNS.items()
        }
        self.frame = Frame.of(pa.table(columns_of))

    def on_duckdb(self, typed: Typed) -> list[object]:
        asked = sql.to_sql(typed, as_of=AS_OF, parameters=VALUES)
        query = exp.select(asked).from_("e").order_by("row_number")
        answers = self.connection.execute(query.sql("duckdb")).fetchall()
        # A wider decimal than stated would lose decimals where DuckDB merges it with another.
        (described,) = self.connection.description or []
        if typed.type.kind is Kind.EXACT:
            assert str(described[1]) == sql.sql_type(typed.type), typed
        return [answer for (answer,) in answers]

    def on_kernel(self, typed: Typed, *, compiled: bool) -> list[object]:
        found = program.values(typed, self.frame, as_of=AS_OF, parameters=VALUES, compiled=compiled)
        return list(found.to_pylist())

    def on_reference(self, typed: Typed) -> list[object]:
        return [on_reference(typed, row) for row in self.rows]


def on_reference(typed: Typed, row: Row) -> object:
    registers = {**row, **{name: row[f"register:{name}"] for name in ("r1", "r2")}}
    return reference.evaluate(typed, row, as_of=AS_OF, parameters=VALUES, registers=registers)


def expressions(dice: random.Random, count: int, *, is_monotone: bool = False) -> list[Typed]:
    """So many typed expressions; a few of what is written is refused as too deep or too long."""
    writer = Writer(dice, is_monotone=is_monotone)
    found: list[Typed] = []
    refused = 0
    while len(found) < count:
        text = writer.one()
        try:
            found.append(check.read(text, SCOPE))
        except ProblemsFound as error:
            refused += 1
            whats = {problem.what.en for problem in error.problems}
            assert whats <= {"nested too deeply, or too long"} or "share" in str(whats), text
    assert refused <= MOST_REFUSED * count + 5
    return found


def differences(table: Table, typed: Typed) -> list[str]:
    wanted = table.on_reference(typed)
    return [
        f"{a!r} but {b!r} on {machine} of {typed} on {row}"
        for machine, answers in (
            ("DuckDB", table.on_duckdb(typed)),
            ("the kernel", table.on_kernel(typed, compiled=True)),
            ("the kernel without a compiler", table.on_kernel(typed, compiled=False)),
        )
        for row, a, b in zip(table.rows, wanted, answers, strict=True)
        if (a, type(a)) != (b, type(b))
    ]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connected:
        connected.execute("set threads to 1")
        yield connected


def hold_equal(connection: duckdb.DuckDBPyConnection, seed: int, count: int) -> Counter[Op]:
    dice = random.Random(seed)
    table = Table(connection, dice)
    seen: Counter[Op] = Counter()
    for typed in expressions(dice, count):
        assert not differences(table, typed), f"seed {seed}"
        seen.update(part.op for part in walk(typed))
    return seen


def test_the_machines_agree_on_random_expressions(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    seen = hold_equal(connection, seed=1, count=400)
    assert {op for op in Op if seen[op] < 10} == set()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 125))
def test_the_machines_agree_on_many_random_expressions(
    connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    seen = hold_equal(connection, seed, count=1000)
    assert {op for op in Op if seen[op] < 20} == set()


def test_learning_a_fact_never_turns_a_known_answer() -> None:
    dice = random.Random(2)
    rows = [(a_row(dice), a_row(dice)) for _ in range(30)]
    learned = 0
    for typed in expressions(dice, 300, is_monotone=True):
        for row, fuller in rows:
            before = on_reference(typed, row)
            after = on_reference(
                typed, {n: fuller[n] if value is None else value for n, value in row.items()}
            )
            assert before is None or before == after, f"{typed} on {row}"
            learned += before is None and after is not None
    assert learned > 1000


def _unguarded_extreme(compiler: object, typed: Typed) -> exp.Expr:
    first, *rest = (compiler.tree(child) for child in typed.children)  # type: ignore[attr-defined]
    return exp.Least(this=first, expressions=rest, ignore_nulls=True)


def _two_valued_if(compiler: object, typed: Typed) -> exp.Expr:
    test, then, otherwise = (compiler.tree(c) for c in typed.children)  # type: ignore[attr-defined]
    return exp.Case(ifs=[exp.If(this=test, true=then)], default=otherwise)


PLANTED: list[tuple[object, str, Op, Callable[..., object]]] = [
    (sql, "_TABLE", Op.LEAST, _unguarded_extreme),
    (sql, "_TABLE", Op.IF, _two_valued_if),
    (sql, "_BINARY", Op.AT_LEAST, lambda left, right: exp.GT(this=left, expression=right)),
    (reference, "_STRICT", Op.FLOOR, lambda _, number: number // 1),
    (steps, "_NUMBERS", Op.LEAST, steps._NUMBERS[Op.GREATEST]),
    (steps, "_TRUTHS", Op.AND, lambda node, block: block.truth(node.children[0])),
    (steps, "_NUMBERS", Op.COALESCE, lambda node, block: block.vector(node.children[0])),
    (reference, "_OWN", Op.AND, lambda machine, typed: machine.value(typed.children[0])),
]


@pytest.mark.parametrize(("machine", "table", "op", "wrong"), PLANTED)
def test_a_planted_bug_is_caught(
    machine: object,
    table: str,
    op: Op,
    wrong: Callable[..., object],
    connection: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice = random.Random(3)
    data, made = Table(connection, dice), expressions(dice, 600)
    monkeypatch.setitem(getattr(machine, table), op, wrong)
    assert any(differences(data, typed) for typed in made)


LARGE = {
    "or": " or ".join(["b1"] * 1_500),
    "sums": "+".join(["m1"] * 99) + " > 0",
    "calls": "abs(" * 98 + "m1" + ")" * 98,
    "nots": "not (b1 and " * 48 + "b2" + ")" * 48,
    "differences": "(1 - " * 95 + "m1/m2" + ")" * 95,
    "branches": "case " + "when b1 then 1 " * 50 + "else 0 end",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_large_expression_within_the_limits_runs(
    text: str, connection: duckdb.DuckDBPyConnection
) -> None:
    table = Table(connection, random.Random(4))
    assert not differences(table, check.read(text, SCOPE))
