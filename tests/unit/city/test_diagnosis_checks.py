"""What `check` says of a diagnosis that does not hold together."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"


def told(tmp_path: Path, name: str, *changes: tuple[str, str]) -> list[str]:
    """The Problems of a copy of the city whose diagnosis was changed."""
    city = tmp_path / "lanhe"
    shutil.copytree(LANHE, city)
    file = city / "diagnoses" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    problems = checks.check(city).problems
    assert {problem.file for problem in problems} <= {f"diagnoses/{name}.yaml"}
    assert all(problem.line for problem in problems)
    return [problem.what.zh for problem in problems]


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        ("workshop", "points: 10\n", "points: 9\n", "“车间”写明满分 9，题目合计 10"),
        ("workshop", "total: 16", "total: 17", "写明满分 17，题目合计 16"),
        ("workshop", "level: 2, title: 良好", "level: 3, title: 良好", "等级须从 1 起连续"),
        ("workshop", "from: 12}", "from: 8}", "得分下限须高于前一级"),
        ("workshop", "from: 12}", "from: 17}", "最高只能得 16，达不到"),
        ("workshop", "scenes: 1\n", "scenes: 2\n", "要求 2 个场景，只有 1 个"),
        ("workshop", "{id: office,", "{id: control,", "标识“control”重复，第 54 行已有"),
        ("workshop", "id: make, says: 生产", "id: design, says: 生产", "选项“design”重复"),
        ("workshop", "most: 4", "most: 7", "选项合计达不到"),
        ("workshop", "{from: 2, points: 1}", "{from: 6, points: 1}", "分档须从 0 起，逐档升高"),
        ("workshop", "says: 草案, says_en: a draft, points: 1",
         "says: 草案, says_en: a draft, points: 5", "单选的选项须由 0 分起，由低到高"),
        ("workshop", "    - {effort: 3, says: 大改, says_en: large changes, cost: 20}\n", "",
         "难度 3 没有写明费用"),
        ("workshop", "prefill: rd_expense / revenue", "prefill: rd_expense", "单位不符"),
        ("workshop", "when: above_scale", "when: above_scales", "above_scales"),
        ("grown_up", "weight: 0.25", "weight: 0.3", "权重合计 1.05，应为 1"),
        ("grown_up", "    weight: 0.25\n", "", "同一层的权重要么都写，要么都不写"),
        ("grown_up", "id: people_2, kind: requirement, level: 2",
         "id: people_2, kind: requirement, level: 3", "没有这一级"),
        ("grown_up", "prefill: employees >= 50人", "prefill: employees",
         "这里要条件（是/否），得到的是数"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)  # fmt: skip
def test_a_fault_is_told_in_its_place(
    tmp_path: Path, name: str, old: str, new: str, wanted: str
) -> None:
    found = told(tmp_path, name, (old, new))
    assert any(wanted in one for one in found), found


def test_a_question_must_fit_its_kind(tmp_path: Path) -> None:
    found = told(
        tmp_path, "workshop",
        ("kind: direction, says: 人均营收", "kind: scene, says: 人均营收"),
        ("kind: share, says", "kind: share, key: true, says"),
    )  # fmt: skip
    assert "scene 题没有 directions" in found
    assert "只有 scene 题可写 key" in found


def test_a_level_must_be_required_and_sums_need_their_method(tmp_path: Path) -> None:
    found = told(tmp_path, "grown_up", ("method: maturity", "method: points"))
    assert any("points 须写且只写 total" in one for one in found), found


def test_one_without_questions_says_what_is_missing(tmp_path: Path) -> None:
    city = tmp_path / "lanhe"
    shutil.copytree(LANHE, city)
    file = city / "diagnoses" / "grown_up.yaml"
    head, _, _ = file.read_text(encoding="utf-8").partition("blocks:")
    file.write_text(head, encoding="utf-8")
    assert [one.what.zh for one in checks.check(city).problems] == ["没有题目，也没有说明缺什么"]
    file.write_text(head + "unspecified: [题目未取得]\n", encoding="utf-8")
    assert checks.check(city).problems == []


def test_data_for_description_only_may_not_fill_an_answer_in(tmp_path: Path) -> None:
    city = tmp_path / "lanhe"
    shutil.copytree(LANHE, city)
    file = city / "datasets" / "performance.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("title_en: R&D expense,", "title_en: R&D expense, legal_use: [describe],")
    file.write_text(text, encoding="utf-8")
    found = [one for one in checks.check(city).problems if one.file == "diagnoses/workshop.yaml"]
    assert ["只能用于描述全市" in one.what.zh for one in found] == [True]
