"""An enterprise in a real browser: checks its data, objects, wins, sees its grade and who moved."""

import shutil
from pathlib import Path
from typing import Any

import evaluated_city
import pytest
from django.conf import LazySettings
from evaluated_city import BUREAU, PDF, SCHEME
from playwright.sync_api import Browser, Page, expect

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.enterprises import actions as enterprises

from .looks import looked_at
from .portal_journeys import flushed, guarded_again, page_of, unsafe, work
from .test_evaluation_journey import tab_to, watched

__all__ = ["flushed", "guarded_again", "unsafe"]
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated_city.made(tmp_path_factory.mktemp("objected"), declared=False)


@pytest.fixture
def windows(
    city: Path, tmp_path: Path, settings: LazySettings, browser: Browser, live_server: Any
) -> dict[str, Page]:
    """The windows of an enterprise's clerk, the city's analyst, the bureau's checker."""
    for name in ("data", "runs"):
        shutil.copytree(city / name, tmp_path / name, copy_function=shutil.copy)
    settings.CITY, settings.HOME = city / "city", tmp_path
    settings.DATA, settings.SNAPSHOTS = tmp_path / "data", tmp_path / "runs"
    enterprises.index()
    row = evaluated_city.graded(tmp_path / "runs", "丙")
    places = {
        "clerk": (roles.ENTERPRISE, str(row["uscc"]), str(row["name"]), roles.ENTERPRISE_CLERK),
        "analyst": (roles.CITY, "lanhe", "兰河市", roles.ANALYST),
        "checker": (roles.BUREAU, BUREAU, "经信局", roles.CHECKER),
    }
    found = {}
    for name, (kind, code, title, role) in places.items():
        unit = Organisation.objects.create(kind=kind, code=code, title=title)
        found[name] = page_of(browser, live_server, name, unit, role)
    return found


def step(page: Page, *stages: str) -> None:
    for stage in stages:
        page.get_by_role("button", name=f"进入：{stage}").click()
        expect(page.get_by_role("heading", name=stage, exact=True)).to_be_visible()


def compute(page: Page, why: str) -> None:
    page.get_by_label("为何重算").fill(why)
    page.get_by_role("button", name="重算").click()
    expect(page.get_by_role("cell", name=why)).to_be_visible()


def test_checked_objected_won_and_who_else_moved(windows: dict[str, Page], tmp_path: Path) -> None:
    clerk, analyst = windows["clerk"], windows["analyst"]
    said = watched(clerk) + watched(analyst)
    proof = tmp_path / "完税证明.pdf"
    proof.write_bytes(PDF)
    analyst.goto(f"/evaluations/{SCHEME}/proceeding/")
    analyst.get_by_role("button", name="开始").click()
    step(analyst, "名单确定", "数据归集", "企业核对")

    # By the keyboard alone.
    clerk.goto("/evaluations/mine/")
    expect(clerk.get_by_text("未回应")).to_be_visible()
    looked_at(clerk, "objection-1-check", whole=True)
    tab_to(clerk, clerk.locator("summary", has_text="有误：税收"))
    clerk.keyboard.press("Enter")
    tab_to(clerk, clerk.locator("input[name=right]:visible"))
    clerk.keyboard.type("400")
    clerk.keyboard.press("Tab")
    clerk.keyboard.type("四季度入库税款漏计")
    clerk.locator("input[type=file]:visible").set_input_files(proof)
    tab_to(clerk, clerk.get_by_role("button", name="提交异议"))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("待认定")).to_be_visible()
    expect(clerk.get_by_text("有异议").first).to_be_visible()
    looked_at(clerk, "objection-2-objected")

    analyst.reload()
    step(analyst, "异议处理")
    compute(analyst, "初评")
    expect(analyst.get_by_text("四季度入库税款漏计")).to_be_visible()
    with analyst.expect_download():
        analyst.get_by_role("link", name="佐证 1").click()
    looked_at(analyst, "objection-3-ruling", whole=True)
    analyst.get_by_label("依据").fill("已与税务系统核对")
    analyst.get_by_role("button", name="认定").click()
    expect(analyst.get_by_role("heading", name="待认定的异议")).to_have_count(0)
    expect(analyst.get_by_text("已列入“数据更正”")).to_be_visible()
    compute(analyst, "采纳异议")
    expect(analyst.get_by_text("本企业数据更正")).to_be_visible()
    clerk.reload()
    won = clerk.locator("#won")
    expect(won).to_contain_text("丙 → 甲")
    expect(won).to_contain_text("名单公示后列出企业名称")
    step(analyst, "计算", "会审")
    analyst.get_by_role("button", name="公示最新一版").click()
    expect(analyst.get_by_role("heading", name="公示", exact=True)).to_be_visible()
    looked_at(analyst, "objection-4-knock-on", whole=True)
    clerk.reload()
    expect(won.locator("tbody tr").first).to_be_visible()
    expect(clerk.get_by_text("已与税务系统核对")).to_be_visible()
    looked_at(clerk, "objection-5-won")
    with clerk.expect_download() as letter:
        clerk.get_by_role("link", name="下载通知书").click()
    assert Path(letter.value.path()).read_bytes().startswith(b"%PDF-")
    clerk.goto("/corrections/")
    expect(clerk.get_by_text("评价异议")).to_be_visible()
    tab_to(clerk, clerk.get_by_role("link", name="税收"))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_text("下一次计算起采用")).to_be_visible()
    looked_at(clerk, "objection-6-carried-on")
    assert said == []


def test_a_figure_put_right_stands_in_the_file_after_the_next_run(
    windows: dict[str, Page], tmp_path: Path
) -> None:
    clerk, checker, analyst = windows["clerk"], windows["checker"], windows["analyst"]
    said = watched(clerk) + watched(checker)
    proof = tmp_path / "证明.pdf"
    proof.write_bytes(PDF)
    clerk.goto("/corrections/")
    clerk.get_by_role("link", name="提出更正").click()
    looked_at(clerk, "correction-1-which")
    clerk.get_by_role("link", name="研发费用").click()
    clerk.get_by_label("应为").fill("321.5")
    clerk.get_by_label("理由").fill("漏报两个项目")
    clerk.get_by_label("佐证").set_input_files(proof)
    looked_at(clerk, "correction-2-form")
    tab_to(clerk, clerk.get_by_role("button", name="提交"))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("heading", name="待核实")).to_be_visible()

    checker.goto("/corrections/")
    checker.get_by_role("link", name="研发费用").click()
    checker.get_by_label("核实的依据").fill("与研发辅助账一致")
    looked_at(checker, "correction-3-ruling")
    tab_to(checker, checker.get_by_role("button", name="采纳", exact=True))
    checker.keyboard.press("Enter")
    expect(checker.get_by_role("heading", name="已采纳")).to_be_visible()

    analyst.goto(f"/runs/preview/?scheme={SCHEME}&year=2024")
    expect(analyst.get_by_text("项更正已核实")).to_be_visible()
    analyst.get_by_role("button", name="开始计算").click()
    expect(analyst.get_by_role("progressbar")).to_be_visible()
    work()
    analyst.get_by_role("button", name="启用", exact=True).click()
    expect(analyst.get_by_role("heading", name="已启用")).to_be_visible()
    work()
    clerk.goto("/enterprises/own/")
    clerk.get_by_role("link", name="数据与来源").click()
    expect(clerk.get_by_text("企业更正，经")).to_be_visible()
    expect(clerk.get_by_text("321.5")).to_be_visible()
    clerk.get_by_text("321.5").scroll_into_view_if_needed()
    looked_at(clerk, "correction-4-in-the-file")
    assert said == []
