"""Bureaus' files: taken, compared, undone, sent back, profiled."""

from cityforge.brain.city.checks import load as load
from cityforge.brain.city.folder import City as City
from cityforge.brain.intake.accept import REASONS as REASONS
from cityforge.brain.intake.admitting import admit as admit
from cityforge.brain.intake.choice import Choice as Choice
from cityforge.brain.intake.choice import choose as choose_dataset
from cityforge.brain.intake.choice import named as named_dataset
from cityforge.brain.intake.difference import Difference as Difference
from cityforge.brain.intake.differing_rows import write as write_difference
from cityforge.brain.intake.importing import Candidate as Candidate
from cityforge.brain.intake.importing import Refusal as Refusal
from cityforge.brain.intake.importing import compared as compare_deliveries
from cityforge.brain.intake.importing import considered as consider
from cityforge.brain.intake.importing import take as take_delivery
from cityforge.brain.intake.profile.coverage import newest as newest_day
from cityforge.brain.intake.profile.folder import profile as profile_data
from cityforge.brain.intake.profile.freshness import judge as judge_freshness
from cityforge.brain.intake.profile.stock import Held as Held
from cityforge.brain.intake.profile.stock import stock as take_stock
from cityforge.brain.intake.rejects import write as write_rejects
from cityforge.brain.intake.rows_in_place import FAULTS as FAULTS
from cityforge.brain.intake.rows_in_place import NUMBER as NUMBER
from cityforge.brain.intake.rows_in_place import write as write_rows
from cityforge.brain.intake.shelf import History as History
from cityforge.brain.intake.shelf import Record as Record
from cityforge.brain.intake.shelf import history as deliveries
from cityforge.brain.intake.shelf import undo as undo_import
from cityforge.brain.intake.template import write as write_templates
from cityforge.brain.reports.profile_page import write as write_profile
from cityforge.brain.reports.profile_tables import of as profile_tables
from cityforge.brain.reports.profile_words import sentence as profile_sentence
from cityforge.brain.runs.clock import now as now

__all__ = [
    "FAULTS",
    "NUMBER",
    "REASONS",
    "Candidate",
    "Choice",
    "City",
    "Difference",
    "Held",
    "History",
    "Record",
    "Refusal",
    "admit",
    "choose_dataset",
    "compare_deliveries",
    "consider",
    "deliveries",
    "judge_freshness",
    "load",
    "named_dataset",
    "newest_day",
    "now",
    "profile_data",
    "profile_sentence",
    "profile_tables",
    "take_delivery",
    "take_stock",
    "undo_import",
    "write_difference",
    "write_profile",
    "write_rejects",
    "write_rows",
    "write_templates",
]
