"""The compiled machine of the kernel gives the planes that NumPy gives, to the bit."""

import shutil
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cityforge.brain.engines.kernel import machine
from cityforge.brain.engines.kernel.program import compile
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind

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


@pytest.mark.parametrize("words", [3, 40, 300, 1500, 3000])
def test_texts_of_every_width(words: int) -> None:
    """One byte, two bytes; within and beyond the table of bits; scattered and in runs."""
    names = [f"w{number:05}" for number in range(words)]
    column = [None if i % 9 == 0 else names[i * 7 % words] for i in range(4096)]
    table = pa.table({"industry": pa.array(column).dictionary_encode()})
    scattered = ", ".join(f"'{name}'" for name in names[:: max(words // 25, 2)])
    texts = (f"industry in ({scattered})", "industry like 'w000%'", f"industry != '{names[-1]}'",
             "industry = 'absent'", "industry like '%'")  # fmt: skip
    read = [check.read(text, workload.scope(), expect=Kind.BOOL) for text in texts]
    found = compile(read, as_of=workload.AS_OF).run(table)
    wanted = compile(read, as_of=workload.AS_OF, compiled=False).run(table)
    assert np.array_equal(found.true, wanted.true)
    assert np.array_equal(found.false, wanted.false)
    assert found.counts().true.sum() > 0


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


def test_a_slot_is_used_again_after_its_last_reader() -> None:
    program = compile(workload.typed(workload.policies(300)), as_of=date(2026, 1, 1))
    assert program.plan is not None
    assert program.plan.slots < len(program.plan.code) / 4


def test_a_machine_of_another_source_is_not_loaded() -> None:
    assert machine.built().name != "machine.so"
    assert machine.built().exists()
