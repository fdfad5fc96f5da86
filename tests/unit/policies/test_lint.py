"""Every rule of lint: a planted fault is found once, at its line and column; its twin is clean.

The mark ¦ stands right before the place where the fault is to be told.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.errors import RunRefused
from cityforge.brain.policies.lint.lint import GROUPS, RULES, as_json, lint

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
DAY = date(2026, 3, 1)
Found = Callable[..., list[tuple[str, int, int]]]
PARTS = {
    "head": """\
id: {id}
title: 兰河市企业奖励（{id}）
title_en: An award of Lanhe ({id})
level: city
office: 市经信局
delivery: reviewed
versions:
  - from: 2025-01-01""",
    "ground": """\
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}""",
    "calls": "    rolling: true",
    "terms": "    terms: []",
    "conditions": "    conditions: {{id: it, says: 营收, expr: revenue >= 100万元}}",
    "materials": "    materials: []",
    "benefit": """\
    benefit:
      kind: award
      says: 一次性奖励（{id}）
      says_en: one award ({id})
      amount: 10万元""",
    "examples": """\
    examples:
      - {{says: 符合, facts: {{revenue: 100}}, expect: eligible}}
      - {{says: 不符合, facts: {{revenue: 99}}, expect: not_yet}}
      - {{says: 缺资料, expect: unknown}}""",
    "tail": "",
}
AWARD = """\
    benefit:
      kind: award
      says: 一次性奖励（{id}）
      says_en: one award ({id})
      amount: """


def _conditions(*exprs: str, form: str = "all") -> dict[str, str]:
    lines = "\n".join(
        f'        - {{{{id: c{i}, says: 条件{i}, expr: "{expr}"}}}}' for i, expr in enumerate(exprs)
    )
    return {"conditions": f"    conditions:\n      {form}:\n{lines}"}


def _expr(expr: str) -> dict[str, str]:
    return {"conditions": f'    conditions: {{{{id: it, says: 条件, expr: "{expr}"}}}}'}


def _amount(expr: str, **more: str) -> dict[str, str]:
    return {"benefit": f'{AWARD}"{expr}"', **more}


def _says(words: str) -> dict[str, str]:
    return {"conditions": f"    conditions: {{{{id: it, says: ¦{words}, expr: above_scale}}}}"}


ANSWER = "    reviewed: [{{rule: move_in, reason: 限于搬迁补助}}]"
PLAIN = _expr("above_scale")
BROAD = "revenue >= 0.01万元"
ROW = "revenue >= 0.01万元 and rd_expense >= 0.01万元"

# rule: pairs of a planted fault and its clean twin
FAULTS: dict[str, list[tuple[dict[str, str], dict[str, str]]]] = {
    "never_holds": [
        (_expr("¦revenue < 0万元"), _expr("revenue <= 0万元")),
        (
            _conditions("above_scale", "¦revenue between 5万元 and 3万元"),
            _conditions("above_scale", "revenue between 3万元 and 5万元"),
        ),
        (
            _expr("above_scale or ¦least(employees, 3人) > 4人"),
            _expr("above_scale or least(employees, 5人) > 4人"),
        ),
    ],
    "never_fails": [
        (_expr("¦employees >= 0人"), _expr("employees > 0人")),
        (
            _conditions("¦status like '%'", "above_scale"),
            _conditions("status like '存%'", "above_scale"),
        ),
        (
            _expr("¦revenue >= 3万元 or revenue < 5万元"),
            _expr("revenue >= 5万元 or revenue < 3万元"),
        ),
        (_expr("¦rd_expense / revenue >= 0"), _expr("rd_expense / revenue > 1%")),
    ],
    "contradicts": [
        (
            _conditions("revenue >= 500万元", "above_scale", "¦revenue < 3000000元"),
            _conditions("revenue >= 500万元", "above_scale", "revenue < 6000000元"),
        ),
        (
            _expr("above_scale and ¦not above_scale"),
            _expr("above_scale or holds('green_factory_provincial')"),
        ),
        (
            _expr("industry_code like 'C26%' and ¦industry_code like 'C27%'"),
            _expr("industry_code like 'C2%' and industry_code like '%1'"),
        ),
        (
            _expr("status = '存续' and ¦status in ('在业', '迁出')"),
            _expr("status in ('存续', '在业')"),
        ),
        (
            _expr("registered_on within 2024 and ¦registered_on >= date '2025-01-01'"),
            _expr("registered_on within 2025 and registered_on >= date '2025-02-01'"),
        ),
        (
            _expr(
                "holds('green_factory_provincial') and ¦not recognised('green_factory_provincial')"
            ),
            _expr(
                "not holds('green_factory_provincial') and recognised('green_factory_provincial')"
            ),
        ),
        (
            _expr("all(revenue[-2:] >= 100万元) and ¦revenue[-1] < 50万元"),
            _expr("all(revenue[-2:] >= 100万元) and revenue[-1] < 500万元"),
        ),
        (
            {
                "conditions": """\
    conditions:
      all:
        - {{id: a, says: 甲, expr: revenue >= 500万元}}
        - any:
            - {{id: b, says: 乙, expr: ¦revenue < 300万元}}
            - {{id: c, says: 丙, expr: above_scale}}"""
            },
            {
                "conditions": """\
    conditions:
      all:
        - {{id: a, says: 甲, expr: revenue >= 500万元}}
        - any:
            - {{id: b, says: 乙, expr: revenue < 900万元}}
            - {{id: c, says: 丙, expr: above_scale}}"""
            },
        ),
    ],
    "implied": [
        (
            _conditions("¦revenue >= 300万元", "revenue >= 500万元"),
            _conditions("revenue[-1] >= 300万元", "revenue >= 500万元"),
        ),
        (_expr("revenue >= 500万元 and ¦revenue >= 0.05亿元"), _expr("revenue >= 500万元")),
        (
            _conditions("industry_code like 'C261%'", "¦industry_code like 'C26%'"),
            _conditions("industry_code like 'C2_1%'", "industry_code like 'C26%'"),
        ),
        (
            _conditions("employees in (3人, 5人)", "¦employees between 2人 and 6人"),
            _conditions("employees in (3人, 9人)", "employees between 2人 and 6人"),
        ),
        (
            _conditions("employees > 3人", "employees < 6人", "¦employees != 6人"),
            _conditions("employees > 3人", "employees < 6人", "employees != 5人"),
        ),
        (
            _conditions("holds('specialised_provincial')", "¦recognised('specialised_provincial')"),
            _conditions(
                "holds('specialised_provincial')", "recognised('green_factory_provincial')"
            ),
        ),
    ],
    "covered": [
        (
            _conditions("revenue >= 300万元", "¦revenue >= 500万元", form="any"),
            _conditions("revenue >= 300万元", "employees >= 500人", form="any"),
        ),
        (
            _conditions("¦status = '注销'", "status in ('注销', '吊销')", form="none"),
            _conditions("status = '迁出'", "status in ('注销', '吊销')", form="none"),
        ),
    ],
    "gap": [
        (
            _amount(
                "case when revenue < ¦100万元 then 5万元"
                " when revenue > 300万元 then 9万元 else 0元 end",
                **_expr(BROAD),
            ),
            _amount(
                "case when revenue < 100万元 then 5万元"
                " when revenue > 300万元 then 9万元 else 7万元 end",
                **_expr(BROAD),
            ),
        ),
        (
            {
                "conditions": """\
    conditions:
      ¦any:
        - {{id: a, says: 小, expr: revenue < 100万元 and rd_expense >= 9万元}}
        - {{id: b, says: 中, expr: revenue between 100万元 and 300万元 and rd_expense >= 8万元}}
        - {{id: c, says: 大, expr: revenue > 400万元 and rd_expense >= 7万元}}"""
            },
            {
                "conditions": """\
    conditions:
      any:
        - {{id: a, says: 小, expr: revenue < 100万元 and rd_expense >= 9万元}}
        - {{id: b, says: 中, expr: revenue between 100万元 and 400万元 and rd_expense >= 8万元}}
        - {{id: c, says: 大, expr: revenue > 400万元 and rd_expense >= 7万元}}"""
            },
        ),
    ],
    "overlap": [
        (
            _amount(
                "case when revenue <= 100万元 then 5万元"
                " when ¦revenue >= 100万元 then 9万元 else 0元 end",
                **_expr(BROAD),
            ),
            _amount(
                "case when revenue < 100万元 then 5万元"
                " when revenue >= 100万元 then 9万元 else 0元 end",
                **_expr(BROAD),
            ),
        ),
        (
            {
                "conditions": """\
    conditions:
      any:
        - {{id: a, says: 小, expr: revenue <= 100万元 and rd_expense >= 9万元}}
        - {{id: b, says: 大, expr: ¦revenue >= 100万元 and rd_expense >= 8万元}}"""
            },
            {
                "conditions": """\
    conditions:
      any:
        - {{id: a, says: 小, expr: revenue < 100万元 and rd_expense >= 9万元}}
        - {{id: b, says: 大, expr: revenue >= 100万元 and rd_expense >= 8万元}}"""
            },
        ),
    ],
    "falls": [
        (
            _amount(
                "case when revenue >= ¦500万元 then rd_expense * 5% else rd_expense * 10% end",
                **_expr(ROW),
            ),
            _amount(
                "case when revenue >= 500万元 then rd_expense * 10% else rd_expense * 5% end",
                **_expr(ROW),
            ),
        ),
        (
            _amount(
                "case when rd_expense / revenue >= ¦5% then 3万元 else 4万元 end", **_expr(ROW)
            ),
            _amount("case when rd_expense / revenue >= 5% then 4万元 else 3万元 end", **_expr(ROW)),
        ),
    ],
    "leaps": [
        (
            _amount("case when revenue >= ¦500万元 then 60万元 else 10万元 end", **_expr(BROAD)),
            _amount("case when revenue >= 500万元 then 50万元 else 10万元 end", **_expr(BROAD)),
        ),
    ],
    "unreached": [
        (
            _amount(
                "case when revenue >= 300万元 then 5万元"
                " when ¦revenue >= 500万元 then 9万元 else 1万元 end",
                **_expr(BROAD),
            ),
            _amount(
                "case when revenue >= 500万元 then 9万元"
                " when revenue >= 300万元 then 5万元 else 2万元 end",
                **_expr(BROAD),
            ),
        ),
    ],
    "unknown_amount": [
        (
            {"benefit": f"{AWARD}¦rd_expense * 10%"},
            {"benefit": f"{AWARD}rd_expense * 10%", **_expr(ROW)},
        ),
        (
            {
                "benefit": f"{AWARD}¦case when holds('green_factory_provincial') then 5万元 end",
                **_expr("holds('green_factory_provincial') or holds('specialised_provincial')"),
            },
            {
                "benefit": f"{AWARD}case when holds('green_factory_provincial') then 5万元"
                f" else 3万元 end",
                **_expr("holds('green_factory_provincial') or holds('specialised_provincial')"),
            },
        ),
    ],
    "no_move_out": [
        (_says("承诺五年内不迁出本市"), PLAIN),
        (
            {"materials": "    materials:\n      - {{title: ¦十年不外迁承诺书}}"},
            {"materials": "    materials:\n      - {{title: 申请表}}"},
        ),
    ],
    "capital_or_years_here": [
        (_says("在本市注册经营满三年"), PLAIN),
        (_says("承诺不减少注册资本"), PLAIN),
    ],
    "move_in": [(_says("将注册地迁入本市"), PLAIN)],
    "local_tax": [
        (
            {"conditions": "    conditions: {{id: it, says: 规模, expr: ¦tax_paid >= 50万元}}"},
            {"conditions": "    conditions: {{id: it, says: 规模, expr: revenue >= 50万元}}"},
        ),
        (
            {"benefit": AWARD.replace("says: 一次性", "says: ¦按地方财力贡献给予") + "10万元"},
            {"benefit": f"{AWARD}10万元"},
        ),
    ],
    "local_statistics": [(_says("纳入本市统计"), PLAIN)],
    "ownership": [
        (_says("限民营企业"), PLAIN),
        (
            {"conditions": "    conditions: {{id: it, says: 名称, expr: ¦\"park like '%国有%'\"}}"},
            {"conditions": "    conditions: {{id: it, says: 名称, expr: \"park like '%高新%'\"}}"},
        ),
    ],
    "named_enterprise": [
        (
            {
                "conditions": "    conditions: {{id: it"
                ", says: 对象, expr: ¦\"name = '兰河某某公司'\"}}"
            },
            {"conditions": "    conditions: {{id: it, says: 对象, expr: \"park = '某园'\"}}"},
        ),
        (_says("实行一企一策"), PLAIN),
    ],
    "local_purchase": [(_says("采购本市产品不少于一半"), PLAIN), (_says("由指定机构检测"), PLAIN)],
    "local_branch": [(_says("在本市设立全资子公司"), PLAIN)],
    "from_elsewhere": [(_says("市外企业减半"), PLAIN)],
    "tax_relief": [
        (
            {"benefit": AWARD.replace("kind: award", "kind: ¦tax") + "10万元"},
            {"benefit": AWARD + "10万元"},
        ),
    ],
    "cheaper_inputs": [
        (
            {"benefit": AWARD.replace("says: 一次性", "says: ¦给予优惠地价和") + "10万元"},
            {"benefit": AWARD + "10万元"},
        ),
    ],
    "idle_answer": [
        ({"tail": "    reviewed:\n      - {{rule: ¦move_in, reason: 不涉及}}"}, {"tail": ""}),
        ({"tail": "    reviewed:\n      - {{rule: ¦nothing, reason: 不涉及}}"}, {"tail": ""}),
    ],
    "held_material": [
        (
            {"materials": "    materials:\n      - {{title: ¦营业执照复印件}}"},
            {
                "materials": "    materials:\n      -"
                " {{title: 营业执照, source: shared, owner: scj}}"
            },
        ),
        (
            {
                "materials": "    materials:\n      - {{title: ¦省级绿色工厂证书}}",
                **_expr("holds('green_factory_provincial')"),
            },
            {
                "materials": "    materials:\n      - {{title: 审计报告}}",
                **_expr("holds('green_factory_provincial')"),
            },
        ),
    ],
    "not_automatic": [
        (
            {
                "head": PARTS["head"].replace("reviewed", "automatic"),
                "conditions": "    conditions: {{id: it, says: 营收, expr: ¦revenue >= 100万元}}",
            },
            {
                "head": PARTS["head"].replace("reviewed", "automatic"),
                **_expr("registered_on < date '2020-01-01'"),
            },
        ),
        (
            {
                "head": PARTS["head"].replace("reviewed", "automatic"),
                **_expr("registered_on < date '2020-01-01'"),
                "materials": "    materials:\n      - {{title: ¦申请表}}",
            },
            {
                "head": PARTS["head"].replace("reviewed", "automatic"),
                **_expr("registered_on < date '2020-01-01'"),
                "materials": "    materials:\n      - {{title: 申请表, required: false}}",
            },
        ),
    ],
    "unused_term": [
        (
            {"terms": "    terms:\n      - {{id: ¦cap, value: 9万元}}"},
            {"terms": "    terms:\n      - {{id: cap, value: 9万元}}", "benefit": f"{AWARD}p.cap"},
        ),
    ],
    "rounded": [
        (
            _expr("¦revenue / revenue[-1] - 1 >= 20%"),
            _expr("(revenue - revenue[-1]) / revenue[-1] >= 20%"),
        ),
        (
            _conditions("above_scale", "not (20% < ¦revenue / revenue[-1] - 1)"),
            _conditions("above_scale", "not (20% < cagr(revenue, 1)) and cagr(revenue, 3) > 5%"),
        ),
        (
            _expr("¦rd_expense / revenue * 2 between 3% and 7%"),
            _expr("rd_expense / revenue between 1.5% and 3.5%"),
        ),
        (
            _amount(
                "case when ¦revenue / 3 + rd_expense / 7 > 9万元 then 3万元 else 2万元 end",
                **_expr("revenue > 1万元 and rd_expense > 1万元"),
            ),
            _amount(
                "case when round(revenue / 3 + rd_expense / 7, 9) > 9万元 then 3万元 "
                "else 2万元 end",
                **_expr("revenue > 1万元 and rd_expense > 1万元"),
            ),
        ),
    ],
    "no_example": [
        ({"examples": "    ¦examples:\n      - {{says: 缺资料, expect: unknown}}"}, {}),
        ({"head": PARTS["head"].replace("- from", "- ¦from"), "examples": ""}, {}),
    ],
    "window_over": [
        (
            {"calls": "    windows:\n      - {{opens: 2025-05-01, closes: ¦2025-05-31}}"},
            {"calls": "    windows:\n      - {{opens: 2026-05-01, closes: 2026-05-31}}"},
        ),
    ],
    "expired": [
        (
            {"calls": "    to: ¦2026-02-28\n    rolling: true"},
            {"calls": "    to: 2029-02-28\n    rolling: true"},
        ),
    ],
    "expires_soon": [
        (
            {"calls": "    to: ¦2026-08-28\n    rolling: true"},
            {"calls": "    to: 2026-08-29\n    rolling: true"},
        ),
    ],
    "expires_urgent": [
        ({"calls": "    to: ¦2026-03-31\n    rolling: true"}, {}),
    ],
}
CASES = [(rule, *pair) for rule, pairs in FAULTS.items() for pair in pairs]
BETWEEN = {"duplicate", "contained", "near_duplicate", "no_supplier"}  # of several files


def _text(name: str, changes: dict[str, str]) -> str:
    parts = (part for part in {**PARTS, **changes}.values() if part)
    return "\n".join(parts).format(id=name) + "\n"


def _places(text: str) -> list[tuple[int, int]]:
    return [
        (number, line.index("¦") + 1)
        for number, line in enumerate(text.splitlines(), start=1)
        if "¦" in line
    ]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lint") / "lanhe"
    shutil.copytree(LANHE, folder)
    (folder / "policies").mkdir()
    return folder


@pytest.fixture
def found(root: Path) -> Iterator[Found]:
    """What lint finds in policies given as id=text, the marks taken out."""

    def of(only: str | None = None, **texts: str) -> list[tuple[str, int, int]]:
        for name, text in texts.items():
            file = root / "policies" / f"{name}.yaml"
            file.write_text(text.replace("¦", ""), encoding="utf-8")
        linted = lint(*checks.load(root), day=DAY, only=only)
        for finding in linted.findings:
            assert finding.problem.severity == "warning"
            assert finding.problem.what.zh
            assert finding.problem.hint.en
        return [(f.rule, f.problem.line, f.problem.column) for f in linted.findings]

    yield of
    for file in (root / "policies").iterdir():
        file.unlink()


@pytest.mark.parametrize(("rule", "fault", "twin"), CASES)
def test_a_planted_fault_is_found_once_and_its_twin_is_clean(
    found: Found, rule: str, fault: dict[str, str], twin: dict[str, str]
) -> None:
    text = _text("one", fault)
    assert found(one=text) == [(rule, *place) for place in _places(text)]
    assert found(one=_text("one", twin)) == []


@pytest.mark.parametrize("rule", ["window_over", "expired", "expires_soon", "expires_urgent"])
def test_the_days_of_a_model_are_not_looked_at(found: Found, rule: str) -> None:
    ((fault, _),) = FAULTS[rule]
    model = {"head": PARTS["head"].replace("level: city", "level: city\nmodel: true")}
    assert found(one=_text("one", fault | model)) == []
    term = {"terms": "    terms:\n      - {{id: cap, value: 9万元}}"}
    # The rest of it is looked at, unless no version is in force any more.
    wanted = [] if rule == "expired" else ["unused_term"]
    assert [one for one, *_ in found(one=_text("one", fault | model | term))] == wanted


def test_every_rule_has_a_planted_fault() -> None:
    assert set(FAULTS) | BETWEEN == set(RULES)
    assert set(RULES.values()) == set(GROUPS)


def test_the_same_conditions_in_other_words_are_a_duplicate(found: Found) -> None:
    one = _text("one", _conditions("revenue >= 500万元", "employees > 9人"))
    two = _text("two", {"conditions": """\
    ¦conditions:
      none:
        - {{id: a, says: 甲, expr: revenue < 5000000元}}
        - {{id: b, says: 乙, expr: not employees >= 10人}}"""})  # fmt: skip
    assert found(one=one, two=two) == [("duplicate", *place) for place in _places(two)]
    more = _text("two", _conditions("revenue >= 600万元", "employees > 8人"))
    assert found(one=one, two=more) == []


def test_one_that_follows_from_another_with_the_same_benefit(found: Found) -> None:
    benefit = {"benefit": f"{AWARD}10万元".replace("（{id}）", "")}
    one = _text("one", {**_conditions("revenue >= 500万元", "above_scale"), **benefit})
    two = _text("two", {**_conditions("revenue >= 300万元"), **benefit})
    two = two.replace("    conditions:", "    ¦conditions:")
    assert found(one=one, two=two) == [("contained", *place) for place in _places(two)]
    other = _text("two", _conditions("revenue >= 300万元"))
    assert found(one=one, two=other) == []


def test_one_that_differs_in_its_numbers_is_nearly_a_duplicate(found: Found) -> None:
    one = _text("one", _conditions("revenue >= 500万元", "employees <= 90人", "above_scale"))
    two = _text("two", _conditions("revenue >= 600万元", "employees <= 80人", "above_scale"))
    two = two.replace("    conditions:", "    ¦conditions:")
    nearly = [("near_duplicate", *place) for place in _places(two)]
    assert found(one=one, two=two) == nearly
    assert found(only="two", one=one, two=two) == nearly
    # Asked of one alone, it is told there, whichever comes later.
    assert [rule for rule, *_ in found(only="one", one=one, two=two)] == ["near_duplicate"]
    elsewhere = _text("two", _conditions("energy <= 600tce", "employees <= 80人", "above_scale"))
    assert found(one=one, two=elsewhere) == []


def test_policies_of_different_districts_are_no_duplicates(found: Found) -> None:
    texts = {}
    for name, district in (("one", "qingyu"), ("two", "yunping")):
        head = PARTS["head"].replace("delivery:", f"districts: [{district}]\ndelivery:")
        texts[name] = _text(name, {"head": head})
    assert found(**texts) == []
    assert [rule for rule, *_ in found(**{**texts, "two": texts["one"].replace("one", "two")})] == [
        "duplicate"
    ]


def test_a_fact_that_no_single_office_supplies(found: Found, root: Path) -> None:
    text = _text(
        "one", {"conditions": "    conditions: {{id: it, says: 营收, expr: ¦revenue >= 1万元}}"}
    )
    file = root / "datasets" / "performance.yaml"
    kept = file.read_text(encoding="utf-8")
    file.write_text(kept.replace("owner: jxj", "owner: counties"), encoding="utf-8")
    try:
        assert found(one=text) == [("no_supplier", *place) for place in _places(text)]
    finally:
        file.write_text(kept, encoding="utf-8")
    assert found(one=text) == []


def test_a_fact_that_is_no_quotient_any_more_is_told_where_it_is_compared(
    found: Found, root: Path
) -> None:
    file = root / "facts" / "growth.yaml"
    made = "id: growth\ntitle: 增速\ntitle_en: growth\nunit: '%'\nexpr: {}\n"
    made += "evidence: {{source: 设例, verified: assumption}}\n"
    text = _text("one", _expr("¦growth >= 20%"))
    try:
        file.write_text(made.format("revenue / revenue[-1] - 1"), encoding="utf-8")
        assert found(one=text) == [("rounded", *place) for place in _places(text)]
        file.write_text(made.format("cagr(revenue, 1)"), encoding="utf-8")
        assert found(one=text) == []
    finally:
        file.unlink()


def test_an_answer_is_shown_and_counts_no_more(root: Path, found: Found) -> None:
    asked = _text("one", _says("将注册地迁入本市"))
    answered = _text("one", {**_says("将注册地迁入本市"), "tail": ANSWER})
    assert len(found(one=asked)) == 1
    assert [rule for rule, *_ in found(one=answered)] == ["move_in"]
    linted = lint(*checks.load(root), day=DAY)
    assert [finding.answer for finding in linted.findings] == ["限于搬迁补助"]
    assert (linted.open, linted.counts["fairness"]) == ([], 0)
    told = as_json(linted)
    assert told["answered"] == 1
    assert told["findings"][0]["answer"] == "限于搬迁补助"


def test_a_national_policy_is_not_asked_about_costs(found: Found) -> None:
    head = PARTS["head"].replace("level: city", "level: national")
    conditions = {"conditions": "    conditions: {{id: it, says: 税收, expr: tax_paid >= 50万元}}"}
    assert found(one=_text("one", {"head": head, **conditions})) == []
    stay = _text("one", {"head": head, **_says("承诺不迁出")})
    assert [rule for rule, *_ in found(one=stay)] == ["no_move_out"]


def test_a_word_in_a_name_names_no_one(found: Found) -> None:
    assert found(one=_text("one", _expr("name like '%有限公司' and above_scale"))) == []


def test_where_a_local_policy_applies_is_no_question(found: Found) -> None:
    assert found(one=_text("one", _expr("region_code like '3399%' and above_scale"))) == []


def test_a_tax_that_an_amount_rests_on_is_asked_about_once(found: Found) -> None:
    text = _text("one", {"benefit": f"{AWARD}¦tax_paid * 10%", **_expr("revenue > 9万元")})
    (place,) = _places(text)
    # Told once as a question, and once because the tax may be unknown.
    assert found(one=text) == [("local_tax", *place), ("unknown_amount", *place)]


def test_a_version_that_is_over_is_left_alone(found: Found) -> None:
    text = _text("one", _expr("revenue < 0万元"))
    start = text.index("  - from: 2025-01-01")
    version = text[start:]
    old = version.replace("from: 2025-01-01", "from: 2024-01-01\n    to: 2024-12-31")
    new = version.replace("revenue < 0万元", "revenue >= 100万元")
    assert found(one=text[:start] + old + new) == []


def test_a_version_to_come_is_looked_at(found: Found) -> None:
    text = _text("one", _expr("¦revenue < 0万元")).replace("from: 2025-01-01", "from: 2027-01-01")
    assert found(one=text) == [("never_holds", *place) for place in _places(text)]


def test_conditions_are_looked_at_within_the_districts_of_a_policy(found: Found) -> None:
    head = PARTS["head"].replace("delivery:", "districts: [qingyu]\ndelivery:")
    conditions = _conditions("revenue >= 100万元", "¦district = 'yunping'")
    text = _text("one", {"head": head, **conditions, "examples": PARTS["examples"]})
    assert found(one=text) == [("contradicts", *place) for place in _places(text)]


def test_the_leap_that_is_told_can_be_stated(root: Path, found: Found) -> None:
    text = _text(
        "one", _amount("case when revenue >= 500万元 then 50万元 else 10万元 end", **_expr(BROAD))
    )
    assert found(one=text) == []
    linted = lint(*checks.load(root), day=DAY, factor=4)
    assert [finding.rule for finding in linted.findings] == ["leaps"]
    assert "100000 元变为 500000 元" in linted.findings[0].problem.what.zh


def test_an_unknown_policy_is_refused(root: Path) -> None:
    with pytest.raises(RunRefused, match="no policy 'nowhere'"):
        lint(*checks.load(root), day=DAY, only="nowhere")


@pytest.mark.parametrize(
    "expr",
    [
        "years_since(registered_on) >= 9000年",
        "years_since(registered_on) < 0年 and registered_on > date '2030-01-01'",
        "registered_on < date '0001-01-03'",
        "park like '%____%' and park not like '%甲%' and park != '乙乙乙乙'",
        " or ".join(f"(revenue > {i}万元 and employees < {i + 1}人)" for i in range(40)),
        "case when revenue > 1万元 then above_scale else rd_expense / revenue > 3% end",
    ],
)
def test_what_is_hard_to_meet_does_no_harm(found: Found, expr: str) -> None:
    text = _text(
        "one", _amount("case when revenue > 5万元 then 4万元 else 3万元 end", **_expr(expr))
    )
    assert {rule for rule, *_ in found(one=text)} <= {"unknown_amount", "covered"}
