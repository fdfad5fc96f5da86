"""A scheme looked over before it is published: slips, gaps, and what the data say of it.

What `city.scheme_checks` refuses is an error and stands there; here are questions, which the city
may answer by leaving things as they are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.prepared import prepare
from cityforge.brain.evaluation.questions import extras, grades, indicators, measured, rules
from cityforge.brain.evaluation.questions.finding import GROUPS, RULES, Finding, Looked


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in one scheme, by place in the file.

    day       as of when; None: nothing was asked that hangs on it
    measured  whether the data of an evaluation were looked at too
    """

    scheme: str
    day: date | None
    measured: bool
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings each group has, groups with none too."""
        counted = Counter(RULES[finding.rule].group for finding in self.findings)
        return {group: counted[group] for group in GROUPS}


def lint(
    city: City,
    book: Dictionary,
    scheme: Scheme,
    snapshot: Evaluated | None = None,
    *,
    day: date | None = None,
) -> Linted:
    """Look a scheme of a checked city over.

    snapshot  one evaluation of it, for the questions that only data raise
    day       the day for what grows old; without it the last of the year that was evaluated
    """
    if day is None and snapshot is not None:
        day = date(snapshot.year, 12, 31)
    looked = Looked(city, book, prepare(book, scheme), day)
    found = [*indicators.find(looked), *rules.find(looked)]
    found += [*extras.find(looked), *grades.find(looked)]
    if snapshot is not None:
        found += measured.find(looked, snapshot)
    found.sort(key=lambda one: (one.problem.line, one.problem.column, one.rule))
    return Linted(scheme.id, day, snapshot is not None, tuple(_once(found)))


def _once(found: list[Finding]) -> list[Finding]:
    """What parts that share their indicators are asked alike is asked once."""
    seen: set[tuple[str, int, int, str]] = set()
    kept = []
    for one in found:
        key = (one.rule, one.problem.line, one.problem.column, one.problem.what.zh)
        if key not in seen:
            kept.append(one)
        seen.add(key)
    return kept


def as_json(linted: Linted) -> dict[str, object]:
    """The findings as plain data, both languages beside each other."""
    return {
        "scheme": linted.scheme,
        "day": linted.day.isoformat() if linted.day else None,
        "measured": linted.measured,
        "counts": linted.counts,
        "findings": [
            {
                "rule": one.rule,
                "group": RULES[one.rule].group,
                "severity": one.severity,
                "file": one.problem.file,
                "line": one.problem.line,
                "column": one.problem.column,
                "path": one.problem.path,
                "what": {"zh": one.problem.what.zh, "en": one.problem.what.en},
                "hint": {"zh": one.problem.hint.zh, "en": one.problem.hint.en},
            }
            for one in linted.findings
        ],
    }
