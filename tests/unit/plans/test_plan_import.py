"""Importing a plan into a city: new, again after edits, and after a revision of the text."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import folder
from cityforge.brain.errors import CityRefused, ValueRefused
from cityforge.brain.plans.adopt import propose
from cityforge.brain.plans.read import read_lines

LANHE = Path(__file__).resolve().parents[2] / "cities/lanhe"
TEXT = """兰河市工业提质三年行动计划（2024—2026年）
一、总体要求
（一）主要目标。到2026年，规上工业亩均税收达到22万元/亩以上。
二、重点任务
（一）提升效益。开展评价。（市经信局牵头，市税务局配合）
（二）培育企业。每年新增专精特新企业8家，力争到2026年总数达到50家左右。（责任单位：市经信局、林业局）"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    copy = tmp_path / "lanhe"
    shutil.copytree(LANHE, copy)
    (copy / "plan.yaml").unlink()
    return copy


def imported(city: Path, text: str = TEXT) -> list[str]:
    proposal = propose(read_lines(text.split("\n")), city, title_en="Better industry")
    proposal.write()
    return [sentence.zh for sentence in proposal.differences]


def plan_of(city: Path) -> folder.Plan:
    found, problems = folder.read(city)
    assert problems == []
    assert found is not None
    assert found.plan is not None
    return found.plan


def test_a_new_plan(city: Path) -> None:
    assert imported(city) == ["新建 plan.yaml：2 条举措、5 个目标、指标表 0 行"]
    plan = plan_of(city)
    assert (plan.from_year, plan.to_year) == (2024, 2026)
    assert [(u.unit, u.role) for u in plan.measures[0].responsible_units] == [
        ("jxj", "lead"),
        ("shuiwu", "support"),
    ]


def test_a_yearly_quota_becomes_one_target_a_year(city: Path) -> None:
    imported(city)
    quotas = [t for t in plan_of(city).targets if t.annual]
    assert [(t.id, t.year, int(t.value)) for t in quotas] == [
        ("m2_1_2024", 2024, 8),
        ("m2_1_2025", 2025, 8),
        ("m2_1_2026", 2026, 8),
    ]


def test_how_a_number_is_meant_is_kept(city: Path) -> None:
    imported(city)
    about = next(t for t in plan_of(city).targets if t.id == "m2_2")
    assert (about.comparator, about.modal) == ("approx", "力争")


def test_units_the_city_does_not_know_are_told_and_left_out(city: Path) -> None:
    proposal = propose(read_lines(TEXT.split("\n")), city)
    assert proposal.unknown_units == ("市林业局",)
    assert not (city / "plan.yaml").exists(), "a proposal writes nothing"


def test_the_same_text_again_changes_nothing(city: Path) -> None:
    imported(city)
    before = (city / "plan.yaml").read_bytes()
    assert imported(city) == []
    assert (city / "plan.yaml").read_bytes() == before


def edit(city: Path, *pairs: tuple[str, str]) -> None:
    file = city / "plan.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def test_what_people_edited_survives_a_revision(city: Path) -> None:
    imported(city)
    edit(
        city,
        ("  - number: '2'\n", "  # 由主任亲自督办\n  - number: '2'\n"),
        ("indicator: 规上工业亩均税收", "indicator: 规上工业亩均税收（不含电力）"),
    )
    said = imported(
        city,
        TEXT.replace("22万元/亩", "25万元/亩").replace(
            "新增专精特新企业8家", "新增专精特新企业9家"
        ),
    )
    text = (city / "plan.yaml").read_text(encoding="utf-8")
    assert "# 由主任亲自督办" in text
    assert "不含电力" in text
    goal = plan_of(city).targets[0]
    assert (goal.value, goal.indicator) == (25, "规上工业亩均税收（不含电力）")
    assert "目标 2026“规上工业亩均税收（不含电力）”：value 由 22 改为 25" in said
    assert sum("value 由 8 改为 9" in sentence for sentence in said) == 3


def test_a_field_that_both_changed_stays_the_persons_and_is_told(city: Path) -> None:
    imported(city)
    edit(city, ("value: 22\n", "value: 23\n"))
    said = imported(city, TEXT.replace("22万元/亩", "25万元/亩"))
    assert plan_of(city).targets[0].value == 23
    assert said == ["目标 2026“规上工业亩均税收”：value 保留人工的 23（文本读作 25）"]


def test_what_the_revision_drops_goes_unless_edited(city: Path) -> None:
    imported(city)
    edit(city, ("title: 提升效益", "title: 提升效益和质量"))
    shorter = "\n".join(TEXT.split("\n")[:4]) + "\n（一）绿色制造。开展创建。（市经信局牵头）"
    said = imported(city, shorter)
    assert "删去举措 2“培育企业”：新文本中没有" in said
    assert "举措 1“提升效益和质量”：新文本中没有，但有人改过，保留" in said


def test_importing_over_a_plan_written_by_hand_keeps_it(tmp_path: Path) -> None:
    city = tmp_path / "lanhe"
    shutil.copytree(LANHE, city)
    before = plan_of(city)
    imported(city)
    after = plan_of(city)
    assert [m.title for m in after.measures][: len(before.measures)] == [
        m.title for m in before.measures
    ]
    assert {t.id for t in before.targets} <= {t.id for t in after.targets}


def test_what_cannot_be_imported(city: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueRefused):
        propose(read_lines(["没有结构的文字。"]), city)
    with pytest.raises(ValueRefused) as caught:
        propose(read_lines(["一、任务", "（一）做事。做好。"]), city)
    assert "--from-year" in caught.value.hint.zh
    with pytest.raises(CityRefused):
        propose(read_lines(TEXT.split("\n")), tmp_path / "none")
