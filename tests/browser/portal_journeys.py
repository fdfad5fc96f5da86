"""What a journey through the portal needs besides a browser: a database that can be emptied, a
worker, people signed in."""

import importlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.signals import connection_created
from django.test import Client
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Browser, Page

from cityforge.portal.accounts import actions
from cityforge.portal.accounts.models import Organisation, User

_SQLITE = [f"DROP TRIGGER IF EXISTS audit_event_no_{verb}" for verb in ("UPDATE", "DELETE")]
_POSTGRESQL = [
    "DROP TRIGGER IF EXISTS audit_event_appended_only ON audit_event",
    "DROP TRIGGER IF EXISTS audit_event_kept ON audit_event",
    "DROP FUNCTION IF EXISTS audit_refuse()",
]


@pytest.fixture(scope="module", autouse=True)
def unsafe() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse its database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module", autouse=True)
def guarded_again(unsafe: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The trail is appended to and never altered again, once the journeys are over."""
    yield
    refused = importlib.import_module("cityforge.portal.audit.migrations.0002_appended_only")
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        refused.refuse(None, editor)


@pytest.fixture(autouse=True)
def flushed(guarded_again: None, transactional_db: None) -> Iterator[None]:
    """A journey's database is emptied after it, the trail too, which the database would refuse."""
    yield
    unguard()


def unguard() -> None:
    """Let the trail be altered, until the module's journeys are over."""
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


@pytest.fixture
def unhindered(flushed: None) -> Iterator[None]:
    """Whoever reads the one database in memory does not stop who writes to it meanwhile."""

    def read_on(connection: Any, **_: object) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA read_uncommitted = 1")

    read_on(connection)
    connection_created.connect(read_on)
    yield
    connection_created.disconnect(read_on)


def work() -> None:
    """One round of a worker, in a thread of its own."""

    def round_() -> None:
        for found in DBTaskResult.objects.ready():
            found.claim("test")
            found.task.call(*found.args_kwargs["args"])
            found.set_successful(None)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(round_).result()


def page_of(browser: Browser, live_server: Any, name: str, unit: Organisation, role: str) -> Page:
    """A window signed in as somebody new with a role."""
    user = User.objects.create_user(name, None, name=name)
    actions.grant(user, unit, role, by=None)
    client = Client()
    client.force_login(user)
    context = browser.new_context(base_url=live_server.url, accept_downloads=True)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([{**cookie, "url": live_server.url}])
    return context.new_page()
