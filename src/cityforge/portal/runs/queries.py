"""Runs as their pages show them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics import grades
from cityforge.portal.analytics import runs as analytics
from cityforge.portal.analytics.runs import Effect, InForce, Year
from cityforge.portal.corrections import queries as corrections
from cityforge.portal.runs import permissions, states
from cityforge.portal.runs.models import Run

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A run with its words: `is_current` where pages show it; what may be done with it."""

    run: Run
    state: Text
    light: str
    next: Text
    doing: Text
    is_stalled: bool
    is_current: bool
    effect: Effect | None
    notes: list[Text]
    problems: list[tuple[Text, Text]]
    may: frozenset[str]

    @property
    def is_working(self) -> bool:
        return self.run.state == states.RUNNING and not self.is_stalled


@dataclass(frozen=True, slots=True)
class Before:
    """What is seen before a run is started.

    changed   what was supplied since the run in force
    wrong     what is in the way, and what to do about it
    effect    whom the scheme and year chosen would move by the data in force; None: nobody
    ruled, declared  corrections that the run will read
    """

    scheme: str
    year: int
    changed: list[Text]
    wrong: list[tuple[Text, Text | None]]
    effect: Effect | None
    is_in_force: bool
    ruled: int
    declared: int


def in_force() -> InForce | None:
    return analytics.in_force()


def years() -> list[Year]:
    return analytics.years()


def schemes() -> list[grades.Line]:
    return grades.schemes()


def runs(user: User, *, start: int = 0, stop: int = _SHOWN) -> list[Shown]:
    """The newest runs."""
    return [shown(user, one) for one in _all()[start:stop]]


def count() -> int:
    return Run.objects.count()


def working() -> Run | None:
    """The run at work, stalled or not."""
    return Run.objects.filter(state=states.RUNNING).first()


def run(pk: int) -> Run | None:
    return _all().filter(pk=pk).first()


def shown(user: User, one: Run) -> Shown:
    now = analytics.in_force()
    stalled = permissions.is_stalled(one)
    is_current = now is not None and now.id == one.run and one.state == states.ADOPTED
    state = states.STATES[one.state]
    if one.state == states.ADOPTED and not is_current:
        state = Text(zh="曾启用", en="was in force")
    words = one.doing or ["排队", "waiting"]
    return Shown(
        one,
        Text(zh="久无进展", en="stalled") if stalled else state,
        "red" if stalled else states.LIGHTS[one.state],
        states.NEXT[one.state],
        Text(zh=words[0], en=words[1]),
        stalled,
        is_current,
        analytics.from_json(one.report.get("effect", {})),
        [Text(zh=zh, en=en) for zh, en in one.report.get("notes", [])],
        [
            (Text(zh=p["what"][0], en=p["what"][1]), Text(zh=p["hint"][0], en=p["hint"][1]))
            for p in one.report.get("problems", [])
        ],
        frozenset(
            to
            for to in (states.CANCELLED, states.ADOPTED, states.DISCARDED)
            if _may(user, one, to) and not (is_current and to == states.ADOPTED)
        ),
    )


def before(scheme: str, year: int) -> Before:
    """What is seen before a run of a scheme and year is started."""
    changed, effect = list[Text](), None
    wrong: list[tuple[Text, Text | None]] = []
    try:
        changed = analytics.changed()
        effect = analytics.preview(scheme, year)
    except CityForgeError as error:
        problems = getattr(error, "problems", ())
        wrong = [(one.what, one.hint) for one in problems] or [(error.text, None)]
    now = analytics.in_force()
    ruled, declared = corrections.waiting_for_run()
    same = now is not None and effect is None and not wrong
    return Before(scheme, year, changed, wrong, effect, same, ruled, declared)


def under_way() -> list[Text]:
    """The evaluations whose proceedings rest on the run in force and are not settled."""
    found = []
    for line in grades.schemes():
        standing = None if line.is_model else grades.standing(line.id)
        if standing is not None and standing.stage not in grades.SETTLED:
            found.append(line.title)
    return found


def _may(user: User, one: Run, state: str) -> bool:
    try:
        permissions.check_can(user, one, state)
    except (NotAllowed, NotNow):
        return False
    return True


def _all() -> QuerySet[Run]:
    return Run.objects.select_related("started_by", "decided_by")
