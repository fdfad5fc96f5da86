"""The policy check-up of one enterprise (政策体检): found, said, drawn."""

from cityforge.brain.reports.check_up.content import build as page
from cityforge.brain.reports.check_up.entries import Entries as Entries
from cityforge.brain.reports.check_up.html import write as write_html
from cityforge.brain.reports.check_up.page import Clause as Clause
from cityforge.brain.reports.check_up.page import Entry as Entry
from cityforge.brain.reports.check_up.page import Near as Near
from cityforge.brain.reports.check_up.page import Page as Page
from cityforge.brain.reports.check_up.payload import best as best_payload
from cityforge.brain.reports.check_up.payload import one as one_payload
from cityforge.brain.reports.check_up.payload import whole as payload
from cityforge.brain.reports.check_up.pdf import write as write_pdf
from cityforge.brain.reports.check_up.words import one_of as one_of
from cityforge.brain.reports.check_up.words import say as say
from cityforge.brain.reports.check_up.words import say_best as say_best
from cityforge.brain.reports.check_up.words import say_one as say_one
from cityforge.brain.reports.examined import Examined as Examined
from cityforge.brain.reports.examined import Examiner as Examiner
from cityforge.brain.reports.examined import of_enterprise as of_enterprise
from cityforge.brain.reports.fact_names import Names as Names

__all__ = [
    "Clause",
    "Entries",
    "Entry",
    "Examined",
    "Examiner",
    "Names",
    "Near",
    "Page",
    "best_payload",
    "of_enterprise",
    "one_of",
    "one_payload",
    "page",
    "payload",
    "say",
    "say_best",
    "say_one",
    "write_html",
    "write_pdf",
]
