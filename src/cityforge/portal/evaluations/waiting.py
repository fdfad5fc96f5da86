"""Objections that wait for a ruling; an enterprise's data that wait to be checked by it."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.analytics import under_way
from cityforge.portal.shell.pending import Waiting

_RULE = Text(zh="评价异议待认定", en="Objections to be ruled on")
_SPEAK = Text(zh="请核对本企业的评价数据", en="Check the data of your evaluation")
_ANALYSTS = Text(zh="分析员", en="analysts")


def waiting(user: User) -> Iterator[Waiting]:
    rules = permissions.allows(user, "evaluations.conduct")
    leads = permissions.scope(user, "desk.view").everything
    speaks = permissions.allows(user, "evaluations.speak")
    if not (rules or leads or speaks):
        return
    for one in under_way.evaluations():
        if one.objections and (rules or leads):
            url = reverse("evaluations:proceeding", args=[one.scheme]) if rules else ""
            yield Waiting(
                _RULE, one.objections, url, is_mine=rules, who=_ANALYSTS, until=one.due_on
            )
        if one.may_object and speaks:
            yield Waiting(_SPEAK, 1, reverse("evaluations:mine"), until=one.due_on)
