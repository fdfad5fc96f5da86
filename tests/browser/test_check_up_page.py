"""The page of a policy check-up in a real browser: it fits, speaks two languages, runs nothing."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cityforge.brain.reports.check_up import html as check_up_html

pytestmark = pytest.mark.browser

_place = Path(__file__).parents[1] / "unit" / "reports" / "made_check_up.py"
_spec = importlib.util.spec_from_file_location("made_check_up", _place)
assert _spec is not None and _spec.loader is not None
made_check_up = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_check_up)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("check_up")
    check_up_html.write(made_check_up.examined(out, "energy=5tce"), out / "page.html")
    return out / "page.html"


@pytest.fixture(params=[1440, 390])
def page(browser: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": request.param, "height": 900})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith(("file:", "data:")) else wrong.append(asked.url),
    )
    opened.goto(file.as_uri())
    yield opened
    opened.close()
    assert wrong == []


def fits(page: Page) -> bool:
    width = page.viewport_size["width"] if page.viewport_size else 0
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


def test_it_fits_closed_and_opened(page: Page) -> None:
    sheet = page.locator(".sheet[lang=zh-CN]")
    expect(sheet.locator("h1")).to_have_text(made_check_up.HOSTILE)
    expect(sheet.locator(".simulated")).to_contain_text("模拟数据")
    expect(sheet.locator(".figures .big").first).to_have_text("24.69万元")
    assert fits(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    expect(sheet.locator(".clauses .unmet").first).to_be_visible()
    assert fits(page)


def test_a_bar_is_as_long_as_the_enterprise_has_come(page: Page) -> None:
    card = page.locator(".sheet[lang=zh-CN] .card", has_text="成长奖励")
    share = card.locator(".bar").evaluate(
        "bar => bar.querySelector('i').getBoundingClientRect().width"
        " / bar.getBoundingClientRect().width"
    )
    assert share == pytest.approx(4000 / 4500, abs=0.01)
    expect(card.locator(".gap-words")).to_have_text("还差 500 万元")


def test_the_language_switches_without_a_script(page: Page) -> None:
    expect(page.locator(".sheet[lang=en]")).to_be_hidden()
    page.locator("label", has_text="English").click()
    expect(page.locator(".sheet[lang=en]")).to_be_visible()
    expect(page.locator(".sheet[lang=zh-CN]")).to_be_hidden()
    expect(page.locator(".sheet[lang=en] .kind")).to_have_text("Policy check-up")
    assert fits(page)
    assert page.locator("script").count() == 0


def test_the_first_question_and_what_is_declared_stand_on_top(page: Page) -> None:
    sheet = page.locator(".sheet[lang=zh-CN]")
    # With the declared energy the saving grant is due, and value added alone is up to its cap.
    expect(sheet.locator(".panel h3")).to_have_text("增加值")
    expect(sheet.locator(".panel .gain")).to_have_text("最多可多得 60 万元")
    expect(sheet.locator("section", has_text="企业自报").first).to_contain_text("5 吨标准煤")


def test_on_paper_every_detail_is_open(browser: Browser, file: Path) -> None:
    opened = browser.new_page(viewport={"width": 800, "height": 1100})
    opened.goto(file.as_uri())
    opened.emulate_media(media="print")
    inner = opened.locator(".sheet[lang=zh-CN] .inner").first
    expect(inner).to_be_visible()
    expect(opened.locator(".languages")).to_be_hidden()
    opened.close()
