"""What enterprises put right: which facts it may be, read, written out for the next run."""

from cityforge.brain.city.dictionary import Dictionary as Dictionary
from cityforge.brain.city.dictionary import build as dictionary
from cityforge.brain.facts.correction import Correction as Correction
from cityforge.brain.facts.correction import read as read
from cityforge.brain.facts.corrections import DECLARED as DECLARED
from cityforge.brain.facts.corrections import FILE as FILE
from cityforge.brain.facts.corrections import RULED as RULED
from cityforge.brain.facts.corrections import TABLE as TABLE
from cityforge.brain.facts.corrections import Basis as Basis
from cityforge.brain.facts.corrections import Entry as Entry
from cityforge.brain.facts.corrections import correctable as correctable
from cityforge.brain.facts.corrections import text as text
from cityforge.brain.facts.corrections import write as write

__all__ = [
    "DECLARED",
    "FILE",
    "RULED",
    "TABLE",
    "Basis",
    "Correction",
    "Dictionary",
    "Entry",
    "correctable",
    "dictionary",
    "read",
    "text",
    "write",
]
