"""A plan's file into a city's plan.yaml: the proposal, its differences, and writing it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityforge.brain.city import folder
from cityforge.brain.city.plan import Plan
from cityforge.brain.errors import CityRefused, Text, ValueRefused
from cityforge.brain.plans import merge, planfile
from cityforge.brain.plans.reading import Reading
from cityforge.brain.plans.unit_names import UnitNames

RECORD = Path("plan") / "reading.json"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would write, and how it differs from what stands there."""

    city: Path
    text: str
    record: str
    differences: tuple[Text, ...]
    unknown_units: tuple[str, ...]

    def write(self) -> None:
        """Writes plan.yaml, and the record that lets the next import know people's edits."""
        _replace(self.city / "plan.yaml", self.text)
        (self.city / RECORD).parent.mkdir(exist_ok=True)
        _replace(self.city / RECORD, self.record)


def propose(
    reading: Reading,
    city: Path,
    *,
    title_en: str | None = None,
    from_year: int | None = None,
    to_year: int | None = None,
) -> Proposal:
    """What importing `reading` would do to a city's plan.yaml; writes nothing.

    Raises CityRefused where the city cannot be read, ValueRefused where there is nothing to import.
    """
    place, problems = folder.read(city)
    if place is None:
        raise CityRefused(problems)
    current = _current(city)
    record = _record(city)
    names = UnitNames(place.units, place.place.title)
    new = planfile.as_plan(
        reading,
        names=names,
        title_en=title_en or "Action plan",
        from_year=from_year,
        to_year=to_year,
    )
    _refuse_unusable(reading, new)
    kept = json.loads(json.dumps(new))
    if current is not None and title_en is None:
        new.pop("title_en")
    if current is not None and not (from_year or reading.from_year):
        new.pop("from_year")
    if current is not None and not reading.title:
        new.pop("title")
        new.pop("evidence", None)
    merged, differences = merge.merge(current, record, new)
    Plan.model_validate(json.loads(json.dumps(merged)))
    return Proposal(
        city=city,
        text=planfile.dump(merged),
        record=json.dumps(kept, ensure_ascii=False, indent=1) + "\n",
        differences=tuple(differences),
        unknown_units=tuple(planfile.unknown_units(reading, names)),
    )


def _refuse_unusable(reading: Reading, new: dict[str, Any]) -> None:
    if not reading.measures:
        raise ValueRefused(
            Text(zh="没有读出编号的举措，不能导入", en="no numbered measures: nothing to import"),
            Text(
                zh="先用 cityforge plan read 查看读出了什么", en="look at cityforge plan read first"
            ),
        )
    if not new.get("from_year"):
        raise ValueRefused(
            Text(zh="文本里没有计划的年份", en="the text names no years of the plan"),
            Text(zh="用 --from-year 和 --to-year 给出", en="give them: --from-year and --to-year"),
        )


def _current(city: Path) -> Any:
    file = city / "plan.yaml"
    if not file.is_file():
        return None
    return planfile.round_trip().load(file.read_text(encoding="utf-8"))


def _record(city: Path) -> dict[str, Any] | None:
    file = city / RECORD
    if not file.is_file():
        return None
    data = json.loads(file.read_text(encoding="utf-8"))
    return data if isinstance(data, dict) else None


def _replace(file: Path, text: str) -> None:
    aside = file.with_name(file.name + ".partial")
    aside.write_text(text, encoding="utf-8", newline="\n")
    aside.replace(file)
