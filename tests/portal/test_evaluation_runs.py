"""Runs of the whole city from the web: preview, progress, one at a time, in force in one step."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import evaluated_city
import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from evaluated_city import SCHEME, deliver, plain, work

from cityforge.brain.api import evaluations
from cityforge.brain.errors import RunRefused, Text
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.analytics import runs as analytics
from cityforge.portal.audit.models import Event
from cityforge.portal.runs import states, tasks
from cityforge.portal.runs.models import Run

ASKED = {"scheme": SCHEME, "year": 2024}
Signed = Callable[[str], Client]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated_city.made(tmp_path_factory.mktemp("run"))


@pytest.fixture
def home(city: Path, tmp_path: Path, settings: LazySettings) -> Path:
    """A copy of the city, its data and its run, to be changed."""
    for name in ("data", "runs"):
        shutil.copytree(city / name, tmp_path / name, copy_function=shutil.copy)
    settings.CITY, settings.HOME = city / "city", tmp_path
    settings.DATA, settings.SNAPSHOTS = tmp_path / "data", tmp_path / "runs"
    return tmp_path


def latest(home: Path) -> str:
    return (home / "runs" / "latest").read_text(encoding="utf-8").strip()


def start(client: Client) -> Run:
    assert client.post("/runs/start/", ASKED).status_code == 302
    return Run.objects.get(state=states.RUNNING)


def test_a_run_is_previewed_computed_looked_at_and_put_in_force(
    signed_in: Signed, home: Path
) -> None:
    before, analyst = latest(home), signed_in(roles.ANALYST)
    same = plain(analyst.get("/runs/preview/", ASKED).text)
    assert "0 个数据集有新报送" in same and "按现有数据没有变动" in same
    deliver(home / "data")
    earlier = plain(analyst.get("/runs/preview/", ASKED | {"year": 2023}).text)
    assert "1 个数据集有新报送" in earlier and "家会升等" in earlier and "地区" in earlier
    run = start(analyst)
    page = analyst.get(f"/runs/{run.pk}/")
    assert "排队" in page.text and 'hx-trigger="every 1s"' in page.text
    assert work() == ["SUCCESSFUL"]
    assert analyst.get(f"/runs/{run.pk}/progress/").headers["HX-Refresh"] == "true"
    run.refresh_from_db()
    assert (run.state, run.progress, run.before) == (states.DONE, 100, before)
    assert latest(home) == before != run.run  # nobody has looked yet
    shown = plain(analyst.get(f"/runs/{run.pk}/").text)
    assert "家降等" in shown and "待启用" in shown
    assert "评价计算已算好，待启用" in analyst.get("/").text  # what waits, on the first page
    names = [row["name"] for row in evaluated_city.rows(home / "runs")]
    assert any(name in shown for name in names)
    analyst.post(f"/runs/{run.pk}/adopt/")
    assert latest(home) == run.run and (home / "runs" / before / "run.json").is_file()
    assert list((home / "runs" / ".candidates").glob("2*")) == []
    assert run.run in analyst.get("/runs/").text
    work()
    actions = set(Event.objects.values_list("action", flat=True))
    assert actions >= {"runs.started", "runs.computed", "runs.adopted", "enterprises.indexed"}


def test_what_was_before_is_restored(signed_in: Signed, home: Path) -> None:
    analyst, runs = signed_in(roles.ANALYST), []
    for _ in range(2):
        runs.append(start(analyst))
        work()
        analyst.post(f"/runs/{runs[-1].pk}/adopt/")
        runs[-1].refresh_from_db()
        deliver(home / "data")
    first, second = runs
    assert latest(home) == second.run != first.run
    assert "曾启用" in analyst.get(f"/runs/{first.pk}/").text
    analyst.post(f"/runs/{first.pk}/adopt/")
    assert latest(home) == first.run
    shutil.rmtree(home / "runs" / second.run)
    gone = analyst.post(f"/runs/{second.pk}/adopt/", follow=True)
    assert "已不在" in gone.text and latest(home) == first.run


def test_one_at_a_time_cancelled_and_not_used(signed_in: Signed, home: Path) -> None:
    analyst, before = signed_in(roles.ANALYST), latest(home)
    run = start(analyst)
    again = analyst.post("/runs/start/", ASKED, follow=True)
    assert "另一次计算正在进行" in again.text and Run.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(scheme=SCHEME, year=2024, as_of="2025-09-30", started_by=run.started_by)
    analyst.post(f"/runs/{run.pk}/cancel/")
    assert work() == ["SUCCESSFUL"]  # the worker sees that nobody wants it
    run.refresh_from_db()
    assert (run.state, run.run) == (states.CANCELLED, "")
    other = start(analyst)
    work()
    analyst.post(f"/runs/{other.pk}/discard/")
    other.refresh_from_db()
    assert other.state == states.DISCARDED and latest(home) == before
    refused = analyst.post(f"/runs/{other.pk}/adopt/", follow=True)
    assert "不能这样做" in refused.text and latest(home) == before


def test_a_cancel_reaches_the_work_and_a_discard_the_files(
    signed_in: Signed, home: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    analyst = signed_in(roles.ANALYST)
    run = start(analyst)
    told = tasks._teller(run.pk)
    told(Text(zh="在算", en="at work"), 0.5)
    run.refresh_from_db()
    assert (run.progress, run.doing) == (50, ["在算", "at work"])
    analyst.post(f"/runs/{run.pk}/cancel/")
    with pytest.raises(tasks._Unwanted):
        tasks._teller(run.pk)(Text(zh="在算", en="at work"), 0.6)
    work()
    other = start(analyst)
    work()
    other.refresh_from_db()
    candidate = home / "runs" / ".candidates" / other.run
    orphan = candidate.with_name("2020-12-31-0123456789ab")  # its worker died before it could tell
    shutil.copytree(candidate, orphan)
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(f"/runs/{other.pk}/discard/")
    assert not candidate.exists() and orphan.is_dir()
    start(analyst)
    work()
    assert candidate.is_dir() and not orphan.exists()


def test_data_in_a_mess_are_told_and_nothing_is_half_written(signed_in: Signed, home: Path) -> None:
    analyst, before = signed_in(roles.ANALYST), latest(home)
    (home / "data" / "sources.yaml").write_text("files: {nowhere: x.csv}\n", encoding="utf-8")
    assert "nowhere" in analyst.get("/runs/preview/", ASKED).text
    run = start(analyst)
    assert work() == ["SUCCESSFUL"]
    run.refresh_from_db()
    assert run.state == states.REFUSED
    shown = analyst.get(f"/runs/{run.pk}/").text
    assert "nowhere" in shown and "现行结果没有变化" in shown
    assert latest(home) == before
    assert list((home / "runs").rglob(".partial*")) == []


def test_silence_is_told_and_started_again(
    signed_in: Signed, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst, before = signed_in(roles.ANALYST), latest(home)
    run = start(analyst)
    Run.objects.update(news_at=timezone.now() - timedelta(hours=1))
    shown = analyst.get(f"/runs/{run.pk}/").text
    assert "久无进展" in shown and "重新开始" in shown and "every 1s" not in shown
    assert "久无进展" in analyst.get("/runs/").text
    other = start(analyst)
    run.refresh_from_db()
    assert other.pk != run.pk and run.state == states.INTERRUPTED
    work()  # both tasks; the first one finds that it was given up
    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.state, run.run, other.state) == (states.INTERRUPTED, "", states.DONE)
    analyst.post(f"/runs/{other.pk}/discard/")

    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(analytics, "compute", broken)
    third = start(analyst)
    assert work() == ["FAILED"]
    third.refresh_from_db()
    assert third.state == states.INTERRUPTED and latest(home) == before


# A run that says how far it is, and stops there until it is killed.
HALTED = """
import sys, django
django.setup()
from datetime import date
from cityforge.portal.analytics import runs

def tell(words, share):
    if share >= float(sys.argv[1]):
        print("here", flush=True)
        sys.stdin.read()

runs.compute(date(2025, 9, 30), "lanhe_2025", tell=tell)
"""


@pytest.mark.parametrize("share", [0.0, 0.4, 0.8, 0.92])
def test_killed_at_work_nothing_half_written_stays(home: Path, db: None, share: float) -> None:
    before = latest(home)
    from django.conf import settings

    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cityforge.portal.settings",
        "CITYFORGE_DEMO": "1",
        "CITYFORGE_HOME": str(home),
        "CITYFORGE_CITY": str(settings.CITY),
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(
        [sys.executable, "-c", HALTED, str(share)], env=environment, **pipes
    ) as running:
        assert running.stdout is not None and running.stdout.readline() == b"here\n"
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert latest(home) == before
    found = analytics.compute(analytics.years()[0].as_of, SCHEME, tell=lambda *_: None)
    left = [one.name for one in (home / "runs" / ".candidates").iterdir() if one.is_dir()]
    assert left == [found.id]
    analytics.put_in_force(found.id)
    assert latest(home) == found.id
    with pytest.raises(RunRefused):
        analytics.put_in_force("2025-09-30-nowhere")


def test_proceedings_under_way_are_told_before_another_run_is_put_in_force(
    signed_in: Signed, home: Path
) -> None:
    analyst, before = signed_in(roles.ANALYST), latest(home)
    analyst.post(f"/evaluations/{SCHEME}/proceeding/begin/", {"publicity_days": 5})
    deliver(home / "data")
    run = start(analyst)
    work()
    assert "我知道" in analyst.get(f"/runs/{run.pk}/").text
    refused = analyst.post(f"/runs/{run.pk}/adopt/", follow=True)
    assert "勾选“我知道”后再启用" in refused.text
    run.refresh_from_db()
    assert latest(home) == before and run.state == states.DONE
    assert "以前结果上的评价流程" not in analyst.get("/evaluations/").text
    analyst.post(f"/runs/{run.pk}/adopt/", {"aware": "1"})
    run.refresh_from_db()
    assert latest(home) == run.run
    # What was begun on the result before is kept, to be read by who conducts, not gone on with.
    kept = f"/evaluations/earlier/{before}/{SCHEME}/2024/"
    assert kept in analyst.get("/evaluations/").text
    assert kept not in signed_in(roles.LEADER).get("/evaluations/").text
    shown = analyst.get(kept)
    assert "只供查阅" in shown.text and before in shown.text and "<form" not in main(shown.text)
    for other in (run.run, "..", "nowhere"):
        assert analyst.get(f"/evaluations/earlier/{other}/{SCHEME}/2024/").status_code == 404
    assert signed_in(roles.LEADER).get(kept).status_code == 403


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_grades_stand_in_the_order_of_their_scheme(signed_in: Signed, home: Path) -> None:
    """Who moved: 甲, 乙, 丙, 丁, not as their characters sort; districts as the city lists them."""
    page = signed_in(roles.ANALYST).get("/runs/preview/", ASKED | {"year": 2023}).text
    heads, *rows = re.findall(r"<tr>(.*?)</tr>", page.partition("等次变动")[2], re.DOTALL)
    order = [one for one in "甲乙丙丁" if f">{one}<" in heads]
    assert len(order) > 1 and [one for one in plain(heads).split() if one in "甲乙丙丁"] == order
    named = [plain(row).split()[0] for row in rows]
    assert [one for one in named[:5] if one in "甲乙丙丁"] == order
    title = evaluations.read_snapshot(home / "runs" / latest(home)).city.place.districts[0].title
    assert plain(page.partition("各地变动")[2].partition("<tbody>")[2]).split()[0] == title


def test_analysts_of_a_district_do_not_run_the_city(
    home: Path, organisations: dict[str, Organisation]
) -> None:
    from cityforge.portal.accounts import actions

    user = User.objects.create_user("local", None, name="local")
    actions.grant(user, organisations[roles.DISTRICT], roles.ANALYST, by=None)
    client = Client()
    client.force_login(user)
    for address in (
        "/runs/",
        f"/evaluations/{SCHEME}/what-if/",
        f"/evaluations/{SCHEME}/proceeding/",
        f"/evaluations/{SCHEME}/files/",
        "/evaluations/compare/",
    ):
        assert client.get(address).status_code == 403, address
    assert client.post("/runs/start/", ASKED).status_code == 403
    assert client.get("/evaluations/").status_code == 200 and not Run.objects.exists()


def test_pages_ask_the_database_little(
    signed_in: Signed, home: Path, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    analyst = signed_in(roles.ANALYST)
    run = start(analyst)
    work()
    for address in ("/runs/", f"/runs/{run.pk}/", f"/runs/preview/?scheme={SCHEME}&year=2024"):
        with django_assert_max_num_queries(20):
            assert analyst.get(address).status_code == 200
