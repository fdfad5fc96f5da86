"""Reading tokens: one's own, everybody's for the security admin, the one of a request."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.api import actions, scopes
from cityforge.portal.api.models import Token
from cityforge.portal.api.scopes import Scope

_USED = timedelta(minutes=1)  # how exactly the last use is kept


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as a page shows it."""

    pk: int
    name: str
    start: str
    owner: str
    uses: list[Text]
    made_at: datetime
    expires_on: date
    last_used_at: datetime | None
    light: str
    state: Text
    in_force: bool


def own(user: User) -> list[Shown]:
    return [_shown(one) for one in Token.objects.filter(user=user).select_related("user")]


def everybody() -> QuerySet[Token]:
    """All tokens, those not revoked first, the newest first."""
    order = (F("revoked_at").asc(nulls_first=True), "-made_at", "-pk")
    return Token.objects.select_related("user").order_by(*order)


def shown(found: list[Token]) -> list[Shown]:
    return [_shown(one) for one in found]


def one(pk: int) -> Token | None:
    return Token.objects.select_related("user").filter(pk=pk).first()


def useful(user: User) -> list[tuple[str, Scope]]:
    """The uses that add anything, one after the other, to what roles of this person give."""
    found, told = [], {name for name, who in permissions.ACTIONS.items() if isinstance(who, str)}
    for name, scope in scopes.SCOPES.items():
        if any(permissions.allows(user, action) for action in scope.actions - told):
            found.append((name, scope))
        told |= scope.actions
    return found


def in_force(secret: str) -> Token | None:
    """The token of a secret; None where it is unknown, over, revoked, or its owner is off."""
    if not secret.startswith(actions.PREFIX):
        return None
    found = Token.objects.select_related("user").filter(
        digest=actions.digest(secret),
        revoked_at=None,
        expires_on__gte=timezone.localdate(),
        user__is_active=True,
    )
    return found.first()


def used(token: Token) -> None:
    """Keep when it was used last, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _USED:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _shown(token: Token) -> Shown:
    light, state = "green", Text(zh="有效", en="In force")
    if token.revoked_at is not None:
        light, state = "grey", Text(zh="已撤销", en="Revoked")
    elif token.expires_on < timezone.localdate():
        light, state = "grey", Text(zh="已到期", en="Over")
    elif not token.user.is_active:
        light, state = "grey", Text(zh="账号已停用", en="The account is off")
    return Shown(
        token.pk,
        token.name,
        token.start,
        token.user.username,
        [scopes.SCOPES[name].title for name in token.scopes if name in scopes.SCOPES],
        token.made_at,
        token.expires_on,
        token.last_used_at,
        light,
        state,
        light == "green",
    )
