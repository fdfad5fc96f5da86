"""What a draft would do: who is entitled, what it costs, who gains and loses; told beforehand."""

from dataclasses import dataclass
from functools import lru_cache

from cityforge.brain.api import simulations
from cityforge.brain.api.cities import Checked
from cityforge.brain.api.simulations import Asked
from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.analytics.policies import in_force, offices, ready, review
from cityforge.portal.analytics.policies.in_force import Ground
from cityforge.portal.analytics.policies.offices import Line, Table

_FIRST = 10


@dataclass(frozen=True, slots=True)
class Effects:
    """What a draft would do by the facts of the newest run.

    compared  whether there is a version in force that it differs from, and so a comparison
    lines     the first candidates; None where the reader may not see names
    refused   why nothing could be worked out
    """

    says: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    compared: bool = False
    waiting: tuple[Text, ...] = ()
    hurdles: Table | None = None
    near: Table | None = None
    lines: tuple[Line, ...] | None = None
    has_money: bool = False
    refused: Text | None = None


def effects(name: str, text: str, *, names: bool) -> Effects:
    """Worked out for the whole city. `names`: whether enterprises may be named."""
    ground = in_force.ground()
    if ground is None or in_force.here() is None:
        return Effects(refused=Text(zh="还没有运行结果", en="There is no run yet."))
    if review.elsewhere(name):
        return Effects(refused=_FOLDER)
    return _effects(name, text, in_force.stamp(), ground, names=names)


@lru_cache(maxsize=16)
def _effects(name: str, text: str, _stamp: int, ground: Ground, *, names: bool) -> Effects:
    checked, found = review.drafted(name, text), ready.examiner()
    if checked.errors or checked.city is None or checked.book is None or found is None:
        return Effects(refused=_ERRORS)
    try:
        return _worked_out(name, checked, ground, names=names)
    except CityForgeError as error:
        return Effects(refused=error.text)


def _worked_out(name: str, checked: Checked, ground: Ground, *, names: bool) -> Effects:
    found = ready.examiner()
    assert found is not None and checked.city is not None and checked.book is not None
    folder, read = found.snapshot.folder, (checked.city, checked.book)
    day = review.day_of(checked.city, name, ground.as_of)
    asked = Asked(name, version=day, city=read, beside=(ground.city, ground.book))
    cost = simulations.simulate(folder, asked)
    listed = simulations.candidates(folder, name, drafted=read, version=day)
    told = offices.told(listed)
    return Effects(
        says=tuple(simulations.policy_words(cost)[offices.marks(cost.snapshot) :]),
        tables=tuple(
            offices.table(one)
            for one in simulations.policy_tables(cost)
            if names or not simulations.names_enterprises(one)
        ),
        compared=cost.comparison is not None,
        waiting=told.says,
        hurdles=told.hurdles,
        near=told.near if names else None,
        lines=told.lines[:_FIRST] if names else None,
        has_money=told.has_money,
    )


_ERRORS = Text(
    zh="还有错误，改好才能测算", en="There are errors: mend them, then it can be worked out."
)
_FOLDER = Text(
    zh="城市文件夹里另有文件出错，改好才能测算",
    en="Other files of the city folder hold errors: mend them, then it can be worked out.",
)
