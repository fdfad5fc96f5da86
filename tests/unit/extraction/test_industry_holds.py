"""What holds of any text: no failure, ordered chances within (0, 1), the same answer twice."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.extraction import industry
from cityforge.brain.values import industry as standard

WORDS = (
    "阀门 纸箱 服装 水产品 房屋 广告 电缆 制造 生产 加工 销售 批发 零售 养殖 种植 安装 维修 租赁"
)
MARKS = "、 ， 。 ； （ ） ( [ ] ： 及 和 的 无 不含 成员 进出口业务 许可经营项目 ＡＢＣ 1 施工"
PIECES = st.sampled_from(WORDS.split() + MARKS.split())
SCOPES = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join))


@given(SCOPES, SCOPES)
def test_any_text_gives_ordered_chances(scope: str, name: str) -> None:
    answers = industry.infer(scope, name, limit=5)
    chances = [answer.confidence for answer in answers]
    assert all(0 < chance < 1 for chance in chances)
    assert chances == sorted(chances, reverse=True)
    assert len({answer.code for answer in answers}) == len(answers)
    for answer in answers:
        assert standard.get(answer.code).level == "division"
        assert 1 <= len(answer.because) <= 3


@given(SCOPES, SCOPES)
def test_the_same_text_gives_the_same_answer(scope: str, name: str) -> None:
    once = industry.infer(scope, name)
    industry._infer.cache_clear()
    assert industry.infer(scope, name) == once


@given(st.lists(st.sampled_from(["阀门", "纸箱", "服装"]), min_size=1, max_size=40))
def test_long_lists_stay_bounded(goods: list[str]) -> None:
    answers = industry.infer("、".join(goods) + "制造", "")
    assert {answer.code for answer in answers} <= {"34", "22", "18"}
    assert answers


@pytest.mark.parametrize("cell", ["((" * 50_000, "、" * 100_000, "阀门" * 50_000, "()" * 50_000])
def test_a_broken_cell_takes_no_time(cell: str) -> None:
    began = time.process_time()
    industry.infer(cell, cell)
    assert time.process_time() - began < 2
