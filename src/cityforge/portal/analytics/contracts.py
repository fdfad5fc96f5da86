"""What each bureau owes: the contracts of the city, their templates, how fresh what is held is."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import timezone

from cityforge.brain.api import intake
from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.analytics.city import newest

EVERY = {
    "year": Text(zh="每年", en="yearly"),
    "half": Text(zh="每半年", en="half-yearly"),
    "quarter": Text(zh="每季度", en="quarterly"),
    "month": Text(zh="每月", en="monthly"),
    "event": Text(zh="发生时", en="when it happens"),
}
LIGHTS = {"ok": "green", "warn": "amber", "bad": "red", "unknown": "grey"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a contract, as its page shows it."""

    id: str
    title: Text
    unit: str
    required: bool
    key: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """One dataset: who owes it, how often, by when."""

    id: str
    title: Text
    owner: str
    owner_title: Text
    every: Text
    due: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """How new a dataset is against its promise: newest period, what is due next, a light."""

    newest: Text | None
    next_period: Text | None
    next_due: date | None
    late: int
    light: str
    said: Text


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """A city with its contracts by the dataset's id, in the order of owners and titles."""

    city: City
    contracts: dict[str, Contract]

    @classmethod
    def of(cls, city: City) -> "_Held":
        made = [_contract(city, one) for one in city.datasets.values()]
        made.sort(key=lambda one: (one.owner, one.title.zh))
        return cls(city, {one.id: one for one in made})


def city() -> City | None:
    """The city whose data are gathered: the folder of the settings, else that of the newest run."""
    found = _held()
    return found.city if found else None


def _held() -> _Held | None:
    folder = settings.CITY
    if folder is not None:
        try:
            return _loaded(folder, (folder / "city.yaml").stat().st_mtime_ns)
        except (OSError, CityForgeError):
            return None
    found = newest()
    return _of_run(found.snapshot.folder) if found else None


@lru_cache(maxsize=2)
def _loaded(folder: Path, _changed: int) -> _Held:
    return _Held.of(intake.load(folder)[0])


@lru_cache(maxsize=2)
def _of_run(_folder: Path) -> _Held:
    found = newest()
    assert found is not None
    return _Held.of(found.snapshot.city)


def contracts(owners: frozenset[str] | None) -> list[Contract]:
    """The contracts of some owners, or of all (None), by owner and title."""
    found = _held()
    every = found.contracts.values() if found else ()
    return [one for one in every if owners is None or one.owner in owners]


def contract(dataset: str) -> Contract | None:
    """One contract by the dataset's id."""
    found = _held()
    return found.contracts.get(dataset) if found else None


def _contract(place: City, dataset: Dataset) -> Contract:
    unit = place.units.get(dataset.owner)
    owner = dataset.owner
    return Contract(
        id=dataset.id,
        title=Text(zh=dataset.title, en=dataset.title_en),
        owner=owner,
        owner_title=Text(zh=unit.title, en=unit.title_en) if unit else Text(zh=owner, en=owner),
        every=EVERY[dataset.freshness.every],
        due=dataset.freshness.due or "—",
        columns=tuple(
            Column(
                id=one.id,
                title=Text(zh=one.title, en=one.title_en),
                unit=one.unit or "",
                required=dataset.is_required(one),
                key=one.id in dataset.row_key,
            )
            for one in dataset.columns
        ),
    )


def template(dataset: str) -> tuple[str, bytes]:
    """The workbook to fill in: its name and its bytes. Raises DataRefused for no such dataset."""
    place = city()
    assert place is not None  # whoever asks holds one of its contracts
    chosen = intake.named_dataset(place, dataset)
    with TemporaryDirectory() as scratch:
        (file,) = intake.write_templates(place, Path(scratch), year=today().year, datasets=[chosen])
        return file.name, file.read_bytes()


def today() -> date:
    """The day that freshness is judged by: of made-up data, the day they were made up for."""
    found = newest()
    if settings.DEMO and found is not None and found.simulated:
        return found.snapshot.as_of
    return timezone.localdate()


def fresh(dataset: str, held: date | None, *, day: date) -> Fresh | None:
    """The newest day that a dataset tells of, held against its promise; None without contract."""
    place = _held()
    if place is None or dataset not in place.city.datasets:
        return None
    return _judged(place, dataset, held, day)


@lru_cache(maxsize=512)
def _judged(place: _Held, dataset: str, held: date | None, day: date) -> Fresh:
    judged = intake.judge_freshness(place.city.datasets[dataset].freshness, held, as_of=day)
    return Fresh(
        judged.newest,
        judged.next_period,
        judged.next_due,
        judged.late,
        LIGHTS[judged.light],
        judged.said,
    )
