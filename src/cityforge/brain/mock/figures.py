"""The yearly figures of each enterprise, correlated, skewed, lasting from year to year.

Everything follows from size (log revenue) and industry; each ratio to revenue has a lasting part
of the enterprise and an AR(1) part. Slopes and spreads on log revenue are rounded from listed
machinery makers 2000-2017 (employees: slope 0.70, residual 0.55; assets: 0.91, 0.56; yearly growth:
interquartile spread 0.21) and are assumptions for everyone else; the rest is assumption, too.
"""

import numpy as np

from cityforge.brain.mock.enterprises import Enterprises
from cityforge.brain.mock.industries import industries
from cityforge.brain.mock.panel import Panel, empty
from cityforge.brain.mock.streams import Flags, Floats, persistent, stream

_TYPICAL = 5000.0  # 万元 of revenue, where the ratios of the table hold
_TCE_PER_10MWH = 1.229  # 当量值 of 1 万千瓦时 (GB/T 2589-2020)
_ENERGY_SAVED = 0.033  # a year, per revenue; assumption
_WATER = {"cod": 1.0, "ammonia_nitrogen": 0.07}  # parts of the water coefficient; assumption
_AIR = {"sulphur_dioxide": 0.4, "nitrogen_oxides": 0.6}


def growth(enterprises: Enterprises, years: range, seed: int) -> Floats:
    """Log growth into each year: of the city, of the industry, of the enterprise."""
    draw = stream(seed, "growth")
    city = draw.normal(0.06, 0.02, len(years))
    industry = draw.normal(0.0, 0.04, (len(industries().divisions), len(years)))
    own = draw.normal(0.0, 0.16, (len(enterprises), len(years)))
    return np.asarray(city + industry[enterprises.division] + own)


def figures(enterprises: Enterprises, years: range, seed: int, *, stretch: float = 1.0) -> Panel:
    """The whole panel, before any gap or fault."""
    panel = empty(enterprises, years, growth(enterprises, years, seed), stretch=stretch)
    for topic in (_turnover, _people, _tax, _research, _energy, _emissions, _land, _survey):
        topic(panel, seed)
    return panel


def _turnover(panel: Panel, seed: int) -> None:
    draw = stream(seed, "turnover")
    luck = np.exp(draw.normal(0.0, 0.06, panel.shape))
    revenue = np.exp(panel.log_size) * luck * panel.whole
    ratio = _table(panel, "value_added") * np.exp(
        persistent(draw, panel.shape, firm=0.18, year=0.1)
    )
    # One year in fifty is a bad one.
    ratio *= np.where(draw.random(panel.shape) < 0.02, 0.25, 1.0)
    panel.put(
        "万元",
        revenue=revenue,
        output_value=revenue * np.exp(draw.normal(0.01, 0.04, panel.shape)),
        value_added=revenue * np.minimum(ratio, 0.75),
        assets=_scaled(panel, 0.9, 0.95 * _TYPICAL)
        * np.exp(persistent(draw, panel.shape, firm=0.55, year=0.08)),
    )
    occasions = draw.random(panel.shape) < np.where(panel.listed, 0.5, 0.25)
    amount = revenue * np.exp(draw.normal(np.log(0.03), 0.9, panel.shape))
    panel.put("万元", tech_investment=np.where(occasions, amount, 0.0))


def _people(panel: Panel, seed: int) -> None:
    draw = stream(seed, "people")
    typical = _TYPICAL / _table(panel, "revenue_per_head")
    spread = np.exp(persistent(draw, panel.shape, firm=0.45, year=0.08))
    employees = np.maximum(np.rint(_scaled(panel, 0.72, 1.0) * typical * spread), 1.0)
    insured = np.where(panel.listed, 0.9, 0.72) + draw.normal(0.0, 0.07, panel.shape)
    panel.put("人", employees=employees)
    panel.put("人", insured_employees=np.rint(employees * np.clip(insured, 0.2, 1.05)))


def _tax(panel: Panel, seed: int) -> None:
    draw = stream(seed, "tax")
    ratio = _table(panel, "tax_of_value_added")
    ratio = ratio * np.exp(persistent(draw, panel.shape, firm=0.32, year=0.2) - 0.07)
    exempt = ~panel.listed & (draw.random(panel.shape) < 0.015)
    sales = panel["revenue"] * np.exp(draw.normal(0.02, 0.05, panel.shape))
    panel.put(
        "万元",
        tax_paid=np.where(exempt, 0.0, panel["value_added"] * np.minimum(ratio, 0.9)),
        invoiced_sales=sales,
    )


def _research(panel: Panel, seed: int) -> None:
    draw = stream(seed, "research")
    usual = industries().of("rd", panel.enterprises.division)
    above = panel.enterprises.log_size - np.log(2000.0)
    leaning = -0.6 + 0.7 * above + 60.0 * (usual - 0.02)
    does = (draw.random(len(above)) < 1.0 / (1.0 + np.exp(-leaning)))[:, None]
    ratio = usual[:, None] * np.exp(persistent(draw, panel.shape, firm=0.4, year=0.15))
    expense = np.where(does, panel["revenue"] * np.minimum(ratio, 0.3), 0.0)
    claimed = np.where(draw.random(panel.shape) < 0.9, draw.uniform(0.75, 1.0, panel.shape), 0.0)
    panel.put("万元", rd_expense=expense, rd_deduction=expense * claimed)
    panel.put("件", invention_patents=_patents(panel, draw, np.nan_to_num(expense), does=does))


def _patents(panel: Panel, draw: np.random.Generator, expense: Floats, *, does: Flags) -> Floats:
    """Valid patents at year's end: a stock that research feeds and lapse drains.

    Blank for those who neither do research nor are above scale: the office lists holders.
    """
    zeal = draw.gamma(0.8, 1.25, len(expense))
    rate = 0.3 * zeal[:, None] * (expense / 300.0) ** 0.6
    held = draw.poisson(np.minimum(rate[:, 0] * 4.0, 1e6)).astype(np.float64)
    result = np.empty(panel.shape)
    for year in range(panel.shape[1]):
        lapsed = draw.binomial(held.astype(np.int64), 0.05)
        held = held - lapsed + draw.poisson(rate[:, year])
        result[:, year] = held
    return np.where(does | panel.listed, result, np.nan)


def _energy(panel: Panel, seed: int) -> None:
    draw = stream(seed, "energy")
    saved = (1.0 - _ENERGY_SAVED) ** np.arange(panel.shape[1])
    intensity = _table(panel, "energy") * saved * _scaled(panel, -0.08, 1.0)
    spread = np.exp(persistent(draw, panel.shape, firm=0.45, year=0.08))
    energy = panel["revenue"] * intensity * spread
    share = _table(panel, "electricity_share")
    share = share * np.exp(persistent(draw, panel.shape, firm=0.15, year=0.04))
    panel.put("万千瓦时", electricity=energy * np.minimum(share, 0.97) / _TCE_PER_10MWH)
    # Energy is stated by those above scale; the others have an electricity meter only.
    panel.put("吨标准煤", energy=np.where(panel.listed, energy, np.nan))


def _emissions(panel: Panel, seed: int) -> None:
    draw = stream(seed, "emissions")
    chance = industries().of("permit", panel.enterprises.division)
    chance = chance * np.where(panel.enterprises.is_listed, 1.0, 0.35)
    measured = (draw.random(len(chance)) < chance)[:, None]
    for medium, parts in (("water", _WATER), ("air", _AIR)):
        tonnes = panel["revenue"] * _table(panel, medium) / 1000.0
        for name, part in parts.items():
            spread = np.exp(persistent(draw, panel.shape, firm=0.7, year=0.15) - 0.25)
            panel.put("吨", **{name: np.where(measured, tonnes * part * spread, np.nan)})


def _land(panel: Panel, seed: int) -> None:
    draw = stream(seed, "land")
    count, years = panel.shape
    size = panel.enterprises.log_size - np.log(_TYPICAL)
    typical = _TYPICAL / industries().of("revenue_per_mu", panel.enterprises.division)
    # The table's revenue per 亩 is what dense plots reach; most enterprises stay well below it.
    plot = 1.6 * typical * np.exp(0.8 * size + draw.normal(0.0, 0.45, count))
    # Land comes in steps: some years some enterprises have built on more.
    built = np.cumsum(np.log(1.25) * (draw.random((count, years)) < 0.04), axis=1)
    plot_by_year = plot[:, None] * np.exp(built - built[:, -1:])
    tenant = draw.random(count) < np.where(panel.enterprises.is_listed, 0.14, 0.35)
    in_storeys = tenant & (draw.random(count) < 0.4)
    lets = ~tenant & (draw.random(count) < 0.08)
    adds = ~tenant & (draw.random(count) < 0.10)
    part = draw.uniform(0.1, 0.4, count)
    rented = np.where(tenant & ~in_storeys, 1.0, np.where(adds, part, 0.0))
    blank = draw.random(count) < 0.5  # half leave an empty cell where they might write 0
    panel.put(
        "亩",
        land_owned=np.where(tenant, 0.0, 1.0)[:, None] * plot_by_year,
        land_rent_in=_or_blank(rented, blank)[:, None] * plot_by_year,
        land_rent_out=_or_blank(np.where(lets, part, 0.0), blank)[:, None] * plot_by_year,
    )
    floor = _or_blank(np.where(in_storeys, 1.0, 0.0), blank)[:, None] * plot_by_year
    panel.put("㎡", floor_rent_in=floor * (10000 / 15) * 0.9)


def _survey(panel: Panel, seed: int) -> None:
    """What the statistics office asks of those above scale: the same, a little different."""
    draw = stream(seed, "survey")
    for name in ("revenue", "output_value", "value_added", "employees"):
        near = panel[name] * np.exp(draw.normal(0.0, 0.01, panel.shape))
        surveyed = np.where(panel.listed, near, np.nan)
        panel.put(panel.amounts[name].unit, **{f"survey_{name}": surveyed})


def _table(panel: Panel, name: str) -> Floats:
    return industries().of(name, panel.enterprises.division)[:, None]


def _scaled(panel: Panel, slope: float, typical: float) -> Floats:
    """`typical` at 5,000 万元 of revenue, growing with revenue to the power of `slope`."""
    size = panel.log_size + np.log(np.maximum(panel.whole, 1 / 12))
    return np.asarray(typical * np.exp(slope * (size - np.log(_TYPICAL))))


def _or_blank(values: Floats, blank: Flags) -> Floats:
    return np.where((values == 0.0) & blank, np.nan, values)
