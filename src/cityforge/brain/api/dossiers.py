"""The file of one enterprise (一企一档), and the list of all of them, out of a snapshot."""

from cityforge.brain.city.shapes import Sensitivity as Sensitivity
from cityforge.brain.reports.dossier.facts import Known as Known
from cityforge.brain.reports.dossier.facts import Source as Source
from cityforge.brain.reports.dossier.facts import identity as identity
from cityforge.brain.reports.dossier.facts import known as known
from cityforge.brain.reports.dossier.grades import SchemeGrades as SchemeGrades
from cityforge.brain.reports.dossier.grades import grades as grades
from cityforge.brain.reports.dossier.ground import Ground as Ground
from cityforge.brain.reports.dossier.ground import may_see as may_see
from cityforge.brain.reports.dossier.listing import Listed as Listed
from cityforge.brain.reports.dossier.listing import former_names as former_names
from cityforge.brain.reports.dossier.listing import listed as listed
from cityforge.brain.reports.dossier.listing import size_needs as size_needs
from cityforge.brain.reports.dossier.policies import Policies as Policies
from cityforge.brain.reports.dossier.policies import matched as matched
from cityforge.brain.reports.dossier.registers import Registers as Registers
from cityforge.brain.reports.dossier.registers import registers as registers

__all__ = [
    "Ground",
    "Known",
    "Listed",
    "Policies",
    "Registers",
    "SchemeGrades",
    "Sensitivity",
    "Source",
    "former_names",
    "grades",
    "identity",
    "known",
    "listed",
    "matched",
    "may_see",
    "registers",
    "size_needs",
]
