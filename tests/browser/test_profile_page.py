"""The page of a data profile in a real browser: it says what was found, and runs nothing else."""

import importlib.util
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cityforge.brain.intake.profile import folder as folders
from cityforge.brain.reports import profile_page

pytestmark = pytest.mark.browser

_place = Path(__file__).parents[1] / "unit" / "intake" / "made_folder.py"
_spec = importlib.util.spec_from_file_location("made_folder", _place)
assert _spec is not None and _spec.loader is not None
made_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_folder)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = made_folder.write(tmp_path_factory.mktemp("data"))
    out = tmp_path_factory.mktemp("profile") / "profile.html"
    found = folders.profile(made_folder.city(), data, as_of=date(2025, 9, 30))
    profile_page.write(found, out)
    return out


@pytest.fixture(params=[1440, 390])
def page(browser: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": request.param, "height": 900})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("file:", "data:", "blob:")) else wrong.append(asked.url)
        ),
    )
    opened.goto(file.as_uri())
    opened.wait_for_selector("html[data-ready]")
    yield opened
    opened.close()
    assert wrong == []


def open_set(page: Page, name: str) -> None:
    page.click(f"#chase button.link:text-is('{name}')")
    expect(page.locator("#sets .panel h3")).to_have_text(name)


def test_every_section_is_marked_and_the_page_fits(page: Page) -> None:
    expect(page.locator(".sentence")).to_contain_text("其中 2 个逾期或没有数据")
    sections = page.locator("main section header")
    assert sections.count() == 4
    for i in range(sections.count()):
        assert "模拟数据" in sections.nth(i).inner_text()
    for name in ("税务", "统计调查", "月度数据", "用地"):
        open_set(page, name)
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_slip_is_found_and_a_hostile_name_is_only_text(page: Page) -> None:
    open_set(page, "税务")
    page.click("#sets th button:has-text('开票销售')")
    assert page.locator("#sizes svg").count() == 1
    rows = page.locator("#sets .detail .rows").first.locator("tbody tr")
    expect(rows).to_have_count(2)
    assert made_folder.HOSTILE in rows.nth(1).inner_text()
    assert page.locator("script").count() == 2
    with page.expect_download() as waiting:
        page.locator("#sets .detail .rows").first.locator("button").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "模拟数据"
    assert len(lines) == 4


def test_survey_data_show_counts_and_no_enterprise(page: Page) -> None:
    open_set(page, "统计调查")
    expect(page.locator("#sets .note")).to_contain_text("法定统计资料")
    page.click("#sets th button:has-text('营业收入（统计）')")
    expect(page.locator("#sets .detail")).to_contain_text("离群 3 处")
    assert page.locator("#sets .detail .code").count() == 0
    pairs = page.locator("#agreements .pair")
    assert pairs.nth(0).locator("details").count() == 0
    pairs.nth(1).locator("summary").click()
    assert made_folder.codes()[5] in pairs.nth(1).inner_text()
    assert pairs.nth(0).locator("svg").count() == 1


def test_the_language_switches_the_whole_page(page: Page) -> None:
    page.click("button[lang=en]")
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("#chase")).to_contain_text("Ask for 3 periods from June 2025")
    expect(page.locator("#rules")).to_contain_text("Statistics Law")
    page.click("button[lang=zh]")
    expect(page.locator("#chase")).to_contain_text("催报 2025年6月起的 3 期")


def test_a_link_leads_to_one_dataset(browser: Browser, file: Path) -> None:
    opened = browser.new_page()
    opened.goto(file.as_uri() + "#months")
    opened.wait_for_selector("html[data-ready]")
    expect(opened.locator("#sets .panel h3")).to_have_text("月度数据")
    opened.close()
