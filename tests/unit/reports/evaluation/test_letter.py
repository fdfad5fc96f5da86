"""Letters to single enterprises, against results worked out on paper."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from cityforge.brain.errors import RunRefused
from cityforge.brain.evaluation.reasons.sureness import Sureness
from cityforge.brain.reports import assets
from cityforge.brain.reports.evaluation.figures import strip
from cityforge.brain.reports.evaluation.letter import content, drawn
from cityforge.brain.reports.evaluation.letter.page import Block, Letter
from cityforge.brain.reports.evaluation.period import Publicity
from cityforge.brain.reports.evaluation.results import Results

MARK = "模拟数据：不代表任何真实企业"
TOLD = Publicity(date(2025, 4, 10), "经济和信息化局")


def of(results: Results, number: int, **options) -> Letter:
    return content.letter(results, f"9133990000000000{number:02d}", **options)


def block(letter: Letter, title: str) -> Block:
    return next(one for one in letter.blocks if one.title == title)


def test_a_c_knows_its_result_and_the_smallest_changes(results: Results) -> None:
    letter = of(results, 8)
    assert letter.sentence == (
        "2024 年度评价为 C 类（监管调控类）：总分 64.00 分，在“规上”20 家企业中列第 13 位。"
    )
    grade, total, rank = letter.figures
    assert (grade.value, grade.note) == ("C", "监管调控类")
    assert (total.value, total.note) == ("64.00", "上年 64.00 分，C 类，第 13 / 20 位")
    assert (rank.value, rank.note) == ("13", "“规上”共 20 家")
    tax, research = letter.lines
    assert (tax.title, tax.value, tax.base, tax.points, tax.weight, tax.place, tax.note) == (
        "亩均税收", "8.00", "20.00", "24.00", "60", "第 13 / 20", "万元/亩",
    )  # fmt: skip
    assert (research.value, research.points, research.place) == ("0.0300", "40.00", "第 1 / 19")
    assert letter.sum_ == (("加分", "0.00"), ("总分", "64.00"))
    # The 9th has 67. By tax 9 万元 a 亩 tie and the smaller code is ahead: 270 万元. By research
    # 43 points tie and the lower tax is behind: a hair more than 32.25 万元, or less revenue. Land
    # counts in 亩 to four decimals: 240 / 26.6666 is above nine, 240 / 26.6667 is not.
    ways = block(letter, "怎样升到 B 类")
    assert ways.lines == ("距该等级最后一名差 3.00 分。以下每一项单独做到即可：",)
    assert ways.to_do == (
        "营业收入由 1,000.00 万元降至 930.23 万元（−7.0%）",
        "研发费用由 30.00 万元增至 32.26 万元（+7.5%）",
        "用地面积由 20,000.00 ㎡降至 17,777.76 ㎡（−11.1%）",
    )
    assert "其他企业和基准值都不变" in ways.note and "不是承诺" in ways.note
    assert block(letter, "等级意味着什么").lines == (
        "已连续 2 年为 C 类（更早年度未知）。", "方案没有写明这一等级适用的措施。",
    )  # fmt: skip


def test_an_a_is_told_how_far_ahead_it_is_and_what_it_may_have(results: Results) -> None:
    letter = of(results, 17)
    # 91 points; the 16th, first of B, has 88.
    assert block(letter, "怎样保持").lines == (
        "已是最高等级。", "总分比同组下一等级的第一名高 3.00 分。",
    )  # fmt: skip
    meaning = block(letter, "等级意味着什么")
    assert "用地：优先供应土地。" in meaning.lines
    assert meaning.note == "依据：甲文件（第三方转载，待核对原文）"


def test_a_d_is_told_rule_and_surcharge_of_its_years(results: Results) -> None:
    meaning = block(of(results, 1), "等级意味着什么")
    assert meaning.lines == (
        "已连续 2 年为 D 类（更早年度未知）。",
        "连续两年 D 类，列入低效用地。",
        "用电：差别电价连续第二年：0.10 元/千瓦时。",
    )
    assert meaning.note == "依据：乙文件（本市设定，非文件规定）"


def test_a_t_is_told_why_and_that_it_is_no_verdict(results: Results) -> None:
    letter = of(results, 21)
    assert letter.sentence == "2024 年度不定级（T），不参加排名：新投产企业。"
    assert letter.figures == letter.lines == letter.sum_ == ()
    first, second = block(letter, "为什么不定级").lines
    assert "新投产企业" in first and "正常评价" in first
    assert second == ("不定级不是好坏的评定；与等级挂钩的措施（用地、用电）不适用于本企业。")
    assert any("不是对企业信用" in line for line in letter.footer)
    assert not any("类（" in line for one in letter.blocks for line in one.lines)


def test_who_lacks_data_is_told_which_and_whom_to_ask(results: Results) -> None:
    letter = of(results, 22)
    first, second = block(letter, "为什么无法判定").lines
    assert "缺少：规上" in first and "补齐" in first
    assert second.startswith("缺数据不等于不合格")
    (source,) = letter.sources
    assert source.title.startswith("企业年度绩效（") and "2024 年" in source.title
    assert "规上 缺" in source.values
    assert of(results, 23).sentence == "2024 年度不参加本方案的评价：不在参评范围。"


def test_the_data_with_source_year_and_how_to_correct_them(results: Results) -> None:
    (source,) = of(results, 8).sources
    assert (
        source.values == "用地面积 20,000 ㎡；研发费用 30 万元；营业收入 1,000 万元；税收 240 万元"
    )
    assert "申请核对更正" in source.correct or "更正" in source.correct
    (gap,) = of(results, 19).sources
    assert "研发费用 缺" in gap.values
    assert of(results, 19).lines[1].note == "缺数，取组平均分"


def test_how_to_object_and_until_when(results: Results) -> None:
    said = block(of(results, 8, publicity=TOLD), "有异议怎么办").lines
    assert said[0].startswith("公示期：2025-04-10 至 2025-04-16（含首日共 7 天）。")
    assert "向经济和信息化局书面提出" in said[0]
    assert "原结果一并留存" in said[1]
    open_ = block(of(results, 8), "有异议怎么办").lines
    assert open_[0].startswith("公示期：7 天，自公布之日起。")


def test_a_veto_is_told_and_no_number_is_promised(make: Callable[..., Results]) -> None:
    scheme = make.__globals__["made_results"].SCHEME.replace("energy > 99999吨", "energy > 99吨")
    ways = block(of(make(scheme=scheme), 8), "怎样升到 C 类")
    assert ways.to_do == ()
    assert "能耗数据造假" in ways.lines[0] and "数字的改变不能解除限制" in ways.lines[0]


def test_how_sure_it_is_where_that_was_worked_out(results: Results) -> None:
    assert "结果有多大把握" not in [one.title for one in of(results, 8).blocks]
    codes = [f"9133990000000000{number:02d}" for number in range(1, 21)]
    shares = np.zeros((20, 4))
    shares[:, 2] = 1.0
    shares[7] = [0.0, 0.25, 0.75, 0.0]
    sure = Sureness(codes, list("ABCD"), shares, shares[:, 2], np.arange(20) == 7, 200)
    lines = block(of(results, 8, sure=sure), "结果有多大把握").lines
    assert lines[0] == "按方案写明的数据误差模拟 200 次，等级分别为：C 类 75%，B 类 25%。"
    assert "换一种取整方法等级会不同" in lines[1]
    assert block(of(results, 7, sure=sure), "结果有多大把握").lines == (
        "按方案写明的数据误差模拟 200 次，每一次都仍是这一等级。",
    )


def test_nobody_is_found_twice_or_not_at_all(results: Results) -> None:
    assert content.letter(results, "兰河第8机械有限公司").code == "913399000000000008"
    with pytest.raises(RunRefused, match="no one enterprise"):
        content.letter(results, "没有这家")


def test_the_strip_shows_quantiles_and_no_other_enterprise(results: Results) -> None:
    # From 2 to 10 on a straight scale of 204 units from 8: the middle at 8 + 204 x 4 / 8.
    drawing = strip.draw(2.0, 10.0, (3.0, 4.0, 6.0, 8.0, 9.0), says="x")
    assert '<circle cx="8.0"' in drawing and "M208.0 2 h8" in drawing
    assert '<line x1="110.0"' in drawing
    assert drawing.count("<circle") == 1
    # By ratios where the ends are eight times apart: from 1 to 100 ten is in the middle.
    assert '<line x1="110.0"' in strip.draw(1.0, 100.0, (2.0, 5.0, 10.0, 20.0, 50.0), says="x")
    assert strip.draw(1.0, 2.0, (), says="x") == ""
    assert all(line.strip.count("<circle") <= 1 for line in of(results, 8).lines)


def test_of_a_small_group_no_distribution_is_shown(make: Callable[..., Results]) -> None:
    scheme = make.__globals__["made_results"].SCHEME.replace("groups: []", "groups: [district]")
    letter = of(make(scheme=scheme), 8)
    assert "“石笕县·规上”7 家企业中" in letter.sentence
    assert [line.strip for line in letter.lines] == ["", ""]
    assert letter.lines_note == "同组不足 10 家，不画分布，以免透露他人数据。"


def test_page_and_pdf_say_the_same_on_one_sheet(results: Results, tmp_path: Path) -> None:
    for number in (1, 8, 17, 21, 22):
        who = f"9133990000000000{number:02d}"
        letter = content.letter(results, who, publicity=TOLD)
        pdf = drawn.write_letter_pdf(results, who, tmp_path / "l.pdf", publicity=TOLD)
        pages = PdfReader(pdf).pages
        assert len(pages) == 1
        text = "".join(pages[0].extract_text().split())
        page = drawn.write_letter_html(results, who, tmp_path / "l.html", publicity=TOLD)
        html = page.read_text(encoding="utf-8")
        plain = "".join(re.sub(r"<[^>]+>", " ", html).split())
        told = [letter.name, letter.code, letter.sentence, MARK]
        told += [line for one in letter.blocks for line in (*one.lines, *one.to_do)]
        told += [source.values for source in letter.sources]
        for said in told:
            bare = "".join(said.split())
            assert bare in text and bare in plain
        assert "<script" not in html and "http-equiv" in html
        again = drawn.write_letter_pdf(results, who, tmp_path / "again.pdf", publicity=TOLD)
        assert again.read_bytes() == pdf.read_bytes()


def test_a_hostile_name_stays_text(make: Callable[..., Results], tmp_path: Path) -> None:
    scheme = make.__globals__["made_results"].SCHEME.replace(
        "says: 新投产企业", "says: '<script>alert(1)</script>'"
    )
    page = drawn.write_letter_html(
        make(scheme=scheme), "913399000000000021", tmp_path / "l.html"
    ).read_text(encoding="utf-8")
    assert "<script>" not in page and "&lt;script&gt;alert(1)" in page


def test_every_character_has_a_glyph(
    results: Results, glyphs: set[int], strings: Callable[[object], Iterator[str]]
) -> None:
    shown = set(
        "".join(assets.own(f"evaluation/letter/letter.{end}") for end in ("html.j2", "typ"))
    )
    for number in (1, 8, 17, 19, 21, 22, 23):
        for language in ("zh", "en"):
            letter = of(results, number, language=language, publicity=TOLD)
            shown |= set("".join(strings(dataclasses.asdict(letter))))
    assert {char for char in shown if ord(char) not in glyphs and char not in "\n　"} == set()


def test_english_has_no_chinese_sentence(results: Results) -> None:
    letter = of(results, 8, language="en", publicity=Publicity(date(2025, 4, 10), "the bureau"))
    assert letter.title == "Notice of the evaluation of 2024"
    for one in letter.blocks:
        assert not re.search("[一-鿿]", "".join((one.title, *one.lines)).replace("万元", ""))


def test_a_last_day_that_was_settled_is_told_without_asking_the_scheme() -> None:
    told = Publicity(date(2025, 4, 10), ends=date(2025, 4, 17)).period(None)
    assert told.zh == "公示期：2025-04-10 至 2025-04-17"
    assert told.en == "Publicity: 2025-04-10 to 2025-04-17"
