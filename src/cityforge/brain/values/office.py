"""What offices of the state call themselves in English (`tables/offices.tsv`)."""

import csv
import functools
import importlib.resources


def central(name: str) -> str | None:
    """A central office by its own name; None where the table has none of that name."""
    return _offices().get(("central", name))


def department(name: str) -> str | None:
    """A department of a province by its name without the province; None likewise."""
    return _offices().get(("department", name))


@functools.cache
def _offices() -> dict[tuple[str, str], str]:
    table = importlib.resources.files(__package__) / "tables" / "offices.tsv"
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {(row["kind"], row["name"]): row["english"] for row in rows}
