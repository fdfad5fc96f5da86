"""Settings of a scheme that would act otherwise than one thinks, or not at all: one Problem each."""
# ruff: noqa: E501 - the table of cases is read line by line

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
SCHEME = "schemes/lanhe_2025.yaml"
# The indicator that the cases change: it is scored by its own function.
RD = "expr: rd_expense / revenue, weight: 10"
BASE = "base: {method: this_year_mean, within: []}"


def fixed(number: float) -> str:
    return f"{{method: fixed, values: [{{year: 2020, value: {number}}}]}}"


# what is replaced, by what, the key that the Problem stands at, what is said of it
CASES: dict[str, tuple[str, str, str, str]] = {
    "factor of a fixed base": (RD, f"{RD}, base: {{method: fixed, values: [{{year: 2020, value: 1}}], factor: 2}}", "factor", "method: fixed 不乘 factor"),
    "low that nobody asks for": (RD, f"{RD}, low: {fixed(1)}", "low", "ratio_to_base 不用 low"),
    "high that nobody asks for": (RD, f"{RD}, high: {fixed(1)}", "high", "ratio_to_base 不用 high"),
    "growth from nowhere": (RD, f"{RD}, scoring: {{function: growth_completion}}", "id: rd_ratio", "没有起始值 low"),
    "lowest above highest": (RD, f"{RD}, scoring: {{function: minmax_20_80}}, low: {fixed(3)}, high: {fixed(2)}", "low", "low 3 须低于 high 2"),
    "lowest and highest one": (RD, f"{RD}, scoring: {{function: minmax_20_80}}, low: {fixed(2)}, high: {fixed(2)}", "low", "low 2 须低于 high 2"),
    "less is better, the ends as if more were": (RD, f"{RD}, direction: down, scoring: {{function: efficacy_coefficient}}, low: {fixed(1)}, high: {fixed(2)}", "low", "low 1 须高于 high 2"),
    "floor above the cap": ("cap: 1.5, floor: 0}", "cap: 0.5, floor: 10}", "floor", "下限 10 分高于上限 5.0 分"),
}  # fmt: skip


def edited(tmp_path: Path, old: str, new: str) -> Path:
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    file = root / SCHEME
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    return root


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_is_one_problem_at_its_key(tmp_path: Path, case: tuple[str, str, str, str]) -> None:
    old, new, key, says = case
    root = edited(tmp_path, old, new)
    (problem,) = checks.check(root).problems
    assert says in problem.what.zh
    assert problem.what.en and problem.hint.zh and problem.hint.en
    assert problem.line is not None
    line = (root / SCHEME).read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert key in line[: problem.column + len(key)]


def test_a_gap_may_not_come_first_where_less_is_better(tmp_path: Path) -> None:
    """One indicator, ranked by its value; with a gap at zero the silent would lead."""
    text = (LANHE / SCHEME).read_text(encoding="utf-8")
    old = text[text.index("      - {id: tax_per_mu") : text.index("base:")]
    only = "      - {id: rd_ratio, title: 研发, title_en: R&D, expr: rd_expense / revenue, weight: 100, direction: down, scoring: {function: rank_only}}\n"
    root = edited(tmp_path, old, only)
    (root / "examples/capped_score.yaml").unlink()  # it scores what is now gone
    file = root / SCHEME
    text = file.read_text(encoding="utf-8").replace("tax_per_mu, labour_productivity", "rd_ratio")
    file.write_text(text, encoding="utf-8")
    (problem,) = checks.check(root).problems
    assert "缺数按 0 会排到最前" in problem.what.zh
    file.write_text(text.replace("missing: zero", "missing: group_average_score"), encoding="utf-8")
    assert checks.check(root).problems == []


@pytest.mark.parametrize(
    "rules",
    [
        f"direction: down, scoring: {{function: efficacy_coefficient}}, low: {fixed(2)}, high: {fixed(1)}",
        f"direction: down, scoring: {{function: minmax_20_80}}, low: {fixed(1)}, high: {fixed(2)}",
        f"scoring: {{function: growth_completion}}, low: {fixed(1)}, base: {fixed(2)}",
        "base: {method: previous_year_mean, factor: 2}",
    ],
)
def test_the_right_way_round_is_no_problem(tmp_path: Path, rules: str) -> None:
    assert checks.check(edited(tmp_path, RD, f"{RD}, {rules}")).problems == []
