"""Every number that decides about a link, in one place, with how it came about.

The thresholds were read off the development half of the noisy copy that bench/linkage.py makes of
a register: the records whose true number hashes to an even value. The other half is the one
reported (docs/explanation/linkage.md). A change here is a change of what is joined: measure again.
"""

from typing import Final

RUNGS: Final = ("credit_code", "old_number", "name", "core_name", "address", "splink", "alone")
"""The rungs of the ladder, surest first; `alone` is a record that nothing joins."""

RUNG_SCORES: Final = {
    "credit_code": 1.0,
    "old_number": 1.0,
    "name": 0.999,
    "core_name": 0.99,
    "address": 0.98,
}
"""A link by rule scores what its rung was right in; codes are identity itself."""

LINK_WEIGHT: Final = -1.0
"""Match weight (log2 of the odds) from which a pair that has no rival is linked."""

REVIEW_WEIGHT: Final = -5.0
"""Match weight from which a person is asked; below it the pair is not kept."""

MARGIN: Final = 2.0
"""How much heavier the best pair must be than the best with another enterprise."""

CANDIDATES: Final = 20
"""At most so many candidates are weighed for one record at one rung."""

COMMON: Final = 200
"""A key that more names share tells nothing: no pairs are made from it."""
