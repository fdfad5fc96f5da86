"""Districts of the real registrations, held against the districts that their codes give."""

import collections
import csv
import hashlib
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.extraction import address, gazetteer

CITY = Path(__file__).resolve().parents[3] / "cities" / "taizhou"
Pair = tuple[str | None, str | None]


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    file = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _area(code: str) -> str:
    """The area in a code: old numbers, malformed ones too, begin with it."""
    return code[2:8] if len(code) == 18 else code[:6]


def _is_developed_on(code: str) -> bool:
    """The rules were written on one half of the rows, chosen by hash; the other half judges."""
    return hashlib.sha256(code.encode()).digest()[-1] % 2 == 0


@pytest.mark.shared
def test_districts_of_the_4940_rows_whose_code_gives_one(rows: list[dict[str, str]]) -> None:
    city, _ = checks.load(CITY)
    words = gazetteer.build(city)
    of_code = {
        area.code: district.id
        for district in city.place.districts
        for area in district.codes
        if area.kind == "current"
    }
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    confused: collections.Counter[Pair] = collections.Counter()
    for row in rows:
        code = row["统一社会信用代码"]
        district = of_code.get(_area(code))
        if district is None:
            continue
        read = address.recognise(words, row["注册地址"], row["企业名称"])
        for part in ("all", "developed on" if _is_developed_on(code) else "held out"):
            count = counts[part]
            count["rows"] += 1
            if read.is_guess:
                count["guessed"] += 1
                count["guessed right"] += read.district == district
            elif read.district is not None:
                count["told"] += 1
                count["right"] += read.district == district
                count[f"by {read.from_}"] += 1
            else:
                count["elsewhere"] += read.is_elsewhere
        if read.district not in (None, district) and not read.is_guess:
            confused[district, read.district] += 1
    assert counts["all"] == {
        "rows": 4940, "told": 4808, "right": 4777, "by address": 4778, "by name": 30,
        "guessed": 128, "guessed right": 125, "elsewhere": 4,
    }  # fmt: skip
    for count in counts.values():
        assert count["told"] / count["rows"] >= 0.96
        assert count["right"] / count["told"] >= 0.99
    # Most of what differs is a township that changed its district after the code was given.
    assert confused[("jiangyan", "hailing")] == 19
    assert confused[("taixing", "gaogang")] == 5
    assert sum(confused.values()) == 31


@pytest.mark.shared
def test_codes_of_other_regions_mostly_have_addresses_elsewhere(
    rows: list[dict[str, str]],
) -> None:
    city, _ = checks.load(CITY)
    words = gazetteer.build(city)
    own = {area.code for district in city.place.districts for area in district.codes}
    outside = [
        address.recognise(words, row["注册地址"], row["企业名称"])
        for row in rows
        if _area(row["统一社会信用代码"]) not in {*own, city.place.region}
    ]
    assert len(outside) == 135
    assert sum(read.is_elsewhere for read in outside) == 130
    assert sum(read.is_guess for read in outside) == 0
