"""The vocabularies themselves: every word once, every division real, the head found."""

import pytest

from cityforge.brain.extraction import industry_words
from cityforge.brain.values import industry


@pytest.mark.parametrize(
    "name", ["industry_goods.tsv", "industry_services.tsv", "industry_names.tsv"]
)
def test_each_word_stands_once_under_a_real_division(name: str) -> None:
    seen = set()
    for division, weight, words in industry_words.rows(name):
        assert industry.get(division).level == "division"
        assert 0 < float(weight) <= 4
        for word in words.split(" "):
            assert word and word not in seen, word
            seen.add(word)


def test_goods_are_made_in_manufacturing() -> None:
    divisions = {division for division, _, _ in industry_words.rows("industry_goods.tsv")}
    assert {industry.get(division).section for division in divisions} == {"C"}


@pytest.mark.parametrize(
    ("text", "word"),
    [("尼龙标准件", "标准件"), ("汽车空调", "汽车空调"), ("高温阀门体", "阀门"), ("某某", None)],
)
def test_the_head_of_a_noun_is_its_last_word(text: str, word: str | None) -> None:
    found = industry_words.goods().heading(text)
    assert (found and found.word) == word


def test_the_standards_own_names_are_goods() -> None:
    assert industry_words.goods().heading("客运索道").division == "34"


def test_words_of_a_name_do_not_overlap() -> None:
    words = [found.word for found in industry_words.names().each("甲邮政储蓄银行乙支行")]
    assert words == ["邮政储蓄银行", "支行"]
