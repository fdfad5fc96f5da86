"""The figures of a snapshot against its tables, and its empty states."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cityforge.brain.reports import summary, tables
from cityforge.brain.reports.summary import SchemeSummary


def evaluated(snapshot: Path, scheme: str, year: int = 2024) -> list[dict[str, Any]]:
    table = pq.read_table(snapshot / "tables" / f"evaluation_{scheme}.parquet")
    return [row for row in table.to_pylist() if row["year"] == year]


@pytest.fixture
def two_parts(snapshot: Path) -> SchemeSummary:
    return summary.read(snapshot).schemes[1]


def test_schemes_stand_in_the_order_of_the_run(snapshot: Path) -> None:
    found = [each.scheme.id for each in summary.read(snapshot).schemes]
    assert found == ["lanhe_2025", "two_parts"]


def test_every_enterprise_is_counted_once(snapshot: Path, two_parts: SchemeSummary) -> None:
    rows = evaluated(snapshot, "two_parts")
    assert sum(two_parts.statuses.values()) == len(rows) == 60
    for district in two_parts.districts:
        mine = [row for row in rows if row["district"] == district.id]
        grades = Counter(row["grade"] for row in mine if row["status"] == "rated")
        exempt = sum(row["status"] == "exempt" for row in mine)
        assert district.grades == {grade: grades[grade] for grade in "ABCD"} | {"T": exempt}


def test_histograms_hold_every_rated_enterprise(two_parts: SchemeSummary) -> None:
    counted = Counter[str]()
    for histogram in two_parts.histograms:
        for by_grade in histogram.counts.values():
            for grade, bins in by_grade.items():
                assert len(bins) == len(histogram.edges)
                counted[grade] += sum(bins)
    assert counted == {grade: two_parts.count(grade) for grade in "ABCD"}


def test_groups_name_their_limits(snapshot: Path, two_parts: SchemeSummary) -> None:
    group = two_parts.groups[0]
    assert (group.key, group.title.zh) == (("qingyu", "above"), "青屿区·规上")
    mine = [
        row
        for row in evaluated(snapshot, "two_parts")
        if (row["district"], row["part"], row["status"]) == ("qingyu", "above", "rated")
    ]
    for band in group.bands:
        inside = [row for row in mine if row["grade"] == band.grade]
        assert band.count == len(inside)
        assert (band.low or 0) == min((row["total"] for row in inside), default=0)
        assert band.last == max((row["rank"] for row in inside), default=0)


def test_moves_count_both_years(snapshot: Path, two_parts: SchemeSummary) -> None:
    moves = two_parts.moves
    assert moves is not None
    now = Counter(row["grade"] for row in evaluated(snapshot, "two_parts") if row["grade"])
    seen = Counter[str]()
    for (_, after), count in moves.matrix.items():
        seen[after] += count
    seen.pop("-", None)
    assert seen == now
    order = "ABCD"
    pairs = [(pair, n) for pair, n in moves.matrix.items() if "-" not in pair]
    assert moves.up == sum(n for (a, b), n in pairs if order.index(b) < order.index(a))
    assert moves.down == sum(n for (a, b), n in pairs if order.index(b) > order.index(a))


def test_movers_are_listed_by_how_far_they_went(two_parts: SchemeSummary) -> None:
    moves = two_parts.moves
    assert moves is not None
    climbed = [move.share_before - move.share_after for move in moves.climbers]
    assert climbed == sorted(climbed, reverse=True)
    assert climbed[-1] > 0
    assert all("得分" in move.reason.zh for move in (*moves.climbers, *moves.fallers))


def test_the_sentence_says_the_counts_in_both_languages(two_parts: SchemeSummary) -> None:
    said = two_parts.sentence
    rated = two_parts.statuses["rated"]
    assert said.zh.startswith(f"2024 年度，兰河市 {rated} 家企业参评：A 类 ")
    assert said.en.startswith(f"Lanhe, 2024: {rated} enterprises were rated: ")
    assert "亩均税收中位数" in said.zh
    assert "与上年相比，" in said.zh


def test_without_a_year_before_there_are_no_moves(make: Any) -> None:
    found = summary.read(make(year_before=False)).schemes[0]
    assert found.moves is None
    assert found.median_before is None
    assert "与上年相比" not in found.sentence.zh
    assert tables.moves(found) is None


def test_with_nobody_rated_the_sentence_says_so(make: Any) -> None:
    found = summary.read(make(rated=False)).schemes[0]
    assert "没有企业参评" in found.sentence.zh
    assert "no enterprise was rated" in found.sentence.en
    assert (found.groups, found.histograms, found.median) == ((), (), None)


def test_quarantine_adds_up_and_names_its_reasons(snapshot: Path) -> None:
    tax = summary.read(snapshot).datasets[1]
    assert tax.balanced
    assert (tax.read, tax.accepted, tax.quarantined) == (122, 120, 2)
    assert [(text.zh, count) for text, count in tax.reasons] == [
        ("不是年份", 1),
        ("不是数字", 1),
        ("校验位不对", 1),
    ]


def test_rows_found_by_name_are_counted_by_source_and_rung(snapshot: Path, make: Any) -> None:
    found = summary.read(snapshot)
    assert [(each.dataset.zh, each.rung.zh, each.rows) for each in found.by_name] == [
        ("税务", "名称相同", 2),
        ("税务", "名称只差一处笔误", 1),
    ]
    table = tables.by_name(found)
    assert table is not None and "推断" in table.title.zh and "inferred" in table.title.en
    assert [row[2] for row in table.rows] == ["2", "1"]
    none = summary.read(make(by_name=False))
    assert none.by_name == () and tables.by_name(none) is None


def test_a_district_that_the_city_does_not_list_still_counts(make: Any) -> None:
    folder = make()
    file = folder / "tables" / "evaluation_two_parts.parquet"
    table = pq.read_table(file)
    at = table.schema.get_field_index("district")
    moved = [d if d != "shijian" else "elsewhere" for d in table["district"].to_pylist()]
    pq.write_table(table.set_column(at, "district", [moved]), file)
    found = summary.read(folder).schemes[1]
    assert found.districts[-1].title.zh == "未归入地区"
    assert sum(district.rated for district in found.districts) == found.statuses["rated"]


def test_tables_for_a_terminal(snapshot: Path, two_parts: SchemeSummary) -> None:
    whole = summary.read(snapshot)
    grades = tables.grades(two_parts)
    assert [column.zh for column in grades.columns] == [
        "地区", "A", "B", "C", "D", "T", "参评企业", "亩均税收（万元/亩）中位数",
    ]  # fmt: skip
    assert len(grades.rows) == 4
    assert grades.rows[-1][-2] == str(two_parts.statuses["rated"])
    assert tables.intake(whole).rows[1][1:] == ("122", "120", "2")
    moves = tables.moves(two_parts)
    assert moves is not None
    assert len(moves.rows) == len(moves.columns) - 1 == 5
