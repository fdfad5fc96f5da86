"""Somebody signs on by the city's provider for the first time; the security admin links her."""

from collections.abc import Iterator
from typing import Any

import pytest
from oidc_provider import ALICE, Provider, running
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import actions, roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.audit.models import Event

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unsafe

__all__ = ["flushed", "guarded_again", "unsafe"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    # Of the parts that the provider is made of.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
BUTTON = "用市统一身份认证登录"
# Chromium says so of every page with this status; it is the one that she is to be shown.
NOT_LET_IN = "Failed to load resource: the server responded with a status of 403 (Forbidden)"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running() as started:
        settings.SIGN_ON, settings.DEMO = started.settings, False
        yield started


def press(page: Page, name: str) -> None:
    """Go to what has this name by Tab alone, and press Enter there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(e => e.getAttribute('aria-label') || e.innerText || e.name)(document.activeElement)"
        )
        if found and found.strip() == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no Tab leads to {name}")


def prove(page: Page) -> None:
    """Be Wang Li at the provider."""
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    press(page, ALICE)


def test_the_admin_links_somebody_who_then_comes_in(
    browser: Browser, live_server: Any, provider: Provider
) -> None:
    city = Organisation.objects.create(kind=roles.CITY, code="city", title="示例市")
    district = Organisation.objects.create(
        kind=roles.DISTRICT, code="east", title="东区", parent=city
    )
    wang = User.objects.create_user("wang.li", None, name="王丽")
    actions.grant(wang, district, roles.DISTRICT_OFFICER, by=None)
    admin = page_of(browser, live_server, "security", city, roles.SECURITY_ADMIN)
    her = browser.new_context(base_url=live_server.url).new_page()
    her.route("https://cdn.jsdelivr.net/**", lambda asked: asked.fulfill(body=""))
    errors: list[str] = []
    for page in (admin, her):
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)

    her.goto("/people/")  # she is sent to sign in first, and wants to go on there
    expect(her.get_by_role("button", name=BUTTON)).to_be_visible()
    looked_at(her, "oidc-1-sign-in")
    press(her, BUTTON)
    prove(her)
    expect(her.get_by_text("您的账号尚未关联，请联系安全管理员")).to_be_visible()
    looked_at(her, "oidc-2-not-linked")

    admin.goto("/people/")
    expect(admin.get_by_role("heading", name="待关联")).to_be_visible()
    looked_at(admin, "oidc-3-waiting")
    press(admin, "王丽")
    expect(admin.get_by_role("heading", name="关联登录身份")).to_be_visible()
    admin.get_by_label("用户名或姓名").focus()
    admin.keyboard.type("wang")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("button", name="关联到 wang.li")).to_be_visible()
    looked_at(admin, "oidc-4-choose")
    press(admin, "关联到 wang.li")
    expect(admin.get_by_text("已关联")).to_be_visible()
    expect(admin.get_by_role("row", name="统一登录")).to_contain_text(ALICE)
    looked_at(admin, "oidc-5-linked")

    her.goto("/sign-in/")
    press(her, BUTTON)
    prove(her)
    expect(her.get_by_role("link", name="王丽")).to_be_visible()
    her.goto("/me/")
    expect(her.get_by_role("cell", name="市（区）经办")).to_be_visible()
    looked_at(her, "oidc-6-in")

    press(admin, "解除关联")
    expect(admin.get_by_text("已解除关联，会话全部结束")).to_be_visible()
    her.goto("/me/")
    expect(her.get_by_role("button", name=BUTTON)).to_be_visible()
    assert errors == [NOT_LET_IN]
    told = Event.objects.filter(about=wang.username).exclude(action="accounts.granted")
    assert list(told.values_list("action", flat=True)) == [
        "accounts.linked", "accounts.signed_in", "accounts.unlinked",
    ]  # fmt: skip
