"""The compiled machine of the kernel gives the planes that NumPy gives, to the bit."""

import shutil
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cityforge.brain.engines.kernel import machine
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.engines.kernel.program import compile
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import kernel_workload as workload

# Where a compiler is and no machine was built, these fail.
HAS_COMPILER = any(map(shutil.which, ("cc", "gcc", "clang")))
pytestmark = pytest.mark.skipif(not HAS_COMPILER, reason="there is no C compiler here")


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 4096, 4097, 12_345])
def test_planes_are_those_of_numpy(rows: int) -> None:
    conditions = workload.typed(workload.policies(300))
    table = workload.table(rows)
    ours = compile(conditions, as_of=workload.AS_OF)
    assert ours.plan is not None
    theirs = compile(conditions, as_of=workload.AS_OF, compiled=False)
    assert theirs.plan is None
    for block in (4096, 2**13):
        found, wanted = (one.run(table, block=block) for one in (ours, theirs))
        assert np.array_equal(found.true, wanted.true)
        assert np.array_equal(found.false, wanted.false)


def test_planes_beyond_the_cache_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written past it, by other instructions."""
    conditions = workload.typed(workload.policies(300))
    table = workload.table(10_000)
    program = compile(conditions, as_of=workload.AS_OF)
    wanted = program.run(table)
    monkeypatch.setattr(machine, "_LARGE", 0)
    found = program.run(table)
    assert np.array_equal(found.true, wanted.true)
    assert np.array_equal(found.false, wanted.false)


@pytest.mark.parametrize("rows", [64, 2048, 2112, 5000])
def test_wide_registers_give_what_plain_c_gives(rows: int) -> None:
    conditions = workload.typed(workload.policies(300))
    table = workload.table(rows)
    wide, plain = (compile(conditions, as_of=workload.AS_OF) for _ in range(2))
    assert plain.plan is not None
    plain.plan.may_be_wide = False
    found, wanted = wide.run(table), plain.run(table)
    assert np.array_equal(found.true, wanted.true)
    assert np.array_equal(found.false, wanted.false)


@pytest.mark.parametrize("words", [3, 40, 200, 256, 300, 1500, 3000])
def test_texts_of_every_width(words: int) -> None:
    """One byte, two bytes; within and beyond the table of bits; scattered and in runs."""
    names = [f"w{number:05}" for number in range(words)]
    column = [None if i % 9 == 0 else names[i * 7 % words] for i in range(4096)]
    table = pa.table({"industry": pa.array(column).dictionary_encode()})
    scattered = ", ".join(f"'{name}'" for name in names[:: max(words // 25, 2)])
    texts = (f"industry in ({scattered})", "industry like 'w000%'", f"industry != '{names[-1]}'",
             "industry = 'absent'", "industry like '%'")  # fmt: skip
    read = [check.read(text, workload.scope(), expect=Kind.BOOL) for text in texts]
    together = _agree(read, table)
    assert together.counts().true.sum() > 0
    for place, typed in enumerate(read):  # one text alone is looked up another way
        alone = compile([typed], as_of=workload.AS_OF, compiled=False).run(table)
        assert np.array_equal(together.true[place], alone.true[0]), texts[place]
        assert np.array_equal(together.false[place], alone.false[0]), texts[place]


NUMBERS = {
    "tiny": pa.int8(),
    "small": pa.int16(),
    "middle": pa.int32(),
    "large": pa.decimal128(18, 2),
    "huge": pa.decimal128(38, 2),  # beyond what a double holds
    "real": pa.float64(),
}
RECKONED = (
    "tiny / small > 50%", "small / middle <= 1", "middle / large < 200%", "large / huge > 0",
    "huge / tiny >= 300%", "real / tiny > 1", "1 / real < 200%", "real * 2 + tiny / small > 1",
    "real - middle / small >= -100%", "(tiny / small) * (small / middle) > 0%", "real = 0",
    "real != 0", "tiny / absent > 1", "large / small - small / large > 0", "abs(real) / tiny > 1",
    "round(real, 1) / small > 0", "tiny / tiny = 1", "not (small / tiny > 200%) and real > 0",
)  # fmt: skip


@pytest.mark.parametrize("rows", [1, 63, 2048, 5001])
def test_numbers_of_every_width(rows: int) -> None:
    """What is reckoned in the machine; by zero, and beyond all doubles, is missing."""
    dice = np.random.default_rng(rows)
    columns = {}
    for name, type_ in NUMBERS.items():
        if type_ == pa.float64():
            numbers = dice.choice([0.0, -0.0, 0.5, -1.25, 3.0, 1e308, 5e-324], rows)
        else:
            reach = {"tiny": 9, "small": 300, "middle": 40_000, "large": 10**9, "huge": 10**17}
            numbers = dice.integers(-reach[name], reach[name], rows)
        make = Decimal if pa.types.is_decimal(type_) else type(numbers[0].item())
        values = [None if dice.random() < 0.15 else make(one) for one in numbers.tolist()]
        columns[name] = pa.array(values, type_)
    kinds = {name: Kind.DOUBLE if name == "real" else Kind.EXACT for name in (*NUMBERS, "absent")}
    scope = Scope(
        {n: Symbol(n, n, Type(k, grain=Grain.ENTERPRISE, precision=18)) for n, k in kinds.items()},
        {},
        {},
    )
    read = [check.read(text, scope, expect=Kind.BOOL) for text in RECKONED]
    counts = _agree(read, pa.table(columns)).counts()
    if rows > 2000:
        missing = RECKONED.index("tiny / absent > 1")
        assert [i for i, one in enumerate(counts.true) if not one] == [missing]


def _agree(read: list[check.Typed], table: pa.Table) -> Planes:
    """The planes, which are the same by wide registers, by plain C and by NumPy."""
    wide, plain = (compile(read, as_of=workload.AS_OF) for _ in range(2))
    assert plain.plan is not None
    plain.plan.may_be_wide = False
    wanted = compile(read, as_of=workload.AS_OF, compiled=False).run(table)
    for found in (wide.run(table), plain.run(table)):
        assert np.array_equal(found.true, wanted.true)
        assert np.array_equal(found.false, wanted.false)
    return wanted


def test_shared_and_turned_parts() -> None:
    """A part read by several joints, turned, as a root, and inside its only reader."""
    texts = ("flag_0 and flag_1 or flag_2", "not (flag_0 and flag_1)", "not flag_0",
             "(flag_0 and flag_1) and (flag_2 or not (flag_0 and flag_1))", "flag_0",
             "not (not flag_3 and not (flag_4 or flag_5))", "flag_3 or flag_3",
             "(flag_3 or flag_4) and (flag_3 or flag_4)", "not not flag_5")  # fmt: skip
    read = [check.read(text, workload.scope(), expect=Kind.BOOL) for text in texts]
    table = workload.table(3_000)
    found = compile(read, as_of=workload.AS_OF).run(table)
    for place, typed in enumerate(read):
        alone = compile([typed], as_of=workload.AS_OF, compiled=False).run(table)
        assert np.array_equal(found.true[place], alone.true[0]), texts[place]
        assert np.array_equal(found.false[place], alone.false[0]), texts[place]


def test_a_place_is_used_again_after_its_last_reader() -> None:
    """Of 12 ratios of 4 amounts a few are kept at once; a kept joint takes the slot of a part."""
    plan = compile(workload.typed(workload.policies(1000)), as_of=date(2026, 1, 1)).plan
    assert plan is not None
    assert np.count_nonzero(plan.code["code"] == machine.Code.OVER) == 12
    assert plan.numbers == 5
    shared = "(flag_0 and flag_1) or flag_2", "(flag_0 and flag_1) or flag_3"
    others = "(flag_4 and flag_5) or flag_2", "(flag_4 and flag_5) or flag_3"
    read = [check.read(text, workload.scope(), expect=Kind.BOOL) for text in (*shared, *others)]
    kept = compile(read, as_of=workload.AS_OF).plan
    assert kept is not None
    assert kept.slots == 6


def test_a_machine_of_another_source_is_not_loaded() -> None:
    assert machine.built().name != "machine.so"
    assert machine.built().exists()
