"""Changes to people and organisations: one transaction, one check, one event each."""

from datetime import date

from django.db import transaction

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit import actions as audit


@transaction.atomic
def signed_in(user: User, *, way: str) -> None:
    """Leave word that somebody signed in."""
    audit.record("accounts.signed_in", **said_by(user), kind="user", about=user.username, way=way)


@transaction.atomic
def grant(
    user: User,
    organisation: Organisation,
    role: str,
    *,
    by: User | None,
    ends: date | None = None,
) -> Membership:
    """Give a person a role; `by` None: the installer. Raises NotAllowed."""
    if by is not None:
        permissions.check(by, "accounts.manage")
        if by == user:
            raise NotAllowed(Text(zh="不能给自己授权", en="Nobody grants a role to themselves."))
    if organisation.kind not in roles.BELONGS[role]:
        raise NotAllowed(
            Text(
                zh=f"{roles.ROLES[role].zh}不属于{roles.KINDS[organisation.kind].zh}",
                en=f"A {roles.ROLES[role].en} does not belong to a "
                f"{roles.KINDS[organisation.kind].en}.",
            )
        )
    held = {one.role for one in permissions.memberships(user)}
    if role in roles.APART and held & (set(roles.APART) - {role}):
        raise NotAllowed(
            Text(
                zh="系统管理员、安全管理员、审计员三员分设，一人不能兼任",
                en="System admin, security admin and auditor are apart: nobody holds two.",
            )
        )
    made = Membership.objects.create(user=user, organisation=organisation, role=role, ends=ends)
    audit.record(
        "accounts.granted",
        **said_by(by),
        kind="user",
        about=user.username,
        role=role,
        to=organisation.code,
        ends=ends.isoformat() if ends else None,
    )
    return made


@transaction.atomic
def delegate(membership: Membership, to: User, *, by: User, ends: date) -> Membership:
    """Let somebody act in one's place until a day. Raises NotAllowed."""
    if membership.user != by or membership not in permissions.memberships(by):
        raise NotAllowed(Text(zh="只能委托自己现有的角色", en="Only one's own role is delegated."))
    if membership.delegated_by is not None or membership.role in roles.APART:
        raise NotAllowed(Text(zh="这个角色不能再委托", en="This role is not delegated further."))
    made = Membership.objects.create(
        user=to,
        organisation=membership.organisation,
        role=membership.role,
        ends=ends,
        delegated_by=by,
    )
    audit.record(
        "accounts.delegated",
        **said_by(by),
        kind="user",
        about=to.username,
        role=membership.role,
        to=membership.organisation.code,
        ends=ends.isoformat(),
    )
    return made


def said_by(user: User | None) -> dict[str, str]:
    """Who acts, as the trail keeps it."""
    if user is None:
        return {"actor": "", "actor_name": ""}
    first = next(iter(permissions.memberships(user)), None)
    return {
        "actor": user.username,
        "actor_name": user.shown,
        "organisation": first.organisation.title if first else "",
    }
