"""Who may do what: one table of actions, denied by default; and what each person may see.

Every view, task and API call names an action of this table. Who holds none of its roles, by a
membership in force today, is refused. Where anything about it cannot be told, so it is refused too.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeVar, cast

import rules
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Membership, User

Person = User | AnonymousUser
PUBLIC, SIGNED_IN = "public", "signed in"
_log = logging.getLogger(__name__)


class NotAllowed(Exception):
    """Refused, with the reason that the page shows."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


class NotNow(Exception):
    """Allowed to this person, but not as things are; with the reason that the page shows."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


OFFICIALS = (roles.LEADER, roles.ANALYST, roles.DISTRICT_OFFICER, roles.PARK_OFFICER)
BUREAUS = (roles.REPORTER, roles.CHECKER)
ENTERPRISES = (roles.ENTERPRISE_ADMIN, roles.ENTERPRISE_CLERK)
ADMINS = (roles.SECURITY_ADMIN, roles.SYSTEM_ADMIN)
EVERYONE = tuple(roles.ROLES)

# Action -> the roles that may. `PUBLIC`: without signing in; `SIGNED_IN`: whoever they are.
ACTIONS: dict[str, tuple[str, ...] | str] = {
    "shell.static": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_on": PUBLIC,
    "accounts.sign_out": SIGNED_IN,
    "accounts.me": SIGNED_IN,
    "accounts.password": SIGNED_IN,
    "accounts.view": ADMINS,
    "accounts.manage": (roles.SECURITY_ADMIN,),
    "desk.home": SIGNED_IN,
    "desk.view": (roles.LEADER, roles.ANALYST, roles.DISTRICT_OFFICER),
    "imports.view": BUREAUS,
    "imports.deliver": (roles.REPORTER,),
    "imports.decide": (roles.CHECKER,),
    "imports.freshness": (roles.LEADER, roles.ANALYST),
    "imports.count": (roles.ANALYST,),
    "audit.view": (roles.AUDITOR,),
    "system.view": (roles.SYSTEM_ADMIN,),
    "evaluations.view": (roles.LEADER, roles.ANALYST, roles.DISTRICT_OFFICER),
    "evaluations.try": (roles.ANALYST,),
    "evaluations.conduct": (roles.ANALYST,),
    "evaluations.speak": ENTERPRISES,
    "evaluations.publicity": PUBLIC,
    "evaluations.files": (roles.ANALYST,),
    "evaluations.papers": (*ENTERPRISES, roles.ANALYST),
    "runs.view": (roles.ANALYST,),
    "runs.start": (roles.ANALYST,),
    "corrections.view": (*ENTERPRISES, roles.CHECKER, roles.ANALYST),
    "corrections.ask": ENTERPRISES,
    "corrections.rule": (roles.CHECKER,),
    "enterprises.view": OFFICIALS,
    "enterprises.download": OFFICIALS,
    "enterprises.claim": SIGNED_IN,
    "enterprises.rule": (roles.ANALYST, roles.DISTRICT_OFFICER),
    "enterprises.merge": (roles.ANALYST,),
    "dossier.view": (*OFFICIALS, *ENTERPRISES),
    "dossier.mine": ENTERPRISES,
    "facts.confidential": (
        roles.LEADER,
        roles.ANALYST,
        roles.DISTRICT_OFFICER,
        *ENTERPRISES,
    ),
    "facts.secret": (roles.ANALYST,),
    "policies.catalogue": PUBLIC,
    "policies.favourite": SIGNED_IN,
    "policies.check_up": ENTERPRISES,
    "policies.declare": ENTERPRISES,
    "policies.coverage": OFFICIALS,
    "policies.candidates": OFFICIALS,
    "policies.simulate": OFFICIALS,
    "api.reference": PUBLIC,
    "api.city": PUBLIC,
    "api.numbers": PUBLIC,
    "api.me": SIGNED_IN,
    "api.tokens": SIGNED_IN,
    "api.oversee": (roles.SECURITY_ADMIN,),
    "campaigns.send": (roles.ANALYST, roles.CHECKER),
    "campaigns.view": (roles.ANALYST, roles.CHECKER, roles.LEADER, roles.DISTRICT_OFFICER),
    "campaigns.names": (roles.ANALYST, roles.CHECKER, roles.DISTRICT_OFFICER),
    "campaigns.coverage": (*OFFICIALS, roles.CHECKER),
    "notices.inbox": SIGNED_IN,
    "notices.channels": ENTERPRISES,
    "notices.consent": (roles.ENTERPRISE_ADMIN,),
    "notices.stop": PUBLIC,
    "notices.recorded": (roles.SYSTEM_ADMIN,),
    "policies.drafts": (roles.LEADER, roles.ANALYST, *BUREAUS),
    "policies.draft": (roles.ANALYST, roles.REPORTER),
    "policies.publish": (roles.CHECKER,),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What rows a person may see. Nothing is the default.

    everything  the whole city
    districts, parks, units, enterprises  their codes
    """

    everything: bool = False
    districts: frozenset[str] = field(default_factory=frozenset)
    parks: frozenset[str] = field(default_factory=frozenset)
    units: frozenset[str] = field(default_factory=frozenset)
    enterprises: frozenset[str] = field(default_factory=frozenset)


NOTHING = Scope()
Found = TypeVar("Found")
_READ, _KEPT = "_memberships_of_this_request", "_read_for_this_request"
_ONLY, _TOKEN = "_actions_of_this_token", "_this_token"
_FIELD = {
    roles.DISTRICT: "districts",
    roles.PARK: "parks",
    roles.BUREAU: "units",
    roles.ENTERPRISE: "enterprises",
}
# Roles of a bureau that see the whole city's enterprises: those who analyse.
_WIDE = (roles.LEADER, roles.ANALYST)


def memberships(person: Person) -> list[Membership]:
    """Memberships in force today; none where the database does not answer."""
    if not person.is_authenticated or not person.is_active:
        return []
    read = getattr(person, _READ, None)
    return list(read) if read is not None else _memberships(person)


def read_once(person: Person) -> None:
    """Read the memberships of whom a request is from once: a page asks for them many times."""
    if person.is_authenticated:
        setattr(person, _READ, tuple(_memberships(person)))
        setattr(person, _KEPT, {})


def once(person: Person, what: str, read: Callable[[], Found]) -> Found:
    """What several parts of a page ask for, read once for the request; outside of one, anew."""
    kept = getattr(person, _KEPT, None)
    if kept is None:
        return read()
    if what not in kept:
        kept[what] = read()
    return cast(Found, kept[what])


def narrow(person: Person, actions: frozenset[str], *, token: str) -> None:
    """Let a person do no more than some actions for this request: those of their token."""
    setattr(person, _ONLY, actions)
    setattr(person, _TOKEN, token)


def token_of(person: Person) -> str:
    """How the token of this request begins; "" where somebody acts themselves."""
    return str(getattr(person, _TOKEN, ""))


def within(person: Person, action: str) -> bool:
    """Whether an action lies within the token of this request; always where there is none."""
    only = getattr(person, _ONLY, None)
    return only is None or action in only


def _memberships(person: User) -> list[Membership]:
    today = timezone.localdate()
    try:
        return list(
            Membership.objects.filter(user=person, starts__lte=today)
            .filter(Q(ends=None) | Q(ends__gte=today))
            .select_related("organisation", "delegated_by")
        )
    except DatabaseError:
        _log.exception("memberships of %s cannot be read: nothing is allowed", person)
        return []


def allows(person: Person, action: str) -> bool:
    """Whether a person may do an action; False for an action the table does not have."""
    wanted = ACTIONS.get(action)
    if wanted == PUBLIC:
        return True
    if wanted is None or not person.is_authenticated or not person.is_active:
        return False
    if not within(person, action):
        return False
    if wanted == SIGNED_IN:
        return True
    return rules.test_rule(action, person) if rules.rule_exists(action) else False


def check(person: Person, action: str) -> None:
    """Raises NotAllowed with the reason."""
    if allows(person, action):
        return
    wanted = ACTIONS.get(action)
    needed = [roles.ROLES[role] for role in wanted] if isinstance(wanted, tuple) else []
    raise NotAllowed(
        Text(
            zh=f"这项操作需要的角色：{'、'.join(one.zh for one in needed) or '无'}",
            en=f"This needs one of the roles: {', '.join(one.en for one in needed) or 'none'}.",
        )
    )


def check_whole_city(person: Person, action: str) -> None:
    """Raises NotAllowed unless the person does so for the whole city, not for a part of it."""
    check(person, action)
    if not scope(person, action).everything:
        raise NotAllowed(
            Text(
                zh="这项操作关系全市，由市级人员办理",
                en="This concerns the whole city: somebody of the city does it.",
            )
        )


def scope(person: Person, action: str) -> Scope:
    """The rows a person may see in an action: those of the memberships that allow it."""
    wanted = ACTIONS.get(action)
    if not isinstance(wanted, tuple) or not within(person, action):
        return NOTHING
    found: dict[str, set[str]] = {name: set() for name in _FIELD.values()}
    for one in memberships(person):
        if one.role not in wanted or one.role not in roles.ROLES:
            continue
        kind = one.organisation.kind
        if kind == roles.CITY or (kind == roles.BUREAU and one.role in _WIDE):
            return Scope(everything=True)
        if kind in _FIELD:
            found[_FIELD[kind]].add(one.organisation.code)
    return Scope(**{name: frozenset(codes) for name, codes in found.items()})


def _holds(role: str) -> rules.predicates.Predicate:
    @rules.predicate(name=role)
    def holds(person: Person) -> bool:
        return any(one.role == role for one in memberships(person))

    return holds


HOLDS = {role: _holds(role) for role in roles.ROLES}
for _action, _roles in ACTIONS.items():
    if isinstance(_roles, tuple):
        rules.add_rule(_action, reduce(or_, (HOLDS[role] for role in _roles)))
