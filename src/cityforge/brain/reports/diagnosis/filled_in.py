"""A questionnaire filled in as a workbook, read; every wrong cell is told, with its place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.diagnosis import Diagnosis, Question
from cityforge.brain.city.diagnosis_checks import blocks_of, questions_of
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.evaluation.diagnosis import reading
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers, Subject, Ticks
from cityforge.brain.intake import signature, workbook
from cityforge.brain.intake.workbook import ROW, Sheet
from cityforge.brain.reports.diagnosis.form import CUT, FIRM, QUESTIONS, SUBJECT

_LEAST = Text(
    zh="用 cityforge diagnose template 生成问卷，只填“回答”和“佐证材料”两列",
    en="Make a form with cityforge diagnose template and fill in 回答 and 佐证材料 only.",
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a sheet: its number as the spreadsheet shows it, and its cells by column."""

    number: int
    cells: Mapping[str, str]


def _contract(name: str, columns: Mapping[str, str], key: str) -> Dataset:
    """What the reader of workbooks needs to find the header of a sheet of ours."""
    return Dataset.model_validate(
        {
            "id": name, "title": name, "title_en": name, "owner": "enterprise",
            "grain": "enterprise", "key": [key], "freshness": {"every": "event"},
            "sensitivity": "confidential", "legal_use": ["describe", "treat"],
            "evidence": {"source": "questionnaire", "verified": "official"},
            "columns": [
                {"id": id_, "title": title, "title_en": id_, "kind": "text", "required": True}
                for id_, title in columns.items()
            ],
        }
    )  # fmt: skip


_FORM = _contract("form", {"code": "编号", "answer": "回答", "proof": "佐证材料"}, "code")
_SUBJECT = _contract("subject", {"label": "项目", "content": "内容"}, "label")


@dataclass(slots=True)
class _Told:
    """What the rows say, gathered."""

    given: dict[str, Answer] = field(default_factory=dict)
    ticks: dict[str, dict[str, bool]] = field(default_factory=dict)
    proofs: dict[str, str] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)


def read(file: Path, diagnoses: Mapping[str, Diagnosis]) -> Answers:
    """The answers of a workbook. Raises DataRefused with every Problem, each by row and column."""
    try:
        signature.check(file)
        firm_sheet = workbook.read(file, _SUBJECT, wanted=FIRM)
        sheet = workbook.read(file, _FORM, wanted=QUESTIONS)
    except ValueRefused as error:
        raise DataRefused([Problem(file.name, 0, 0, error.what, error.hint)]) from error
    faults = [*firm_sheet.layout.problems, *sheet.layout.problems]
    if faults:
        raise DataRefused([Problem(file.name, 0, 0, one.what, _LEAST) for one in faults])
    firm = _Firm(file.name, firm_sheet)
    diagnosis = firm.diagnosis(diagnoses)
    form = _Form(file.name, sheet, diagnosis)
    told = form.read()
    problems = [*firm.problems, *form.problems]
    if problems:
        raise DataRefused(sorted(problems, key=lambda one: (one.file, one.line, one.column)))
    return Answers(diagnosis.id, firm.subject, firm.on, told.given, frozenset(told.cut), file.name)


class _Firm:
    """The sheet that says who answered, which diagnosis, and when."""

    def __init__(self, file: str, sheet: Sheet) -> None:
        self.file, self.sheet = file, sheet
        self.problems: list[Problem] = []
        titles = {title: key for key, title in SUBJECT.items()}
        self.told: dict[str, _Row] = {}
        for row in _rows(sheet):
            key = titles.get(row.cells.get("label", "").strip())
            if key is not None:
                self.told[key] = row
        self.subject = Subject(
            **{key: self._text(key) for key in SUBJECT if key not in ("diagnosis", "on")}
        )
        self._check("uscc", lambda: reading.check_code(self.subject.uscc))
        self.on: date | None = None
        self._check("on", self._day)

    def diagnosis(self, diagnoses: Mapping[str, Diagnosis]) -> Diagnosis:
        name = self._text("diagnosis")
        if name not in diagnoses:
            what = Text(zh=f"没有诊断“{name}”", en=f"no such diagnosis: '{name}'")
            row = self.told.get("diagnosis")
            place = row.number if row is not None else 0
            raise DataRefused(
                [*self.problems, _problem(self.file, self.sheet, place, "content", what,
                                          nearest(name, diagnoses))]
            )  # fmt: skip
        return diagnoses[name]

    def _text(self, key: str) -> str:
        row = self.told.get(key)
        return row.cells.get("content", "").strip() if row is not None else ""

    def _day(self) -> None:
        text = self._text("on")
        if not text:
            return
        try:
            self.on = date.fromisoformat(text)
        except ValueError:
            raise ValueRefused(
                Text(zh=f"“{text}”不是日期", en=f"'{text}' is no date"),
                Text(zh="写成 2025-09-30 的样子", en="Write it as 2025-09-30."),
            ) from None

    def _check(self, key: str, check: Callable[[], None]) -> None:
        try:
            check()
        except ValueRefused as error:
            number = self.told[key].number
            self.problems.append(
                _problem(self.file, self.sheet, number, "content", error.what, error.hint)
            )


class _Form:
    """The sheet of questions and answers."""

    def __init__(self, file: str, sheet: Sheet, diagnosis: Diagnosis) -> None:
        self.file, self.sheet, self.diagnosis = file, sheet, diagnosis
        self.questions = {question.id: question for _, question in questions_of(diagnosis)}
        self.parts = {block.id for _, block in blocks_of(diagnosis.blocks)}
        self.problems: list[Problem] = []
        self.rows: dict[str, int] = {}

    def read(self) -> _Told:
        told = _Told()
        for row in _rows(self.sheet):
            code = row.cells.get("code", "").strip()
            if not code and not row.cells.get("answer", "").strip():
                continue
            if code in self.rows:
                zh = f"编号“{code}”重复，第 {self.rows[code]} 行已有"
                en = f"'{code}' stands twice: it is in row {self.rows[code]} already"
                self._say(row, "code", Text(zh=zh, en=en), _LEAST)
                continue
            self.rows[code] = row.number
            self._row(row, code, told)
        self._gather(told)
        return told

    def _row(self, row: _Row, code: str, told: _Told) -> None:
        name, _, option = code.partition(".")
        raw = row.cells.get("answer", "").strip()
        if code.startswith(CUT) and code[len(CUT) :] in self.parts:
            if raw and self._value(row, lambda: reading.truth_of(raw)) is False:
                told.cut[code[len(CUT) :]] = row.number
            return
        question = self.questions.get(name)
        if question is None or not _fits(question, option):
            what = Text(zh=f"没有题目“{code}”", en=f"no such question: '{code}'")
            known = [*self.questions, *(CUT + part for part in self.parts)]
            self._say(row, "code", what, nearest(code, known))
            return
        proof = row.cells.get("proof", "").strip()
        if proof:
            told.proofs[name] = "；".join(filter(None, [told.proofs.get(name), proof]))
        if not raw:
            return
        if option:
            truth = self._value(row, lambda: reading.truth_of(raw))
            if isinstance(truth, bool):
                told.ticks.setdefault(name, {})[option] = truth
            return
        value = self._value(row, lambda: reading.value_of(question, raw))
        if value is not None:
            told.given[name] = Answer(value)  # type: ignore[arg-type]

    def _gather(self, told: _Told) -> None:
        """Options together as one answer, proofs beside their answers, cut parts checked."""
        for name, options in told.ticks.items():
            every = {option.id for option in self.questions[name].options}
            ticked = frozenset(option for option, so in options.items() if so)
            told.given[name] = Answer(Ticks(ticked, frozenset(every - set(options))))
        for name, answer in told.given.items():
            told.given[name] = Answer(answer.value, proof=told.proofs.get(name, ""))
        for part, error in reading.cut_problems(self.diagnosis, told.cut, told.given):
            row = _Row(told.cut[part], {})
            self._say(row, "answer", error.what, error.hint)

    def _value(self, row: _Row, read_: Callable[[], object]) -> object:
        try:
            return read_()
        except ValueRefused as error:
            self._say(row, "answer", error.what, error.hint)
            return None

    def _say(self, row: _Row, column: str, what: Text, hint: Text) -> None:
        self.problems.append(_problem(self.file, self.sheet, row.number, column, what, hint))


def _fits(question: Question, option: str) -> bool:
    """Whether a code names the question as its kind is asked: a multi by each of its options."""
    if question.kind == "multi":
        return any(one.id == option for one in question.options)
    return not option


def _rows(sheet: Sheet) -> Iterator[_Row]:
    first = sheet.layout.at + sheet.layout.depth
    for batch in sheet.batches():
        columns = {name: batch.column(f"c{place}").to_pylist()
                   for name, place in sheet.layout.places.items()}  # fmt: skip
        for at, number in enumerate(batch.column(ROW).to_pylist()):
            cells = {name: values[at] or "" for name, values in columns.items()}
            yield _Row(first + number, cells)


def _problem(file: str, sheet: Sheet, row: int, column: str, what: Text, hint: Text) -> Problem:
    return Problem(
        f"{file} [{sheet.name}]", row, sheet.layout.places[column] + 1, what, hint, path=column
    )
