"""Official plans: read, checked, compared, imported, shown."""

from cityforge.brain.plans.adopt import Proposal as Proposal
from cityforge.brain.plans.adopt import propose as propose_plan
from cityforge.brain.plans.diff import compare as compare_plans
from cityforge.brain.plans.open import check_plan as check_plan
from cityforge.brain.plans.open import read_plan as read_plan
from cityforge.brain.plans.planfile import as_yaml_text as plan_yaml
from cityforge.brain.plans.reading import Reading as Reading
from cityforge.brain.plans.tree import as_tree as plan_tree
from cityforge.brain.plans.view import write as write_plan_view
from cityforge.brain.plans.write import as_json as plan_json

__all__ = [
    "Proposal",
    "Reading",
    "check_plan",
    "compare_plans",
    "plan_json",
    "plan_tree",
    "plan_yaml",
    "propose_plan",
    "read_plan",
    "write_plan_view",
]
