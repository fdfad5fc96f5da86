"""What the page of a check-up says, held against figures worked out by hand."""

import importlib.util
from pathlib import Path

import pytest
from pypdf import PdfReader

from cityforge.brain.reports.check_up import content as check_up_content
from cityforge.brain.reports.check_up import html as check_up_html
from cityforge.brain.reports.check_up import pdf as check_up_pdf
from cityforge.brain.reports.check_up.page import Page
from cityforge.brain.reports.examined import Examined

_spec = importlib.util.spec_from_file_location(
    "made_check_up", Path(__file__).with_name("made_check_up.py")
)
assert _spec is not None and _spec.loader is not None
made_check_up = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_check_up)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Examined:
    made: Examined = made_check_up.examined(tmp_path_factory.mktemp("found"))
    return made


@pytest.fixture(scope="module")
def page(found: Examined) -> Page:
    return check_up_content.build(found, "zh")


def test_three_numbers(page: Page) -> None:
    # 12.34567 + 12.34 万元; 小企业奖励 falls to 数字化补助.
    now, near, lacking = page.figures
    assert (now.value, now.unit) == ("24.69", "万元")
    assert now.note == "符合 2 项，最优组合 2 项；另有 1 项待开放申报，3 万元"
    assert (near.value, lacking.value) == ("3", "2")
    assert page.best_total == "246,856.70 元"


def test_what_waits_for_its_window_is_told_apart(page: Page, found: Examined) -> None:
    # 春季奖励 opens in May: no part of what can be had now.
    assert [(one.id, one.money) for one in page.later] == [("spring", "3 万元")]
    assert page.later_total == "3 万元"
    assert "spring" not in {one.id for one in page.best}
    assert page.sentence.startswith(
        "现在可享 2 项政策，按最优组合办 2 项，合计约 24.69 万元；"
        "另有 1 项已符合、待开放申报（3 万元）；"
    )
    english = check_up_content.build(found, "en")
    assert "; 1 once the window opens (30,000 yuan); " in english.sentence


def test_a_policy_with_its_working_and_instalments(page: Page) -> None:
    entry = next(one for one in page.best if one.id == "research")
    assert entry.money == "123,456.70 元"
    assert [(line.says, line.value) for line in entry.working] == [
        ("研发费用的 10%", "12.35 万元"),
        ("可得", "123,456.70 元"),
    ]
    assert entry.notes == ("分 2 期：74,074.02 元、49,382.68 元",)
    assert entry.state == "正在受理，2026-03-10 截止（还剩 9 天）"
    assert entry.urgency == "urgent"
    assert entry.document == "《设例文件》（设例〔2025〕1号）第二条"
    assert entry.assumptions == ("申报期为设定",)
    assert [(one.says, one.value) for one in entry.materials] == [
        ("申请表", "企业提交"), ("纳税证明", "部门共享，不用提交"),
    ]  # fmt: skip
    last = entry.clauses[-1]
    assert (last.mark, last.article) == ("met", "第三条")
    assert [(fact.says, fact.value) for fact in last.facts] == [
        ("研发费用", "123.46 万元"), ("营业收入", "4,000 万元"),
    ]  # fmt: skip


def test_a_rule_not_seen_in_the_document_says_so(page: Page) -> None:
    entries = [*page.best, *page.later, *(one.entry for one in page.near)]
    told = {one.id: one.warnings for one in entries}
    assert told["research"] == told["digital"] == ()
    assert told["growing"] == ("规则尚未与原文核对",)
    assert told["strong"] == ("本市设定，非文件规定",)
    copied = {one.id for one in entries if one.document.endswith("（第三方转载，待核对原文）")}
    assert copied == {"digital"}


def test_how_far_it_is(page: Page) -> None:
    by_id = {one.entry.id: one for one in page.near}
    (gap,) = by_id["growing"].gaps
    (bar,) = gap.bars
    assert (bar.value, bar.threshold, bar.gap) == ("4,000 万元", "≥ 4,500 万元", "还差 500 万元")
    assert bar.now == pytest.approx(4000 / 4500)
    assert bar.wanted == 1.0
    # 5 % of 4,000 is 200: 76.54 more than 123.46.
    (ratio,) = by_id["strong"].gaps[0].bars
    assert ratio.gap.endswith("（约合研发费用 76.54 万元）")
    assert by_id["listed"].gaps[0].words == ("“省级专精特新中小企业”名录：不在册",)


def test_what_is_lacking_who_holds_it_and_what_it_brings(page: Page) -> None:
    first = page.asks[0]
    assert first.title == "“省级绿色工厂”名录"
    assert first.holder
    assert first.money == "最多可多得 40 万元"
    assert {one.entry.id for one in page.lacking} == {"green", "saving"}
    saving = next(one for one in page.lacking if one.entry.id == "saving")
    assert saving.entry.money == "最多 60 万元"
    assert saving.facts == "综合能耗、增加值"


def test_why_a_policy_is_not_in_the_set(page: Page) -> None:
    (left,) = page.left_out
    assert left.entry.id == "small"
    assert left.reasons == ("与“数字化补助”：同一年度不重复享受",)


def test_the_calendar_says_what_closes_first(page: Page) -> None:
    assert [(day.when, day.title, day.says, day.urgency) for day in page.calendar] == [
        ("2026-03-10", "研发补助", "截止，还剩 9 天", "urgent"),
        ("2026-03-10", "强研发奖励", "截止，还剩 9 天", "urgent"),
        ("2026-05-01", "小企业奖励", "开始受理，61 天后", "calm"),
        ("2026-05-01", "春季奖励", "开始受理，61 天后", "calm"),
    ]


def test_a_refusal_shows_the_fact_its_source_and_how_to_correct_it(page: Page) -> None:
    (far,) = page.far
    assert far.says == "云平专项"
    assert far.value == "在云坪区（所属区县 青屿区）"
    by_title = {source.title: source for source in page.sources}
    performance = by_title["企业年度绩效"]
    assert performance.owner == "兰河市经济和信息化局"
    assert performance.when == "2025 年"
    assert "兰河市经济和信息化局" in performance.correct and "更正" in performance.correct
    values = {value.title: value.value for value in performance.values}
    assert values["营业收入"] == "4,000 万元"
    assert by_title["市场主体"].when == "截至 2026-03-01"
    assert any("不是对企业的评定" in line for line in page.disclaimer)


def test_every_fact_that_a_policy_reads_stands_among_the_sources(
    found: Examined, page: Page
) -> None:
    told = " ".join(f"{v.title} {v.mark}" for source in page.sources for v in source.values)
    for column in ("employees", "above_scale", "revenue", "rd_expense", "energy", "value_added",
                   "district"):  # fmt: skip
        assert found.names.column(column).zh in told


def test_declared_facts_are_told_apart(tmp_path: Path) -> None:
    found = made_check_up.examined(tmp_path, "green_factory_provincial=true", "energy=5tce")
    page = check_up_content.build(found, "zh")
    assert [(one.says, one.value) for one in page.answers] == [
        ("“省级绿色工厂”名录", "在册"), ("综合能耗", "5 吨标准煤"),
    ]  # fmt: skip
    green = next(one for one in page.best if one.id == "green")
    assert green.warnings == ("暂定：依企业自报的“省级绿色工厂”名录，核实后确定",)
    assert "，其中暂定 40 万元；" in page.figures[0].note
    assert page.sources[0].title == "企业自报（待核实）"


def test_english_says_the_same_figures(found: Examined) -> None:
    page = check_up_content.build(found, "en")
    assert page.best_total == "246,856.70 yuan"
    assert page.near[0].gaps[0].bars[0].gap == "short by 5,000,000 yuan"
    assert not any("万元" in one.money for one in (*page.best, *(n.entry for n in page.near)))


def test_both_drawings_carry_the_words_and_nothing_a_name_smuggles_in(
    found: Examined, page: Page, tmp_path: Path
) -> None:
    check_up_html.write(found, tmp_path / "page.html")
    drawn = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<img" not in drawn
    assert "<script" not in drawn
    assert "&lt;img src=x onerror=alert(1)&gt;" in drawn
    assert page.sentence in drawn
    check_up_pdf.write(found, tmp_path / "page.pdf")
    reader = PdfReader(tmp_path / "page.pdf")
    text = "".join(each.extract_text() for each in reader.pages).replace(" ", "")
    assert "政策体检" in text
    assert "#letx=1" in text
    assert "246,856.70元" in text
    assert "同一年度不重复享受" in text
    # The summary is one page: what follows is detail.
    assert "建议先办：算式与依据" in reader.pages[1].extract_text()
