"""Whom a campaign is for: what an officer chose, and who of the run's list that is."""

from collections.abc import Iterable
from dataclasses import dataclass

from cityforge.portal.analytics.policies.pushing import UNKNOWN, Target


@dataclass(frozen=True, slots=True)
class Wanted:
    """`lacking`: of the undecided, those who lack at most so many facts; no district: all."""

    policy: str
    groups: tuple[str, ...]
    lacking: int
    district: str
    channels: tuple[str, ...]

    def of(self, targets: Iterable[Target]) -> list[Target]:
        return [
            one
            for one in targets
            if (one.group != UNKNOWN or one.lacking <= self.lacking)
            and self.district in ("", one.district)
        ]
