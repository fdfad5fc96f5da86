"""Evaluations: a scheme on the facts of a snapshot, why, what if, who moves."""

from cityforge.brain.evaluation.effects.fairness import Tilt as Tilt
from cityforge.brain.evaluation.effects.fairness import tilts as tilts
from cityforge.brain.evaluation.effects.moves import Moves as Moves
from cityforge.brain.evaluation.effects.moves import moves as moves
from cityforge.brain.evaluation.effects.resources import freed as freed
from cityforge.brain.evaluation.effects.resources import held as held
from cityforge.brain.evaluation.evaluated import Evaluated as Evaluated
from cityforge.brain.evaluation.reasons.changes import Ways as Ways
from cityforge.brain.evaluation.reasons.changes import ways as ways
from cityforge.brain.evaluation.reasons.peers import peers as peers
from cityforge.brain.evaluation.reasons.sureness import sureness as sureness
from cityforge.brain.evaluation.reasons.why import why as why
from cityforge.brain.reports.effects import payload as payload
from cityforge.brain.reports.effects import tables as tables
from cityforge.brain.reports.effects import words as words
from cityforge.brain.reports.effects.seen import effects as effects
from cityforge.brain.reports.effects.seen import enterprise as enterprise
from cityforge.brain.reports.snapshot import Snapshot as Snapshot
from cityforge.brain.reports.snapshot import read as read_snapshot
from cityforge.brain.runs.comparing import Compared as Compared
from cityforge.brain.runs.comparing import compare as compare
from cityforge.brain.runs.comparing import scheme_of as scheme_of
from cityforge.brain.runs.comparing import what_if as what_if
from cityforge.brain.runs.evaluating import evaluate as evaluate
from cityforge.brain.runs.evaluating import years as years

__all__ = [
    "Compared",
    "Evaluated",
    "Moves",
    "Snapshot",
    "Tilt",
    "Ways",
    "compare",
    "effects",
    "enterprise",
    "evaluate",
    "freed",
    "held",
    "moves",
    "payload",
    "peers",
    "read_snapshot",
    "scheme_of",
    "sureness",
    "tables",
    "tilts",
    "ways",
    "what_if",
    "why",
    "words",
    "years",
]
