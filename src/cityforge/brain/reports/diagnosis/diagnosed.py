"""One questionnaire judged, with all that is needed to tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityforge.brain.city.diagnosis import Diagnosis
from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.diagnosis import improve, known, matter, reading
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers
from cityforge.brain.evaluation.diagnosis.improve import Ahead
from cityforge.brain.evaluation.diagnosis.matter import Open
from cityforge.brain.evaluation.diagnosis.score import Result, refuse_unspecified, score
from cityforge.brain.facts.table import bindings
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.diagnosis import filled_in
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.rules.row import Row

_TABLES = ("applicants", "enterprises")  # the day's facts; a city without policies has the second


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A diagnosis of one enterprise.

    snapshot   the run whose facts filled answers in; None where none was named
    values     those facts of the enterprise
    differing  what they would give where the enterprise said something worth something else
    open       the unanswered questions, those that matter most first
    """

    city: City
    book: Dictionary
    result: Result
    ahead: Ahead
    open: tuple[Open, ...]
    differing: Mapping[str, Answer]
    snapshot: Snapshot | None = None
    values: Mapping[str, Any] | None = None

    @property
    def diagnosis(self) -> Diagnosis:
        return self.result.diagnosis

    @property
    def names(self) -> Names:
        return Names(self.city, self.book)

    @property
    def name(self) -> str:
        """The enterprise's name, by the city's data before its own word."""
        return str((self.values or {}).get("name") or self.result.answers.subject.name)

    @property
    def code(self) -> str:
        return str((self.values or {}).get("uscc") or self.result.answers.subject.uscc)

    @property
    def district(self) -> Text:
        if self.values is not None and self.values.get(DISTRICT) is not None:
            return self.names.value(DISTRICT, self.values[DISTRICT])
        said = self.result.answers.subject.district
        return Text(zh=said, en=said)

    @property
    def industry(self) -> Text:
        if self.values is not None and self.values.get(INDUSTRY) is not None:
            return self.names.value(INDUSTRY, self.values[INDUSTRY])
        said = self.result.answers.subject.industry
        return Text(zh=said, en=said)

    @property
    def simulated(self) -> bool:
        return self.snapshot is not None and self.snapshot.simulated


def read_answers(file: Path, city: City) -> Answers:
    """Answers of a .yaml or .xlsx file. Raises DataRefused with every Problem of it."""
    if file.suffix.lower() in (".xlsx", ".xls"):
        return filled_in.read(file, city.diagnoses)
    return reading.read(file, city.diagnoses)


def of_file(
    city: City, book: Dictionary, file: Path, *, run: Path | None = None, who: str | None = None
) -> Diagnosed:
    """The diagnosis of one enterprise out of its answers.

    run  a snapshot folder, whose facts fill in what was not answered
    who  the enterprise's code or name in it; else the code that the answers state
    Raises DataRefused (the answers) or RunRefused.
    """
    answers = read_answers(file, city)
    if run is None and who is not None:
        raise RunRefused(
            Text(
                zh="写了企业，没有写运行结果；请用 --run 指明",
                en="An enterprise, but no run: name one with --run.",
            )
        )
    snapshot = snapshots.read(run) if run is not None else None
    return judged(city, book, answers, snapshot, who=who)


def judged(
    city: City,
    book: Dictionary,
    answers: Answers,
    snapshot: Snapshot | None = None,
    *,
    who: str | None = None,
) -> Diagnosed:
    """Answers judged, with the ways ahead and what is open."""
    diagnosis = city.diagnoses[answers.diagnosis]
    refuse_unspecified(diagnosis)
    differing: Mapping[str, Answer] = {}
    values: dict[str, Any] | None = None
    if snapshot is not None:
        values = snapshot.enterprise(facts_table(snapshot), _asked(who, answers))
        laid = known.fill(diagnosis, book, row(city, book, snapshot, values), answers)
        answers, differing = laid.answers, laid.differing
    result = score(diagnosis, answers)
    return Diagnosed(
        city,
        book,
        result,
        improve.ahead(result),
        matter.unanswered(result),
        differing,
        snapshot,
        values,
    )


def known_of(city: City, book: Dictionary, name: str, run: Path, who: str) -> Diagnosed:
    """What the city knows of one enterprise, without any answer of its own."""
    diagnosis = diagnosis_of(city, name)
    return judged(city, book, Answers(diagnosis.id), snapshots.read(run), who=who)


def diagnosis_of(city: City, name: str) -> Diagnosis:
    """A diagnosis by its id. Raises RunRefused with those there are."""
    if name not in city.diagnoses:
        hint = nearest(name, city.diagnoses)
        raise RunRefused(
            Text(zh=f"没有诊断“{name}”；{hint.zh}", en=f"There is no diagnosis '{name}'. {hint.en}")
        )
    return city.diagnoses[name]


def row(city: City, book: Dictionary, snapshot: Snapshot, values: Mapping[str, Any]) -> Row:
    """The facts of one enterprise as expressions read them."""
    derived = {name: fact.expression for name, fact in book.facts.items() if fact.expression}
    return Row(values, snapshot.as_of, bindings(city, snapshot.as_of), derived)


def facts_table(snapshot: Snapshot) -> str:
    """The name of the table of a snapshot with the facts of its day."""
    for name in _TABLES:
        if (snapshot.folder / "tables" / f"{name}.parquet").is_file():
            return name
    snapshot.table(_TABLES[-1])  # tells what is wrong with the folder
    raise AssertionError


def _asked(who: str | None, answers: Answers) -> str:
    said = answers.subject.uscc
    if who is None and not said:
        raise RunRefused(
            Text(
                zh="回答没有写统一社会信用代码，无法与运行结果对上；请用 --enterprise 指明",
                en="The answers state no credit code; name the enterprise with --enterprise.",
            )
        )
    if who is not None and said and len(who.strip()) == len(said) and who.strip().upper() != said:
        raise RunRefused(
            Text(
                zh=f"回答是 {said} 的，与 --enterprise {who} 不是同一家",
                en=f"The answers are of {said}, not of {who}.",
            )
        )
    return who or said
