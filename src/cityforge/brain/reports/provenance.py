"""Where a value about one enterprise comes from: dataset, office, year, and how to correct it."""

from dataclasses import dataclass

from cityforge.brain.city.shapes import LegalUse
from cityforge.brain.errors import Text
from cityforge.brain.expr import check
from cityforge.brain.reports.fact_names import Names, dated

NOWHERE = Text(zh="", en="")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of one column.

    dataset, owner  empty for a derived fact: `rests_on` names what it is made of
    year            whose figure it is; None for what is known as of the day
    declared        the dataset is what enterprises declare themselves
    answered        the enterprise said it in this check-up; no office has confirmed it
    treats          may lawfully be used for a decision about one enterprise
    """

    column: str
    title: Text
    dataset: Text = NOWHERE
    owner: Text = NOWHERE
    year: int | None = None
    rests_on: tuple[str, ...] = ()
    declared: bool = False
    answered: bool = False
    treats: bool = True

    @property
    def correct(self) -> Text:
        """Whom to ask, and for what, where the value is wrong."""
        if self.answered:
            return Text(
                zh=f"企业自报，请{self.owner.zh}核实" if self.owner.zh else "企业自报，待核实",
                en=f"declared; {self.owner.en or 'an office'} is to confirm it",
            )
        if self.declared:
            return Text(
                zh=f"企业申报的数据：在原申报渠道更正，由{self.owner.zh}确认",
                en=f"declared by the enterprise: correct it there; {self.owner.en} confirms it",
            )
        if not self.dataset.zh:
            return Text(zh="更正所依据的数据", en="correct the data that it rests on")
        return Text(
            zh=f"向{self.owner.zh}申请核对更正", en=f"ask {self.owner.en} to check and correct it"
        )


def of(names: Names, column: str, *, year: int, answered: bool = False) -> Provenance:
    """The origin of a column of the facts of a year."""
    title = names.column(column, year=year)
    _, _, register = column.partition(":")
    fact, back = dated(column)
    known = None if register else names.book.facts[fact]
    dataset = names.city.datasets.get(names.dataset(column) or "")
    if dataset is None:
        rests: tuple[str, ...] = ()
        if known is not None and known.expression is not None and not back:
            rests = tuple(sorted(check.columns(known.expression)))
        return Provenance(
            column, title, rests_on=rests, year=year + back if back else None, answered=answered
        )
    use = known.legal_use if known is not None else frozenset(dataset.legal_use)
    return Provenance(
        column,
        title,
        dataset=Text(zh=dataset.title, en=dataset.title_en),
        owner=names.unit(dataset.owner),
        year=year + back if dataset.grain == "enterprise_year" else None,
        declared=dataset.declared,
        answered=answered,
        treats=LegalUse.TREAT in use,
    )
