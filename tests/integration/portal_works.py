"""What the portal is killed in the middle of (portal_at_moments)."""

import hashlib

import imports_city
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from cityforge.brain.city import checks
from cityforge.brain.intake import sources
from cityforge.portal.accounts import actions as people
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.imports import files, states
from cityforge.portal.imports.models import Delivery


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


class Import:
    """A bureau delivers a file, its checker approves it."""

    before = imports_city.performance([(2023, 100)])
    after = imports_city.performance([(2023, 100), (2024, 120)])

    def lay_out(self) -> None:
        imports_city.lay_out(settings.DATA)
        unit = Organisation.objects.create(kind=roles.BUREAU, code="jxj", title="经信局")
        somebody("reporter", unit, roles.REPORTER)
        somebody("checker", unit, roles.CHECKER)

    def do(self) -> None:
        file = SimpleUploadedFile("绩效.csv", self.after)
        asked(signed_in("reporter"), "/data/sets/performance/upload/", file=file)
        self._go_on()

    def finish(self) -> None:
        if not Delivery.objects.exists():
            self.do()
        else:
            self._go_on()
        assert self._counts() == self.after
        assert Delivery.objects.get().state == states.APPROVED

    def look(self) -> None:
        """What counts is what counted or what was delivered; it says approved only if it counts."""
        found = self._counts()
        assert found in (self.before, self.after)
        for one in Delivery.objects.all():
            kept = files.place(one.sha256, one.ending).read_bytes()
            assert hashlib.sha256(kept).hexdigest() == one.sha256
            assert one.state in (states.TAKING, states.APPROVED) or found == self.before
            assert one.state != states.APPROVED or found == self.after

    def _go_on(self) -> None:
        """What the page says is to be done next, until nothing is."""
        reporter, checker = signed_in("reporter"), signed_in("checker")
        worker()
        for _ in range(8):
            one = Delivery.objects.get()
            here = f"/data/deliveries/{one.pk}/"
            if one.state == states.APPROVED:
                return
            if one.state in (states.UPLOADED, states.INTERRUPTED):
                asked(reporter, f"{here}check/")
            elif one.state == states.CHECKED:
                asked(reporter, f"{here}submit/", note="按月报送")
            else:
                asked(checker, f"{here}approve/")
            worker()
        raise AssertionError(Delivery.objects.get().state)

    def _counts(self) -> bytes:
        place = checks.load(imports_city.LANHE)[0]
        return sources.find(place, settings.DATA).files["performance"].read_bytes()


def push() -> object:
    """A policy pushed; that module stands upon this one."""
    from portal_push import Push

    return Push()


def publish() -> object:
    """A policy published; likewise."""
    from portal_publish import Publish

    return Publish()


WORKS = {"IMPORT": Import, "PUBLISH": publish, "PUSH": push}
