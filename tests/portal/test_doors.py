"""Every route as every role: allowed where the table says so, refused everywhere else."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.middleware import Guard
from cityforge.portal.accounts.models import Membership, User
from cityforge.portal.accounts.permissions import NOTHING, PUBLIC, SIGNED_IN

from .api_city import ROOT as API
from .api_city import System

# Public, but sent on to sign in where nothing is sent that they are for.
SENT_ON = ("/sign-in/oidc/", "/sign-in/oidc/done/")
PORTAL = Path(__file__).parents[2] / "src" / "cityforge" / "portal"


def routes() -> Iterator[tuple[str, Any]]:
    """Every address of the portal with its view."""

    def walk(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
        for one in patterns:
            here = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, here)
            elif isinstance(one, URLPattern):
                yield "/" + here, one.callback

    yield from walk(get_resolver().url_patterns, "")


ROUTES = sorted(routes(), key=lambda pair: pair[0])


def asked_by(user: User, browser: Client, address: str) -> Any:
    """What somebody gets at an address: a page by their session, the API by their token."""
    place = re.sub(r"<[^>]+>", "1", address)
    if place.startswith(API):
        return System(user).get(place.removeprefix(API))
    return browser.get(place)


def test_every_route_names_an_action_of_the_table() -> None:
    assert len(ROUTES) >= 6
    for address, view in ROUTES:
        assert getattr(view, "action", None) in permissions.ACTIONS, address


@pytest.mark.parametrize("role", sorted(roles.ROLES))
@pytest.mark.parametrize(("address", "view"), ROUTES, ids=[a for a, _ in ROUTES])
def test_route_by_role(
    address: str,
    view: Any,
    role: str,
    signed_in: Callable[[str], Client],
    person: Callable[[str], User],
) -> None:
    wanted = permissions.ACTIONS[view.action]
    allowed = wanted in (PUBLIC, SIGNED_IN) or role in wanted
    answer = asked_by(person(role), signed_in(role), address)
    # 405: it is let in, and asks for a form to be sent; 302: it is let in, and sent on.
    assert (answer.status_code != 403) is allowed


@pytest.mark.parametrize(("address", "view"), ROUTES, ids=[a for a, _ in ROUTES])
def test_nobody_signed_in_is_sent_to_sign_in(address: str, view: Any, db: None) -> None:
    answer = Client().get(re.sub(r"<[^>]+>", "1", address))
    if address in SENT_ON:
        assert answer.status_code == 302 and answer["Location"] == "/sign-in/"
    elif permissions.ACTIONS[view.action] == PUBLIC:
        # Of what a route names by a parameter there may be none.
        assert answer.status_code in ((200, 404) if "<" in address else (200,))
    elif address.startswith(API):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")


def test_a_view_without_an_action_is_refused(person: Callable[[str], User]) -> None:
    request = RequestFactory().get("/")
    request.user = person(roles.LEADER)
    with pytest.raises(Exception, match="无"):
        Guard(lambda _: None).process_view(request, lambda _: None, (), {})  # type: ignore[arg-type, return-value]


def test_no_row_where_the_database_fails(
    person: Callable[[str], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = person(roles.LEADER)
    assert permissions.scope(leader, "desk.view").everything

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Membership.objects, "filter", broken)
    assert permissions.scope(leader, "desk.view") == NOTHING
    assert not permissions.allows(leader, "desk.view")


def test_no_row_for_an_unknown_role_an_ended_membership_or_an_inactive_person(
    person: Callable[[str], User],
) -> None:
    leader = person(roles.LEADER)
    Membership.objects.filter(user=leader).update(role="emperor")
    assert permissions.scope(leader, "desk.view") == NOTHING
    assert not permissions.allows(leader, "desk.view")
    analyst = person(roles.ANALYST)
    Membership.objects.filter(user=analyst).update(starts="2020-01-01", ends="2020-12-31")
    assert not permissions.allows(analyst, "desk.view")
    officer = person(roles.DISTRICT_OFFICER)
    assert permissions.scope(officer, "desk.view").districts == {"district_1"}
    officer.is_active = False
    assert not permissions.allows(officer, "desk.view")
    assert not permissions.allows(officer, "no.such.action")


def test_every_page_has_both_languages() -> None:
    """No template holds words outside of {% t %}: what has Chinese has English beside it."""
    bare = re.compile(r"\{%\s*t\s+(?:'[^']*'|\"[^\"]*\")\s+(?:'[^']*'|\"[^\"]*\").*?%\}|\{#.*?#\}")
    seen = 0
    for file in PORTAL.rglob("templates/**/*.html"):
        text = file.read_text(encoding="utf-8")
        seen += len(bare.findall(text))
        left = bare.sub("", text).replace("中文", "").replace("（", "").replace("）", "")
        left = left.replace("，", "")
        assert not re.search(r"[\u4e00-\u9fff]", left), file.name
    assert seen > 50
