"""One person a role, in organisations of their kind."""

from collections.abc import Callable

import pytest
from django.test import Client

from cityforge.portal.accounts import actions, roles
from cityforge.portal.accounts.models import Organisation, User

PASSWORD = "correct horse battery staple"


@pytest.fixture
def organisations(db: None) -> dict[str, Organisation]:
    """One organisation of each kind."""
    city = Organisation.objects.create(kind=roles.CITY, code="city", title="示例市")
    return {roles.CITY: city} | {
        kind: Organisation.objects.create(kind=kind, code=f"{kind}_1", title=kind, parent=city)
        for kind in roles.KINDS
        if kind != roles.CITY
    }


@pytest.fixture
def person(organisations: dict[str, Organisation]) -> Callable[[str], User]:
    """Somebody with a role, made when first asked for."""

    def made(role: str) -> User:
        user = User.objects.filter(username=role).first()
        if user is None:
            user = User.objects.create_user(role, PASSWORD, name=roles.ROLES[role].zh)
            actions.grant(user, organisations[roles.BELONGS[role][0]], role, by=None)
        return user

    return made


@pytest.fixture
def signed_in(person: Callable[[str], User]) -> Callable[[str], Client]:
    """A browser signed in as a role."""

    def made(role: str) -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return made
