"""Signing in, roles, delegation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cityforge.portal.accounts import actions, permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit.models import Event

from .conftest import PASSWORD


def sign_in(name: str, password: str, **more: str) -> tuple[Client, int, str]:
    client = Client()
    answer = client.post("/sign-in/", {"username": name, "password": password, **more})
    return client, answer.status_code, answer.get("Location", "")


def test_the_right_password_opens_and_leaves_word(person: Callable[[str], User]) -> None:
    person(roles.LEADER)
    client, status, to = sign_in(roles.LEADER, PASSWORD)
    assert (status, to) == (302, "/")
    assert client.get("/").status_code == 200
    assert Event.objects.filter(action="accounts.signed_in", about=roles.LEADER).exists()


def test_wrong_passwords_are_told_alike_and_lock(person: Callable[[str], User]) -> None:
    user = person(roles.LEADER)
    texts = {sign_in(name, "wrong")[1] for name in (roles.LEADER, "nobody")}
    assert texts == {401}
    for _ in range(5):
        sign_in(roles.LEADER, "wrong")
    assert sign_in(roles.LEADER, PASSWORD)[1] == 401
    assert Event.objects.filter(action="accounts.locked", about=roles.LEADER).count() == 1
    user.refresh_from_db()
    User.objects.filter(pk=user.pk).update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(roles.LEADER, PASSWORD)[1] == 302


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(person: Callable[[str], User], to: str) -> None:
    person(roles.LEADER)
    assert sign_in(roles.LEADER, PASSWORD, next=to)[2] == "/"


def test_another_host_name_is_refused(person: Callable[[str], User]) -> None:
    assert Client(headers={"host": "evil.example"}).get("/sign-in/").status_code == 400


def test_a_form_without_its_token_is_refused(person: Callable[[str], User]) -> None:
    person(roles.LEADER)
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": roles.LEADER, "password": PASSWORD})
    assert answer.status_code == 403


def test_roles_belong_and_the_three_are_apart(
    person: Callable[[str], User], organisations: dict[str, Organisation]
) -> None:
    security, leader = person(roles.SECURITY_ADMIN), person(roles.LEADER)
    city, district = organisations[roles.CITY], organisations[roles.DISTRICT]
    made = actions.grant(leader, district, roles.DISTRICT_OFFICER, by=security)
    assert made in permissions.memberships(leader)
    for user, where, role, by in (
        (leader, city, roles.DISTRICT_OFFICER, security),  # of another kind
        (security, city, roles.LEADER, security),  # to oneself
        (leader, city, roles.ANALYST, leader),  # without the right
    ):
        with pytest.raises(NotAllowed):
            actions.grant(user, where, role, by=by)
    auditor = person(roles.AUDITOR)
    with pytest.raises(NotAllowed, match="三员"):
        actions.grant(auditor, city, roles.SYSTEM_ADMIN, by=security)
    assert Event.objects.filter(action="accounts.granted", actor=security.username).count() == 1


def test_a_delegation_ends(person: Callable[[str], User]) -> None:
    analyst, clerk = person(roles.ANALYST), person(roles.CHECKER)
    own = Membership.objects.get(user=analyst)
    made = actions.delegate(own, clerk, by=analyst, ends=timezone.localdate())
    assert permissions.allows(clerk, "desk.view")
    Membership.objects.filter(pk=made.pk).update(
        starts=timezone.localdate() - timedelta(days=9),
        ends=timezone.localdate() - timedelta(days=1),
    )
    assert not permissions.allows(clerk, "desk.view")
    with pytest.raises(NotAllowed):
        actions.delegate(own, analyst, by=clerk, ends=timezone.localdate())
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=clerk, organisation=own.organisation, role=own.role, delegated_by=analyst
        )


def test_what_parts_of_a_page_ask_for_is_read_once_for_a_request(
    person: Callable[[str], User],
) -> None:
    leader, read = person(roles.LEADER), iter(range(10))

    def asked(what: str) -> int:
        return permissions.once(leader, what, lambda: next(read))

    assert [asked("a"), asked("a")] == [0, 1]  # outside of a request nothing is kept
    permissions.read_once(leader)
    assert [asked("a"), asked("a"), asked("b")] == [2, 2, 3]
    permissions.read_once(leader)  # the next request
    assert asked("a") == 4


def test_english_is_beside_chinese(signed_in: Callable[[str], Client]) -> None:
    client = signed_in(roles.SECURITY_ADMIN)
    assert "账号与机构" in client.get("/people/").text
    assert "People and organisations" in client.get("/people/?lang=en").text
    assert "People and organisations" in client.get("/people/").text  # remembered
