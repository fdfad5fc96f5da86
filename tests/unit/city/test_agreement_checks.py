"""A column may name a column of another source that should tell the same; slips are Problems."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dataset import Agreement

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
  - {id: sales, title: 电网所知销售, title_en: sales, kind: quantity, unit: 亿元, agrees_with: [§]}
  - {id: words, title: 说明, title_en: words, kind: text}
"""


@pytest.mark.parametrize(
    ("agreement", "said"),
    [
        ("{column: performance.revenue}", ""),
        ("{column: performance.revenue, within: 2.5%}", ""),
        ("{column: performance.revenu}", "“revenu”不存在"),
        ("{column: performanc.revenue}", "数据集“performanc”不存在"),
        ("{column: grid.sales}", "重复或是本列"),
        ("{column: performance.revenue}, {column: performance.revenue}", "重复或是本列"),
        ("{column: performance.employees}", "量纲不同"),
        ("{column: grid.words}", "量纲不同"),
        ("{column: market_entities.name}", "粒度不同"),
        ("{column: revenue}", "不合要求"),
        ("{column: performance.revenue, within: 十分之一}", "不合要求"),
    ],
)
def test_each_slip_is_said_at_its_line(tmp_path: Path, agreement: str, said: str) -> None:
    city = tmp_path / "city"
    shutil.copytree(ROOT / "tests" / "cities" / "lanhe", city)
    file = city / "datasets" / "grid.yaml"
    file.write_text(SECOND.replace("§", agreement), encoding="utf-8")
    errors = checks.check(city).errors
    if not said:
        assert errors == []
        return
    assert said in " ".join(each.what.zh for each in errors)
    assert {(each.file, each.line) for each in errors} == {("datasets/grid.yaml", 14)}


def test_a_tolerance_is_read_exactly() -> None:
    assert str(Agreement(column="a.b", within="2.5%").tolerance) == "0.025"
