"""A policy published in the portal, to be killed in the middle of (portal_at_moments)."""

import subprocess
import sys
from pathlib import Path

import policies_city
from django.conf import settings
from django.urls import get_resolver
from portal_works import asked, signed_in, somebody

from cityforge.brain.city import checks
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.analytics.policies import in_force
from cityforge.portal.policies import states
from cityforge.portal.policies.models import Draft, Publication

BEFORE = policies_city.RD
AFTER = BEFORE.replace("value: 3%", "value: 2%")
DRAFTS = "/policies/drafts/"


class Publish:
    """Somebody writes, somebody else publishes."""

    def __init__(self) -> None:
        settings.CITY = Path(settings.HOME) / "lanhe"
        # In a process of its own: who forks later must not have worked with tables.
        told = "import policies_city, pathlib, sys; policies_city.made(pathlib.Path(sys.argv[1]))"
        command = [sys.executable, "-c", told, str(settings.HOME)]
        subprocess.run(command, check=True, cwd=Path(policies_city.__file__).parent)
        # What everybody who is forked would read anew, as far as it starts no threads.
        assert get_resolver().url_patterns and in_force.here() is not None

    def lay_out(self) -> None:
        unit = Organisation.objects.create(kind=roles.BUREAU, code="kejiju", title="科技局")
        somebody("writer", unit, roles.REPORTER)
        somebody("checker", unit, roles.CHECKER)

    def do(self) -> None:
        asked(signed_in("writer"), f"{DRAFTS}begin/", policy="lh_rd")
        self._go_on()

    def finish(self) -> None:
        if not Draft.objects.exists():
            self.do()
        else:
            self._go_on()
        assert Draft.objects.get().state == states.PUBLISHED
        assert (self._file().read_text(encoding="utf-8"), self._parts()) == (AFTER, [])
        (done,) = Publication.objects.all()
        assert (done.text_before, done.text, done.state) == (BEFORE, AFTER, states.DONE)

    def look(self) -> None:
        """The file is the one before or the new one, whole; it is called published only if new."""
        found = self._file().read_text(encoding="utf-8")
        assert found in (BEFORE, AFTER)
        assert checks.check(settings.CITY).errors == []
        state = getattr(Draft.objects.first(), "state", None)
        begun = Publication.objects.filter(state=states.BEGUN).exists()
        assert begun is (state == states.PUBLISHING)
        assert found == BEFORE or state in (states.PUBLISHING, states.PUBLISHED)
        assert found == AFTER or state != states.PUBLISHED

    def _go_on(self) -> None:
        """What the page says is to be done next, until nothing is."""
        writer, checker = signed_in("writer"), signed_in("checker")
        for _ in range(6):
            here = f"{DRAFTS}{Draft.objects.get().pk}/"
            assert checker.get(here).status_code == 200  # which finishes what was begun
            one = Draft.objects.get()
            newest = one.wordings.first()
            assert newest is not None
            if one.state == states.PUBLISHED:
                return
            if newest.text != AFTER:
                asked(writer, f"{here}save/", text=AFTER)
            elif one.state == states.DRAFTING:
                asked(writer, f"{here}submit/")
            else:
                asked(checker, f"{here}publish/", digest=newest.digest)
        raise AssertionError(Draft.objects.get().state)

    def _file(self) -> Path:
        return Path(settings.CITY) / "policies" / "lh_rd.yaml"

    def _parts(self) -> list[Path]:
        return [file for file in self._file().parent.iterdir() if file.suffix != ".yaml"]
