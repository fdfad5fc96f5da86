"""One enterprise in words: each state it can be in, and what would change its grade."""

import math
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cityforge.brain.errors import RunRefused
from cityforge.brain.reports import words
from cityforge.brain.reports.messages import fixed


def rows(snapshot: Path, scheme: str = "two_parts", year: int = 2024) -> list[dict[str, Any]]:
    table = pq.read_table(snapshot / "tables" / f"evaluation_{scheme}.parquet")
    return [row for row in table.to_pylist() if row["year"] == year]


def one(snapshot: Path, scheme: str = "two_parts", **wanted: Any) -> dict[str, Any]:
    return next(
        row
        for row in rows(snapshot, scheme)
        if all(row[name] == value for name, value in wanted.items())
    )


def test_a_rated_enterprise_is_told_its_grade_rank_and_group(snapshot: Path) -> None:
    row = one(snapshot, district="yunping", part="above", grade="B")
    said = words.explain(snapshot, row["uscc"], scheme="two_parts").splitlines()
    assert said[0].startswith("【模拟数据】")
    assert said[1] == f"{row['name']}（{row['uscc']}）：2024 年度评为 B 类。"
    share = fixed(100 * row["rank"] / row["ranked"], 1)
    assert said[2] == (
        f"总分 {fixed(row['total'], 2)}，在“云坪区·规上”{row['ranked']} 家参评企业中列"
        f"第 {row['rank']} 位（前 {share}%）。"
    )


def test_the_distance_is_to_the_last_place_of_the_better_grade(snapshot: Path) -> None:
    row = one(snapshot, district="qingyu", part="above", grade="C")
    last = [
        other
        for other in rows(snapshot)
        if (other["district"], other["part"], other["grade"]) == ("qingyu", "above", "B")
    ][-1:]
    better = min(
        other["total"]
        for other in rows(snapshot)
        if (other["district"], other["part"], other["grade"]) == ("qingyu", "above", "B")
    )
    assert last  # else the sample holds no B there and the test means nothing
    said = words.explain(snapshot, row["uscc"], scheme="two_parts")
    assert f"距 B 类还差 {fixed(better - row['total'], 2)} 分" in said


def test_a_lever_closes_the_gap_when_the_scheme_is_applied_to_it(snapshot: Path) -> None:
    row = one(snapshot, part="below", grade="B", how_tax_per_mu="scored")
    better = min(
        other["total"]
        for other in rows(snapshot)
        if (other["district"], other["part"], other["grade"]) == (row["district"], "below", "A")
    )
    line = next(
        line
        for line in words.explain(snapshot, row["uscc"], scheme="two_parts").splitlines()
        if "提高到" in line
    )
    value = float(line.split("提高到 ")[1].split(" ")[0])
    assert math.isclose(value / 12 * 100, better, rel_tol=1e-3)  # base 12, weight 100


def test_an_indicator_at_its_cap_is_no_lever(snapshot: Path) -> None:
    """The scheme caps at 1.5 times the weight of 40: nobody is told to score beyond 60."""
    row = one(snapshot, scheme="lanhe_2025", grade="乙", points_tax_per_mu=60.0)
    said = words.explain(snapshot, row["uscc"], scheme="lanhe_2025")
    assert "距 甲 类还差" in said
    assert "亩均税收提高到" not in said


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        ("exempt", "不定级（T）", "原因：新投产企业"),
        ("undetermined", "无法判定", "原因：缺少：用地面积"),
        ("outside", "不在参评范围", "原因：不在参评范围"),
    ],
)
def test_who_is_not_rated_is_told_why(snapshot: Path, status: str, said: str, reason: str) -> None:
    row = one(snapshot, scheme="lanhe_2025", status=status)
    lines = words.explain(snapshot, row["uscc"], scheme="lanhe_2025").splitlines()
    assert said in lines[1]
    assert lines[2] == reason


def test_missing_figures_are_told_as_such(snapshot: Path) -> None:
    row = one(snapshot, part="below", how_tax_per_mu="group_average")
    said = words.explain(snapshot, row["uscc"], scheme="two_parts")
    assert "· 亩均税收：缺数据，按方案取同组平均，得 90.00 分（权重 100）。" in said


def test_the_year_before_the_evidence_and_the_assumptions_stand_below(snapshot: Path) -> None:
    row = one(snapshot, grade="A")
    old = next(r for r in rows(snapshot, year=2023) if r["uscc"] == row["uscc"])
    said = words.explain(snapshot, row["uscc"], scheme="two_parts")
    assert f"上年（2023）为 {old['grade']} 类，总分 {fixed(old['total'], 2)}" in said
    assert "来源：设例办法（本市设定，非文件规定）" in said
    assert "本市设定：加分不计" in said
    assert said.endswith("运行编号 2025-09-30-0123456789ab。")


def test_english(snapshot: Path) -> None:
    row = one(snapshot, part="above", grade="A")
    said = words.explain(snapshot, row["uscc"], scheme="two_parts", language="en")
    assert "[Simulated data]" in said
    assert f"({row['uscc']}): grade A for 2024." in said
    assert "above scale (top " in said


def test_a_whole_name_finds_the_enterprise(snapshot: Path) -> None:
    row = one(snapshot, grade="A")
    assert words.explain(snapshot, row["name"]) == words.explain(snapshot, row["uscc"])


def test_real_data_carry_no_mark(make: Any) -> None:
    folder = make(simulated=False)
    assert "模拟" not in words.explain(folder, rows(folder)[5]["uscc"])


@pytest.mark.parametrize(
    ("who", "scheme", "said"),
    [
        ("91339900MA99999999", None, "没有代码或名称为“91339900MA99999999”的企业"),
        ("91339900MA0000000X", None, "税务第 3 行，校验位不对"),
        ("91339900MA00000005", "none_such", "没有评价方案“none_such”；可用：lanhe_2025、two_parts"),
    ],
)
def test_what_is_not_there_is_refused_with_the_way_out(
    snapshot: Path, who: str, scheme: str | None, said: str
) -> None:
    with pytest.raises(RunRefused) as refused:
        words.explain(snapshot, who, scheme=scheme)
    assert said in refused.value.text.zh


def test_a_name_borne_twice_asks_for_the_code(make: Any) -> None:
    folder = make()
    file = folder / "tables" / "evaluation_lanhe_2025.parquet"
    table = pq.read_table(file)
    at = table.schema.get_field_index("name")
    same = ["同名有限公司"] * table.num_rows
    pq.write_table(table.set_column(at, "name", [same]), file)
    with pytest.raises(RunRefused) as refused:
        words.explain(folder, "同名有限公司")
    assert "请用代码：91339900MA00000000、" in refused.value.text.zh
