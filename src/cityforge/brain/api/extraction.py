"""Places, capital and industry out of free text."""

from cityforge.brain.runs.extracting import Extracted as Extracted
from cityforge.brain.runs.extracting import extract as extract

__all__ = [
    "Extracted",
    "extract",
]
