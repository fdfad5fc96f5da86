"""What every work of the portal that is killed in its midst needs (portal_at_moments)."""

from django.core.management import call_command
from django.test import Client

from cityforge.portal.accounts import actions as people
from cityforge.portal.accounts.models import Organisation, User


def somebody(name: str, unit: Organisation, role: str) -> None:
    user = User.objects.create_user(name, None, name=name)
    people.grant(user, unit, role, by=None)


def signed_in(name: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(username=name))
    return client


def asked(client: Client, url: str, **fields: object) -> None:
    """Something that a page offers; it leads to another page."""
    answer = client.post(url, fields)
    assert answer.status_code == 302, (url, answer.status_code, answer.content.decode()[:2000])


def worker() -> None:
    """The worker of the portal, until nothing is left to do."""
    call_command(
        "db_worker", queue_name="*", interval=0, batch=True, startup_delay=False, verbosity=0
    )
