"""Diagnoses by questionnaire: the form, one enterprise, a whole city."""

from cityforge.brain.reports.diagnosis.city import OfCity as OfCity
from cityforge.brain.reports.diagnosis.city import of_folder as of_folder
from cityforge.brain.reports.diagnosis.city_tables import payload as city_payload
from cityforge.brain.reports.diagnosis.city_tables import tables as city_tables
from cityforge.brain.reports.diagnosis.city_tables import words as city_words
from cityforge.brain.reports.diagnosis.content import build as page
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed as Diagnosed
from cityforge.brain.reports.diagnosis.diagnosed import diagnosis_of as diagnosis_of
from cityforge.brain.reports.diagnosis.diagnosed import known_of as known_of
from cityforge.brain.reports.diagnosis.diagnosed import of_file as of_file
from cityforge.brain.reports.diagnosis.html import write as write_html
from cityforge.brain.reports.diagnosis.payload import payload as payload
from cityforge.brain.reports.diagnosis.pdf import write as write_pdf
from cityforge.brain.reports.diagnosis.tables import tables as tables
from cityforge.brain.reports.diagnosis.tables import ways_note as ways_note
from cityforge.brain.reports.diagnosis.tables import words as words
from cityforge.brain.reports.diagnosis.template import write as write_template

__all__ = [
    "Diagnosed",
    "OfCity",
    "city_payload",
    "city_tables",
    "city_words",
    "diagnosis_of",
    "known_of",
    "of_file",
    "of_folder",
    "page",
    "payload",
    "tables",
    "ways_note",
    "words",
    "write_html",
    "write_pdf",
    "write_template",
]
