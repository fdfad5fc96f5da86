"""A run of the city put in force, to be killed in the middle of (portal_at_moments)."""

import hashlib
import io
import json

import evaluated_city
from django.conf import settings
from django.core.management import call_command
from portal_works import asked, signed_in, somebody, worker

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.enterprises.models import Indexed
from cityforge.portal.runs import states
from cityforge.portal.runs.models import Run as CityRun


class Run:
    """An analyst has the city run on what was delivered meanwhile, and puts the result in force."""

    def __init__(self) -> None:
        settings.CITY = settings.HOME / "city"

    def lay_out(self) -> None:
        evaluated_city.made(settings.HOME)
        evaluated_city.deliver(settings.DATA)
        unit = Organisation.objects.create(kind=roles.CITY, code="city", title="兰河市")
        somebody("analyst", unit, roles.ANALYST)
        call_command("index_enterprises", stdout=io.StringIO())
        (settings.HOME / "first").write_text(self._latest(), encoding="utf-8")

    def do(self) -> None:
        self._go_on()

    def finish(self) -> None:
        self._go_on()
        found = CityRun.objects.get(state=states.ADOPTED)
        assert self._latest() == found.run != self._first()
        assert [one.run for one in Indexed.objects.all()] == [found.run]

    def look(self) -> None:
        """The run in force is whole, and the one that the pages say."""
        now, first = self._latest(), self._first()
        for one in (now, first):
            record = json.loads((settings.SNAPSHOTS / one / "run.json").read_text("utf-8"))
            for name, told in record["tables"].items():
                content = (settings.SNAPSHOTS / one / "tables" / f"{name}.parquet").read_bytes()
                assert hashlib.sha256(content).hexdigest() == told["sha256"]
        adopted = CityRun.objects.filter(state=states.ADOPTED)
        assert [one.run for one in adopted] in ([], [now])
        assert now == first or CityRun.objects.filter(run=now).exists()

    def _go_on(self) -> None:
        analyst = signed_in("analyst")
        worker()
        for _ in range(6):
            one = CityRun.objects.order_by("-pk").first()
            if one is not None and one.state == states.ADOPTED:
                return
            if one is not None and one.state == states.DONE:
                asked(analyst, f"/runs/{one.pk}/adopt/")
            else:
                asked(analyst, "/runs/start/", scheme=evaluated_city.SCHEME, year=2024)
            worker()
        raise AssertionError([one.state for one in CityRun.objects.all()])

    def _latest(self) -> str:
        return (settings.SNAPSHOTS / "latest").read_text(encoding="utf-8").strip()

    def _first(self) -> str:
        return (settings.HOME / "first").read_text(encoding="utf-8")
