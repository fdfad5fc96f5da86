"""The questionnaire of a diagnosis as a workbook to fill in, with drop-downs, and what is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cityforge.brain.city.diagnosis import TOP_SCENE, Block, Diagnosis, Question
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.diagnosis import reading
from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks
from cityforge.brain.evaluation.diagnosis.score import refuse_unspecified
from cityforge.brain.intake import formulas
from cityforge.brain.reports.diagnosis import origins, wording
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed
from cityforge.brain.reports.diagnosis.form import (
    CUT,
    FIRM,
    HEADS,
    LISTS,
    NOTES,
    QUESTIONS,
    SUBJECT,
)

_WIDTHS = (20, 18, 44, 40, 22, 26, 24, 34)
_FONT = "微软雅黑"
_HEAD = PatternFill("solid", fgColor="DDEBF7")
_FILL = PatternFill("solid", fgColor="FFF9E5")
_QUIET = "808080"
_LINE = Border(bottom=Side(style="hair", color="BFBFBF"))


@dataclass(frozen=True, slots=True)
class _Line:
    """One row to fill: its code, what it asks, how, what may be chosen, what is known."""

    code: str
    part: str
    asks: str
    how: str
    choices: tuple[str, ...] = ()
    proof: str = ""
    value: str | float = ""
    known: str = ""


def write(diagnosis: Diagnosis, file: Path, *, known: Diagnosed | None = None) -> Path:
    """Write the questionnaire of a diagnosis.

    known  what the city knows of an enterprise: filled in, with its source beside it
    Raises RunRefused where the questions were not obtained.
    """
    refuse_unspecified(diagnosis)
    book = Workbook()
    lines = list(_lines(diagnosis, known))
    sheet = book.active
    sheet.title = QUESTIONS
    _questions(book, sheet, diagnosis, lines, is_known=known is not None)
    _firm(book.create_sheet(FIRM), diagnosis, known)
    _notes(book.create_sheet(NOTES), diagnosis)
    if LISTS in book.sheetnames:
        book.move_sheet(LISTS, offset=len(book.sheetnames))
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    book.save(partial)
    partial.replace(file)
    return file


def _lines(diagnosis: Diagnosis, known: Diagnosed | None) -> Iterator[_Line]:
    for block in diagnosis.blocks:
        yield from _block(diagnosis, block, (), known)


def _block(
    diagnosis: Diagnosis, block: Block, above: tuple[str, ...], known: Diagnosed | None
) -> Iterator[_Line]:
    path = (*above, block.title)
    part = " / ".join(path)
    if block.may_cut:
        yield _Line(
            CUT + block.id,
            part,
            f"“{block.title}”是否适用于本企业",
            "不适用填“否”，以下各题不答；不填视为适用",
            (reading.YES.zh, reading.NO.zh),
        )
    for question in block.questions:
        yield from _question(diagnosis, question, part, known)
    for inner in block.blocks:
        yield from _block(diagnosis, inner, path, known)


def _question(
    diagnosis: Diagnosis, question: Question, part: str, known: Diagnosed | None
) -> Iterator[_Line]:
    proof = "、".join(question.proof)
    answer = known.result.answers.given.get(question.id) if known is not None else None
    source = origins.source(known, answer).zh if known is not None and answer is not None else ""
    if question.kind == "multi":
        ticks = answer.value if answer is not None and isinstance(answer.value, Ticks) else None
        for option in question.options:
            is_told = ticks is not None and option.id not in ticks.open
            value = ""
            if is_told and ticks is not None:
                value = reading.YES.zh if option.id in ticks.ticked else reading.NO.zh
            yield _Line(
                f"{question.id}.{option.id}",
                part,
                f"{question.says}：{option.says}",
                f"是或否（{wording.number(option.points)} 分）",
                (reading.YES.zh, reading.NO.zh),
                proof,
                value,
                source if is_told else "",
            )
        return
    how, choices = _how(diagnosis, question)
    yield _Line(
        question.id, part, _asks(question), how, choices, proof, _value(question, answer), source
    )


def _asks(question: Question) -> str:
    if question.kind == "requirement":
        return f"{question.level} 级：{question.says}"
    if question.kind == "scene":
        return f"场景：{question.says}" + ("（关键场景）" if question.key else "")
    return question.says


def _how(diagnosis: Diagnosis, question: Question) -> tuple[str, tuple[str, ...]]:
    if question.kind == "single":
        return "选一项", tuple(reading.label(question, one).zh for one in question.options)
    if question.kind == "share":
        return "填百分数，如 35 或 35%", ()
    if question.kind == "direction":
        return "与上年相比", tuple(said.zh for said in reading.DIRECTION_WORDS.values())
    if question.kind == "scene":
        told = ["0 未开展", *(f"{one.level} {one.says}" for one in diagnosis.scenes)]
        return f"0 至 {TOP_SCENE} 级", tuple(told)
    counts = diagnosis.scoring.satisfaction or {}
    words = reading.SATISFACTION_WORDS
    told = [f"{words[name].zh} {wording.number(worth)}" for name, worth in counts.items()]
    return "；".join(told), tuple(said.zh for said in words.values())


def _value(question: Question, answer: Answer | None) -> str | float:
    """What is known, as the form wants it written."""
    if answer is None:
        return ""
    if question.kind == "share":
        return float(str(answer.value))
    if question.kind == "single":
        chosen = next(one for one in question.options if one.id == answer.value)
        return reading.label(question, chosen).zh
    return str(answer.value) if question.kind == "scene" else wording.answer(question, answer).zh


def _questions(
    book: Any, sheet: Any, diagnosis: Diagnosis, lines: Sequence[_Line], *, is_known: bool
) -> None:
    heads = HEADS if is_known else HEADS[:-1]
    top = [f"{diagnosis.title} · {diagnosis.title_en}"]
    top.append("只填淡黄色的“回答”“佐证材料”两列；不知道的不填，不要写 0 或“无”")
    if is_known:
        top.append("“城市已知”一列是城市数据预填的依据，与实际不符请直接改回答")
    for text in top:
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).font = Font(name=_FONT, bold=sheet.max_row == 1)
    sheet.append(list(heads))
    head = sheet.max_row
    for place, width in enumerate(_WIDTHS[: len(heads)], 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = sheet.cell(head, place)
        cell.font, cell.fill = Font(name=_FONT, bold=True), _HEAD
        cell.alignment = Alignment(vertical="center")
    sheet.freeze_panes = sheet.cell(head + 1, 4)
    rules: dict[tuple[str, ...], DataValidation] = {}
    for at, line in enumerate(lines, head + 1):
        cells = (line.code, line.part, line.asks, line.how, line.value, "", line.proof, line.known)
        for place, value in enumerate(cells[: len(heads)], 1):
            cell = sheet.cell(at, place)
            formulas.in_workbook(cell, value if value != "" else None)
            cell.font = Font(name=_FONT, size=9 if place in (1, 2, 4, 7) else 11,
                             color=_QUIET if place in (1, 7) else None)  # fmt: skip
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = _LINE
            if HEADS[place - 1] in ("回答", "佐证材料"):
                cell.fill = _FILL
        if line.choices:
            _rule(book, sheet, rules, line.choices).add(f"E{at}")


def _rule(
    book: Any,
    sheet: Any,
    rules: dict[tuple[str, ...], DataValidation],
    choices: tuple[str, ...],
) -> DataValidation:
    """The drop-down of these choices, which stand on a hidden sheet: one for all that share it."""
    if choices not in rules:
        lists = book[LISTS] if LISTS in book.sheetnames else book.create_sheet(LISTS)
        lists.sheet_state = "hidden"
        letter = get_column_letter(len(rules) + 1)
        for at, text in enumerate(choices, 1):
            formulas.in_workbook(lists.cell(at, len(rules) + 1), text)
        where = f"'{LISTS}'!${letter}$1:${letter}${len(choices)}"
        rule = DataValidation(type="list", formula1=where, allow_blank=True)
        rule.errorStyle, rule.showErrorMessage = "stop", True
        rule.errorTitle, rule.error = "请核对", "请从下拉列表中选择；不知道的留空"
        sheet.add_data_validation(rule)
        rules[choices] = rule
    return rules[choices]


def _firm(sheet: Any, diagnosis: Diagnosis, known: Diagnosed | None) -> None:
    filled: Mapping[str, str] = {"diagnosis": diagnosis.id}
    if known is not None:
        filled = {
            "diagnosis": diagnosis.id,
            "uscc": known.code,
            "name": known.name,
            "district": known.district.zh,
            "industry": known.industry.zh,
        }
    sheet.append(["项目", "内容", "说明"])
    notes = {"diagnosis": "不要改动", "uscc": "18 位", "on": "如 2025-09-30"}
    for key, title in SUBJECT.items():
        sheet.append([title, None, notes.get(key, "")])
        cell = sheet.cell(sheet.max_row, 2)
        cell.number_format = "@"
        formulas.in_workbook(cell, filled.get(key) or None)
        if key != "diagnosis":
            cell.fill = _FILL
    _dress(sheet, (22, 44, 20))


def _notes(sheet: Any, diagnosis: Diagnosis) -> None:
    document = diagnosis.document
    number = f"（{document.number}）" if document.number else ""
    rows: list[tuple[str, str]] = [
        ("内容", "说明"),
        ("依据", f"《{document.title}》{number}"),
        ("来源与核实", f"{diagnosis.evidence.source}；{verified(diagnosis).zh}"),
        ("诊断对象", diagnosis.subject),
        *(("本市设定", one) for one in diagnosis.assumptions),
        *((f"{level.title}", f"{wording.number(level.from_)} 分起") for level in diagnosis.levels),
        (
            "怎样计算",
            "cityforge diagnose enterprise 读取本表；未答的题按未知处理，得分和等级给出范围",
        ),
    ]
    for label, text in rows:
        sheet.append([None, None])
        formulas.in_workbook(sheet.cell(sheet.max_row, 1), label)
        formulas.in_workbook(sheet.cell(sheet.max_row, 2), text)
    _dress(sheet, (18, 100))


def verified(diagnosis: Diagnosis) -> Text:
    """How far the document behind a diagnosis is verified."""
    return wording.VERIFIED[diagnosis.evidence.verified]


def _dress(sheet: Any, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.font = Font(name=_FONT, bold=cell.row == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = _LINE
            if cell.row == 1:
                cell.fill = _HEAD
    sheet.sheet_view.showGridLines = False
