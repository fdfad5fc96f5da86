"""The words of a city: built from its files alone, and found the longest first."""

from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.extraction import address, gazetteer
from cityforge.brain.extraction.gazetteer import Gazetteer

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"


def test_a_city_without_townships_tells_districts_all_the_same() -> None:
    city, _ = checks.load(LANHE)
    assert city.townships is None
    words = gazetteer.build(city)
    for text in ("青屿区甲路1号", "青屿市甲路1号", "青屿甲路1号"):
        read = address.recognise(words, text, None)
        assert (read.district, read.township, read.is_guess) == ("qingyu", None, False)
    assert address.recognise(words, "青屿路1号", None) == address.Recognised()
    # Without a seat the city's name alone gives not even a guess.
    assert address.recognise(words, f"{city.place.title}甲路", None) == address.Recognised()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("江苏省泰州市姜堰区姜堰镇", ["江苏省", "泰州市", "姜堰区", "姜堰镇"]),
        ("姜堰经济开发区", ["姜堰经济开发区"]),
        ("海陵南路海陵大道海陵三巷", []),
        ("靖江新桥镇", ["靖江", "新桥镇"]),
        ("口岸街道办事处口岸街", ["口岸街道办事处"]),
        ("上海市场上海市", ["上海市"]),
        ("", []),
        ("兴", []),
    ],
)
def test_words_are_found_the_longest_first_and_never_in_a_road(
    taizhou: Gazetteer, text: str, words: list[str]
) -> None:
    found = taizhou.find(text)
    assert [word.text for word in found] == words
    assert all(text[word.start : word.end] == word.text for word in found)


def test_an_old_prefecture_before_the_district_is_not_elsewhere(taizhou: Gazetteer) -> None:
    assert taizhou.words["扬州市"].kind == "above"
    assert taizhou.words["沭阳县"].kind == "elsewhere"
    assert taizhou.words["江苏省"].kind == "above"
