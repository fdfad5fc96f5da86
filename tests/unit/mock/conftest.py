"""A made-up city with every kind of dataset, mocked once for the tests that read its files."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.fact import Register
from cityforge.brain.city.folder import City
from cityforge.brain.city.place import Place
from cityforge.brain.city.published import Published
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.write import MockReport, write

AS_OF = dt.date(2025, 9, 30)
EVIDENCE = {"source": "虚构", "verified": "assumption"}
KEY_COLUMNS = [
    {"id": "uscc", "title": "统一社会信用代码", "kind": "credit_code", "required": True},
    {"id": "year", "title": "年度", "kind": "year", "required": True},
]


def quantity(name: str, unit: str | None, scale: int = 2, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": name, "kind": "quantity", "unit": unit, "scale": scale, **more}


def dataset(name: str, grain: str, columns: list[dict[str, Any]], **more: Any) -> Dataset:
    keys = {
        "enterprise": ["uscc"],
        "enterprise_year": ["uscc", "year"],
        "register": ["uscc", "entry", "recognised_on"],
        "place_period": ["place", "period"],
    }
    return Dataset.model_validate(
        {
            "id": name,
            "title": name,
            "title_en": name,
            "owner": "bureau",
            "grain": grain,
            "key": keys[grain],
            "freshness": {"every": "year"},
            "sensitivity": "public",
            "legal_use": ["describe", "treat"],
            "evidence": EVIDENCE,
            "columns": [{"title_en": column["id"], **column} for column in columns],
            **more,
        }
    )


def yearly(name: str, *columns: dict[str, Any]) -> Dataset:
    return dataset(name, "enterprise_year", [*KEY_COLUMNS, *columns])


def series(name: str, every: str, *columns: dict[str, Any]) -> Dataset:
    keys = [
        {"id": "place", "title": "地区", "kind": "text", "required": True},
        {"id": "period", "title": "时期", "kind": "period", "required": True},
    ]
    return dataset(name, "place_period", [*keys, *columns], freshness={"every": every})


def register_rows(name: str) -> Dataset:
    columns = [
        KEY_COLUMNS[0],
        {"id": "entry", "title": "名目", "kind": "text", "required": True},
        {"id": "recognised_on", "title": "认定日期", "kind": "date", "required": True},
        {"id": "valid_until", "title": "有效期至", "kind": "date"},
        {"id": "document", "title": "文号", "kind": "text"},
        {"id": "ended_on", "title": "撤销日期", "kind": "date"},
    ]
    return dataset(name, "register", columns)


def figure(
    name: str, value: str, period: str, unit: str | None, place: str | None = None
) -> dict[str, Any]:
    return {
        "id": f"{name.replace('.', '_')}_{place or 'city'}_{abs(hash_of(period))}",
        "title": name,
        "title_en": name,
        "series": name,
        "place": place,
        "period": period,
        "value": Decimal(value),
        "unit": unit,
        "evidence": EVIDENCE,
    }


def hash_of(text: str) -> int:
    """A number for an id that is the same in every process."""
    return int.from_bytes(text.encode(), "big") % 10**9


def published(*figures: dict[str, Any]) -> Published:
    return Published.model_validate({"figures": list(figures)})


PLACE = Place.model_validate(
    {
        "id": "yunze",
        "title": "云泽市",
        "title_en": "Yunze",
        "province": "南原省",
        "province_en": "Nanyuan",
        "region": "999900",
        "districts": [
            {
                "id": district,
                "title": f"{short}区",
                "title_en": district,
                "short": short,
                "tile": [0, index],
                "codes": codes,
            }
            for index, (district, short, codes) in enumerate(
                [
                    ("east", "东沚", [{"code": "999901"}]),
                    (
                        "west",
                        "西沚",
                        [
                            {"code": "999902"},
                            {"code": "999912", "kind": "former", "until": "2012-12-31"},
                        ],
                    ),
                    ("north", "北沚", [{"code": "999903"}]),
                ]
            )
        ],
        "parks": [
            {
                "id": "port",
                "title": "临港园区",
                "title_en": "Port Park",
                "district": "west",
                "codes": [{"code": "999902400", "kind": "statistical"}],
            }
        ],
        "evidence": EVIDENCE,
    }
)

DATASETS = [
    dataset(
        "registrations",
        "enterprise",
        [
            KEY_COLUMNS[0],
            {"id": "name", "title": "企业名称", "kind": "text", "required": True},
            {"id": "registered_on", "title": "成立日期", "kind": "date"},
            {
                "id": "status",
                "title": "登记状态",
                "kind": "choice",
                "values": ["存续", "在业", "注销", "吊销"],
            },
            quantity("registered_capital", "万元", 4, min=0),
            {"id": "industry_code", "title": "行业代码", "kind": "industry_code"},
            {"id": "region_code", "title": "区划代码", "kind": "region_code"},
            {"id": "district", "title": "所属区县", "kind": "text"},
            {"id": "park", "title": "所在园区", "kind": "text"},
            {"id": "address", "title": "住所", "kind": "text"},
            {"id": "phone", "title": "电话", "kind": "text"},
        ],
        frame=True,
    ),
    yearly(
        "confirmed",
        {"id": "above_scale", "title": "是否规上", "kind": "boolean"},
        {"id": "production_started_on", "title": "投产日期", "kind": "date"},
    ),
    yearly(
        "tax",
        quantity("tax_paid", "元", min=0),
        quantity("invoiced_sales", "元", min=0),
    ),
    yearly(
        "declared",
        quantity("revenue", "万元", 4, min=0),
        quantity("value_added", "万元", 4),
        quantity("employees", "人", 0, min=0),
        quantity("energy", "吨标准煤", 4),
        quantity("rd_expense", "万元", 4, min=0),
        quantity("goodwill", "万元", 4),
    ),
    yearly("grid", quantity("electricity", "万千瓦时", 4, min=0)),
    yearly("plots", quantity("land_owned", "公顷", 6, min=0), quantity("land_rent_in", "亩", 4)),
    yearly("survey", quantity("survey_revenue", "千元", 0, min=0)),
    register_rows("titles"),
    register_rows("penalties"),
    series(
        "macro_year",
        "year",
        quantity("gdp", "亿元", 4),
        quantity("value_added_industry", "亿元", 4),
        quantity("population", "万人", 4),
        quantity("revenue_10bn_count", "家", 0),
        quantity("price_index", None, 1),
        quantity("tea_harvest", "吨", 1),
    ),
    series(
        "macro_quarter",
        "quarter",
        quantity("gdp", "万元", 0),
        quantity("value_added_industry_growth", "%"),
    ),
    series(
        "macro_month", "month", quantity("exports", "亿元", 4), quantity("price_index", None, 1)
    ),
]

REGISTERS = [
    ("high_tech_enterprise", "title", "titles", "高新技术企业", 3),
    ("tea_master", "title", "titles", "茶企名录", None),
    ("environmental_penalty", "penalty", "penalties", "环保行政处罚", None),
    ("tax_arrears", "penalty", "penalties", "欠税", None),
]

FIGURES = published(
    figure("gdp", "4000", "2022年", "亿元"),
    figure("gdp", "44000000", "2024年", "万元"),
    figure("gdp", "1200", "2022年", "亿元", "east"),
    figure("gdp", "3300", "2025年1-9月", "亿元"),
    figure("exports", "62.5", "2024年3月", "亿元"),
    figure("price_index", "98.2", "2024年", None),
    figure("tea_harvest", "812.5", "2023年", "吨"),
    figure("enterprises.revenue", "9000000", "2022年", "万元"),
    figure("enterprises.revenue", "1000", "2024年", "亿元"),
    figure("enterprises.revenue", "300", "2024年", "亿元", "east"),
    figure("enterprises.tax_paid", "41", "2024年", "亿元"),
    figure("enterprises.above_scale", "400", "2024年", "家"),
    figure("enterprises.patience", "1", "2024年", "家"),
    figure("gdp", "5000", "2025年", "亿元"),
)


def make_city(root: Path, figures: Published = FIGURES) -> City:
    registers = [
        Register.model_validate(
            {
                "id": name,
                "title": entry,
                "title_en": name,
                "kind": kind,
                "dataset": where,
                "entry": entry,
                "recognised_by": "市政府",
                "valid_years": years,
                "evidence": EVIDENCE,
            }
        )
        for name, kind, where, entry, years in REGISTERS
    ]
    return City(
        root=root,
        place=PLACE,
        units={},
        published=figures,
        datasets={one.id: one for one in DATASETS},
        registers={one.id: one for one in registers},
    )


def make_setting(**changes: Any) -> Setting:
    usual: dict[str, Any] = {
        "seed": 11,
        "as_of": AS_OF,
        "first_year": 2019,
        "last_year": 2026,
        "gap_rate": 0.02,
        "fault_rate": 0.002,
    }
    return Setting.of(**(usual | changes))


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def column_of(name: str, column: str) -> Column:
    found = next(one for one in DATASETS if one.id == name).column(column)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def made_up() -> SimpleNamespace:
    """The builders above, for tests that cannot import a conftest."""
    return SimpleNamespace(
        as_of=AS_OF,
        datasets=DATASETS,
        city=make_city,
        setting=make_setting,
        published=published,
        figure=figure,
        rows_of=rows_of,
        column_of=column_of,
    )


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return make_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def mocked(city: City, tmp_path_factory: pytest.TempPathFactory) -> MockReport:
    """400 above and 1,600 below scale, with more faults than usual."""
    out = tmp_path_factory.mktemp("mocked")
    return write(
        city, out, seed=11, as_of=AS_OF, above_scale=400, below_scale=1600, fault_rate=0.01
    )
