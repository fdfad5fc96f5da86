"""Columns that the mock knows only by their contract, and titles that stand on others."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.fact import Register
from cityforge.brain.city.folder import City
from cityforge.brain.mock import registers
from cityforge.brain.mock.contracted import Maker
from cityforge.brain.mock.enterprises import Counts, invent
from cityforge.brain.mock.figures import figures
from cityforge.brain.mock.industries import industries
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.registers import Rows
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Floats

CONTRACT: list[dict[str, Any]] = [
    {"id": "bank_loans", "kind": "quantity", "unit": "万元", "scale": 4},
    {"id": "whole", "kind": "quantity", "unit": "万元", "mock": {"about": 100, "spread": 1}},
    {"id": "part", "kind": "quantity", "unit": "元", "mock": {"of": "whole", "about": "60%"}},
    {"id": "rare", "kind": "boolean", "mock": {"present": "10%", "leans": 1}},
    {"id": "stage", "kind": "choice", "values": ["低", "中", "高"],
     "mock": {"shares": ["70%", "20%", "10%"], "leans": 1}},
    {"id": "score", "kind": "quantity", "min": 0, "max": 100, "mock": {"known": "30%"}},
    {"id": "loss", "kind": "quantity", "unit": "万元", "mock": {"negative": "20%"}},
    {"id": "bought", "kind": "quantity", "unit": "台", "scale": 0, "mock": {"present": "25%"}},
    {"id": "bought_on", "kind": "date", "mock": {"where": "bought"}},
    {"id": "paid_on", "kind": "date", "mock": {"of": "bought_on"}},
    {"id": "since", "kind": "date", "mock": {"within": "life"}},
    {"id": "fines", "kind": "quantity", "unit": "件", "mock": {"entries": "environmental_penalty"}},
    {"id": "pills", "kind": "quantity", "unit": "件", "mock": {"industries": ["27"]}},
    {"id": "remark", "kind": "text"},
]  # fmt: skip


@pytest.fixture(scope="module")
def setting(made_up: SimpleNamespace) -> Setting:
    return made_up.setting()


@pytest.fixture(scope="module")
def panel(city: City, setting: Setting) -> Panel:
    company = invent(city, Counts.of(above=1000, below=2000, years=6), setting)
    return figures(company, setting.years, setting.seed)


@pytest.fixture(scope="module")
def contract(made_up: SimpleNamespace) -> Dataset:
    sample = next(one for one in made_up.datasets if one.id == "tax")
    columns = [{"title": one["id"], "title_en": one["id"], **one} for one in CONTRACT]
    data = sample.model_dump() | {"id": "contract", "columns": columns}
    return Dataset.model_validate(data)


@pytest.fixture(scope="module")
def fines(city: City, panel: Panel, setting: Setting) -> Rows:
    return registers.penalties(city.registers["environmental_penalty"], panel, setting)


@pytest.fixture(scope="module")
def made(
    city: City, panel: Panel, setting: Setting, contract: Dataset, fines: Rows
) -> dict[str, Floats]:
    wider = City(
        root=city.root,
        place=city.place,
        units={},
        datasets={**city.datasets, contract.id: contract},
        registers=city.registers,
    )
    maker = Maker(panel, wider, {"penalties": fines}, setting.seed)
    return {name: one.values for name, one in maker.made(contract, contract.columns).items()}


def test_every_column_but_text_is_made_for_those_at_work(
    made: dict[str, Floats], panel: Panel
) -> None:
    assert set(made) == {one["id"] for one in CONTRACT} - {"remark"}
    for values in made.values():
        assert np.isnan(values[~panel.active]).all()
    assert not np.isnan(made["bank_loans"][panel.active]).any()


def test_a_part_never_exceeds_its_whole_and_is_about_its_share(made: dict[str, Floats]) -> None:
    share = made["part"] / (made["whole"] * 10_000)
    share = share[~np.isnan(share)]
    assert share.max() <= 1.0
    assert np.median(share) == pytest.approx(0.6, abs=0.03)


def test_money_without_a_word_follows_revenue(made: dict[str, Floats], panel: Panel) -> None:
    has = made["bank_loans"] > 0
    assert has[panel.active].mean() == pytest.approx(0.3, abs=0.01)
    logs = np.log([made["bank_loans"][has], panel["revenue"][has]])
    assert np.corrcoef(logs)[0, 1] > 0.8


def test_shares_of_choices_are_met_and_lean_to_the_large(
    made: dict[str, Floats], panel: Panel
) -> None:
    stage = made["stage"][panel.active]
    assert [np.mean(stage == place) for place in range(3)] == pytest.approx(
        [0.7, 0.2, 0.1], abs=0.01
    )
    size = panel.log_size[panel.active]
    assert size[stage == 2].mean() > size[stage == 0].mean() + 0.5
    assert np.mean(made["rare"][panel.active]) == pytest.approx(0.1, abs=0.01)


def test_what_few_know_is_empty_for_the_others_and_within_bounds(
    made: dict[str, Floats], panel: Panel
) -> None:
    score = made["score"][panel.active]
    assert np.mean(~np.isnan(score)) == pytest.approx(0.3, abs=0.01)
    assert np.nanmin(score) >= 0 and np.nanmax(score) <= 100
    assert np.mean(made["loss"][panel.active] < 0) == pytest.approx(0.2, abs=0.01)


def test_a_date_is_asked_only_where_there_is_something_and_comes_in_order(
    made: dict[str, Floats], panel: Panel
) -> None:
    assert (~np.isnan(made["bought_on"]) == (made["bought"] > 0)).all()
    bought = made["bought"] > 0
    assert (made["paid_on"][bought] >= made["bought_on"][bought]).all()
    days = made["bought_on"][bought].astype("timedelta64[D]") + np.datetime64("1970-01-01")
    year = days.astype("datetime64[Y]").astype(int) + 1970
    assert (year == np.broadcast_to(list(panel.years), panel.shape)[bought]).all()
    started = (panel.enterprises.started_on - np.datetime64("1970-01-01")).astype(float)
    known = ~np.isnan(made["since"])
    assert (made["since"] >= started[:, None])[known].all() and known.mean() > 0.4


def test_counts_of_entries_count_the_repeats(
    made: dict[str, Floats], fines: Rows, panel: Panel
) -> None:
    in_years = fines.recognised_on.astype("datetime64[Y]").astype(int) + 1970
    counted = np.isin(in_years, list(panel.years))
    for year, column in zip(panel.years, made["fines"].T, strict=True):
        expected = np.bincount(fines.enterprise[in_years == year], minlength=len(column))
        known = ~np.isnan(column)
        assert (column[known] == expected[known]).all()
    assert counted.sum() > 100


def test_only_the_named_trades_have_it(made: dict[str, Floats], panel: Panel) -> None:
    trade = np.array(industries().divisions)[panel.enterprises.division]
    others = made["pills"][(trade != "27")]
    assert np.nansum(others) == 0 and np.nansum(made["pills"]) > 0


def test_another_column_leaves_a_column_as_it_is(
    city: City, panel: Panel, setting: Setting, contract: Dataset, made: dict[str, Floats]
) -> None:
    fewer = contract.model_copy(update={"columns": contract.columns[3:5]})
    again = Maker(panel, city, {}, setting.seed).made(fewer, fewer.columns)
    for name in ("rare", "stage"):
        np.testing.assert_array_equal(again[name].values, made[name])


def _register(name: str) -> Register:
    return Register.model_validate(
        {
            "id": name, "title": name, "title_en": name, "kind": "title", "dataset": "titles",
            "entry": name, "recognised_by": "市政府", "valid_years": 3,
            "evidence": {"source": "虚构", "verified": "assumption"},
        }
    )  # fmt: skip


def test_no_title_without_the_one_below_and_the_lower_is_kept(
    panel: Panel, setting: Setting
) -> None:
    lower, higher = _register("specialised_provincial"), _register("little_giant")
    rows = registers.titles(lower, panel, setting)
    above = registers.titles(higher, panel, setting, rows)
    kept = registers.kept_up(lower, rows, above, setting)
    assert len(np.unique(above.enterprise)) > 20
    count = len(panel.enterprises)
    ever = np.zeros(count, dtype=bool)
    ever[kept.enterprise] = True
    assert ever[above.enterprise].all()
    for one in np.unique(above.enterprise):
        first = kept.recognised_on[kept.enterprise == one].min()
        assert first < above.recognised_on[above.enterprise == one].min()
    today = setting.as_of
    held_above = registers.held_on(above, "little_giant", today, count)
    held_below = registers.held_on(kept, "specialised_provincial", today, count)
    assert held_above.any() and not (held_above & ~held_below).any()
