"""When a policy can be applied for: days left, the next window, how urgent it is."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cityforge.brain.city.policy import Policy, Window
from cityforge.brain.policies.prepared import Prepared, State

Urgency = Literal["urgent", "soon", "calm"]

URGENT, SOON = 14, 30  # days to the close of a window
ENDING, ENDING_SOON = 180, 30  # days to the end of a policy that is worth a word, and haste


@dataclass(frozen=True, slots=True)
class Timing:
    """How a policy stands on a day.

    window      the one that is open, else the one awaited, else the last
    days_left   until it closes, that day included; None where it is not open
    days_until  until it opens; None where none is awaited
    then        the window after it, as far as one is announced
    ends        the last day of the version, where it has one; ends_in: days until then
    urgency     by what comes first, the close of an open window or the end of the version
    """

    state: State
    window: Window | None = None
    days_left: int | None = None
    days_until: int | None = None
    then: Window | None = None
    ends: date | None = None
    ends_in: int | None = None
    urgency: Urgency = "calm"

    @property
    def is_open(self) -> bool:
        """Whether one can apply that day."""
        return self.state in ("rolling", "open")


def timing(prepared: Prepared, day: date) -> Timing:
    """When a policy can be applied for, seen from a day."""
    call = prepared.call
    window = call.window
    later = [one for one in _windows(prepared.policy) if one.opens > day and one != window]
    ends = prepared.version.to
    ends_in = (ends - day).days if ends is not None else None
    left = (window.closes - day).days if window and call.state == "open" else None
    return Timing(
        state=call.state,
        window=window,
        days_left=left,
        days_until=(window.opens - day).days if window and call.state == "coming" else None,
        then=min(later, key=lambda one: one.opens, default=None),
        ends=ends,
        ends_in=ends_in,
        urgency=_urgency(left, ends_in if call.state in ("rolling", "open") else None),
    )


def _windows(policy: Policy) -> list[Window]:
    """Those of every version: a newer one may open the next."""
    return [window for version in policy.versions for window in version.windows]


def _urgency(left: int | None, ends_in: int | None) -> Urgency:
    if (left is not None and left <= URGENT) or (ends_in is not None and ends_in <= URGENT):
        return "urgent"
    if (left is not None and left <= SOON) or (ends_in is not None and ends_in <= ENDING_SOON):
        return "soon"
    return "calm"
