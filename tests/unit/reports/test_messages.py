"""The catalogue of messages: complete, used, and rounded alike in Python and in the page."""

import re
import string

import pytest

from cityforge.brain.errors import Text
from cityforge.brain.reports import assets
from cityforge.brain.reports.messages import catalogue, fixed, number, quantity

# Keys that are put together from a prefix and an id.
BUILT = ("nav_", "x_", "how_", "verified_", "no_climbers", "no_fallers")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_say_the_same_things(key: str) -> None:
    message = catalogue()[key]
    assert set(message) == {"zh", "en"}
    assert places(message["zh"]) == places(message["en"])


def test_the_page_asks_only_for_messages_that_exist() -> None:
    asked = set(re.findall(r'say\("(\w+)"[,)]', assets.own("page.js") + assets.own("report.js")))
    assert asked
    assert asked <= set(catalogue())


def test_no_message_is_left_unused() -> None:
    files = [assets.own(name) for name in ("page.js", "report.js", "report.html.j2")]
    files += [path.read_text(encoding="utf-8") for path in assets.HERE.rglob("*.py")]
    said = set(re.findall(r'"(\w+)"', "".join(files)))
    unused = {key for key in catalogue() if key not in said and not key.startswith(BUILT)}
    assert unused == set()


@pytest.mark.parametrize(
    ("value", "places_", "said"),
    [
        (0.125, 2, "0.13"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (-0.001, 2, "0.00"),
        (1234567.891, 1, "1,234,567.9"),
        (1.005, 2, "1.00"),  # the double lies below 1.005
        (12, 0, "12"),
    ],
)
def test_halves_go_away_from_zero(value: float, places_: int, said: str) -> None:
    assert fixed(value, places_) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (0.0302, "0.0302"), (1.5, "1.50"), (123.45, "123.5"), (4929.81, "4,930")],
)
def test_a_figure_has_the_decimals_its_size_deserves(value: float, said: str) -> None:
    assert number(value) == said


def test_units_stand_apart_but_percent_close() -> None:
    assert quantity(12.0, "万元/亩") == Text(zh="12.00 万元/亩", en="12.00 ten thousand yuan/mu")
    assert quantity(3.0, "%").zh == "3.00%"
    assert quantity(3.0, None).en == "3.00"
