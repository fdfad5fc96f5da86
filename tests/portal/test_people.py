"""Accounts made, switched off, unlocked; roles granted and ended; each with its event."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cityforge.portal.accounts import actions, permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit import queries as trail
from cityforge.portal.audit.models import Event

from .conftest import PASSWORD

OWN = "三个不相干的词 lamp river nine"
Person = Callable[[str], User]
Browser = Callable[[str], Client]


def between(text: str, before: str, after: str) -> str:
    return text.split(before, 1)[1].split(after, 1)[0]


def enter(client: Client, name: str, password: str) -> int:
    return client.post("/sign-in/", {"username": name, "password": password}).status_code


def events(about: str) -> list[str]:
    return list(Event.objects.filter(about=about).values_list("action", flat=True))


def test_a_new_person_sets_a_password_of_their_own_before_anything_else(
    signed_in: Browser, organisations: dict[str, Organisation]
) -> None:
    admin = signed_in(roles.SECURITY_ADMIN)
    made = admin.post("/people/new/", {"username": "zhang.san", "name": "张三"})
    once = between(made.text, '<code class="key">', "</code>")
    user = User.objects.get(username="zhang.san")
    city = organisations[roles.CITY]
    given = {"role": roles.LEADER, "organisation": city.pk}
    assert admin.post(f"/people/{user.pk}/grant/", given).status_code == 302
    assert once not in admin.get(f"/people/{user.pk}/").text

    client = Client()
    assert enter(client, "zhang.san", once) == 302
    for address in ("/", "/me/"):
        assert client.get(address)["Location"] == "/me/password/"
    form = {"old": once, "new": OWN, "again": OWN}
    for wrong in (
        {"old": "other"}, {"new": "short", "again": "short"}, {"again": "other"},
        {"new": once, "again": once}, {"new": "zhang.san.san", "again": "zhang.san.san"},
        {"new": "password1234", "again": "password1234"},
    ):  # fmt: skip
        assert client.post("/me/password/", form | wrong).status_code == 422
    assert client.post("/me/password/", form)["Location"] == "/me/"
    assert client.get("/").status_code == 200
    assert enter(Client(), "zhang.san", once) == 401
    assert enter(Client(), "zhang.san", OWN) == 302
    assert events("zhang.san") == [
        "accounts.made", "accounts.granted", "accounts.signed_in", "accounts.password_changed",
        "accounts.signed_in",
    ]  # fmt: skip
    assert once not in str(list(Event.objects.values()))


@pytest.mark.parametrize("name", ["leader", "LEADER", "a b", "", "x/../y"])
def test_a_user_name_is_plain_and_taken_once(signed_in: Browser, person: Person, name: str) -> None:
    person(roles.LEADER)
    answer = signed_in(roles.SECURITY_ADMIN).post("/people/new/", {"username": name, "name": "某"})
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_switching_off_ends_every_session_and_what_was_delegated(
    signed_in: Browser, person: Person
) -> None:
    analyst, helper = person(roles.ANALYST), person(roles.CHECKER)
    client = Client()
    assert enter(client, roles.ANALYST, PASSWORD) == 302
    own = Membership.objects.get(user=analyst)
    actions.delegate(own, helper, by=analyst, ends=timezone.localdate())
    admin = signed_in(roles.SECURITY_ADMIN)
    assert admin.post(f"/people/{analyst.pk}/switch/").status_code == 302
    assert client.get("/").status_code == 302 and not permissions.allows(helper, "desk.view")
    assert enter(Client(), roles.ANALYST, PASSWORD) == 401
    admin.post(f"/people/{analyst.pk}/switch/", {"on": "1"})
    assert client.get("/").status_code == 302  # an ended session stays ended
    assert enter(Client(), roles.ANALYST, PASSWORD) == 302
    assert {"accounts.switched_off", "accounts.switched_on"} <= set(events(roles.ANALYST))


def test_a_resting_account_is_let_in_again(signed_in: Browser, person: Person) -> None:
    user = person(roles.LEADER)
    for _ in range(5):
        enter(Client(), roles.LEADER, "wrong")
    assert enter(Client(), roles.LEADER, PASSWORD) == 401
    admin = signed_in(roles.SECURITY_ADMIN)
    assert "解除暂停" in admin.get(f"/people/{user.pk}/").text
    admin.post(f"/people/{user.pk}/unlock/")
    assert enter(Client(), roles.LEADER, PASSWORD) == 302
    assert "accounts.unlocked" in events(roles.LEADER)


def test_an_ended_role_ends_at_once_with_what_was_delegated(
    signed_in: Browser, person: Person
) -> None:
    analyst, helper = person(roles.ANALYST), person(roles.CHECKER)
    own = Membership.objects.get(user=analyst)
    given = actions.delegate(own, helper, by=analyst, ends=timezone.localdate())
    admin = signed_in(roles.SECURITY_ADMIN)
    assert admin.post(f"/people/{helper.pk}/roles/{own.pk}/end/").status_code == 404
    assert admin.post(f"/people/{analyst.pk}/roles/{own.pk}/end/").status_code == 302
    assert not Membership.objects.filter(pk__in=[own.pk, given.pk]).exists()
    event = Event.objects.get(action="accounts.ended")
    assert event.detail["delegated_to"] == [helper.username]


def test_somebody_is_left_who_can_grant(person: Person) -> None:
    admin = person(roles.SECURITY_ADMIN)
    last = Membership.objects.get(user=admin)
    second = User.objects.create_user("second", PASSWORD)
    actions.grant(second, last.organisation, roles.SECURITY_ADMIN, by=None)
    actions.switch(second, on=False, by=admin)
    with pytest.raises(NotAllowed, match="最后一位"):
        actions.end(last, by=admin)
    with pytest.raises(NotAllowed, match="自己"):
        actions.switch(admin, on=False, by=admin)


def test_the_same_role_is_granted_once_and_not_in_the_past(
    signed_in: Browser, person: Person, organisations: dict[str, Organisation]
) -> None:
    admin, leader = signed_in(roles.SECURITY_ADMIN), person(roles.LEADER)
    place = organisations[roles.DISTRICT].pk
    past = timezone.localdate() - timedelta(days=1)
    for given in (
        {"role": roles.LEADER, "organisation": organisations[roles.CITY].pk},
        {"role": roles.DISTRICT_OFFICER, "organisation": place, "ends": past.isoformat()},
        {"role": roles.DISTRICT_OFFICER, "organisation": place, "ends": "tomorrow"},
        {"role": roles.DISTRICT_OFFICER},
        {"role": "emperor", "organisation": place},
        {"role": roles.ENTERPRISE_CLERK, "code": "91320000NOSUCHCODE"},
    ):
        assert admin.post(f"/people/{leader.pk}/grant/", given).status_code == 422, given
    code = organisations[roles.ENTERPRISE].code
    fine = {"role": roles.ENTERPRISE_CLERK, "code": code}
    known = Organisation.objects.filter(kind=roles.ENTERPRISE)
    known.update(code=code.upper())
    assert admin.post(f"/people/{leader.pk}/grant/", fine).status_code == 302
    assert Membership.objects.filter(user=leader).count() == 2


def test_delegating_from_ones_own_page(signed_in: Browser, person: Person) -> None:
    analyst, helper = person(roles.ANALYST), person(roles.CHECKER)
    own = Membership.objects.get(user=analyst)
    foreign = Membership.objects.get(user=helper)
    client, today = signed_in(roles.ANALYST), timezone.localdate().isoformat()
    for wrong in (
        {"username": "nobody"}, {"username": analyst.username}, {"membership": foreign.pk},
        {"ends": "2020-01-01"}, {"ends": ""},
    ):  # fmt: skip
        form = {"membership": own.pk, "username": helper.username, "ends": today}
        assert client.post("/me/delegate/", form | wrong).status_code == 422
    assert client.post("/me/delegate/", form).status_code == 302
    made = Membership.objects.get(delegated_by=analyst)
    assert "受 分析员 委托" in signed_in(roles.CHECKER).get("/me/").text
    other = signed_in(roles.LEADER)
    assert other.post(f"/me/delegations/{made.pk}/end/").status_code == 404
    assert client.post(f"/me/delegations/{made.pk}/end/").status_code == 302
    assert not permissions.allows(helper, "desk.view")


def test_an_enterprise_delegates_within_itself(
    person: Person, organisations: dict[str, Organisation]
) -> None:
    boss, official = person(roles.ENTERPRISE_ADMIN), person(roles.ANALYST)
    own = Membership.objects.get(user=boss)
    with pytest.raises(NotAllowed, match="本企业"):
        actions.delegate(own, official, by=boss, ends=timezone.localdate())
    clerk = person(roles.ENTERPRISE_CLERK)
    assert actions.delegate(own, clerk, by=boss, ends=timezone.localdate()).user == clerk


def test_the_list_is_narrowed(signed_in: Browser, person: Person) -> None:
    person(roles.LEADER)
    User.objects.create_user("roleless", PASSWORD, name="李四")
    admin = signed_in(roles.SECURITY_ADMIN)
    cases = {
        "?q=李四": ({"roleless"}, {"leader"}), "?role=leader": ({"leader"}, {"roleless"}),
        "?state=none": ({"roleless"}, {"leader"}), "?state=off": (set(), {"leader", "roleless"}),
    }  # fmt: skip
    for asked, (there, gone) in cases.items():
        text = admin.get(f"/people/{asked}").text
        assert all(f">{one}</a>" in text for one in there), asked
        assert all(f">{one}</a>" not in text for one in gone), asked


def test_the_system_admin_looks_on(signed_in: Browser, person: Person) -> None:
    leader, system = person(roles.LEADER), signed_in(roles.SYSTEM_ADMIN)
    assert "授予角色" not in system.get(f"/people/{leader.pk}/").text
    for what in ("grant", "switch", "unlock", "password", "codes/off"):
        assert system.post(f"/people/{leader.pk}/{what}/").status_code == 403
    assert trail.breaks() == []


def test_a_page_takes_few_queries(
    signed_in: Browser, person: Person, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for role in roles.ROLES:
        person(role)
    admin = signed_in(roles.SECURITY_ADMIN)
    for address in ("/people/", f"/people/{person(roles.LEADER).pk}/", "/me/"):
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
            assert admin.get(address).status_code == 200


def test_the_menu_marks_the_door_behind_which_one_is(signed_in: Callable[[str], Client]) -> None:
    client = signed_in(roles.SECURITY_ADMIN)
    assert '<a href="/people/" aria-current="page">' in client.get("/people/").text
    inside = client.get("/people/new/").text
    assert '<a href="/people/" aria-current="true">' in inside and 'current="page"' not in inside
