"""The compiled machine of the kernel gives the planes that NumPy gives, to the bit."""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from cityforge.brain.engines.kernel import machine
from cityforge.brain.engines.kernel.program import compile

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import kernel_workload as workload

pytestmark = pytest.mark.skipif(machine.library() is None, reason="no C compiler built a machine")


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


def test_a_slot_is_used_again_after_its_last_reader() -> None:
    program = compile(workload.typed(workload.policies(300)), as_of=date(2026, 1, 1))
    assert program.plan is not None
    assert program.plan.slots < len(program.plan.atoms)


def test_a_machine_of_another_source_is_not_loaded() -> None:
    assert machine.built().name != "machine.so"
    assert machine.built().exists()
