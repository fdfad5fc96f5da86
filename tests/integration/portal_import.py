"""A delivery of data by a bureau, to be killed in the middle of (portal_at_moments)."""

import hashlib

import imports_city
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from portal_works import asked, signed_in, somebody, worker

from cityforge.brain.city import checks
from cityforge.brain.intake import sources
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.imports import files, states
from cityforge.portal.imports.models import Delivery


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
