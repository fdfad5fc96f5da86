"""What lint calls impossible, unfailing or implied is so: held against random rows, which the
reference interpreter judges. A claim that one row refutes fails the test."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from cityforge.brain.city.clause import Clause
from cityforge.brain.engines import reference
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.policies.lint import conditions as lint_conditions
from cityforge.brain.policies.reach import reach as lint_reach
from cityforge.brain.policies.reach.bounds import World
from cityforge.brain.policies.reach.reach import possible
from cityforge.brain.policies.reach.sets import Numbers, Stretch, Texts
from cityforge.brain.rules import conditions
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.values.quantity import unit

SEED = 5
DAY = date(2026, 3, 1)
YEARLY = Grain.ENTERPRISE_YEAR
WORDS = ("C26", "C261", "C27", "D44", "A", "")


def _number(name: str, symbol: str, scale: int) -> Symbol:
    type_ = Type(Kind.EXACT, unit(symbol), precision=12, scale=scale, grain=YEARLY)
    return Symbol(name, name, type_)


FACTS = [
    _number("sales", "万元", 1),
    _number("cost", "元", 0),
    _number("staff", "人", 0),
    _number("profit", "万元", 1),
    Symbol("code", "code", Type(Kind.TEXT, grain=Grain.ENTERPRISE)),
    Symbol("stage", "stage", Type(Kind.TEXT, grain=Grain.ENTERPRISE), frozenset(WORDS[:3])),
    Symbol("large", "large", Type(Kind.BOOL, grain=YEARLY)),
    Symbol("born", "born", Type(Kind.DATE, grain=Grain.ENTERPRISE)),
]
SCOPE = Scope({fact.name: fact for fact in FACTS}, {}, {"green": "green"})


def _at_least(low: int, step: str) -> Numbers:
    return Numbers(step=Fraction(step)).meet(Numbers((Stretch(Fraction(low)),)))


WORLD = World(
    numbers={
        "sales": _at_least(0, "1/10"),
        "cost": _at_least(0, "1"),
        "staff": Numbers(step=Fraction(1)).meet(Numbers((Stretch(Fraction(0), Fraction(6)),))),
    },
    texts={"stage": frozenset(WORDS[:3])},
)


class Writer:
    """Clauses over few facts and few thresholds, so that many of them hang together."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def truth(self, depth: int) -> str:
        if depth > 0 and self.dice.random() < 0.6:
            kind = self.dice.choice(["and", "or", "not", "case", "and", "or"])
            if kind == "not":
                return f"(not {self.truth(depth - 1)})"
            one, other = self.truth(depth - 1), self.truth(depth - 1)
            if kind == "case":
                return f"(case when {one} then {other} else {self.truth(0)} end)"
            return f"({one} {kind} {other})"
        return self.dice.choice(self._ATOMS)(self)

    def _compared(self) -> str:
        return f"({self._money()} {self._sign()} {self.dice.choice([0, 1, 2, 5])}万元)"

    def _staff(self) -> str:
        return f"(staff {self._sign()} {self.dice.randint(0, 7)}人)"

    def _staff_in(self) -> str:
        listed = ", ".join(f"{self.dice.randint(0, 6)}人" for _ in range(2))
        return f"(staff {self.dice.choice(['', 'not '])}in ({listed}))"

    def _between(self) -> str:
        low = self.dice.randint(0, 4)
        word = self.dice.choice(["", "not "])
        return f"({self._money()} {word}between {low}万元 and {low + self.dice.randint(-1, 3)}万元)"

    def _years(self) -> str:
        function = self.dice.choice(["all", "any"])
        return f"{function}(sales[-1:] {self._sign()} {self.dice.choice([1, 2, 5])}万元)"

    def _ratio(self) -> str:
        return f"(cost / sales {self._sign()} {self.dice.choice([0, 10, 50])}%)"

    def _pair(self) -> str:
        return f"({self._money()} {self._sign()} {self._money()})"

    def _text(self) -> str:
        fact = self.dice.choice(["code", "stage"])
        words = WORDS[:3] if fact == "stage" else WORDS
        word = self.dice.choice(words)
        return self.dice.choice(
            [
                f"({fact} = '{word}')",
                f"({fact} != '{word}')",
                f"({fact} in ('{word}', '{self.dice.choice(words)}'))",
                f"({fact} {self.dice.choice(['', 'not '])}like '{self._pattern()}')",
            ]
        )

    def _pattern(self) -> str:
        return self.dice.choice(["C26%", "C2%", "C2_", "%6%", "C%1", "%", "D__", "A"])

    def _day(self) -> str:
        year = self.dice.randint(2022, 2026)
        return self.dice.choice(
            [
                f"(born {self._sign()} date '{year}-06-30')",
                f"(born within {year})",
                f"(years_since(born) {self._sign()} {self.dice.randint(0, 3)}年)",
                f"(born within {self.dice.randint(1, 3)}年)",
            ]
        )

    def _register(self) -> str:
        return self.dice.choice(
            [
                "holds('green')",
                "recognised('green')",
                f"(count('green') {self._sign()} {self.dice.randint(0, 2)})",
                f"(first_recognised('green') within {self.dice.randint(2023, 2026)})",
            ]
        )

    def _large(self) -> str:
        return self.dice.choice(["large", "(large = false)", "(large != holds('green'))", "true"])

    def _money(self) -> str:
        return self.dice.choice(
            [
                "sales", "sales", "cost", "profit", "sales[-1]", "(sales + 1万元)", "(sales * 2)",
                "(1万元 - profit)", "least(sales, profit)", "greatest(sales, cost)", "abs(profit)",
                "coalesce(sales[-1], sales)", "(case when large then sales else 2万元 end)",
                "(sales + profit)", "floor(sales)", "round(profit)", "(- cost)",
            ]
        )  # fmt: skip

    def _sign(self) -> str:
        return self.dice.choice(["<", "<=", "=", "!=", ">=", ">"])

    _ATOMS = (
        _compared, _compared, _staff, _staff, _staff_in, _between, _years, _ratio, _pair, _text,
        _text, _day, _register, _large,
    )  # fmt: skip


def _row(dice: random.Random) -> tuple[dict[str, object], dict[str, object]]:
    def money(low: int) -> Decimal:
        return Decimal(dice.choice([0, 1, 4, 5, 9, 10, 11, 19, 20, 21, 35, 50, 51, low * 30])) / 10

    facts: dict[str, object] = {
        "sales": money(2),
        "sales[-1]": money(2),
        "cost": money(2) * 10_000,
        "profit": money(-1),
        "staff": Decimal(dice.randint(0, 6)),
        "code": dice.choice([*WORDS, "C29", "X"]),
        "stage": dice.choice(WORDS[:3]),
        "large": dice.random() < 0.5,
        "born": DAY - timedelta(days=dice.choice([0, 1, 200, 365, 366, 500, 731, 1100, 1500, -9])),
    }
    registers: dict[str, object] = {
        "green": False,
        "ever:green": False,
        "entries:green": Decimal(0),
    }
    if dice.random() < 0.6:
        held = dice.random() < 0.6
        first = date(dice.randint(2022, 2026), 2, 3)
        registers = {"green": held, "ever:green": True, "first:green": first}
        registers["entries:green"] = Decimal(dice.randint(1, 2) if held else 0)
    if dice.random() < 0.3:
        del facts[dice.choice(list(facts))]
    if dice.random() < 0.1:
        registers = {}
    return facts, registers


def _answers(typed: Typed, rows: list) -> list[object]:
    return [
        reference.evaluate(typed, facts, as_of=DAY, registers=registers)
        for facts, registers in rows
    ]


def _claims(seed: int, clauses: int) -> Counter[str]:
    """How many claims of each kind were made and held; raises at the first that a row refutes."""
    dice = random.Random(seed)
    writer, counted = Writer(dice), Counter[str]()
    rows = [_row(dice) for _ in range(200)]
    before: tuple[str, Typed, list[object]] | None = None
    for _ in range(clauses):
        text = writer.truth(2)
        typed = check.read(text, SCOPE)
        answers = _answers(typed, rows)
        counted["asked"] += 1
        for wanted, claim in ((True, "never holds"), (False, "never fails")):
            if not possible([(typed, wanted)], WORLD):
                counted[claim] += 1
                assert wanted not in answers, f"{claim}: {text}: {rows[answers.index(wanted)]}"
            counted[f"{claim} by rows"] += wanted not in answers
        if before is not None:
            other, its_type, its_answers = before
            for wanted, claim in ((True, "contradicts"), (False, "implied")):
                met = (True, wanted) in set(zip(its_answers, answers, strict=True))
                if not possible([(its_type, True), (typed, wanted)], WORLD):
                    counted[claim] += 1
                    assert not met, f"{other} {claim} {text}"
                counted[f"{claim} by rows"] += not met
        before = (text, typed, answers)
    return counted


REPLACED = {
    "never_holds": "false",
    "contradicts": "false",
    "covered": "false",
    "never_fails": "true",
    "implied": "true",
}
"""What may stand in place of a clause that is told so, and no answer changes."""


@dataclass(frozen=True)
class Looked:
    """What `lint_conditions` looks at, without a city around it: a finding is a rule and a path."""

    condition: Condition
    area: tuple[()] = ()
    world: World = WORLD

    @property
    def document(self) -> "Looked":
        return self

    def problem(self, *_: object, **__: object) -> Problem:
        return Problem("", 1, 1, Text("", ""), Text("", ""))

    def finding(self, rule: str, path: tuple, *_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(rule=rule, path=path)


def _tree(writer: Writer, depth: int) -> dict:
    """Clauses joined at random; an expression in it joins none by itself."""
    dice = writer.dice
    if depth == 0 or dice.random() < 0.3:
        return {"id": "x", "says": "x", "expr": writer.truth(0)}
    form = dice.choice(["all", "all", "any", "none", "of"])
    parts = [_tree(writer, depth - 1) for _ in range(dice.randint(2, 3))]
    return {form: parts} | ({"at_least": dice.randint(1, len(parts))} if form == "of" else {})


def _condition(tree: dict) -> Condition:
    found = conditions.read(
        Clause.model_validate(tree), lambda text, _: check.read(text, SCOPE), ()
    )
    assert found is not None
    return found


def _replaced(tree: dict, path: tuple, expr: str) -> dict:
    if path in ((), ("expr",)):
        return {"id": "x", "says": "x", "expr": expr}
    form, number, *rest = path
    parts = list(tree[form])
    parts[number] = _replaced(parts[number], tuple(rest), expr)
    return {**tree, form: parts}


def test_what_is_told_of_a_clause_changes_no_answer_when_it_is_replaced() -> None:
    """Of rows in which all is known: a clause that is told idle may as well not be there."""
    dice = random.Random(SEED)
    writer, told = Writer(dice), Counter[str]()
    rows = [row for row in (_row(dice) for _ in range(300)) if len(row[0]) == 9 and row[1]]
    assert len(rows) > 150
    for _ in range(500):
        tree = _tree(writer, 2)
        condition = _condition(tree)
        answers = None
        for finding in lint_conditions.find(Looked(condition)):
            told[finding.rule] += 1
            answers = answers or _answers(condition.truth, rows)
            other = _condition(_replaced(tree, finding.path, REPLACED[finding.rule]))
            for before, after in zip(answers, _answers(other.truth, rows), strict=True):
                # A quotient by nothing is unknown though all is known: it may become known.
                assert before == after or before is None or after is None, (finding, tree)
    assert all(told[rule] > 10 for rule in REPLACED), told


def test_no_claim_is_refuted_by_a_row() -> None:
    counted = _claims(SEED, 3_000)
    assert counted["asked"] == 3_000
    # Most of what no row of 200 refutes is proven: the claims are not made by saying little.
    for claim in ("never holds", "never fails", "contradicts", "implied"):
        assert counted[claim] >= 0.5 * counted[f"{claim} by rows"] > 20, (claim, counted)


@pytest.mark.long
def test_no_claim_is_refuted_in_many_cases() -> None:
    for seed in range(SEED + 1, SEED + 6):
        assert _claims(seed, 10_000)["asked"] == 10_000


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("_agrees", lambda *_: False),
        ("_narrow", lambda *_: False),
        ("ways_of", lambda *_: []),
        ("_CONTRARY", {**lint_reach._CONTRARY, Op.LESS: Op.MORE}),
        ("_TURNED", {op: op for op in lint_reach._TURNED}),
    ],
)
def test_a_planted_bug_is_caught(
    monkeypatch: pytest.MonkeyPatch, name: str, planted: object
) -> None:
    monkeypatch.setattr(lint_reach, name, planted)
    with pytest.raises(AssertionError, match=r"never (holds|fails)|contradicts|implied"):
        _claims(SEED, 400)


def test_a_text_is_found_wherever_there_is_one() -> None:
    """The search over patterns against all texts up to four signs of a small alphabet."""
    dice = random.Random(SEED)
    every = [""]
    for _ in range(4):
        every += [text + sign for text in every for sign in "ab甲" if len(text + sign) <= 4]
    every = sorted(set(every))
    found = Counter[bool]()
    for _ in range(500):
        asked = frozenset(
            lint_reach.Asked(dice.random() < 0.5, like="".join(dice.choices("ab%_", k=3)))
            for _ in range(dice.randint(1, 3))
        )
        texts = Texts(asked)
        witness = texts.witness()
        found[witness is None] += 1
        if witness is None:
            assert not [text for text in every if texts.holds(text)]
        else:
            assert texts.holds(witness)
    assert min(found[True], found[False]) > 50
