"""Accounts that wait for the security admin."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions, queries
from cityforge.portal.accounts.models import User
from cityforge.portal.shell.pending import Waiting

_KINDS = (
    ("none", Text(zh="账号还没有角色", en="Accounts without a role"), "amber"),
    ("rests", Text(zh="输错密码、暂停登录的账号", en="Accounts resting after misses"), "red"),
)
_UNLINKED = Text(zh="登录身份待关联", en="Identities to be linked")


def waiting(user: User) -> Iterator[Waiting]:
    if not permissions.allows(user, "accounts.manage"):
        return
    for state, title, light in _KINDS:
        count = queries.people(state=state).count()
        if count:
            url = f"{reverse('accounts:people')}?state={state}"
            yield Waiting(title, count, url, light=light)
    unlinked = queries.waiting().count()
    if unlinked:
        yield Waiting(_UNLINKED, unlinked, reverse("accounts:people"))
