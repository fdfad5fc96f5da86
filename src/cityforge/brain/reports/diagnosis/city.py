"""Every questionnaire of a folder judged: levels by group, weakest questions, coverage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cityforge.brain.city.diagnosis import Diagnosis
from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused, Problem, RunRefused, Text
from cityforge.brain.evaluation.diagnosis import known, statistics
from cityforge.brain.evaluation.diagnosis.answers import Answers
from cityforge.brain.evaluation.diagnosis.score import refuse_unspecified, score
from cityforge.brain.evaluation.diagnosis.statistics import Coverage, Entry, Group, Weak
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.fiscal import groupings
from cityforge.brain.policies.matching import Population
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.diagnosis.diagnosed import facts_table, read_answers, row
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.values.size_class import SizeClass

_ENDINGS = (".yaml", ".yml", ".xlsx", ".xls")
Tell = Callable[[Text, float], None]


@dataclass(frozen=True, slots=True)
class Statistics:
    """One diagnosis over all who filled it in.

    groups   by `district`, `industry` and `size`
    coverage  None without a run: then nobody knows how many there are
    """

    diagnosis: Diagnosis
    entries: tuple[Entry, ...]
    groups: Mapping[str, tuple[Group, ...]]
    weakest: tuple[Weak, ...]
    coverage: tuple[Coverage, ...] | None


@dataclass(frozen=True, slots=True)
class OfCity:
    """All diagnoses of a folder; `problems` are of the files that are not counted."""

    city: City
    snapshot: Snapshot | None
    read: int
    diagnoses: tuple[Statistics, ...]
    problems: tuple[Problem, ...]
    refused: tuple[str, ...]

    @property
    def simulated(self) -> bool:
        return self.snapshot is not None and self.snapshot.simulated


def of_folder(
    city: City,
    book: Dictionary,
    folder: Path,
    *,
    run: Path | None = None,
    tell: Tell | None = None,
) -> OfCity:
    """Judge every file of answers in a folder, each by its diagnosis.

    run  a snapshot folder: fills in what was not answered, says who belongs to which group and how
         many enterprises there are
    A file that cannot be read is told and not counted; of two of one enterprise the newer counts.
    Raises RunRefused where there is no file of answers.
    """
    say = tell or (lambda _text, _share: None)
    files = _files(folder)
    snapshot = snapshots.read(run) if run is not None else None
    every = _enterprises(book, snapshot)
    answers: dict[str, list[Answers]] = {}
    problems: list[Problem] = []
    refused: list[str] = []
    for i, file in enumerate(files):
        say(Text(zh=f"读取 {file.name}", en=f"Reading {file.name}"), 0.6 * i / len(files))
        try:
            one = read_answers(file, city)
            refuse_unspecified(city.diagnoses[one.diagnosis])
        except DataRefused as error:
            problems += error.problems
            refused.append(file.name)
        except RunRefused as error:
            problems.append(Problem(file.name, 0, 0, error.text, _NOTHING))
            refused.append(file.name)
        else:
            answers.setdefault(one.diagnosis, []).append(one)
    found = []
    for i, name in enumerate(sorted(answers)):
        say(Text(zh="统计", en="Counting"), 0.6 + 0.4 * i / len(answers))
        counted, doubles = _newest(answers[name])
        problems += doubles
        refused += [problem.file for problem in doubles]
        found.append(_statistics(city, book, city.diagnoses[name], counted, snapshot, every))
    return OfCity(city, snapshot, len(files), tuple(found), tuple(problems), tuple(refused))


_NOTHING = Text(zh="", en="")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise RunRefused(Text(zh=f"没有文件夹 {folder}", en=f"no such folder: {folder}"))
    files = sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in _ENDINGS
        and file.is_file()
        and not file.name.startswith((".", "_", "~$"))
    )
    if not files:
        raise RunRefused(
            Text(
                zh=f"{folder} 中没有回答（.yaml、.xlsx）",
                en=f"There are no answers (.yaml, .xlsx) in {folder}.",
            )
        )
    return files


def _newest(answers: Sequence[Answers]) -> tuple[list[Answers], list[Problem]]:
    """Of each enterprise the answers of the last day; those before are told."""
    kept: dict[str, Answers] = {}
    doubles: list[Problem] = []
    for one in answers:
        key = one.subject.uscc or f"file {one.file}"
        other = kept.get(key)
        if other is None:
            kept[key] = one
            continue
        newer, older = (one, other) if _day(one) > _day(other) else (other, one)
        kept[key] = newer
        doubles.append(
            Problem(
                older.file,
                0,
                0,
                Text(
                    zh=f"{older.subject.uscc} 另有 {newer.file}，只计后者",
                    en=f"{older.subject.uscc} is in {newer.file} too, which counts",
                ),
                Text(zh="两份都要时写明不同的填报日期", en="State the day of each."),
                severity="warning",
            )
        )
    return list(kept.values()), doubles


def _day(answers: Answers) -> date:
    return answers.on or date.min


@dataclass(frozen=True, slots=True)
class _Enterprises:
    """Every enterprise of a run by its code: its facts, and its size class where it is known."""

    rows: Mapping[str, Mapping[str, Any]]
    sizes: Mapping[str, SizeClass]


def _enterprises(book: Dictionary, snapshot: Snapshot | None) -> _Enterprises:
    if snapshot is None:
        return _Enterprises({}, {})
    table = snapshot.table(facts_table(snapshot))
    rows = {str(values["uscc"]): values for values in table.to_pylist()}
    sizes = groupings.sizes(book, Population.of(table, day=snapshot.as_of)).tolist()
    known_sizes = {
        code: SizeClass(size) for code, size in zip(rows, sizes, strict=True) if size >= 0
    }
    return _Enterprises(rows, known_sizes)


def _statistics(
    city: City,
    book: Dictionary,
    diagnosis: Diagnosis,
    answers: Sequence[Answers],
    snapshot: Snapshot | None,
    every: _Enterprises,
) -> Statistics:
    names = Names(city, book)
    rows = every.rows
    entries = []
    for one in answers:
        code = one.subject.uscc
        values = rows.get(code)
        laid = one
        if values is not None and snapshot is not None:
            laid = known.fill(diagnosis, book, row(city, book, snapshot, values), one).answers
        entries.append(
            Entry(
                score(diagnosis, laid),
                _group(names, DISTRICT, values) or one.subject.district,
                _group(names, INDUSTRY, values) or one.subject.industry,
                every.sizes[code].text.zh if code in every.sizes else one.subject.size,
            )
        )
    groups: dict[str, Callable[[Entry], str]] = {
        "district": lambda entry: entry.district,
        "industry": lambda entry: entry.industry,
        "size": lambda entry: entry.size,
    }
    covered = None
    if snapshot is not None:
        done = [one.subject.uscc for one in answers if one.subject.uscc in rows]
        covered = tuple(_coverage(city, book, diagnosis, snapshot, rows, done))
    return Statistics(
        diagnosis,
        tuple(entries),
        {name: tuple(statistics.group(diagnosis, entries, by)) for name, by in groups.items()},
        tuple(statistics.weakest(entries)),
        covered,
    )


def _group(names: Names, column: str, values: Mapping[str, Any] | None) -> str:
    if values is None or values.get(column) is None:
        return ""
    return names.value(column, values[column]).zh


def _coverage(
    city: City,
    book: Dictionary,
    diagnosis: Diagnosis,
    snapshot: Snapshot,
    rows: Mapping[str, Mapping[str, Any]],
    diagnosed: Sequence[str],
) -> Iterator[Coverage]:
    for covered in diagnosis.coverage:
        condition = check.read(covered.when, book.scope, expect=Kind.BOOL)
        truths = {
            code: row(city, book, snapshot, values).truth(condition)
            for code, values in rows.items()
        }
        yield statistics.coverage(covered, truths, diagnosed)
