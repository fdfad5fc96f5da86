"""Campaigns: whom a policy is pushed to, once each whatever happens, and who knows of it."""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import openpyxl
import policies_city
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cityforge.brain.errors import Text
from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics.policies import ready, telling
from cityforge.portal.analytics.policies.checking import Check
from cityforge.portal.analytics.policies.page import NONE, Condition
from cityforge.portal.audit.models import Event
from cityforge.portal.campaigns import actions, queries, states, tasks, waiting
from cityforge.portal.campaigns.models import Campaign, Recipient
from cityforge.portal.campaigns.wanted import Wanted
from cityforge.portal.notices import actions as notices
from cityforge.portal.notices.models import Consent, Dispatch, Notice
from cityforge.portal.notices.posting import Later, Letter
from cityforge.portal.policies import actions as policies

SignedIn = Callable[[str], Client]
Person = Callable[[str], User]
ALL = {"who": ["eligible", "near", "unknown"], "lacking": 10}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("campaigns"))


@pytest.fixture(autouse=True)
def here(runs: Path, settings: LazySettings) -> Iterator[None]:
    settings.SNAPSHOTS = runs
    settings.NOTICES_QUIET_HOURS = (0, 0)
    Letters.seen.clear()
    yield


@pytest.fixture
def own(runs: Path, organisations: dict[str, Organisation], person: Person) -> Organisation:
    """The enterprise of a clerk and an admin: entitled to lh_tax, lacks research for lh_rd."""
    enterprise = organisations[roles.ENTERPRISE]
    enterprise.code = str(policies_city.without_research(runs)["uscc"])
    enterprise.save()
    person(roles.ENTERPRISE_ADMIN)
    person(roles.ENTERPRISE_CLERK)
    return enterprise


@pytest.fixture
def analyst(signed_in: SignedIn) -> Client:
    return signed_in(roles.ANALYST)


class Letters:
    """A connector that keeps what it is given; `busy`: not now."""

    seen: ClassVar[Counter[str]] = Counter()
    busy = False

    def __enter__(self) -> "Letters":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def send(self, letter: Letter) -> None:
        if Letters.busy:
            raise Later("451 busy")
        Letters.seen[letter.to] += 1


@pytest.fixture
def by_mail(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """E-mail goes to `Letters`."""
    monkeypatch.setattr("cityforge.portal.notices.smtp.Smtp", Letters)
    path = "cityforge.portal.notices.smtp.Smtp"
    settings.CONNECTORS = settings.CONNECTORS | {"email": path}


def matches(runs: Path, policy: str, answer: str) -> set[str]:
    """The truth, as the run wrote it."""
    (file,) = runs.glob("2025*/tables/policy_matches.parquet")
    rows = pq.read_table(file).to_pylist()
    return {r["uscc"] for r in rows if (r["policy"], r["answer"]) == (policy, answer)}


def work() -> None:
    for found in DBTaskResult.objects.ready():
        found.claim("test")
        found.task.call(*found.args_kwargs["args"])
        found.set_successful(None)


def push(client: Client, policy: str = "lh_tax", **more: Any) -> Campaign:
    """Look at the list as an officer does, then send what was seen."""
    asked = {"policy": policy, "who": ["eligible"], "asked": 1} | more
    page = client.get("/push/new/", asked)
    found = page.context["found"]
    answer = client.post("/push/send/", asked | {"run": found.run, "count": found.count})
    assert answer.status_code == 302, answer.text
    return Campaign.objects.latest("pk")


def bureau(person: Person, organisations: dict[str, Organisation], title: str) -> User:
    """A checker of a bureau of this title."""
    checker = person(roles.CHECKER)
    Organisation.objects.filter(pk=organisations[roles.BUREAU].pk).update(title=title)
    return checker


def test_an_officer_sees_how_many_and_what_one_would_read(
    analyst: Client, runs: Path, own: Organisation
) -> None:
    assert "选一项政策" in analyst.get("/push/new/").text
    asked = {"policy": "lh_tax", "who": ["eligible"], "asked": 1}
    page = analyst.get("/push/new/", asked)
    whole = matches(runs, "lh_tax", "eligible")
    assert f"将推送给 {len(whole)} 家企业，其中 1 家有账号" in page.text
    assert "没有账号" in page.text and "未同意接收" not in page.text
    assert "您" in page.text and "纳税贡献奖励：贵企业符合条件" in page.text
    assert "Award for taxes: you are entitled" in page.text and "20 万元" in page.text
    part = analyst.get("/push/new/", asked, headers={"HX-Request": "true"}).text
    assert "将推送给" in part and "<html" not in part
    assert "Send to" in analyst.get("/push/new/", asked | {"lang": "en"}).text
    assert not Campaign.objects.exists()


def test_groups_and_districts_narrow_the_list(analyst: Client, runs: Path) -> None:
    unknown = matches(runs, "lh_rd", "unknown")
    page = analyst.get("/push/new/", {"policy": "lh_rd", "asked": 1, **ALL})
    found = page.context["found"]
    told = {title.zh: n for title, n in found.groups}
    assert told["缺资料"] == len(unknown) > 0
    assert told["符合条件、尚未享受"] == len(matches(runs, "lh_rd", "eligible"))
    assert sum(told.values()) == found.count == sum(n for _, n, _ in found.lines)
    one = {"policy": "lh_rd", "asked": 1, "who": ["unknown"], "lacking": 1}
    fewer = analyst.get("/push/new/", one).context["found"]
    assert 0 < fewer.count < len(unknown)
    there = analyst.get("/push/new/", one | {"district": "qingyu"}).context["found"]
    assert 0 < there.count < fewer.count and len(there.lines) == 1


def test_it_is_sent_and_receipts_come_back(
    analyst: Client, signed_in: SignedIn, own: Organisation, runs: Path
) -> None:
    made = push(analyst)
    page = analyst.get(f"/push/{made.pk}/").text
    assert "发送中" in page and "hx-get" in page
    part = analyst.get(f"/push/{made.pk}/progress/")
    assert "整理名单" in part.text and "HX-Refresh" not in part.headers
    work()
    assert analyst.get(f"/push/{made.pk}/progress/")["HX-Refresh"] == "true"
    made.refresh_from_db()
    whole = matches(runs, "lh_tax", "eligible")
    assert made.state == states.SENT and made.recipients.count() == len(whole)
    counts = Counter(Dispatch.objects.values_list("state", "reason"))
    assert counts == {("sent", ""): 1, ("held", "no_account"): len(whole) - 1}
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    notice = Notice.objects.get(user__username=roles.ENTERPRISE_CLERK)
    shown = clerk.get(f"/inbox/{notice.pk}/").text
    for words in ("为什么是您", "能享多少", "什么时候前", "下一步", "兰河市财政局"):
        assert words in shown
    link = clerk.post(f"/inbox/{notice.pk}/open/")["Location"]
    assert link == f"/policies/lh_tax/?of={own.code}" and "逐条对照" in clerk.get(link).text
    page = analyst.get(f"/push/{made.pk}/").text
    row = page[page.index(own.code) :]
    assert f"{timezone.localtime():%m-%d}" in row[: row.index("</tr>")]
    assert own.code not in analyst.get(f"/push/{made.pk}/?show=unread").text
    assert own.code not in analyst.get(f"/push/{made.pk}/?show=missed").text
    trail = Event.objects.filter(kind="campaign").order_by("number")
    assert [event.action for event in trail] == ["campaigns.sent", "campaigns.ended"]


def test_who_acts_for_several_is_led_to_the_one_that_is_meant(
    signed_in: SignedIn, own: Organisation, person: Person, runs: Path
) -> None:
    other = next(code for code in sorted(matches(runs, "lh_tax", "eligible")) if code != own.code)
    second = Organisation.objects.create(kind=roles.ENTERPRISE, code=other, title="第二家")
    clerk = person(roles.ENTERPRISE_CLERK)
    accounts.grant(clerk, second, roles.ENTERPRISE_CLERK, by=None)
    client = signed_in(roles.ENTERPRISE_CLERK)
    for code, title in ((own.code, own.title), (other, "第二家")):
        page = client.get(queries.link("lh_tax", code))
        assert page.context["enterprise"].code == code and title in page.text
    stranger = client.get(queries.link("lh_tax", "9" * 18))
    assert stranger.context["enterprise"].code in (own.code, other)


def test_each_is_told_by_its_own_result(analyst: Client, own: Organisation) -> None:
    push(analyst, "lh_rd", **ALL)
    work()
    notice = Notice.objects.filter(organisation=own).first()
    assert notice is not None and "补上资料就能判断" in notice.title_zh
    assert "研发费用" in str(notice.parts) and "R&D" in str(notice.parts)
    admin = User.objects.get(username=roles.ENTERPRISE_ADMIN)
    policies.declare(own, "rd_expense", "1000万元", year=_year(), by=admin)
    preview = analyst.get("/push/new/", {"policy": "lh_rd", "asked": 1, **ALL})
    assert "自报" not in str(preview.context["found"].message)
    Dispatch.objects.all().delete()
    Notice.objects.all().delete()
    push(analyst, "lh_rd", **ALL)
    work()
    notice = Notice.objects.filter(organisation=own).first()
    assert notice is not None and "贵企业符合条件" in notice.title_zh
    assert "自报" in str(notice.parts)


def _year() -> int:
    found = ready.year()
    assert found is not None
    return found


def test_a_list_that_changed_is_looked_at_again(
    analyst: Client, person: Person, own: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Wanted("lh_tax", ("eligible",), 1, "", ("inbox",))
    by = person(roles.ANALYST)
    with pytest.raises(NotNow, match="重新核对"):
        actions.send(wanted, run="another", count=1, by=by)
    sent = {"policy": "lh_tax", "who": ["eligible"], "run": "another", "count": 3}
    assert "重新核对" in analyst.post("/push/send/", sent, follow=True).text
    assert analyst.post("/push/send/", {"policy": "lh_tax"}).status_code == 404
    made = push(analyst)
    Campaign.objects.update(run="an earlier one")
    work()
    made.refresh_from_db()
    assert made.state == states.OUTDATED and not Dispatch.objects.exists()
    assert "重新发送" in analyst.get(f"/push/{made.pk}/").text
    assert analyst.post(f"/push/{made.pk}/go-on/").status_code == 302
    made.refresh_from_db()
    assert made.state == states.OUTDATED


# Once each, whatever happens


def agreed(own: Organisation) -> None:
    admin = User.objects.get(username=roles.ENTERPRISE_ADMIN)
    Consent.objects.create(
        organisation=own, channel="email", address="boss@lanhe.example", asked_by=admin,
        agreed_by=admin, agreed_at=timezone.now(),
    )  # fmt: skip


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("moment", [4, 6, 7, *range(8, 42, 3), 40, 60])
def test_killed_at_any_statement_nobody_is_told_twice_and_it_goes_on(
    moment: int, analyst: Client, own: Organisation, by_mail: None, person: Person
) -> None:
    agreed(own)
    made = push(analyst, channel=["email"])
    left = moment

    def dies(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal left
        left -= 1
        if left <= 0 and sql.startswith("RELEASE"):  # what was not committed is gone
            execute(sql.replace("RELEASE", "ROLLBACK TO"), *rest)
        if left <= 0 and not sql.startswith("ROLLBACK"):
            raise Killed
        return execute(sql, *rest)

    died = False
    with connection.execute_wrapper(dies):
        try:
            tasks.send.call(made.pk, made.job)
        except BaseException:
            died = True
            connection.set_rollback(False)  # the database did so itself
    if died:
        long_ago = timezone.now() - timedelta(hours=1)
        Campaign.objects.filter(state=states.SENDING).update(news_at=long_ago)
        assert "继续发送" in analyst.get(f"/push/{made.pk}/").text
        (stuck,) = waiting.waiting(person(roles.ANALYST))
        assert (stuck.count, stuck.light) == (1, "red")
        actions.go_on(made.pk, by=person(roles.ANALYST))
    tasks.send.call(made.pk, made.job)  # the old work wakes up after all
    work()
    made.refresh_from_db()
    assert made.state == states.SENT
    assert Recipient.objects.count() == made.expected
    assert Notice.objects.filter(user__username=roles.ENTERPRISE_CLERK).count() == 1
    letter = Dispatch.objects.get(code=own.code, channel="email")
    assert Letters.seen["boss@lanhe.example"] <= 1
    assert letter.state == "unsure" or Letters.seen["boss@lanhe.example"] == 1
    assert Dispatch.objects.filter(state__in=("waiting", "sending")).count() == 0


def test_what_is_not_taken_now_is_sent_later_by_itself(
    analyst: Client, own: Organisation, by_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(own)
    monkeypatch.setattr(Letters, "busy", True)
    made = push(analyst, channel=["email"])
    work()
    made.refresh_from_db()
    assert made.state == states.WAITING and made.next_at is not None
    assert "续发时间" in analyst.get(f"/push/{made.pk}/").text
    (later,) = DBTaskResult.objects.filter(run_after=made.next_at)
    monkeypatch.setattr(Letters, "busy", False)
    Dispatch.objects.update(next_at=timezone.now())
    tasks.send.call(*later.args_kwargs["args"])
    made.refresh_from_db()
    assert made.state == states.SENT and Letters.seen["boss@lanhe.example"] == 1


def test_a_push_is_stopped_and_those_held_back_are_tried_again(
    analyst: Client, own: Organisation, by_mail: None
) -> None:
    made = push(analyst, channel=["email"])
    assert analyst.post(f"/push/{made.pk}/stop/").status_code == 302
    work()
    assert not Dispatch.objects.exists() and not Notice.objects.exists()
    analyst.post(f"/push/{made.pk}/go-on/")
    work()
    made.refresh_from_db()
    assert made.state == states.SENT
    assert Dispatch.objects.get(code=own.code, channel="email").reason == "no_consent"
    agreed(own)
    assert "补发未送达的" in analyst.get(f"/push/{made.pk}/").text
    analyst.post(f"/push/{made.pk}/again/")
    work()
    assert Letters.seen["boss@lanhe.example"] == 1 and Notice.objects.count() == 2
    analyst.post(f"/push/{made.pk}/again/")
    assert Letters.seen["boss@lanhe.example"] == 1
    assert {e.action for e in Event.objects.filter(kind="campaign")} >= {
        "campaigns.stopped", "campaigns.resumed", "campaigns.sent_again"
    }  # fmt: skip


# Who may, and what they see


def test_a_checker_pushes_what_is_of_their_bureau_and_nothing_else(
    signed_in: SignedIn, person: Person, organisations: dict[str, Organisation], runs: Path
) -> None:
    checker = bureau(person, organisations, "兰河市财政局")
    client = signed_in(roles.CHECKER)
    page = client.get("/push/new/", {"policy": "lh_tax", "asked": 1, "who": ["eligible"]})
    assert page.context["found"].count == len(matches(runs, "lh_tax", "eligible"))
    assert [card.id for card in page.context["cards"]] == ["lh_tax"]
    other = client.get("/push/new/", {"policy": "lh_rd", "asked": 1, "who": ["eligible"]})
    assert "found" not in other.context
    with pytest.raises(NotAllowed, match="本部门"):
        wanted = Wanted("lh_rd", ("eligible",), 1, "", ("inbox",))
        actions.send(wanted, run="x", count=1, by=checker)
    assert [card.id for card, _ in client.get("/push/coverage/").context["found"]] == ["lh_tax"]
    assert client.get("/push/coverage/lh_rd/").status_code == 404
    assert client.get("/push/coverage/lh_tax/").status_code == 200
    Organisation.objects.filter(pk=organisations[roles.BUREAU].pk).update(title="")
    assert client.get("/push/new/").context["cards"] == []


def test_a_district_sees_its_own_enterprises_alone(
    analyst: Client, organisations: dict[str, Organisation], runs: Path, own: Organisation
) -> None:
    made = push(analyst)
    work()
    district = organisations[roles.DISTRICT]
    district.code = "qingyu"
    district.save()
    user = User.objects.create_user("there", None, name="区里")
    accounts.grant(user, district, roles.ANALYST, by=None)
    client = Client()
    client.force_login(user)
    inside = {r["uscc"] for r in policies_city.applicants(runs) if r["district"] == "qingyu"}
    wanted = matches(runs, "lh_tax", "eligible") & inside
    page = client.get(f"/push/{made.pk}/")
    shown = {line.recipient.uscc for line in page.context["lines"]}
    assert shown == wanted and page.context["shown"].count == len(wanted) < made.expected
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/push/{made.pk}/recipients.xlsx").content)
    )
    codes = {row[0] for row in book.active.iter_rows(min_row=3, values_only=True)}
    assert codes == wanted
    with pytest.raises(NotAllowed, match="管辖范围"):
        actions.again(made.pk, by=user)
    mine = push(client)
    assert mine.expected == len(wanted)
    (line,) = client.get("/push/coverage/lh_tax/").context["lines"]
    assert line[1].entitled == len(wanted)


def test_a_park_officer_has_the_park_in_one_line(
    signed_in: SignedIn, organisations: dict[str, Organisation], runs: Path
) -> None:
    titles = {str(row["park"]) for row in policies_city.applicants(runs) if row["park"]}
    city = ready.examiner()
    assert city is not None
    park = next(one for one in city.snapshot.city.place.parks if one.title in titles)
    Organisation.objects.filter(pk=organisations[roles.PARK].pk).update(code=park.id)
    inside = {r["uscc"] for r in policies_city.applicants(runs) if r["park"] == park.title}
    officer = signed_in(roles.PARK_OFFICER)
    ((_, steps),) = officer.get("/push/coverage/lh_tax/").context["lines"]
    assert steps.entitled == len(matches(runs, "lh_tax", "eligible") & inside) > 0


def test_names_are_for_those_who_may_see_them(
    analyst: Client, signed_in: SignedIn, own: Organisation
) -> None:
    made = push(analyst)
    work()
    leader = signed_in(roles.LEADER)
    page = leader.get(f"/push/{made.pk}/")
    assert page.status_code == 200 and own.code not in page.text
    assert leader.get(f"/push/{made.pk}/recipients.xlsx").status_code == 403
    assert leader.get("/push/new/").status_code == 403
    covered = leader.get("/push/coverage/lh_tax/").text
    assert own.code not in covered and own.code in analyst.get("/push/coverage/lh_tax/").text
    for role in (roles.ENTERPRISE_CLERK, roles.REPORTER, roles.AUDITOR):
        assert signed_in(role).get(f"/push/{made.pk}/").status_code == 403
    assert signed_in(roles.PARK_OFFICER).get("/push/coverage/").status_code == 200
    assert Event.objects.filter(action="campaigns.recipients_taken").count() == 0
    analyst.get(f"/push/{made.pk}/recipients.xlsx")
    assert Event.objects.filter(action="campaigns.recipients_taken").count() == 1


def test_a_name_like_a_formula_stays_text_in_the_file(analyst: Client, own: Organisation) -> None:
    made = push(analyst)
    work()
    Recipient.objects.filter(uscc=own.code).update(name="=HYPERLINK(1)")
    file = analyst.get(f"/push/{made.pk}/recipients.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    (cell,) = [r[1] for r in sheet.iter_rows(min_row=3) if "HYPERLINK" in str(r[1].value)]
    assert cell.data_type == "s"


def test_coverage_counts_who_should_know_and_does(
    analyst: Client, own: Organisation, runs: Path, person: Person
) -> None:
    def steps() -> Any:
        found = analyst.get("/push/coverage/").context["found"]
        return next(each for card, each in found if card.id == "lh_tax")

    assert "/push/coverage/" in analyst.get("/policies/coverage/").text
    whole = len(matches(runs, "lh_tax", "eligible"))
    assert (steps().entitled, steps().accounts, steps().reached) == (whole, 1, 0)
    assert "没有触达" in analyst.get("/push/coverage/lh_tax/").text
    push(analyst)
    work()
    assert (steps().reached, [n for _, n in steps().by], steps().read) == (1, [1, 0, 0], 0)
    assert "未读" in analyst.get("/push/coverage/lh_tax/").text
    clerk = person(roles.ENTERPRISE_CLERK)
    notice = Notice.objects.get(user=clerk)
    notices.read(notice, by=clerk)
    notices.follow(notice, by=clerk)
    assert (steps().read, steps().looked, steps().answered) == (1, 1, 0)
    policies.declare(own, "rd_expense", "1000万元", year=_year(), by=clerk)
    assert steps().answered == 1
    page = analyst.get("/push/coverage/lh_tax/")
    assert own.code not in page.text
    lines = page.context["lines"]
    assert sum(each.entitled for _, each in lines) == whole
    assert sum(each.read for _, each in lines) == 1


@pytest.mark.parametrize("address", ["", "new/?policy=lh_tax", "coverage/", "coverage/lh_tax/"])
def test_a_page_asks_the_database_little(
    address: str,
    analyst: Client,
    own: Organisation,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    made = push(analyst)
    work()
    for page in (f"/push/{address}", f"/push/{made.pk}/"):
        with django_assert_max_num_queries(20):
            assert analyst.get(page).status_code == 200


def test_before_the_first_run_pages_say_so(
    signed_in: SignedIn, settings: LazySettings, tmp_path: Path, person: Person
) -> None:
    settings.SNAPSHOTS = tmp_path
    client = signed_in(roles.ANALYST)
    for page in ("/push/", "/push/new/", "/push/new/?policy=lh_tax", "/push/coverage/"):
        assert client.get(page).status_code == 200
    assert client.get("/push/coverage/lh_tax/").status_code == 404
    assert queries.preview(person(roles.ANALYST), Wanted("x", (), 1, "", ("inbox",))) is None


def test_what_must_not_be_is_told_as_a_whole() -> None:
    """Not the words inside: they would say of an honest enterprise that it stands on the list."""

    def check(says: str, joins: Text | None = None, *parts: Check, mark: str = "met") -> Check:
        words = Text(zh=says, en=says) if says else None
        clause = Condition("", words, "", joins, tuple(part.clause for part in parts))
        return Check(clause, "" if parts else mark, (), parts)

    both, one = Text(zh="须同时满足", en="all of these"), Text(zh="满足其一", en="one of these")
    honest = check("未列入失信名单", NONE, check("列入失信名单"), check("列入失信被执行人"))
    either = check("", one, check("有高企证书"), check("有专利", mark="spare"))
    met = telling.what_is_met(check("", both, check("在本市登记"), honest, either))
    assert met.zh == "在本市登记、未列入失信名单、有高企证书"
