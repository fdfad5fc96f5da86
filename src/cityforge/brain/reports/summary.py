"""The figures of one scheme in one snapshot: what a director asks first, as plain values."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Scheme, SchemeIndicator
from cityforge.brain.errors import Text
from cityforge.brain.reports import by_name, moves, ranking, sentence
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.by_name import ByName
from cityforge.brain.reports.messages import text
from cityforge.brain.reports.moves import Moves
from cityforge.brain.reports.ranking import Group
from cityforge.brain.reports.snapshot import Snapshot

EXEMPT = "T"
BINS = 50


@dataclass(frozen=True, slots=True)
class District:
    """One district: enterprises by grade (T too), and the median of the headline indicator."""

    id: str
    title: Text
    short: str
    tile: tuple[int, int]
    grades: dict[str, int]
    median: float | None

    @property
    def rated(self) -> int:
        return sum(count for grade, count in self.grades.items() if grade != EXEMPT)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Total scores of one part. `edges` are the lower ends; the last bin is open upwards.

    `counts[group][grade]` holds one count a bin; groups in the order of `Summary.groups`.
    """

    part: str
    title: Text
    edges: tuple[float, ...]
    counts: dict[int, dict[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What became of one file: read = accepted + quarantined; reasons by how often they occur."""

    id: str
    title: Text
    owner: str
    file: str
    read: int
    accepted: int
    quarantined: int
    reasons: tuple[tuple[Text, int], ...]

    @property
    def balanced(self) -> bool:
        return self.read == self.accepted + self.quarantined


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """All figures of one scheme in the evaluation year. `moves` is None without a year before."""

    scheme: Scheme
    year: int
    sentence: Text
    statuses: dict[str, int]
    grades: tuple[str, ...]
    headline: SchemeIndicator
    median: float | None
    median_before: float | None
    districts: tuple[District, ...]
    groups: tuple[Group, ...]
    histograms: tuple[Histogram, ...]
    moves: Moves | None

    def count(self, grade: str) -> int:
        return _count(self.districts, grade)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a whole snapshot: what came in, and each scheme in the order of the run."""

    schemes: tuple[SchemeSummary, ...]
    datasets: tuple[Dataset, ...]
    by_name: tuple[ByName, ...] = ()


def read(folder: Path) -> Summary:
    """The figures of the snapshot in a folder. Raises RunRefused or CityRefused."""
    return of(snapshots.read(folder))


def of(snapshot: Snapshot) -> Summary:
    """The figures of an open snapshot."""
    schemes = tuple(_scheme(snapshot, entry["id"]) for entry in snapshot.run["schemes"])
    return Summary(schemes, tuple(_datasets(snapshot)), by_name.of(snapshot))


def _scheme(snapshot: Snapshot, scheme: str) -> SchemeSummary:
    chosen = snapshot.scheme(scheme)
    now = snapshot.evaluation(chosen, snapshot.year)
    before = snapshot.evaluation(chosen, snapshot.year - 1)
    headline = chosen.parts[0].indicators[0]
    groups = tuple(ranking.groups(now, chosen, snapshot.city.place).values())
    statuses = Counter(now["status"].to_pylist())
    districts = _districts(now, chosen, snapshot)
    median, median_before = _median(now, headline), _median(before, headline)
    change = moves.between(before, now, chosen) if _rated(before).num_rows else None
    return SchemeSummary(
        scheme=chosen,
        year=snapshot.year,
        sentence=sentence.of(
            snapshot,
            statuses=statuses,
            grades={band.grade: _count(districts, band.grade) for band in chosen.grading.bands},
            median=_median_words(headline, median, median_before, districts),
            moved=(change.up, change.down) if change else None,
        ),
        statuses=dict(statuses),
        grades=tuple(band.grade for band in chosen.grading.bands),
        headline=headline,
        median=median,
        median_before=median_before,
        districts=districts,
        groups=groups,
        histograms=tuple(_histograms(now, chosen, groups)),
        moves=change,
    )


def _rated(year: pa.Table) -> pa.Table:
    return year.filter(pc.equal(year["status"], "rated"))


def _median(year: pa.Table, indicator: SchemeIndicator) -> float | None:
    values = _rated(year)[f"value_{indicator.id}"].drop_null().to_numpy()
    return float(np.median(values)) if len(values) else None


def _districts(now: pa.Table, scheme: Scheme, snapshot: Snapshot) -> tuple[District, ...]:
    headline = scheme.parts[0].indicators[0]
    grades = [band.grade for band in scheme.grading.bands]
    known = {district.id for district in snapshot.city.place.districts}
    shown = pc.if_else(pc.equal(now["status"], "exempt"), EXEMPT, now["grade"])
    counts = Counter(zip(now["district"].to_pylist(), shown.to_pylist(), strict=True))
    found = [
        District(
            id=district.id,
            title=Text(zh=district.title, en=district.title_en),
            short=district.short,
            tile=district.tile,
            grades={grade: counts[district.id, grade] for grade in [*grades, EXEMPT]},
            median=_median(now.filter(pc.equal(now["district"], district.id)), headline),
        )
        for district in snapshot.city.place.districts
    ]
    # Rows without a known district still count; leaving them out would break every total.
    rest: Counter[str] = Counter()
    for (district, grade), count in counts.items():
        if district not in known and grade is not None:
            rest[grade] += count
    if rest:
        stray = now.filter(pc.invert(pc.is_in(now["district"], pa.array(sorted(known)))))
        title = text("elsewhere")
        tile = (max(d.tile[0] for d in found) + 1, min(d.tile[1] for d in found))
        counted = {grade: rest[grade] for grade in [*grades, EXEMPT]}
        found.append(District("", title, title.zh, tile, counted, _median(stray, headline)))
    return tuple(found)


def _histograms(now: pa.Table, scheme: Scheme, groups: tuple[Group, ...]) -> list[Histogram]:
    rated = _rated(now)
    positions = {group.key: i for i, group in enumerate(groups)}
    keys = ranking.keys(rated, scheme)
    group_of = np.array([positions[key] for key in keys], dtype=np.int64)
    grades = np.array(rated["grade"].to_pylist(), dtype=object)
    totals = rated["total"].to_numpy()
    found = []
    for part in scheme.parts:
        members = [i for i, group in enumerate(groups) if group.part == part.id]
        inside = np.isin(group_of, members)
        if not inside.any():
            continue
        edges = _edges(totals[inside])
        bins = np.clip(np.searchsorted(edges, totals, side="right") - 1, 0, len(edges) - 1)
        counts: dict[int, dict[str, tuple[int, ...]]] = {}
        for i in members:
            counts[i] = {}
            for band in scheme.grading.bands:
                chosen = (group_of == i) & (grades == band.grade)
                counted = np.bincount(bins[chosen], minlength=len(edges))
                counts[i][band.grade] = tuple(int(n) for n in counted)
        title = Text(zh=part.title, en=part.title_en)
        found.append(Histogram(part.id, title, edges, counts))
    return found


def _edges(totals: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, ...]:
    """Round lower ends that hold 98 % of the scores; the long tail shares the last, open bin."""
    low, high = (float(x) for x in np.quantile(totals, [0.0, 0.98]))
    low = min(low, 0.0)
    rough = max(high - low, 1e-9) / BINS
    power = 10.0 ** np.floor(np.log10(rough))
    width = float(power * next(step for step in (1, 2, 2.5, 5, 10) if step * power >= rough))
    first = int(np.floor(low / width))
    last = int(np.floor(high / width)) + 1
    return tuple(round(i * width, 10) for i in range(first, last + 1))


def _datasets(snapshot: Snapshot) -> list[Dataset]:
    table = snapshot.table("quarantine")
    names = ("dataset", "reason_zh", "reason_en")
    reasons = Counter(zip(*(table[name].to_pylist() for name in names), strict=True))
    found = []
    for entry in snapshot.run["intake"]:
        mine = [
            (Text(zh=zh, en=en), count)
            for (dataset, zh, en), count in reasons.items()
            if dataset == entry["dataset"]
        ]
        mine.sort(key=lambda pair: (-pair[1], pair[0].zh))
        found.append(
            Dataset(
                id=entry["dataset"],
                title=Text(zh=entry["title"], en=entry.get("title_en", entry["dataset"])),
                owner=entry["owner"],
                file=entry["file"],
                read=entry["read"],
                accepted=entry["accepted"],
                quarantined=entry["quarantined"],
                reasons=tuple(mine),
            )
        )
    return found


def _count(districts: tuple[District, ...], grade: str) -> int:
    return sum(district.grades[grade] for district in districts)


def _median_words(
    headline: SchemeIndicator,
    median: float | None,
    before: float | None,
    districts: tuple[District, ...],
) -> Text:
    ordered = sorted(
        (district.median, district.id, district.title)
        for district in districts
        if district.id and district.median is not None
    )
    ends = [(value, title) for value, _, title in ordered]
    return sentence.of_median(headline, median, before, ends)
