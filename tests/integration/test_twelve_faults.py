"""A city folder with twelve planted faults: all twelve told in one go, and nothing besides."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.errors import Problem

ROOT = Path(__file__).resolve().parents[2]
TAIZHOU = ROOT / "cities" / "taizhou"
HUAIAN = "schemes/js_huaian_2024.yaml"
HUANGYAN = "schemes/zj_huangyan.yaml"
EVIDENCE = "evidence: {source: 设例, verified: assumption}\n"


@dataclass(frozen=True)
class Fault:
    """One planted fault: the edit, where it must be told, and what is said.

    The place is that of the first `mark` in the file; of what follows § where it has one.
    """

    name: str
    file: str
    old: str
    new: str
    mark: str
    says: str
    told_in: str = ""

    @property
    def told(self) -> str:
        return self.told_in or self.file


FAULTS = [
    Fault(
        "unknown key",
        "datasets/tax.yaml",
        "freshness:",
        "freshnes: year\nfreshness:",
        "freshnes:",
        "未知的键“freshnes”",
    ),
    Fault("wrong unit", "facts/land_mu.yaml", "unit: 亩", "unit: 万元", "万元", "写的是“万元”"),
    Fault(
        "missing fact",
        "facts/rd_ratio.yaml",
        "expr: rd_expense / revenue",
        "expr: rd_expense / revenues",
        "revenues",
        "没有事实“revenues”",
    ),
    Fault(
        "circular fact",
        "facts/sales_per_mu.yaml",
        "expr: invoiced_sales / land_mu",
        "expr: invoiced_sales / tax_paid * sales_per_mu",
        "invoiced_sales / tax_paid",
        "事实循环引用：sales_per_mu → sales_per_mu",
    ),
    Fault(
        "duplicate id",
        "registers/cloud_star_copy.yaml",
        "",
        "id: cloud_star\ntitle: 星级上云企业（二）\ntitle_en: Cloud copy\nkind: title\n"
        "dataset: titles\nentry: 星级上云\nrecognised_by: 省工信厅\n" + EVIDENCE,
        "cloud_star\n",
        "标识“cloud_star”重复",
    ),
    Fault(
        "bad date",
        "parameters/above_scale_revenue.yaml",
        "from: ",
        "from: 2025-02-30 # ",
        "2025-02-30",
        "应为日期",
    ),
    Fault(
        "unknown responsible unit",
        "plan.yaml",
        "default_units: [",
        "default_units: [market_bureau, ",
        "market_bureau",
        "责任单位“market_bureau”不存在",
    ),
    Fault(
        "weights that do not sum",
        HUAIAN,
        "unit: 元/千瓦时, weight: 20}",
        "unit: 元/千瓦时, weight: 25}",
        "indicators:\n      - {id: tax_per_mu, title: 亩均税收, title_en: tax per mu, "
        "expr: tax_paid / land_mu, unit: 万元/亩, weight: 45}\n"
        "      - {id: sales_per_mu, title: 亩均销售, title_en: invoiced sales per mu, "
        "expr: invoiced_sales / land_mu, unit: 万元/亩, weight: 35}\n"
        "      - {id: green, title: 绿色发展（单位用电税收）",
        "“规下”的权重合计 105，应为 100",
    ),
    Fault(
        "bands that overlap",
        HUAIAN,
        "grade: B, from: 20",
        "grade: B, from: 15",
        "15, to: 60",
        "从 15% 起，与上一档（至 20%）重叠",
    ),
    Fault(
        "a scheme over a statistics-only fact",
        HUANGYAN,
        "expr: value_added / employees",
        "expr: value_added / survey_employees",
        "survey_employees",
        "只能用于描述全市",
    ),
    Fault(
        "an expression error",
        HUAIAN,
        "when: years_in_production < 2年",
        "when: years_in_production << 2年",
        "< 2年",
        "",
    ),
    Fault(
        "a missing file",
        "indicators/rd_intensity.yaml",
        "",
        "",
        "definition: §rd_intensity",
        "指标“rd_intensity”不存在",
        told_in="plan.yaml",
    ),
]


def plant(root: Path, fault: Fault) -> None:
    file = root / fault.file
    if not fault.old and not fault.new:
        file.unlink()
    elif not fault.old:
        file.write_text(fault.new, encoding="utf-8")
    else:
        text = file.read_text(encoding="utf-8")
        assert fault.old in text, f"{fault.file} changed: plant {fault.name!r} anew"
        file.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")


def place(root: Path, fault: Fault) -> tuple[str, int, int]:
    """File, line and column of the fault, counted on the text itself."""
    text = (root / fault.told).read_text(encoding="utf-8")
    before_mark, _, _ = fault.mark.rpartition("§")
    before = text[: text.index(fault.mark.replace("§", "")) + len(before_mark)]
    return fault.told, before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TAIZHOU, tmp_path / "city"))


def test_all_twelve_are_told_at_once_with_place_and_hint(city: Path) -> None:
    for fault in FAULTS:
        plant(city, fault)
    told = {(p.file, p.line, p.column): p for p in checks.check(city).problems}
    assert sorted(told) == sorted(place(city, fault) for fault in FAULTS)
    for fault in FAULTS:
        problem = told[place(city, fault)]
        assert fault.says in problem.what.zh, fault.name
        assert problem.severity == "error"
        assert_is_worded(problem)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_alone_is_one_problem_and_draws_no_other(city: Path, fault: Fault) -> None:
    plant(city, fault)
    found = checks.check(city).problems
    assert [(p.file, p.line, p.column) for p in found] == [place(city, fault)]


def assert_is_worded(problem: Problem) -> None:
    for text in (problem.what, problem.hint):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), problem
        assert text.en.strip() and not any("\u3000" <= c <= "\u303f" for c in text.en), problem


def test_the_command_says_them_all_and_ends_with_10(
    city: Path, cityforge: Callable[..., tuple[int, str]]
) -> None:
    for fault in FAULTS:
        plant(city, fault)
    for language, end in (("zh", "12 个错误"), ("en", "12 error(s)")):
        code, said = cityforge("--lang", language, "check", city)
        assert code == 10
        assert end in said
        for fault in FAULTS:
            assert ":".join(map(str, place(city, fault))) in said, fault.name


@pytest.mark.parametrize(
    ("name", "hidden"), [("city.yaml", []), ("units.yaml", ["unknown responsible unit"])]
)
def test_a_missing_ground_file_hides_no_other_fault(
    city: Path, name: str, hidden: list[str]
) -> None:
    """Without units.yaml nobody can say that a unit is unknown; all else is still told."""
    for fault in FAULTS:
        plant(city, fault)
    (city / name).unlink()
    found = [(p.file, p.line, p.column) for p in checks.check(city).problems]
    wanted = [place(city, fault) for fault in FAULTS if fault.name not in hidden]
    assert sorted(found) == sorted([*wanted, (name, 0, 0)])
