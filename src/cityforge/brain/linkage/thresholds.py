"""Every number that decides about a link, in one place, with how it came about.

The thresholds were read off the development half of the noisy copy that bench/linkage.py makes of
a register: the records whose true number hashes to an even value. The other half is the one
reported (docs/explanation/linkage.en.md). A change here changes what is joined: measure again.
"""

from typing import Final

RUNGS: Final = (
    "credit_code",
    "old_number",
    "name",
    "core_name",
    "address",
    "one_slip",
    "splink",
    "alone",
)
"""The rungs of the ladder, surest first; `alone` is a record that nothing joins."""

BY_LIKENESS: Final = frozenset({"one_slip", "splink"})
"""Rungs that join two names that differ. One source seldom spells one enterprise in two ways: where
either side has a record of the other's source, a person is asked."""

RUNG_SCORES: Final = {
    "credit_code": 1.0,
    "old_number": 1.0,
    "name": 0.999,
    "core_name": 0.99,
    "address": 0.98,
    "one_slip": 0.97,
}
"""The score of a link by rule: codes are identity itself; the others are set by hand, surest first,
as an order of strength, not as a measured share of right links."""

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

SHORTEST: Final = 6
"""Full names shorter than this are not looked at for slips."""

LONGEST: Final = 60
"""Slips are looked for within so many characters."""

SLIP_GRADES: Final = {
    ("exchanged", "opening"): 4, ("exchanged", "brand"): 4, ("exchanged", "outside"): 4,
    ("sound", "opening"): 3, ("sound", "brand"): 3, ("sound", "outside"): 3,
    ("sounds", "opening"): 2, ("sounds", "brand"): 2, ("sounds", "outside"): 2,
    ("left out", "opening"): 2, ("left out", "brand"): 2, ("left out", "outside"): 2,
    ("replaced", "opening"): 0, ("replaced", "brand"): 1, ("replaced", "outside"): 1,
}  # fmt: skip
"""How telling a slip is, by its kind and place; 0: a person is asked.

Read off the development half (two cities, 44,000 rows, before the rule on one source): exchanged,
sound and sounds linked no wrong pair of 2,000; left out 3 of 410; replaced outside the brand 2 of
363. One character replaced in the first two of the brand is as often the next enterprise.
"""
