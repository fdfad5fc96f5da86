"""What policies cost a city, whom they are for, and what another version would change."""

from cityforge.brain.policies.candidates.lacking import Lacking as Lacking
from cityforge.brain.reports.candidates.lacking import of_list as candidates_lacking
from cityforge.brain.reports.candidates.listing import CandidateList as CandidateList
from cityforge.brain.reports.candidates.listing import of_all as candidates_of_all
from cityforge.brain.reports.candidates.listing import of_policy as candidates
from cityforge.brain.reports.candidates.payload import overview as overview_payload
from cityforge.brain.reports.candidates.payload import payload as candidates_payload
from cityforge.brain.reports.candidates.tables import overview as overview_table
from cityforge.brain.reports.candidates.tables import overview_words as overview_words
from cityforge.brain.reports.candidates.tables import tables as candidates_tables
from cityforge.brain.reports.candidates.tables import words as candidates_words
from cityforge.brain.reports.candidates.telling import basis as candidate_basis
from cityforge.brain.reports.candidates.telling import district as candidate_district
from cityforge.brain.reports.candidates.telling import gap as candidate_gap
from cityforge.brain.reports.candidates.workbook import write as write_candidates
from cityforge.brain.reports.fiscal.fiscal import Asked as Asked
from cityforge.brain.reports.fiscal.fiscal import Fiscal as Fiscal
from cityforge.brain.reports.fiscal.fiscal import Fiscals as Fiscals
from cityforge.brain.reports.fiscal.fiscal import of_city as simulate_all
from cityforge.brain.reports.fiscal.fiscal import of_policy as simulate
from cityforge.brain.reports.fiscal.payload import of_city as city_payload
from cityforge.brain.reports.fiscal.payload import of_policy as policy_payload
from cityforge.brain.reports.fiscal.tables import names_enterprises as names_enterprises
from cityforge.brain.reports.fiscal.tables import of_city as city_tables
from cityforge.brain.reports.fiscal.tables import of_policy as policy_tables
from cityforge.brain.reports.fiscal.words import of_city as city_words
from cityforge.brain.reports.fiscal.words import of_policy as policy_words
from cityforge.brain.reports.snapshot import Snapshot as Snapshot
from cityforge.brain.reports.tables import Table as Table

__all__ = [
    "Asked",
    "CandidateList",
    "Fiscal",
    "Fiscals",
    "Lacking",
    "Snapshot",
    "Table",
    "candidate_basis",
    "candidate_district",
    "candidate_gap",
    "candidates",
    "candidates_lacking",
    "candidates_of_all",
    "candidates_payload",
    "candidates_tables",
    "candidates_words",
    "city_payload",
    "city_tables",
    "city_words",
    "names_enterprises",
    "overview_payload",
    "overview_table",
    "overview_words",
    "policy_payload",
    "policy_tables",
    "policy_words",
    "simulate",
    "simulate_all",
    "write_candidates",
]
