"""Passwords, one-time codes, sessions: one transaction, one check, one event each."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from cityforge.brain.errors import Text
from cityforge.portal.accounts import actions, codes, permissions
from cityforge.portal.accounts.models import Sitting, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit import actions as audit

_WEAK = {
    "password_too_short": Text(zh="密码至少 12 个字符", en="A password has 12 characters or more."),
    "password_too_common": Text(zh="这个密码太常见", en="This password is too common."),
    "password_too_similar": Text(
        zh="密码与用户名或姓名太像", en="The password is too much like the user name or name."
    ),
}


@transaction.atomic
def signed_in(
    user: User,
    *,
    way: str,
    session_key: str = "",
    agent: str = "",
    address: str | None = None,
    issuer: str = "",
) -> None:
    """Leave word that somebody signed in, where, and by which provider if by one."""
    if session_key:
        Sitting.objects.update_or_create(
            session_key=session_key,
            defaults={"user": user, "agent": agent[:200], "address": address},
        )
    by = {"issuer": issuer} if issuer else {}
    _record("accounts.signed_in", user, by=user, way=way, **by)


@transaction.atomic
def signed_out(user: User, *, session_key: str) -> None:
    """Leave word that somebody signed out."""
    user.sittings.filter(session_key=session_key).delete()
    _record("accounts.signed_out", user, by=user)


def moved(user: User, *, before: str, after: str) -> None:
    """A session got another key: it is the same sitting."""
    user.sittings.filter(session_key=before).update(session_key=after)


def check_password(user: User, old: str, new: str, again: str) -> list[Text]:
    """Why a new password will not do; nothing where it will."""
    wrong = []
    if not user.check_password(old):
        wrong.append(Text(zh="现在的密码不对", en="The present password is wrong."))
    if new != again:
        wrong.append(Text(zh="两次输入的新密码不同", en="The new passwords differ."))
    if new == old:
        wrong.append(Text(zh="新密码须与现在的不同", en="The new password must be another one."))
    try:
        validate_password(new, user)
    except ValidationError as error:
        wrong += [
            _WEAK.get(one.code or "", Text(zh="密码太弱", en="Too weak."))
            for one in error.error_list
        ]
    return wrong


@transaction.atomic
def change_password(user: User, new: str, *, session_key: str) -> None:
    """Set one's own password; every other session of the person ends."""
    user.set_password(new)
    user.must_change = False
    user.save(update_fields=["password", "must_change"])
    ended = actions.close_sittings(user, keep=frozenset({session_key}))
    _record("accounts.password_changed", user, by=user, sessions_ended=ended)


@transaction.atomic
def give_password(user: User, *, by: User) -> str:
    """A password to be used once, told once; all sessions end. Raises NotAllowed."""
    permissions.check(by, "accounts.manage")
    if user == by:
        raise NotAllowed(
            Text(zh="自己的密码请在“我的账号”修改", en="Change your own on your own page.")
        )
    password = codes.once()
    user.set_password(password)
    user.must_change, user.tries, user.locked_until = True, 0, None
    user.save(update_fields=["password", "must_change", "tries", "locked_until"])
    actions.close_sittings(user)
    _record("accounts.password_given", user, by=by)
    return password


@transaction.atomic
def ask_for_codes(user: User, secret: str, code: str) -> bool:
    """Ask for a one-time code at each sign-in from now on; False where the code does not fit."""
    step = codes.step_of(secret, code, after=0)
    if step is None:
        return False
    user.secret, user.step = secret, step
    user.save(update_fields=["secret", "step"])
    _record("accounts.codes_on", user, by=user)
    return True


@transaction.atomic
def ask_no_codes(user: User, *, by: User) -> None:
    """Ask for no code any more: one's own, or as the security admin. Raises NotAllowed."""
    if user != by:
        permissions.check(by, "accounts.manage")
    user.secret, user.step = "", 0
    user.save(update_fields=["secret", "step"])
    _record("accounts.codes_off", user, by=by)


def accept_code(user: User, code: str) -> bool:
    """Whether a code fits; it is used up then. Two requests with one code: one of them passes."""
    step = codes.step_of(user.secret, code, after=user.step)
    if step is None:
        return False
    return bool(User.objects.filter(pk=user.pk, step__lt=step).update(step=step))


@transaction.atomic
def end_sitting(user: User, pk: int) -> bool:
    """End one of one's own sessions; False where there is none such."""
    found = user.sittings.filter(pk=pk).first()
    if found is None:
        return False
    others = user.sittings.exclude(pk=pk).values_list("session_key", flat=True)
    actions.close_sittings(user, keep=frozenset(others))
    _record("accounts.session_ended", user, by=user)
    return True


@transaction.atomic
def end_other_sittings(user: User, *, session_key: str) -> int:
    """End all of one's sessions but this one: how many."""
    ended = actions.close_sittings(user, keep=frozenset({session_key}))
    _record("accounts.sessions_ended", user, by=user, sessions_ended=ended)
    return ended


def _record(name: str, user: User, *, by: User, **detail: object) -> None:
    audit.record(name, **actions.said_by(by), kind="user", about=user.username, **detail)
