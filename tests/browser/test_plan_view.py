"""The page of a plan in a real browser: links both ways, and edits that become corrections."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from cityforge.brain.plans import corrections, view
from cityforge.brain.plans.read import read_lines

pytestmark = pytest.mark.browser

TEXT = """云屿市渔港行动计划（2025—2027年）
一、重点任务
（一）建设渔港。到2027年，建成渔港9座以上，新增码头20个左右。（市渔业局牵头，市财政局配合）
（二）改造渔船。围绕6条产业链改造渔船30艘。"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("view") / "plan.html"
    view.write(read_lines(TEXT.split("\n")), file)
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.goto(file.as_uri())
        yield opened
        browser.close()


def test_target_and_sentence_are_linked_both_ways(page: Page) -> None:
    page.locator("#r-2 a").click()
    assert page.url.endswith("#t-2")
    expect(page.locator("#t-2")).to_have_text("新增码头20个左右")
    page.locator("#t-2 a").click()
    assert page.url.endswith("#r-2")


def test_edits_become_corrections_that_the_reader_takes(page: Page, tmp_path: Path) -> None:
    page.locator("#r-1 input.indicator").fill('省级"示范"渔港')
    page.locator("#r-1 input.year").fill("2028")
    page.locator("#r-3 button.drop").click()
    page.locator("#r-2 input.value").fill("不是数字")
    with page.expect_download() as held:
        page.locator("#save").click()
    file = tmp_path / "corrections.yaml"
    held.value.save_as(file)
    found = corrections.apply(read_lines(TEXT.split("\n")), corrections.read(file))
    assert [(t.indicator, t.value, t.year) for t in found.targets] == [
        ('省级"示范"渔港', 9, 2028),
        ("新增码头", 20, 2027),
    ]


def test_both_columns_fit_beside_each_other_and_below_each_other(page: Page) -> None:
    for width in (1440, 400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
