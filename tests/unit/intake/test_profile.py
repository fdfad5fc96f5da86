"""The profile of a made-up folder says what was planted in it, and names nobody it must not."""

import dataclasses
import importlib.util
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import accept
from cityforge.brain.intake.profile import folder as folders
from cityforge.brain.intake.profile import rejects
from cityforge.brain.intake.profile.shape import Figures, Profile

AS_OF = date(2025, 9, 30)

_spec = importlib.util.spec_from_file_location(
    "made_folder", Path(__file__).with_name("made_folder.py")
)
assert _spec is not None and _spec.loader is not None
made_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_folder)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    data = made_folder.write(tmp_path_factory.mktemp("data"))
    return folders.profile(made_folder.city(), data, as_of=AS_OF)


def figures(found: Profile, dataset: str, column: str) -> Figures:
    held = found.dataset(dataset)
    assert held is not None
    of = next(each for each in held.columns if each.id == column).figures
    assert of is not None
    return of


def test_read_is_accepted_and_quarantined(found: Profile) -> None:
    assert found.simulated
    assert found.frame == made_folder.COUNT
    tax = found.dataset("tax")
    assert tax is not None
    assert (tax.read, tax.accepted, tax.quarantined) == (123, 119, 4)
    assert all(each.read == each.accepted + each.quarantined for each in found.datasets)


def test_coverage_by_year_and_who_left(found: Profile) -> None:
    tax, months = found.dataset("tax"), found.dataset("months")
    assert tax is not None and tax.coverage is not None and months is not None
    assert tax.coverage.enterprises == 40
    assert tax.coverage.by_year == ((2022, 40), (2023, 40), (2024, 39))
    assert tax.coverage.gone == 1
    assert tax.coverage.gone_rows == ((made_folder.codes()[made_folder.GONE], "云屿第39厂"),)
    assert months.coverage is None


def test_a_slip_of_unit_is_told_from_growth_and_from_size(found: Profile) -> None:
    sales = figures(found, "tax", "sales")
    known = made_folder.codes()
    slips = [(row.uscc, row.year, round(row.ratio, 4)) for row in sales.slips.rows]
    assert sales.slips.count == 2
    assert slips[0][:2] == (known[5], 2024)
    assert slips[1][:2] == (known[3], 2023)
    assert sales.slips.rows[1].name == made_folder.HOSTILE
    outliers = {row.uscc for row in sales.outliers.rows}
    assert outliers == {known[i] for i in (3, 5, made_folder.GIANT)}
    assert sales.outliers.count == 5  # the giant in three years, each slip once
    assert sum(sales.sizes.values()) == 119


def test_rejects_say_where_why_and_what_to_do(found: Profile) -> None:
    tax = found.dataset("tax")
    assert tax is not None
    said = {(each.column.zh, each.reason.zh): (each.count, each.examples) for each in tax.rejects}
    assert said == {
        ("开票销售", "不是数字或位数超限"): (1, ((120, "约5"),)),
        ("开票销售", "小于允许的下限"): (1, ((121, "-3"),)),
        ("整行", "企业不在底册中或底册该行未通过"): (1, ((122, None),)),
        ("统一社会信用代码", "统一社会信用代码有误"): (1, ((123, "坏代码"),)),
    }
    assert set(accept.REASONS) <= set(rejects.ADVICE)


def test_choices_and_dates(found: Profile) -> None:
    firms = found.dataset("firms")
    assert firms is not None
    columns = {each.id: each for each in firms.columns}
    assert columns["state"].top == (("存续", 36), ("注销", 4))
    dates = columns["founded"].dates
    assert dates is not None
    assert (dates.least, dates.most) == (date(2025, 9, 1), date(2025, 9, 28))
    assert columns["industry_code"].top == (("2631", 40),)
    assert columns["name"].top == ()  # names that differ are no choice


def test_late_months_and_an_absent_table(found: Profile) -> None:
    months, land = found.dataset("months"), found.dataset("land")
    assert months is not None and land is not None
    assert (months.freshness.late, months.freshness.light) == (3, "bad")
    assert months.freshness.next_due == date(2025, 7, 20)
    assert land.file is None
    assert land.freshness.light == "bad"


def test_sources_are_held_against_each_other_in_one_unit(found: Profile) -> None:
    survey, declared = found.agreements
    assert (survey.both, survey.compared, survey.agree) == (119, 119, 116)
    assert (survey.only_left, survey.only_right) == (0, 1)
    assert dict(survey.suspects) == {10: 0, 1e3: 0, 1e4: 1, 0.1: 0, 1e-3: 1, 1e-4: 0}
    assert survey.median == pytest.approx(1)
    assert sum(survey.ratios.values()) == 119
    assert (declared.both, declared.agree, declared.only_left) == (10, 9, 109)
    worst = declared.differences[0]
    assert (worst.uscc, worst.year) == (made_folder.codes()[5], 2024)
    assert worst.ratio == pytest.approx(10_000)
    assert worst.against == pytest.approx(made_folder.sales(5, 2024))


def test_survey_data_never_come_with_an_enterprise(found: Profile) -> None:
    """The Statistics Law: what may only describe is counted, and held nowhere by name."""
    against, named = found.agreements
    assert not against.may_name and against.differences == ()
    assert named.may_name and named.differences != ()
    revenue = figures(found, "survey", "revenue")
    assert revenue.outliers.count == 3
    assert revenue.outliers.rows == () and revenue.slips.rows == ()
    assert revenue.least is None and revenue.most is None
    survey = found.dataset("survey")
    for code in made_folder.codes():
        assert code not in texts(survey)
        assert code not in texts(against)


def texts(value: Any) -> list[str]:
    def walk(inner: Any) -> Iterable[str]:
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict):
            for each in inner.values():
                yield from walk(each)
        elif isinstance(inner, list | tuple):
            for each in inner:
                yield from walk(each)

    return list(walk(dataclasses.asdict(value)))


def test_a_figure_refused_in_survey_data_is_not_shown_either(tmp_path: Path) -> None:
    data = made_folder.write(tmp_path)
    with (data / "survey.csv").open("a", encoding="utf-8") as file:
        file.write(f"{made_folder.codes()[0]},2021,约98765\n")
    survey = folders.profile(made_folder.city(), data, as_of=AS_OF).dataset("survey")
    assert survey is not None
    assert survey.rejects[0].examples == ((121, None),)


def test_one_unreadable_file_leaves_the_rest(tmp_path: Path, found: Profile) -> None:
    data = made_folder.write(tmp_path)
    (data / "declared.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    partly = folders.profile(made_folder.city(), data, as_of=AS_OF)
    declared = partly.dataset("declared")
    assert declared is not None
    assert declared.file is None
    assert "统一社会信用代码" in declared.refused[0].what.zh
    assert partly.dataset("tax") == found.dataset("tax")


def test_without_the_frame_nothing_can_be_told(tmp_path: Path) -> None:
    data = made_folder.write(tmp_path)
    (data / "firms.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(DataRefused):
        folders.profile(made_folder.city(), data, as_of=AS_OF)


def test_of_two_years_the_one_far_from_all_others_has_slipped(tmp_path: Path) -> None:
    data = made_folder.write(tmp_path)
    file = data / "tax.csv"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if ",2022," not in line]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    sales = figures(folders.profile(made_folder.city(), data, as_of=AS_OF), "tax", "sales")
    known = made_folder.codes()
    assert {(row.uscc, row.year) for row in sales.slips.rows} == {
        (known[3], 2023),
        (known[5], 2024),
    }
    assert sales.slips.count == 2
