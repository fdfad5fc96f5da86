"""An auditor in a real browser: reads the trail, narrows it, proves it whole, sees a forgery."""

from pathlib import Path
from typing import Any

import imports_city
import pytest
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.audit.models import Event
from cityforge.portal.imports import actions as imports

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unguard, unsafe, work
from .test_evaluation_journey import tab_to, watched

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def page(settings: Any, browser: Browser, live_server: Any, tmp_path: Path) -> Page:
    """The window of an auditor of a city in which a bureau delivered data."""
    settings.CITY, settings.HOME = imports_city.LANHE, tmp_path
    settings.DATA, settings.FILES = tmp_path / "data", tmp_path / "files"
    imports_city.lay_out(settings.DATA)
    city = Organisation.objects.create(kind=roles.CITY, code="lanhe", title="兰河市")
    bureau = Organisation.objects.create(kind=roles.BUREAU, code="jxj", title="经信局")
    for name, role in (("李报", roles.REPORTER), ("王审", roles.CHECKER)):
        page_of(browser, live_server, name, bureau, role).context.close()
    reporter, checker = (User.objects.get(username=name) for name in ("李报", "王审"))
    body = imports_city.performance([(2023, 100), (2024, 120)])
    made = imports.upload(reporter, "performance", [body], name="绩效.csv", size=len(body))
    work()
    imports.submit(reporter, made.pk, note="本月数据")
    imports.approve(checker, made.pk)
    work()
    return page_of(browser, live_server, "周审计", city, roles.AUDITOR)


def test_the_trail_is_read_narrowed_and_proven_by_the_keyboard_alone(page: Page) -> None:
    said = watched(page)
    page.goto("/")
    tab_to(page, page.locator("header nav").get_by_role("link", name="审计"))
    page.keyboard.press("Enter")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(Event.objects.count())
    looked_at(page, "audit-1-trail")

    action = page.get_by_label("动作")
    tab_to(page, action)
    while action.input_value() != "imports.approved":
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="查询"))
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("王审")
    looked_at(page, "audit-2-narrowed")

    tab_to(page, page.get_by_role("button", name="校验链条"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("链条完整")).to_be_visible()
    expect(page.locator(".digest")).to_have_text(Event.objects.latest("number").digest)
    looked_at(page, "audit-3-whole")

    # Somebody who owns the database takes its guard away, and puts another name in.
    unguard()
    forged = Event.objects.get(action="imports.approved")
    Event.objects.filter(pk=forged.pk).update(actor_name="李报")
    page.reload()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("链条在 1 处不连续")
    expect(alert).to_contain_text(f"{forged.number}: 内容与写入时不同")
    looked_at(page, "audit-4-forged")
    assert said == []
    page.context.close()
