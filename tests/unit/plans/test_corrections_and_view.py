"""Corrections that people make, and the page on which they make them."""

import re
from pathlib import Path

import pytest

from cityforge.brain.errors import ProblemsFound
from cityforge.brain.plans import corrections, view
from cityforge.brain.plans.read import read_lines

TEXT = """一、重点任务
（一）建设网箱。依托海湾建设网箱600口、码头2座。（市渔业局负责）
（二）改良品种。推广良种5个。"""
OVERLAY = """corrections:
  - target: {text: 依托海湾建设网箱600口, value: 600}
    set: {indicator: 深水网箱, year: 2027}
  - target: {text: 码头2座, value: 2, measure: "1"}
    drop: true
  - measure: {title: 改良品种}
    set: {title: 改良水产品种}
    units: [{name: 市水产站, role: lead}]
  - target: {text: 早已删去的话, value: 1}
    drop: true
"""


@pytest.fixture
def overlay(tmp_path: Path) -> corrections.Corrections:
    file = tmp_path / "corrections.yaml"
    file.write_text(OVERLAY, encoding="utf-8")
    return corrections.read(file)


def test_corrections_are_laid_over_a_reading(overlay: corrections.Corrections) -> None:
    found = corrections.apply(read_lines(TEXT.split("\n")), overlay)
    assert [(t.indicator, t.value, t.year) for t in found.targets] == [
        ("深水网箱", 600, 2027),
        ("良种", 5, None),
    ]
    assert found.measures[1].title == "改良水产品种"
    assert [(u.name, u.role) for u in found.measures[1].units] == [("市水产站", "lead")]


def test_corrections_survive_a_new_text(overlay: corrections.Corrections) -> None:
    revised = "关于渔业的通知。\n" + TEXT.replace("推广良种5个", "推广良种7个")
    found = corrections.apply(read_lines(revised.split("\n")), overlay)
    assert [(t.indicator, t.value) for t in found.targets] == [("深水网箱", 600), ("良种", 7)]


def test_a_correction_that_fits_nothing_is_told(overlay: corrections.Corrections) -> None:
    found = corrections.apply(read_lines(TEXT.split("\n")), overlay)
    assert [note.zh for note in found.notes] == ["更正“早已删去的话”在文本中已找不到，未采用"]


@pytest.mark.parametrize(
    "text", ["corrections: 3", "corections: []", "corrections: [{drop: true}]", "a: ["]
)
def test_a_faulty_overlay_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    file = tmp_path / "corrections.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        corrections.read(file)
    assert caught.value.problems[0].line >= 1


def test_every_target_is_linked_to_its_sentence() -> None:
    page = view.render(read_lines(TEXT.split("\n")))
    for n in (1, 2, 3):
        assert page.count(f'id="t-{n}"') == page.count(f'id="r-{n}"') == 1
        assert f'href="#t-{n}"' in page
        assert f'href="#r-{n}"' in page
    assert "建设网箱" in page


def test_the_page_is_the_same_bytes_for_the_same_reading(tmp_path: Path) -> None:
    reading = read_lines(TEXT.split("\n"))
    view.write(reading, tmp_path / "a.html")
    view.write(reading, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_text_of_the_plan_is_never_markup() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    page = view.render(read_lines(["一、重点任务", f"（一）建设{evil}网箱600口{evil}。"]))
    assert "<script>alert" not in page
    assert "<img" not in page


def test_targets_of_one_clause_are_linked_to_the_clause_they_share() -> None:
    text = "（一）做强养殖。渔船、渔港分别达到9艘和6座，引进人才80名（其中青年20名）。"
    page = view.render(read_lines(["一、重点任务", text]))
    links = set(re.findall(r'href="#(t-\d+)"', page))
    assert len(links) == 2
    assert links == set(re.findall(r'id="(t-\d+)"', page))
