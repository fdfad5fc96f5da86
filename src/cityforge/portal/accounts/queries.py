"""Reading people and organisations."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from cityforge.brain.errors import Text
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Membership, User


@dataclass(frozen=True, slots=True)
class Role:
    """A membership as it is shown."""

    title: Text
    organisation: str
    ends: str


def people() -> QuerySet[User]:
    """Everybody with their memberships."""
    held = Membership.objects.select_related("organisation").order_by("role")
    return User.objects.order_by("username").prefetch_related(Prefetch("memberships", held))


def shown(memberships: list[Membership]) -> list[Role]:
    return [
        Role(
            roles.ROLES.get(one.role, Text(zh=one.role, en=one.role)),
            one.organisation.title,
            one.ends.isoformat() if one.ends else "",
        )
        for one in memberships
    ]
