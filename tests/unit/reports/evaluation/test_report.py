"""The report of an evaluation, against results worked out on paper; PDF and Word say the same."""

import dataclasses
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from defusedxml import ElementTree
from docx.document import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from cityforge.brain.errors import RunRefused
from cityforge.brain.reports import assets
from cityforge.brain.reports.evaluation.figures import histogram
from cityforge.brain.reports.evaluation.report import content, rules, written
from cityforge.brain.reports.evaluation.report.page import Bullets, Drawing, Grid, Paragraph, Report
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.runs import evaluated_years

MARK = "模拟数据：不代表任何真实企业"


@pytest.fixture(scope="module")
def report(results: Results) -> Report:
    return content.report(results)


@pytest.fixture(scope="module")
def files(results: Results, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("report")
    pdf, word = folder / "report.pdf", folder / "report.docx"
    assert written.write_report(results, pdf=pdf, docx=word) == [pdf, word]
    return pdf, word


def grid(report: Report, section: str, title: str = "") -> Grid:
    found = next(one for one in report.sections if one.title == section)
    return next(one for one in found.blocks if isinstance(one, Grid) and title in one.title)


def drawing(report: Report, section: str) -> Drawing:
    found = next(one for one in report.sections if one.title == section)
    return next(one for one in found.blocks if isinstance(one, Drawing))


def words_of(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter() if node.text]


def test_the_sentence_and_the_numbers(report: Report) -> None:
    # The 3rd and the 9th changed places: one rose from C to B, one fell.
    assert report.sentence == (
        "2024 年度，兰河市 20 家企业参评：A 类 4 家、B 类 8 家、C 类 7 家、D 类 1 家。"
        "与上年相比，1 家升等、1 家降等。"
    )
    assert [(one.title, one.value) for one in report.numbers] == [
        ("参评企业", "20"), ("A 类 / D 类", "4 / 1"), ("升等 / 降等", "1 / 1"),
    ]  # fmt: skip
    assert [section.title for section in report.sections] == [
        "评价什么、按什么规则", "等级结构", "各地区", "总分分布", "与上年相比", "分行业",
        "C、D 类占用的资源", "怎样提升", "数据缺口", "附：D 类企业名单",
    ]  # fmt: skip


def test_the_rules_in_words_with_what_was_assumed(report: Report, results: Results) -> None:
    first = report.sections[0]
    said = [one.says for one in first.blocks if isinstance(one, Paragraph)]
    assert said[0].endswith("依据：设例办法，设例〔2025〕1号（第三方转载，待核对原文）。")
    lines, assumed = [one.lines for one in first.blocks if isinstance(one, Bullets)]
    assert lines[:3] == ("参评范围：规上", "不定级（T）：新投产企业", "排名：全市一组")
    assert "能耗数据造假的，最高 D 类" in lines
    assert assumed == ("分档比例为设定", "缺数取组平均分")
    table = grid(report, first.title)
    assert table.rows[0] == (
        "规上", "亩均税收", "万元/亩", "60", "固定值 20", "与基准值之比乘权重", "取组平均分",
    )  # fmt: skip
    told = rules.in_words(results, "above_scale or (land_mu >= 3亩 and not tax_paid <= 5万元)")
    assert told.zh == "规上 或 (用地面积（亩） ≥ 3亩 且 非 税收 ≤ 5万元)"


def test_districts(report: Report) -> None:
    table = grid(report, "各地区")
    # Medians of 3 .. 18 and the like: of six and seven firms none is told, of all twenty 10.5.
    assert table.rows == (
        ("青屿区", "1", "3", "2", "0", "6", "1", "0", "—"),
        ("云坪区", "1", "3", "2", "1", "7", "0", "1", "—"),
        ("石笕县", "2", "2", "3", "0", "7", "0", "0", "—"),
        ("合计", "4", "8", "7", "1", "20", "1", "1", "10.50"),
    )


def test_the_pyramid_and_the_matrix_count_everybody(report: Report) -> None:
    words = words_of(drawing(report, "等级结构").svg)
    assert [word for word in words if word.endswith("家")] == ["4 家", "8 家", "7 家", "1 家"]
    assert "20.0%" in words and "监管调控类" in words
    matrix = drawing(report, "与上年相比")
    numbers = [int(word) for word in words_of(matrix.svg) if word.isdigit()]
    #  A 4; B 7 and 1 down; C 1 up and 6; D 1. Nobody came or left.
    assert numbers == [4, 0, 0, 0, 0, 0, 7, 1, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert matrix.says == "两年均参评的，升等 1 家、降等 1 家、不变 18 家"


def test_who_moved_most_and_why(report: Report) -> None:
    up = grid(report, "与上年相比", "上升最多")
    assert up.rows[0] == (
        "兰河第9机械有限公司", "青屿区", "C → B", "90.0% → 60.0%", "亩均税收得分 9.0 → 27.0",
    )  # fmt: skip
    down = grid(report, "与上年相比", "下降最多")
    assert down.rows[0][2:4] == ("B → C", "60.0% → 90.0%")


def test_the_columns_of_totals_hold_everybody() -> None:
    totals = [43.0 + 3 * n for n in range(20)]
    ends = histogram.edges(totals)
    counts = histogram.counted(totals, ends)
    assert sum(counts) == 20
    assert len(ends) == len(counts) and ends[0] == 0.0
    for end, following, count in zip(ends, ends[1:], counts, strict=False):
        assert count == sum(end <= total < following for total in totals)


def test_industries_hide_medians_of_few(report: Report) -> None:
    table = grid(report, "分行业")
    # 34 has the first twelve: median 6.5; 26 has eight, too few to tell.
    assert [(row[0][:2], row[1], row[2], row[4]) for row in table.rows] == [
        ("34", "12", "0.0%", "6.50"), ("26", "8", "50.0%", "—"),
    ]  # fmt: skip


def test_what_the_low_grades_hold_and_bring(report: Report) -> None:
    table = grid(report, "C、D 类占用的资源")
    by_name = {row[0]: row for row in table.rows}
    # Eight of twenty hold 8 x 30 of 600 亩; they pay (1 + .. + 8) of (1 + .. + 20): 36 of 210.
    assert by_name["用地面积（亩）"][1:] == (
        "600 亩", "20.0%", "40.0%", "35.0%", "5.0%", "40.0%", "0",
    )  # fmt: skip
    assert by_name["税收"][1] == "0.63 亿元"
    assert by_name["税收"][-2] == "17.1%"
    assert by_name["研发费用"][-1] == "1"
    section = next(one for one in report.sections if one.title == "C、D 类占用的资源")
    first = section.blocks[0]
    assert isinstance(first, Paragraph)
    assert first.says.startswith("C、D 类占参评企业的 40.0%，占用用地面积（亩）的 40.0%，贡献")
    assert "税收的 17.1%" in first.says


def test_what_would_lift_them(report: Report) -> None:
    table = grid(report, "怎样提升")
    assert [row[:2] for row in table.rows] == [("D → C", "1"), ("C → B", "7"), ("B → A", "8")]
    for row in table.rows:
        number, *counts = (int(cell) for cell in row[1:9])
        assert sum(counts) == number
    # The D needs 7.0 % of its revenue, as the 8th does of C.
    assert table.rows[0][2:5] == ("0", "1", "0")


def test_gaps_and_the_last_grade(report: Report) -> None:
    assert grid(report, "数据缺口", "无法判定").rows == (("缺少：规上", "1"),)
    filled = grid(report, "数据缺口", "缺数")
    assert filled.rows[1] == ("规上", "研发占比", "1", "5.0%", "缺数，取组平均分")
    last = grid(report, "附：D 类企业名单")
    assert last.rows == (
        (
            "1", "兰河第1机械有限公司", "云坪区", "规上", "43.00", "20/20", "2+",
            "亩均税收 3.0/60；研发占比 40.0/40",
        ),
    )  # fmt: skip
    said = [one.says for one in report.sections[-2].blocks if isinstance(one, Paragraph)]
    (one,) = said
    assert one.startswith("读入数据 150 行，4 行（2.7%）未通过核验，已隔离，不参与计算；")
    assert one.endswith("最多的是企业年度绩效 4 行。")


def test_without_a_year_before_it_says_so(results: Results) -> None:
    alone = content.report(replace(results, years=results.years[-1:]))
    section = next(one for one in alone.sections if one.title == "与上年相比")
    assert [one.says for one in section.blocks if isinstance(one, Paragraph)] == [
        "没有 2023 年度的评价结果，不能比较。"
    ]
    assert len(alone.numbers) == 2


def every_word(document: Document) -> str:
    paragraphs = [one.text for one in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join((*paragraphs, *cells)).split())


def test_pdf_and_word_say_the_same(report: Report, files: tuple[Path, Path]) -> None:
    pdf, word = files
    set_ = "".join("".join(page.extract_text().split()) for page in PdfReader(pdf).pages)
    typed = every_word(docx.Document(str(word)))
    told = [report.title, report.sentence, *report.marks, *report.footer]
    for section in report.sections:
        told.append(section.title)
        for one in section.blocks:
            if isinstance(one, Paragraph):
                told.append(one.says)
            elif isinstance(one, Bullets):
                told += one.lines
            elif isinstance(one, Grid):
                told += [cell for row in (one.columns, *one.rows) for cell in row]
    assert len(told) > 200
    for said in told:
        bare = "".join(said.split())
        assert bare in typed
        # A long line of a table cell is broken in the PDF, where its words stand among others.
        if len(bare) < 12:
            assert bare in set_
    assert MARK in set_ and MARK in typed


def test_word_has_headings_repeated_heads_and_pictures_with_words(
    report: Report, files: tuple[Path, Path]
) -> None:
    document = docx.Document(str(files[1]))
    headings = [
        one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"
    ]
    assert headings == [f"{i}　{one.title}" for i, one in enumerate(report.sections, 1)]
    grids = document.tables[1:]
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in grids)
    says = [node.get("descr") for node in document.element.iter(qn("wp:docPr"))]
    drawn = [one.says for s in report.sections for one in s.blocks if isinstance(one, Drawing)]
    assert says == drawn and len(says) == 4
    for name in ("w:eastAsia", "w:ascii"):
        fonts = document.styles["Normal"].element.rPr.rFonts
        assert fonts.get(qn(name)) == "微软雅黑"
    with zipfile.ZipFile(files[1]) as package:
        pictures = [name for name in package.namelist() if name.endswith(".png")]
        assert len(pictures) == 4
        assert all(package.read(name).startswith(b"\x89PNG") for name in pictures)
    assert any(MARK in one.text for one in document.sections[0].footer.paragraphs)


def test_the_same_results_give_the_same_bytes(
    results: Results, files: tuple[Path, Path], tmp_path: Path
) -> None:
    again = written.write_report_word(results, tmp_path / "again.docx")
    assert again.read_bytes() == files[1].read_bytes()
    pdf = written.write_report_pdf(results, tmp_path / "again.pdf")
    assert pdf.read_bytes() == files[0].read_bytes()


def test_every_character_has_a_glyph(
    results: Results, glyphs: set[int], strings: Callable[[object], Iterator[str]]
) -> None:
    shown = set(assets.own("evaluation/report/report.typ") + assets.own("evaluation/house.typ"))
    for language in ("zh", "en"):
        made = dataclasses.asdict(content.report(results, language=language))
        shown |= set("".join(strings(made)))
    assert {char for char in shown if ord(char) not in glyphs and char not in "\n　"} == set()


def test_real_data_bear_no_mark(make: Callable[..., Results]) -> None:
    report = content.report(make(simulated=False))
    assert report.marks == ()


def test_figures_are_sound_drawings_with_words(report: Report) -> None:
    for section in report.sections:
        for one in section.blocks:
            if isinstance(one, Drawing):
                root = ElementTree.fromstring(one.svg)
                assert root.get("role") == "img" and root.get("aria-label")
                wide = float(root.get("viewBox", "").split()[2])
                for node in root.iter("{http://www.w3.org/2000/svg}rect"):
                    x, width = float(node.get("x", 0)), float(node.get("width", 0))
                    assert x >= -0.1 and x + width <= wide + 0.1
                assert not re.search("nan|inf", one.svg)


def test_a_scheme_of_places_is_refused(results: Results) -> None:
    parks = results.scheme.model_copy(update={"subject": "park"})
    with pytest.raises(RunRefused, match="does not evaluate enterprises"):
        evaluated_years.of_years(results.snapshot, parks)
