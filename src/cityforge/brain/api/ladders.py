"""Gradient cultivation (梯度培育): where a city and an enterprise stand, and what is next."""

from cityforge.brain.reports.ladders.city_tables import districts as districts_table
from cityforge.brain.reports.ladders.city_tables import funnel as funnel_table
from cityforge.brain.reports.ladders.city_tables import gaps as gaps_table
from cityforge.brain.reports.ladders.city_tables import moves as moves_table
from cityforge.brain.reports.ladders.city_tables import outlook as outlook_table
from cityforge.brain.reports.ladders.city_tables import progress as progress_table
from cityforge.brain.reports.ladders.enterprise_tables import rung as place_tables
from cityforge.brain.reports.ladders.enterprise_tables import rung_words as place_words
from cityforge.brain.reports.ladders.enterprise_tables import tables as enterprise_tables
from cityforge.brain.reports.ladders.enterprise_tables import words as enterprise_words
from cityforge.brain.reports.ladders.examined import EnterpriseLadder as EnterpriseLadder
from cityforge.brain.reports.ladders.examined import of_enterprise as of_enterprise
from cityforge.brain.reports.ladders.found import CityLadder as CityLadder
from cityforge.brain.reports.ladders.found import of_city as of_city
from cityforge.brain.reports.ladders.ground import step_of as step_of
from cityforge.brain.reports.ladders.page import write as write_page
from cityforge.brain.reports.ladders.payload import city as city_payload
from cityforge.brain.reports.ladders.payload import enterprise as enterprise_payload
from cityforge.brain.reports.ladders.rung_tables import clauses as clauses_table
from cityforge.brain.reports.ladders.rung_tables import expiring as expiring_table
from cityforge.brain.reports.ladders.rung_tables import library as library_table
from cityforge.brain.reports.ladders.rung_tables import moved as moved_table
from cityforge.brain.reports.ladders.rung_tables import states_of as states_table
from cityforge.brain.reports.ladders.words import city as city_words
from cityforge.brain.reports.ladders.words import notes as city_notes
from cityforge.brain.reports.ladders.words import rung as rung_words
from cityforge.brain.reports.ladders.workbook import write as write_workbook

__all__ = [
    "CityLadder",
    "EnterpriseLadder",
    "city_notes",
    "city_payload",
    "city_words",
    "clauses_table",
    "districts_table",
    "enterprise_payload",
    "enterprise_tables",
    "enterprise_words",
    "expiring_table",
    "funnel_table",
    "gaps_table",
    "library_table",
    "moved_table",
    "moves_table",
    "of_city",
    "of_enterprise",
    "outlook_table",
    "place_tables",
    "place_words",
    "progress_table",
    "rung_words",
    "states_table",
    "step_of",
    "write_page",
    "write_workbook",
]
