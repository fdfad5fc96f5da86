"""`cityforge mock`: a whole simulated city written as the files its bureaus would supply."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.mock import (
    calibrate,
    comparison,
    enterprises,
    folder,
    macro,
    place_figures,
    registers,
    registrations,
    tables,
    targets,
)
from cityforge.brain.mock.comparison import Met
from cityforge.brain.mock.contracted import Maker
from cityforge.brain.mock.enterprises import Counts, Enterprises
from cityforge.brain.mock.faults import Fault
from cityforge.brain.mock.folder import Written
from cityforge.brain.mock.macro import Macro
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.registers import Rows
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Floats
from cityforge.brain.mock.tables import Part

_TEN_BILLION = 1_000_000.0  # 100 亿元 in 万元


@dataclass(slots=True)
class MockReport:
    """What was written: rows by dataset, how near the published figures, what stays empty."""

    folder: Path
    rows: dict[str, int]
    enterprises: int
    above_scale: int
    years: range
    calibration: list[Met]
    faults: list[Fault]
    unfilled: list[tuple[str, str]]
    """(dataset, column) that the mock does not know."""
    notes: list[Text] = field(default_factory=list)


def write(
    city: City,
    out: Path,
    *,
    seed: int,
    as_of: dt.date,
    above_scale: int = 1500,
    below_scale: int = 3500,
    first_year: int = 2019,
    last_year: int = 2026,
    frame: Path | None = None,
    gap_rate: float = 0.02,
    fault_rate: float = 0.002,
) -> MockReport:
    """Write a simulated city into the folder `out` as of a day; the same arguments, the same bytes.

    above_scale, below_scale   living enterprises; closed ones come on top. With `frame` (a CSV of
                               real registrations) the frame says how many there are in all, and
                               `above_scale` of them, at most half, are taken to be above scale
    first_year, last_year      years of figures; only periods over by `as_of` are written
    gap_rate, fault_rate       share of cells left empty; share of rows with a planted error

    Raises ValueRefused when no year is complete, DataRefused when the frame cannot be read.
    """
    setting = Setting.of(
        seed=seed,
        as_of=as_of,
        first_year=first_year,
        last_year=last_year,
        gap_rate=gap_rate,
        fault_rate=fault_rate,
    )
    goals = targets.read(city.published)
    counts = Counts.of(above=above_scale, below=below_scale, years=len(setting.years))
    company = _enterprises(city, frame, counts, setting)
    panel = calibrate.sized_panel(company, goals, setting)
    calibrate.scale_totals(panel, goals, city, setting)
    entries = _entries(city, panel, setting, is_real=frame is not None)
    series = macro.simulate(city, goals, _counts(city, panel, entries, setting), setting)
    out.mkdir(parents=True, exist_ok=True)
    written = Written()
    maker = Maker(panel, city, entries, setting.seed)
    for dataset in city.datasets.values():
        parts = _parts(dataset, city, entries, series, setting, maker)
        folder.write_dataset(out, dataset, parts, setting, written)
    met = comparison.compare(panel, series, goals, city, setting)
    folder.write_lists(out, city, met, setting, written, is_real=frame is not None)
    return MockReport(
        folder=out,
        rows=written.rows,
        enterprises=len(company),
        above_scale=int(panel.listed[:, -1].sum()),
        years=setting.years,
        calibration=met,
        faults=written.faults,
        unfilled=written.unfilled,
        notes=_notes(company, frame),
    )


def _parts(
    dataset: Dataset,
    city: City,
    entries: dict[str, Rows],
    series: Macro,
    setting: Setting,
    maker: Maker,
) -> Iterator[Part]:
    panel = maker.panel
    match dataset.grain:
        case "enterprise":
            return tables.of_enterprises(dataset, panel.enterprises, city, setting, maker)
        case "enterprise_year":
            return tables.of_panel(dataset, panel, city, setting, maker)
        case "register":
            return tables.of_register(
                dataset, entries[dataset.id], panel.enterprises, city, setting
            )
        case "place_period" if dataset.places != "district":
            return place_figures.rows(dataset, city, setting)
        case "place_period":
            return tables.of_series(dataset, series, city)


def _enterprises(city: City, frame: Path | None, counts: Counts, setting: Setting) -> Enterprises:
    if frame is None:
        return enterprises.invent(city, counts, setting)
    return registrations.read(frame, city, counts, setting)


def _entries(city: City, panel: Panel, setting: Setting, *, is_real: bool) -> dict[str, Rows]:
    """The rows of each register dataset. No mock penalty is hung on a real enterprise's name."""
    made: dict[str, Rows] = {}
    for register in sorted(city.registers.values(), key=lambda one: (_tier(one.id, city), one.id)):
        if register.dataset not in city.datasets or (is_real and register.kind == "penalty"):
            continue
        if register.kind == "penalty":
            made[register.id] = registers.penalties(register, panel, setting)
            continue
        below = registers.BELOW.get(register.id, "")
        rows = made.get(below)
        made[register.id] = registers.titles(register, panel, setting, rows)
        if rows is not None:
            above = made[register.id]
            made[below] = registers.kept_up(city.registers[below], rows, above, setting)
    parts: dict[str, list[Rows]] = {name: [] for name in city.datasets}
    for name in sorted(made):
        parts[city.registers[name].dataset].append(made[name])
    return {name: Rows.joined(rows) for name, rows in parts.items()}


def _tier(register: str, city: City) -> int:
    """How many titles of the city must be held before this one."""
    below = registers.BELOW.get(register)
    return 1 + _tier(below, city) if below in city.registers and below else 0


def _counts(
    city: City, panel: Panel, entries: dict[str, Rows], setting: Setting
) -> dict[str, Floats]:
    """Place x year: what can be counted among the enterprises; the running year as the last."""
    large = np.nan_to_num(panel["revenue"]) >= _TEN_BILLION
    listed = np.zeros(panel.shape, dtype=bool)
    register = city.registers.get("listed")
    if register is not None and register.dataset in entries:
        for index, year in enumerate(panel.years):
            day = dt.date(year, 12, 31)
            rows = entries[register.dataset]
            listed[:, index] = registers.held_on(rows, register.entry, day, len(panel.enterprises))
    members = [np.ones(len(panel.enterprises), dtype=bool)]
    members += [panel.enterprises.district == i for i in range(len(city.place.districts))]
    column = np.minimum(np.arange(len(setting.macro_years)), len(panel.years) - 1)
    return {
        name: np.array([flags[own].sum(axis=0) for own in members], dtype=np.float64)[:, column]
        for name, flags in (("revenue_10bn_count", large), ("listed_count", listed))
    }


def _notes(company: Enterprises, frame: Path | None) -> list[Text]:
    if frame is None:
        return []
    idle = int((company.division < 0).sum())
    above = int(company.is_listed[company.division >= 0].sum())
    return [
        Text(
            zh=f"底册{len(company)}行全部保留，其中{idle}行（非工业、代码无效或重复）没有数值",
            en=f"all {len(company)} rows of the frame are kept; {idle} have no figures"
            " (not industry, no valid code, or a repeated code)",
        ),
        Text(
            zh=f"其中{above}家按规上模拟（不超过有数值企业的一半）",
            en=f"{above} of them are taken to be above scale (at most half of those with figures)",
        ),
        Text(
            zh="行业按名称和经营范围猜定，数值均为模拟；不对真实企业模拟处罚",
            en="industries are guessed from names, figures are mock; no penalty is made up for"
            " a real enterprise",
        ),
    ]
