"""Facts of places: which rows tell of a park, a district or a bureau in a year."""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import RunRefused
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.evaluation.statement import statement
from cityforge.brain.facts import places
from cityforge.brain.facts.places import Kind
from cityforge.brain.intake import accept, raw

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
AS_OF = date(2025, 9, 30)
Rows = list[dict[str, str]]

PARKS = """\
id: park_annual
title: 园区年度数据
title_en: Parks
owner: tongji
grain: place_period
places: park
key: [place, period]
freshness: {every: year}
sensitivity: internal
legal_use: [describe]
evidence: {source: 设例, verified: assumption}
columns:
  - {id: place, title: 园区, title_en: park, kind: text, required: true}
  - {id: period, title: 时期, title_en: period, kind: period, required: true}
  - {id: port, title: 临港, title_en: at a port, kind: boolean}
  - {id: park_land, title: 用地, title_en: land, kind: quantity, unit: 亩, scale: 2}
  - {id: park_tax, title: 税收, title_en: tax, kind: quantity, unit: 亿元, scale: 4}
"""
QUARTERLY = """\
id: macro_quarterly
title: 季度宏观数据
title_en: Quarterly
owner: tongji
grain: place_period
key: [place, period]
known_on: reported_on
freshness: {every: quarter}
sensitivity: public
legal_use: [describe]
evidence: {source: 设例, verified: assumption}
columns:
  - {id: place, title: 地区, title_en: place, kind: text, required: true}
  - {id: period, title: 时期, title_en: period, kind: period, required: true}
  - {id: reported_on, title: 报送日期, title_en: day of report, kind: date, required: true}
  - {id: gdp, title: 生产总值, title_en: GDP, kind: quantity, unit: 万元, scale: 2}
  - {id: exports, title: 出口, title_en: exports, kind: quantity, unit: 亿元, scale: 4}
"""
SCHEME = """\
id: parks
title: 园区评价
title_en: Parks
subject: park
evidence: {source: 设例, verified: assumption}
population: park_land > 0亩
groups: [district]
parts:
  - id: all
    title: 全部
    title_en: all
    when: park_land > 0亩
    indicators:
      - {id: yield, title: 亩均税收, title_en: tax per mu, expr: park_tax / park_land,
         unit: 万元/亩, weight: 100, bases: [{year: 2020, value: 20}]}
base: {method: fixed}
missing: zero
grading:
  by: score
  bands: [{grade: 甲, at_least: 80}, {grade: 乙}]
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    root = Path(shutil.copytree(LANHE, tmp_path / "city"))
    for name, text in (("park_annual", PARKS), ("macro_quarterly", QUARTERLY)):
        (root / "datasets" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (root / "schemes" / "parks.yaml").write_text(SCHEME, encoding="utf-8")
    return checks.load(root)[0]


def engine_with(city: City, data: dict[str, Rows]) -> Engine:
    """An engine that holds these rows of the tables about places, accepted by their contracts."""
    engine = Engine(threads=1)
    accept.prepare(engine)
    for dataset in city.datasets.values():
        if dataset.grain != "place_period":
            continue
        if dataset.id not in data:
            engine.take(f"data_{dataset.id}", accept.empty(dataset))
            continue
        file = city.root.parent / f"{dataset.id}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(data[dataset.id][0]))
            writer.writeheader()
            writer.writerows(data[dataset.id])
        accept.accept(engine, dataset, raw.read(engine, dataset, file), frame=None)
    return engine


def built(
    city: City, kind: Kind, data: dict[str, Rows], *, year: int = 2024, as_of: date = AS_OF
) -> dict[str, dict[str, Any]]:
    with engine_with(city, data) as engine:
        places.build(engine, city, kind, year, as_of, "of_places")
        rows = engine.arrow(exp.select("*").from_("of_places")).to_pylist()
    return {row["uscc"]: row for row in rows}


def park(place: str, period: str, **figures: str) -> dict[str, str]:
    return {"place": place, "period": period, "port": "", "park_land": "", "park_tax": ""} | figures


def test_each_park_has_a_row_with_title_district_and_every_series(city: City) -> None:
    rows = [park("青屿临港产业园", "2024年", port="是", park_land="1200.5", park_tax="3.2")]
    found = built(city, "park", {"park_annual": rows})
    assert list(found) == ["qingyu_port", "yunping_new_materials"]
    port = found["qingyu_port"]
    assert (port["name"], port["district"]) == ("青屿临港产业园", "qingyu")
    assert (port["port"], port["park_land"]) == (True, Decimal("1200.50"))
    assert port["park_tax"] == Decimal("3.2000")
    silent = found["yunping_new_materials"]
    assert (silent["district"], silent["park_tax"]) == ("yunping", None)
    assert list(port) == ["uscc", "name", "district", *places.series(city)]
    assert "gdp" in port and "reported_on" not in port


@pytest.mark.parametrize("name", ["qingyu_port", "青屿临港产业园", "339901400"])
def test_a_park_is_told_by_id_title_or_code(city: City, name: str) -> None:
    found = built(city, "park", {"park_annual": [park(name, "2024", park_tax="1")]})
    assert found["qingyu_port"]["park_tax"] == 1


def test_rows_of_other_places_and_other_years_are_left_aside(city: City) -> None:
    rows = [
        park("兰河市", "2024", park_tax="99"),
        park("青屿区", "2024", park_tax="98"),
        park("qingyu_port", "2023", park_tax="97"),
        park("qingyu_port", "2024年1-9月", park_tax="96"),
        park("qingyu_port", "2024年12月", park_tax="95"),
    ]
    found = built(city, "park", {"park_annual": rows})
    assert {row["park_tax"] for row in found.values()} == {None}


def macro(place: str, period: str, gdp: str) -> dict[str, str]:
    return {"place": place, "period": period, "gdp": gdp}


def quarter(place: str, day: str, **figures: str) -> dict[str, str]:
    whole = {"place": place, "period": "2024年1-12月", "reported_on": day, "gdp": "", "exports": ""}
    return whole | figures


def test_the_yearly_figure_goes_before_the_cumulative_one_in_one_unit(city: City) -> None:
    data = {
        "macro_annual": [macro("青屿", "2024", "500.5"), macro("339902", "2023", "1")],
        "macro_quarterly": [
            quarter("青屿区", "2025-01-20", gdp="4990000", exports="12"),
            quarter("云坪区", "2025-01-20", gdp="3210000", exports="7.5"),
        ],
    }
    found = built(city, "district", data)
    assert list(found) == ["qingyu", "shijian", "yunping"]
    # The series' unit is that of the last table that carries it, 万元 here.
    assert [found[one]["gdp"] for one in found] == [Decimal("5005000.00"), None, Decimal("3210000")]
    assert [found[one]["exports"] for one in found] == [Decimal(12), None, Decimal("7.5")]
    assert {one: row["district"] for one, row in found.items()} == {one: one for one in found}


def test_what_was_not_known_yet_does_not_count(city: City) -> None:
    rows = [
        quarter("青屿区", "2025-01-20", exports="12"),
        quarter("青屿区", "2025-08-01", exports="11.8"),
    ]
    early = built(city, "district", {"macro_quarterly": rows}, as_of=date(2025, 6, 30))
    late = built(city, "district", {"macro_quarterly": rows})
    assert (early["qingyu"]["exports"], late["qingyu"]["exports"]) == (12, Decimal("11.8"))


def test_bureaus_are_told_by_the_forms_of_plans_and_lie_nowhere(city: City) -> None:
    found = built(city, "bureau", {"macro_annual": [macro("市经信局", "2024", "1")]})
    assert found["jxj"]["gdp"] == Decimal(10000) and found["jxj"]["district"] is None
    assert "counties" not in found, "a group is no bureau"


def test_a_year_that_is_not_over_is_refused(city: City) -> None:
    with pytest.raises(RunRefused, match="not over"):
        built(city, "park", {}, year=2025)


def test_a_scheme_over_parks_is_evaluated_like_one_over_enterprises(city: City) -> None:
    book = checks.load(city.root)[1]
    prepared = prepare(book, city.schemes["parks"])
    rows = [
        park("qingyu_port", "2024", park_land="1000", park_tax="1.8"),
        park("yunping_new_materials", "2024", park_land="1000", park_tax="1.5"),
    ]
    with engine_with(city, {"park_annual": rows}) as engine:
        places.build(engine, city, "park", 2024, AS_OF, "of_parks")
        moment = Moment(2024, date(2024, 12, 31), {})
        found = engine.arrow(statement(prepared, moment, facts=exp.to_table("of_parks")))
    # 1.8 亿元 on 1000 亩 are 18 万元/亩: 90 points of 100 at a base of 20; 15 are 75.
    told = {row["uscc"]: (row["total"], row["grade"]) for row in found.to_pylist()}
    assert told == {"qingyu_port": (90.0, "甲"), "yunping_new_materials": (75.0, "乙")}
