"""A city and its data into a snapshot, and again."""

from cityforge.brain.runs.record import changed as changed
from cityforge.brain.runs.replay import Compared as Compared
from cityforge.brain.runs.replay import replay as replay
from cityforge.brain.runs.run import Asked as Asked
from cityforge.brain.runs.run import Made as Made
from cityforge.brain.runs.run import run as run
from cityforge.brain.runs.store import aside as aside
from cityforge.brain.runs.store import discard as discard
from cityforge.brain.runs.store import keep as keep
from cityforge.brain.runs.store import point_to as point_to

__all__ = [
    "Asked",
    "Compared",
    "Made",
    "aside",
    "changed",
    "discard",
    "keep",
    "point_to",
    "replay",
    "run",
]
