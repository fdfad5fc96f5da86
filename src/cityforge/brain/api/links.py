"""Records about one enterprise: joined, reviewed, decided."""

from cityforge.brain.linkage.review import as_json as link_queue_json
from cityforge.brain.linkage.review import history as link_history
from cityforge.brain.linkage.review import queue as link_queue
from cityforge.brain.linkage.review import story as link_story
from cityforge.brain.linkage.sheet import write as write_link_sheet
from cityforge.brain.linkage.words import RUNGS as link_rungs
from cityforge.brain.linkage.words import decided as decision_in_words
from cityforge.brain.runs.deciding import decide as decide_link
from cityforge.brain.runs.deciding import take_sheet as take_link_sheet
from cityforge.brain.runs.deciding import undo as undo_links
from cityforge.brain.runs.linking import link as link

__all__ = [
    "decide_link",
    "decision_in_words",
    "link",
    "link_history",
    "link_queue",
    "link_queue_json",
    "link_rungs",
    "link_story",
    "take_link_sheet",
    "undo_links",
    "write_link_sheet",
]
