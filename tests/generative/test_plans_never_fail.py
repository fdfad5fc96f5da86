"""The plan reader meets any text and any bytes: it answers or refuses, and its spans hold."""

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.errors import ValueRefused
from cityforge.brain.plans import write
from cityforge.brain.plans.read import read_bytes, read_lines
from cityforge.brain.plans.reading import Reading

PLAN = """云屿市海洋渔业三年行动计划（2025—2027年）
一、总体要求
（一）主要目标。到2027年，渔业产值突破1.2万亿元，占比达68%左右，比2022年下降17%。
二、重点任务
（一）做强养殖
1.建设网箱。每年新建深水网箱600口、码头2座，分别达到30家和20家。（责任单位：市渔业局、财政局）
类别\t指标\t2027年
规模\t产值（亿元）\t300
三、保障措施
（一）加强组织领导。以下均需各区落实，不再列出。"""
# The letters that rules look at, so that random text meets the rules.
GENRE = st.sampled_from(
    "一二三四五十百千万亿零0123456789.．、，。；：（）()〔〕【】“”《》%％年月日个家项名元吨倍番"
    "到至比较每均分别各和及与达超过约以上左右内市省县区局委办厅等牵头责任单位配合负责建成"
    "新增培育\t\n 　|-—·…第章条①ABG+"
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(GENRE, max_size=400).map("".join),
    st.lists(st.sampled_from(PLAN.split("\n")), max_size=30).map("\n".join),
)


def holds(reading: Reading) -> None:
    for item in (*reading.targets, *reading.measures):
        start, end = item.span
        assert reading.text[start:end] == item.text
    for refused in reading.not_targets:
        assert 0 <= refused.span[0] <= refused.span[1] <= len(reading.text)
    labels = [measure.number for measure in reading.measures]
    assert len(set(labels)) == len(labels)
    assert {target.measure for target in reading.targets} <= {None, *labels}
    assert write.as_json(reading)
    if not reading.measures:
        assert reading.notes


@given(TEXTS)
@settings(max_examples=300, deadline=2000)
def test_any_text_is_read(text: str) -> None:
    holds(read_lines(text.split("\n")))


@given(st.integers(0, len(PLAN)), st.integers(0, len(PLAN)))
@settings(max_examples=100, deadline=2000)
def test_a_plan_cut_anywhere_is_read(start: int, end: int) -> None:
    holds(read_lines(PLAN[start:end].split("\n")))


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=2000)
def test_a_shuffled_plan_is_read(chance: random.Random) -> None:
    letters = list(PLAN)
    chance.shuffle(letters)
    holds(read_lines("".join(letters).split("\n")))


@given(
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html><table>", b"\xff\xfe", b"\x00"]),
    st.binary(max_size=600),
)
@settings(max_examples=300, deadline=4000)
def test_any_bytes_are_read_or_refused(head: bytes, tail: bytes) -> None:
    with contextlib.suppress(ValueRefused):
        holds(read_bytes(head + tail, name="plan"))


@pytest.mark.shared
@given(st.data())
@settings(max_examples=40, deadline=5000)
def test_real_plans_with_lines_lost_and_moved_are_read(shared: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted((shared / "plans").glob("*.txt"))))
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = data.draw(st.lists(st.sampled_from(lines), max_size=60))
    holds(read_lines(kept))
