"""The public face of the brain: it only hands names on."""

from cityforge.brain.city.checks import Checked, load
from cityforge.brain.city.folder import City
from cityforge.brain.city.schemas import write as write_schemas
from cityforge.brain.city.skeleton import write as init
from cityforge.brain.intake.choice import Choice
from cityforge.brain.intake.choice import choose as choose_dataset
from cityforge.brain.intake.choice import named as named_dataset
from cityforge.brain.intake.difference import Difference
from cityforge.brain.intake.differing_rows import write as write_difference
from cityforge.brain.intake.importing import Candidate, Refusal
from cityforge.brain.intake.importing import compared as compare_deliveries
from cityforge.brain.intake.importing import considered as consider
from cityforge.brain.intake.importing import take as take_delivery
from cityforge.brain.intake.profile.folder import profile as profile_data
from cityforge.brain.intake.rejects import write as write_rejects
from cityforge.brain.intake.shelf import History
from cityforge.brain.intake.shelf import history as deliveries
from cityforge.brain.intake.shelf import undo as undo_import
from cityforge.brain.intake.template import write as write_templates
from cityforge.brain.linkage.review import as_json as link_queue_json
from cityforge.brain.linkage.review import history as link_history
from cityforge.brain.linkage.review import queue as link_queue
from cityforge.brain.linkage.review import story as link_story
from cityforge.brain.linkage.sheet import write as write_link_sheet
from cityforge.brain.linkage.words import RUNGS as link_rungs
from cityforge.brain.linkage.words import decided as decision_in_words
from cityforge.brain.mock.write import write as mock
from cityforge.brain.plans.adopt import Proposal
from cityforge.brain.plans.adopt import propose as propose_plan
from cityforge.brain.plans.diff import compare as compare_plans
from cityforge.brain.plans.open import check_plan, read_plan
from cityforge.brain.plans.planfile import as_yaml_text as plan_yaml
from cityforge.brain.plans.reading import Reading
from cityforge.brain.plans.tree import as_tree as plan_tree
from cityforge.brain.plans.view import write as write_plan_view
from cityforge.brain.plans.write import as_json as plan_json
from cityforge.brain.reports.html import write as write_report
from cityforge.brain.reports.profile_page import write as write_profile
from cityforge.brain.reports.profile_tables import of as profile_tables
from cityforge.brain.reports.profile_words import sentence as profile_sentence
from cityforge.brain.reports.summary import read as summary
from cityforge.brain.reports.tables import grades as grade_table
from cityforge.brain.reports.tables import intake as intake_table
from cityforge.brain.reports.words import explain
from cityforge.brain.runs.clock import now
from cityforge.brain.runs.deciding import decide as decide_link
from cityforge.brain.runs.deciding import take_sheet as take_link_sheet
from cityforge.brain.runs.deciding import undo as undo_links
from cityforge.brain.runs.examples import CheckedExample
from cityforge.brain.runs.examples import check as check
from cityforge.brain.runs.extracting import Extracted, extract
from cityforge.brain.runs.linking import link
from cityforge.brain.runs.replay import Compared, replay
from cityforge.brain.runs.run import Asked, Made, run
from cityforge.brain.runs.store import find as find_snapshot

__all__ = [
    "Asked",
    "Candidate",
    "Checked",
    "CheckedExample",
    "Choice",
    "City",
    "Compared",
    "Difference",
    "Extracted",
    "History",
    "Made",
    "Proposal",
    "Reading",
    "Refusal",
    "check",
    "check_plan",
    "choose_dataset",
    "compare_deliveries",
    "compare_plans",
    "consider",
    "decide_link",
    "decision_in_words",
    "deliveries",
    "explain",
    "extract",
    "find_snapshot",
    "grade_table",
    "init",
    "intake_table",
    "link",
    "link_history",
    "link_queue",
    "link_queue_json",
    "link_rungs",
    "link_story",
    "load",
    "mock",
    "named_dataset",
    "now",
    "plan_json",
    "plan_tree",
    "plan_yaml",
    "profile_data",
    "profile_sentence",
    "profile_tables",
    "propose_plan",
    "read_plan",
    "replay",
    "run",
    "summary",
    "take_delivery",
    "take_link_sheet",
    "undo_import",
    "undo_links",
    "write_difference",
    "write_link_sheet",
    "write_plan_view",
    "write_profile",
    "write_rejects",
    "write_report",
    "write_schemas",
    "write_templates",
]
