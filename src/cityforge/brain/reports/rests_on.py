"""What the figures of a scheme rest on: the facts in words, datasets, their owners, what the run
took of each."""

import re
from dataclasses import dataclass

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.prepared import prepare
from cityforge.brain.expr import check
from cityforge.brain.reports.snapshot import Snapshot

_NAME = re.compile(r"([a-z_][a-z0-9_]*)(\[-1\])?")


def in_words(book: Dictionary, expression: str) -> Text:
    """An expression with its facts called by their titles: 实缴税收 ÷ 用地面积."""

    def told(language: Language) -> str:
        def named(found: re.Match[str]) -> str:
            fact = book.facts.get(found[1])
            if fact is None:
                return found[0]
            title = Text(zh=fact.title, en=fact.title_en).say(language)
            before = Text(zh="（上年）", en=" (year before)").say(language) if found[2] else ""
            return f"{title}{before}"

        return _NAME.sub(named, expression).replace("/", "÷").replace("*", "×")

    return Text(zh=told("zh"), en=told("en"))


@dataclass(frozen=True, slots=True)
class Supply:
    """A dataset; `facts` are those of its columns that are read. Rows are None where the run did
    not read it."""

    dataset: str
    title: Text
    owner: Text
    facts: tuple[Text, ...]
    read: int | None
    accepted: int | None
    quarantined: int | None


def of(snapshot: Snapshot, scheme: Scheme, indicator: str | None = None) -> tuple[Supply, ...]:
    """The datasets behind a scheme, or behind one of its indicators, by id."""
    city = snapshot.city
    book = dictionary.build(city)
    prepared = prepare(book, scheme)
    names = set(prepared.facts)
    if indicator is not None:
        names = {
            name for _, one in prepared.of(indicator) for name in check.names(one.expression)
        }  # fmt: skip
    columns: dict[str, list[Text]] = {}
    for fact in book.rests_on(sorted(names)):
        columns.setdefault(str(fact.dataset), []).append(Text(zh=fact.title, en=fact.title_en))
    taken = {entry["dataset"]: entry for entry in snapshot.run["intake"]}
    found = []
    for name in sorted(columns):
        dataset, entry = city.datasets[name], taken.get(name, {})
        unit = city.units.get(dataset.owner)
        owner = (unit.title, unit.title_en) if unit else (dataset.owner, dataset.owner)
        found.append(
            Supply(
                name,
                Text(zh=dataset.title, en=dataset.title_en),
                Text(zh=owner[0], en=owner[1]),
                tuple(columns[name]),
                entry.get("read"),
                entry.get("accepted"),
                entry.get("quarantined"),
            )
        )
    return tuple(found)
