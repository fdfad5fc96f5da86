"""Every page as each role sees it: no console error, nothing wider than the window, no serious
fault of access; and the desk by keyboard alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imports_city
import policies_city
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.analytics import grades
from cityforge.portal.enterprises import actions as enterprises
from cityforge.portal.enterprises.models import Claim, Enterprise
from cityforge.portal.imports import actions as imports
from cityforge.portal.imports.models import Delivery

from . import looks
from .portal_journeys import flushed, guarded_again, page_of, unsafe, work

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
SCHEME = "lanhe_2025"
PICTURES = {
    (roles.LEADER, "/"): "desk-1-city",
    (roles.LEADER, "/figures/tax_per_mu/"): "desk-2-figure",
    (roles.DISTRICT_OFFICER, "/"): "desk-3-district",
    (roles.ENTERPRISE_CLERK, "/"): "desk-4-enterprise",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("every"))


@pytest.fixture
def here(runs: Path, settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.SNAPSHOTS, settings.CITY = runs, runs.parent / "lanhe"
    settings.HOME, settings.DATA = tmp_path, tmp_path / "data"
    settings.FILES = tmp_path / "files"
    imports_city.lay_out(settings.DATA)
    enterprises.index()
    yield


@dataclass
class Looker:
    """Opens pages; each address is looked at once with all checks. What is wrong is gathered."""

    windows: dict[str, Page]
    seen: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    at: str = ""

    def __post_init__(self) -> None:
        for page in self.windows.values():
            page.on("console", self._said)
            page.on("pageerror", lambda error: self.wrong.append(f"{self.at}: {error}"))

    def _said(self, line: Any) -> None:
        if line.type == "error":
            self.wrong.append(f"{self.at}: {line.text}")

    def look(self, role: str, address: str, *, status: int = 200, english: bool = False) -> None:
        page, self.at = self.windows[role], f"{role} {address}"
        answer = page.goto(f"{address}?lang=en" if english else address)
        assert answer is not None
        if answer.status != status:
            self.wrong.append(f"{self.at}: {answer.status}")
        if status != 200:  # the browser itself complains of what is not there
            self.wrong = [one for one in self.wrong if "the server responded" not in one]
        # What comes in by itself as it is scrolled to has come, or stays a link.
        expect(page.locator(".htmx-request")).to_have_count(0)
        # Of one address all see one page, but each their own first one.
        told = f"{address} {english}" if address != "/" else f"{address} {role} {english}"
        if told not in self.seen:
            self.seen.add(told)
            try:
                name = PICTURES.get((role, address), address) if not english else address
                looks.looked_at(page, name, whole=True, faults_at=looks.WIDTHS[1:])
            except AssertionError as found:
                self.wrong.append(f"{self.at}: {str(found)[:600]}")

    def menu(self, role: str) -> list[str]:
        page = self.windows[role]
        page.goto("/")
        links = page.locator("header nav a")
        return [str(links.nth(i).get_attribute("href")) for i in range(links.count())]


def test_every_page_as_each_role(
    here: None, runs: Path, browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    row = policies_city.without_research(runs)
    own = Enterprise.objects.get(uscc=row["uscc"])
    units = {
        roles.CITY: Organisation.objects.create(kind=roles.CITY, code="city", title="兰河市"),
        roles.BUREAU: Organisation.objects.create(kind=roles.BUREAU, code="jxj", title="经信局"),
        roles.DISTRICT: Organisation.objects.create(
            kind=roles.DISTRICT, code=own.district, title="本区"
        ),
        roles.PARK: Organisation.objects.create(
            kind=roles.PARK, code=Enterprise.objects.exclude(park="")[0].park, title="园区"
        ),
        roles.ENTERPRISE: Organisation.objects.create(
            kind=roles.ENTERPRISE, code=own.uscc, title=own.name
        ),
    }
    looker = Looker({
        role: page_of(browser, live_server, role, units[roles.BELONGS[role][0]], role)
        for role in roles.ROLES
    })  # fmt: skip
    looker.windows["nobody"] = browser.new_context(base_url=live_server.url).new_page()
    code = imports_city.codes()[0]
    wrong = delivered(f"{code},二〇二五,是,9", f"{code},2024,是,很多")
    looker.look(roles.REPORTER, f"/data/deliveries/{wrong.pk}/")
    waits = delivered()
    under_way(own, tmp_path)
    newcomer = User.objects.create_user("newcomer", None, name="新人")
    Claim.objects.create(user=newcomer, uscc=own.uscc, note="授权书 12 号")

    for role in roles.ROLES:
        for address in ["/", *looker.menu(role), "/me/"]:
            looker.look(role, address)
    other = Enterprise.objects.exclude(uscc=own.uscc).exclude(grade="")[0]
    file = f"/enterprises/{own.uscc}/"
    for role, addresses in {
        roles.LEADER: (
            file, f"{file}facts/", f"{file}grades/", f"{file}policies/", f"{file}ladder/",
            "/figures/tax_per_mu/", "/figures/rose/", "/figures/exempt/",
            f"/figures/grade-1/?district={own.district}", "/policies/lh_rd/",
            "/policies/calendar/", "/policies/coverage/", "/policies/lh_rd/candidates/",
            "/policies/lh_rd/simulation/", f"/evaluations/{SCHEME}/", "/data/freshness/",
        ),
        roles.ANALYST: (
            "/claims/", f"/enterprises/{other.uscc}/merge/", f"/evaluations/{SCHEME}/what-if/",
            f"/evaluations/{SCHEME}/what-if/?band.甲=10", f"/evaluations/{SCHEME}/proceeding/",
        ),
        roles.REPORTER: ("/data/sets/performance/",),
        roles.CHECKER: (f"/data/deliveries/{waits.pk}/",),
        roles.ENTERPRISE_CLERK: ("/policies/lh_rd/", "/claims/own/", "/me/password/", "/me/codes/"),
        roles.SECURITY_ADMIN: ("/people/new/", f"/people/{newcomer.pk}/"),
        roles.AUDITOR: ("/audit/?verify=1",),
        "nobody": ("/sign-in/", "/publicity/", "/policies/", "/policies/lh_rd/"),
    }.items():  # fmt: skip
        for address in addresses:
            looker.look(role, address)
    for address in ("/", "/data/freshness/", "/figures/grade-1/"):
        looker.look(roles.LEADER, address, english=True)
    looker.look(roles.LEADER, "/nowhere/", status=404)
    looker.look(roles.LEADER, "/audit/", status=403)
    assert looker.wrong == [], "\n".join(looker.wrong)
    assert len(looker.seen) > 50


def delivered(*faults: str) -> Delivery:
    """A delivery that was checked; one without a fault waits for its checker."""
    reporter = User.objects.get(username=roles.REPORTER)
    body = imports_city.performance([(2023, 100), (2024, 120)], *faults)
    made = imports.upload(reporter, "performance", [body], name="绩效.csv", size=len(body))
    work()
    if not faults:
        imports.submit(reporter, made.pk, note="本月数据")
    return made


def under_way(own: Enterprise, folder: Path) -> None:
    """An evaluation in which an objection waits for its ruling."""
    said = {"by": "甲", "role": "分析员"}
    grades.begin(SCHEME, publicity_days=5, **said)
    for stage in ("listed", "collected", "checked"):
        grades.step(SCHEME, stage, **said)
    proof = folder / "proof.pdf"
    proof.write_bytes(b"%PDF-1.4 proof")
    grades.object_(
        SCHEME, own.uscc, "tax_paid=99999", reason="漏计", files=[proof], by="乙", role="企业"
    )


def test_the_desk_by_keyboard(here: None, browser: Browser, live_server: Any) -> None:
    city = Organisation.objects.create(kind=roles.CITY, code="city", title="兰河市")
    page = page_of(browser, live_server, "leader", city, roles.LEADER)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.locator("main a").first
    expect(first).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    layer = page.get_by_role("link", name="平均总分")
    layer.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".layers [aria-current]")).to_have_text("平均总分")
    expect(page.locator(".layers [aria-current]")).to_be_focused()
    page.locator(".tile").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("平均总分")
