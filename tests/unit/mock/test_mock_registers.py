"""Titles and penalties: who holds them, when, and for how long."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from cityforge.brain.city.folder import City
from cityforge.brain.mock import registers
from cityforge.brain.mock.enterprises import Counts, invent
from cityforge.brain.mock.figures import figures
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.registers import Rows
from cityforge.brain.mock.setting import Setting


@pytest.fixture(scope="module")
def setting(made_up: SimpleNamespace) -> Setting:
    return made_up.setting()


@pytest.fixture(scope="module")
def panel(city: City, setting: Setting) -> Panel:
    company = invent(city, Counts.of(above=1000, below=2000, years=6), setting)
    return figures(company, setting.years, setting.seed)


def of(rows: Rows, enterprise: int) -> list[int]:
    return [int(index) for index in np.flatnonzero(rows.enterprise == enterprise)]


def test_titles_go_to_the_set_share(city: City, panel: Panel, setting: Setting) -> None:
    rows = registers.titles(city.registers["high_tech_enterprise"], panel, setting)
    held = np.zeros(len(panel.enterprises), dtype=bool)
    held[rows.enterprise] = True
    above = panel.enterprises.is_listed & panel.active[:, -1]
    below = ~panel.enterprises.is_listed & panel.active[:, -1]
    assert held[above].mean() == pytest.approx(0.35, abs=0.02)
    assert held[below].mean() == pytest.approx(0.05, abs=0.02)


def test_titles_go_to_those_who_do_research(city: City, panel: Panel, setting: Setting) -> None:
    rows = registers.titles(city.registers["high_tech_enterprise"], panel, setting)
    above = panel.enterprises.is_listed & panel.active[:, -1]
    held = np.isin(np.arange(len(above)), rows.enterprise)
    research = panel["rd_expense"][:, -1] / panel["revenue"][:, -1]
    assert research[above & held].mean() > 1.5 * research[above & ~held].mean()


def test_a_title_lasts_its_term_and_is_renewed_after_it(
    city: City, panel: Panel, setting: Setting
) -> None:
    rows = registers.titles(city.registers["high_tech_enterprise"], panel, setting)
    days = (rows.valid_until - rows.recognised_on).astype(int)
    assert set(days) <= {1094, 1095}
    renewed = [of(rows, one) for one in np.unique(rows.enterprise)]
    renewed = [entries for entries in renewed if len(entries) > 1]
    assert len(renewed) > 50
    for entries in renewed:
        starts, ends = rows.recognised_on[entries], rows.valid_until[entries]
        assert (starts[1:] > ends[:-1]).all()


def test_an_entry_without_a_term_has_no_end(city: City, panel: Panel, setting: Setting) -> None:
    rows = registers.titles(city.registers["tea_master"], panel, setting)
    assert np.isnat(rows.valid_until).all()
    assert len(np.unique(rows.enterprise)) == len(rows)


def test_penalties_fall_while_an_enterprise_works(
    city: City, panel: Panel, setting: Setting
) -> None:
    rows = registers.penalties(city.registers["environmental_penalty"], panel, setting)
    company = panel.enterprises
    assert (rows.recognised_on >= company.started_on[rows.enterprise]).all()
    assert not (rows.recognised_on > company.closed_on[rows.enterprise]).any()
    assert rows.recognised_on.max() <= np.datetime64("2025-09-30")
    expected = 0.012 * panel.active.sum() * 6.75 / 6
    assert len(rows) == pytest.approx(expected, rel=0.25)


def test_arrears_end_when_paid_and_fines_do_not(city: City, panel: Panel, setting: Setting) -> None:
    arrears = registers.penalties(city.registers["tax_arrears"], panel, setting)
    ended = ~np.isnat(arrears.ended_on)
    assert 0.5 < ended.mean() < 1.0
    assert (arrears.ended_on[ended] > arrears.recognised_on[ended]).all()
    fines = registers.penalties(city.registers["environmental_penalty"], panel, setting)
    assert np.isnat(fines.ended_on).all()


def test_rows_stand_by_date(city: City, panel: Panel, setting: Setting) -> None:
    parts = [registers.titles(one, panel, setting) for one in city.registers.values()]
    rows = Rows.joined(parts)
    assert len(rows) == sum(len(part) for part in parts)
    assert (np.diff(rows.recognised_on).astype(int) >= 0).all()
    assert len(Rows.joined([])) == 0


def test_who_holds_an_entry_on_a_day() -> None:
    nat = np.datetime64("NaT", "D")
    rows = Rows(
        enterprise=np.array([0, 1, 2, 3]),
        entry=np.array(["名", "名", "名", "另"], dtype=object),
        recognised_on=np.array(["2020-01-01", "2020-01-01", "2024-01-01", "2020-01-01"], "M8[D]"),
        valid_until=np.array([nat, np.datetime64("2022-12-31"), nat, nat]),
        ended_on=np.array([nat, nat, nat, nat]),
        document=np.array(["a", "b", "c", "d"], dtype=object),
    )
    held = registers.held_on(rows, "名", dt.date(2023, 1, 1), 4)
    assert list(held) == [True, False, False, False]
