"""Facts as of a date: which rows count, who stands in a register, where an enterprise belongs."""

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import RunRefused
from cityforge.brain.facts import frame, table
from cityforge.brain.facts.asked import asked
from cityforge.brain.intake import accept, raw
from cityforge.brain.values import credit_code

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
EVIDENCE = "evidence: {source: 设例, verified: assumption}\n"
AS_OF = date(2025, 9, 30)
Rows = list[dict[str, str]]


def code(number: int, region: str = "339901") -> str:
    subject = f"MK0000{number:02d}"
    first17 = f"91{region}{subject}{credit_code.organisation_check(subject)}"
    return first17 + credit_code.check_digit(first17)


A, B, C = code(1), code(2, "339902"), code(3, "339921")
FRAME = [{"uscc": uscc, "name": f"企业{i}"} for i, uscc in enumerate((A, B, C))]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LANHE, tmp_path / "city"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def add_fact(root: Path, name: str, expr: str, unit: str = "") -> None:
    stated = f"unit: {unit}\n" if unit else ""
    (root / f"facts/{name}.yaml").write_text(
        f"id: {name}\ntitle: {name}\ntitle_en: X\nexpr: {expr}\n{stated}{EVIDENCE}",
        encoding="utf-8",
    )


def facts(
    root: Path, *, year: int = 2024, as_of: date = AS_OF, **data: Rows
) -> dict[str, dict[str, Any]]:
    """The facts of a year by credit code; a dataset that is not given was not supplied."""
    city, book = checks.load(root)
    assert city.frame is not None
    given: dict[str, Rows] = {"market_entities": FRAME, **data}
    with Engine(threads=1) as engine:
        accept.prepare(engine)
        for name in sorted(given, key=lambda name: name != "market_entities"):
            dataset = city.datasets[name]
            file = root.parent / f"{name}.csv"
            heads = list(dict.fromkeys(key for row in given[name] for key in row))
            with file.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, heads or [c.id for c in dataset.columns])
                writer.writeheader()
                writer.writerows(given[name])
            known = None if name == "market_entities" else "data_market_entities"
            counts = accept.accept(engine, dataset, raw.read(engine, dataset, file), frame=known)
            assert counts.quarantined == 0
        absent = city.datasets.keys() - given.keys()
        for name in absent:
            engine.take(f"data_{name}", accept.empty(city.datasets[name]))
        frame.build(engine, city, as_of=as_of)
        wanted = asked(book, [])
        made: list[int] = []
        for each in range(year - wanted.reach, year + 1):
            table.build(
                engine, city, book, year=each, as_of=as_of, absent=absent, asked=wanted, made=made
            )
            made.append(each)
        found = engine.arrow(exp.select("*").from_(table.name_of(year))).to_pylist()
        sources = engine.rows(exp.select("uscc", "district_from", "code_kind").from_("enterprises"))
    placed = {uscc: {"district_from": told, "code_kind": kind} for uscc, told, kind in sources}
    assert len(found) == len({row["uscc"] for row in found}), "one row an enterprise"
    return {row["uscc"]: row | placed[row["uscc"]] for row in found}


def yearly(uscc: str, year: int, **cells: str) -> dict[str, str]:
    return {"uscc": uscc, "year": str(year), "above_scale": "是", **cells}


def test_a_year_s_facts_are_that_year_s_rows_and_a_missing_row_is_unknown(root: Path) -> None:
    rows = [yearly(A, 2023, revenue="1"), yearly(A, 2024, revenue="2"), yearly(B, 2023)]
    found = facts(root, performance=rows)
    assert found[A]["revenue"] == 2
    assert found[B]["revenue"] is None and found[B]["above_scale"] is None
    assert found[C]["name"] == "企业2"


def test_a_year_that_is_not_over_is_refused(root: Path) -> None:
    with pytest.raises(RunRefused) as refused:
        facts(root, year=2025)
    assert "2025 年到 2025-09-30 尚未结束" in refused.value.text.zh
    assert facts(root, year=2024, as_of=date(2024, 12, 31)).keys() == {A, B, C}


@pytest.mark.parametrize(
    ("as_of", "revenue"),
    [
        (date(2025, 2, 28), None),
        (date(2025, 3, 1), 10),
        (date(2025, 5, 31), 10),
        (date(2025, 6, 1), 20),
        (date(2025, 12, 31), 30),
    ],
)
def test_of_several_reports_the_newest_known_counts_and_later_ones_are_invisible(
    root: Path, as_of: date, revenue: int | None
) -> None:
    edit(root, "datasets/performance.yaml", "declared: true", "declared: true\nknown_on: sent_on")
    edit(
        root,
        "datasets/performance.yaml",
        "columns:\n",
        "columns:\n  - {id: sent_on, title: 报送日期, title_en: Sent on, kind: date}\n",
    )
    rows = [
        yearly(A, 2024, revenue="20", sent_on="2025-06-01"),
        yearly(A, 2024, revenue="10", sent_on="2025-03-01"),
        yearly(A, 2024, revenue="30", sent_on="2025-10-08"),
        yearly(A, 2023, revenue="99", sent_on="2025-09-01"),
    ]
    assert facts(root, as_of=as_of, performance=rows)[A]["revenue"] == revenue


def test_a_frame_with_dates_of_report_gives_each_enterprise_once(root: Path) -> None:
    edit(root, "datasets/market_entities.yaml", "frame: true", "frame: true\nknown_on: sent_on")
    edit(
        root,
        "datasets/market_entities.yaml",
        "columns:\n",
        "columns:\n  - {id: sent_on, title: 报送日期, title_en: Sent on, kind: date}\n",
    )
    rows = [
        {"uscc": A, "name": "旧名", "sent_on": "2024-01-31"},
        {"uscc": A, "name": "新名", "sent_on": "2025-01-31"},
        {"uscc": A, "name": "将来名", "sent_on": "2025-12-31"},
        {"uscc": B, "name": "将来企业", "sent_on": "2025-12-31"},
    ]
    found = facts(root, market_entities=rows)
    assert [(uscc, row["name"]) for uscc, row in found.items()] == [(A, "新名")]


ENTRIES = [
    # recognised, valid until, ended -> in the list at the end of 2024?
    ("2024-12-31", "", "", True),
    ("2025-01-01", "", "", False),
    ("2022-01-01", "2024-12-31", "", True),
    ("2022-01-01", "2024-12-30", "", False),
    ("2020-01-01", "2030-01-01", "", True),
    ("2021-12-31", "", "", True),  # three years are the register's own validity
    ("2021-12-30", "", "", False),
    ("2024-01-01", "", "2024-12-31", False),
    ("2024-01-01", "", "2025-01-01", True),
]


@pytest.mark.parametrize(("since", "until", "ended", "holds"), ENTRIES)
def test_a_title_counts_while_it_is_valid(
    root: Path, since: str, until: str, ended: str, *, holds: bool
) -> None:
    entry = {
        "uscc": A,
        "entry": "省级绿色工厂",
        "recognised_on": since,
        "valid_until": until,
        "ended_on": ended,
    }
    found = facts(root, honours=[entry])
    assert found[A]["register:green_factory_provincial"] is holds
    assert found[A]["register:specialised_provincial"] is False
    assert found[B]["register:green_factory_provincial"] is False


def test_one_valid_entry_of_several_is_enough(root: Path) -> None:
    entry = {"uscc": A, "entry": "省级绿色工厂", "valid_until": ""}
    rows = [
        entry | {"recognised_on": "2015-01-01", "valid_until": "2018-01-01"},
        entry | {"recognised_on": "2023-01-01"},
    ]
    assert facts(root, honours=rows)[A]["register:green_factory_provincial"] is True


def test_a_list_nobody_supplied_is_unknown_and_an_empty_one_says_no(root: Path) -> None:
    assert facts(root)[A]["register:green_factory_provincial"] is None
    assert facts(root, honours=[])[A]["register:green_factory_provincial"] is False


def test_a_later_report_of_an_entry_takes_the_place_of_the_earlier(root: Path) -> None:
    edit(root, "datasets/honours.yaml", "grain: register", "grain: register\nknown_on: sent_on")
    edit(
        root,
        "datasets/honours.yaml",
        "columns:\n",
        "columns:\n  - {id: sent_on, title: 报送日期, title_en: Sent on, kind: date}\n",
    )
    entry = {"uscc": A, "entry": "省级绿色工厂", "recognised_on": "2024-01-01"}
    rows = [
        entry | {"ended_on": "", "sent_on": "2024-06-01"},
        entry | {"ended_on": "2024-10-01", "sent_on": "2025-06-01"},
    ]
    column = "register:green_factory_provincial"
    assert facts(root, as_of=date(2025, 5, 31), honours=rows)[A][column] is True
    assert facts(root, as_of=date(2025, 6, 1), honours=rows)[A][column] is False


def test_derived_facts_rest_on_each_other_and_on_registers(root: Path) -> None:
    add_fact(root, "a_top", "z_middle * 2", "亩")
    add_fact(root, "z_middle", "land_mu + 1亩", "亩")
    add_fact(root, "is_green", "holds('省级绿色工厂') and z_middle > 2亩")
    rows = [yearly(A, 2024, land_owned="2000"), yearly(B, 2024)]
    honour = {"uscc": A, "entry": "省级绿色工厂", "recognised_on": "2024-01-01"}
    found = facts(root, performance=rows, honours=[honour])
    assert found[A]["land_mu"] == 3
    assert (found[A]["z_middle"], found[A]["a_top"], found[A]["is_green"]) == (4, 8, True)
    assert (found[B]["z_middle"], found[B]["a_top"], found[B]["is_green"]) == (None, None, False)


def test_parameters_are_those_of_the_year_s_last_day(root: Path) -> None:
    """Two years until 2024, three from 2025-01-01."""
    add_fact(root, "bar", "p.new_enterprise_years", "年")
    assert facts(root, year=2024)[A]["bar"] == 2
    assert facts(root, year=2025, as_of=date(2025, 12, 31))[A]["bar"] == 3
    assert facts(root, year=2014)[A]["bar"] is None, "none was in force yet"


def test_years_are_counted_to_the_year_s_last_day(root: Path) -> None:
    rows = [
        yearly(A, 2024, production_started_on="2022-12-31"),
        yearly(B, 2024, production_started_on="2023-01-01"),
    ]
    found = facts(root, performance=rows)
    assert (found[A]["years_in_production"], found[B]["years_in_production"]) == (2, 1)


PLACES = [
    ({"district": "青屿区"}, "qingyu", "column"),
    ({"district": "青屿"}, "qingyu", "column"),
    ({"district": "qingyu"}, "qingyu", "column"),
    ({"district": "石笕县", "region_code": "339901"}, "shijian", "column"),
    ({"region_code": "339902"}, "yunping", "area_code"),
    ({"region_code": "339981"}, "qingyu", "area_code"),
    ({"region_code": "339902007"}, "yunping", "area_code"),
    ({"district": "别处", "region_code": "339902"}, "yunping", "area_code"),
    ({"district": "别处", "region_code": "110101"}, "shijian", "credit_code"),
    ({}, "shijian", "credit_code"),
]


@pytest.mark.parametrize(("cells", "district", "told"), PLACES)
def test_the_district_is_told_by_the_surest_evidence(
    root: Path, cells: dict[str, str], district: str, told: str
) -> None:
    row = {"uscc": C, "name": "甲", "district": "", "region_code": ""} | cells
    found = facts(root, market_entities=[row])[C]
    assert (found["district"], found["district_from"]) == (district, told)


def test_a_former_code_an_old_number_and_a_code_from_elsewhere(root: Path) -> None:
    old = "339901000000017"
    former, elsewhere = code(5, "339981"), code(6, "110105")
    rows = [{"uscc": uscc, "name": "甲"} for uscc in (old, former, elsewhere)]
    found = facts(root, market_entities=rows)
    assert [(found[u]["district"], found[u]["code_kind"]) for u in (old, former, elsewhere)] == [
        ("qingyu", "old_number"),
        ("qingyu", "uscc"),
        (None, "uscc"),
    ]
    assert found[elsewhere]["district_from"] is None


def test_the_industry_division_is_the_first_two_digits(root: Path) -> None:
    rows = [{"uscc": A, "name": "甲", "industry_code": "C2631"}, {"uscc": B, "name": "乙"}]
    found = facts(root, market_entities=rows)
    assert (found[A]["industry"], found[A]["industry_code"]) == ("26", "2631")
    assert found[B]["industry"] is None


def test_facts_of_earlier_years_stand_beside_those_of_the_year(root: Path) -> None:
    add_fact(root, "more", "revenue - revenue[-1]", "万元")
    add_fact(root, "more_than_before", "more[-1]", "万元")
    add_fact(root, "mean", "avg(revenue[-2:])", "万元")
    rows = [yearly(A, 2021 + i, revenue=str(r)) for i, r in enumerate((1, 3, 7, 20))]
    rows += [yearly(B, 2024, revenue="5")]
    found = facts(root, performance=rows)
    assert (found[A]["more"], found[A]["more_than_before"], found[A]["mean"]) == (13, 4, 10)
    assert (found[B]["more"], found[B]["mean"], found[B]["revenue"]) == (None, None, 5)


def test_a_register_tells_who_was_ever_in_it_since_when_and_how_often(root: Path) -> None:
    name = "省级绿色工厂"
    add_fact(root, "ever", f"recognised('{name}')")
    add_fact(root, "since", f"first_recognised('{name}')")
    add_fact(root, "times", f"count('{name}')")
    add_fact(root, "new", f"first_recognised('{name}') within 2019")
    rows = [
        {"uscc": A, "entry": name, "recognised_on": "2019-05-06"},
        {"uscc": A, "entry": name, "recognised_on": "2023-05-06"},
        {"uscc": A, "entry": name, "recognised_on": "2025-05-06"},
    ]
    found = facts(root, honours=rows)
    looked = [found[A][column] for column in ("ever", "since", "times", "new")]
    assert looked == [True, date(2019, 5, 6), 1, True], "the first ran out, the third is to come"
    assert [found[B][c] for c in ("ever", "since", "times", "new")] == [False, None, 0, False]
    unknown = facts(root)[A]
    assert [unknown[column] for column in ("ever", "since", "times", "new")] == [None] * 4


def test_what_words_told_places_only_those_whom_nothing_placed(root: Path) -> None:
    city, _ = checks.load(root)
    elsewhere = code(6, "110105")
    rows = [{"uscc": A, "name": "甲", "address": "一号"}, {"uscc": elsewhere, "name": "乙"}]
    with Engine(threads=1) as engine:
        frame_table = pa.Table.from_pylist(rows)
        held = city.frame
        assert held is not None
        wide = {c.id: pa.nulls(2, pa.string()) for c in held.columns} | {
            name: frame_table[name] for name in frame_table.column_names
        }
        engine.take(f"data_{held.id}", pa.table(wide))
        frame.build(engine, city, as_of=AS_OF)
        asked_for = frame.unplaced(engine, city).to_pylist()
        assert [(row["uscc"], row["name"]) for row in asked_for] == [(elsewhere, "乙")]
        told = {"uscc": [A, elsewhere], "district": ["yunping", "yunping"], "told_by": ["name"] * 2}
        frame.place(engine, pa.table(told))
        found = engine.rows(
            exp.select("uscc", "district", "district_from").from_("enterprises").order_by("uscc")
        )
    assert found == sorted(
        [(A, "qingyu", "credit_code"), (elsewhere, "yunping", "name")], key=lambda row: row[0]
    )
