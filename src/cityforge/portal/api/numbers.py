"""Who may read a number with a permanent address: everybody what was published, else by scope."""

from dataclasses import dataclass

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.permissions import Person
from cityforge.portal.analytics import numbers
from cityforge.portal.analytics.numbers import CITY, EXEMPT, RUN, Address, Counted


@dataclass(frozen=True, slots=True)
class Told:
    """One number; `value` None where it is withheld."""

    of: Counted
    place: str
    grade: str
    value: int | None

    @property
    def withheld(self) -> bool:
        return self.value is None

    @property
    def unit(self) -> Text:
        return Text(zh="家", en="enterprises")

    @property
    def definition(self) -> Text:
        """What is counted, by which scheme, in which version."""
        of, where = self.of, self.of.places[self.place]
        shown = self.of.version != RUN
        which = Text(
            zh=f"公示名单第 {of.version} 版" if shown else "运行结果",
            en=f"version {of.version} of the public list" if shown else "the run's own result",
        )
        if self.grade == EXEMPT:
            what = Text(zh="按方案不定级", en="exempt from grading by the scheme")
        else:
            what = Text(zh=f"评为 {self.grade} 等", en=f"given grade {self.grade}")
        return Text(
            zh=f"{where.zh} {of.year} 年度按《{of.scheme_title.zh}》{what.zh}的家数（{which.zh}）",
            en=f"Enterprises of {where.en} {what.en} for {of.year} under {of.scheme_title.en} "
            f"({which.en})",
        )

    @property
    def path(self) -> str:
        of = self.of
        return Address(of.snapshot, of.scheme, of.version, self.place, self.grade).path


def every(person: Person, snapshot: str, scheme: str, version: str) -> list[Told]:
    """The numbers of a version that a person may read; [] alike for none and for none of theirs."""
    found = numbers.counted(snapshot, scheme, version)
    if found is None:
        return []
    told = [_told(person, found, place, grade) for place in found.places for grade in found.grades]
    return [one for one in told if one is not None]


def one(
    person: Person, snapshot: str, scheme: str, version: str, place: str, grade: str
) -> Told | None:
    """None alike for a number that is not there and one that is not for this person."""
    found = numbers.counted(snapshot, scheme, version)
    if found is None or (place, grade) not in found.counts:
        return None
    return _told(person, found, place, grade)


def _told(person: Person, found: Counted, place: str, grade: str) -> Told | None:
    scope = permissions.scope(person, "evaluations.view")
    is_inside = scope.everything or (place != CITY and place in scope.districts)
    if found.version == RUN and not is_inside:
        return None
    value = found.counts[place, grade]
    return Told(found, place, grade, None if place in found.withheld and not is_inside else value)
