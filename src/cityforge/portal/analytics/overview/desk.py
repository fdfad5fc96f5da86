"""The desk of who leads: the city in a sentence, its grades, its districts as tiles, one figure
with all that is known of it."""

from dataclasses import dataclass, replace

from cityforge.brain.api.snapshots import ByDistrict, Supply
from cityforge.brain.errors import Text
from cityforge.portal.analytics import numbers
from cityforge.portal.analytics.city import newest
from cityforge.portal.analytics.numbers import Address
from cityforge.portal.analytics.overview import kinds, read
from cityforge.portal.analytics.overview.kinds import Kind

STEPS = 5
_ALIKE = 0.02  # of the largest: what differs by less is shown alike


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it is written; `value` is "" where there is none."""

    id: str
    title: Text
    value: str
    unit: Text


@dataclass(frozen=True, slots=True)
class Grade:
    """A step of the pyramid: share of the rated in percent, and how many it was a year before."""

    grade: str
    title: str
    figure: str
    count: int
    share: float
    before: int | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows of the run; `changed` is rose and fell, None without a year before."""

    sentence: Text
    scheme: Text
    scheme_id: str
    year: int
    grades: tuple[Grade, ...]
    rated: int
    others: tuple[Shown, ...]
    changed: tuple[Shown, Shown] | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A district on the map: where, its figure, how dark (0 to 4; None: no figure)."""

    id: str
    title: Text
    short: Text
    row: int
    column: int
    value: str
    step: int | None


@dataclass(frozen=True, slots=True)
class Map:
    """A layer over the districts; `low` and `high` are its ends, "" where there are none."""

    layer: Shown
    layers: tuple[Shown, ...]
    tiles: tuple[Tile, ...]
    low: str
    high: str
    are_alike: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its meaning, its way of computing, its sources, and its districts.

    number  where it stands for ever; None for what is no count of a grade, or of several districts
    """

    shown: Shown
    place: Text | None
    says: Text
    how: Text
    scheme: Text
    scheme_id: str
    year: int
    evidence: str
    document: str
    supplies: tuple[Supply, ...]
    as_of: str
    run: str
    table: str
    digest: str
    districts: tuple[tuple[str, Text, str], ...]
    number: Address | None


def desk(districts: frozenset[str] | None) -> Desk | None:
    """Of the whole city (None) or of some districts; None where there is no run."""
    found = read.by_district(districts)
    if found is None:
        return None
    whole, every = found.whole, kinds.kinds(found)
    others = tuple(
        _shown(every[name], found) for name in ("exempt", "undetermined")
        if every[name].value(whole)
    )  # fmt: skip
    changed = None
    if "rose" in every:
        changed = (_shown(every["rose"], found), _shown(every["fell"], found))
    return Desk(
        sentence=found.sentence,
        scheme=Text(zh=found.scheme.title, en=found.scheme.title_en),
        scheme_id=found.scheme.id,
        year=found.year,
        grades=tuple(_grade(found, i) for i in range(len(found.grades))),
        rated=whole.rated,
        others=others,
        changed=changed,
    )


def map_(districts: frozenset[str] | None, layer: str) -> Map | None:
    """A layer of the tile map, the first where none is called so; None where there is no run."""
    found = read.by_district(districts)
    if found is None:
        return None
    layers = {name: one for name, one in kinds.kinds(found).items() if one.on_map}
    kind = layers.get(layer) or next(iter(layers.values()))
    values = {one.id: kind.value(one.result) for one in found.districts}
    known = [value for value in values.values() if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    alike = high - low <= _ALIKE * max(abs(high), abs(low))
    return Map(
        layer=_shown(kind, found),
        layers=tuple(_shown(one, found) for one in layers.values()),
        tiles=tuple(
            Tile(
                one.id,
                one.title,
                one.short,
                *one.tile,
                _written(kind, values[one.id]),
                _step(values[one.id], low, high, alike=alike),
            )
            for one in found.districts
        ),
        low=_written(kind, low) if known else "",
        high=_written(kind, high) if known else "",
        are_alike=alike,
    )


def figure(districts: frozenset[str] | None, name: str, place: str = "") -> Figure | None:
    """One figure of the desk, or of one district of it; None where there is none of the name."""
    found, run = read.by_district(districts), newest()
    if found is None or run is None:
        return None
    kind = kinds.kinds(found).get(name)
    where = next((one for one in found.districts if one.id == place), None) if place else None
    if kind is None or (place and where is None):
        return None
    value = kind.value(where.result if where else found.whole)
    evidence, table = found.scheme.evidence, f"evaluation_{found.scheme.id}"
    return Figure(
        shown=Shown(kind.id, kind.title, _written(kind, value), kind.unit),
        place=where.title if where else None,
        says=kind.says,
        how=kind.how,
        scheme=Text(zh=found.scheme.title, en=found.scheme.title_en),
        scheme_id=found.scheme.id,
        year=found.year,
        evidence=evidence.source,
        document=evidence.document_number or "",
        supplies=read.supplies(kind.indicator),
        as_of=run.as_of,
        run=str(run.snapshot.run["run_id"]),
        table=f"{table}.parquet",
        digest=str(run.snapshot.run["tables"].get(table, {}).get("sha256", "")),
        districts=tuple(
            (one.id, one.title, _written(kind, kind.value(one.result))) for one in found.districts
        ),
        number=_number(found.scheme.id, kind, place or _whole(districts)),
    )


def _whole(districts: frozenset[str] | None) -> str:
    """The place that the figure of somebody's own districts is of; "" for several."""
    if districts is None:
        return numbers.CITY
    return next(iter(districts)) if len(districts) == 1 else ""


def _number(scheme: str, kind: Kind, place: str) -> Address | None:
    grade = numbers.EXEMPT if kind.status == "exempt" else kind.grade
    every = numbers.addresses(scheme, numbers.RUN) if place else []
    return next((replace(one, place=place) for one in every if one.grade == grade), None)


def _grade(found: ByDistrict, at: int) -> Grade:
    grade, whole = found.grades[at], found.whole
    count = whole.grades[grade]
    return Grade(
        grade,
        found.scheme.grading.bands[at].title or "",
        f"grade-{at + 1}",
        count,
        100.0 * count / whole.rated if whole.rated else 0.0,
        whole.before[grade] if whole.moved is not None else None,
    )


def _shown(kind: Kind, found: ByDistrict) -> Shown:
    return Shown(kind.id, kind.title, _written(kind, kind.value(found.whole)), kind.unit)


def _written(kind: Kind, value: float | None) -> str:
    return "" if value is None else kind.shown(value)


def _step(value: float | None, low: float, high: float, *, alike: bool) -> int | None:
    if value is None:
        return None
    if alike:
        return STEPS // 2
    return min(int(STEPS * (value - low) / (high - low)), STEPS - 1)
