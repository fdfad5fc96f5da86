"""A scheme looked over: each question is asked where it should be, and only there."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from ruamel.yaml import YAML
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.lint import Linted, as_json, lint
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.evaluation.questions.finding import GROUPS, RULES
from cityforge.brain.evaluation.statement import statement

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
DAY = date(2025, 9, 30)
Change = Callable[[dict[str, Any]], Any]
Row = dict[str, Any]
SOUND = """\
id: sound
title: 周全的方案
title_en: A sound scheme
evidence: &own {source: 设例, verified: assumption}
population: above_scale
exempt:
  - {id: new, says: 投产不到 2 年, says_en: new, when: years_in_production < 2年}
groups: [district]
parts:
  - id: above
    title: 规上
    title_en: above
    when: above_scale
    indicators:
      - {id: yield, title: 亩均税收, title_en: tax per mu, expr: tax_paid / land_mu,
         unit: 万元/亩, weight: 50}
      - {id: green, title: 单位能耗税收, title_en: tax per energy, expr: tax_paid / energy,
         unit: 万元/吨标准煤, weight: 30}
      - {id: rd, title: 研发占比, title_en: R&D, expr: rd_expense / revenue, weight: 20}
base: {method: this_year_mean, within: []}
scoring: {function: ratio_capped, cap: 1.5, floor: 0}
missing: zero
bonus:
  cap: 10
  items:
    - {id: green, says: 绿色工厂, says_en: green, when: holds('green_factory_provincial'),
       points: 3, evidence: *own}
limits:
  - {id: poor, says: 税收为负, says_en: refunds, when: tax_paid < 0元, at_most: 丁, evidence: *own}
ties: [yield, green]
grading:
  by: rank_share
  rounding: half_up
  tied: worse
  bands:
    - {grade: 甲, from: 0, to: 40}
    - {grade: 乙, from: 40, to: 80}
    - {grade: 丁, from: 80, to: 100}
consequences:
  - {resource: land, grades: [甲], says: 优先, says_en: first, evidence: *own}
  - {resource: land, grades: [丁], says: 限制, says_en: last, evidence: *own}
calendar:
  - {state: objected, begins: "05-01", working_days: 5}
publicity_days: 5
"""
EXAMPLE = """\
id: sound_example
title: 算例
title_en: Example
score:
  scheme: sound
  part: above
  values: {yield: 10, green: 1, rd: 0.03}
  bases: {yield: 10, green: 1, rd: 0.03}
  total: 100
evidence: {source: 设例, verified: assumption}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    city = Path(shutil.copytree(LANHE, tmp_path / "city"))
    (city / "examples" / "sound_example.yaml").write_text(EXAMPLE, encoding="utf-8")
    # Declared data are asked about on their own; here an office supplies them.
    file = city / "datasets" / "performance.yaml"
    text = file.read_text(encoding="utf-8").replace("declared: true\n", "")
    file.write_text(text, encoding="utf-8")
    return city


def linted(root: Path, change: Change = lambda _: None, *, rows: list[Row] | None = None) -> Linted:
    yaml = YAML()
    scheme = yaml.load(SOUND)
    change(scheme)
    with (root / "schemes" / "sound.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump(scheme, stream)
    city, book = checks.load(root)
    prepared = prepare(book, city.schemes["sound"])
    if rows is None:
        return lint(city, book, prepared.scheme, day=DAY)
    moment = Moment(2024, date(2024, 12, 31), {"new_enterprise_years": 2}, "registered_on")
    return lint(city, book, prepared.scheme, evaluated(prepared, moment, rows), day=DAY)


def evaluated(prepared: Any, moment: Moment, rows: list[Row]) -> Evaluated:
    with Engine(threads=1) as engine:
        engine.take("facts", pa.Table.from_pylist(rows, schema=FACTS))
        found = engine.arrow(statement(prepared, moment, facts=exp.to_table("facts")))
        facts = engine.arrow(exp.select("*").from_("facts"))
    return Evaluated(prepared, moment, found, facts)


def rules(found: Linted) -> list[str]:
    return [finding.rule for finding in found.findings]


def test_a_sound_scheme_raises_no_question(root: Path) -> None:
    assert rules(linted(root)) == []


def put(*path: Any, value: Any) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        at: Any = scheme
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


def drop(*path: Any) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        at: Any = scheme
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]

    return change


def both(*changes: Change) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        for one in changes:
            one(scheme)

    return change


def indicator(number: int, **keys: Any) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        scheme["parts"][0]["indicators"][number].update(keys)

    return change


def item(kind: str, **keys: Any) -> Change:
    whole = {"id": "more", "says": "另一项", "says_en": "more", "points": 2,
             "evidence": {"source": "设例", "verified": "assumption"}}  # fmt: skip

    def change(scheme: dict[str, Any]) -> None:
        extras = scheme.setdefault(kind, {"items": []})
        extras["items"].append(whole | keys)

    return change


def limit(**keys: Any) -> Change:
    whole = {"id": "more", "says": "另一条", "says_en": "more", "when": "revenue < 10万元",
             "at_most": "丁", "evidence": {"source": "设例", "verified": "assumption"}}  # fmt: skip

    def change(scheme: dict[str, Any]) -> None:
        kept = {key: value for key, value in (whole | keys).items() if value is not None}
        scheme["limits"].append(kept)

    return change


def fixed(
    number: int, value: float, year: int = 2024, source: str | None = "设例", **more: Any
) -> Change:
    one = {"year": year, "value": value} | ({"source": source} if source else {})
    return indicator(number, base={"method": "fixed", "values": [one]}, **more)


CASES: list[tuple[str, str, Change]] = [
    ("weights_sum", "weights_sum", both(put("weights_sum", value=110), indicator(2, weight=30))),
    ("heavy", "parts.0.indicators.0.weight",
     both(indicator(0, weight=60), indicator(1, weight=20))),
    ("light", "parts.0.indicators.2.weight", both(indicator(1, weight=48), indicator(2, weight=2))),
    ("doubled", "parts.0.indicators.1.expr",
     indicator(1, expr="tax_paid / land_mu", unit="元/亩")),
    ("direction", "parts.0.indicators.1.direction",
     indicator(1, direction="down", scoring={"function": "minmax_20_80"})),
    ("direction", "parts.0.indicators.1",
     indicator(1, expr="energy / tax_paid", unit="吨标准煤/万元")),
    ("percent", "parts.0.indicators.2", fixed(2, 3)),
    ("percent", "parts.0.indicators.2", fixed(2, 0.03, unit="%")),
    ("uncapped", "scoring", put("scoring", value={"function": "ratio_to_base", "floor": 0})),
    ("uncapped", "parts.0.indicators.1.scoring",
     indicator(1, scoring={"function": "ratio_to_base", "floor": 0})),
    ("below_zero", "scoring", put("scoring", value={"function": "ratio_capped", "cap": 1.5})),
    ("old_base", "parts.0.indicators.0.base", fixed(0, 20, year=2021)),
    ("unsourced_base", "parts.0.indicators.0.base", fixed(0, 20, source=None)),
    ("bonus_uncapped", "bonus", drop("bonus", "cap")),
    ("bonus_large", "bonus.cap", both(put("bonus", "cap", value=25), item(
        "bonus", when="holds('specialised_provincial')", points=24))),
    ("bonus_doubles", "bonus.items.1.when", item("bonus", when="rd_expense > 100万元")),
    ("alike", "bonus.items.1.when", item("bonus", when="holds('green_factory_provincial')")),
    ("punished_twice", "penalty.items.0.when", item("penalty", when="tax_paid < 10元")),
    ("idle_limit", "limits.1.at_most", limit(at_most="甲")),
    ("idle_limit", "limits.1.at_least", limit(at_most=None, at_least="丁")),
    ("idle_limit", "limits.1.when", limit(when="years_in_production < 2年")),
    ("idle_limit", "limits.1.when", limit(when="not above_scale")),
    ("never_holds", "limits.1.when", limit(when="employees < 0人")),
    ("always_holds", "limits.1.when", limit(when="employees >= 0人")),
    ("never_holds", "bonus.items.1.when",
     item("bonus", when="holds('specialised_provincial') and employees < 0人")),
    ("no_ties", "grading", both(put("ties", value=[]), put("grading", "tied", value="apart"))),
    ("rounding_unstated", "grading", drop("grading", "rounding")),
    ("tied_unstated", "grading", drop("grading", "tied")),
    ("unreachable", "grading.bands.0.at_least",
     put("grading", "bands", 0, "at_least", value=161)),
    ("no_consequence", "", put("consequences", value=[])),
    ("no_consequence", "consequences", drop("consequences", 1)),
    ("no_exempt", "population", put("exempt", value=[])),
    ("vague_exempt", "exempt.0.says", put("exempt", 0, "says", value="其他特殊情形")),
    ("no_publicity", "", drop("publicity_days")),
    ("short_publicity", "publicity_days", put("publicity_days", value=2)),
    ("no_objection", "calendar", put("calendar", 0, "state", value="collected")),
    ("expired", "valid_to", put("valid_to", value=date(2025, 6, 30))),
    ("no_evidence", "limits", drop("limits", 0, "evidence")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "change"), CASES)
def test_each_question_is_asked_alone_at_its_place(
    root: Path, rule: str, path: str, change: Change
) -> None:
    found = linted(root, change)
    assert [(one.rule, one.problem.path) for one in found.findings] == [(rule, path)]
    (one,) = found.findings
    problem = one.problem
    assert problem.file == "schemes/sound.yaml" and problem.line > 0 and problem.column > 0
    assert problem.severity == "warning" and one.severity == RULES[rule].severity
    assert problem.what.zh and problem.what.en and problem.hint.zh and problem.hint.en
    assert found.counts[RULES[rule].group] == 1 and sum(found.counts.values()) == 1


def test_the_edges_of_what_is_asked(root: Path) -> None:
    calm = [
        both(indicator(0, weight=50), indicator(1, weight=47), indicator(2, weight=3)),
        put("grading", "bands", 0, "at_least", value=160),  # 1.5 × 100 + 10
        fixed(0, 20, year=2022),  # 2024 is evaluated; two years are borne
        fixed(2, 0.03),
        fixed(2, 3, unit="%"),
        put("publicity_days", value=3),
        limit(when="employees < 1人"),
        put("valid_to", value=date(2025, 9, 30)),
    ]
    for change in calm:
        assert rules(linted(root, change)) == []


def test_declared_data_are_asked_about(root: Path) -> None:
    file = root / "datasets" / "performance.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("legal_use:", "declared: true\nlegal_use:", 1), encoding="utf-8")
    (one,) = linted(root).findings
    assert one.rule == "declared"
    # Land comes of the same table here, so that all three rest on declarations alone.
    assert one.problem.what.zh == "只凭企业自报：亩均税收、单位能耗税收、研发占比"
    (one,) = linted(root, put("missing", value="group_average_score")).findings
    assert (one.rule, one.problem.path) == ("gap_pays", "missing")
    (one, other) = linted(root, indicator(2, missing="reweight")).findings
    assert {one.rule, other.rule} == {"declared", "gap_pays"}


def test_a_scheme_without_example_is_asked_for_one(root: Path) -> None:
    (root / "examples" / "sound_example.yaml").unlink()
    assert rules(linted(root)) == ["no_example"]


def test_without_a_day_nothing_is_asked_that_hangs_on_it(root: Path) -> None:
    yaml = YAML()
    scheme = yaml.load(SOUND)
    both(fixed(0, 20, year=2015), put("valid_to", value=date(2016, 1, 1)))(scheme)
    with (root / "schemes" / "sound.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump(scheme, stream)
    city, book = checks.load(root)
    assert rules(lint(city, book, city.schemes["sound"])) == []
    assert rules(lint(city, book, city.schemes["sound"], day=DAY)) == ["old_base", "expired"]


# --- what data tell ------------------------------------------------------------------------------

FACTS = pa.schema(
    [
        *((name, pa.string()) for name in ("uscc", "name", "district", "industry")),
        ("registered_on", pa.date32()),
        ("above_scale", pa.bool_()),
        *((name, pa.decimal128(18, 4)) for name in (
            "land_mu", "tax_paid", "energy", "rd_expense", "revenue", "years_in_production")),
        ("register:green_factory_provincial", pa.bool_()),
    ]
)  # fmt: skip


def population(count: int = 10, **changed: Any) -> list[Row]:
    """So many enterprises without a gap; a changed fact is that of the first few, or of all."""
    rows = [
        {
            "uscc": f"{i:018d}", "name": f"企业{i}", "district": "qingyu", "industry": "35",
            "registered_on": date(2010, 1, 1), "above_scale": True, "land_mu": 10,
            "tax_paid": -1 if i == 0 else 100 + i, "energy": 50, "rd_expense": 5, "revenue": 100,
            "years_in_production": 1 if i == 1 else 9,
            "register:green_factory_provincial": i < 3,
        }
        for i in range(count)
    ]  # fmt: skip
    for name, values in changed.items():
        for row, value in zip(rows, values, strict=False):
            row[name.replace("__", ":")] = value
    return rows


def test_data_without_gaps_raise_no_question(root: Path) -> None:
    assert rules(linted(root, rows=population(11))) == []


MEASURED: list[tuple[str, str, list[Row]]] = [
    ("mostly_missing", "parts.0.indicators.1.expr", population(11, energy=[None] * 7)),
    ("undetermined", "population", population(14, above_scale=[True] * 11 + [None] * 3)),
    ("nobody_exempt", "exempt.0.when", population(11, years_in_production=[9] * 11)),
    ("nobody", "limits.0.when", population(11, tax_paid=[1])),
    ("nobody", "bonus.items.0.when",
     population(11, register__green_factory_provincial=[False] * 11)),
    ("everybody", "bonus.items.0.when",
     population(11, register__green_factory_provincial=[True] * 11)),
    ("mostly_unknown", "bonus.items.0.when",
     population(11, register__green_factory_provincial=[True, False] + [None] * 9)),
    ("no_base", "parts.0.indicators.2", population(11, rd_expense=[0] * 11)),
    ("small_group", "groups", population(11, district=["yunping", "qingyu"])),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "rows"), MEASURED)
def test_each_question_of_data_is_asked_at_its_place(
    root: Path, rule: str, path: str, rows: list[Row]
) -> None:
    found = linted(root, rows=rows)
    assert found.measured
    assert [(one.rule, one.problem.path) for one in found.findings] == [(rule, path)]


def test_numbers_in_what_is_said_are_those_of_the_data(root: Path) -> None:
    (one,) = linted(root, rows=population(11, energy=[None] * 7)).findings
    # One of the eleven is exempt, and it is among those without energy.
    assert "10 家中 6 家没有" in one.problem.what.zh
    (one,) = linted(root, rows=population(11, district=["yunping", "qingyu"])).findings
    # One alone at 40/80/100 % rounded half up: places 0, 1, 1.
    assert "2 个排名分组中 1 个太小" in one.problem.what.zh
    assert "最小的 1 家：甲0 乙1 丁0" in one.problem.what.zh


def test_points_far_above_the_weight_are_told(root: Path) -> None:
    uncapped = put("scoring", value={"function": "ratio_to_base", "floor": 0})
    rows = population(11, tax_paid=[-1, 1, 90_000])
    found = linted(root, uncapped, rows=rows)
    assert [one.problem.path for one in found.findings if one.rule == "outliers"] == [
        "parts.0.indicators.0",
        "parts.0.indicators.1",
    ]


def test_where_nobody_is_rated_only_that_is_asked_about(root: Path) -> None:
    rows = population(5, above_scale=[None] * 5)
    assert rules(linted(root, rows=rows)) == ["undetermined", "nobody_exempt"]


# --- the whole -----------------------------------------------------------------------------------


def test_every_rule_is_shown_by_a_case_and_has_its_group() -> None:
    shown = {rule for rule, _, _ in CASES} | {rule for rule, _, _ in MEASURED}
    shown |= {"declared", "gap_pays", "no_example", "outliers"}  # in tests of their own
    assert shown == RULES.keys()
    assert {rule.group for rule in RULES.values()} == GROUPS.keys()


def test_findings_as_plain_data(root: Path) -> None:
    found = as_json(linted(root, drop("publicity_days")))
    assert found["day"] == "2025-09-30" and found["measured"] is False
    (one,) = found["findings"]  # type: ignore[misc]
    assert one["rule"] == "no_publicity" and one["group"] == "upkeep"
    assert one["what"]["zh"] == "没有写公示天数"


def test_what_parts_share_is_asked_once(root: Path) -> None:
    def twice(scheme: dict[str, Any]) -> None:
        part = scheme["parts"][0]
        scheme["parts"].append({**part, "id": "below", "when": "not above_scale"})
        scheme["population"] = "land_mu > 0亩"

    found = linted(root, both(indicator(0, weight=60), indicator(1, weight=20), twice))
    assert rules(found).count("heavy") == 1
