"""The record of a run: what was run, on what, and what it gave."""

import platform
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.facts.corrections import TABLE as CORRECTIONS
from cityforge.brain.intake import sources
from cityforge.brain.intake.sources import Sources
from cityforge.brain.runs import digest

FORMAT = 1


@dataclass(slots=True)
class Tables:
    """Row counts by table, notes on places and corrections, of each scheme its years and notes."""

    rows: dict[str, int] = field(default_factory=dict)
    places: list[Text] = field(default_factory=list)
    corrections: list[Text] = field(default_factory=list)
    notes: dict[str, list[Text]] = field(default_factory=dict)
    years: dict[str, list[int]] = field(default_factory=dict)


def digests(city: Path, found: Sources, data: Path) -> dict[str, Any]:
    """Digests of the city folder and of every input, taken before anything is read."""
    root = data.resolve()
    inputs = {
        name: {
            "file": str(file.relative_to(root)) if file.is_relative_to(root) else file.name,
            "sha256": digest.of_file(file),
            "bytes": file.stat().st_size,
        }
        for name, file in sorted(_files(found).items())
    }
    return {"city": digest.of_city(city), "inputs": inputs}


def changed(run: dict[str, Any], city: City, data: Path) -> list[str]:
    """The inputs that are other files now than those a run read, or new, or gone: by dataset.

    Told by name and size: a delivery bears its digest in its name. Raises DataRefused.
    """
    root = data.resolve()
    now = {
        name: (str(file.relative_to(root)), file.stat().st_size)
        for name, file in _files(sources.find(city, data)).items()
        if file.is_relative_to(root)
    }
    then = {
        name: (entry["file"], entry["bytes"]) for name, entry in run["digests"]["inputs"].items()
    }
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


def _files(found: Sources) -> dict[str, Path]:
    files = dict(found.files)
    if found.corrections is not None:
        files[CORRECTIONS] = found.corrections
    return files


def record(
    city: City,
    *,
    as_of: date,
    year: int,
    found: Sources,
    digests: dict[str, Any],
    taken: list[dict[str, Any]],
    tables: Tables,
    folder: Path,
) -> dict[str, Any]:
    """What was run, on what, and what it gave: everything that a replay must reproduce."""
    written = {
        name: {"rows": rows, "sha256": digest.of_file(folder / "tables" / f"{name}.parquet")}
        for name, rows in sorted(tables.rows.items())
    }
    ground = {
        "format": FORMAT,
        "city": {"id": city.place.id, "title": city.place.title, "title_en": city.place.title_en},
        "as_of": as_of.isoformat(),
        "year": year,
        "simulated": found.simulated,
        "simulated_note": found.note,
        "digests": digests,
        "intake": taken,
        "schemes": [
            {
                "id": scheme.id,
                "title": scheme.title,
                "title_en": scheme.title_en,
                "years": tables.years[scheme.id],
                "notes": [{"zh": n.zh, "en": n.en} for n in tables.notes[scheme.id]],
            }
            for scheme in city.schemes.values()
            if scheme.id in tables.years
        ],
        "tables": written,
    }
    return {
        **ground,
        "run_id": f"{as_of.isoformat()}-{digest.of_json(ground)[:12]}",
        "versions": {
            "cityforge": version("cityforge"),
            "duckdb": version("duckdb"),
            "python": platform.python_version(),
        },
    }
