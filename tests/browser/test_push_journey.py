"""In a real browser: a policy is pushed, a clerk reads it and acts, the receipt comes back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import policies_city
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.notices.models import Consent, RecordedSms

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unsafe, work

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("push"))


@pytest.fixture
def windows(
    runs: Path, settings: LazySettings, browser: Browser, live_server: Any
) -> Iterator[dict[str, Page]]:
    """An analyst of the city, and a clerk and the admin of an enterprise entitled to `lh_tax`."""
    settings.SNAPSHOTS = runs
    settings.NOTICES_QUIET_HOURS = (0, 0)
    row = policies_city.without_research(runs)
    city = Organisation.objects.create(kind=roles.CITY, code="lanhe", title="兰河市")
    own = Organisation.objects.create(kind=roles.ENTERPRISE, code=row["uscc"], title=row["name"])
    opened = {
        "officer": page_of(browser, live_server, "analyst", city, roles.ANALYST),
        "clerk": page_of(browser, live_server, "clerk", own, roles.ENTERPRISE_CLERK),
        "admin": page_of(browser, live_server, "admin", own, roles.ENTERPRISE_ADMIN),
    }
    said: list[str] = []
    for page in opened.values():
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    for page in opened.values():
        page.context.close()
    assert said == []


def test_a_policy_is_pushed_read_and_acted_on(windows: dict[str, Page]) -> None:
    officer, clerk = windows["officer"], windows["clerk"]
    officer.goto("/push/")
    officer.get_by_role("link", name="新建推送").click()
    officer.get_by_label("哪项政策").select_option("lh_tax")
    expect(officer.get_by_text("其中 1 家有账号")).to_be_visible()
    officer.get_by_label("属地").select_option(index=1)
    expect(
        officer.get_by_text("其中 1 家有账号").or_(officer.get_by_text("其中 0 家"))
    ).to_be_visible()
    officer.get_by_label("属地").select_option("")
    officer.get_by_label("短信").check()
    expect(officer.get_by_text("短信 · 未同意接收")).to_be_visible()
    expect(officer.get_by_role("heading", name="纳税贡献奖励：贵企业符合条件")).to_be_visible()
    expect(officer.get_by_role("heading", name="Award for taxes: you are entitled")).to_be_visible()
    looked_at(officer, "push-1-choose", whole=True)
    officer.get_by_role("button", name="发送给").click()
    expect(officer.get_by_role("progressbar")).to_be_visible()
    work()
    expect(officer.get_by_role("heading", name="已发完")).to_be_visible()
    looked_at(officer, "push-2-sent")

    clerk.goto("/inbox/")
    expect(clerk.locator(".who .count")).to_contain_text("1")
    looked_at(clerk, "push-3-inbox")
    clerk.get_by_role("link", name="纳税贡献奖励：贵企业符合条件").click()
    expect(clerk.get_by_text("为什么是您")).to_be_visible()
    expect(clerk.locator(".who .count")).to_have_count(0)
    looked_at(clerk, "push-4-message")
    clerk.get_by_role("button", name="查看我的对照结果").click()
    expect(clerk.get_by_text("符合条件", exact=True)).to_be_visible()
    assert "/policies/lh_tax/?of=" in clerk.url
    looked_at(clerk, "push-5-answer")

    officer.reload()
    expect(officer.locator(".card", has_text="看了对照结果").locator("b")).to_have_text("1")
    officer.get_by_role("link", name="未读").click()
    expect(officer.get_by_text("没有。")).to_be_visible()
    looked_at(officer, "push-6-receipt")
    officer.goto("/policies/coverage/")
    officer.get_by_role("link", name="谁该知道、谁知道了").click()
    looked_at(officer, "push-7-coverage")
    officer.get_by_role("link", name="纳税贡献奖励", exact=True).click()
    expect(officer.get_by_role("heading", name="按属地")).to_be_visible()
    looked_at(officer, "push-8-by-district")


def test_an_enterprise_agrees_to_a_channel(windows: dict[str, Page]) -> None:
    admin = windows["admin"]
    admin.goto("/inbox/")
    admin.get_by_role("link", name="接收设置").click()
    admin.get_by_label("手机号码").fill("13800000000")
    admin.get_by_role("button", name="获取验证码").click()
    expect(admin.get_by_text("待验证")).to_be_visible()
    work()
    code = RecordedSms.objects.get().text.partition("验证码 ")[2][:6]
    admin.get_by_label("验证码").fill(code)
    admin.get_by_role("button", name="验证并同意接收").click()
    expect(admin.get_by_text("13800000000")).to_be_visible()
    looked_at(admin, "push-9-channels")
    admin.get_by_role("button", name="停止接收 短信").click()
    expect(admin.get_by_label("手机号码")).to_be_visible()
    assert Consent.objects.get().ended_at is not None


def test_it_is_pushed_and_read_with_the_keyboard_alone(windows: dict[str, Page]) -> None:
    officer, clerk = windows["officer"], windows["clerk"]
    officer.goto("/push/new/")
    to(officer, "select[name=policy]")
    policy = officer.get_by_label("哪项政策")
    while policy.input_value() != "lh_tax":
        officer.keyboard.press("ArrowDown")
    expect(officer.get_by_role("heading", name="纳税贡献奖励：贵企业符合条件")).to_be_visible()
    to(officer, "#preview button")
    officer.keyboard.press("Enter")
    expect(officer.get_by_role("progressbar")).to_be_visible()
    work()
    expect(officer.get_by_role("heading", name="已发完")).to_be_visible()
    clerk.goto("/me/")
    to(clerk, ".who a[href='/inbox/']")
    clerk.keyboard.press("Enter")
    to(clerk, ".letters a")
    clerk.keyboard.press("Enter")
    to(clerk, "article button")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#checklist")).to_be_visible()


def to(page: Page, selector: str) -> None:
    """Go on by Tab until it is reached; by the first that fits."""
    page.wait_for_selector(selector)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")
