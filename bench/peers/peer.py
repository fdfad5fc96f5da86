"""What each contender of the bench of policies can do; it is made of a table and the policies."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa

from cityforge.brain.engines.kernel.planes import Planes, packed, packed_width
from kernel_workload import Joint


class Peer(Protocol):
    def __init__(self, table: pa.Table, policies: Sequence[Joint]) -> None:
        """Have the columns at hand and the policies in the peer's own form."""

    def match(self) -> None:
        """Decide every policy for every enterprise, and keep the answers."""

    def answers(self) -> Planes:
        """What the last match decided."""


def planes(truths: Sequence[pa.Array], rows: int) -> Planes:
    """Planes of one Arrow column of true, false and null for each policy."""
    made = Planes(rows, *(np.zeros((len(truths), packed_width(rows)), np.uint8) for _ in "tf"))
    for number, truth in enumerate(truths):
        known = ~np.asarray(truth.is_null())
        is_true = np.asarray(truth.fill_null(pa.scalar(value=False)))
        made.true[number] = packed(is_true)
        made.false[number] = packed(known & ~is_true)
    return made
