"""Changes to people and organisations: one transaction, one check, one event each."""

from datetime import date

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import organisations
from cityforge.portal.audit import actions as audit


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
    if ends is not None and ends < timezone.localdate():
        raise NotAllowed(Text(zh="截止日期已经过去", en="The last day is past already."))
    of_user = permissions.memberships(user)
    if any(one.role == role and one.organisation_id == organisation.pk for one in of_user):
        raise NotAllowed(Text(zh="已有这个角色", en="They hold this role already."))
    held = {one.role for one in of_user}
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
    if to == by or not to.is_active:
        raise NotAllowed(Text(zh="没有可以受托的人", en="There is nobody to delegate to."))
    if ends < timezone.localdate() or (membership.ends and ends > membership.ends):
        raise NotAllowed(
            Text(
                zh="截止日期须在今天以后、自己角色的有效期以内",
                en="The last day is from today on, and within one's own term.",
            )
        )
    theirs = permissions.memberships(to)
    here = membership.organisation
    if here.kind == roles.ENTERPRISE and all(one.organisation_id != here.pk for one in theirs):
        raise NotAllowed(
            Text(
                zh="企业的角色只能委托给本企业的人",
                en="An enterprise's role is delegated within the enterprise.",
            )
        )
    if any(one.role == membership.role and one.organisation_id == here.pk for one in theirs):
        raise NotAllowed(Text(zh="已有这个角色", en="They hold this role already."))
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


@transaction.atomic
def end(membership: Membership, *, by: User) -> None:
    """End a role at once, with what was delegated from it; what it was stands in the trail.

    The security admin ends any but the last of their own kind; everybody what they delegated.
    """
    if membership.delegated_by_id != by.pk:
        permissions.check(by, "accounts.manage")
        _keep_one_admin(membership.user, membership)
    rest = Membership.objects.filter(
        delegated_by=membership.user,
        organisation=membership.organisation,
        role=membership.role,
    )
    audit.record(
        "accounts.ended",
        **said_by(by),
        kind="user",
        about=membership.user.username,
        role=membership.role,
        to=membership.organisation.code,
        delegated_to=sorted(rest.values_list("user__username", flat=True)),
    )
    rest.delete()
    membership.delete()


@transaction.atomic
def make_user(username: str, name: str, password: str, *, by: User | None, email: str = "") -> User:
    """A person with a password to be used once; `by` None: the installer. Raises NotAllowed."""
    if by is not None:
        permissions.check(by, "accounts.manage")
    try:
        validate_unicode_slug(username.replace(".", ""))
    except ValidationError as error:
        raise NotAllowed(
            Text(
                zh="用户名只能用字母、数字、点、横线和下划线",
                en="A user name is of letters, digits, dots, dashes and underscores.",
            )
        ) from error
    if User.objects.filter(username__iexact=username).exists():
        raise NotAllowed(Text(zh="用户名已被使用", en="The user name is taken."))
    made = User.objects.create_user(
        username, password, name=name.strip(), email=email, must_change=True
    )
    audit.record("accounts.made", **said_by(by), kind="user", about=username, name=made.name)
    return made


@transaction.atomic
def switch(user: User, *, on: bool, by: User) -> None:
    """Switch an account off, with all its sessions, or on again. Raises NotAllowed."""
    permissions.check(by, "accounts.manage")
    if user == by:
        raise NotAllowed(Text(zh="不能停用自己的账号", en="Nobody switches themselves off."))
    if not on:
        for one in permissions.memberships(user):
            _keep_one_admin(user, one)
        # What they handed on falls with them.
        Membership.objects.filter(delegated_by=user).delete()
        close_sittings(user)
    user.is_active = on
    user.save(update_fields=["is_active"])
    name = "accounts.switched_on" if on else "accounts.switched_off"
    audit.record(name, **said_by(by), kind="user", about=user.username)


@transaction.atomic
def unlock(user: User, *, by: User) -> None:
    """Let an account that rests after wrong passwords sign in again. Raises NotAllowed."""
    permissions.check(by, "accounts.manage")
    user.tries, user.locked_until = 0, None
    user.save(update_fields=["tries", "locked_until"])
    audit.record("accounts.unlocked", **said_by(by), kind="user", about=user.username)


@transaction.atomic
def take_in_organisations(*, by: User | None) -> int:
    """The city, its districts, parks and bureaus as the city folder has them: how many are new.

    Who is gone from the folder stays: people may still belong there.
    """
    if by is not None:
        permissions.check(by, "accounts.manage")
    known = {(one.kind, one.code): one for one in Organisation.objects.all()}
    made, changed, city = 0, 0, None
    for kind, code, title in organisations.organisations():
        one = known.get((kind, code)) or Organisation(kind=kind, code=code, parent=city)
        is_new, is_other = one.pk is None, (one.title, one.title_en) != (title.zh, title.en)
        if is_new or is_other:
            one.title, one.title_en = title.zh, title.en
            one.save()
        city = city or one  # the city comes first
        made, changed = made + is_new, changed + (is_other and not is_new)
    if made or changed:
        said = said_by(by)
        audit.record("accounts.organisations", **said, kind="city", new=made, changed=changed)
    return made


@transaction.atomic
def enterprise(code: str, *, by: User) -> Organisation:
    """The organisation of an enterprise of the newest run, by credit code. Raises NotAllowed."""
    permissions.check(by, "accounts.manage")
    found = Organisation.objects.filter(kind=roles.ENTERPRISE, code=code).first()
    if found is not None:
        return found
    title = organisations.enterprise_named(code)
    if title is None:
        raise NotAllowed(
            Text(zh=f"没有企业的信用代码是 {code}", en=f"No enterprise has the code {code}.")
        )
    city = Organisation.objects.filter(kind=roles.CITY).first()
    return Organisation.objects.create(kind=roles.ENTERPRISE, code=code, title=title, parent=city)


def close_sittings(user: User, *, keep: frozenset[str] = frozenset()) -> int:
    """End the sessions of a person, but some: how many. Inside the transaction of an action."""
    keys = list(user.sittings.exclude(session_key__in=keep).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return user.sittings.filter(session_key__in=keys).delete()[0]


def _keep_one_admin(user: User, membership: Membership) -> None:
    """Somebody must be left who can grant roles."""
    if membership.role != roles.SECURITY_ADMIN:
        return
    today = timezone.localdate()
    others = Membership.objects.filter(
        Q(ends=None) | Q(ends__gte=today),
        role=roles.SECURITY_ADMIN,
        starts__lte=today,
        user__is_active=True,
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise NotAllowed(
            Text(
                zh="这是最后一位安全管理员，须先另设一位",
                en="This is the last security admin: appoint another one first.",
            )
        )


def said_by(user: User | None) -> dict[str, str]:
    """Who acts, as the trail keeps it."""
    if user is None:
        return {"actor": "", "actor_name": ""}
    first = next(iter(permissions.memberships(user)), None)
    token = permissions.token_of(user)
    return {
        "actor": user.username,
        "actor_name": user.shown,
        "organisation": first.organisation.title if first else "",
        **({"token": token} if token else {}),
    }
