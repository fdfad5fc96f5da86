"""The profile in words: tables for a terminal, the page's payload and messages."""

import importlib.util
import re
import string
from datetime import date
from pathlib import Path

import pytest

from cityforge.brain.intake.profile import folder as folders
from cityforge.brain.intake.profile.shape import Profile
from cityforge.brain.reports import assets, profile_page, profile_tables, profile_words

_place = Path(__file__).parents[1] / "intake" / "made_folder.py"
_spec = importlib.util.spec_from_file_location("made_folder", _place)
assert _spec is not None and _spec.loader is not None
made_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_folder)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    data = made_folder.write(tmp_path_factory.mktemp("data"))
    return folders.profile(made_folder.city(), data, as_of=date(2025, 9, 30))


def cells(table: profile_tables.Table) -> list[list[str]]:
    return [[c if isinstance(c, str) else c.zh for c in row] for row in table.rows]


def test_the_overview_puts_the_most_urgent_first(found: Profile) -> None:
    overview, agreements = profile_tables.of(found)
    rows = cells(overview)
    assert [row[0].split("\n")[0] for row in rows[:3]] == ["用地", "月度数据", "税务"]
    assert rows[0] == ["用地\n  云屿市工信局", "■ 没有数据", "0", "0", "0", "—"]
    assert rows[1][1] == "■ 缺 3 期，自2025年6月起"
    assert rows[2][1:] == ["● 按期", "123", "4", "2", "100.0%"]
    pair = cells(agreements)[0]
    assert pair == ["税务·开票销售 对 统计调查·营业收入（统计）", "119", "10%", "97.5%", "1", "2"]


def test_one_dataset_has_its_columns_rejects_and_slips(found: Profile) -> None:
    columns, rejects, slips = profile_tables.of(found, dataset="tax")
    sales = cells(columns)[2]
    assert sales[0] == "开票销售（元）"
    assert sales[1] == "100.0%"
    assert sales[-2:] == ["5", "2"]
    assert len(rejects.rows) == 4
    assert made_folder.HOSTILE in cells(slips)[1][0]
    assert [len(each.rows) for each in profile_tables.of(found, dataset="months")] == [3]
    with pytest.raises(KeyError):
        profile_tables.of(found, dataset="nothing")


def test_the_sentence_says_what_matters_in_both_languages(found: Profile) -> None:
    said = profile_words.sentence(found)
    assert "应报 6 个数据集，其中 2 个逾期或没有数据" in said.zh
    assert "有 2 处数值疑似差了 1000 倍或 10000 倍" in said.zh
    assert "6 datasets: 2 of them late or absent" in said.en


def test_nearly_all_is_not_all() -> None:
    assert profile_words.percent(9999, 10000) == ">99.9%"
    assert profile_words.percent(10000, 10000) == "100.0%"
    assert profile_words.percent(999, 1000) == "99.9%"
    assert profile_words.percent(0, 0) == "—"


def test_the_payload_names_no_enterprise_of_survey_data(found: Profile) -> None:
    data = profile_page.payload(found)
    survey = next(each for each in data["datasets"] if each["id"] == "survey")
    against = data["agreements"][0]
    for code in made_folder.codes():
        assert code not in str(survey)
        assert code not in str(against)
    assert made_folder.codes()[5] in str(data["agreements"][1])


def test_the_same_profile_gives_the_same_bytes(found: Profile, tmp_path: Path) -> None:
    profile_page.write(found, tmp_path / "one.html")
    profile_page.write(found, tmp_path / "two.html")
    page = (tmp_path / "one.html").read_bytes()
    assert page == (tmp_path / "two.html").read_bytes()
    assert "模拟数据" in page.decode()
    assert made_folder.HOSTILE not in page.decode()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.html", "two.html"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_messages_are_whole_and_every_asked_one_exists() -> None:
    known = profile_words.catalogue()
    for message in known.values():
        assert places(message["zh"]) == places(message["en"])
    script = assets.own("page.js") + assets.own("profile.js")
    python = "".join(path.read_text(encoding="utf-8") for path in assets.HERE.glob("profile_*.py"))
    asked = set(re.findall(r'(?:say|text|fact)\("(\w+)"[,)]', script + python))
    assert asked
    assert asked <= set(known)
    said = set(re.findall(r'"(\w+)"', script + python + assets.own("profile.html.j2")))
    own = {key for key in known if key.startswith(("p_", "t_profile", "t_columns", "t_rejects"))}
    assert own - said == set()
