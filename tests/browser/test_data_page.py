"""A bureau's way with its data in a real browser: wrong rows seen, mended, submitted, approved."""

from pathlib import Path
from typing import Any

import pytest
from imports_city import LANHE, codes, lay_out, performance
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unhindered, unsafe, work

__all__ = ["flushed", "guarded_again", "unhindered", "unsafe"]

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
GOOD = performance([(2023, 100), (2024, 120)])
BAD = performance([(2023, 100), (2024, 120)], f"{codes()[0]},二〇二五,是,9")


def upload(page: Page, file: Path) -> None:
    page.goto("/data/sets/performance/")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="已检查，待提交")).to_be_visible()  # by itself


def test_wrong_rows_are_seen_mended_submitted_and_approved(
    unhindered: None, browser: Browser, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.CITY, settings.DATA, settings.FILES = LANHE, tmp_path / "data", tmp_path / "files"
    lay_out(settings.DATA)
    jxj = Organisation.objects.create(kind=roles.BUREAU, code="jxj", title="经信局")
    reporter = page_of(browser, live_server, "reporter", jxj, roles.REPORTER)
    checker = page_of(browser, live_server, "checker", jxj, roles.CHECKER)
    errors: list[str] = []
    for page in (reporter, checker):
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)

    reporter.goto("/data/")
    looked_at(reporter, "data-1-owed")
    wrong = tmp_path / "绩效.csv"
    wrong.write_bytes(BAD)
    upload(reporter, wrong)
    fault = reporter.locator("#rows td.fault")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text("二〇二五")
    expect(fault).to_contain_text("不是有效年度")
    looked_at(reporter, "data-2-refused", whole=True)
    reporter.get_by_role("link", name="全部的行 11").click()
    expect(reporter.locator("#rows tbody tr")).to_have_count(11)
    with reporter.expect_download() as started:
        reporter.get_by_role("link", name="下载退回文件").click()
    back = tmp_path / started.value.suggested_filename
    started.value.save_as(back)
    text = back.read_text(encoding="utf-8-sig")
    assert back.name == "绩效-退回.csv" and "不是有效年度" in text

    # Mended in the very file that came back, its two columns left in.
    back.write_text(text.replace("二〇二五", "2025"), encoding="utf-8-sig")
    upload(reporter, back)
    expect(reporter.locator("#rows td.fault")).to_have_count(0)
    reporter.get_by_label("给审核员的说明").fill("改了一行年度")
    looked_at(reporter, "data-3-mended", whole=True)
    reporter.get_by_role("button", name="提交审核").click()
    expect(reporter.get_by_role("heading", name="待审核")).to_be_visible()

    checker.goto("/data/")
    checker.get_by_role("link", name="企业年度绩效").first.click()
    expect(checker.get_by_text("改了一行年度")).to_be_visible()
    looked_at(checker, "data-4-approval")
    checker.get_by_role("button", name="批准接收").click()
    expect(checker.get_by_role("progressbar")).to_be_visible()
    work()
    expect(checker.get_by_role("heading", name="已接收")).to_be_visible()
    looked_at(checker, "data-5-taken")
    assert errors == []
    listed = (settings.DATA / "sources.yaml").read_text(encoding="utf-8")
    assert "performance: deliveries/performance/0002-" in listed
