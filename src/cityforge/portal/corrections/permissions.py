"""Who may put a fact right, see it, rule on it; each refusal with the reason."""

from django.db.models import Q

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow, Person
from cityforge.portal.corrections import states
from cityforge.portal.corrections.models import Correction


def visible(person: Person) -> Q:
    """One's own enterprise's, those that one's bureau rules on, or all for the city's analysts."""
    scope = permissions.scope(person, "corrections.view")
    if scope.everything:
        return Q()
    return Q(organisation__code__in=scope.enterprises) | Q(owner__in=scope.units)


def check_speaks_for(user: User, uscc: str) -> None:
    permissions.check(user, "corrections.ask")
    if uscc not in permissions.scope(user, "corrections.ask").enterprises:
        raise NotAllowed(Text(zh="只能代表本企业", en="Only for one's own enterprise."))


def check_can_withdraw(user: User, one: Correction) -> None:
    check_speaks_for(user, one.organisation.code)
    check_follows(one, states.WITHDRAWN)


def check_can_rule(user: User, one: Correction) -> None:
    permissions.check(user, "corrections.rule")
    if one.owner not in permissions.scope(user, "corrections.rule").units:
        raise NotAllowed(Text(zh="这项数据由别的部门核实", en="Another bureau verifies this fact."))
    if user.pk == one.by_id:
        raise NotAllowed(Text(zh="不能核实自己提交的更正", en="Nobody rules on their own."))
    check_follows(one, states.ACCEPTED)


def check_follows(one: Correction, state: str) -> None:
    if state not in states.FOLLOWS[one.state]:
        now = states.STATES[one.state]
        raise NotNow(Text(zh=f"现在的状态是“{now.zh}”，不能这样做", en=f"It is {now.en}: not now."))
