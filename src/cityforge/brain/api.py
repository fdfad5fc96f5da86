"""The public face of the brain: it only hands names on."""

from cityforge.brain.city.checks import Checked, load
from cityforge.brain.city.folder import City
from cityforge.brain.city.schemas import write as write_schemas
from cityforge.brain.city.skeleton import write as init
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
from cityforge.brain.reports.summary import read as summary
from cityforge.brain.reports.tables import grades as grade_table
from cityforge.brain.reports.tables import intake as intake_table
from cityforge.brain.reports.words import explain
from cityforge.brain.runs.examples import CheckedExample
from cityforge.brain.runs.examples import check as check
from cityforge.brain.runs.replay import Compared, replay
from cityforge.brain.runs.run import Asked, Made, run
from cityforge.brain.runs.store import find as find_snapshot

__all__ = [
    "Asked",
    "Checked",
    "CheckedExample",
    "City",
    "Compared",
    "Made",
    "Proposal",
    "Reading",
    "check",
    "check_plan",
    "compare_plans",
    "explain",
    "find_snapshot",
    "grade_table",
    "init",
    "intake_table",
    "load",
    "mock",
    "plan_json",
    "plan_tree",
    "plan_yaml",
    "propose_plan",
    "read_plan",
    "replay",
    "run",
    "summary",
    "write_plan_view",
    "write_report",
    "write_schemas",
]
