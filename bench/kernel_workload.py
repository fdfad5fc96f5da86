"""A made-up workload of policies over enterprises, as large as asked, by a fixed seed.

1,500 distinct atoms over 22 columns, 3 to 8 of them a policy, 10 to 20 % of each column missing.
It prints what it made; the shares of true and unknown (about 17 % and 10 %) are measured.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.expr import check
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

SEED = 20261124
AS_OF = date(2026, 1, 1)
ATOMS = 1_500
MONEY = [f"money_{i}" for i in range(8)]
COUNTS = [f"count_{i}" for i in range(4)]
FLAGS = [f"flag_{i}" for i in range(6)]
DAYS = ["founded", "listed_on"]
INDUSTRIES = [f"{letter}{number}" for letter in "ABCDEFG" for number in range(1000, 1200)]
DISTRICTS = [f"d{i:02}" for i in range(30)]
FEN, HEADS = (11.0, 2.0), (4.0, 1.2)  # mean and spread of the logarithm
DAY_RANGE = (7_000, 20_000)  # days since 1970
EPOCH = date(1970, 1, 1)
MOST = 10**9  # hundredths of 万元: 1,000 亿元, within 32 bits


@dataclass(frozen=True, slots=True)
class Limit:
    """A column against a limit, in the column's own whole numbers (hundredths of 万元, heads,
    days since 1970)."""

    column: str
    sign: str
    limit: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratio of two amounts against a percentage."""

    over: str
    under: str
    sign: str
    percent: int


@dataclass(frozen=True, slots=True)
class Flag:
    column: str


@dataclass(frozen=True, slots=True)
class Prefix:
    column: str
    start: str


@dataclass(frozen=True, slots=True)
class OneOf:
    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    part: "Flag | Prefix | OneOf"


@dataclass(frozen=True, slots=True)
class Joint:
    word: str  # "and" or "or"
    parts: tuple["Condition", ...]


Atom: TypeAlias = Limit | Ratio | Flag | Prefix | OneOf | Negated
Condition: TypeAlias = Atom | Joint


def scope() -> Scope:
    money = Type(Kind.EXACT, unit("万元"), precision=15, scale=2, grain=Grain.ENTERPRISE)
    count = Type(Kind.EXACT, unit("人"), precision=9, grain=Grain.ENTERPRISE)
    kinds = {
        **dict.fromkeys(MONEY, money),
        **dict.fromkeys(COUNTS, count),
        **dict.fromkeys(FLAGS, Type(Kind.BOOL, grain=Grain.ENTERPRISE)),
        **dict.fromkeys(DAYS, Type(Kind.DATE, grain=Grain.ENTERPRISE)),
        **dict.fromkeys(("industry", "district"), Type(Kind.TEXT, grain=Grain.ENTERPRISE)),
    }
    return Scope({name: Symbol(name, name, kind) for name, kind in kinds.items()}, {}, {})


def table(rows: int, piece: int = 0) -> pa.Table:
    """The enterprises; rows of one district stand together, as a sorted snapshot has them.

    piece   another number, other enterprises of the same kind
    """
    dice = np.random.default_rng([SEED, piece])
    columns: dict[str, pa.Array] = {}
    for name in MONEY:
        amounts = np.minimum(np.exp(dice.normal(*FEN, rows)), MOST).astype(np.int64)
        columns[name] = _decimals(amounts, 15, 2, _gaps(dice, rows))
    for name in COUNTS:
        heads = np.exp(dice.normal(*HEADS, rows)).astype(np.int32)
        columns[name] = pa.array(heads, mask=_gaps(dice, rows))
    for name in FLAGS:
        columns[name] = pa.array(dice.random(rows) < 0.4, mask=_gaps(dice, rows))
    for name in DAYS:
        days = dice.integers(*DAY_RANGE, rows).astype(np.int32)
        columns[name] = pa.array(days, pa.int32(), mask=_gaps(dice, rows)).cast(pa.date32())
    codes = dice.integers(0, len(INDUSTRIES), rows).astype(np.int32)
    places = np.sort(dice.integers(0, len(DISTRICTS), rows)).astype(np.int32)
    for name, numbers, words in (("industry", codes, INDUSTRIES), ("district", places, DISTRICTS)):
        indices = pa.array(numbers, mask=_gaps(dice, rows))
        columns[name] = pa.DictionaryArray.from_arrays(indices, pa.array(words))
    return pa.table(columns)


def whole_numbers(table: pa.Table) -> pa.Table:
    """The same enterprises with amounts and days as the whole numbers of `Limit`.

    A peer without exact decimals is as exact so, and sooner than with its own.
    """
    for number, name in enumerate(table.column_names):
        column = table.column(name)
        if pa.types.is_decimal(column.type):
            hundred = pa.scalar(100, pa.int64())
            column = pc.multiply(column, hundred).cast(pa.decimal128(38, 2)).cast(pa.int64())
        elif pa.types.is_date(column.type):
            column = column.cast(pa.int32())
        table = table.set_column(number, name, column)
    return table


def _gaps(dice: np.random.Generator, rows: int) -> np.ndarray:
    return dice.random(rows) < dice.uniform(0.1, 0.2)


def _decimals(numbers: np.ndarray, precision: int, scale: int, gaps: np.ndarray) -> pa.Array:
    halves = np.empty((len(numbers), 2), np.int64)
    halves[:, 0], halves[:, 1] = numbers, 0
    known = pa.py_buffer(np.packbits(~gaps, bitorder="little"))
    type_ = pa.decimal128(precision, scale)
    return pa.Array.from_buffers(type_, len(numbers), [known, pa.py_buffer(halves)])


def atoms() -> list[Atom]:
    """Each distinct atom."""
    dice = random.Random(SEED)
    found: dict[Atom, None] = {}
    while len(found) < ATOMS:
        found[_atom(dice)] = None
    return list(found)


def _atom(dice: random.Random) -> Atom:
    """Where an atom compares, 15 to 95 % of the enterprises pass."""
    kind = dice.choices(("money", "ratio", "count", "flag", "day", "prefix", "industry",
                         "district"), (30, 6, 18, 4, 10, 12, 12, 8))[0]  # fmt: skip
    share = dice.uniform(0.15, 0.95)
    is_least = dice.random() < 0.7
    sign = dice.choice((">=", ">") if is_least else ("<=", "<"))
    below = 1 - share if is_least else share
    deviation = NormalDist().inv_cdf(below)
    if kind == "money":
        return Limit(dice.choice(MONEY), sign, round(exp(FEN[0] + FEN[1] * deviation)))
    if kind == "ratio":
        over, under = dice.sample(MONEY[:4], 2)
        return Ratio(over, under, sign, max(1, round(100 * exp(2**0.5 * FEN[1] * deviation))))
    if kind == "count":
        return Limit(dice.choice(COUNTS), sign, round(exp(HEADS[0] + HEADS[1] * deviation)))
    if kind == "day":
        first, last = DAY_RANGE
        return Limit(dice.choice(DAYS), sign, round(first + below * (last - first)))
    if kind == "district":
        return OneOf("district", tuple(dice.sample(DISTRICTS, round(share * len(DISTRICTS)))))
    part: Flag | Prefix | OneOf
    if kind == "flag":
        part = Flag(dice.choice(FLAGS))
    elif kind == "prefix":
        part = Prefix("industry", dice.choice(INDUSTRIES)[: dice.choice((1, 2, 3))])
    else:
        part = OneOf("industry", tuple(dice.sample(INDUSTRIES, dice.randrange(5, 40))))
    return dice.choice((part, Negated(part)))


def policies(count: int) -> list[Joint]:
    """Most join their atoms by `and`, half with a choice of two inside: as real conditions do."""
    dice = random.Random(SEED + 1)
    dealt = _dealt(dice, atoms())
    made = []
    for _ in range(count):
        first, second, *rest = _hand(dealt, dice.randint(3, 8))
        inner = Joint(dice.choice(("or", "and")), (first, second))
        made.append(Joint("or" if dice.random() < 0.13 else "and", (inner, *rest)))
    return made


def _dealt(dice: random.Random, pool: list[Atom]) -> Iterator[Atom]:
    """Atoms from a shuffled pack, and again once it is used up: so all of them occur."""
    while True:
        yield from dice.sample(pool, len(pool))


def _hand(dealt: Iterator[Atom], count: int) -> list[Atom]:
    hand: dict[Atom, None] = {}
    while len(hand) < count:
        hand[next(dealt)] = None
    return list(hand)


def typed(policies: list[Joint]) -> list[check.Typed]:
    """The policies as conditions of the language."""
    known = scope()
    return [check.read(text(policy), known, expect=Kind.BOOL) for policy in policies]


def text(condition: Condition) -> str:
    match condition:
        case Limit(column, sign, limit) if column in MONEY:
            return f"{column} {sign} {limit // 100}.{limit % 100:02}万元"
        case Limit(column, sign, limit) if column in COUNTS:
            return f"{column} {sign} {limit}人"
        case Limit(column, sign, limit):
            return f"{column} {sign} date '{EPOCH + timedelta(days=limit)}'"
        case Ratio(over, under, sign, percent):
            return f"{over} / {under} {sign} {percent}%"
        case Flag(column):
            return column
        case Prefix(column, start):
            return f"{column} like '{start}%'"
        case OneOf(column, words):
            return f"{column} in ({', '.join(repr(word) for word in words)})"
        case Negated(part):
            return f"not ({text(part)})"
        case Joint(word, parts):
            return "(" + f" {word} ".join(map(text, parts)) + ")"


def described(rows: int, made: list[Joint]) -> str:
    sizes = [sum(1 for _ in used(policy)) for policy in made]
    distinct = {atom for policy in made for atom in used(policy)}
    return (
        f"{rows:,} enterprises x {len(made):,} policies; {len(distinct):,} distinct atoms, "
        f"{sum(sizes):,} uses, {min(sizes)}-{max(sizes)} a policy"
    )


def used(condition: Condition) -> Iterator[Atom]:
    """The atoms of a condition, each as often as it stands there."""
    if isinstance(condition, Joint):
        for part in condition.parts:
            yield from used(part)
    else:
        yield condition
