"""Macro series: through every published figure, and consistent among themselves."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.city.folder import City
from cityforge.brain.mock import macro, targets
from cityforge.brain.mock.macro import Macro
from cityforge.brain.mock.series import COUNTED, SERIES
from cityforge.brain.values import period as periods

DISTRICTS = ("east", "west", "north")


def simulate(made_up: SimpleNamespace, *figures: dict[str, Any], **changes: Any) -> Macro:
    city: City = made_up.city(None, made_up.published(*figures))
    setting = made_up.setting(**changes)
    counts = {name: np.zeros((4, len(setting.macro_years))) for name in COUNTED}
    return macro.simulate(city, targets.read(city.published), counts, setting)


def value(macro_: Macro, name: str, period: str, place: str | None = None) -> float:
    return macro_.value(name, place, periods.parse(period))


@pytest.mark.parametrize(
    ("name", "period", "number", "unit", "place"),
    [
        ("gdp", "2022年", "4321", "亿元", None),
        ("gdp", "2022年", "43210000", "万元", None),
        ("gdp", "2022年", "1500", "亿元", "east"),
        ("gdp", "2024年1-6月", "1999", "亿元", None),
        ("gdp", "2025年1-9月", "3500", "亿元", "west"),
        ("gdp", "2023Q3", "1234", "亿元", None),
        ("exports", "2024年11月", "77.5", "亿元", None),
        ("population", "2020年", "612.3", "万人", None),
        ("population", "2020年", "201.5", "万人", "north"),
        ("price_index", "2021年", "110.4", None, None),
        ("price_index", "2021年5月", "109", None, None),
        ("integration_index", "2023年", "66.6", None, "east"),
        ("value_added_industry_growth", "2024年1-9月", "8.6", "%", None),
        ("energy_intensity_change", "2022年", "-4.5", "%", None),
        ("revenue_10bn_count", "2023年", "12", "家", None),
    ],
)
def test_a_published_figure_is_met_exactly(
    made_up: SimpleNamespace,
    name: str,
    period: str,
    number: str,
    unit: str | None,
    place: str | None,
) -> None:
    figure = made_up.figure(name, number, period, unit, place)
    whole = simulate(made_up, figure)
    wanted = 4321.0 if unit == "万元" else float(number)
    assert value(whole, name, period, place) == pytest.approx(wanted, rel=1e-9)


def test_several_figures_of_one_year_are_met_together(made_up: SimpleNamespace) -> None:
    numbers = {"2024年2月": 290, "2024年1-3月": 900, "2024年1-9月": 2950, "2024年": 4100}
    figures = [made_up.figure("gdp", str(n), period, "亿元") for period, n in numbers.items()]
    whole = simulate(made_up, *figures)
    for period, number in numbers.items():
        assert value(whole, "gdp", period) == pytest.approx(number, rel=1e-9), period
    assert np.all(whole.monthly["gdp"][0] > 0)


def test_districts_add_up_to_the_city(made_up: SimpleNamespace) -> None:
    figures = [
        made_up.figure("gdp", "4000", "2023年", "亿元"),
        made_up.figure("gdp", "1700", "2023年", "亿元", "east"),
    ]
    whole = simulate(made_up, *figures)
    for series in SERIES.values():
        if series.nature != "rate" and series.id not in COUNTED:
            months = whole.monthly[series.id]
            assert months[1:].sum(axis=0) == pytest.approx(months[0]), series.id


def test_where_all_districts_are_published_their_sum_is_the_city(made_up: SimpleNamespace) -> None:
    figures = [
        made_up.figure("gdp", number, "2023年", "亿元", place)
        for number, place in zip(("900", "700", "400"), DISTRICTS, strict=True)
    ]
    whole = simulate(made_up, *figures)
    assert value(whole, "gdp", "2023年") == pytest.approx(2000)
    assert value(whole, "gdp", "2023年", "west") == pytest.approx(700)


def test_periods_agree_with_each_other(made_up: SimpleNamespace) -> None:
    whole = simulate(made_up)
    quarters = sum(value(whole, "gdp", f"2023Q{n}") for n in range(1, 5))
    assert value(whole, "gdp", "2023年1-12月") == pytest.approx(quarters)
    assert value(whole, "gdp", "2023年") == pytest.approx(quarters)
    cumulative = [value(whole, "gdp", f"2023年1-{n}月") for n in range(2, 13)]
    assert cumulative == sorted(cumulative)
    months = [value(whole, "price_index", f"2023年{n}月") for n in range(1, 13)]
    assert value(whole, "price_index", "2023年") == pytest.approx(np.mean(months))
    assert value(whole, "population", "2023年") == value(whole, "population", "2023年12月")


def test_series_hang_together(made_up: SimpleNamespace) -> None:
    whole = simulate(made_up)
    for year in range(2020, 2025):
        y, before = f"{year}年", f"{year - 1}年"
        assert (
            value(whole, "value_added_manufacturing", y)
            < value(whole, "value_added_industry", y)
            < value(whole, "value_added_secondary", y)
            < value(whole, "gdp", y)
        )
        assert value(whole, "exports_high_tech", y) < value(whole, "exports", y)
        energy = value(whole, "energy_industry", y) / value(whole, "energy_industry", before)
        growth = 1 + value(whole, "value_added_industry_growth", y) / 100
        change = value(whole, "energy_intensity_change", y)
        assert 100 * (energy / growth - 1) == pytest.approx(change)


def test_prices_are_the_citys_alone(made_up: SimpleNamespace) -> None:
    whole = simulate(made_up)
    assert np.isnan(value(whole, "price_index", "2023年", "east"))
    assert not np.isnan(value(whole, "price_index", "2023年"))


def test_an_unknown_series_stands_where_it_was_published_only(made_up: SimpleNamespace) -> None:
    whole = simulate(made_up, made_up.figure("tea_harvest", "812.5", "2023年", "吨"))
    assert value(whole, "tea_harvest", "2023年") == 812.5
    assert np.isnan(value(whole, "tea_harvest", "2022年"))
    assert whole.unit_of("tea_harvest") == "吨"


def test_a_period_that_is_not_over_is_not_covered(made_up: SimpleNamespace) -> None:
    whole = simulate(made_up, as_of=dt.date(2025, 6, 29))
    covered = {
        text: whole.covers(periods.parse(text))
        for text in ("2024年", "2025年", "2025年5月", "2025年6月", "2018年")
    }
    assert covered == {
        "2024年": True,
        "2025年": False,
        "2025年5月": True,
        "2025年6月": False,
        "2018年": False,
    }


def test_another_figure_leaves_other_series_as_they_were(made_up: SimpleNamespace) -> None:
    plain = simulate(made_up)
    bent = simulate(made_up, made_up.figure("population", "700", "2021年", "万人"))
    assert np.array_equal(plain.monthly["exports"], bent.monthly["exports"])
    assert not np.array_equal(plain.monthly["population"], bent.monthly["population"])


@settings(max_examples=30, deadline=None)
@given(
    numbers=st.lists(st.integers(1500, 9000), min_size=6, max_size=6),
    share=st.floats(0.05, 0.9),
)
def test_any_published_course_is_followed(numbers: list[int], share: float) -> None:
    path = np.linspace(1000.0, 2000.0, 6)
    bent = targets.through(path, list(enumerate(map(float, numbers))))
    assert bent == pytest.approx(np.array(numbers, dtype=float))
    one = targets.through(path, [(2, share * path[2])])
    assert one == pytest.approx(share * path)
