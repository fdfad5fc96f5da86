"""Evaluations: a scheme on the facts of a snapshot, why, what if, who moves."""

from cityforge.brain.evaluation.consequences import Consequences as Consequences
from cityforge.brain.evaluation.consequences import follow as consequences
from cityforge.brain.evaluation.effects.fairness import Tilt as Tilt
from cityforge.brain.evaluation.effects.fairness import tilts as tilts
from cityforge.brain.evaluation.effects.moves import Moves as Moves
from cityforge.brain.evaluation.effects.moves import moves as moves
from cityforge.brain.evaluation.effects.resources import freed as freed
from cityforge.brain.evaluation.effects.resources import held as held
from cityforge.brain.evaluation.evaluated import Evaluated as Evaluated
from cityforge.brain.evaluation.proceedings.acts import Confirmation as Confirmation
from cityforge.brain.evaluation.proceedings.acts import Evidence as Evidence
from cityforge.brain.evaluation.proceedings.acts import Objection as Objection
from cityforge.brain.evaluation.proceedings.acts import Override as Override
from cityforge.brain.evaluation.proceedings.acts import Ruling as Ruling
from cityforge.brain.evaluation.proceedings.acts import Step as Step
from cityforge.brain.evaluation.proceedings.acts import Withdrawal as Withdrawal
from cityforge.brain.evaluation.proceedings.docket import Docket as Docket
from cityforge.brain.evaluation.proceedings.knock_on import WHY as WHY_MOVED
from cityforge.brain.evaluation.proceedings.knock_on import KnockOn as KnockOn
from cityforge.brain.evaluation.proceedings.lists import ShownList as ShownList
from cityforge.brain.evaluation.proceedings.stages import COMPUTING as COMPUTING
from cityforge.brain.evaluation.proceedings.stages import NEXT as STAGES_NEXT
from cityforge.brain.evaluation.proceedings.stages import (
    OPEN_TO_OBJECTIONS as OPEN_TO_OBJECTIONS,
)
from cityforge.brain.evaluation.proceedings.stages import TITLES as STAGE_TITLES
from cityforge.brain.evaluation.reasons.changes import Ways as Ways
from cityforge.brain.evaluation.reasons.changes import ways as ways
from cityforge.brain.evaluation.reasons.peers import peers as peers
from cityforge.brain.evaluation.reasons.sureness import sureness as sureness
from cityforge.brain.evaluation.reasons.why import why as why
from cityforge.brain.reports.effects import payload as payload
from cityforge.brain.reports.effects import tables as tables
from cityforge.brain.reports.effects import words as words
from cityforge.brain.reports.effects.docket import OUTCOMES as OUTCOMES
from cityforge.brain.reports.effects.docket import knock_on as knock_on_table
from cityforge.brain.reports.effects.docket import payload as docket_payload
from cityforge.brain.reports.effects.docket import tables as docket_tables
from cityforge.brain.reports.effects.docket import words as docket_words
from cityforge.brain.reports.effects.names import grade as grade_name
from cityforge.brain.reports.effects.seen import at_hand as at_hand
from cityforge.brain.reports.effects.seen import effects as effects
from cityforge.brain.reports.effects.seen import enterprise as enterprise
from cityforge.brain.reports.evaluation.letter.content import letter as letter
from cityforge.brain.reports.evaluation.letter.drawn import write_letter_html as letter_html
from cityforge.brain.reports.evaluation.letter.drawn import write_letter_pdf as letter_pdf
from cityforge.brain.reports.evaluation.lists.follow_up import write_follow_up as follow_up
from cityforge.brain.reports.evaluation.lists.grade_file import write_grade_file as grade_file
from cityforge.brain.reports.evaluation.lists.publicity import write_publicity_csv as publicity_csv
from cityforge.brain.reports.evaluation.lists.publicity import write_publicity_pdf as publicity_pdf
from cityforge.brain.reports.evaluation.lists.publicity import (
    write_publicity_workbook as publicity_workbook,
)
from cityforge.brain.reports.evaluation.lists.workbook import write_workbook as write_workbook
from cityforge.brain.reports.evaluation.period import Publicity as Publicity
from cityforge.brain.reports.evaluation.report.written import write_report as write_report
from cityforge.brain.reports.evaluation.results import Results as Results
from cityforge.brain.reports.snapshot import Snapshot as Snapshot
from cityforge.brain.reports.snapshot import read as read_snapshot
from cityforge.brain.runs.comparing import Compared as Compared
from cityforge.brain.runs.comparing import compare as compare
from cityforge.brain.runs.comparing import correct as correct
from cityforge.brain.runs.comparing import scheme_of as scheme_of
from cityforge.brain.runs.comparing import what_if as what_if
from cityforge.brain.runs.evaluated_years import of_years as results_of
from cityforge.brain.runs.evaluating import evaluate as evaluate
from cityforge.brain.runs.evaluating import years as years
from cityforge.brain.runs.proceeding import Proceeding as Proceeding
from cityforge.brain.runs.proceeding import begin as begin_proceeding
from cityforge.brain.runs.proceeding import docket as docket
from cityforge.brain.runs.proceeding import open_ as open_proceeding
from cityforge.brain.runs.proceeding import record as record
from cityforge.brain.runs.proceeding import rerun as rerun
from cityforge.brain.runs.proceeding_acts import lengths as lengths
from cityforge.brain.runs.proceeding_acts import objection as objection
from cityforge.brain.runs.proceeding_acts import prepared_of as prepared_of
from cityforge.brain.runs.proceeding_acts import ruling as ruling
from cityforge.brain.runs.proceeding_acts import step as step
from cityforge.brain.runs.proceeding_lists import final_list as final_list
from cityforge.brain.runs.proceeding_lists import publicity_list as publicity_list
from cityforge.brain.runs.proceeding_lists import publish as publish
from cityforge.brain.runs.proceeding_told import check as check_proceeding
from cityforge.brain.runs.proceeding_told import dockets as dockets
from cityforge.brain.runs.proceeding_told import history as history
from cityforge.brain.runs.proceeding_told import knock_on as knock_on
from cityforge.brain.runs.proceeding_told import recompute as recompute

__all__ = [
    "COMPUTING",
    "OPEN_TO_OBJECTIONS",
    "OUTCOMES",
    "STAGES_NEXT",
    "STAGE_TITLES",
    "WHY_MOVED",
    "Compared",
    "Confirmation",
    "Consequences",
    "Docket",
    "Evaluated",
    "Evidence",
    "KnockOn",
    "Moves",
    "Objection",
    "Override",
    "Proceeding",
    "Publicity",
    "Results",
    "Ruling",
    "ShownList",
    "Snapshot",
    "Step",
    "Tilt",
    "Ways",
    "Withdrawal",
    "at_hand",
    "begin_proceeding",
    "check_proceeding",
    "compare",
    "consequences",
    "correct",
    "docket",
    "docket_payload",
    "docket_tables",
    "docket_words",
    "dockets",
    "effects",
    "enterprise",
    "evaluate",
    "final_list",
    "follow_up",
    "freed",
    "grade_file",
    "grade_name",
    "held",
    "history",
    "knock_on",
    "knock_on_table",
    "lengths",
    "letter",
    "letter_html",
    "letter_pdf",
    "moves",
    "objection",
    "open_proceeding",
    "payload",
    "peers",
    "prepared_of",
    "publicity_csv",
    "publicity_list",
    "publicity_pdf",
    "publicity_workbook",
    "publish",
    "read_snapshot",
    "recompute",
    "record",
    "rerun",
    "results_of",
    "ruling",
    "scheme_of",
    "step",
    "sureness",
    "tables",
    "tilts",
    "ways",
    "what_if",
    "why",
    "words",
    "write_report",
    "write_workbook",
    "years",
]
