"""A made-up workload of policies over enterprises, as large as asked, by a fixed seed.

1,500 distinct atoms over 22 columns, 3 to 8 of them a policy, 10 to 20 % of each column missing.
It prints what it made; the shares of true and unknown are measured, not promised.
"""

import random
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

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


def table(rows: int) -> pa.Table:
    """The enterprises; rows of one district stand together, as a sorted snapshot has them."""
    dice = np.random.default_rng(SEED)
    columns: dict[str, pa.Array] = {}
    for name in MONEY:
        fen = np.exp(dice.normal(11, 2, rows)).astype(np.int64)
        columns[name] = _decimals(fen, 15, 2, _gaps(dice, rows))
    for name in COUNTS:
        heads = np.exp(dice.normal(4, 1.2, rows)).astype(np.int32)
        columns[name] = pa.array(heads, mask=_gaps(dice, rows))
    for name in FLAGS:
        columns[name] = pa.array(dice.random(rows) < 0.4, mask=_gaps(dice, rows))
    for name in DAYS:
        days = (dice.integers(7_000, 20_000, rows)).astype(np.int32)
        columns[name] = pa.array(days, pa.int32(), mask=_gaps(dice, rows)).cast(pa.date32())
    codes = dice.integers(0, len(INDUSTRIES), rows).astype(np.int32)
    industry = pa.array(codes, mask=_gaps(dice, rows))
    columns["industry"] = pa.DictionaryArray.from_arrays(industry, pa.array(INDUSTRIES))
    places = np.sort(dice.integers(0, len(DISTRICTS), rows)).astype(np.int32)
    columns["district"] = pa.DictionaryArray.from_arrays(pa.array(places), pa.array(DISTRICTS))
    return pa.table(columns)


def _gaps(dice: np.random.Generator, rows: int) -> np.ndarray:
    return dice.random(rows) < dice.uniform(0.1, 0.2)


def _decimals(numbers: np.ndarray, precision: int, scale: int, gaps: np.ndarray) -> pa.Array:
    halves = np.empty((len(numbers), 2), np.int64)
    halves[:, 0], halves[:, 1] = numbers, 0
    known = pa.py_buffer(np.packbits(~gaps, bitorder="little"))
    type_ = pa.decimal128(precision, scale)
    return pa.Array.from_buffers(type_, len(numbers), [known, pa.py_buffer(halves)])


def atoms() -> list[str]:
    """The text of each distinct atom."""
    dice = random.Random(SEED)
    found: dict[str, None] = {}
    while len(found) < ATOMS:
        found[_atom(dice)] = None
    return list(found)


def _atom(dice: random.Random) -> str:
    kind = dice.choices(("money", "ratio", "count", "flag", "day", "prefix", "industry",
                         "district"), (30, 6, 18, 4, 10, 12, 12, 8))[0]  # fmt: skip
    sign = dice.choice((">=", ">", "<=", "<"))
    if kind == "money":
        return f"{dice.choice(MONEY)} {sign} {dice.randrange(10, 9_000)}万元"
    if kind == "ratio":
        over, under = dice.sample(MONEY[:4], 2)
        return f"{over} / {under} {sign} {dice.randrange(1, 300)}%"
    if kind == "count":
        return f"{dice.choice(COUNTS)} {sign} {dice.randrange(5, 900)}人"
    if kind == "flag":
        return f"{dice.choice(('', 'not '))}{dice.choice(FLAGS)}"
    if kind == "day":
        day = date(1990, 1, 1) + timedelta(days=dice.randrange(12_000))
        return f"{dice.choice(DAYS)} {sign} date '{day}'"
    if kind == "prefix":
        return f"industry like '{dice.choice(INDUSTRIES)[: dice.choice((1, 2, 3))]}%'"
    if kind == "industry":
        return f"industry in ({_listed(dice.sample(INDUSTRIES, dice.randrange(5, 40)))})"
    return f"district in ({_listed(dice.sample(DISTRICTS, dice.randrange(3, 20)))})"


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def policies(count: int) -> list[list[object]]:
    """Each policy as nested lists: ["and" | "or", part, …]; a part is an atom's text or a list."""
    dice = random.Random(SEED + 1)
    pool = atoms()
    made: list[list[object]] = []
    for _ in range(count):
        chosen: list[object] = list(dice.sample(pool, dice.randint(3, 8)))
        # Most are joined by `and`, with a choice of two inside: as real conditions are.
        inner = ["or", *chosen[:2]] if dice.random() < 0.5 else ["and", *chosen[:2]]
        made.append([dice.choice(("and", "and", "or")), inner, *chosen[2:]])
    return made


def typed(policies: list[list[object]]) -> list[check.Typed]:
    """The policies as conditions of the language."""
    known = scope()
    return [check.read(text(policy), known, expect=Kind.BOOL) for policy in policies]


def text(policy: object) -> str:
    if isinstance(policy, str):
        return policy
    assert isinstance(policy, list)
    word, *parts = policy
    return "(" + f" {word} ".join(text(part) for part in parts) + ")"


def described(rows: int, made: list[list[object]]) -> str:
    used = [atom for policy in made for atom in _atoms_of(policy)]
    return (
        f"{rows:,} enterprises x {len(made):,} policies; {len(set(used)):,} distinct atoms, "
        f"{len(used):,} uses, {min(map(_size, made))}-{max(map(_size, made))} a policy"
    )


def _atoms_of(policy: object) -> list[str]:
    if isinstance(policy, str):
        return [policy]
    assert isinstance(policy, list)
    return [atom for part in policy[1:] for atom in _atoms_of(part)]


def _size(policy: list[object]) -> int:
    return len(_atoms_of(policy))
