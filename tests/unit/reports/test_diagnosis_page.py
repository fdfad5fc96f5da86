"""What a diagnosis says as page, PDF, tables and JSON, held against figures worked out by hand."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from cityforge.brain.city import checks
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers, Subject, Ticks
from cityforge.brain.reports.diagnosis import content, html, pdf, radar, tables
from cityforge.brain.reports.diagnosis import payload as payloads
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed, judged
from cityforge.brain.reports.diagnosis.page import Page

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
HOSTILE = '<img src=x onerror=alert(1)>"甲厂" & #let x = 1'


@pytest.fixture(scope="module")
def found() -> Diagnosed:
    # 1 + 2 + 1 and what output may give: 4 to 10; a key scene at 1.
    given = {
        "plan": Answer("draft", proof="=cmd|' /C calc'!A0"),
        "links": Answer(Ticks(frozenset({"make"}))),
        "spending": Answer(Decimal("3")),
        "control": Answer(1),
        "office": Answer(0),
    }
    city, book = checks.load(LANHE)
    return judged(city, book, Answers("workshop", Subject(name=HOSTILE), given=given))


@pytest.fixture(scope="module")
def page(found: Diagnosed) -> Page:
    return content.build(found, "zh")


def test_three_numbers_and_one_sentence(page: Page) -> None:
    level, score, answered = page.figures
    assert (level.value, level.note) == ("入门", "按得分待定（入门至良好），按关键场景入门，取较低")
    assert (score.value, score.unit) == ("4–10", "/ 16")
    assert score.note == "到良好还差 4 分；1 个关键场景达到 2 级"
    assert (answered.value, answered.unit) == ("5", "/ 6")
    assert page.sentence == (
        "入门，得 4–10 分；还有 1 题未答；到“良好”最省的办法是 3 项改进，估算约 11 万元。"
    )


def test_parts_as_bars_from_certain_to_possible(page: Page) -> None:
    told = [(bar.title, bar.value, bar.low, bar.high) for bar in page.bars]
    assert told == [
        ("车间", "4 / 10", 0.4, 0.4), ("成效", "0–6 / 6", 0.0, 1.0), ("场景", "13%", 0.125, 0.125),
    ]  # fmt: skip


def test_each_way_says_what_to_do_for_how_much_and_with_what_proof(page: Page) -> None:
    first = page.ways[0]
    assert (first.title, first.cost) == ("办法一：改进后得 9–15 分", "约 11 万元")
    assert {(one.do, one.gain, one.cost, one.proof) for one in first.steps} == {
        ("有没有规划：由“草案”到“已通过”", "+3 分", "约 5 万元", "规划文件"),
        ("覆盖哪些环节：增加 设计", "+2 分", "约 1 万元", ""),
        ("生产管控：由“1 级”到“2 级（有系统）”", "1 个场景达标", "约 5 万元", ""),
    }
    assert "证明没有更省的办法" in page.ways_note
    assert "本市设定的估算" in page.ways_note


def test_open_questions_and_the_proof_that_is_wanted(page: Page) -> None:
    # Output may be 0 to 6 of the 4 to 10: alone it moves no level, for the scene holds it.
    assert [(one.says, one.matters) for one in page.open] == [("人均营收", "关系 6 分")]
    plan = page.parts[0].questions[0]
    assert (plan.answer, plan.worth, plan.source) == ("草案", "1 / 4", "企业自评")
    assert page.parts[1].questions[0].mark == "open"


def test_the_page_in_english(found: Diagnosed) -> None:
    told = content.build(found, "en")
    assert told.sentence == (
        "Entry: 4–10 points; 1 question(s) are not answered; the cheapest way to 'Good' is "
        "3 improvement(s), estimated at about 110,000 yuan."
    )
    assert not re.search("[\u4e00-\u9fff]", told.ways_note + told.ways_title)


def test_html_is_one_file_without_script_and_escapes_what_people_wrote(
    found: Diagnosed, tmp_path: Path
) -> None:
    file, again = tmp_path / "d.html", tmp_path / "again.html"
    html.write(found, file)
    html.write(found, again)
    text = file.read_text(encoding="utf-8")
    assert file.read_bytes() == again.read_bytes()
    assert "<script" not in text and "<img" not in text
    assert text.count("<svg") == 2 and "http://" not in text.replace("http://www.w3.org/", "")


def test_pdf_says_the_same(found: Diagnosed, tmp_path: Path) -> None:
    file = tmp_path / "d.pdf"
    pdf.write(found, file)
    text = "".join(one.extract_text() for one in PdfReader(file).pages)
    flat = re.sub(r"\s", "", text)
    for wanted in ("数字车间体检", "得4–10分", "办法一：改进后得9–15分", "由“草案”到“已通过”"):
        assert wanted in flat


def test_json_holds_exact_numbers_and_every_answer(found: Diagnosed) -> None:
    told = json.loads(json.dumps(payloads.payload(found)))
    assert told["score"] == {"low": "4", "high": "10"}
    assert told["level"] == {"low": 1, "high": 1, "known": 1}
    assert told["level_by_score"] == {"low": 1, "high": 2, "known": None}
    assert told["next"]["proved_cheapest"] is True
    assert told["next"]["ways"][0]["cost_wan_yuan"] == "11"
    questions = {q["id"]: q for part in told["parts"] for q in part["questions"]}
    assert questions["links"]["answer"] == {"ticked": ["make"], "open": []}
    assert questions["output"]["answer"] is None
    assert told["unanswered"] == [
        {"question": "output", "settles_levels": 0, "narrows_score": "6", "counted_scenes": 0}
    ]  # fmt: skip
    assert told["verified"] == "assumption"


def test_tables_have_a_cell_for_every_column(found: Diagnosed) -> None:
    made = tables.tables(found)
    assert made[0].title.zh == "各板块"
    assert len(made) == 1 + len(found.ahead.ways) + 1
    for one in made:
        assert {len(row) for row in one.rows} == {len(one.columns)}


def test_a_radar_of_three_axes() -> None:
    drawn = radar.draw([("<a>", 1.0, 1.0), ("b", 0.0, 0.5), ("c", 0.0, 0.0)], says='"x"')
    # Up by the whole radius; the others at the centre.
    assert 'points="250.0,45.0 250.0,190.0 250.0,190.0"' in drawn
    assert "&lt;a&gt;" in drawn and 'aria-label="&quot;x&quot;"' in drawn
    assert radar.draw([("a", 1.0, 1.0), ("b", 1.0, 1.0)], says="") == ""
