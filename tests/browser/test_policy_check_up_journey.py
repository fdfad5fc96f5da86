"""An enterprise in a real browser: finds a policy, answers what is asked first, takes it back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import policies_city
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.policies.models import Declaration

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unsafe
from .test_evaluation_journey import tab_to

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("policies"))


@pytest.fixture
def page(runs: Path, settings: LazySettings, browser: Browser, live_server: Any) -> Iterator[Page]:
    """The window of a clerk, whose enterprise is the one of which no research is known."""
    settings.SNAPSHOTS = runs
    row = policies_city.without_research(runs)
    enterprise = Organisation.objects.create(
        kind=roles.ENTERPRISE, code=row["uscc"], title=row["name"]
    )
    opened = page_of(browser, live_server, "clerk", enterprise, roles.ENTERPRISE_CLERK)
    said: list[str] = []
    opened.on("console", lambda line: said.append(line.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.context.close()
    assert said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_next_best_question_is_answered_in_place(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/policies/")
    page.get_by_label("查政策和条款").fill("研发费用")
    hit = page.get_by_role("link", name="研发费用占比不低于百分之三")
    expect(page.get_by_text("第三条（二）")).to_be_visible()
    # A slow press: leaving the search box must not replace the list under the finger.
    hit.hover()
    page.mouse.down()
    page.wait_for_timeout(500)
    page.mouse.up()
    expect(page.get_by_role("region").get_by_text("信息不足")).to_be_visible()
    page.get_by_role("link", name="研发费用", exact=True).click()

    expect(page.locator(".sentence")).to_contain_text("合计 20 万元")
    answer = page.get_by_label("研发费用", exact=False).first
    answer.fill("许多")
    page.get_by_role("button", name="填报并重新测算").click()
    expect(page.get_by_role("alert")).to_contain_text("请填数字")
    page.get_by_label("研发费用", exact=False).first.fill("1000")
    page.get_by_role("button", name="填报并重新测算").click()

    changed = page.locator(".changed")
    expect(changed).to_contain_text("已记下：研发费用")
    expect(changed).to_contain_text("20 万元 → 50 万元")
    expect(changed).to_be_focused()
    expect(page.locator(".sentence")).to_contain_text("合计 50 万元")
    expect(page.get_by_text("暂定：依企业自报的研发费用，核实后确定").first).to_be_visible()
    assert page.url.endswith("#ask") and Declaration.objects.count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("summary", has_text="算式、条件、材料").first.click()
    expect(page.locator(".clauses li.met").first).to_be_visible()

    page.reload()
    expect(page.locator(".sentence")).to_contain_text("合计 50 万元")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(".changed")).to_contain_text("50 万元 → 20 万元")
    assert not Declaration.objects.filter(undone_at=None).exists()


def test_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/policies/check-up/")
    expect(page.locator(".sentence")).to_contain_text("合计 20 万元")
    looked_at(page, "check-up-1-sentence", whole=True)
    tab_to(page, page.get_by_label("研发费用", exact=False).first)
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    expect(page.locator(".changed")).to_be_focused()
    expect(page.locator(".sentence")).to_contain_text("合计 50 万元")
    looked_at(page, "check-up-2-answered")
    tab_to(page, page.get_by_role("button", name="撤回"))
    page.keyboard.press("Enter")
    expect(page.locator(".changed")).to_contain_text("50 万元 → 20 万元")
    page.goto("/policies/lh_rd/")
    looked_at(page, "check-up-3-checklist")
