"""What is known of one enterprise, fact by fact and year by year, with where each comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.dictionary import Fact
from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import Text
from cityforge.brain.facts.corrections import RULED, TABLE
from cityforge.brain.facts.table import table_of
from cityforge.brain.reports import provenance
from cityforge.brain.reports.dossier.ground import Ground, may_name, may_see

Right = dict[tuple[str, int | None], Text]

DERIVED = Text(zh="由上述数据算出", en="Worked out from the data above")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: its values by the years of the file; None: not known in that year.

    rests_on  titles of the facts that a derived one is made of
    corrected  beside each value on whose word it is another than the dataset said, None: it is not
    """

    name: str
    title: Text
    values: tuple[Text | None, ...]
    rests_on: Text | None = None
    corrected: tuple[Text | None, ...] = ()

    @property
    def cells(self) -> list[tuple[Text | None, Text | None]]:
        """Each value with the word on its correction."""
        return list(zip(self.values, self.corrected, strict=True))


@dataclass(frozen=True, slots=True)
class Source:
    """The facts of one dataset, and whom to ask where one is wrong.

    yearly   a value a year; else one value as of the run's day, the first of `values`
    lacking  facts of the dataset that are not known in any year
    """

    dataset: str
    title: Text
    owner: Text
    declared: bool
    yearly: bool
    correct: Text
    lines: tuple[Line, ...]
    lacking: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known of one enterprise that its reader may see, its identity apart.

    withheld    facts of the city that are above the reader's level
    describing  facts that may describe the city only: shown beside no name, to nobody
    """

    uscc: str
    name: str
    years: tuple[int, ...]
    as_of: str
    sources: tuple[Source, ...]
    withheld: int
    describing: int


def identity(ground: Ground, uscc: str) -> Source | None:
    """What the frame says of one enterprise, as far as it is public; None: no such credit code."""
    newest, frame = ground.snapshot.year, ground.snapshot.city.frame
    assert frame is not None
    told = [
        fact
        for fact in ground.book.facts.values()
        if fact.dataset == frame.id
        and may_name(fact.legal_use)
        and may_see(fact.sensitivity, Sensitivity.PUBLIC)
    ]
    only = ("uscc", *(fact.name for fact in told))
    rows = ground.rows(table_of(newest, newest), uscc, only)
    if not rows:
        return None
    facts = [fact for fact in told if fact.name in rows[0] and fact.name != "uscc"]
    return _source(ground, frame, facts, rows)


def known(ground: Ground, uscc: str, *, reader: Sensitivity) -> Known | None:
    """The facts of one enterprise; None where the snapshot has no such credit code."""
    newest = ground.snapshot.year
    found = {year: ground.rows(table_of(year, newest), uscc) for year in ground.years}
    if not found.get(newest):
        return None
    rows = [found[year][0] if found[year] else {} for year in ground.years]
    # The credit code is whose file it is; of its datasets none has it for a fact.
    there = [f for f in ground.book.facts.values() if f.name in rows[0] and f.name != "uscc"]
    named = [fact for fact in there if may_name(fact.legal_use)]
    open_ = [fact for fact in named if may_see(fact.sensitivity, reader)]
    groups: dict[str, list[Fact]] = {}
    for fact in open_:
        groups.setdefault(fact.dataset or "", []).append(fact)
    frame = ground.snapshot.city.frame
    assert frame is not None  # without it there is no run
    derived = groups.pop("", [])
    groups.pop(frame.id, None)  # told as the identity
    datasets = ground.snapshot.city.datasets
    right = _corrected(ground, uscc)
    sources = [
        _source(ground, datasets[name], facts, rows, right) for name, facts in groups.items()
    ]
    if derived:
        sources.append(_derived(ground, derived, rows))
    return Known(
        uscc=uscc,
        name=str(rows[0]["name"]),
        years=ground.years,
        as_of=ground.snapshot.as_of.isoformat(),
        sources=tuple(sorted(sources, key=lambda one: (one.dataset == "", not one.lines))),
        withheld=len(named) - len(open_),
        describing=len(there) - len(named),
    )


def _source(
    ground: Ground,
    dataset: Dataset,
    facts: list[Fact],
    rows: list[dict[str, Any]],
    right: Right | None = None,
) -> Source:
    yearly = dataset.grain == "enterprise_year"
    origin = provenance.Provenance(
        "",
        Text(zh="", en=""),
        dataset=Text(zh=dataset.title, en=dataset.title_en),
        owner=ground.names.unit(dataset.owner),
        declared=dataset.declared,
    )
    years = ground.years if yearly else (None,)
    lines = [
        _line(
            ground,
            fact,
            rows if yearly else rows[:1],
            corrected=tuple((right or {}).get((fact.name, year)) for year in years),
        )
        for fact in facts
    ]
    return Source(
        dataset.id,
        origin.dataset,
        origin.owner,
        dataset.declared,
        yearly,
        origin.correct,
        tuple(line for line in lines if any(line.values)),
        tuple(line.title for line in lines if not any(line.values)),
    )


def _derived(ground: Ground, facts: list[Fact], rows: list[dict[str, Any]]) -> Source:
    lines = []
    for fact in facts:
        inputs = [ground.book.facts[name] for name in fact.inputs]
        rests = Text(
            zh="、".join(one.title for one in inputs), en=", ".join(one.title_en for one in inputs)
        )
        lines.append(_line(ground, fact, rows, rests if inputs else None))
    return Source(
        dataset="",
        title=DERIVED,
        owner=Text(zh="", en=""),
        declared=any(fact.declared for fact in facts),
        yearly=True,
        correct=Text(zh="更正所依据的数据", en="correct the data that it rests on"),
        lines=tuple(line for line in lines if any(line.values)),
        lacking=tuple(line.title for line in lines if not any(line.values)),
    )


def _line(
    ground: Ground,
    fact: Fact,
    rows: list[dict[str, Any]],
    rests_on: Text | None = None,
    corrected: tuple[Text | None, ...] | None = None,
) -> Line:
    return Line(
        fact.name,
        Text(zh=fact.title, en=fact.title_en),
        tuple(_values(ground, fact, rows)),
        rests_on,
        (None,) * len(rows) if corrected is None else corrected,
    )


def _corrected(ground: Ground, uscc: str) -> Right:
    """On whose word facts are other than their datasets said; year None: in whichever year."""
    yearly = {
        one.id for one in ground.snapshot.city.datasets.values() if one.grain.endswith("year")
    }
    found: Right = {}
    for row in ground.rows(TABLE, uscc):
        fact = ground.book.facts.get(row["fact"])
        if fact is None or not row["applied"]:
            continue
        day, unit = row["on"], ground.names.unit(row["by"])
        word = Text(zh=f"企业申报，待核实（{day}）", en=f"declared, not verified yet ({day})")
        scheme = ground.snapshot.city.schemes.get(row["by"])
        if row["basis"] == RULED and scheme is not None:
            word = Text(
                zh=f"企业异议，经“{scheme.title}”认定（{day}）",
                en=f"objected to and upheld in the evaluation by {scheme.title_en} ({day})",
            )
        elif row["basis"] == RULED:
            word = Text(
                zh=f"企业更正，经{unit.zh}核实（{day}）",
                en=f"corrected by the enterprise, verified by {unit.en} ({day})",
            )
        found[fact.name, row["year"] if fact.dataset in yearly else None] = word
    return found


def _values(ground: Ground, fact: Fact, rows: list[dict[str, Any]]) -> Iterator[Text | None]:
    for row in rows:
        value = row.get(fact.name)
        yield None if value is None else ground.names.value(fact.name, value)
