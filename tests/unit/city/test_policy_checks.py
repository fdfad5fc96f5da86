"""The cross-checks of policies and combinations, one planted fault each."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
POLICY = """\
id: grant
title: 补助
title_en: Grant
level: city
office: 市经信局
districts: [qingyu]
delivery: reviewed
versions:
  - from: 2025-01-01
    to: 2025-12-31
    document: {title: 设例}
    evidence: {source: 设例, verified: assumption}
    windows: [{opens: 2025-03-01, closes: 2025-03-31}]
    terms: [{id: share, value: 3%}]
    conditions:
      all:
        - {id: research, says: 研发, expr: rd_expense / revenue >= p.share}
        - {id: large, says: 规上, expr: above_scale}
    materials: [{title: 申请表, source: shared, owner: jxj}]
    benefit:
      kind: subsidy
      says: 补助
      says_en: grant
      steps: [{id: tenth, says: 十分之一, expr: rd_expense * 10%}]
      amount: least(tenth, 50万元)
      instalments: [0.5, 0.5]
      budgets: [{year: 2025, amount: 500万元}]
      title: specialised_provincial
    examples:
      - {says: 例, facts: {revenue: 100}, holds: {specialised_provincial: true}, expect: unknown}
"""
CAP = """\
id: cap
title: 上限
title_en: Cap
kind: cap
policies: [grant, second]
amount: 100万元
says: 合计不超过
evidence: {source: 设例, verified: assumption}
"""
# (old, new, what is said, where: the text at the line)
CASES = {
    "district unknown": ("[qingyu]", "[qingyi]", "区县“qingyi”不存在", "[qingyi]"),
    "ends before it begins": ("to: 2025-12-31", "to: 2024-12-31", "失效日期早于", "to: 2024"),
    "window turned": ("closes: 2025-03-31", "closes: 2025-02-01", "截止早于开始", "closes"),
    "window outside": ("opens: 2025-03-01", "opens: 2024-03-01", "不在本版本有效期内", "opens"),
    "term no literal": ("value: 3%", "value: revenue", "没有事实“revenue”", "value: revenue"),
    "term computed": ("value: 3%", "value: 1% + 2%", "不是字面量", "value: 1%"),
    "term of another kind": ("value: 3%", "value: 3万元", "单位", "p.share"),
    "clause twice": ("id: large", "id: research", "“research”重复", "id: research, says: 规上"),
    "no condition": ("expr: above_scale", "expr: revenue", "这里要条件", "expr: revenue"),
    "two forms": ("expr: above_scale", "expr: above_scale, at_least: 1", "条件须有且只有", "规上"),
    "without words": ("id: large, says: 规上,", "id: large,", "带 expr 的条件须有", "id: large"),
    "fact unknown": ("rd_expense / revenue", "rd_expens / revenue", "没有事实", "rd_expens"),
    "amount no money": ("amount: least(tenth, 50万元)", "amount: revenue / employees", "单位不符",
                        "amount: revenue"),
    "step twice": ("steps: [", "steps: [{id: tenth, says: 甲, expr: 1元}, ", "“tenth”重", "steps"),
    "instalments": ("[0.5, 0.5]", "[0.5, 0.4]", "合计应为 1", "instalments"),
    "budget no money": ("amount: 500万元", "amount: 500亩", "单位不符", "budgets"),
    "register unknown": ("title: specialised_provincial", "title: specialised", "名录“specialised”",
                         "title: specialised\n"),
    "owner unknown": ("owner: jxj", "owner: jx", "责任单位“jx”不存在", "owner: jx"),
    "example's fact": ("facts: {revenue:", "facts: {revenu:", "事实“revenu”不存在", "revenu:"),
    "example's register": ("holds: {spec", "holds: {spek", "名录“spek", "holds: {spek"),
}  # fmt: skip


def _problems(tmp_path: Path, policy: str, *combinations: str) -> list[tuple[str, int, str]]:
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    for folder in ("policies", "combinations"):
        (root / folder).mkdir()
    (root / "policies" / "grant.yaml").write_text(policy, encoding="utf-8")
    second = POLICY.replace("id: grant", "id: second")
    (root / "policies" / "second.yaml").write_text(second, encoding="utf-8")
    for text in combinations:
        name = text.split("\n")[0].removeprefix("id: ")
        (root / "combinations" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [(p.file, p.line, p.what.zh) for p in checks.check(root).errors]


def test_the_pattern_has_no_fault(tmp_path: Path) -> None:
    assert _problems(tmp_path, POLICY, CAP) == []


@pytest.mark.parametrize("name", CASES)
def test_one_planted_fault(tmp_path: Path, name: str) -> None:
    old, new, what, where = CASES[name]
    text = POLICY.replace(old, new, 1)
    assert text != POLICY
    found = _problems(tmp_path, text)
    assert found, "no problem told"
    lines = {i for i, line in enumerate(text.splitlines(), 1) if where.strip() in line}
    assert {file for file, _, _ in found} == {"policies/grant.yaml"}
    # A version that ends before it begins leaves its window outside, too.
    assert len(found) == (2 if name == "ends before it begins" else 1)
    assert what in found[0][2]
    assert found[0][1] in lines


def test_data_of_the_statistics_law_treat_no_enterprise(tmp_path: Path) -> None:
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    (root / "policies" / "grant.yaml").write_text(POLICY, encoding="utf-8")
    yearly = root / "datasets" / "performance.yaml"
    text = yearly.read_text(encoding="utf-8")
    yearly.write_text(text.replace("[describe, treat]", "[describe]"), encoding="utf-8")
    told = [p for p in checks.check(root).errors if p.file == "policies/grant.yaml"]
    assert {"rd_expense", "revenue", "above_scale"} == {
        p.what.en.split("'")[1] for p in told if "may describe" in p.what.en
    }


def test_versions_that_overlap(tmp_path: Path) -> None:
    version = POLICY[POLICY.index("  - from") :]
    later = version.replace("2025-01-01", "2025-12-31").replace("to: 2025-12-31", "to: 2026-12-31")
    later = later.replace("2025-03", "2026-03")
    told = _problems(tmp_path, POLICY + later)
    assert [said for _, _, said in told] == ["与前一版本的有效期重叠"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("[grant, second]", "[grant, third]", "政策“third”不存在"),
        ("amount: 100万元", "amount: 100亩", "单位不符"),
        ("kind: cap", "kind: exclusive", "amount 只用于且必用于 cap"),
        ("kind: cap\n", "kind: difference\norder: [grant, grant]\n", ""),
        ("kind: cap", "kind: at_most", "只用于且必用于"),
    ],
)
def test_a_fault_of_a_combination(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = CAP.replace(old, new)
    if "order" in new:
        text = text.replace("amount: 100万元\n", "")
        what = "order 须列出全部"
    told = _problems(tmp_path, POLICY, text)
    assert [file for file, _, _ in told] == ["combinations/cap.yaml"]
    assert what in told[0][2]


def test_caps_that_cross_are_refused(tmp_path: Path) -> None:
    third = POLICY.replace("id: grant", "id: third")
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    (root / "combinations").mkdir()
    for name, text in (("grant", POLICY), ("second", POLICY), ("third", third)):
        text = text.replace("id: grant", f"id: {name}")
        (root / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    crossing = CAP.replace("id: cap", "id: other").replace("[grant, second]", "[second, third]")
    (root / "combinations" / "cap.yaml").write_text(CAP, encoding="utf-8")
    (root / "combinations" / "other.yaml").write_text(crossing, encoding="utf-8")
    told = [(p.file, p.what.zh) for p in checks.check(root).errors]
    assert told == [("combinations/other.yaml", "与上限“cap”交叉，互不包含")]
