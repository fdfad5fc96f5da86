"""The lists of an evaluation, read back from outside, against results worked out on paper."""

import csv
import io
import resource
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from cityforge.brain.errors import RunRefused
from cityforge.brain.reports.evaluation.lists import follow_up, grade_file, publicity, workbook
from cityforge.brain.reports.evaluation.period import Publicity
from cityforge.brain.reports.evaluation.results import Results

MARK = "模拟数据：不代表任何真实企业"


def table(sheet: Worksheet, first: str) -> tuple[list, list[list]]:
    """Head and rows of a sheet whose head begins with a word."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(i for i, row in enumerate(rows) if row[0] == first)
    return rows[head], rows[head + 1 :]


@pytest.fixture(scope="module")
def book(results: Results, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    file = tmp_path_factory.mktemp("book") / "results.xlsx"
    workbook.write_workbook(results, file)
    return openpyxl.load_workbook(file)


def test_every_sheet_says_that_the_data_are_simulated(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["说明", "评价结果", "分地区统计", "未定等级"]
    for sheet in book:
        assert any(MARK in str(row[0]) for row in sheet.iter_rows(max_row=3, values_only=True))


def test_real_data_bear_no_mark(make: Callable[..., Results], tmp_path: Path) -> None:
    workbook.write_workbook(make(simulated=False), tmp_path / "r.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx"):
        assert not any(
            "模拟" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row
        )


def test_results_in_the_layout_of_bureaus(book: openpyxl.Workbook) -> None:
    head, rows = table(book["评价结果"], "序号")
    assert head == [
        "序号", "企业名称", "统一社会信用代码", "属地", "所属部分", "亩均税收（万元/亩）",
        "亩均税收得分", "研发占比", "研发占比得分", "加分", "总分", "组内名次", "组内家数", "等级",
        "缺数处理",
    ]  # fmt: skip
    assert len(rows) == 20
    by_code = {row[2]: row for row in rows}
    eighth = by_code["913399000000000008"]
    assert eighth[1:6] == [
        "兰河第8机械有限公司", "913399000000000008", "石笕县", "规上", pytest.approx(8),
    ]  # fmt: skip
    assert eighth[6:14] == [
        pytest.approx(24), pytest.approx(0.03), pytest.approx(40), 0, pytest.approx(64), 13, 20,
        "C",
    ]  # fmt: skip
    assert [by_code[f"9133990000000000{n:02d}"][13] for n in (20, 17, 16, 9, 8, 2, 1)] == [
        "A", "A", "B", "B", "C", "C", "D",
    ]  # fmt: skip
    # By district as the city lists them, then by rank.
    assert [row[3] for row in rows] == ["青屿区"] * 6 + ["云坪区"] * 7 + ["石笕县"] * 7
    assert [row[0] for row in rows] == list(range(1, 21))
    assert all(a[11] < b[11] for a, b in pairwise(rows) if a[3] == b[3])


def test_a_gap_is_an_empty_cell_and_says_how_it_was_filled(book: openpyxl.Workbook) -> None:
    _, rows = table(book["评价结果"], "序号")
    row = next(row for row in rows if row[2].endswith("19"))
    assert row[7] is None and row[8] == pytest.approx(40)
    assert row[14] == "缺数，取组平均分：研发占比"
    assert sum(row[14] is not None for row in rows) == 1


def test_numbers_are_numbers_in_the_unit_of_the_head_and_the_head_stays(
    book: openpyxl.Workbook,
) -> None:
    sheet = book["评价结果"]
    row = next(cells for cells in sheet.iter_rows() if cells[2].value == "913399000000000008")
    assert [row[i].number_format for i in (2, 5, 7, 10, 11)] == [
        "@", "#,##0.00", "0.0000", "#,##0.00", "#,##0",
    ]  # fmt: skip
    assert row[2].data_type == "s" and row[5].data_type == "n"
    head = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == "序号")
    assert sheet.freeze_panes == f"C{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.auto_filter.ref == f"A{head}:O{head + 20}"


def test_no_name_becomes_a_formula(book: openpyxl.Workbook) -> None:
    hostile = [
        cell for cells in book["评价结果"].iter_rows() for cell in cells if "cmd" in str(cell.value)
    ]
    assert len(hostile) == 1
    assert hostile[0].data_type == "s" and hostile[0].quotePrefix
    # The style of that one cell does not stay with the column.
    beside = book["评价结果"].cell(hostile[0].row + 1, hostile[0].column)
    assert not beside.quotePrefix


def test_counts_by_district_and_grade(book: openpyxl.Workbook) -> None:
    head, rows = table(book["分地区统计"], "属地")
    assert head == ["属地", "所属部分", "A", "B", "C", "D", "参评合计", "不定级 T", "无法判定"]
    # 青屿 has 3, 6 .. 18: one A, three B, two C. 云坪 has 1, 4 .. 19. 石笕 has 2, 5 .. 20.
    assert rows == [
        ["青屿区", "规上", 1, 3, 2, 0, 6, 1, 0],
        ["云坪区", "规上", 1, 3, 2, 1, 7, 0, 0],
        ["云坪区", "未能归类", 0, 0, 0, 0, 0, 0, 1],
        ["石笕县", "规上", 2, 2, 3, 0, 7, 0, 0],
        ["合计", None, 4, 8, 7, 1, 20, 1, 1],
    ]


def test_who_is_not_rated_and_why(book: openpyxl.Workbook) -> None:
    sheet = book["未定等级"]
    _, rows = table(sheet, "序号")
    assert [(row[0], row[2][-2:], row[4], row[5]) for row in rows] == [
        (1, "21", "T", "新投产企业"), (2, "22", "无法判定", "缺少：规上"),
    ]  # fmt: skip
    notes = [row[0] for row in sheet.iter_rows(max_row=4, values_only=True)]
    assert any("不是对企业的负面评定；另有 1 家不在参评范围" in str(note) for note in notes)


def test_the_cover_tells_scheme_evidence_and_what_was_assumed(book: openpyxl.Workbook) -> None:
    _, rows = table(book["说明"], "项目")
    told = [tuple(row) for row in rows]
    assert ("依据", "设例办法，设例〔2025〕1号（第三方转载，待核对原文）") in told
    assert ("数据截至", "2025-03-31") in told and ("运行编号", "2025-03-31-made") in told
    assert ("不定级（T）", "新投产企业") in told
    assert [text for item, text in told if item == "本市设定"] == [
        "分档比例为设定",
        "缺数取组平均分",
    ]
    assert ("企业数", "参评 20 家；不定级（T） 1 家；无法判定 1 家；不在参评范围 1 家") in told


def test_the_publicity_list_tells_no_more_than_it_should(results: Results, tmp_path: Path) -> None:
    file = publicity.write_publicity_csv(results, tmp_path / "list.csv")
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["序号", "企业名称", "统一社会信用代码", "属地", "等级", "说明"]
    assert len(rows) == 21
    assert {row[5] for row in rows[1:]} == {MARK}
    # By district, grade, name: 第18 before 第6 among B and A apart; the order is no ranking.
    assert [(row[3], row[4]) for row in rows[1:5]] == [
        ("青屿区", "A"), ("青屿区", "B"), ("青屿区", "B"), ("青屿区", "B"),
    ]  # fmt: skip
    assert [row[1] for row in rows[2:5]] == [
        "兰河第12机械有限公司", "兰河第15机械有限公司", "兰河第9机械有限公司",
    ]  # fmt: skip
    hostile = [row[1] for row in rows if "cmd" in row[1]]
    assert hostile == ["'=cmd|'/c calc'!A1"]
    plain = publicity.write_publicity_csv(results, tmp_path / "plain.csv", bom=False)
    assert plain.read_bytes() == content[3:]


def test_the_publicity_list_as_workbook_and_pdf(results: Results, tmp_path: Path) -> None:
    told = Publicity(date(2025, 4, 10), "经济和信息化局")
    book = openpyxl.load_workbook(
        publicity.write_publicity_workbook(results, tmp_path / "list.xlsx", publicity=told)
    )
    sheet = book["公示名单"]
    head, rows = table(sheet, "序号")
    assert head == ["序号", "企业名称", "统一社会信用代码", "属地", "等级"]
    assert len(rows) == 20
    file = publicity.write_publicity_pdf(results, tmp_path / "list.pdf", publicity=told)
    # Where Chinese meets figures the page has a little space.
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(file).pages)
    for said in (
        MARK, "公示期：2025-04-10至2025-04-16", "经济和信息化局", "兰河第20机械有限公司",
        "913399000000000020",
    ):  # fmt: skip
        assert said in text
    assert "得分" not in text and "名次" not in text.replace("不表示名次", "")
    again = publicity.write_publicity_pdf(results, tmp_path / "again.pdf", publicity=told)
    assert again.read_bytes() == file.read_bytes()


def test_the_code_is_left_out_where_it_is_not_public(results: Results, tmp_path: Path) -> None:
    city = results.snapshot.city
    frame = city.frame
    assert frame is not None
    closed = frame.model_copy(update={"sensitivity": "internal"})
    datasets = {**city.datasets, frame.id: closed}
    shut = replace(city, datasets=datasets)
    assert shut.frame is not None and shut.frame.sensitivity == "internal"
    other = replace(results, snapshot=replace(results.snapshot, city=shut))
    file = publicity.write_publicity_csv(other, tmp_path / "list.csv", bom=False)
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "序号,企业名称,属地,等级,说明"
    assert "9133990000" not in text


def test_the_file_of_the_grid_company(results: Results, tmp_path: Path) -> None:
    file = grade_file.write_grade_file(results, tmp_path / "grid.csv", bom=False)
    lines = file.read_text(encoding="utf-8").splitlines()
    notes = [line for line in lines if line.startswith("# ")]
    assert notes[0] == f"# {MARK}"
    assert any(line.startswith("# 用途：2024 年度") and "2025 年执行" in line for line in notes)
    assert any("执行年度取评价年度的次年，为设定" in line for line in notes)
    assert any(line.startswith("# 合法使用：") for line in notes)
    assert any("乙文件（本市设定，非文件规定）" in line for line in notes)
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    # Only the one D pays: in its second year, and what was before 2023 is not known.
    assert rows == [
        {
            "统一社会信用代码": "913399000000000001", "企业名称": "兰河第1机械有限公司",
            "属地": "云坪区", "等级": "D", "连续年数": "2", "起始年度": "2023",
            "加价标准": "0.10", "单位": "元/千瓦时", "执行年度": "2025",
            "措施": "差别电价连续第二年",
            "说明": f"{MARK}；2023 年以前的等级未知，连续年数按已知年度计",
        }
    ]  # fmt: skip
    assert grade_file.write_grade_file(results, tmp_path / "bom.csv").read_bytes()[:3] == (
        b"\xef\xbb\xbf"
    )
    settled = grade_file.write_grade_file(results, tmp_path / "2026.csv", effective_year=2026)
    assert ",2026," in settled.read_text(encoding="utf-8")
    assert "为设定" not in settled.read_text(encoding="utf-8").split("加价依据")[0]


def test_no_file_where_the_scheme_says_nothing(results: Results, tmp_path: Path) -> None:
    with pytest.raises(RunRefused) as refused:
        grade_file.write_grade_file(results, tmp_path / "water.csv", resource="water")
    assert "没有写明等级对用水的影响" in refused.value.text.zh
    assert not (tmp_path / "water.csv").exists()


def test_the_follow_up_of_the_last_grade(results: Results, tmp_path: Path) -> None:
    file = follow_up.write_follow_up(results, tmp_path / "follow.xlsx")
    sheet = openpyxl.load_workbook(file)["整治跟踪"]
    head, rows = table(sheet, "序号")
    (row,) = [dict(zip(head, row, strict=True)) for row in rows]
    assert row["统一社会信用代码"] == "913399000000000001"
    assert (row["起始年度"], row["连续年数"], row["总分"]) == ("2023 或以前", 2, pytest.approx(43))
    assert row["主要弱项（得分/权重）"] == "亩均税收 3.0/60；研发占比 40.0/40"
    assert row["历年规则"] == "连续两年 D 类，列入低效用地"
    # The 2nd has 46: 3 points more of research, and a hair, for it is behind by tax.
    # 40 -> 43.0001: 30 / 930.23 = 3.225 %: the revenue that gives just over 43.
    assert (
        row["最小单项改变（其他企业不变）"] == "营业收入由 1,000.00 万元降至 930.23 万元（−7.0%）"
    )
    for column in ("整治措施", "责任单位", "责任人", "计划完成", "进展", "完成日期", "验收意见"):
        assert row[column] is None
    (rule,) = sheet.data_validations.dataValidation
    assert "已验收" in rule.formula1
    several = follow_up.write_follow_up(results, tmp_path / "cd.xlsx", grades=["C", "D"])
    _, rows = table(openpyxl.load_workbook(several)["整治跟踪"], "序号")
    assert len(rows) == 8


def test_memory_does_not_grow_with_the_rows(results: Results, tmp_path: Path) -> None:
    now = results.now
    times = 1_000
    rows = pa.concat_tables([now.rows] * times)
    many = replace(results, years=(replace(now, rows=rows),))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workbook.write_workbook(many, tmp_path / "many.xlsx")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sheet = openpyxl.load_workbook(tmp_path / "many.xlsx", read_only=True)["评价结果"]
    assert sheet.max_row is None or sheet.max_row >= 20 * times
    assert grown < 120_000  # KiB; cells kept in memory would take several times that
