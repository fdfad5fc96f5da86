"""A policy that is being written: what is wrong with it, how it would read, what it would do.

Nothing here writes anything; the same text in the same city gets the same answer.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cityforge.brain.api import cities, policies
from cityforge.brain.api.cities import Checked, CheckedExample, City, Dictionary
from cityforge.brain.errors import Problem, RunRefused, Text
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.policies import in_force, page
from cityforge.portal.analytics.policies.in_force import Ground
from cityforge.portal.analytics.policies.page import PolicyPage

LONGEST = 200_000  # characters of a text; the longest policy known is a tenth of it


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, or to be looked at. `group`: of lint; `answer`: given in the policy."""

    problem: Problem
    group: Text | None = None
    answer: str | None = None

    @property
    def is_error(self) -> bool:
        return self.problem.severity == "error"


@dataclass(frozen=True, slots=True)
class Look:
    """A text looked over.

    bureau     the bureau of the city that it names as its office; empty for any other
    day        as of which it is told: its newest version's first, where that is still to come
    elsewhere  errors in other files of the city folder
    page       in plain words; None while there are errors, here or elsewhere
    """

    faults: tuple[Fault, ...]
    examples: tuple[CheckedExample, ...]
    page: PolicyPage | None
    title: Text | None
    bureau: str
    day: date | None
    elsewhere: int

    @property
    def errors(self) -> int:
        return sum(fault.is_error for fault in self.faults)

    @property
    def warnings(self) -> int:
        return sum(not fault.is_error and fault.answer is None for fault in self.faults)

    @property
    def failing(self) -> int:
        return sum(not example.passed for example in self.examples)

    @property
    def is_sound(self) -> bool:
        return not self.errors and not self.failing and not self.elsewhere


@dataclass(frozen=True, slots=True)
class Known:
    """A policy of the city folder to begin from."""

    id: str
    title: Text
    office: str
    bureau: str
    model: bool


def look(name: str, text: str) -> Look | None:
    """None where no city folder is set, or there is no run yet."""
    ground = in_force.ground()
    if ground is None or in_force.here() is None:
        return None
    return _look(name, text, in_force.stamp(), ground, contracts.today())


@lru_cache(maxsize=16)
def _look(name: str, text: str, _stamp: int, ground: Ground, today: date) -> Look:
    checked, others = drafted(name, text), elsewhere(name)
    faults = [Fault(problem) for problem in checked.problems]
    city, book = checked.city, checked.book
    if city is None or book is None:
        return Look(tuple(faults), (), None, None, "", None, others)
    policy = city.policies[name]
    title = Text(zh=policy.title, en=policy.title_en)
    day = day_of(city, name, ground.as_of)
    if checked.errors or others:
        # With other files unread nothing more can be said of it than what stands in it.
        return Look(tuple(faults), (), None, title, _bureau(city, policy.office), day, others)
    linted = policies.lint(city, book, day=today, only=name)
    faults += [
        Fault(one.problem, policies.GROUPS[policies.RULES[one.rule]], one.answer)
        for one in linted.findings
    ]
    prepared = policies.prepare_one(city, book, policy, day=day)
    return Look(
        faults=tuple(faults),
        examples=tuple(cities.examples_of_policy(city, book, name)),
        page=page.build(Ground(city, book, day, ground.run), prepared) if prepared else None,
        title=title,
        bureau=_bureau(city, policy.office),
        day=day,
        elsewhere=others,
    )


def drafted(name: str, text: str) -> Checked:
    """The city folder as it would be with this text."""
    now = in_force.here()
    assert now is not None
    if now.city is None or now.book is None:
        return now
    if len(text) > LONGEST:
        return Checked(None, None, [_too_long(name)])
    return cities.check_policy_text(now.city, now.book, name, text)


def day_of(city: City, name: str, as_of: date) -> date:
    """The day that a draft is told for: of its newest version, unless the run's day has one."""
    policy = city.policies[name]
    newest = max(version.from_ for version in policy.versions)
    return newest if newest > as_of or policy.on(as_of) is None else as_of


def known() -> list[Known]:
    """The policies of the city folder, by level as the catalogue has them."""
    now = in_force.here()
    if now is None or now.city is None:
        return []
    city = now.city
    order = list(policies.LEVELS)
    every = sorted(city.policies.values(), key=lambda one: (-order.index(one.level), one.id))
    return [
        Known(
            one.id,
            Text(zh=one.title, en=one.title_en),
            one.office,
            _bureau(city, one.office),
            one.model,
        )
        for one in every
    ]


def bureau_in_force(name: str) -> str:
    """The bureau that the policy in force names as its office; empty where none of the city."""
    return next((one.bureau for one in known() if one.id == name), "")


def title_in_force(name: str) -> Text:
    """What the policy in force is called; its id where none can be read."""
    found = (one.title for one in known() if one.id == name)
    return next(found, Text(zh=name, en=name))


def is_there() -> bool:
    """Whether there is a city folder to write for."""
    return in_force.folder() is not None


def new(name: str, title: str, *, template: str, day: date) -> str:
    """The text of a new policy from a template. Raises RunRefused."""
    return policies.from_template(*_city(), name, title=title, template=template, day=day)


def like(pattern: str, name: str, title: str) -> str:
    """The text of a new policy after another one. Raises RunRefused."""
    return policies.from_policy(_city()[0], pattern, name, title=title)


def templates() -> dict[str, Text]:
    return policies.TEMPLATES


def _city() -> tuple[City, Dictionary]:
    now = in_force.here()
    if now is None or now.city is None or now.book is None:
        raise RunRefused(
            Text(zh="没有可读的城市文件夹", en="There is no city folder that can be read.")
        )
    return now.city, now.book


def elsewhere(name: str) -> int:
    """Errors in the files of the city folder but this policy's."""
    now = in_force.here()
    own = f"policies/{name}.yaml"
    return 0 if now is None else sum(problem.file != own for problem in now.errors)


def _bureau(city: City, office: str) -> str:
    """The unit that bears this name: its title, or a form by which plans call it, the city's name
    before it or not."""
    named = city.place.title.removesuffix("市")
    for unit in city.units.values():
        forms = [unit.title, *unit.forms, *(f"{named}{form}" for form in unit.forms)]
        if unit.kind == "bureau" and office in forms:
            return unit.id
    return ""


def _too_long(name: str) -> Problem:
    return Problem(
        f"policies/{name}.yaml",
        0,
        0,
        Text(zh=f"超过 {LONGEST:,} 字", en=f"longer than {LONGEST:,} characters"),
        Text(zh="一个文件只写一项政策", en="One file holds one policy."),
    )
