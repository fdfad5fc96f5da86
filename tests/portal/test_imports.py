"""Data that bureaus deliver: the whole way, two people, other bureaus, death half-way."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cityforge.brain.api import intake
from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics import deliveries
from cityforge.portal.audit.models import Event
from cityforge.portal.imports import actions, files, states, tasks
from cityforge.portal.imports.models import Delivery, Holding

from .imports_city import LANHE, codes, lay_out, performance

UPLOAD = "/data/sets/performance/upload/"
GOOD = performance([(2023, 100), (2024, 120)])
BAD = performance([(2023, 100), (2024, 120)], "9199,2025,是,1", f"{codes()[0]},二〇二五,是,=1+1")


def work() -> list[str]:
    """Do what is queued as a worker does; the status of each task."""
    done = []
    for found in DBTaskResult.objects.ready():
        found.claim("test")
        try:
            found.task.call(*found.args_kwargs["args"])
            found.set_successful(None)
        except BaseException as error:
            found.set_failed(error)
        done.append(str(found.status))
    return done


@dataclass
class Bureau:
    """A bureau that owes `performance`, with its people, and another one."""

    data: Path
    reporter: User
    checker: User
    other: User

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def upload(self, content: bytes = GOOD, name: str = "绩效.csv", by: User | None = None) -> Any:
        file = SimpleUploadedFile(name, content)
        return self.client(by or self.reporter).post(UPLOAD, {"file": file})

    def checked(self, content: bytes = GOOD) -> Delivery:
        self.upload(content)
        work()
        return Delivery.objects.get(state=states.CHECKED)

    def submitted(self, content: bytes = GOOD) -> Delivery:
        found = self.checked(content)
        actions.submit(self.reporter, found.pk, note="")
        return Delivery.objects.get(pk=found.pk)

    def approved(self, content: bytes = GOOD) -> Delivery:
        found = self.submitted(content)
        actions.approve(self.checker, found.pk)
        work()
        return Delivery.objects.get(pk=found.pk)

    def page(self, found: Delivery, by: User | None = None) -> str:
        return self.client(by or self.reporter).get(f"/data/deliveries/{found.pk}/").text

    def counts(self) -> bytes:
        """The bytes of `performance` that the next run would read."""
        known = intake.deliveries(self.data, "performance")
        entry = known.entry if isinstance(known.entry, str) else "performance.csv"
        return (self.data / entry).read_bytes()


@pytest.fixture
def bureau(settings: Any, tmp_path: Path, organisations: dict[str, Organisation]) -> Bureau:
    settings.CITY, settings.DATA, settings.FILES = LANHE, tmp_path / "data", tmp_path / "files"
    lay_out(settings.DATA)
    city = organisations[roles.CITY]

    def somebody(name: str, unit: str, *held: str) -> User:
        made, _ = Organisation.objects.get_or_create(
            kind=roles.BUREAU, code=unit, defaults={"title": unit, "parent": city}
        )
        user = User.objects.create_user(name, None, name=name)
        for role in held:
            accounts.grant(user, made, role, by=None)
        return user

    return Bureau(
        settings.DATA,
        somebody("reporter", "jxj", roles.REPORTER),
        somebody("checker", "jxj", roles.CHECKER),
        somebody("other", "scj", roles.REPORTER, roles.CHECKER),
    )


def test_a_bad_file_is_mended_submitted_and_taken(bureau: Bureau) -> None:
    reporter, checker = bureau.client(bureau.reporter), bureau.client(bureau.checker)
    answer = bureau.upload(BAD)
    first = Delivery.objects.get()
    assert answer["Location"] == f"/data/deliveries/{first.pk}/"
    assert "检查中" in bureau.page(first)
    assert work() == ["SUCCESSFUL"]
    first.refresh_from_db()
    assert (first.state, first.read, first.accepted, first.quarantined) == ("checked", 12, 10, 2)
    assert (first.added, first.changed, first.removed, first.same) == (5, 0, 0, 5)
    shown = bureau.page(first)
    for words in ("统一社会信用代码有误", "不是有效年度", "二〇二五", "9199"):
        assert words in shown
    assert ">12<" in shown and ">13<" in shown  # the rows of the file, its header counted
    errors = b"".join(reporter.get(f"/data/deliveries/{first.pk}/files/errors/")).decode(
        "utf-8-sig"
    )
    assert "错误原因" in errors and "'=1+1" in errors
    bureau.upload(GOOD)
    work()
    first.refresh_from_db()
    second = Delivery.objects.get(state="checked")
    assert first.state == states.WITHDRAWN
    reporter.post(f"/data/deliveries/{second.pk}/submit/", {"words": "第一次报 2024 年"})
    assert "等我审核" in checker.get("/data/").text
    assert "第一次报 2024 年" in bureau.page(second, bureau.checker)
    checker.post(f"/data/deliveries/{second.pk}/approve/")
    assert "接收中" in bureau.page(second)
    work()
    second.refresh_from_db()
    assert (second.state, second.number) == (states.APPROVED, 2)  # 1: what was there before
    assert bureau.counts() == GOOD
    held = Holding.objects.get(dataset="performance")
    assert (held.accepted, held.newest) == (10, date(2024, 12, 31))
    did = list(Event.objects.filter(action__startswith="imports.").values_list("action", flat=True))
    assert did == [
        f"imports.{one}"
        for one in ("uploaded", "checked", "withdrawn", "uploaded", "checked", "submitted",
                    "approved", "taken")
    ]  # fmt: skip


def test_what_was_taken_is_undone(bureau: Bureau) -> None:
    before = bureau.counts()
    found = bureau.approved()
    with pytest.raises(NotNow, match="原因"):
        actions.undo(bureau.checker, found.pk, reason="")
    actions.undo(bureau.checker, found.pk, reason="单位弄错")
    work()
    found.refresh_from_db()
    assert found.state == states.UNDONE and bureau.counts() == before
    assert Holding.objects.get(dataset="performance").newest == date(2023, 12, 31)
    assert Event.objects.get(action="imports.undone").detail["reason"] == "单位弄错"


def test_only_what_counts_is_undone(bureau: Bureau) -> None:
    first = bureau.approved()
    bureau.approved(performance([(2023, 100), (2024, 120), (2025, 130)]))
    with pytest.raises(NotNow, match="现行数据已不是"):
        actions.undo(bureau.checker, first.pk, reason="旧的")


def test_a_returned_delivery_tells_why(bureau: Bureau) -> None:
    found = bureau.submitted()
    client = bureau.client(bureau.checker)
    client.post(f"/data/deliveries/{found.pk}/return/", {"words": ""})
    assert Delivery.objects.get(pk=found.pk).state == states.SUBMITTED
    client.post(f"/data/deliveries/{found.pk}/return/", {"words": "少报了一户"})
    assert "少报了一户" in bureau.page(found) and "已退回" in bureau.page(found)
    assert bureau.counts() != GOOD


def test_nobody_approves_their_own(bureau: Bureau) -> None:
    jxj = Organisation.objects.get(code="jxj")
    accounts.grant(bureau.reporter, jxj, roles.CHECKER, by=None)
    found = bureau.submitted()
    with pytest.raises(NotAllowed, match="自己"):
        actions.approve(bureau.reporter, found.pk)
    assert "不能审核自己报送的数据" in bureau.page(found)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=found.pk).update(decided_by=bureau.reporter)


def test_one_delivery_of_a_dataset_awaits_its_decision(bureau: Bureau) -> None:
    found = bureau.submitted()
    answer = bureau.upload(BAD)
    assert answer.status_code == 422 and "正待审核" in answer.text
    with pytest.raises(IntegrityError), transaction.atomic():
        found.pk = None
        found.save()


POSTS = ("check", "submit", "withdraw", "approve", "return", "undo")
GETS = ("", "progress/", "rows/", "files/upload/", "files/errors/", "files/difference/")


def test_another_bureau_finds_nothing(bureau: Bureau) -> None:
    """Every address of a delivery and of a dataset, as somebody with both roles elsewhere."""
    found = bureau.submitted(BAD)
    before = Event.objects.count()
    client = bureau.client(bureau.other)
    for one in GETS:
        assert client.get(f"/data/deliveries/{found.pk}/{one}").status_code == 404, one
        own = bureau.client(bureau.checker).get(f"/data/deliveries/{found.pk}/{one}")
        b"".join(own)  # read to its end, which closes a file
        assert own.status_code == 200, one
    for one in POSTS:
        assert client.post(f"/data/deliveries/{found.pk}/{one}/").status_code == 404, one
    for one in ("", "template/"):
        assert client.get(f"/data/sets/performance/{one}").status_code == 404, one
    assert bureau.upload(by=bureau.other).status_code == 404
    assert "企业年度绩效" not in client.get("/data/").text
    for act in (actions.approve, actions.withdraw, actions.check_again):
        with pytest.raises(NotAllowed):
            act(bureau.other, found.pk)
    assert Event.objects.count() == before
    assert Delivery.objects.get().state == states.SUBMITTED


def test_the_checker_does_not_deliver_and_the_reporter_does_not_decide(bureau: Bureau) -> None:
    found = bureau.submitted()
    assert bureau.upload(by=bureau.checker).status_code == 403
    for one in ("approve", "return", "undo"):
        answer = bureau.client(bureau.reporter).post(f"/data/deliveries/{found.pk}/{one}/")
        assert answer.status_code == 403, one


def bomb() -> bytes:
    """A workbook whose sheet inflates a thousandfold."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 600_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("绩效.exe", b"MZ", "不是可以报送的文件"),
        ("绩效", GOOD, "不是可以报送的文件"),
        ("绩效.csv", b"PK\x03\x04 zip", "内容却是"),
        ("绩效.csv", b"%PDF-1.7", "内容却是"),
        ("绩效.xlsx", b"<html><table></table></html>", "内容却是"),
        ("绩效.xlsx", b"PK\x03\x04 broken", "无法读取"),
        ("绩效.parquet", b"PAR1 broken", "文件已损坏"),
        ("绩效.csv", b"x" * 3_000_000, "文件超过 2 MB"),
    ],
)
def test_what_must_not_be_opened_is_refused(
    bureau: Bureau, settings: Any, name: str, content: bytes, says: str
) -> None:
    settings.DELIVERY_MOST_BYTES = 2 * 2**20
    answer = bureau.upload(content, name)
    assert answer.status_code == 422 and says in answer.text
    assert not Delivery.objects.exists() and not DBTaskResult.objects.exists()
    assert [one for one in settings.FILES.rglob("*") if one.is_file()] == []


def test_a_zip_bomb_is_refused(bureau: Bureau) -> None:
    answer = bureau.upload(bomb(), "绩效.xlsx")
    assert answer.status_code == 422 and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/绩效.CSV", "绩效.csv"),
        ("C:\\data\\绩效.xlsx", "绩效.xlsx"),
        ("绩\u202e效\x00.csv", "绩效.csv"),
        (".csv", "csv"),
        ("a" * 400 + ".xlsx", "a" * 120 + ".xlsx"),
        ('绩"效*.csv', "绩_效_.csv"),
    ],
)
def test_a_name_is_only_a_name(name: str, plain: str) -> None:
    assert files.plain_name(name) == plain


def test_an_unreadable_file_tells_its_problem(bureau: Bureau) -> None:
    bureau.upload("企业,营收\n甲,1\n".encode())
    work()
    found = Delivery.objects.get()
    assert found.state == states.UNREADABLE
    assert "统一社会信用代码" in bureau.page(found) and "重新上传" in bureau.page(found)


def test_a_check_that_dies_says_check_again(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = deliveries.examine

    def dies(*given: Any, **more: Any) -> None:
        real(*given, **more)
        raise MemoryError

    monkeypatch.setattr(deliveries, "examine", dies)
    bureau.upload()
    assert work() == ["FAILED"]
    found = Delivery.objects.get()
    assert found.state == states.INTERRUPTED and "重新检查" in bureau.page(found)
    monkeypatch.undo()
    bureau.client(bureau.reporter).post(f"/data/deliveries/{found.pk}/check/")
    work()
    found.refresh_from_db()
    assert (found.state, found.accepted) == (states.CHECKED, 10)


@pytest.mark.parametrize("reaches_the_shelf", [False, True])
def test_a_taking_that_dies_is_approved_again(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, *, reaches_the_shelf: bool
) -> None:
    """Before the shelf nothing changed; after it, approving again finds the file there."""
    real = deliveries.take

    def dies(*given: Any, **more: Any) -> None:
        if reaches_the_shelf:
            real(*given, **more)
        raise SystemExit(1)

    found = bureau.submitted()
    monkeypatch.setattr(deliveries, "take", dies)
    actions.approve(bureau.checker, found.pk)
    assert work() == ["FAILED"]
    found.refresh_from_db()
    assert found.state == states.SUBMITTED and "再次批准" in bureau.page(found, bureau.checker)
    assert (bureau.counts() == GOOD) is reaches_the_shelf
    if reaches_the_shelf:  # not to be sent back while it counts
        with pytest.raises(NotNow, match="已经入库"):
            actions.return_(bureau.checker, found.pk, reason="不要")
        with pytest.raises(NotNow, match="已经入库"):
            actions.withdraw(bureau.reporter, found.pk)
    monkeypatch.undo()
    actions.approve(bureau.checker, found.pk)
    work()
    found.refresh_from_db()
    assert (found.state, found.number) == (states.APPROVED, 2)
    assert bureau.counts() == GOOD
    assert len(intake.deliveries(bureau.data, "performance").records) == 2


def test_after_a_silent_death_it_may_be_done_again_and_the_dead_writes_nothing(
    bureau: Bureau,
) -> None:
    """As after kill -9: no word was written; time tells."""
    bureau.upload()
    found = Delivery.objects.get()
    with pytest.raises(NotNow, match="正在进行"):
        actions.check_again(bureau.reporter, found.pk)
    long_ago = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(pk=found.pk).update(news_at=long_ago)
    assert "久无进展" in bureau.page(found)
    actions.check_again(bureau.reporter, found.pk)
    tasks.check.call(found.pk, 1)  # the first job wakes up after all
    found.refresh_from_db()
    assert (found.state, found.read) == (states.UPLOADED, 0)
    work()
    actions.submit(bureau.reporter, found.pk, note="")
    actions.approve(bureau.checker, found.pk)
    Delivery.objects.filter(pk=found.pk).update(news_at=long_ago)
    assert "再次批准" in bureau.page(found, bureau.checker)
    actions.approve(bureau.checker, found.pk)
    work()
    found.refresh_from_db()
    assert found.state == states.APPROVED
    assert len(intake.deliveries(bureau.data, "performance").records) == 2


def test_what_changed_since_it_was_shown_is_not_taken(bureau: Bureau) -> None:
    found = bureau.submitted()
    (bureau.data / "performance.csv").write_bytes(performance([(2023, 100), (2024, 999)]))
    before = bureau.counts()
    actions.approve(bureau.checker, found.pk)
    work()
    work()
    found.refresh_from_db()
    assert found.state == states.CHECKED and bureau.counts() == before
    assert (found.added, found.changed, found.decided_by) == (0, 5, None)
    assert "审核期间现有数据变了" in bureau.page(found)


def test_a_stored_file_that_was_altered_is_not_taken(bureau: Bureau) -> None:
    found = bureau.submitted()
    stored = files.place(found.sha256, found.ending)
    stored.chmod(0o640)
    stored.write_bytes(performance([(2024, 1)]))
    actions.approve(bureau.checker, found.pk)
    work()
    found.refresh_from_db()
    assert found.state == states.SUBMITTED and "已被改动" in bureau.page(found, bureau.checker)
    assert not intake.deliveries(bureau.data, "performance").records


def test_alarms_want_a_word_and_what_changes_nothing_is_not_submitted(bureau: Bureau) -> None:
    found = bureau.checked(performance([(2024, 120)]))  # all of 2023 would vanish
    with pytest.raises(NotNow, match="警告"):
        actions.submit(bureau.reporter, found.pk, note="")
    assert "将消失" in bureau.page(found)
    actions.submit(bureau.reporter, found.pk, note="2023 年作废")
    actions.withdraw(bureau.reporter, found.pk)
    same = bureau.checked(performance([(2023, 100)]))
    with pytest.raises(NotNow, match="没有不同"):
        actions.submit(bureau.reporter, same.pk, note="")
    assert "没有变化" in bureau.page(same)


def test_a_row_of_a_stranger_is_refused_whole(bureau: Bureau) -> None:
    unknown = "91990001MK000099XX"
    found = bureau.checked(performance([(2024, 120), (2023, 100)], f"{codes()[0]},2024,是,5"))
    assert "与前面一行重复（识别列相同）" in bureau.page(found)
    everything = bureau.client(bureau.reporter).get(f"/data/deliveries/{found.pk}/rows/?show=all")
    assert everything.text.count("通过</span>") == 10 and unknown not in everything.text


@pytest.mark.parametrize("asked", ["?page=0", "?page=99999999999", "?page=²", "?show=x&columns=y"])
def test_rows_stand_whatever_is_asked(bureau: Bureau, asked: str) -> None:
    found = bureau.checked(BAD)
    answer = bureau.client(bureau.reporter).get(f"/data/deliveries/{found.pk}/rows/{asked}")
    assert answer.status_code == 200


def test_the_template_comes_as_a_workbook(bureau: Bureau) -> None:
    answer = bureau.client(bureau.reporter).get("/data/sets/performance/template/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


def test_freshness_by_owner(
    bureau: Bureau, person: Callable[[str], User], signed_in: Callable[[str], Client]
) -> None:
    analyst = signed_in(roles.ANALYST)
    assert "还没有清点过" in analyst.get("/data/freshness/").text
    analyst.post("/data/freshness/count/")
    work()
    assert Event.objects.filter(action="imports.counted").count() == 1
    held = {one.dataset: one for one in Holding.objects.all()}
    assert (held["performance"].accepted, held["performance"].newest) == (5, date(2023, 12, 31))
    assert held["honours"].newest is None
    shown = analyst.get("/data/freshness/").text
    assert "兰河市经济和信息化局" in shown and "没有数据" in shown
    assert "2023年" in signed_in(roles.LEADER).get("/data/freshness/").text


def test_a_district_sees_no_owners(
    bureau: Bureau, organisations: dict[str, Organisation], person: Callable[[str], User]
) -> None:
    user = User.objects.create_user("district_leader", None, name="县领导")
    accounts.grant(user, organisations[roles.DISTRICT], roles.LEADER, by=None)
    assert "兰河市" not in bureau.client(user).get("/data/freshness/").text


def test_pages_ask_the_database_little(bureau: Bureau, django_assert_max_num_queries: Any) -> None:
    found = bureau.submitted(BAD)
    client = bureau.client(bureau.checker)
    pages = ["/data/", "/data/sets/performance/", f"/data/deliveries/{found.pk}/"]
    for page in pages:
        with django_assert_max_num_queries(20):
            assert client.get(page).status_code == 200


def test_progress_is_told_and_then_the_page_is_asked_anew(bureau: Bureau) -> None:
    bureau.upload()
    found = Delivery.objects.get()
    client = bureau.client(bureau.reporter)
    part = client.get(f"/data/deliveries/{found.pk}/progress/")
    assert "等待开始" in part.text and "HX-Refresh" not in part.headers
    work()
    assert client.get(f"/data/deliveries/{found.pk}/progress/")["HX-Refresh"] == "true"


def test_demo_deliveries_mark_the_data_as_simulated(bureau: Bureau, settings: Any) -> None:
    assert settings.DEMO
    bureau.approved()
    assert "simulated: true" in (bureau.data / "sources.yaml").read_text(encoding="utf-8")


def test_english_is_beside_chinese(bureau: Bureau) -> None:
    found = bureau.checked(BAD)
    client = bureau.client(bureau.reporter)
    shown = client.get(f"/data/deliveries/{found.pk}/?lang=en").text
    assert "is not a valid credit code" in shown and "checked, to be submitted" in shown
