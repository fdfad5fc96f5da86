"""The questionnaire as a workbook: written, filled in, read; every wrong cell told in its place."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused, Problem
from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks
from cityforge.brain.reports.diagnosis import filled_in, template

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def city() -> City:
    return checks.load(LANHE)[0]


def fill(city: City, file: Path, change: Callable[[Any, dict[str, int]], None]) -> Path:
    """The form of a diagnosis with cells changed: `change` gets the workbook and row by code."""
    template.write(city.diagnoses[file.stem], file)
    book = openpyxl.load_workbook(file)
    sheet = book["问卷"]
    change(book, {str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1)})
    book.save(file)
    return file


def put(book: Any, rows: dict[str, int], **cells: object) -> None:
    for code, value in cells.items():
        book["问卷"].cell(rows[code.replace("__", ".")], 5).value = value


def problems(city: City, file: Path) -> list[Problem]:
    with pytest.raises(DataRefused) as refused:
        filled_in.read(file, city.diagnoses)
    return list(refused.value.problems)


def test_an_empty_form_is_answers_of_nothing(city: City, tmp_path: Path) -> None:
    file = fill(city, tmp_path / "workshop.xlsx", lambda _book, _rows: None)
    found = filled_in.read(file, city.diagnoses)
    assert (found.diagnosis, found.given, found.cut) == ("workshop", {}, frozenset())


def test_what_is_filled_in_comes_back(city: City, tmp_path: Path) -> None:
    def change(book: Any, rows: dict[str, int]) -> None:
        put(book, rows, plan="C 已通过", links__design="是", links__make="否", output="持平",
            control="2 有系统", office=0, spending=0.035)  # fmt: skip
        sheet = book["问卷"]
        sheet.cell(rows["spending"], 5).number_format = "0.0%"
        sheet.cell(rows["plan"], 6).value = "规划文件.pdf"
        book["企业信息"]["B3"] = "91350100M000100Y43"
        book["企业信息"]["B4"] = "甲厂"
        book["企业信息"]["B8"] = "2025-09-01"

    found = filled_in.read(fill(city, tmp_path / "workshop.xlsx", change), city.diagnoses)
    assert found.given == {
        "plan": Answer("adopted", proof="规划文件.pdf"),
        "links": Answer(Ticks(frozenset({"design"}), frozenset({"sell"}))),
        "spending": Answer(Decimal("3.5")),
        "output": Answer("flat"),
        "control": Answer(2),
        "office": Answer(0),
    }
    assert (found.subject.name, str(found.on)) == ("甲厂", "2025-09-01")


def test_a_part_that_does_not_apply_is_cut(city: City, tmp_path: Path) -> None:
    def change(book: Any, rows: dict[str, int]) -> None:
        put(book, rows, **{"@logistics": "否", "people_1": "大部分满足"})

    found = filled_in.read(fill(city, tmp_path / "grown_up.xlsx", change), city.diagnoses)
    assert found.cut == frozenset({"logistics"})
    assert found.given == {"people_1": Answer("most")}


def test_every_wrong_cell_is_told_by_row_and_column(city: City, tmp_path: Path) -> None:
    places: dict[str, int] = {}

    def change(book: Any, rows: dict[str, int]) -> None:
        places.update(rows)
        put(book, rows, plan="Z", links__design="也许", spending="一百一", control=5)
        book["问卷"].cell(rows["office"], 1).value = "offices"
        book["企业信息"]["B3"] = "9135"
        book["企业信息"]["B8"] = "去年"

    found = problems(city, fill(city, tmp_path / "workshop.xlsx", change))
    told = {(one.file, one.line, one.column): one.what.zh for one in found}
    form, firm = "workshop.xlsx [问卷]", "workshop.xlsx [企业信息]"
    assert set(told) == {
        (firm, 3, 2), (firm, 8, 2), (form, places["plan"], 5), (form, places["links.design"], 5),
        (form, places["spending"], 5), (form, places["control"], 5), (form, places["office"], 1),
    }  # fmt: skip
    assert told[form, places["plan"], 5] == "不能填“Z”"
    assert told[form, places["office"], 1] == "没有题目“offices”"


def test_a_cut_part_with_answers_and_a_question_twice(city: City, tmp_path: Path) -> None:
    places: dict[str, int] = {}

    def change(book: Any, rows: dict[str, int]) -> None:
        places.update(rows)
        put(book, rows, **{"@logistics": "否", "logistics_1": "全部满足"})
        book["问卷"].cell(rows["people_2"], 1).value = "people_1"

    found = problems(city, fill(city, tmp_path / "grown_up.xlsx", change))
    assert [(one.line, one.column) for one in found] == [
        (places["people_2"], 1), (places["@logistics"], 5),
    ]  # fmt: skip


def test_another_workbook_and_another_diagnosis_are_refused(city: City, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    assert "没有工作表" in problems(city, other)[0].what.zh
    text = tmp_path / "text.xlsx"
    text.write_text("编号,回答\n", encoding="utf-8")
    assert len(problems(city, text)) == 1

    def change(book: Any, _rows: dict[str, int]) -> None:
        book["企业信息"]["B2"] = "workshops"

    (found,) = problems(city, fill(city, tmp_path / "workshop.xlsx", change))
    assert (found.line, found.column, found.what.zh) == (2, 2, "没有诊断“workshops”")
    assert found.hint.zh == "是否想写：workshop"


def test_no_cell_of_the_form_is_a_formula(city: City, tmp_path: Path) -> None:
    diagnosis = city.diagnoses["workshop"]
    block = diagnosis.blocks[0]
    hostile = block.questions[0].model_copy(update={"says": "=HYPERLINK(1)", "proof": ["@SUM(1)"]})
    changed = block.model_copy(update={"questions": [hostile, *block.questions[1:]]})
    made = diagnosis.model_copy(update={"blocks": [changed, *diagnosis.blocks[1:]]})
    template.write(made, tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


def test_each_choice_has_its_drop_down(city: City, tmp_path: Path) -> None:
    template.write(city.diagnoses["workshop"], tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book["问卷"]
    ruled = {
        str(sheet.cell(int(str(cells).removeprefix("E")), 1).value)
        for rule in sheet.data_validations.dataValidation
        for cells in str(rule.sqref).split()
        for cells in _each(cells)
    }
    assert ruled == {
        "plan", "links.design", "links.make", "links.sell", "output", "control", "office",
    }  # fmt: skip
    assert book["选项"].sheet_state == "hidden"


def _each(cells: str) -> list[str]:
    first, _, last = cells.partition(":")
    if not last:
        return [first]
    return [f"E{row}" for row in range(int(first[1:]), int(last[1:]) + 1)]
