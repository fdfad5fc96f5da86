"""City folders: made, checked, simulated."""

from cityforge.brain.city.checks import Checked as Checked
from cityforge.brain.city.checks import check as read
from cityforge.brain.city.checks import load as load
from cityforge.brain.city.dictionary import Dictionary as Dictionary
from cityforge.brain.city.drafted import check_policy_text as check_policy_text
from cityforge.brain.city.folder import City as City
from cityforge.brain.city.folder import files as files
from cityforge.brain.city.schemas import write as write_schemas
from cityforge.brain.city.skeleton import write as init
from cityforge.brain.mock.write import write as mock
from cityforge.brain.runs.examples import CheckedExample as CheckedExample
from cityforge.brain.runs.examples import check as check
from cityforge.brain.runs.examples import of_policy as examples_of_policy

__all__ = [
    "Checked",
    "CheckedExample",
    "City",
    "Dictionary",
    "check",
    "check_policy_text",
    "examples_of_policy",
    "files",
    "init",
    "load",
    "mock",
    "read",
    "write_schemas",
]
