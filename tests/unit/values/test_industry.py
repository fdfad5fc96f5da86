"""Industry codes of GB/T 4754-2017: the tree, spellings, search, refusals."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import industry


def test_the_table_holds_every_node_of_the_standard() -> None:
    levels = Counter(node.level for node in industry.everything())
    assert levels == {"section": 20, "division": 97, "group": 473, "class": 1380}
    for node in industry.everything():
        assert node.path[0].code == node.section
        assert node in (node.parent.children if node.parent else [node])


@pytest.mark.parametrize("code", ["C2631", "2631", "c2631", " Ｃ２６３１ "])
def test_a_code_may_bear_its_letter(code: str) -> None:
    node = industry.get(code)
    assert (node.code, node.name, node.level, node.section) == (
        "2631",
        "化学农药制造",
        "class",
        "C",
    )
    assert node.full_code == "C2631"
    assert [up.full_code for up in node.path] == ["C", "C26", "C263", "C2631"]


def test_sections_and_children() -> None:
    assert industry.get("C").name == "制造业"
    assert [child.code for child in industry.get("C").children] == [str(n) for n in range(13, 44)]
    assert [child.code for child in industry.get("D").children] == ["44", "45", "46"]
    assert industry.get("C2631").children == ()
    assert industry.get("C").parent is None


@pytest.mark.parametrize(
    ("code", "above", "within"),
    [("2631", "C26", True), ("C26", "26", True), ("2631", "C", True), ("26", "2631", False)],
)
def test_is_within(code: str, above: str, within: bool) -> None:  # noqa: FBT001
    assert industry.is_within(code, above) is within


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("A26", "写成 C26"),
        ("C2699", "最近的上级是 C26 "),
        ("C26311", "最近的上级是 C2631 "),
        ("X", "门类是字母 A—T"),
        ("2", "门类是字母 A—T"),
        ("", "门类是字母 A—T"),
        ("制造业", "门类是字母 A—T"),
    ],
)
def test_an_unknown_code_names_what_exists_above_it(code: str, said: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        industry.get(code)
    assert said in refused.value.hint.zh


def test_search_prefers_the_exact_then_the_broad_and_is_stable() -> None:
    assert industry.search("医药制造业")[0].code == "27"
    assert industry.search("船舶")[0].name.startswith("船舶")
    found = industry.search("金属船舶", 3)
    assert found[0].code == "3731"
    assert found == industry.search("金属船舶", 3)
    # No name holds these words in a row; shared pairs still find it.
    assert "3411" in [node.code for node in industry.search("锅炉和设备制造", 10)]
    assert industry.search("  ") == ()
    assert industry.search("鑫淼焱") == ()


@pytest.mark.shared
def test_the_table_agrees_with_the_public_one_node_by_node(shared: Path) -> None:
    with (shared / "data/classifications/gbt4754_2017.csv").open(encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f))
    ours = industry.everything()
    assert [node.code for node in ours] == [row["code"] for row in rows]
    for node, row in zip(ours, rows, strict=True):
        if node.code == "37":  # the public table repeats the name of its first group
            continue
        name = row["name"].replace("(", "（").replace(")", "）")
        assert (node.name, node.parent_code, node.section) == (name, row["parent"], row["section"])
        assert bool(node.note) == (row["source"] != "Hyhyhyhyhyhyh/CN_industry_code_2017")


def test_a_code_with_its_name_in_either_language() -> None:
    told = industry.titled("35")
    assert (told.zh, told.en) == ("35 专用设备制造业", "35 Special purpose machinery")
    assert industry.titled("37").zh == "37 铁路、船舶、航空航天和其他运输设备制造业"
    assert industry.titled("01").en == "01 农业"  # no English name at hand
    assert industry.titled("xx").zh == "xx"


def test_every_industrial_division_has_an_english_name() -> None:
    divisions = [one for one in industry.everything() if one.level == "division"]
    wanted = {one.code for one in divisions if one.section in ("B", "C", "D")}
    assert {c for c in wanted if industry.titled(c).en != industry.titled(c).zh} == wanted
