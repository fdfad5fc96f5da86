"""Region codes: tables, spellings, changes by date, search, refusals."""

import contextlib
import csv
import json
from datetime import date
from pathlib import Path

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import credit_code, region

TODAY = date(2025, 9, 30)


@pytest.mark.parametrize(
    ("code", "name", "level", "kind", "full_name"),
    [
        ("330000", "浙江省", "province", "administrative", "浙江省"),
        ("33", "浙江省", "province", "administrative", "浙江省"),
        ("3301", "杭州市", "prefecture", "administrative", "浙江省杭州市"),
        ("330106", "西湖区", "county", "administrative", "浙江省杭州市西湖区"),
        ("330106000000", "西湖区", "county", "administrative", "浙江省杭州市西湖区"),
        ("110101", "东城区", "county", "administrative", "北京市东城区"),
        ("429004", "仙桃市", "county", "administrative", "湖北省仙桃市"),
        ("110100", "市辖区", "prefecture", "statistical", "北京市市辖区"),
        ("320576", "苏州工业园区", "county", "statistical", "江苏省苏州市苏州工业园区"),
        ("320683", "通州市", "county", "former", "江苏省南通市通州市"),
        ("710000", "台湾省", "province", "administrative", "台湾省"),
    ],
)
def test_a_code_says_name_level_kind_and_place(
    code: str, name: str, level: str, kind: str, full_name: str
) -> None:
    found = region.get(code)
    assert (found.name, found.level, found.kind) == (name, level, kind)
    assert found.full_name == full_name


def test_townships_hang_on_their_county() -> None:
    street = next(child for child in region.get("330106").children if child.name == "北山街道")
    assert len(street.code) == 9
    assert (street.level, street.parent) == ("township", region.get("330106"))
    assert region.get(street.code + "000") == street


def test_children_are_the_next_level_only_and_living() -> None:
    assert len(region.get("33").children) == 11
    assert {child.level for child in region.get("3301").children} == {"county"}
    assert "320683" not in [child.code for child in region.get("3206").children]
    assert "110101" in [child.code for child in region.get("11").children]


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("320683", "2009-12-30", "320683"),
        ("320683", "2009-12-31", "320612"),
        ("320624", "1992-12-31", "320624"),
        ("320624", "1994-01-01", "329021"),
        ("320624", "1996-01-01", "320683"),
        ("320624", "2010-01-01", "320612"),
        ("320103", "2025-09-30", "320104"),
        ("320602", "2025-09-30", "320613"),
        ("320106", "2025-09-30", "320106"),
        ("320194", "2025-09-30", "320194"),
        ("3301", "2025-09-30", "330100"),
    ],
)
def test_an_old_code_leads_to_the_one_of_the_day(code: str, on: str, expected: str) -> None:
    assert region.current(code, date.fromisoformat(on)) == expected


def test_get_with_a_day_answers_with_the_successor() -> None:
    assert region.get("320683", TODAY).full_name == "江苏省南通市通州区"
    assert region.get("320683", date(2005, 1, 1)).name == "通州市"


def test_every_change_ends_at_a_living_code_or_says_there_is_none() -> None:
    for change in region.changes():
        assert change.old != change.new
        try:
            end = region.get(change.old, TODAY)
        except ValueRefused as refused:
            assert "撤销" in refused.what.zh
        else:
            assert end.kind == "administrative"


@pytest.mark.parametrize(
    ("code", "on", "what", "hint"),
    [
        ("330199", None, "没有行政区划代码", "330100 浙江省杭州市 存在"),
        ("330106999", None, "没有行政区划代码", "330106 浙江省杭州市西湖区 存在"),
        ("990000", None, "没有行政区划代码", "前两位"),
        ("33010", None, "不是行政区划代码", "12位"),
        ("abc", None, "不是行政区划代码", "12位"),
        ("", None, "不是行政区划代码", "12位"),
        ("330106001003", None, "村级", "330106001"),
        ("320283", TODAY, "2000年撤销", "320200 无锡市"),
    ],
)
def test_refusals_name_what_exists(code: str, on: date | None, what: str, hint: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        region.get(code, on)
    assert what in refused.value.what.zh
    assert hint in refused.value.hint.zh


def test_search_by_name_within_a_region() -> None:
    assert [found.code for found in region.search("西湖区", within="33")] == ["330106"]
    assert region.search("杭州")[0].code == "330100"
    assert region.search("通州市")[0].name == "通州市"
    assert [found.kind for found in region.search("通州市")][-1] == "former"
    assert region.search("") == ()
    assert region.search("无此地名") == ()


@pytest.mark.shared
def test_every_published_division_is_held(shared: Path) -> None:
    folder = shared / "data/classifications"
    divisions = json.loads((folder / "divisions_v1.json").read_text(encoding="utf-8"))
    townships = json.loads((folder / "townships_v1.json").read_text(encoding="utf-8"))
    for province, under in divisions["provinces"].items():
        assert region.get(under["code"]).name == province
        for prefecture, below in under["cities"].items():
            if below["code"]:
                assert region.get(below["code"]).full_name == province + prefecture
            for county, code in below["counties"].items():
                assert region.get(code).full_name == province + prefecture + county
    for below in townships.values():
        for name, code in below["townships"].items():
            found = region.get(code)
            assert name.startswith(found.name)
            assert (found.kind == "former") == ("撤" in name and name.endswith("）"))
            assert found.parent is not None
            assert found.parent.name == below["county"]


@pytest.mark.shared
def test_statistical_codes_are_held_and_marked(shared: Path) -> None:
    folder = shared / "data/classifications"
    with (folder / "areas_nbs2023.csv").open(encoding="utf-8-sig") as f:
        zones = [row for row in csv.DictReader(f) if "71" <= row["code"][4:6] <= "79"]
    with (folder / "taizhou_streets_nbs2023.csv").open(encoding="utf-8-sig") as f:
        parks = [row for row in csv.DictReader(f) if row["code"][6] == "4"]
    assert (len(zones), len(parks)) == (124, 21)
    for row in [*zones, *parks]:
        found = region.get(row["code"])
        assert (found.name, found.kind) == (row["name"], "statistical")


@pytest.mark.shared
def test_old_codes_of_the_real_register_find_their_successors(shared: Path) -> None:
    path = shared / "data/enterprises/taizhou_registrations.csv"
    found = set()
    with path.open(encoding="utf-8-sig") as f:
        for row in csv.DictReader(f):
            with contextlib.suppress(ValueRefused):
                found.add(credit_code.parse(row["统一社会信用代码"]).region)
    assert "321284" in found
    assert region.get("321284", TODAY).code == "321204"
    # Codes that only registration uses stay as they are, for the city's own folder to place.
    assert {code for code in found if region.current(code, TODAY) == code} > {"321291", "321292"}
