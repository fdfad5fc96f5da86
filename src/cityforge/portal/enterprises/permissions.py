"""Which enterprises a person may see, and how much of one."""

from django.db.models import Q

from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.permissions import Person, Scope
from cityforge.portal.enterprises.models import Enterprise

PUBLIC, INTERNAL, CONFIDENTIAL, SECRET = "public", "internal", "confidential", "secret"
# The action that opens a level; officials and the enterprise itself see what is internal.
_LEVELS = ((SECRET, "facts.secret"), (CONFIDENTIAL, "facts.confidential"))


def visible(scope: Scope) -> Q:
    """The rows of the list that lie in a scope; none where it is empty."""
    if scope.everything:
        return Q()
    return Q(district__in=scope.districts) | Q(park__in=scope.parks) | Q(uscc__in=scope.enterprises)


def covers(scope: Scope, enterprise: Enterprise) -> bool:
    return (
        scope.everything
        or (enterprise.district != "" and enterprise.district in scope.districts)
        or (enterprise.park != "" and enterprise.park in scope.parks)
        or enterprise.uscc in scope.enterprises
    )


def level(person: Person, enterprise: Enterprise) -> str:
    """How sensitive a fact of this enterprise a person may read."""
    for name, action in _LEVELS:
        if covers(permissions.scope(person, action), enterprise):
            return name
    seen = covers(permissions.scope(person, "dossier.view"), enterprise)
    return INTERNAL if seen else PUBLIC


def list_level(person: Person) -> str:
    """The level of whole lists: what a person may read of every enterprise they see there."""
    scope = permissions.scope(person, "enterprises.view")
    if scope == permissions.NOTHING:
        return PUBLIC
    for name, action in _LEVELS:
        wider = permissions.scope(person, action)
        if wider.everything or (
            not scope.everything
            and scope.districts <= wider.districts
            and scope.parks <= wider.parks
        ):
            return name
    return INTERNAL


def is_official(person: Person) -> bool:
    """Whether a person acts for an authority: names of other enterprises are for these alone."""
    return permissions.allows(person, "enterprises.view")
