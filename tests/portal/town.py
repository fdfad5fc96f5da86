"""A city to be changed: an enterprise with its clerk, the bureau that answers for its figures."""

import shutil
from pathlib import Path

import evaluated_city
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from evaluated_city import BUREAU, PDF, SCHEME, work

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.enterprises import actions as enterprises
from cityforge.portal.runs.models import Run


class Town:
    """A copy of a city to be changed, an enterprise with its clerk, the bureau with its checker."""

    def __init__(
        self, city: Path, home: Path, settings: LazySettings, organisations: dict[str, Organisation]
    ) -> None:
        for name in ("data", "runs"):
            shutil.copytree(city / name, home / name, copy_function=shutil.copy)
        settings.CITY, settings.HOME = city / "city", home
        settings.DATA, settings.SNAPSHOTS = home / "data", home / "runs"
        self.home = home
        self.row = evaluated_city.graded(self.runs, "丙")
        self.code = str(self.row["uscc"])
        found = Organisation.objects
        found.filter(pk=organisations[roles.ENTERPRISE].pk).update(code=self.code, title="本企业")
        found.filter(pk=organisations[roles.BUREAU].pk).update(code=BUREAU)
        enterprises.index()

    @property
    def runs(self) -> Path:
        return self.home / "runs"

    @property
    def new(self) -> str:
        return f"/corrections/new/{self.code}/tax_paid/"

    def fact(self, name: str, year: int = 2024) -> object:
        table = "enterprises" if year == 2024 else f"enterprises_{year}"
        rows = evaluated_city.rows(self.runs, table)
        return next(row[name] for row in rows if row["uscc"] == self.code)

    def run_again(self, analyst: Client) -> None:
        analyst.post("/runs/start/", {"scheme": SCHEME, "year": 2024})
        assert set(work()) == {"SUCCESSFUL"}
        run = Run.objects.latest("pk")
        assert run.state == "done", run.report
        analyst.post(f"/runs/{run.pk}/adopt/", {"aware": "1"})
        work()


def asked(**said: object) -> dict[str, object]:
    evidence = SimpleUploadedFile("纳税证明.pdf", PDF)
    return {"year": 2024, "value": "99999.5", "reason": "漏计", "evidence": evidence} | said
