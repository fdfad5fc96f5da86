"""The door to runs of the whole city: computed aside, looked at, put in force in one step.

SNAPSHOTS/<run id>             a run that is or was in force
SNAPSHOTS/.candidates/<run id>  one that was computed and awaits its decision
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from cityforge.brain.api import evaluations, runs
from cityforge.brain.api.evaluations import Evaluated
from cityforge.brain.errors import CityForgeError, RunRefused, Text
from cityforge.brain.reports.tables import Table
from cityforge.portal.analytics import city, contracts

Tell = Callable[[Text, float], None]
_LEAST_TOLD = 3  # enterprises of a class that are told of as standing out
_FAIR = {
    "industry": Text(zh="结果是否偏向某些行业", en="Does it lean on industries?"),
    "size_class": Text(zh="结果是否偏向某种规模", en="Does it lean on a size?"),
}
_FAIR_TO_ALL = Text(
    zh="公平性：没有哪个行业或规模的等次明显偏多偏少。",
    en="Fairness: no industry and no size fares otherwise than chance would have it.",
)


@dataclass(frozen=True, slots=True)
class InForce:
    """The run that every page shows."""

    id: str
    as_of: str
    year: int
    made_at: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year that may be evaluated, and the day that its data are taken as of."""

    year: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Effect:
    """Who moves, in words and tables; `up` and `down` how many."""

    up: int
    down: int
    words: list[Text]
    tables: list[Table]


@dataclass(frozen=True, slots=True)
class Computed:
    """A run that awaits its decision: its id, what is to be told of it, whom it moves."""

    id: str
    notes: list[Text]
    effect: Effect | None


def in_force() -> InForce | None:
    found = city.newest()
    if found is None:
        return None
    try:
        made_at = str(runs.aside(found.snapshot.folder)["began"])
    except (OSError, KeyError, ValueError):
        made_at = ""
    return InForce(str(found.snapshot.run["run_id"]), found.as_of, found.snapshot.year, made_at)


def years() -> list[Year]:
    """The years whose data are whole by today, the newest first."""
    today = contracts.today()
    newest = today.year if (today.month, today.day) == (12, 31) else today.year - 1
    return [Year(newest, today), Year(newest - 1, date(newest, 12, 30))]


def changed() -> list[Text]:
    """What was supplied since the run in force; raises CityForgeError where data are in a mess."""
    found, place = city.newest(), contracts.city()
    if found is None or place is None:
        return []
    named = place.datasets
    return [
        Text(zh=named[one].title, en=named[one].title_en)
        if one in named
        else Text(zh="企业更正", en="Corrections by enterprises")
        for one in runs.changed(found.snapshot.run, place, _data())
    ]


def preview(scheme: str, year: int) -> Effect | None:
    """Whom a scheme and year would move against the result in force, by the data in force; None
    where it is that result. Raises CityForgeError where the data have no such year."""
    found = city.newest()
    if found is None or not found.snapshot.run["schemes"]:
        return None
    first = found.snapshot.run["schemes"][0]["id"]
    now = found.snapshot.year
    if (scheme, year) == (first, now):
        return None
    held = evaluations.compare(found.snapshot, first, scheme, years=(now, year))
    return _effect(held.first, held.second)


def compute(as_of: date, scheme: str, *, tell: Tell) -> Computed:
    """Run the city on what was supplied, aside. Raises CityForgeError with the reasons; whatever
    happens, the run in force stays."""
    made = runs.run(
        runs.Asked(city=_city(), data=_data(), as_of=as_of, out=_candidates(), with_report=False),
        tell=lambda text, share: tell(text, 0.9 * share),
    )
    tell(Text(zh="与现行结果比较", en="Comparing with the result in force"), 0.92)
    return Computed(str(made.record["run_id"]), made.notes, _against(made.snapshot, scheme))


def put_in_force(run: str) -> None:
    """Make a run the one that every page shows, in one step; doing it twice is doing it once.

    Raises RunRefused where it is there no more.
    """
    aside, standing = _candidates() / run, Path(settings.SNAPSHOTS) / run
    if aside.is_dir():
        runs.keep(aside, Path(settings.SNAPSHOTS), run)
        runs.discard(aside)  # where the same run stood there before
    elif standing.is_dir():
        runs.point_to(Path(settings.SNAPSHOTS), run)
    else:
        raise RunRefused(Text(zh="这次计算的结果已不在", en="the result of this run is gone"))


def sweep(keep: Collection[str]) -> None:
    """Take away computed runs that nobody waits for: their worker was killed at the very end."""
    for folder in _candidates().glob("[0-9]*"):
        if folder.name not in keep:
            runs.discard(folder)


def discard(run: str) -> None:
    """Take away a run that nobody wants."""
    runs.discard(_candidates() / run)


def _against(candidate: Path, scheme: str) -> Effect | None:
    """Whom a run moves against the one in force, by a scheme; None where there is none to compare,
    or one of them does not have the scheme."""
    found = city.newest()
    if found is None:
        return None
    snapshot = evaluations.read_snapshot(candidate)
    try:
        before = evaluations.evaluate(found.snapshot, evaluations.scheme_of(found.snapshot, scheme))
        after = evaluations.evaluate(snapshot, evaluations.scheme_of(snapshot, scheme))
    except CityForgeError:
        return None
    effect = _effect(before, after)
    # The same scheme and year: it is two runs that are held together.
    if before.year == after.year:
        first = Text(zh="现行 ↓ 这次 →", en="in force ↓ this run →")
        table = effect.tables[0]
        changed = replace(table, columns=(first, *table.columns[1:]))
        effect = replace(effect, tables=[changed, *effect.tables[1:]])
    return effect


def _effect(before: Evaluated, after: Evaluated) -> Effect:
    found = city.newest()
    assert found is not None
    moves = evaluations.moves(before.prepared, before.rows, after.prepared, after.rows)
    tables = list(evaluations.tables.compared(found.snapshot.city, before, after, moves))
    fair = _fairness(after)
    return Effect(
        moves.count("up"),
        moves.count("down"),
        evaluations.words.compared(moves, simulated=False) + ([] if fair else [_FAIR_TO_ALL]),
        tables + fair,
    )


def _fairness(after: Evaluated) -> list[Table]:
    """Industries and sizes that fare otherwise than chance would have it; none where none does."""
    tables = []
    for name, title in _FAIR.items():
        if name in after.facts.column_names:
            found = evaluations.tilts(after.prepared, after.rows, after.facts[name].to_pylist())
            told = [one for one in found if one.members >= _LEAST_TOLD]
            table = evaluations.tables.tilts(told, title)
            tables += [table] if table is not None else []
    return tables


def as_json(effect: Effect | None) -> dict[str, Any]:
    """An effect to be kept; {} for none."""
    if effect is None:
        return {}

    def cell(value: Text | str) -> list[str] | str:
        return value if isinstance(value, str) else [value.zh, value.en]

    return {
        "up": effect.up,
        "down": effect.down,
        "words": [[one.zh, one.en] for one in effect.words],
        "tables": [
            {
                "title": cell(one.title),
                "columns": [cell(each) for each in one.columns],
                "rows": [[cell(each) for each in row] for row in one.rows],
            }
            for one in effect.tables
        ],
    }


def from_json(kept: dict[str, Any]) -> Effect | None:
    if not kept:
        return None

    def cell(value: Any) -> Any:
        return value if isinstance(value, str) else Text(zh=value[0], en=value[1])

    return Effect(
        kept["up"],
        kept["down"],
        [cell(one) for one in kept["words"]],
        [
            Table(
                cell(one["title"]),
                tuple(cell(each) for each in one["columns"]),
                tuple(tuple(cell(each) for each in row) for row in one["rows"]),
            )
            for one in kept["tables"]
        ],
    )


def _candidates() -> Path:
    return Path(settings.SNAPSHOTS) / ".candidates"


def _data() -> Path:
    folder = Path(settings.DATA)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _city() -> Path:
    """The city folder of the settings, else that of the run in force. Raises RunRefused."""
    if settings.CITY is not None:
        return Path(settings.CITY)
    found = city.newest()
    if found is None:
        raise RunRefused(
            Text(
                zh="没有城市文件夹：设置 CITYFORGE_CITY",
                en="there is no city folder: set CITYFORGE_CITY",
            )
        )
    return found.snapshot.folder / "city"
