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
