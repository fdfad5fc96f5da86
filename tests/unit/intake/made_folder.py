"""A small made-up city and its data folder, with every fault that a profile should find planted.

Forty enterprises, three years. Figures are made so that what the profile says is known by hand.
"""

from pathlib import Path
from typing import Any

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.place import Place, Unit
from cityforge.brain.values import credit_code

COUNT = 40
YEARS = (2022, 2023, 2024)
HOSTILE = "<script>alert(1)</script>有限公司"
SLIPPED = {(3, 2023): 0.001, (5, 2024): 10_000.0}  # a unit slipped in the tax office's file
GIANT = 7  # a million times the others in every year: no slip, but far out
DOUBLED = (9, 2024)  # the survey holds twice the figure of the tax office
GONE = 39  # no row in 2024
EVIDENCE = {"source": "设例", "verified": "assumption"}
_USCC = {"id": "uscc", "title": "统一社会信用代码", "kind": "credit_code", "required": True}
_YEAR = {"id": "year", "title": "年度", "kind": "year", "required": True}


def codes(count: int = COUNT + 1) -> list[str]:
    """Credit codes with right check digits, nobody's."""
    made = []
    for number in range(count):
        subject = f"MK0000{number:02d}"
        first17 = f"91990001{subject}{credit_code.organisation_check(subject)}"
        made.append(first17 + credit_code.check_digit(first17))
    return made


def _dataset(name: str, title: str, columns: list[dict[str, Any]], **more: Any) -> Dataset:
    return Dataset.model_validate(
        {
            "id": name,
            "title": title,
            "title_en": name,
            "owner": "office",
            "grain": "enterprise_year",
            "key": ["uscc", "year"],
            "freshness": {"every": "year", "due": "次年 3 月底前"},
            "sensitivity": "internal",
            "legal_use": ["describe", "treat"],
            "evidence": EVIDENCE,
            "columns": [{"title_en": c["id"], **c} for c in columns],
            **more,
        }
    )


def city() -> City:
    money = {"kind": "quantity", "min": 0}
    sets = [
        _dataset(
            "firms",
            "企业底册",
            [
                _USCC,
                {"id": "name", "title": "企业名称", "kind": "text", "required": True},
                {"id": "industry_code", "title": "行业代码", "kind": "industry_code"},
                {"id": "state", "title": "状态", "kind": "choice", "values": ["存续", "注销"]},
                {"id": "founded", "title": "成立日期", "kind": "date"},
            ],
            grain="enterprise",
            key=["uscc"],
            frame=True,
            freshness={"every": "month"},
        ),
        _dataset(
            "tax",
            "税务",
            [
                _USCC,
                _YEAR,
                {"id": "sales", "title": "开票销售", **money, "unit": "元",
                 "agrees_with": [{"column": "survey.revenue", "within": "10%"},
                                 {"column": "declared.revenue", "within": "5%"}]},
            ],
        ),
        _dataset(
            "survey",
            "统计调查",
            [_USCC, _YEAR, {"id": "revenue", "title": "营业收入（统计）", **money, "unit": "千元"}],
            legal_use=["describe"],
            freshness={"every": "year"},
        ),
        _dataset(
            "declared",
            "企业申报",
            [_USCC, _YEAR, {"id": "revenue", "title": "营业收入", **money, "unit": "万元",
                            "scale": 4}],
        ),
        _dataset(
            "months",
            "月度数据",
            [
                {"id": "place", "title": "地区", "kind": "text", "required": True},
                {"id": "period", "title": "时期", "kind": "period", "required": True},
                {"id": "output", "title": "产值", "kind": "quantity", "unit": "亿元"},
            ],
            grain="place_period",
            key=["place", "period"],
            legal_use=["describe"],
            freshness={"every": "month", "due": "月后 20 日内"},
        ),
        _dataset("land", "用地", [_USCC, _YEAR]),
    ]  # fmt: skip
    place = Place.model_construct(title="云屿市", title_en="Yunyu", districts=[], parks=[])
    office = Unit.model_construct(id="office", title="云屿市工信局", title_en="Industry Bureau")
    return City(
        root=Path(),
        place=place,
        units={"office": office},
        datasets={each.id: each for each in sets},
    )


def sales(number: int, year: int) -> float:
    """What enterprise `number` really sold in a year, in yuan."""
    return (
        (1_000_000 + 10_000 * number) * (1 + (year - 2022) / 10) * (1e6 if number == GIANT else 1)
    )


def write(folder: Path) -> Path:
    """Write the data folder, marked as simulated."""
    known = codes()
    stranger = known.pop()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text("simulated: true\n", encoding="utf-8")
    firms = ["统一社会信用代码,企业名称,行业代码,状态,成立日期"]
    for i, code in enumerate(known):
        name = HOSTILE if i == 3 else f"云屿第{i}厂"
        firms.append(f"{code},{name},2631,{'注销' if i % 10 == 0 else '存续'},2025-09-{i % 28 + 1}")
    tax, survey, declared = (["统一社会信用代码,年度," + name] for name in (
        "开票销售（元）", "营业收入（统计）（千元）", "营业收入（万元）"))  # fmt: skip
    for year in YEARS:
        for i, code in enumerate(known):
            true = sales(i, year)
            if (i, year) != (GONE, 2024):
                tax.append(f"{code},{year},{true * SLIPPED.get((i, year), 1):.2f}")
            survey.append(f"{code},{year},{true * (2 if (i, year) == DOUBLED else 1) / 1000:.2f}")
            if i < 10 and year == 2024:
                declared.append(f"{code},{year},{true / 10_000:.4f}")
    tax += [f"{known[0]},2021,约5", f"{known[1]},2021,-3", f"{stranger},2024,7", "坏代码,2024,8"]
    months = ["地区,时期,产值", *(f"云屿市,2025-{month:02},{month * 10}" for month in range(1, 6))]
    for name, lines in {
        "firms": firms, "tax": tax, "survey": survey, "declared": declared, "months": months,
    }.items():  # fmt: skip
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
