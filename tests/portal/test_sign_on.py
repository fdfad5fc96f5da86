"""Sign-on by OpenID Connect, against a real provider on this machine."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.test import Client
from oidc_provider import ALICE, BOB, CLIENT, Provider, challenge, running

from cityforge.portal import settings as portal_settings
from cityforge.portal.accounts import identities, oidc, roles
from cityforge.portal.accounts.models import Identity, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit import queries as trail
from cityforge.portal.audit.models import Event
from cityforge.portal.system import checks

from .conftest import PASSWORD

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1", "::1"]),
    # Of the parts that the provider is made of.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
Person = Callable[[str], User]
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(server: Provider, settings: Any) -> Provider:
    server.honest()
    settings.SIGN_ON = server.settings
    return server


def begin(client: Client, to: str = "") -> str:
    """The address at the provider that the button leads to."""
    answer = client.post("/sign-in/oidc/", {"next": to})
    assert answer.status_code == 200
    address = answer["Refresh"].partition("url=")[2]
    assert address.replace("&", "&amp;") in answer.text
    return address


def sign_on(provider: Provider, subject: str | None = ALICE, to: str = "") -> tuple[Client, Any]:
    """All the way there and back: the browser, and what it was answered."""
    client = Client()
    return client, client.get(provider.answer(begin(client, to), subject))


def linked(user: User, provider: Provider, subject: str = ALICE) -> Identity:
    return Identity.objects.create(issuer=provider.issuer, subject=subject, user=user)


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_off_by_default(db: None) -> None:
    client = Client()
    assert "/sign-in/oidc/" not in client.get("/sign-in/").text
    assert client.post("/sign-in/oidc/").status_code == 404
    assert client.get("/sign-in/oidc/done/?state=1&code=1").status_code == 404
    for address in ("/accounts/login/", "/accounts/signup/", "/oidc/", "/accounts/3rdparty/"):
        assert client.get(address).status_code == 404


def test_the_settings_are_whole_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*, secure: bool = True, **told: str) -> dict[str, str] | None:
        for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "NAME_EN"):
            monkeypatch.setenv(f"CITYFORGE_OIDC_{name}", told.get(name, ""))
        return portal_settings._sign_on(is_secure=secure)

    assert read() is None and read(CLIENT_ID="a", CLIENT_SECRET="b") is None
    whole = {"ISSUER": "https://id.example", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}
    found = read(**whole)
    assert found is not None and found["issuer"] == "https://id.example"
    assert found["name"] and found["name_en"]
    for wrong in ({"CLIENT_ID": ""}, {"CLIENT_SECRET": ""}, {"ISSUER": "http://id.example"}):
        with pytest.raises(ImproperlyConfigured):
            read(**whole | wrong)
    assert read(secure=False, **whole | {"ISSUER": "http://localhost:1"}) is not None


def test_the_button_is_there_and_the_form_has_its_token(provider: Provider, db: None) -> None:
    text = Client().get("/sign-in/?next=/me/").text
    assert "用市统一身份认证登录" in text and text.count('name="next" value="/me/"') == 2
    assert "Sign in with the city&#x27;s sign-on" in Client().get("/sign-in/?lang=en").text
    assert Client(enforce_csrf_checks=True).post("/sign-in/oidc/").status_code == 403
    assert Client().get("/sign-in/oidc/")["Location"] == "/sign-in/"


def test_one_linked_comes_in_as_their_account(provider: Provider, person: Person) -> None:
    user = person(roles.LEADER)
    identity = linked(user, provider)
    client, answer = sign_on(provider, to="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert roles.ROLES[roles.LEADER].zh in client.get("/me/").text
    event = Event.objects.get(action="accounts.signed_in")
    assert event.actor == user.username
    assert event.detail == {"way": "oidc", "issuer": provider.issuer}
    identity.refresh_from_db()
    assert (identity.name, identity.email) == ("王丽", "wang.li@example.org")
    assert user.sittings.count() == 1
    assert not SocialAccount.objects.exists() and not EmailAddress.objects.exists()


def test_state_nonce_and_pkce_are_sent(provider: Provider, person: Person) -> None:
    linked(person(roles.LEADER), provider)
    first, client = begin(Client()), Client()
    address = begin(client)
    asked, other = provider.asked(address), provider.asked(first)
    assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == "http://testserver/sign-in/oidc/done/"
    assert asked["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 16 and asked[name] != other[name]
    client.get(provider.answer(address, ALICE))
    assert challenge(provider.tokens[-1]["code_verifier"]) == asked["code_challenge"]
    assert "s" * 32 not in address


def test_nothing_of_the_address_reaches_the_provider(provider: Provider, db: None) -> None:
    forged = "/sign-in/oidc/?scope=admin&auth_params=prompt%3Dnone&process=connect"
    asked = provider.asked(Client().post(forged)["Refresh"])
    assert "admin" not in asked["scope"] and "prompt" not in asked


def test_a_stranger_is_remembered_and_not_let_in(provider: Provider, person: Person) -> None:
    person(roles.LEADER)
    people = User.objects.count()
    for _ in range(2):
        client, answer = sign_on(provider, BOB)
        assert answer.status_code == 403 and "您的账号尚未关联，请联系安全管理员" in answer.text
        assert BOB in answer.text and "赵强" in answer.text and not is_in(client)
    one = Identity.objects.get()
    assert (one.issuer, one.subject, one.user) == (provider.issuer, BOB, None)
    assert (one.name, one.email) == ("赵强", "zhao.qiang@example.org")
    assert one.first_tried < one.last_tried
    events = list(Event.objects.filter(action="accounts.sign_on_refused"))
    assert [one.detail["why"] for one in events] == ["unknown", "unknown"]
    assert User.objects.count() == people and not SocialAccount.objects.exists()


def test_the_e_mail_and_the_name_open_nothing(provider: Provider, person: Person) -> None:
    user = person(roles.LEADER)
    User.objects.filter(pk=user.pk).update(
        username=BOB, name="赵强", email="zhao.qiang@example.org"
    )
    provider.changed = {"email_verified": True}
    client, answer = sign_on(provider, BOB)
    assert answer.status_code == 403 and not is_in(client)


def test_the_same_number_at_another_provider_is_somebody_else(
    provider: Provider, person: Person
) -> None:
    Identity.objects.create(
        issuer="https://other.example", subject=ALICE, user=person(roles.LEADER)
    )
    client, answer = sign_on(provider)
    assert answer.status_code == 403 and not is_in(client)
    assert Identity.objects.filter(subject=ALICE).count() == 2


FORGED = {
    "another nonce": {"changed": {"nonce": "another"}},
    "no nonce": {"changed": {"nonce": None}},
    "another issuer": {"changed": {"iss": "https://evil.example"}},
    "another audience": {"changed": {"aud": "somebody-else"}},
    "made for another": {"changed": {"aud": [CLIENT, "b"], "azp": "b"}},
    "too old": {"changed": {"exp": int(time.time()) - 3600}},
    "of tomorrow": {"changed": {"iat": int(time.time()) + 86_400}},
    "without an end": {"changed": {"exp": None}},
    "of nobody": {"changed": {"sub": None}},
    "of a blank": {"changed": {"sub": ""}},
    "a subject of letters that none has": {"changed": {"sub": "王\n丽"}},
    "a subject too long": {"changed": {"sub": "x" * 256}},
    "signed by a stranger": {"by": "strange"},
    "not signed": {"by": "none"},
    "signed by the shared secret": {"by": "secret"},
    "described by another issuer": {"discovery": {"issuer": "https://evil.example"}},
    "keys elsewhere": {"discovery": {"jwks_uri": "file:///etc/passwd"}},
    "userinfo of another": {"changed": {"name": None}, "userinfo": {"sub": BOB, "name": "赵强"}},
    "userinfo of a list": {"changed": {"name": None}, "userinfo": [ALICE]},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_proof_proves_nothing(
    provider: Provider, person: Person, forged: dict[str, Any]
) -> None:
    linked(person(roles.LEADER), provider)
    client = Client()
    back = provider.answer(begin(client), ALICE)
    for name, value in forged.items():
        setattr(provider, name, value)
    answer = client.get(back)
    assert answer.status_code == 401 and "没有通过核对" in answer.text
    assert not is_in(client) and Identity.objects.count() == 1
    assert not Event.objects.filter(action="accounts.signed_in").exists()


def test_names_are_asked_for_where_the_token_has_none(provider: Provider, db: None) -> None:
    provider.changed = {"name": None, "email": None}
    provider.userinfo = {"sub": ALICE, "name": "王\x00丽\n", "email": ["no text"]}
    sign_on(provider)
    one = Identity.objects.get()
    assert (one.name, one.email) == ("王丽", "")


def test_a_state_of_nobody_of_another_browser_or_of_before(
    provider: Provider, person: Person
) -> None:
    linked(person(roles.LEADER), provider)
    client = Client()
    back = provider.answer(begin(client), ALICE)
    state = provider.asked(back)["state"]
    # The browser of somebody else, who was sent a link that the attacker began.
    victim = Client()
    for address in (back, back.replace(state, "x" * 16), back.replace(f"&state={state}", "")):
        answer = victim.get(address)
        assert answer.status_code == 401 and not is_in(victim)
    assert provider.tokens[-1].get("code") != provider.asked(back)["code"]  # none was even asked
    assert client.get(back).status_code == 302 and is_in(client)
    # The code and its state count once, in whichever browser.
    client.post("/sign-out/")
    for again in (client, Client()):
        assert again.get(back).status_code == 401 and not is_in(again)


def test_a_replayed_code_is_refused_by_the_provider(provider: Provider, person: Person) -> None:
    linked(person(roles.LEADER), provider)
    first, second = Client(), Client()
    back = provider.answer(begin(first), ALICE)
    assert first.get(back).status_code == 302
    own = provider.asked(begin(second))["state"]
    answer = second.get(back.replace(provider.asked(back)["state"], own))
    assert answer.status_code == 401 and not is_in(second)


def test_who_cancels_is_told_so(provider: Provider, db: None) -> None:
    client, answer = sign_on(provider, None)
    assert answer.status_code == 401 and "您取消了登录" in answer.text and not is_in(client)


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks", "/userinfo"]
)
def test_a_provider_that_fails(provider: Provider, person: Person, path: str) -> None:
    linked(person(roles.LEADER), provider)
    client = Client()
    back = provider.answer(begin(client), ALICE)
    provider.changed, provider.broken = {"name": None}, (path,)
    answer = client.get(back)
    assert answer.status_code in (401, 503) and not is_in(client)
    assert "回到登录页" in answer.text


def test_a_provider_that_is_down(provider: Provider, settings: Any, db: None) -> None:
    settings.SIGN_ON = provider.settings | {"issuer": "http://localhost:1"}
    answer = Client().post("/sign-in/oidc/")
    assert answer.status_code == 503 and "暂时连不上登录系统" in answer.text
    found = checks.sign_on()
    assert found.light == "red" and "连不上" in found.said.zh


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(provider: Provider, person: Person, to: str) -> None:
    linked(person(roles.LEADER), provider)
    client, answer = sign_on(provider, to=to)
    assert answer["Location"] == "/" and is_in(client)
    client = Client()
    back = provider.answer(begin(client), ALICE)
    assert client.get(f"{back}&next={to}")["Location"] == "/"


@pytest.mark.parametrize("why", ["off", "rests"])
def test_a_blocked_account_stays_shut(
    provider: Provider, person: Person, signed_in: Callable[[str], Client], why: str
) -> None:
    user = person(roles.LEADER)
    linked(user, provider)
    before, _ = sign_on(provider)
    assert is_in(before)
    if why == "off":
        signed_in(roles.SECURITY_ADMIN).post(f"/people/{user.pk}/switch/")
        assert not is_in(before)
    else:
        for _ in range(5):
            Client().post("/sign-in/", {"username": user.username, "password": "wrong"})
    client, answer = sign_on(provider)
    assert answer.status_code == 403 and "已停用或暂停登录" in answer.text and not is_in(client)
    event = Event.objects.get(action="accounts.sign_on_refused")
    assert event.about == user.username and event.detail["why"] == why


def test_a_code_of_the_phone_is_still_asked(provider: Provider, person: Person) -> None:
    user = person(roles.LEADER)
    User.objects.filter(pk=user.pk).update(secret=SECRET)
    identity = linked(user, provider)
    client, answer = sign_on(provider, to="/me/")
    assert answer.status_code == 200 and 'name="code"' in answer.text and not is_in(client)
    code = pyotp.TOTP(SECRET).now()
    identity.delete()  # unlinked between the two steps
    assert client.post("/sign-in/", {"code": code}).status_code == 401 and not is_in(client)
    linked(user, provider)
    client, answer = sign_on(provider, to="/me/")
    assert client.post("/sign-in/", {"code": "000000", "next": "/me/"}).status_code == 401
    assert client.post("/sign-in/", {"code": code, "next": "/me/"})["Location"] == "/me/"
    detail = Event.objects.get(action="accounts.signed_in").detail
    assert detail == {"way": "oidc and code", "issuer": provider.issuer}
    # Once more, and stopped half way: the session of before does not live on unlisted.
    assert is_in(client)
    assert 'name="code"' in client.get(provider.answer(begin(client), ALICE)).text
    assert not is_in(client)


def test_a_password_to_be_used_once_is_no_bar(provider: Provider, person: Person) -> None:
    user = person(roles.LEADER)
    User.objects.filter(pk=user.pk).update(must_change=True)
    linked(user, provider)
    client, _ = sign_on(provider)
    assert is_in(client)
    by_password = Client()
    by_password.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert by_password.get("/me/")["Location"] == "/me/password/"


def test_the_security_admin_links_and_unlinks(
    provider: Provider, person: Person, signed_in: Callable[[str], Client]
) -> None:
    user, admin = person(roles.LEADER), signed_in(roles.SECURITY_ADMIN)
    sign_on(provider)
    one = Identity.objects.get()
    listed = admin.get("/people/").text
    assert "待关联" in listed and "王丽" in listed and ALICE in listed and provider.issuer in listed
    assert "登录身份待关联" in admin.get("/").text
    address = f"/people/waiting/{one.pk}/"
    assert f"关联到 {user.username}" not in admin.get(address).text
    assert f"关联到 {user.username}" in admin.get(f"{address}?q={user.username}").text
    assert admin.post(f"{address}link/", {"user": ""}).status_code == 422
    assert admin.post(f"{address}link/", {"user": user.pk})["Location"] == f"/people/{user.pk}/"
    assert "待关联" not in admin.get("/people/").text
    assert admin.get(address).status_code == 404

    client, answer = sign_on(provider)
    assert answer.status_code == 302 and ALICE in client.get("/me/").text
    assert ALICE in admin.get(f"/people/{user.pk}/").text
    other = person(roles.ANALYST)
    assert admin.post(f"/people/{other.pk}/identities/{one.pk}/end/").status_code == 404
    assert admin.post(f"/people/{user.pk}/identities/{one.pk}/end/").status_code == 302
    assert not is_in(client)
    assert sign_on(provider)[1].status_code == 403
    told = Event.objects.filter(about=user.username).exclude(action="accounts.granted")
    assert list(told.values_list("action", flat=True)) == [
        "accounts.linked", "accounts.signed_in", "accounts.unlinked",
    ]  # fmt: skip
    link = told.get(action="accounts.linked")
    assert link.actor == roles.SECURITY_ADMIN
    assert link.detail == {"issuer": provider.issuer, "subject": ALICE}
    assert admin.post(f"{address}forget/").status_code == 302
    assert not Identity.objects.exists()
    assert Event.objects.filter(action="accounts.identity_forgotten", about=ALICE).exists()
    assert trail.breaks() == []


def test_what_the_security_admin_may_not(
    provider: Provider, person: Person, signed_in: Callable[[str], Client]
) -> None:
    admin, leader, analyst = (
        person(one) for one in (roles.SECURITY_ADMIN, roles.LEADER, roles.ANALYST)
    )
    first, second = (
        Identity.objects.create(issuer=provider.issuer, subject=one) for one in (ALICE, BOB)
    )
    identities.link(first, leader, by=admin)
    User.objects.filter(pk=analyst.pk).update(is_active=False)
    analyst.refresh_from_db()
    for identity, user, by, why in (
        (second, admin, admin, "自己"), (second, leader, admin, "已关联另一个"),
        (second, analyst, admin, "停用"), (first, person(roles.CHECKER), admin, "已经关联"),
        (second, person(roles.CHECKER), leader, "安全管理员"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=why):
            identities.link(identity, user, by=by)
    with pytest.raises(NotAllowed):
        identities.unlink(first, by=leader)
    with pytest.raises(NotAllowed):
        identities.forget(first, by=admin)
    system = signed_in(roles.SYSTEM_ADMIN)
    assert "待关联" in system.get("/people/").text
    assert f"/people/waiting/{second.pk}/" not in system.get("/people/").text
    assert system.post(f"/people/waiting/{second.pk}/link/").status_code == 403


def test_the_database_holds_the_rules_too(provider: Provider, person: Person) -> None:
    user = person(roles.LEADER)
    linked(user, provider)
    for subject, whose in ((ALICE, None), (BOB, user)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Identity.objects.create(issuer=provider.issuer, subject=subject, user=whose)


def test_a_page_takes_few_queries(
    provider: Provider,
    person: Person,
    signed_in: Callable[[str], Client],
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    user, admin = person(roles.LEADER), signed_in(roles.SECURITY_ADMIN)
    linked(user, provider)
    for number in range(30):
        Identity.objects.create(issuer=provider.issuer, subject=f"u-{number}", name="某")
    one = Identity.objects.filter(user=None).first()
    assert one is not None
    for address in ("/people/", f"/people/waiting/{one.pk}/?q=l", f"/people/{user.pk}/"):
        with django_assert_max_num_queries(20):
            assert admin.get(address).status_code == 200
    assert "共 30 人" in admin.get("/people/").text


def test_the_doctor_looks_at_the_provider(provider: Provider, settings: Any, db: None) -> None:
    found = checks.sign_on()
    assert found.light == "green" and provider.issuer in found.said.zh
    provider.discovery = {"issuer": provider.issuer + "/"}
    found = checks.sign_on()
    assert found.light == "red" and "一字不差" in found.todo.zh
    assert provider.issuer + "/" in found.said.zh
    provider.broken = ("/.well-known/openid-configuration",)
    found = checks.sign_on()
    assert found.light == "red" and oidc.address(provider.issuer) in found.todo.zh
    settings.SIGN_ON = None
    assert checks.sign_on().light == "green"
