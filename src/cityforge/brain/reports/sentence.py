"""The city in one sentence, in both languages."""

from collections.abc import Mapping, Sequence

from cityforge.brain.city.scheme import SchemeIndicator
from cityforge.brain.errors import Text
from cityforge.brain.reports.messages import fixed, quantity, text
from cityforge.brain.reports.snapshot import Snapshot

NOTHING = Text(zh="", en="")


def of(
    snapshot: Snapshot,
    *,
    statuses: Mapping[str, int],
    grades: Mapping[str, int],
    median: Text,
    moved: tuple[int, int] | None,
    named: Text | None = None,
) -> Text:
    """How many were rated and how, the headline's median, who moved; or that nobody was rated.

    moved   how many rose and fell; None without a year before
    named   what of the city is told of, where it is not the whole
    """
    place = snapshot.city.place
    city, year = named or Text(zh=place.title, en=place.title_en), str(snapshot.year)
    if not statuses.get("rated"):
        return text(
            "sentence_none",
            city=city,
            year=year,
            exempt=fixed(statuses.get("exempt", 0), 0),
            undetermined=fixed(statuses.get("undetermined", 0), 0),
        )
    counts = [text("sentence_grade", grade=grade, count=fixed(n, 0)) for grade, n in grades.items()]
    listed = Text(zh="、".join(t.zh for t in counts), en=", ".join(t.en for t in counts))
    rated = fixed(statuses["rated"], 0)
    said = [text("sentence", city=city, year=year, rated=rated, grades=listed), median]
    if moved:
        said.append(text("sentence_moves", up=fixed(moved[0], 0), down=fixed(moved[1], 0)))
    return Text(zh="".join(t.zh for t in said), en=" ".join(t.en for t in said if t.en))


def of_median(
    headline: SchemeIndicator,
    median: float | None,
    before: float | None,
    districts: Sequence[tuple[float, Text]],
) -> Text:
    """The median of the headline indicator, its change, and its ends.

    districts   (median, name) of each district that has one, lowest first
    """
    if median is None:
        return NOTHING
    title = Text(zh=headline.title, en=headline.title_en)
    value = quantity(median, headline.unit)
    if len(districts) < 2:
        return text("sentence_median_plain", indicator=title, value=value)
    (low_value, low), (high_value, high) = districts[0], districts[-1]
    return text(
        "sentence_median",
        indicator=title,
        value=value,
        change=_change(median, before),
        high=high,
        high_value=quantity(high_value, None),
        low=low,
        low_value=quantity(low_value, None),
    )


def _change(median: float, before: float | None) -> Text:
    if not before:
        return NOTHING
    percent = f"{fixed(abs(median / before - 1) * 100, 1)}%"
    return text("sentence_up" if median >= before else "sentence_down", percent=percent)
