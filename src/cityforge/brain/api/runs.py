"""A city and its data into a snapshot, and again."""

from cityforge.brain.runs.replay import Compared as Compared
from cityforge.brain.runs.replay import replay as replay
from cityforge.brain.runs.run import Asked as Asked
from cityforge.brain.runs.run import Made as Made
from cityforge.brain.runs.run import run as run

__all__ = [
    "Asked",
    "Compared",
    "Made",
    "replay",
    "run",
]
