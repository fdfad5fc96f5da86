"""Plans by their files, as the command line asks for them."""

from pathlib import Path

from cityforge.brain.city import folder
from cityforge.brain.errors import CityRefused, Problem
from cityforge.brain.plans import checks, read
from cityforge.brain.plans.corrections import apply as lay_over
from cityforge.brain.plans.corrections import read as read_corrections
from cityforge.brain.plans.reading import Reading


def read_plan(file: Path, *, corrections: Path | None = None) -> Reading:
    """The reading of a file, with people's corrections laid over it."""
    reading = read.read_plan(file)
    return reading if corrections is None else lay_over(reading, read_corrections(corrections))


def check_plan(
    file: Path, *, city: Path | None = None, corrections: Path | None = None
) -> list[Problem]:
    """The conflicts of a plan; with a city also the units that it does not know."""
    reading = read_plan(file, corrections=corrections)
    if city is None:
        return checks.check(reading, file=file.name)
    place, problems = folder.read(city)
    if place is None:
        raise CityRefused(problems)
    return checks.check(reading, file=file.name, units=place.units, city=place.place.title)
