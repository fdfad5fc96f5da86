"""Figures hung on given registrations: every row kept, nothing said that is not known."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from cityforge.brain.city.folder import City
from cityforge.brain.mock.write import MockReport, write

AS_OF = dt.date(2025, 9, 30)
HEADERS = ("企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册资金", "经营范围")
HEADERS += ("所在省份", "地区", "注册地址")
SOUND = [
    "91999901MK0000001X",
    "91999902MK0000002X",
]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def frame_rows(codes: list[str]) -> list[tuple[str, ...]]:
    """(name, code, day, type, capital, scope, province, city, address), the last code twice."""
    start = ("南原", "云泽", "某路1号")
    return [
        ("云泽甲水泵厂", codes[0], "2001-05-06", "N/A", "500(万元人民币)", "水泵制造,销售", *start),
        ("云泽乙印染有限公司", codes[1], "2003-01-02", "有限责任公司", "60万美元", "印染", *start),
        ("云泽丙供销合作社", codes[2], "1999-01-02", "集体所有制", "43.5万人民币", "农药", *start),
        ("云泽丁机械厂", "999901000012345", "1998-02-03", "N/A", "N/A", "机械", *start),
        ("云泽戊塑料厂", "9199990", "2005-02-03", "N/A", "10(万元)", "塑料", *start),
        (
            "云泽己电器厂",
            codes[3],
            "2006-02-03",
            "N/A",
            "20万",
            "电器",
            "南原",
            "云泽",
            "北沚区某路",
        ),
        (
            "云泽己电器厂",
            codes[3],
            "2006-02-03",
            "N/A",
            "20万",
            "电器",
            "南原",
            "云泽",
            "北沚区某路",
        ),
    ]


@pytest.fixture(scope="module")
def on_a_frame(city: City, tmp_path_factory: pytest.TempPathFactory) -> MockReport:
    from_mock = tmp_path_factory.mktemp("codes")
    plain = write(
        city,
        from_mock,
        seed=2,
        as_of=AS_OF,
        above_scale=2,
        below_scale=18,
        fault_rate=0,
        gap_rate=0,
    )
    codes = [row["统一社会信用代码"] for row in rows_of(plain.folder / "registrations.csv")][:3]
    file = tmp_path_factory.mktemp("frame") / "frame.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADERS)
        writer.writerows(frame_rows([*codes, "91990000MK0000001"]))
    return write(city, file.parent / "out", seed=2, as_of=AS_OF, frame=file, fault_rate=0)
