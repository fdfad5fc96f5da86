"""Random well-typed expressions over random data with gaps: the machines agree, bit for bit.

A case is one expression, unlike all others of its seed, over a table of random rows. A failure
prints the expression, its row and the seed; `pytest -k "many_random and [3]"` repeats seed 3.
"""

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sqlglot import exp

from cityforge.brain.engines import duckdb, live, reference, sql
from cityforge.brain.engines.kernel import looks, program, steps, vectors
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check
from cityforge.brain.expr.functions import FUNCTIONS
from cityforge.brain.expr.typed import Op, Typed, walk
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

AS_OF = date(2024, 2, 29)
ROWS = 12
WIDE = 2_048 + 101  # more than the compiled machine takes at a time
SEEDS = range(1, 11)
EACH = 2_000  # cases of a seed: 20,000 in all
FEWEST = 50  # operations of every kind in the cases of each seed: 500 in all
ON_SPARK = 2_000
AT_ONCE = 100  # expressions in one statement of a table engine
MOST_REFUSED = 0.1  # of the expressions, for depth or for digits
Row = dict[str, object]
Answers = list[list[object]]  # of each expression, for each row


class Tables(Protocol):
    """What DuckDB and Spark both are."""

    dialect: str

    def take(self, name: str, table: pa.Table) -> None: ...
    def arrow(self, select: exp.Query) -> pa.Table: ...
    def drop(self, name: str) -> None: ...


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

    def __init__(self, dice: random.Random, *, is_monotone: bool = False, deepest: int = 5) -> None:
        self.dice = dice
        self.is_monotone = is_monotone
        self.deepest = deepest

    def one(self) -> str:
        depth = self.dice.randint(1, self.deepest)
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
                self._comparison, self._dates, self._texts, self._texts, self._between,
                self._case_of_truths, self._same_truth, self._every_year,
            ]
        )(depth - 1)  # fmt: skip

    def number(self, what: str, depth: int) -> str:
        facts, units = NUMBERS[what]
        if depth <= 0 or self.dice.random() < 0.15:
            if self.dice.random() < 0.6:
                return self.dice.choice(facts).name
            if what == "money" and self.dice.random() < 0.2:
                return "p.limit"
            if what == "plain" and self.dice.random() < 0.2:
                return f"count('{self.dice.choice(['r1', 'r2'])}')"
            return self.literal(self.dice.choice(units))
        return self.dice.choice(
            [
                self._sum, self._product, self._quotient, self._function, self._function,
                self._choice, self._years,
            ]
        )(what, depth - 1)  # fmt: skip

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
        form = self.dice.randrange(7)
        if form == 0:
            return f"{name}[{self.dice.choice(BACK)}]"
        if form in (1, 2, 6) and what == "plain":
            other = self.dice.choice(YEARLY)
            return f"(cagr({other}, {self.dice.choice([1, 2, 2, 2, 3, 3, 4, 4, 4, 4])}) * 1)"
        if form in (3, 4) and what == "plain":
            return f"count('{self.dice.choice(['r1', 'r2'])}')"
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
        form = self.dice.randrange(-1, 4)
        if form <= 0:
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


def some_rows(dice: random.Random, count: int = ROWS) -> list[Row]:
    return [a_row(dice) for _ in range(count)]


def completed(dice: random.Random, row: Row) -> Row:
    """The row with some of its missing values known, seldom all."""
    return {
        name: a_value(dice, COLUMNS[name]) if value is None and dice.random() < 0.7 else value
        for name, value in row.items()
    }


def arrow_type(type_: Type) -> pa.DataType:
    """How a table of facts keeps a value of this type."""
    if type_.kind is Kind.EXACT:
        return pa.decimal128(type_.precision, type_.scale)
    plain = {Kind.DOUBLE: pa.float64(), Kind.TEXT: pa.string(), Kind.BOOL: pa.bool_()}
    return plain.get(type_.kind, pa.date32())


class Table:
    """Rows of facts, and what each machine answers for them: a list for every expression."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        columns = {
            name: pa.array([row[name] for row in self.rows], arrow_type(type_))
            for name, type_ in COLUMNS.items()
        }
        self.arrow = pa.table({"row_number": pa.array(range(len(rows)), pa.int32()), **columns})
        # Columns prepared once for all expressions.
        self.frame = Frame.of(self.arrow)

    def on_reference(self, made: Sequence[Typed]) -> Answers:
        return [[on_reference(typed, row) for row in self.rows] for typed in made]

    def on_kernel(self, made: Sequence[Typed], *, compiled: bool) -> Answers:
        return [column.to_pylist() for column in self.columns(made, compiled=compiled)]

    def columns(self, made: Sequence[Typed], *, compiled: bool = True) -> list[pa.Array]:
        """What the kernel answers: the conditions as one program, the others one by one."""
        truths = [typed for typed in made if typed.type.kind is Kind.BOOL]
        joint = program.compile(truths, as_of=AS_OF, parameters=VALUES, compiled=compiled)
        planes = joint.run(self.frame)
        found = iter(range(len(truths)))
        return [
            planes.truth(next(found))
            if typed.type.kind is Kind.BOOL
            else program.values(typed, self.frame, as_of=AS_OF, parameters=VALUES)
            for typed in made
        ]

    def on_live(self, made: Sequence[Typed]) -> Answers:
        """The first row whole, every other as changes of the one before."""
        first, *others = self.rows
        machine = live.Live(made, first, as_of=AS_OF, parameters=VALUES)
        answers: Answers = [[machine.value(i)] for i in range(len(made))]
        for row in others:
            for name, value in row.items():
                machine.set(name, value)
            for i, found in enumerate(answers):
                found.append(machine.value(i))
        return answers

    def on_tables(self, engine: Tables, made: Sequence[Typed]) -> Answers:
        """On a table engine, as columns of a few statements."""
        engine.take("e", self.arrow)
        answers: Answers = []
        for start in range(0, len(made), AT_ONCE):
            part = made[start : start + AT_ONCE]
            asked = [
                exp.alias_(sql.to_sql(typed, as_of=AS_OF, parameters=VALUES), f"a{i}")
                for i, typed in enumerate(part)
            ]
            query = exp.select("row_number", *asked).from_("e").order_by("row_number")
            found = engine.arrow(query)
            # A wider decimal than stated would lose decimals where DuckDB merges it with another.
            for i, typed in enumerate(part):
                if engine.dialect == "duckdb" and typed.type.kind is Kind.EXACT:
                    assert found.schema.field(f"a{i}").type == arrow_type(typed.type), typed
            answers += [found.column(f"a{i}").to_pylist() for i in range(len(part))]
        engine.drop("e")
        return answers


def on_reference(typed: Typed, row: Row) -> object:
    registers = {**row, **{name: row[f"register:{name}"] for name in ("r1", "r2")}}
    return reference.evaluate(typed, row, as_of=AS_OF, parameters=VALUES, registers=registers)


def expressions(
    dice: random.Random,
    count: int,
    *,
    is_monotone: bool = False,
    deepest: int = 5,
    with_op: Op | None = None,
) -> list[Typed]:
    """So many typed expressions, no two alike, each with an operation where one is asked for; a
    few of what is written is refused as too deep or too long."""
    writer = Writer(dice, is_monotone=is_monotone, deepest=deepest)
    found: dict[str, Typed] = {}
    refused = read = 0
    while len(found) < count:
        text = writer.one()
        if text in found:
            continue
        read += 1
        try:
            typed = check.read(text, SCOPE)
        except ProblemsFound as error:
            refused += 1
            whats = {problem.what.en for problem in error.problems}
            assert whats <= {"nested too deeply, or too long"} or "share" in str(whats), text
            continue
        if with_op is None or any(part.op is with_op for part in walk(typed)):
            found[text] = typed
    assert refused <= MOST_REFUSED * read + 5
    return list(found.values())


def differences(table: Table, made: Sequence[Typed], answers: dict[str, Answers]) -> list[str]:
    """Where a machine does not answer as the reference does, the first few."""
    wanted = table.on_reference(made)
    found = [
        f"{a!r} but {b!r} on {machine} of {typed} on {row}"
        for machine, given in answers.items()
        for typed, as_wanted, as_given in zip(made, wanted, given, strict=True)
        for row, a, b in zip(table.rows, as_wanted, as_given, strict=True)
        if (a, type(a)) != (b, type(b))
    ]
    return found[:3]


def on_machines(engine: Tables, table: Table, made: Sequence[Typed]) -> dict[str, Answers]:
    """What the machines of this process answer: all but Spark."""
    return {
        "DuckDB": table.on_tables(engine, made),
        "the kernel": table.on_kernel(made, compiled=True),
        "the kernel without a compiler": table.on_kernel(made, compiled=False),
        "the live machine": table.on_live(made),
    }


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.Engine]:
    with duckdb.Engine(threads=1) as made:
        yield made


def hold_equal(engine: duckdb.Engine, seed: int, *, deepest: int) -> Counter[Op]:
    dice = random.Random(seed)
    table, made = Table(some_rows(dice)), expressions(dice, EACH, deepest=deepest)
    assert not differences(table, made, on_machines(engine, table, made)), f"seed {seed}"
    return Counter(part.op for typed in made for part in walk(typed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_machines_agree_on_many_random_expressions(engine: duckdb.Engine, seed: int) -> None:
    seen = hold_equal(engine, seed, deepest=4)
    assert {op: seen[op] for op in Op if seen[op] < FEWEST} == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 115))
def test_the_machines_agree_on_deeper_random_expressions(engine: duckdb.Engine, seed: int) -> None:
    seen = hold_equal(engine, seed, deepest=6)
    assert {op: seen[op] for op in Op if seen[op] < FEWEST} == {}


@pytest.mark.parametrize("seed", range(2))
def test_whole_blocks_of_rows_give_what_numpy_gives(seed: int) -> None:
    """The machine's registers and streams are at work only where many rows are."""
    dice = random.Random(700 + seed)
    table = Table(some_rows(dice, count=WIDE))
    made = [typed for typed in expressions(dice, 250) if typed.type.kind is Kind.BOOL]
    found, wanted = (table.columns(made, compiled=compiled) for compiled in (True, False))
    assert len(made) > 50
    apart = [one for one, a, b in zip(made, found, wanted, strict=True) if not a.equals(b)]
    assert not apart


def test_learning_a_fact_never_turns_a_known_answer_of_the_reference() -> None:
    dice = random.Random(2)
    rows = some_rows(dice, 30)
    pairs = [(row, completed(dice, row)) for row in rows]
    learned = 0
    for typed in expressions(dice, 300, is_monotone=True):
        for row, fuller in pairs:
            before, after = on_reference(typed, row), on_reference(typed, fuller)
            assert before is None or before == after, f"{typed} on {row}"
            learned += before is None and after is not None
    assert learned > 1000


@dataclass
class Learning:
    """Cases: an expression, a row, the row with more of its facts known. None may `turn`."""

    cases: int = 0
    stayed: int = 0  # known before and the same after
    learned: int = 0  # unknown before, known after
    turned: int = 0  # known before, and another answer or none after

    def see(self, before: pa.Array, after: pa.Array) -> None:
        # What is unknown on either side is null here, and no sum counts it.
        was_known, is_same = before.is_valid(), pc.equal(before, after)
        stayed = pc.sum(is_same).as_py() or 0
        self.cases += len(before)
        self.stayed += stayed
        self.turned += len(before) - before.null_count - stayed
        self.learned += pc.sum(pc.and_(pc.invert(was_known), after.is_valid())).as_py() or 0


def learning(seed: int, *, rounds: int, rows: int = 1_000, each: int = 100) -> Learning:
    """So many rounds of new rows and new expressions, on the kernel."""
    dice, seen = random.Random(seed), Learning()
    for _ in range(rounds):
        poorer = some_rows(dice, rows)
        before, after = Table(poorer), Table([completed(dice, row) for row in poorer])
        made = expressions(dice, each, is_monotone=True)
        for was, now in zip(before.columns(made), after.columns(made), strict=True):
            seen.see(was, now)
    return seen


def test_the_writer_of_monotone_expressions_leaves_out_what_the_language_says() -> None:
    assert {name for name, known in FUNCTIONS.items() if not known.is_monotone} == {"coalesce"}
    made = expressions(random.Random(6), 500, is_monotone=True)
    assert not any(part.op is Op.COALESCE for typed in made for part in walk(typed))


def test_learning_a_fact_never_turns_a_known_answer() -> None:
    seen = learning(seed=7, rounds=1)
    assert seen.cases == 100_000
    assert (seen.turned, seen.learned > 5_000, seen.stayed > 5_000) == (0, True, True)


@pytest.mark.long
@pytest.mark.parametrize("seed", (8, 9))
def test_learning_a_fact_never_turns_a_known_answer_in_a_million_cases(seed: int) -> None:
    seen = learning(seed, rounds=10)
    assert seen.cases == 1_000_000
    assert (seen.turned, seen.learned > 50_000, seen.stayed > 50_000) == (0, True, True)


def test_a_language_that_takes_missing_for_zero_would_be_caught() -> None:
    dice, seen = random.Random(10), Learning()
    poorer = some_rows(dice, 100)
    before, after = Table(poorer), Table([completed(dice, row) for row in poorer])
    made = [check.read("coalesce(m1, 0) >= 5万元", SCOPE)]
    for was, now in zip(before.columns(made), after.columns(made), strict=True):
        seen.see(was, now)
    assert seen.turned


def _unguarded_extreme(compiler: object, typed: Typed) -> exp.Expr:
    first, *rest = (compiler.tree(child) for child in typed.children)  # type: ignore[attr-defined]
    return exp.Least(this=first, expressions=rest, ignore_nulls=True)


def _two_valued_if(compiler: object, typed: Typed) -> exp.Expr:
    test, then, otherwise = (compiler.tree(c) for c in typed.children)  # type: ignore[attr-defined]
    return exp.Case(ifs=[exp.If(this=test, true=then)], default=otherwise)


def _strictly_above(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.GT(this=left, expression=right)


KERNELS = {"the kernel", "the kernel without a compiler"}
# What is wrong, where it is planted, and the machines that then differ from the reference. The
# live machine computes with the reference's own table of operations.
PLANTED: dict[str, tuple[object, str, Op, object, set[str]]] = {
    "least in SQL": (sql, "_TABLE", Op.LEAST, _unguarded_extreme, {"DuckDB"}),
    "case in SQL": (sql, "_TABLE", Op.IF, _two_valued_if, {"DuckDB"}),
    ">= in SQL": (sql, "_BINARY", Op.AT_LEAST, _strictly_above, {"DuckDB"}),
    "floor in the reference": (
        reference, "STRICT", Op.FLOOR, lambda _, number: abs(number) // 1, {"DuckDB", *KERNELS},
    ),
    "and in the reference": (
        reference, "_OWN", Op.AND, lambda one, typed: one.value(typed.children[0]),
        {"DuckDB", *KERNELS, "the live machine"},
    ),
    "least in the kernel": (steps, "_NUMBERS", Op.LEAST, steps._NUMBERS[Op.GREATEST], KERNELS),
    "a quotient in the kernel": (
        steps, "_NUMBERS", Op.TO_DOUBLE,
        lambda node, block: vectors.to_double(block.vector(node.children[0])), KERNELS,
    ),
    "not in the kernel": (
        steps, "_TRUTHS", Op.NOT, lambda node, block: block.truth(node.children[0]),
        {"the kernel without a compiler"},
    ),
    "coalesce in the kernel": (
        steps, "_NUMBERS", Op.COALESCE, lambda node, block: block.vector(node.children[0]), KERNELS,
    ),
    ">= in the compiled machine": (
        looks, "REAL", Op.AT_LEAST, looks.REAL[Op.LESS], {"the kernel"},
    ),
    "like in the live machine": (
        live, "_like", Op.LIKE, lambda place, like: lambda values: None, {"the live machine"},
    ),
}  # fmt: skip


if not any(map(shutil.which, ("cc", "gcc", "clang"))):
    # There is no such machine to plant a bug in; where a compiler is, one must have been built.
    del PLANTED[">= in the compiled machine"]


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_bug_is_caught(
    place: str, engine: duckdb.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, table, op, wrong, caught = PLANTED[place]
    dice = random.Random(3)
    data, made = Table(some_rows(dice)), expressions(dice, 60, deepest=4, with_op=op)
    assert not differences(data, made, on_machines(engine, data, made))
    if isinstance(getattr(module, table), dict):
        monkeypatch.setitem(getattr(module, table), op, wrong)
    else:
        monkeypatch.setattr(module, table, wrong)
    found = on_machines(engine, data, made)
    assert {name for name in found if differences(data, made, {name: found[name]})} >= caught


@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_spark_agrees_on_random_expressions_and_a_bug_there_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Smaller expressions: Spark reads a statement slowly."""
    spark = pytest.importorskip(
        "cityforge.brain.engines.spark", reason="PySpark comes with the extra 'spark'"
    )
    dice = random.Random(5)
    table, made = Table(some_rows(dice)), expressions(dice, ON_SPARK, deepest=3)
    with spark.Engine() as beyond:
        assert not differences(table, made, {"Spark": table.on_tables(beyond, made)})
        few = expressions(dice, 50, deepest=2, with_op=Op.AT_LEAST)
        monkeypatch.setitem(sql._BINARY, Op.AT_LEAST, _strictly_above)
        assert differences(table, few, {"Spark": table.on_tables(beyond, few)})


LARGE = {
    "or": " or ".join(["b1"] * 1_500),
    "sums": "+".join(["m1"] * 99) + " > 0",
    "calls": "abs(" * 98 + "m1" + ")" * 98,
    "nots": "not (b1 and " * 48 + "b2" + ")" * 48,
    "differences": "(1 - " * 95 + "m1/m2" + ")" * 95,
    "branches": "case " + "when b1 then 1 " * 50 + "else 0 end",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_large_expression_within_the_limits_runs(text: str, engine: duckdb.Engine) -> None:
    table, made = Table(some_rows(random.Random(4))), [check.read(text, SCOPE)]
    assert not differences(table, made, on_machines(engine, table, made))
