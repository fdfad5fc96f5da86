"""A policy is written in a real browser, looked over as typed, and published by somebody else."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import policies_city
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.policies import drafting
from cityforge.portal.policies.models import Draft

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unsafe

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
EASIER = policies_city.RD.replace("value: 3%", "value: 2%")
WRONG = EASIER.replace("rd_expense >= revenue", "rd_expence >= revenue")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("policies")).parent


@pytest.fixture
def city(made: Path, settings: LazySettings, tmp_path: Path) -> Path:
    shutil.copytree(made / "lanhe", tmp_path / "city")
    settings.SNAPSHOTS, settings.CITY, settings.HOME = made / "runs", tmp_path / "city", tmp_path
    return tmp_path / "city"


@pytest.fixture
def windows(city: Path, browser: Browser, live_server: Any) -> Iterator[tuple[Page, Page, Page]]:
    """The windows of one who writes and two who may publish."""
    unit = Organisation.objects.create(kind=roles.BUREAU, code="kejiju", title="兰河市科学技术局")
    names = (("李文", roles.REPORTER), ("王审", roles.CHECKER), ("赵核", roles.CHECKER))
    pages = [page_of(browser, live_server, name, unit, role) for name, role in names]
    said: list[str] = []
    for page in pages:
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
    yield pages[0], pages[1], pages[2]
    for page in pages:
        page.context.close()
    assert said == []


def numbered(page: Page) -> None:
    """As many numbers beside the text as it has lines, each beside its line."""
    found = page.evaluate(
        """() => { const text = document.getElementById("text");
        const numbers = document.querySelectorAll(".gutter span");
        return [text.value.split("\\n").length, numbers.length, text.clientHeight,
          numbers[numbers.length - 1].getBoundingClientRect().bottom
            - text.getBoundingClientRect().top] }"""
    )
    assert found[0] == found[1] and abs(found[2] - found[3]) < 24


def test_written_looked_over_and_published_by_another(
    windows: tuple[Page, Page, Page], city: Path
) -> None:
    writer, checker, late = windows
    writer.goto("/policies/lh_rd/")
    writer.get_by_role("link", name="修订这项政策").click()
    expect(writer.get_by_label("哪一项")).to_have_value("lh_rd")
    looked_at(writer, "policy-writing-1-begin")
    writer.get_by_role("button", name="开始修订").click()
    expect(writer.get_by_text("没有错误")).to_be_visible()
    numbered(writer)

    text = writer.get_by_label("政策文件")
    text.fill(WRONG)
    fault = writer.locator("#looked .faults a[data-line]").first
    expect(fault).to_be_visible()  # by itself, while typing
    expect(writer.locator("#looked")).to_contain_text("rd_expense")
    expect(writer.get_by_text("有改动，还没保存")).to_be_visible()
    expect(writer.get_by_role("button", name="提交第 1 稿")).to_be_disabled()
    looked_at(writer, "policy-writing-2-lint")
    fault.click()
    expect(text).to_be_focused()
    marked = "(box => box.value.slice(box.selectionStart, box.selectionEnd))"
    assert "rd_expence" in text.evaluate(marked)
    text.press("Control+Home")
    text.fill(EASIER)
    expect(writer.get_by_text("没有错误")).to_be_visible()
    numbered(writer)
    writer.get_by_text("公众将看到").click()
    expect(writer.locator("#looked .reads")).to_contain_text("研发费用占比不低于百分之三")

    writer.get_by_role("button", name="测算影响").click()
    effects = writer.locator("#effects")
    expect(effects).to_contain_text("与现行相比")
    expect(effects.get_by_role("heading", name="按市（区）", exact=True)).to_be_visible()
    effects.scroll_into_view_if_needed()
    looked_at(writer, "policy-writing-3-effects")
    expect(effects.get_by_text("下面还是改之前的测算")).to_be_hidden()
    text.press("Control+End")
    text.press("Enter")
    expect(effects.get_by_text("下面还是改之前的测算")).to_be_visible()
    text.press("Backspace")
    writer.get_by_role("button", name="保存").click()
    expect(writer.get_by_text("已保存")).to_be_visible()
    writer.get_by_label("给审核员的说明").fill("把研发占比从 3% 放宽到 2%")
    writer.get_by_role("button", name="提交第 2 稿").click()
    expect(writer.get_by_role("heading", name="待发布")).to_be_visible()
    assert (city / "policies" / "lh_rd.yaml").read_text(encoding="utf-8") == policies_city.RD

    pk = Draft.objects.get().pk
    for page in (checker, late):
        page.goto("/policies/drafts/")
        page.get_by_role("link", name="研发投入奖励").first.click()
        expect(page.get_by_text("放宽到 2%")).to_be_visible()
    looked_at(checker, "policy-writing-4-publish")
    checker.goto(f"/policies/drafts/{pk}/compare/")
    expect(checker.locator("ins")).to_contain_text("value: 2%")
    looked_at(checker, "policy-writing-5-compare")
    checker.go_back()
    checker.get_by_role("button", name="发布第 2 稿").click()
    expect(checker.get_by_role("heading", name="已发布")).to_be_visible()
    # The other checker's page is older than that.
    late.get_by_role("button", name="发布第 2 稿").click()
    expect(late.get_by_text("现在的状态是“已发布”，不能这样做")).to_be_visible()

    checker.get_by_role("link", name="看公众页面").click()
    expect(checker.get_by_text("下次运行起按新版匹配")).to_be_visible()
    expect(checker.get_by_role("cell", name="2%")).to_be_visible()
    looked_at(checker, "policy-writing-6-public")
    assert (city / "policies" / "lh_rd.yaml").read_text(encoding="utf-8") == EASIER


def reach(page: Page, name: str, *, most: int = 60) -> None:
    """Come to a control by Tab alone."""
    for _ in range(most):
        page.keyboard.press("Tab")
        named = page.evaluate(
            """() => { const at = document.activeElement, label = (at.labels || [])[0];
            return (label || at).textContent || "" }"""
        )
        if named.strip().startswith(name):
            return
    raise AssertionError(f"{name}: not reached by {most} tabs")


def test_by_the_keyboard_alone(windows: tuple[Page, Page, Page], city: Path) -> None:
    writer, checker, _ = windows
    writer.goto("/policies/drafts/begin/")
    reach(writer, "开始修订")
    writer.keyboard.press("Enter")
    expect(writer.get_by_text("没有错误")).to_be_visible()
    reach(writer, "政策文件")
    writer.keyboard.press("Control+Home")
    writer.keyboard.type("# 2026\n")
    expect(writer.locator(".gutter span").nth(1)).to_be_visible()
    reach(writer, "保存")
    writer.keyboard.press("Enter")
    expect(writer.get_by_text("已保存")).to_be_visible()
    reach(writer, "提交第 2 稿")
    writer.keyboard.press("Enter")
    expect(writer.get_by_role("heading", name="待发布")).to_be_visible()
    checker.goto(f"/policies/drafts/{Draft.objects.get().pk}/")
    reach(checker, "发布第 2 稿")
    checker.keyboard.press("Enter")
    expect(checker.get_by_role("heading", name="已发布")).to_be_visible()
    written = (city / "policies" / "lh_rd.yaml").read_text(encoding="utf-8")
    assert written == drafting.newest(Draft.objects.get()).text and written.startswith("# 2026\n")
    # And back to the text from before, which goes the same road.
    writer.goto("/policies/drafts/of/lh_rd/")
    reach(writer, "与现行比较")
    writer.keyboard.press("Enter")
    expect(writer.locator("del")).to_contain_text("# 2026")
    looked_at(writer, "policy-writing-7-earlier")
    reach(writer, "以此版为底稿")
    writer.keyboard.press("Enter")
    expect(writer.get_by_text("已用以前的文本起草")).to_be_visible()
    expect(writer.get_by_text("没有错误")).to_be_visible()
    expect(writer.get_by_label("政策文件")).to_have_value(policies_city.RD)
