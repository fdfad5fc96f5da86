"""Reading people and organisations."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Identity, Membership, Organisation, User

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Role:
    """A membership as it is shown; `came_from`: whose place it is held in."""

    pk: int
    title: Text
    organisation: str
    ends: str
    came_from: str
    is_over: bool
    may_hand_on: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the security admin sees them."""

    pk: int
    username: str
    name: str
    email: str
    joined: datetime
    last_login: datetime | None
    is_active: bool
    rests_until: datetime | None
    must_change: bool
    has_codes: bool
    light: str
    state: Text
    roles: list[Role]


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who acts in one's place, as what, until when."""

    pk: int
    to: str
    title: Text
    organisation: str
    ends: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A session as its owner sees it."""

    pk: int
    began: datetime
    agent: str
    address: str
    is_this: bool


def people(*, q: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Everybody with their memberships; narrowed by name, role held today, state."""
    held = Membership.objects.select_related("organisation", "delegated_by").order_by("role", "pk")
    found = User.objects.order_by("username").prefetch_related(Prefetch("memberships", held))
    if q:
        found = found.filter(Q(username__icontains=q) | Q(name__icontains=q))
    if role in roles.ROLES:
        today = timezone.localdate()
        term = Membership.objects.filter(Q(ends=None) | Q(ends__gte=today), starts__lte=today)
        found = found.filter(pk__in=term.filter(role=role).values("user"))
    if state in ("on", "off"):
        found = found.filter(is_active=state == "on")
    if state == "rests":
        found = found.filter(locked_until__gt=timezone.now())
    if state == "none":
        found = found.filter(memberships=None)
    return found


def person(user: User) -> Person:
    """One person with their roles."""
    return row(people().get(pk=user.pk))


def row(user: User) -> Person:
    """A person read by `people`."""
    rests = user.locked_until
    resting = rests is not None and rests > timezone.now()
    light, state = "green", Text(zh="启用", en="On")
    if not user.is_active:
        light, state = "grey", Text(zh="停用", en="Off")
    elif resting:
        light, state = "amber", Text(zh="暂停登录", en="Resting")
    elif user.must_change:
        light, state = "amber", Text(zh="待改初始密码", en="First password")
    return Person(
        pk=user.pk,
        username=user.username,
        name=user.name,
        email=user.email,
        joined=user.joined,
        last_login=user.last_login,
        is_active=user.is_active,
        rests_until=rests if resting else None,
        must_change=user.must_change,
        has_codes=bool(user.secret),
        light=light,
        state=state,
        roles=shown(list(user.memberships.all())),
    )


def shown(memberships: list[Membership]) -> list[Role]:
    today = timezone.localdate()
    return [
        Role(
            pk=one.pk,
            title=roles.ROLES.get(one.role, Text(zh=one.role, en=one.role)),
            organisation=one.organisation.title,
            ends=one.ends.isoformat() if one.ends else "",
            came_from=one.delegated_by.shown if one.delegated_by else "",
            is_over=one.ends is not None and one.ends < today,
            may_hand_on=one.delegated_by_id is None and one.role not in roles.APART,
        )
        for one in memberships
    ]


def delegations(user: User) -> list[Delegation]:
    """What a person handed on, as long as it lasts."""
    found = Membership.objects.filter(delegated_by=user, ends__gte=timezone.localdate())
    return [
        Delegation(
            pk=one.pk,
            to=one.user.shown,
            title=roles.ROLES[one.role],
            organisation=one.organisation.title,
            ends=one.ends.isoformat() if one.ends else "",
        )
        for one in found.select_related("user", "organisation").order_by("ends", "pk")
    ]


def delegation(user: User, pk: int) -> Membership | None:
    found = Membership.objects.filter(pk=pk, delegated_by=user)
    return found.select_related("organisation", "user").first()


def own_membership(user: User, pk: int) -> Membership | None:
    return next((one for one in permissions.memberships(user) if one.pk == pk), None)


def active_person(username: str) -> User | None:
    return User.objects.filter(username=username.strip(), is_active=True).first()


def sittings(user: User, session_key: str) -> list[Seat]:
    """The sessions of a person that are still open, the newest first."""
    found = list(user.sittings.all())
    live = set(
        Session.objects.filter(
            session_key__in=[one.session_key for one in found], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [
        Seat(
            one.pk, one.began, _device(one.agent), one.address or "", one.session_key == session_key
        )
        for one in found
        if one.session_key in live
    ]


def waiting() -> QuerySet[Identity]:
    """Who tried to sign on by a provider and is linked to no account, the newest first."""
    return Identity.objects.filter(user=None)


def identities(user: User) -> list[Identity]:
    """By whom a person may be signed on."""
    return list(user.identities.all())


def accounts_named(q: str) -> list[Person]:
    """Accounts that are on, by a part of a name; nobody where nothing is asked."""
    return [row(user) for user in people(q=q, state="on")[:_NAMED]] if q else []


def role_choices() -> list[tuple[str, Text]]:
    return list(roles.ROLES.items())


def organisation_choices() -> list[tuple[Text, list[Organisation]]]:
    """Kinds with their organisations; enterprises are too many, and told by their code."""
    found = list(Organisation.objects.exclude(kind=roles.ENTERPRISE).order_by("pk"))
    groups = [
        (title, [one for one in found if one.kind == kind]) for kind, title in roles.KINDS.items()
    ]
    return [(title, group) for title, group in groups if group]


# What a browser says it is -> what people call it; the first that fits.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def _device(agent: str) -> str:
    """A browser and a system in two words; what was said where neither is known."""
    known = [
        next((title for mark, title in table if mark in agent), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(one for one in known if one) or agent[:40]
