"""The cross-checks of a city folder, one planted fault each, on the made-up city."""
# ruff: noqa: E501 - the table of cases is read line by line

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityforge.brain.city import checks
from cityforge.brain.city.shapes import LegalUse, Sensitivity
from cityforge.brain.errors import CityRefused, Problem

ROOT = Path(__file__).resolve().parents[3]
LANHE = ROOT / "tests" / "cities" / "lanhe"
SCHEME = "schemes/lanhe_2025.yaml"
YEARLY = "datasets/performance.yaml"
EVIDENCE = "evidence: {source: 设例, verified: assumption}\n"

# (file, old, new, place of the Problem: the first `mark` in `told`, what is said)
Case = tuple[str, str, str, str, str]
CASES: dict[str, Case] = {
    "district twice": ("city.yaml", "parks:", "  - {id: qingyu, title: 甲, title_en: A, short: 甲, tile: [5, 5], codes: [{code: \"339931\"}]}\nparks:", "§qingyu, title: 甲", "区县“qingyu”重复"),
    "area code twice": ("city.yaml", '"339902"', '"339901"', '§"339901", kind: current}\n  - id: shijian', "区划代码“339901”重复"),
    "tile twice": ("city.yaml", "[0, 1]", "[0, 0]", "§[0, 0]\n    codes:\n      - {code: \"339902\"", "示意图位置“0, 0”重复"),
    "park twice": ("city.yaml", "id: yunping_new_materials", "id: qingyu_port", "§qingyu_port\n    title: 云坪", "园区“qingyu_port”重复"),
    "park nowhere": ("city.yaml", "district: yunping", "district: yunpin", "§yunpin\n", "区县“yunpin”不存在"),
    "region code malformed": ("city.yaml", 'region: "339900"', 'region: "33990"', '§"33990"', "不合要求"),
    "code without quotes": ("city.yaml", 'region: "339900"', "region: 339900", "§339900", "应为文字"),
    "tile of three": ("city.yaml", "[0, 1]", "[0, 1, 2]", "§[0, 1, 2]", "不合要求"),
    "unit twice": ("units.yaml", "  - {id: scj,", "  - {id: jxj, title: 甲, title_en: A}\n  - {id: scj,", "§jxj, title: 甲", "责任单位“jxj”重复"),
    "owner unknown": (YEARLY, "owner: jxj", "owner: jx", "§jx\n", "责任单位“jx”不存在"),
    "column twice": (YEARLY, "  - {id: revenue,", "  - {id: tax_paid, title: 甲, title_en: A, kind: text}\n  - {id: revenue,", "§tax_paid, title: 甲", "列“tax_paid”重复"),
    "header twice": (YEARLY, "title: 营业收入", "title: 税收", "§税收, title_en: revenue", "表头“税收”重复"),
    "key unknown": ("datasets/honours.yaml", "key: [uscc, entry,", "key: [uscc, document_,", "§document_,", "列“document_”不存在"),
    "key of a year": (YEARLY, "key: [uscc, year]", "key: [uscc]", "§[uscc]", "主键应为 uscc、year"),
    "key finer than a year": (YEARLY, "key: [uscc, year]", "key: [uscc, year, energy]", "§[uscc, year", "先汇总到企业"),
    "frame without names": ("datasets/market_entities.yaml", "{id: name,", "{id: firm,", "§columns:", "缺少列“name”"),
    "reserved column": (YEARLY, "  - {id: revenue,", "  - {id: part, title: 甲, title_en: A, kind: text}\n  - {id: revenue,", "§part, title: 甲", "“part”是系统保留的名称"),
    "district outside the frame": (YEARLY, "  - {id: revenue,", "  - {id: district, title: 甲, title_en: A, kind: text}\n  - {id: revenue,", "§district, title: 甲", "系统保留"),
    "date of report unknown": (YEARLY, "declared: true", "declared: true\nknown_on: reported", "§reported", "列“reported”不存在"),
    "unit on a text": ("datasets/market_entities.yaml", "kind: text, required: true", "kind: text, unit: 亩, required: true", "§亩", "只有 quantity 列有单位"),
    "choice without values": ("datasets/market_entities.yaml", "values: [存续, 在业, 迁出, 注销, 吊销]", "values: []", "§{id: status", "须列出允许值"),
    "scale over precision": (YEARLY, "scale: 2, min: 0", "precision: 3, scale: 4", "§4}", "小数位数大于总位数"),
    "unit unknown": (YEARLY, "unit: ㎡", "unit: 平方里", "§平方里", "平方里"),
    "kind unknown": (YEARLY, "kind: boolean", "kind: bool", "§bool,", "不在允许范围"),
    "grain without its column": ("datasets/honours.yaml", "{id: entry,", "{id: entry_,", "§columns:", "缺少列“entry”"),
    "second frame": (YEARLY, "declared: true", "declared: true\nframe: true", "", "应有且只有一个企业底册，现有 2 个"),
    "no frame": ("datasets/market_entities.yaml", "frame: true", "frame: false", "", "应有且只有一个企业底册，现有 0 个"),
    "register of no dataset": ("registers/green_factory_provincial.yaml", "dataset: honours", "dataset: honour", "§honour\n", "数据集“honour”不存在"),
    "register's title taken": ("registers/specialised_provincial.yaml", "title: 省级专精特新中小企业", "title: 省级绿色工厂", "§省级绿色工厂\ntitle_en", "名录名称“省级绿色工厂”重复"),
    "parameter twice from one day": ("parameters/new_enterprise_years.yaml", "from: 2025-01-01", "from: 2015-01-01", "{from: §2015-01-01, value: 3", "起始日期“2015-01-01”重复"),
    "parameter of two types": ("parameters/new_enterprise_years.yaml", "value: 3", "value: 三", "", "类型不一致"),
    "fact of wrong unit": ("facts/land_mu.yaml", "unit: 亩", "unit: 人", "§人", "写的是“人”，表达式得到"),
    "population is no condition": (SCHEME, "population: above_scale", "population: land_mu", "§land_mu", ""),
    "indicator of wrong unit": (SCHEME, "unit: 万元/人", "unit: 万元/亩, weight: 20}\n      #", "", "单位不符"),
    "indicator twice": (SCHEME, "weight: 10}\n", "weight: 5}\n      - {id: rd_ratio, title: 甲, title_en: A, expr: rd_expense / revenue, weight: 5}\n", "§rd_ratio, title: 甲", "指标“rd_ratio”重复"),
    "less is better": (SCHEME, "weight: 40}", "weight: 40, direction: down}", "§down", "只适用于越大越好"),
    "no ratio to average": (SCHEME, "expr: tax_paid / land_mu, unit: 万元/亩", "expr: tax_paid, unit: 万元", "§tax_paid,", "指标须为 分子 / 分母"),
    "weights": (SCHEME, "weight: 40}", "weight: 39.5}", "§indicators:", "权重合计 99.5，应为 100"),
    "weight of nothing": (SCHEME, "weight: 40}", "weight: 0}", "§0}", "大于 0"),
    "group unknown": (SCHEME, "groups: [district]", "groups: [distric]", "§distric]", "分组事实“distric”不存在"),
    "base within unknown": (SCHEME, "within: []", "within: [industri]", "§industri]", "分组事实“industri”不存在"),
    "tie unknown": (SCHEME, "ties: [tax_per_mu, ", "ties: [tax_per_m, ", "§tax_per_m,", "指标“tax_per_m”不存在"),
    "grade twice": (SCHEME, "grade: 乙", "grade: 甲", "§甲, from: 25", "等次“甲”重复"),
    "band empty": (SCHEME, "from: 25, to: 70}\n    - {grade: 丙, from: 70", "from: 25, to: 25}\n    - {grade: 丙, from: 25", "§{grade: 乙", "等次“乙”的区间为空"),
    "hole between bands": (SCHEME, "from: 25, to: 70", "from: 30, to: 70", "§30, to", "25% 至 30% 没有等次"),
    "bands short of 100": (SCHEME, "to: 100", "to: 99", "§bands:", "各档只到 99%"),
    "in force backwards": (SCHEME, "missing: zero", "missing: zero\nvalid_from: 2025-01-01\nvalid_to: 2024-01-01", "§2024-01-01", "失效日期早于生效日期"),
    "published of no part": (SCHEME, "missing: zero", "missing: zero\npublished:\n  - {year: 2024, part: abov, counts: {甲: 1}, " + EVIDENCE.strip() + "}", "§abov,", "部分“abov”不存在"),
    "published of no grade": (SCHEME, "missing: zero", "missing: zero\npublished:\n  - {year: 2024, part: above, counts: {戊: 1}, " + EVIDENCE.strip() + "}", "{戊: §1}", "等次“戊”不存在"),
    "published of no group": (SCHEME, "missing: zero", "missing: zero\npublished:\n  - {year: 2024, part: above, group: {distric: qingyu}, counts: {甲: 1}, " + EVIDENCE.strip() + "}", "{distric: §qingyu", "分组事实“distric”不存在"),
    "published of no district": (SCHEME, "missing: zero", "missing: zero\npublished:\n  - {year: 2024, part: above, group: {district: 青屿}, counts: {甲: 1}, " + EVIDENCE.strip() + "}", "{district: §青屿", "区县“青屿”不存在"),
    "indicator owner": ("indicators/rd_share.yaml", "owner: ", "owner: nobody # ", "§nobody", "责任单位“nobody”不存在"),
    "indicator over an enterprise's fact": ("indicators/rd_share.yaml", "expr: rd_expenditure", "expr: rd_expense", "§rd_expense", "没有事实"),
    "register counted unknown": ("indicators/specialised_count.yaml", "register_count: [", "register_count: [nothing, ", "§nothing", "名录“nothing”不存在"),
    "measure twice": ("plan.yaml", "targets:\n", "  - {number: \"1\", title: 甲}\ntargets:\n", "§\"1\", title: 甲", "举措“1”重复"),
    "target twice": ("plan.yaml", "id: energy_cut", "id: rd_intensity", "§rd_intensity\n    measure: \"4\"", "目标“rd_intensity”重复"),
    "target of no measure": ("plan.yaml", 'measure: "4"', 'measure: "9"', '§"9"', "举措“9”不存在"),
    "range without its end": ("plan.yaml", "    value_max: 50\n", "", "", "区间目标缺少上限"),
    "table row without definition": ("plan.yaml", "definition: rd_share", "definition: rd_shar", "§rd_shar}", "指标“rd_shar”不存在"),
    "published twice": ("published.yaml", "id: gdp_2023\n", "id: gdp_2022\n", "", "公布数"),
    "example of nothing": ("examples/floor_bands.yaml", "bands:\n  scheme: lanhe_2025\n  ranked: 37\n  counts: {甲: 9, 乙: 16, 丙: 10, 丁: 2}\n", "", "§id:", "样例须写 score 或 bands 之一"),
    "example of no scheme": ("examples/floor_bands.yaml", "scheme: lanhe_2025", "scheme: lanhe_2024", "§lanhe_2024", "评价方案“lanhe_2024”不存在"),
    "example of no part": ("examples/capped_score.yaml", "part: above", "part: below", "§below", "部分“below”不存在"),
    "example of no indicator": ("examples/capped_score.yaml", "values: {tax_per_mu: 60", "values: {tax_per_m: 60", "{tax_per_m: §60", "指标“tax_per_m”不存在"),
}  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LANHE, tmp_path / "city"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text, f"{file} changed: plant anew"
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def is_worded(problem: Problem) -> bool:
    texts = (problem.what, problem.hint)
    chinese = all(any("\u4e00" <= letter <= "\u9fff" for letter in t.zh) for t in texts)
    return chinese and all(text.en for text in texts)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_fault_is_one_problem_in_its_place(city: Path, case: Case) -> None:
    file, old, new, mark, says = case
    edit(city, file, old, new)
    problems = checks.check(city).problems
    assert len(problems) == 1, [problem.say("zh") for problem in problems]
    assert says in problems[0].what.zh + problems[0].hint.zh
    assert is_worded(problems[0]), problems[0]
    if mark:
        text = (city / file).read_text(encoding="utf-8")
        before_mark, _, after = mark.rpartition("§")
        before = text[: text.index(before_mark + after) + len(before_mark)]
        where = (file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        assert (problems[0].file, problems[0].line, problems[0].column) == where


def test_a_fact_may_not_be_named_as_a_column(city: Path) -> None:
    text = (city / "facts/land_mu.yaml").read_text(encoding="utf-8")
    new = city / "facts/revenue.yaml"
    new.write_text(text.replace("id: land_mu", "id: revenue"), encoding="utf-8")
    (problem,) = checks.check(city).problems
    assert (problem.file, problem.line) == ("facts/revenue.yaml", 2)
    assert problem.what.zh == "事实“revenue”重复"


def test_a_fixed_base_needs_each_indicator_s_value(city: Path) -> None:
    edit(city, SCHEME, "method: this_year_mean", "method: fixed")
    told = [problem.what.zh for problem in checks.check(city).problems]
    assert len(told) == 4 and all("没有基准值" in what for what in told)


def test_facts_may_name_each_other_by_title_in_any_order(city: Path) -> None:
    for name, title, expr in (("aaa", "甲", "乙 + 1亩"), ("zzz", "乙", "land_mu * 2")):
        (city / f"facts/{name}.yaml").write_text(
            f"id: {name}\ntitle: {title}\ntitle_en: X\nexpr: {expr}\nunit: 亩\n{EVIDENCE}",
            encoding="utf-8",
        )
    assert checks.check(city).problems == []


def test_each_circle_is_told_once_and_what_leans_on_it_is_not(city: Path) -> None:
    facts = {"a_one": "a_two + 1亩", "a_two": "a_one + 1亩", "b_self": "b_self", "leans": "a_one"}
    for name, expr in facts.items():
        (city / f"facts/{name}.yaml").write_text(
            f"id: {name}\ntitle: {name}\ntitle_en: X\nexpr: {expr}\nunit: 亩\n{EVIDENCE}",
            encoding="utf-8",
        )
    told = [(p.file, p.what.zh) for p in checks.check(city).problems]
    assert told == [
        ("facts/a_one.yaml", "事实循环引用：a_one → a_two → a_one"),
        ("facts/b_self.yaml", "事实循环引用：b_self → b_self"),
    ]


def test_a_derived_fact_is_as_free_and_as_secret_as_the_worst_it_rests_on(city: Path) -> None:
    edit(
        city,
        YEARLY,
        "kind: quantity, unit: 人, scale: 0, min: 0",
        "kind: quantity, unit: 人, scale: 0, legal_use: [describe], sensitivity: secret",
    )
    (city / "facts/per_head.yaml").write_text(
        "id: per_head\ntitle: 人均\ntitle_en: X\nexpr: revenue / employees\nunit: 万元/人\n"
        + EVIDENCE,
        encoding="utf-8",
    )
    edit(city, "schemes/lanhe_2025.yaml", "expr: value_added / employees", "expr: 人均 / land_mu")
    edit(city, "schemes/lanhe_2025.yaml", "unit: 万元/人", "unit: 万元/人/亩")
    checked = checks.check(city)
    assert checked.book is not None
    fact = checked.book.facts["per_head"]
    assert (fact.legal_use, fact.sensitivity) == ({LegalUse.DESCRIBE}, Sensitivity.SECRET)
    (problem,) = [one for one in checked.problems if one.file == SCHEME]
    assert "“从业人数”（employees）只能用于描述全市" in problem.what.zh
    assert "performance" in problem.hint.zh


@pytest.mark.parametrize("by", ["scheme", "fact"])
def test_a_register_for_description_only_may_not_decide_a_grade(city: Path, by: str) -> None:
    edit(city, "datasets/honours.yaml", "legal_use: [describe, treat]", "legal_use: [describe]")
    test = "holds('省级绿色工厂')"
    if by == "fact":
        (city / "facts/is_green.yaml").write_text(
            f"id: is_green\ntitle: 绿色\ntitle_en: X\nexpr: {test}\n{EVIDENCE}", encoding="utf-8"
        )
        test = "is_green"
    edit(city, SCHEME, "population: above_scale", f"population: above_scale and {test}")
    (problem,) = checks.check(city).problems
    assert (problem.file, problem.line, problem.column) == (SCHEME, 8, 29)
    assert "只能用于描述全市" in problem.what.zh


def test_a_group_may_not_be_for_description_only(city: Path) -> None:
    edit(
        city,
        "datasets/market_entities.yaml",
        "title: 产业园,",
        "title: 产业园, legal_use: [describe],",
    )
    edit(city, SCHEME, "groups: [district]", "groups: [district, park]")
    (problem,) = checks.check(city).problems
    assert "（park）只能用于描述全市" in problem.what.zh


def test_an_unreadable_dataset_is_one_problem(city: Path) -> None:
    """Its facts are used by the scheme, the facts and the published totals: none is blamed."""
    (city / YEARLY).write_text("id: [\n", encoding="utf-8")
    (problem,) = checks.check(city).problems
    assert problem.file == YEARLY and "YAML" in problem.what.zh


def test_a_faulty_column_is_one_problem(city: Path) -> None:
    edit(city, YEARLY, "kind: quantity, unit: ㎡", "kind: quantty, unit: ㎡")
    (problem,) = checks.check(city).problems
    assert (problem.file, problem.path) == (YEARLY, "columns.4.kind")


def test_files_that_nothing_reads_are_told(city: Path) -> None:
    for name in ("plans.yaml", "facts/old/land.yaml", "facts/more.yml", "scheme/a.yaml"):
        (city / name).parent.mkdir(exist_ok=True, parents=True)
        (city / name).write_text("a: 1\n", encoding="utf-8")
    told = checks.check(city).problems
    assert sorted(p.file for p in told) == [
        "facts/more.yml", "facts/old/land.yaml", "plans.yaml", "scheme/a.yaml",
    ]  # fmt: skip
    assert all(is_worded(problem) for problem in told)
    assert "plan.yaml" in next(p.hint.zh for p in told if p.file == "plans.yaml")


def test_no_folder_and_an_empty_one(tmp_path: Path) -> None:
    (problem,) = checks.check(tmp_path / "none").problems
    assert "没有这个文件夹" in problem.what.zh
    told = [problem.what.zh for problem in checks.check(tmp_path).problems]
    assert told == ["缺少文件 city.yaml", "缺少文件 units.yaml"]


def test_an_empty_file_is_told_by_its_name(city: Path) -> None:
    (city / "plan.yaml").write_text("", encoding="utf-8")
    (problem,) = checks.check(city).problems
    assert "plan.yaml" in problem.what.zh and is_worded(problem)


def test_load_refuses_with_every_error(city: Path) -> None:
    edit(city, SCHEME, "weight: 40}", "weight: 41}")
    edit(city, SCHEME, "ties: [tax_per_mu, ", "ties: [tax, ")
    with pytest.raises(CityRefused) as refused:
        checks.load(city)
    assert len(refused.value.problems) == 2


FILES = sorted(str(file.relative_to(LANHE)) for file in LANHE.rglob("*.yaml"))
BITS = [
    "",
    " ",
    "\n",
    "- ",
    ": ",
    "{",
    "]",
    '"',
    "'",
    "|",
    "&a",
    "*a",
    "~",
    "true",
    "-1",
    "9" * 40,
    "1e400",
]
BITS += [
    "1e-999999",
    ".nan",
    "2025-02-30",
    "亩",
    "万元/亩",
    "id",
    "expr",
    "\t",
    "#",
    "🏭",
    "0",
    "[]",
    "{}",
]


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), file=st.sampled_from(FILES), edits=st.integers(1, 4))
def test_a_mutated_folder_gives_problems_and_nothing_else(
    tmp_path: Path, seed: int, file: str, edits: int
) -> None:
    city = tmp_path / "city"
    if not city.exists():
        shutil.copytree(LANHE, city)
    source = (LANHE / file).read_text(encoding="utf-8")
    (city / file).write_text(mutated(source, random.Random(seed), edits), encoding="utf-8")
    try:
        found = checks.check(city).problems
    finally:
        (city / file).write_text(source, encoding="utf-8")
    for problem in found:
        assert is_worded(problem), problem


def mutated(text: str, chance: random.Random, edits: int) -> str:
    for _ in range(edits):
        start = chance.randrange(len(text) + 1)
        how = chance.random()
        if how < 0.4:
            text = text[:start] + text[start + chance.randrange(1, 20) :]
        elif how < 0.8:
            text = text[:start] + chance.choice(BITS) + text[start + chance.randrange(0, 4) :]
        else:
            lines = text.splitlines(keepends=True)
            line = chance.randrange(len(lines))
            lines[line:line] = [lines[chance.randrange(len(lines))]]
            text = "".join(lines)
    return text
