"""Truths by a compiled machine, where one was built (machine.c): the answers of NumPy, sooner.

The machine works out doubles, looks at each atom once a block and joins the planes. What it does
not know (whole numbers that are reckoned with, a choice, a condition on two columns) NumPy hands to
it. plan.py writes its steps, looks.py says how they look at data.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from cityforge.brain.engines.kernel import steps, truths
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.graph import Node
from cityforge.brain.engines.kernel.planes import Planes, aligned
from cityforge.brain.engines.kernel.steps import Block
from cityforge.brain.engines.kernel.vectors import Array

SOURCE = Path(__file__).with_suffix(".c")
Joint = IntEnum("Joint", "TAKE AND OR KEEP STORE", start=0)
Code = IntEnum(
    "Code",
    "FILL LOAD_8 LOAD_16 LOAD_32 LOAD_64 LOAD_REAL PLUS MINUS TIMES OVER"
    " ROOT PLANES ALL LEAST_8 LEAST_16 LEAST_32 LEAST_64 EQUAL_8 EQUAL_16 EQUAL_32 EQUAL_64"
    " LEAST_REAL MORE_REAL EQUAL_REAL WORD_8 WORD_16 WORD_32 RUN_8 RUN_16 RUN_32",
    start=0,
)
STEP = np.dtype(
    [
        *((name, np.int32) for name in ("code", "target", "left", "right", "turned", "number")),
        *((name, np.uintp) for name in ("data", "valid", "table", "bits")),
        *((name, np.int64) for name in ("whole", "span")),
        ("real", np.float64),
    ]
)
_LARGE = 2**24  # bytes of planes that no cache holds


def built() -> Path:
    """Where the machine stands once built; one of another source has another name."""
    return SOURCE.with_name(f"machine-{sha256(SOURCE.read_bytes()).hexdigest()[:12]}.so")


@cache
def library() -> ctypes.CDLL | None:
    """The machine; None where none was built."""
    try:
        found = ctypes.CDLL(str(built()))
    except OSError:
        return None
    whole, place = ctypes.c_int64, ctypes.c_void_p
    for told in (found.step_size, found.space, found.most_words):
        told.restype = whole
    found.space.argtypes = (whole, whole)
    found.run.argtypes = (
        *2 * (place, whole),
        whole,
        place,
        place,
        whole,
        whole,
        place,
        place,
        *3 * (whole,),
    )
    found.run.restype = None
    is_ours = found.step_size() == STEP.itemsize and found.most_words() == truths.MOST_WORDS
    return found if is_ours else None


@dataclass(frozen=True, slots=True)
class Coded:
    """How a step looks at its data; the arrays own the memory that is pointed to."""

    code: Code
    data: Array | None = None
    valid: Array | None = None
    table: Array | None = None
    bits: Array | None = None
    whole: int = 0
    span: int = 0
    real: float = 0.0
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """A step that looks at data; `needs` are worked out by NumPy before.

    place   of the step in the code of the plan
    column  the data are a column of the frame as it stands: told once for all blocks
    """

    needs: tuple[Node, ...]
    coded: Callable[[Block], Coded]
    place: int
    column: Node | None = None


@dataclass(slots=True)
class Bound:
    """The code of a plan over one frame, looks at columns completed; `kept` owns their memory.

    places, widths  the steps whose data begin further on in each block, and by how many bits a row
    """

    frame: Frame
    code: Array
    kept: list[Coded]
    places: Array
    widths: Array

    def at(self, start: int) -> Array:
        """The code for a block that begins at a row."""
        code = self.code.copy()
        code["data"][self.places] += self.widths * np.uintp(start) // np.uintp(8)
        valid = code["valid"][self.places]
        code["valid"][self.places] = np.where(valid > 0, valid + np.uintp(start // 8), valid)
        return code


@dataclass(slots=True)
class Plan:
    """The steps of a program for the machine; those that look at data are completed for each frame,
    or for each block where NumPy worked out what they look at. Joints follow: planes joined.

    slots, numbers  how many truths and numbers are kept at once
    """

    machine: ctypes.CDLL
    code: Array
    joints: Array
    looks: tuple[Look, ...]
    slots: int
    numbers: int
    may_be_wide: bool = True
    _bound: Bound | None = None

    @property
    def needs(self) -> tuple[Node, ...]:
        return tuple({node.number: node for look in self.looks for node in look.needs}.values())

    def fill(self, block: Block, planes: Planes) -> None:
        """The planes of the block's rows."""
        bound = self._bound
        if bound is None or bound.frame is not block.frame:
            bound = self._bound = self._bind(block)
        code = bound.at(block.start)
        kept = [(look, look.coded(block)) for look in self.looks if look.column is None]
        for look, one in kept:
            _complete(code[look.place], one)
        space = aligned(self.machine.space(self.slots, self.numbers))
        first = block.start // 8
        self.machine.run(
            _address(code),
            len(code),
            _address(self.joints),
            len(self.joints),
            block.rows,
            _address(block.ones),
            _address(space),
            self.slots,
            self.numbers,
            _address(planes.true) + first,
            _address(planes.false) + first,
            planes.true.strides[0],
            planes.true.nbytes > _LARGE,
            self.may_be_wide,
        )

    def _bind(self, block: Block) -> Bound:
        whole = block.whole()
        code, kept, places, widths = self.code.copy(), [], [], []
        for look in self.looks:
            if look.column is None:
                continue
            if look.column.number not in whole.found:
                whole.found[look.column.number] = steps.step(look.column).run(whole)
            one = look.coded(whole)
            _complete(code[look.place], one)
            kept.append(one)
            places.append(look.place)
            is_plane = one.code is Code.PLANES
            widths.append(0 if one.data is None else 1 if is_plane else 8 * one.data.itemsize)
        return Bound(
            block.frame, code, kept, np.array(places, np.int64), np.array(widths, np.uintp)
        )


def _complete(step: Array, one: Coded) -> None:
    step["code"], step["turned"] = one.code, one.turned
    step["whole"], step["span"], step["real"] = one.whole, one.span, one.real
    step["data"], step["valid"] = _address(one.data), _address(one.valid)
    step["table"], step["bits"] = _address(one.table), _address(one.bits)


def _address(array: Array | None) -> int:
    return 0 if array is None else int(array.__array_interface__["data"][0])
