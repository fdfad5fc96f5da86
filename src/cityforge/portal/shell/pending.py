"""What waits for somebody, as each app tells it.

An app with a module `waiting` offers in it `waiting(user)`: what waits for this person, or what
they look after though others decide it. The first pages of all ask every app.
"""

from dataclasses import dataclass
from datetime import date

from cityforge.brain.errors import Text


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things of one kind that wait.

    url      where they are dealt with or seen; "" where the reader has no door to them
    is_mine  the reader decides or does it; else somebody else does, whom `who` names
    until    the first day by which one of them is due
    light    red: late or stuck; amber: waits; grey: good to know
    """

    title: Text
    count: int
    url: str = ""
    is_mine: bool = True
    who: Text | None = None
    until: date | None = None
    light: str = "amber"
