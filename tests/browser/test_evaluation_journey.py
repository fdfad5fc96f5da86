"""An analyst in a real browser: previews, runs the city, puts it in force, publishes the list."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import evaluated_city
import pytest
from django.conf import LazySettings
from evaluated_city import SCHEME
from playwright.sync_api import Browser, Locator, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.runs import working

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unhindered, unsafe, work

__all__ = ["flushed", "guarded_again", "unhindered", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated_city.made(tmp_path_factory.mktemp("evaluated"))


@pytest.fixture
def page(
    unhindered: None,
    city: Path,
    tmp_path: Path,
    settings: LazySettings,
    browser: Browser,
    live_server: Any,
) -> Page:
    """The window of a city's analyst; the data are newer than the run in force."""
    for name in ("data", "runs"):
        shutil.copytree(city / name, tmp_path / name, copy_function=shutil.copy)
    settings.CITY, settings.HOME = city / "city", tmp_path
    settings.DATA, settings.SNAPSHOTS = tmp_path / "data", tmp_path / "runs"
    evaluated_city.deliver(tmp_path / "data")
    whole = Organisation.objects.create(kind=roles.CITY, code="lanhe", title="兰河市")
    return page_of(browser, live_server, "analyst", whole, roles.ANALYST)


def watched(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as one does who has no mouse."""
    for _ in range(80):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {wanted}")


def test_previewed_run_put_in_force_and_published(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = watched(page)
    page.goto("/runs/")
    page.get_by_label("年度").select_option(label="2023（数据截至 2024-12-30）")
    page.get_by_role("button", name="预览影响").click()
    expect(page.get_by_text("家会升等")).to_be_visible()
    expect(page.get_by_text("个数据集有新报送")).to_be_visible()
    looked_at(page, "evaluation-1-preview", whole=True)
    page.get_by_label("年度").select_option(label="2024（数据截至 2025-09-30）")
    page.get_by_role("button", name="预览影响").click()
    page.get_by_role("button", name="开始计算").click()

    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    seen, tell = Event(), working.tell

    def told_slowly(pk: int, doing: list[str], share: float) -> bool:
        """The run of so small a city could be over between two looks at it."""
        is_wanted = tell(pk, doing, share)
        if share >= 0.01:
            seen.wait(30)
        return is_wanted

    monkeypatch.setattr(working, "tell", told_slowly)
    with ThreadPoolExecutor(1) as pool:
        computed = pool.submit(work)
        # It moves by itself.
        expect(page.locator("progress:not([value='0'])")).to_be_visible(timeout=30_000)
        looked_at(page, "evaluation-2-running")
        seen.set()
        computed.result()
    expect(page.get_by_role("heading", name="已算好，待启用")).to_be_visible()
    expect(page.get_by_text("家降等").first).to_be_visible()
    looked_at(page, "evaluation-3-who-moves", whole=True)
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_role("heading", name="已启用")).to_be_visible()
    work()

    page.goto(f"/evaluations/{SCHEME}/")
    page.get_by_role("link", name="评价流程").click()
    page.get_by_role("button", name="开始").click()
    for stage in ("名单确定", "数据归集", "企业核对"):
        page.get_by_role("button", name=f"进入：{stage}").click()
        expect(page.get_by_role("heading", name=stage, exact=True)).to_be_visible()
    page.get_by_label("为何重算").fill("初评")
    page.get_by_role("button", name="重算").click()
    expect(page.get_by_text("企业核对情况")).to_be_visible()
    looked_at(page, "evaluation-4-proceedings", whole=True)
    for stage in ("计算", "会审"):
        page.get_by_role("button", name=f"进入：{stage}").click()
    page.get_by_role("button", name="公示最新一版").click()
    expect(page.get_by_role("heading", name="公示", exact=True)).to_be_visible()
    page.get_by_role("link", name="通知书和等次文件").click()
    page.get_by_label("等次").select_option("丁")
    with page.expect_download() as letters:
        page.get_by_role("button", name="下载全部通知书").click()
    assert letters.value.suggested_filename == f"{SCHEME}-letters.zip"
    looked_at(page, "evaluation-5-files")
    page.goto("/evaluations/compare/")
    page.get_by_role("button", name="比较").click()
    expect(page.locator(".sentence")).to_contain_text("家升等")
    looked_at(page, "evaluation-6-compare", whole=True)
    page.context.clear_cookies()
    page.goto("/publicity/")
    expect(page.get_by_text("公示期").first).to_be_visible()
    assert page.locator("tbody tr").count() > 20
    looked_at(page, "evaluation-7-public-list")
    assert said == []
    page.context.close()


def test_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/runs/preview/?" + f"scheme={SCHEME}&year=2024")
    tab_to(page, page.get_by_role("button", name="开始计算"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="取消计算"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="已取消")).to_be_visible()
    page.goto("/runs/preview/?" + f"scheme={SCHEME}&year=2024")
    tab_to(page, page.get_by_role("button", name="开始计算"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    put = page.get_by_role("button", name="启用", exact=True)
    expect(put).to_be_visible()
    tab_to(page, put)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="已启用")).to_be_visible()
    page.context.close()
