"""A contract may say what a simulated column is like; slips are Problems at their line."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks

ROOT = Path(__file__).resolve().parents[3]
SECOND = """id: grid
title: 电网
title_en: Grid
owner: jxj
grain: enterprise_year
key: [uscc, year]
freshness: {every: year}
sensitivity: internal
legal_use: [describe]
evidence: {source: 设例, verified: assumption}
columns:
  - {id: uscc, title: 统一社会信用代码, title_en: code, kind: credit_code}
  - {id: year, title: 年度, title_en: year, kind: year}
  - {id: level, title: 等级, title_en: level, kind: choice, values: [低, 高]}
  - {id: sold, title: 售电额, title_en: sold, kind: quantity, unit: 万元}
  - §
"""
QUANTITY = "{id: made, title: 设, title_en: made, kind: quantity, unit: 万元, mock: {§}}"
CHOICE = "{id: made, title: 设, title_en: made, kind: choice, values: [低, 高], mock: {§}}"


@pytest.mark.parametrize(
    ("column", "keys", "said"),
    [
        (QUANTITY, "of: sold, about: 12%, spread: 0.8, present: 30%, leans: -0.5", ""),
        (QUANTITY, "about: 12, known: 8.5%, where: sold, industries: ['27']", ""),
        (CHOICE, "shares: [70%, 30%], leans: 1", ""),
        (QUANTITY, "of: sol", "“sol”不存在"),
        (QUANTITY, "of: level", "应为 quantity"),
        (QUANTITY, "where: level", "应为 quantity"),
        (QUANTITY, "of: made", "循环"),
        (QUANTITY, "entries: nobody", "“nobody”不存在"),
        (QUANTITY, "places: [qingyu]", ""),
        (QUANTITY, "places: [qingyu_port]", "“qingyu_port”不存在"),
        (CHOICE, "places: [qingyu]", "不适用于 kind: choice"),
        (QUANTITY, "within: life", "不适用于 kind: quantity"),
        (QUANTITY, "spread: 4", "不合要求"),
        (QUANTITY, "present: 一半", "不合要求"),
        (CHOICE, "shares: [70%, 20%]", "合计 90%"),
        (CHOICE, "shares: [100%]", "1 项"),
        (CHOICE, "about: 3", "不适用于 kind: choice"),
    ],
)
def test_each_slip_is_said_at_its_line(tmp_path: Path, column: str, keys: str, said: str) -> None:
    city = tmp_path / "city"
    shutil.copytree(ROOT / "tests" / "cities" / "lanhe", city)
    written = SECOND.replace("§", column.replace("§", keys))
    (city / "datasets" / "grid.yaml").write_text(written, encoding="utf-8")
    errors = checks.check(city).errors
    if not said:
        assert errors == []
        return
    assert said in " ".join(each.what.zh for each in errors)
    assert {(each.file, each.line) for each in errors} == {("datasets/grid.yaml", 16)}


PARKS = """id: parks
title: 园区
title_en: Parks
owner: jxj
grain: place_period
places: park
key: [place, period]
freshness: {every: year}
sensitivity: internal
legal_use: [describe]
evidence: {source: 设例, verified: assumption}
columns:
  - {id: place, title: 园区, title_en: park, kind: text}
  - {id: period, title: 时期, title_en: period, kind: period}
  - {id: ground, title: 用地, title_en: land, kind: quantity, unit: 亩}
  - {id: port, title: 临港, title_en: port, kind: boolean, mock: {places: [§]}}
  - {id: yard, title: 堆场, title_en: yard, kind: quantity, unit: 亩, mock: {of: ¤, about: 5%}}
"""


@pytest.mark.parametrize(
    ("place", "of", "said"),
    [
        ("qingyu_port", "ground", ""),
        ("qingyu", "ground", "“qingyu”不存在"),
        ("qingyu_port", "revenue", "“revenue”不存在"),
    ],
)
def test_figures_of_parks_follow_what_stands_beside_them(
    tmp_path: Path, place: str, of: str, said: str
) -> None:
    city = tmp_path / "city"
    shutil.copytree(ROOT / "tests" / "cities" / "lanhe", city)
    written = PARKS.replace("§", place).replace("¤", of)
    (city / "datasets" / "parks.yaml").write_text(written, encoding="utf-8")
    errors = checks.check(city).errors
    assert [said in each.what.zh for each in errors] == ([True] if said else [])


def test_only_tables_about_places_say_which(tmp_path: Path) -> None:
    city = tmp_path / "city"
    shutil.copytree(ROOT / "tests" / "cities" / "lanhe", city)
    written = SECOND.replace("key: [uscc, year]", "places: park\nkey: [uscc, year]")
    (city / "datasets" / "grid.yaml").write_text(written.replace("  - §\n", ""), encoding="utf-8")
    (error,) = checks.check(city).errors
    assert "places 只用于 grain: place_period" in error.what.zh
