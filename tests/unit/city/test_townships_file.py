"""townships.yaml: optional, checked against city.yaml and itself."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks

CITY = Path(__file__).resolve().parents[3] / "cities" / "taizhou"
HEAD = "evidence: {source: s, verified: assumption}\ntownships:\n"
TOWN = '  - {{code: "3212811{n:02}", title: {title}, district: {district}}}\n'


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CITY, tmp_path / "city"))


def _problems(city: Path, text: str) -> list[tuple[int, str]]:
    (city / "townships.yaml").write_text(text, encoding="utf-8")
    return [(problem.line, problem.what.zh) for problem in checks.check(city).errors]


def test_a_city_needs_no_townships(city: Path) -> None:
    (city / "townships.yaml").unlink()
    checked = checks.check(city)
    assert checked.errors == []
    assert checked.city is not None
    assert checked.city.townships is None


def test_a_good_file_has_no_problem(city: Path) -> None:
    text = HEAD + TOWN.format(n=0, title="甲镇", district="xinghua")
    text += TOWN.format(n=1, title="甲镇2", district="xinghua")
    # The same name in another district is lawful.
    text += TOWN.format(n=2, title="甲镇", district="hailing")
    text += "former:\n  - title: 乙乡\n    district: xinghua\n    now: 甲镇\n"
    text += "    evidence: {source: s, verified: assumption}\nseat: hailing\n"
    assert _problems(city, text) == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + TOWN.format(n=0, title="甲镇", district="nowhere"), 3, "nowhere"),
        (
            HEAD
            + TOWN.format(n=0, title="甲镇", district="xinghua")
            + TOWN.format(n=1, title="甲镇", district="xinghua"),
            4,
            "“甲镇”重复",
        ),
        (
            HEAD
            + TOWN.format(n=0, title="甲镇", district="xinghua")
            + TOWN.format(n=0, title="乙镇", district="xinghua"),
            4,
            "“321281100”重复",
        ),
        (HEAD + TOWN.format(n=0, title="甲镇", district="xinghua") + "seat: mars\n", 4, "mars"),
        (
            HEAD
            + TOWN.format(n=0, title="甲镇", district="xinghua")
            + "former:\n  - title: 乙乡\n    district: xinghua\n    now: 丙镇\n"
            + "    evidence: {source: s, verified: assumption}\n",
            7,
            "丙镇",
        ),
        (
            HEAD + '  - {code: "321281100", title: 甲, district: xinghua, formerly_in: [venus]}\n',
            3,
            "venus",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_line(city: Path, text: str, line: int, says: str) -> None:
    [(at, what)] = _problems(city, text)
    assert at == line
    assert says in what
