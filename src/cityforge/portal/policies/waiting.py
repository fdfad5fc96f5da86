"""Calls for applications that close soon; drafts of policies to be published, or sent back."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.policies import catalogue
from cityforge.portal.policies import drafts, states
from cityforge.portal.shell.pending import Waiting

DAYS = 14
_PUBLISH = Text(zh="政策稿件待发布", en="Policies to be published")
_NOBODY = Text(
    zh="政策稿件待发布，但该部门没有可以发布的审核员",
    en="Policies to be published by bureaus without a checker who may",
)
_CHECKERS = Text(zh="各部门审核员", en="the bureaus' checkers")


def waiting(user: User) -> Iterator[Waiting]:
    yield from _closing(user)
    yield from _drafts(user)


def _drafts(user: User) -> Iterator[Waiting]:
    """What a checker has to publish, and what came back to those who wrote it; to who looks after
    all bureaus what others publish; to the security admin what nobody can."""
    place = reverse("policies:drafts")
    submitted = drafts.waiting(user).count()
    if submitted:
        yield Waiting(_PUBLISH, submitted, place)
    elif permissions.scope(user, "policies.drafts").everything:
        others = drafts.of_user(user).filter(state=states.SUBMITTED).count()
        if others:
            yield Waiting(_PUBLISH, others, place, is_mine=False, who=_CHECKERS)
    if permissions.allows(user, "accounts.manage"):
        stuck = drafts.without_publisher()
        if stuck:
            yield Waiting(_NOBODY, stuck, reverse("accounts:people"), light="red")
    returned = drafts.of_user(user).filter(state=states.RETURNED, submitted_by=user).count()
    if returned:
        yield Waiting(Text(zh="政策稿件被退回", en="Drafts sent back"), returned, place)


def _closing(user: User) -> Iterator[Waiting]:
    """For enterprises, which apply, and for officials, whose calls they are."""
    applies = permissions.allows(user, "policies.check_up")
    known = catalogue.catalogue()
    if known is None or not (applies or permissions.allows(user, "policies.coverage")):
        return
    today = contracts.today()
    closing = [one.closes for one in known.windows
               if one.opens <= today <= one.closes <= today + timedelta(days=DAYS)]  # fmt: skip
    if closing:
        yield Waiting(
            Text(
                zh=f"政策申报窗口 {DAYS} 天内截止",
                en=f"Calls for applications close within {DAYS} days",
            ),
            len(closing),
            reverse("policies:calendar"),
            is_mine=applies,
            who=Text(zh="符合条件的企业", en="enterprises that qualify"),
            until=min(closing),
        )
