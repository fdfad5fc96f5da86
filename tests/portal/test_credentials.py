"""Passwords, one-time codes, sessions."""

import time
from collections.abc import Callable

import pyotp
import pytest
from django.test import Client

from cityforge.portal.accounts import codes, credentials, roles
from cityforge.portal.accounts.models import Sitting, User
from cityforge.portal.audit.models import Event

from .conftest import PASSWORD

# The vectors of RFC 6238, appendix B (SHA-1), cut to six digits: time -> code.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = {59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"}
NEW = "lamp river nine 纸飞机"
Person = Callable[[str], User]


def entered(name: str = roles.LEADER, agent: str = "") -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/sign-in/", {"username": name, "password": PASSWORD})
    return client


def code_now(secret: str, after: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(max(int(time.time()) // 30, after + 1))


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    step = at // 30
    assert codes.step_of(SECRET, code, after=0, now=at) == step
    assert codes.step_of(SECRET, code, after=0, now=at + 30) == step  # a clock that is slow
    assert codes.step_of(SECRET, code, after=0, now=at + 90) is None
    assert codes.step_of(SECRET, code, after=step, now=at) is None  # used before
    for wrong in ("000000", "", "２８７０８２", code[:5]):
        assert codes.step_of(SECRET, wrong, after=0, now=at) is None


def test_a_password_to_be_used_once_is_long_and_readable() -> None:
    made = {codes.once() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(one) == 19 and not set(one) & set("01ilo") for one in made)


def test_a_code_is_asked_after_the_password_and_counts_once(person: Person) -> None:
    user = person(roles.LEADER)
    client = entered()
    assert "data:image/svg+xml" in client.get("/me/codes/").text
    secret = client.session["new_secret"]
    assert client.post("/me/codes/", {"code": "000000"}).status_code == 422
    user.refresh_from_db()
    assert user.secret == ""
    assert client.post("/me/codes/", {"code": code_now(secret)}).status_code == 302
    user.refresh_from_db()
    assert user.secret == secret and secret not in str(list(Event.objects.values()))

    half = Client()
    form = {"username": roles.LEADER, "password": PASSWORD, "next": "/me/"}
    answer = half.post("/sign-in/", form)
    assert answer.status_code == 200 and 'name="code"' in answer.text
    assert half.get("/me/").status_code == 302  # not in yet
    used = pyotp.TOTP(secret).generate_otp(user.step)
    assert half.post("/sign-in/", {"code": used}).status_code == 401  # used when turned on
    fresh = code_now(secret, after=user.step)
    assert half.post("/sign-in/", {"code": fresh, "next": "/me/"})["Location"] == "/me/"
    assert half.get("/me/").status_code == 200
    assert Event.objects.filter(detail__way="password and code").count() == 1
    assert not credentials.accept_code(user, fresh)


def test_a_code_without_the_password_opens_nothing(person: Person) -> None:
    user = person(roles.LEADER)
    User.objects.filter(pk=user.pk).update(secret=SECRET)
    client = Client()
    assert client.post("/sign-in/", {"code": code_now(SECRET)}).status_code == 401
    assert client.get("/me/").status_code == 302
    user.refresh_from_db()
    assert user.tries == 0 and user.step == 0


def test_wrong_codes_lock_like_wrong_passwords(person: Person) -> None:
    user = person(roles.LEADER)
    User.objects.filter(pk=user.pk).update(secret=SECRET)
    client = entered()
    for _ in range(5):
        assert client.post("/sign-in/", {"code": "000000"}).status_code == 401
    assert client.post("/sign-in/", {"code": code_now(SECRET)}).status_code == 401
    assert client.get("/me/").status_code == 302
    assert Event.objects.filter(action="accounts.locked").count() == 1


def test_the_right_password_does_not_reset_the_count_of_wrong_codes(person: Person) -> None:
    user = person(roles.LEADER)
    User.objects.filter(pk=user.pk).update(secret=SECRET)
    for _ in range(5):
        entered().post("/sign-in/", {"code": "000000"})
    user.refresh_from_db()
    assert user.locked_until is not None


def test_codes_are_turned_off_by_the_password_or_the_security_admin(
    person: Person, signed_in: Callable[[str], Client]
) -> None:
    user, client = person(roles.LEADER), entered()
    User.objects.filter(pk=user.pk).update(secret=SECRET)
    assert client.post("/me/codes/off/", {"password": "wrong"}).status_code == 422
    assert client.post("/me/codes/off/", {"password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.secret == ""
    User.objects.filter(pk=user.pk).update(secret=SECRET)
    signed_in(roles.SECURITY_ADMIN).post(f"/people/{user.pk}/codes/off/")
    user.refresh_from_db()
    assert user.secret == ""
    assert Event.objects.filter(action="accounts.codes_off").count() == 2


def test_sessions_are_listed_and_ended(person: Person) -> None:
    person(roles.LEADER), person(roles.ANALYST)
    here = entered(agent="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36")
    there, third = entered(), entered()
    other = entered(roles.ANALYST)
    assert "Chrome · Windows" in here.get("/me/").text
    mine = Sitting.objects.get(session_key=there.session.session_key)
    assert other.post(f"/me/sessions/{mine.pk}/end/").status_code == 404
    assert there.get("/me/").status_code == 200
    here.post(f"/me/sessions/{mine.pk}/end/")
    assert there.get("/me/").status_code == 302 and third.get("/me/").status_code == 200
    here.post("/me/sessions/end/")
    assert third.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200 and other.get("/me/").status_code == 200


def test_another_password_ends_the_other_sessions(person: Person) -> None:
    person(roles.LEADER)
    here, there = entered(), entered()
    form = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert here.post("/me/password/", form).status_code == 302
    assert here.get("/me/").status_code == 200 and there.get("/me/").status_code == 302
    assert "本会话" in here.get("/me/").text


def test_a_password_given_by_the_admin_ends_all_sessions(
    person: Person, signed_in: Callable[[str], Client]
) -> None:
    user, client = person(roles.LEADER), entered()
    answer = signed_in(roles.SECURITY_ADMIN).post(f"/people/{user.pk}/password/")
    once = answer.text.split('<code class="key">')[1].split("</code>")[0]
    assert client.get("/me/").status_code == 302
    again = Client()
    again.post("/sign-in/", {"username": roles.LEADER, "password": once})
    assert again.get("/me/")["Location"] == "/me/password/"


def test_signing_out_leaves_no_sitting(person: Person) -> None:
    person(roles.LEADER)
    client = entered()
    client.post("/sign-out/")
    assert Sitting.objects.count() == 0
    assert Event.objects.filter(action="accounts.signed_out").exists()
