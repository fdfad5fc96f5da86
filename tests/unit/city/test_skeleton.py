"""`cityforge init`: a folder that stands its own check, and never harms what is there."""

from pathlib import Path

import pytest

from cityforge.brain.city import checks, skeleton
from cityforge.brain.errors import RunRefused


def test_the_skeleton_passes_every_check(tmp_path: Path) -> None:
    files = skeleton.write(tmp_path / "new" / "city", title="新市", title_en="New City")
    assert all(file.is_file() for file in files)
    city, _ = checks.load(tmp_path / "new" / "city")
    assert (city.place.title, city.place.title_en) == ("新市", "New City")
    assert city.schemes and city.frame is not None


@pytest.mark.parametrize(
    "name",
    ["null", "123", "2025-01-01", "~", "- a", "a: b", "# 市", "{x}", "[x", "*x", "&x", "!x", "%x",
     '"', "it's", "\\", "\\u0041", "@TITLE_EN@", "@TITLE@", "🏭", "a" * 100, " 市 ", "true"],
)  # fmt: skip
def test_any_printable_name_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    skeleton.write(tmp_path / "city", title=name, title_en=name)
    city, _ = checks.load(tmp_path / "city")
    assert (city.place.title, city.place.title_en) == (name, name)


@pytest.mark.parametrize(
    "name", ["", "  ", "a\nb", "a\rb", "a\x00b", "a\u2028b", "\ud800", "a" * 101]
)
def test_a_name_that_no_file_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    for names in ((name, "X"), ("市", name)):
        with pytest.raises(RunRefused):
            skeleton.write(tmp_path / "city", title=names[0], title_en=names[1])
    assert not (tmp_path / "city").exists()


def test_an_empty_folder_is_filled_and_a_full_one_left_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert skeleton.write(tmp_path / "empty", title="市", title_en="C")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".hidden").write_text("mine")
    with pytest.raises(RunRefused) as refused:
        skeleton.write(tmp_path / "full", title="市", title_en="C")
    assert "不是空文件夹" in refused.value.text.zh
    assert [file.name for file in (tmp_path / "full").iterdir()] == [".hidden"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "city").write_text("mine")
    with pytest.raises(RunRefused):
        skeleton.write(tmp_path / "city", title="市", title_en="C")
    assert (tmp_path / "city").read_text() == "mine"
