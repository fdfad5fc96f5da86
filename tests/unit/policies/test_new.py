"""A new policy from each template: checks clean, its examples pass, lint has nothing to say."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from cityforge.brain.city import checks, skeleton
from cityforge.brain.errors import RunRefused
from cityforge.brain.policies import examples, new
from cityforge.brain.policies.lint.lint import lint

CITIES = Path(__file__).resolve().parents[2] / "cities"
DAY = date(2026, 3, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "lanhe"
    shutil.copytree(CITIES / "lanhe", folder)
    return folder


@pytest.mark.parametrize("template", new.TEMPLATES)
def test_a_new_policy_is_clean_before_it_is_filled(root: Path, template: str) -> None:
    title = '奖励“规上”企业: "甲"'
    written = new.write(*checks.load(root), "fresh", title=title, template=template, day=DAY)
    assert written == root / "policies" / "fresh.yaml"
    city, book = checks.load(root)
    assert city.policies["fresh"].title == title
    ran = list(examples.run(city, book))
    assert {one.example.expect for one in ran} == {"eligible", "not_yet", "unknown"}
    assert [one for one in ran if not one.passed] == []
    assert lint(city, book, day=DAY).findings == ()
    assert "@" not in written.read_text(encoding="utf-8")


def test_the_templates_are_the_files_there_are() -> None:
    folder = Path(new.__file__).parent / "templates"
    assert {file.stem for file in folder.glob("*.yaml")} == set(new.TEMPLATES)
    for file in folder.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert text.splitlines()[1].startswith("# 样板")


def test_nothing_is_overwritten(root: Path) -> None:
    city, book = checks.load(root)
    file = new.write(city, book, "fresh", title="甲", day=DAY)
    before = file.read_bytes()
    with pytest.raises(RunRefused, match="exists"):
        new.write(city, book, "fresh", title="乙", template="award", day=DAY)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "title", "template", "says"),
    [
        ("../away", "甲", "rate", "small letters"),
        ("大写", "甲", "rate", "small letters"),
        ("9lives", "甲", "rate", "small letters"),
        ("fresh", " ", "rate", "printable"),
        ("fresh", "甲\n乙", "rate", "printable"),
        ("fresh", "甲", "nothing", "no template 'nothing'"),
    ],
)
def test_what_cannot_be_a_policy_is_refused(root: Path, name, title, template, says) -> None:
    with pytest.raises(RunRefused, match=says):
        new.write(*checks.load(root), name, title=title, template=template, day=DAY)
    assert not (root / "policies").exists()


def test_a_city_without_a_title_has_no_award_to_start_from(tmp_path: Path) -> None:
    root = tmp_path / "bare"
    skeleton.write(root, title="新市", title_en="New City")
    with pytest.raises(RunRefused, match="no register of kind title"):
        new.write(*checks.load(root), "fresh", title="甲", template="award", day=DAY)
    assert new.write(*checks.load(root), "fresh", title="甲", day=DAY).exists()
    assert checks.check(root).problems == []
