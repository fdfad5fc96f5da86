"""City folders: made, checked, simulated."""

from cityforge.brain.city.checks import Checked as Checked
from cityforge.brain.city.checks import load as load
from cityforge.brain.city.folder import City as City
from cityforge.brain.city.schemas import write as write_schemas
from cityforge.brain.city.skeleton import write as init
from cityforge.brain.mock.write import write as mock
from cityforge.brain.runs.examples import CheckedExample as CheckedExample
from cityforge.brain.runs.examples import check as check

__all__ = [
    "Checked",
    "CheckedExample",
    "City",
    "check",
    "init",
    "load",
    "mock",
    "write_schemas",
]
