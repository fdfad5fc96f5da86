"""A system's clerk makes a token with the keyboard alone, reads how to ask, revokes it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import policies_city
import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.api.models import Token

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unsafe

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("api"))


@pytest.fixture
def page(runs: Path, settings: LazySettings, browser: Browser, live_server: Any) -> Iterator[Page]:
    settings.SNAPSHOTS = runs
    city = Organisation.objects.create(kind=roles.CITY, code="city", title="兰河市")
    opened = page_of(browser, live_server, "statistics", city, roles.ANALYST)
    said: list[str] = []
    opened.on("console", lambda line: said.append(line.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.context.close()
    assert said == []


def test_a_token_is_made_used_and_revoked_by_keyboard(page: Page, runs: Path) -> None:
    page.goto("/me/")
    page.get_by_role("link", name="接口令牌").focus()
    page.keyboard.press("Enter")
    page.get_by_label("用途").focus()
    page.keyboard.type("每天读取评价结果")
    for _ in range(2):  # past the day, which has three parts of its own in Chromium
        page.keyboard.press("Tab")
    page.get_by_label("读取", exact=False).first.focus()
    page.keyboard.press("Space")
    looked_at(page, "api-1-make", whole=True)
    page.get_by_role("button", name="建立").focus()
    page.keyboard.press("Enter")
    secret = page.locator("code.key")
    expect(secret).to_contain_text("cf_")
    looked_at(page, "api-2-secret", whole=True)
    header = {"Authorization": f"Bearer {secret.inner_text()}"}
    assert Client().get("/api/v1/evaluations", headers=header).status_code == 200

    page.get_by_role("link", name="接口说明").click()
    expect(page.get_by_role("heading", name="接口说明")).to_be_visible()
    entry = page.locator("summary", has_text="查企业")
    entry.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("统一社会信用代码").first).to_be_attached()
    looked_at(page, "api-3-reference")

    # From a figure of the desk one step leads to its receipt.
    run = (runs / "latest").read_text().strip()
    page.goto("/figures/grade-1/")
    page.get_by_role("link", name="重算凭据").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("任何人都可以重算")).to_be_visible()
    assert f"/numbers/{run}/lanhe_2025/run/city/" in page.url
    looked_at(page, "api-4-number", whole=True)

    page.goto("/me/tokens/")
    page.get_by_role("button", name="撤销").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("令牌已撤销")
    assert Token.objects.get().revoked_at is not None
    assert Client().get("/api/v1/evaluations", headers=header).status_code == 401
