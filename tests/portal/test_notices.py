"""Notices: one's inbox and receipts, letters by a real SMTP server, consent and how it ends."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from mail_server import Mailbox, certificate, free_port, password_of, running

from cityforge.brain.errors import Text
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit.models import Event
from cityforge.portal.notices import actions, letters, queries, states, tasks, working
from cityforge.portal.notices.models import Consent, Dispatch, Notice, RecordedSms
from cityforge.portal.notices.posting import Down, Letter, Refused
from cityforge.portal.notices.smtp import Server, Smtp

pytestmark = pytest.mark.enable_socket
SMTP = "cityforge.portal.notices.smtp.Smtp"
WORDS = working.Words(
    Text(zh="研发投入奖励：贵企业符合条件", en="Award: you are entitled"),
    ((Text(zh="下一步", en="Next"), Text(zh="看清单 <b>", en="See the list")),),
    "/policies/lh_rd/",
)
Person = Callable[[str], User]
SignedIn = Callable[[str], Client]


@pytest.fixture
def enterprise(organisations: dict[str, Organisation], person: Person) -> Organisation:
    """One with an admin and a clerk."""
    person(roles.ENTERPRISE_ADMIN)
    person(roles.ENTERPRISE_CLERK)
    return organisations[roles.ENTERPRISE]


@pytest.fixture(autouse=True)
def always(settings: LazySettings) -> None:
    """No quiet hours: tests run by day and by night."""
    settings.NOTICES_QUIET_HOURS = (0, 0)
    settings.NOTICES_RETRY_SECONDS = (60, 300)


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    """A server that is up, and the portal told of it."""
    box = Mailbox()
    with running(box) as port:
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}?tls=none&timeout=0.5"
        settings.SMTP_FROM = "铸城 <noreply@city.example>"
        settings.CONNECTORS = settings.CONNECTORS | {"email": SMTP}
        yield box


def told(enterprise: Organisation, *channels: str, key: str = "campaign:1", **more: str) -> None:
    about = {"about": "lh_rd", "term": "2025-10-15"} | more
    working.queue(key, codes=[enterprise.code], channels=channels, **about)


def put(key: str = "campaign:1") -> None:
    for one in working.due(key):
        working.put(one.pk, lambda _: WORDS)


def post(channel: str = "email", key: str = "campaign:1", job: int = 1) -> Dispatch:
    """What a worker does with what is due; the row after it."""
    made = working.set_up(channel)
    for one in working.due(key):
        if made is None:
            working.post(one.pk, job, None)
            continue
        with made as connector:
            try:
                working.post(one.pk, job, connector)
            except Down as error:
                working.postpone(key, channel, str(error))
    return Dispatch.objects.get(key=key, channel=channel)


def agreed(enterprise: Organisation, address: str, channel: str = "email") -> Consent:
    by = User.objects.get(username=roles.ENTERPRISE_ADMIN)
    return Consent.objects.create(
        organisation=enterprise, channel=channel, address=address, asked_by=by, agreed_by=by,
        agreed_at=timezone.now(),
    )  # fmt: skip


# The inbox


def test_a_notice_is_read_followed_and_put_away(
    enterprise: Organisation, signed_in: SignedIn
) -> None:
    told(enterprise, "inbox")
    put()
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    own = Notice.objects.get(user__username=roles.ENTERPRISE_CLERK)
    assert Notice.objects.count() == 2  # each person of the enterprise
    shown = clerk.get("/inbox/")
    assert "研发投入奖励" in shown.text and '<b class="count">1' in shown.text
    assert own.read_at is None
    page = clerk.get(f"/inbox/{own.pk}/").text
    assert "看清单 &lt;b&gt;" in page and 'class="count"' not in page
    assert "See the list" in clerk.get(f"/inbox/{own.pk}/?lang=en").text
    own.refresh_from_db()
    first = own.read_at
    clerk.get(f"/inbox/{own.pk}/")
    own.refresh_from_db()
    assert own.read_at == first is not None
    answer = clerk.post(f"/inbox/{own.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/policies/lh_rd/")
    clerk.post(f"/inbox/{own.pk}/archive/")
    assert "研发投入奖励" not in clerk.get("/inbox/?lang=zh").text
    assert "研发投入奖励" in clerk.get("/inbox/?archived=1").text
    clerk.post(f"/inbox/{own.pk}/archive/")
    own.refresh_from_db()
    assert own.archived_at is None and own.followed_at is not None
    about = [event.action for event in Event.objects.filter(kind="notice").order_by("number")]
    assert about == [
        "notices.read", "notices.followed", "notices.archived", "notices.unarchived"
    ]  # fmt: skip


def test_nobody_reads_anothers_notice(enterprise: Organisation, signed_in: SignedIn) -> None:
    told(enterprise, "inbox")
    put()
    own = Notice.objects.get(user__username=roles.ENTERPRISE_CLERK)
    for role in (roles.ENTERPRISE_ADMIN, roles.ANALYST, roles.SYSTEM_ADMIN):
        other = signed_in(role)
        assert other.get(f"/inbox/{own.pk}/").status_code == 404
        assert other.post(f"/inbox/{own.pk}/open/").status_code == 404
        assert other.post(f"/inbox/{own.pk}/archive/").status_code == 404
    own.refresh_from_db()
    assert own.read_at is None


def test_who_left_the_enterprise_reads_nothing_of_it(
    enterprise: Organisation, signed_in: SignedIn
) -> None:
    told(enterprise, "inbox")
    put()
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    own = Notice.objects.get(user__username=roles.ENTERPRISE_CLERK)
    Membership.objects.filter(user=own.user).update(starts="2020-01-01", ends="2020-12-31")
    assert clerk.get(f"/inbox/{own.pk}/").status_code == 404
    page = clerk.get("/inbox/").text
    assert "研发投入奖励" not in page and 'class="count"' not in page


def test_the_count_stands_on_pages_even_where_the_database_fails(
    enterprise: Organisation, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("gone")

    clerk = signed_in(roles.ENTERPRISE_CLERK)
    monkeypatch.setattr(Notice.objects, "filter", broken)
    assert queries.unread(User.objects.get(username=roles.ENTERPRISE_CLERK)) == 0
    assert clerk.get("/me/").status_code == 200


def test_what_is_queued_or_put_twice_arrives_once(enterprise: Organisation) -> None:
    for _ in range(2):
        told(enterprise, "inbox", "sms")
        put()
    assert Dispatch.objects.count() == 2 and Notice.objects.count() == 2
    (pk,) = Dispatch.objects.filter(channel="inbox").values_list("pk", flat=True)
    working.put(pk, lambda _: WORDS)
    assert Notice.objects.count() == 2


def test_an_enterprise_without_an_account_is_held_back_with_the_reason(
    enterprise: Organisation,
) -> None:
    working.queue("campaign:1", "lh_rd", "t", codes=["X" * 18], channels=["inbox", "email"])
    held = set(Dispatch.objects.values_list("channel", "state", "reason"))
    assert held == {("inbox", "held", "no_account"), ("email", "held", "no_account")}
    assert working.again("campaign:1") == 0  # nobody came meanwhile


def test_of_one_call_an_enterprise_is_told_once(enterprise: Organisation) -> None:
    for key in ("campaign:1", "campaign:2"):
        told(enterprise, "inbox", key=key)
        put(key)
    second = Dispatch.objects.get(key="campaign:2")
    assert (second.state, second.reason) == ("held", states.TOLD)
    told(enterprise, "inbox", key="campaign:3", term="2026-10-15")
    put("campaign:3")
    assert Dispatch.objects.get(key="campaign:3").state == "sent"


def test_no_more_than_the_cap(enterprise: Organisation, settings: LazySettings) -> None:
    settings.NOTICES_MOST = settings.NOTICES_MOST | {"inbox": (2, 7)}
    for number in range(4):
        told(enterprise, "inbox", key=f"campaign:{number}", about=f"p{number}")
        put(f"campaign:{number}")
        if number == 0:
            Dispatch.objects.update(at=timezone.now() - timedelta(days=8))
    found = list(Dispatch.objects.order_by("pk").values_list("state", "reason"))
    assert found == [("sent", ""), ("sent", ""), ("sent", ""), ("held", states.CAP)]


# Letters


def test_a_letter_says_nothing_but_that_there_is_something(
    enterprise: Organisation, mailbox: Mailbox
) -> None:
    consent = agreed(enterprise, "boss@lanhe.example")
    told(enterprise, "email")
    row = post()
    assert (row.state, row.reason, row.tries) == ("sent", "", 0)
    (letter,) = mailbox.to("boss@lanhe.example")
    text = letter.get_content()  # type: ignore[attr-defined]
    assert "登录后查看" in text and "Sign in" in text
    for secret in ("研发", "lh_rd", enterprise.code, enterprise.title, "Award"):
        assert secret not in letter.as_string() and secret not in text
    assert letter["Subject"] == "您有一条惠企政策消息 · A message about a policy"
    assert letter["From"] == "铸城 <noreply@city.example>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letters.stop_token(consent) in letter["List-Unsubscribe"]
    assert letter["Message-ID"] == f"<dispatch-{row.pk}@city.example>"
    post()
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    ("name", "first", "then", "copies"),
    [
        ("nobody", ("refused", "", "550 no such user"), "refused", 0),
        ("spam", ("refused", "", "554 not wanted"), "refused", 0),
        ("busy", ("waiting", "later", "451 try again"), "sent", 1),
        ("full", ("waiting", "later", "452 no room"), "sent", 1),
        ("bye", ("waiting", "later", "421 closing down"), "sent", 1),
        ("slow", ("unsure", "broken", ""), "unsure", 1),  # it arrived, and is not sent again
    ],
)
def test_what_the_server_answers_is_what_becomes_of_a_letter(
    enterprise: Organisation,
    mailbox: Mailbox,
    name: str,
    first: tuple[str, str, str],
    then: str,
    copies: int,
) -> None:
    agreed(enterprise, f"{name}@lanhe.example")
    told(enterprise, "email")
    row = post()
    assert (row.state, row.reason) == first[:2] and first[2] in row.said
    if row.state == "waiting":
        assert row.next_at is not None and row.tries == 1
        wait = row.next_at - timezone.now()
        assert timedelta(seconds=50) < wait <= timedelta(seconds=60)
        assert post().state == "waiting"  # not before its time
        Dispatch.objects.update(next_at=timezone.now())
    assert post().state == then
    assert len(mailbox.to(f"{name}@lanhe.example")) == copies


def test_what_is_never_taken_is_given_up(
    enterprise: Organisation, settings: LazySettings, mailbox: Mailbox
) -> None:
    settings.NOTICES_RETRY_SECONDS = (0,)
    agreed(enterprise, "busy@lanhe.example")
    told(enterprise, "email")
    mailbox.asked = _Never()  # type: ignore[assignment]
    assert post().state == "waiting"
    row = post()
    assert (row.state, row.reason) == ("refused", states.GAVE_UP)
    assert working.again("campaign:1") == 1
    assert Dispatch.objects.get().tries == 0


class _Never(dict[str, int]):
    """Every time is the first."""

    def __getitem__(self, key: str) -> int:
        return 1

    def __setitem__(self, key: str, value: int) -> None:
        return


def test_a_server_that_is_down_lets_all_wait_and_one_letter_ask(
    enterprise: Organisation, settings: LazySettings, mailbox: Mailbox
) -> None:
    up, settings.SMTP_URL = settings.SMTP_URL, f"smtp://127.0.0.1:{free_port()}?tls=none"
    agreed(enterprise, "boss@lanhe.example")
    told(enterprise, "email")
    row = post()
    assert (row.state, row.reason, row.tries) == ("waiting", "down", 1) and row.next_at
    settings.SMTP_URL = up
    Dispatch.objects.update(next_at=timezone.now())
    assert post().state == "sent" and len(mailbox.letters) == 1


def test_a_server_that_stays_down_is_given_up(
    enterprise: Organisation, settings: LazySettings
) -> None:
    settings.NOTICES_RETRY_SECONDS = (0, 0)
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}?tls=none"
    settings.CONNECTORS = {"email": SMTP}
    agreed(enterprise, "boss@lanhe.example")
    told(enterprise, "email")
    assert [post().state for _ in range(3)] == ["waiting", "waiting", "refused"]


def test_tls_from_the_start_by_starttls_and_never_without_trust(
    tmp_path: Path, settings: LazySettings
) -> None:
    file, context = certificate(tmp_path)
    letter = Letter("boss@lanhe.example", "text", "subject")
    box = Mailbox()
    check = password_of("portal", "p@ss:word")
    with running(box, ssl_context=context) as port:
        settings.SMTP_URL = f"smtps://127.0.0.1:{port}?ca={file}"
        with Smtp() as connector:
            connector.send(letter)
            connector.send(letter)
        settings.SMTP_URL = f"smtps://127.0.0.1:{port}"  # signed by nobody we know
        with Smtp() as connector, pytest.raises(Down, match="CERTIFICATE_VERIFY_FAILED"):
            connector.send(letter)
    more = {"tls_context": context, "require_starttls": True, "authenticator": check}
    with running(box, **more) as port:
        where = f"127.0.0.1:{port}?ca={file}"
        settings.SMTP_URL = f"smtp://portal:p%40ss%3Aword@{where}"
        with Smtp() as connector:
            connector.send(letter)
        settings.SMTP_URL = f"smtp://portal:wrong@{where}"
        with Smtp() as connector, pytest.raises(Down, match="535"):
            connector.send(letter)
    with running(box) as port:  # a server that has no TLS gets no letter
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        with Smtp() as connector, pytest.raises(Down, match="STARTTLS"):
            connector.send(letter)
    assert len(box.letters) == 3


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://x?tls=maybe", "smtps:///path"])
def test_a_wrong_address_of_the_server_is_refused_at_the_start(
    url: str, settings: LazySettings
) -> None:
    with pytest.raises(ImproperlyConfigured, match="CITYFORGE_SMTP_URL"):
        Server.of(url)
    settings.SMTP_URL = url
    assert "notices.E001" in [one.id for one in run_checks()]
    settings.SMTP_URL = "smtps://portal:word@mail.example:465"
    assert "notices.E001" not in [one.id for one in run_checks()]


def test_a_header_cannot_be_smuggled_in(settings: LazySettings, mailbox: Mailbox) -> None:
    with Smtp() as connector, pytest.raises(Refused):
        connector.send(Letter("boss@lanhe.example\r\nBcc: x@y", "t", "s"))
    assert mailbox.letters == []


def test_work_that_was_killed_leaves_letters_unsure_not_twice(
    enterprise: Organisation, mailbox: Mailbox
) -> None:
    agreed(enterprise, "boss@lanhe.example")
    told(enterprise, "email")

    class Killed:
        def send(self, letter: Letter) -> None:
            raise KeyboardInterrupt

    (one,) = working.due("campaign:1")
    with pytest.raises(KeyboardInterrupt):
        working.post(one.pk, 1, Killed())  # type: ignore[arg-type]
    assert Dispatch.objects.get().state == "sending"
    assert working.lost("campaign:1", 2) == 1
    assert post(job=2).state == "unsure" and mailbox.letters == []
    assert working.again("campaign:1") == 0  # it may have arrived
    # The old work was not dead after all, and knows better.
    working._ended(Dispatch.objects.get(), states.SENT)
    assert Dispatch.objects.get().state == "sent"


def test_quiet_hours_wait_until_their_end(settings: LazySettings) -> None:
    settings.NOTICES_QUIET_HOURS = (21, 8)
    zone = timezone.get_current_timezone()

    def at(hour: int, day: int = 1) -> datetime:
        return datetime(2025, 10, day, hour, 0, tzinfo=zone)

    assert working.quiet_until(at(22)) == at(8, 2)
    assert working.quiet_until(at(21)) == at(8, 2)
    assert working.quiet_until(at(3)) == at(8)
    assert working.quiet_until(at(8)) is None and working.quiet_until(at(20)) is None
    settings.NOTICES_QUIET_HOURS = (12, 14)
    assert working.quiet_until(at(13)) == at(14) and working.quiet_until(at(14)) is None


def test_a_letter_in_quiet_hours_waits_and_the_inbox_does_not(
    enterprise: Organisation, settings: LazySettings, mailbox: Mailbox
) -> None:
    hour = timezone.localtime().hour
    settings.NOTICES_QUIET_HOURS = (hour, hour + 1 if hour < 23 else 1)
    agreed(enterprise, "boss@lanhe.example")
    told(enterprise, "email")
    row = post()
    assert (row.state, row.reason, row.tries) == ("waiting", "quiet", 0)
    assert row.next_at is not None and mailbox.letters == []
    assert queries.next_at("campaign:1") == row.next_at


# Consent


def test_e_mail_is_off_until_the_admin_agrees_with_a_proven_address(
    enterprise: Organisation, signed_in: SignedIn, mailbox: Mailbox
) -> None:
    told(enterprise, "email")
    assert (row := post()).state == "held" and row.reason == states.NO_CONSENT
    admin = signed_in(roles.ENTERPRISE_ADMIN)
    of = {"of": enterprise.code}
    admin.post("/inbox/channels/email/ask/", of | {"address": "boss@lanhe.example"})
    consent = Consent.objects.get()
    assert consent.agreed_at is None
    tasks.post_code.call(consent.pk)
    tasks.post_code.call(consent.pk)  # begun again after a kill
    (letter,) = mailbox.to("boss@lanhe.example")
    code = re.search(r"\d{6}", letter.get_content())[0]  # type: ignore[attr-defined,index]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert (
        "不对" in admin.post("/inbox/channels/email/agree/", of | {"code": wrong}, follow=True).text
    )
    assert working.again("campaign:1") == 1
    assert post().reason == states.NO_CONSENT  # asked is not agreed
    shown = admin.post("/inbox/channels/email/agree/", of | {"code": code}, follow=True).text
    assert "已开通" in shown and "boss@lanhe.example" in shown
    consent.refresh_from_db()
    assert consent.agreed_by is not None and consent.agreed_at is not None
    working.again("campaign:1")
    assert post().state == "sent"
    admin.post("/inbox/channels/email/withdraw/", of)
    told(enterprise, "email", key="campaign:2", about="lh_tax")
    assert post(key="campaign:2").reason == states.NO_CONSENT
    trail = [e.action for e in Event.objects.filter(action__startswith="notices.consent")]
    assert sorted(trail) == [
        "notices.consent_agreed", "notices.consent_asked", "notices.consent_ended",
        "notices.consent_wrong_code",
    ]  # fmt: skip


def test_codes_run_out_and_are_not_guessed(
    enterprise: Organisation, person: Person, settings: LazySettings
) -> None:
    settings.CONNECTORS = settings.CONNECTORS | {"email": SMTP}
    admin = person(roles.ENTERPRISE_ADMIN)
    consent = actions.ask(enterprise, "email", "a@b.example", by=admin)
    right = letters.code(consent)
    for _ in range(5):
        assert not actions.agree(consent, "none", by=admin)
    with pytest.raises(actions.NotNow, match="重新获取"):
        actions.agree(consent, right, by=admin)
    consent = actions.ask(enterprise, "email", "a@b.example", by=admin)
    assert letters.code(consent) != right
    Consent.objects.filter(pk=consent.pk).update(asked_at=timezone.now() - timedelta(hours=1))
    consent.refresh_from_db()
    assert not actions.agree(consent, letters.code(consent), by=admin)
    for _ in range(3):
        actions.ask(enterprise, "email", "a@b.example", by=admin)
    with pytest.raises(actions.NotNow, match="明天"):
        actions.ask(enterprise, "email", "a@b.example", by=admin)
    assert Consent.objects.filter(ended_at=None).count() == 1


def test_only_the_admin_of_the_enterprise_agrees(
    enterprise: Organisation, signed_in: SignedIn, person: Person, settings: LazySettings
) -> None:
    settings.CONNECTORS = settings.CONNECTORS | {"email": SMTP}
    other = Organisation.objects.create(kind=roles.ENTERPRISE, code="other", title="别家")
    sent = {"of": other.code, "address": "a@b.example"}
    ask = "/inbox/channels/email/ask/"
    assert signed_in(roles.ENTERPRISE_ADMIN).post(ask, sent).status_code == 404
    with pytest.raises(NotAllowed):
        actions.ask(other, "email", "a@b.example", by=person(roles.ENTERPRISE_ADMIN))
    own = {"of": enterprise.code, "address": "a@b.example"}
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    assert clerk.post(ask, own).status_code == 403
    shown = clerk.get("/inbox/channels/").text
    assert enterprise.title in shown and "企业管理员" in shown and "ask/" not in shown
    for address in ("no address", "a@b.example\nBcc: x@y.example", ""):
        signed_in(roles.ENTERPRISE_ADMIN).post(ask, own | {"address": address})
    assert (
        signed_in(roles.ENTERPRISE_ADMIN).post("/inbox/channels/inbox/ask/", own).status_code == 404
    )
    assert not Consent.objects.exists()


def test_one_click_stops_it_without_signing_in(
    enterprise: Organisation, mailbox: Mailbox, settings: LazySettings
) -> None:
    settings.BASE_URL = "https://portal.example"
    consent = agreed(enterprise, "boss@lanhe.example")
    told(enterprise, "email")
    post()
    (letter,) = mailbox.letters[0][1:]
    link = letter["List-Unsubscribe"].strip("<>").removeprefix("https://portal.example")
    anybody = Client(enforce_csrf_checks=True)
    asked = anybody.get(link)
    assert asked.status_code == 200 and "确认停止" in asked.text
    consent.refresh_from_db()
    assert consent.ended_at is None  # a program that only looks at links stops nothing
    one_click = {"List-Unsubscribe": "One-Click"}
    assert anybody.post(link, one_click).status_code == 200
    assert "已停止接收" in anybody.post(link, one_click).text  # twice does no harm
    consent.refresh_from_db()
    assert consent.ended_at is not None and consent.ended_by is None
    assert Event.objects.get(action="notices.consent_ended").actor_name == "link"
    forged = link.replace(f"/{consent.pk}:", f"/{consent.pk + 1}:")
    assert anybody.get(forged).status_code == 404 and anybody.post(forged).status_code == 404


def test_sms_is_written_down_where_no_provider_is(
    enterprise: Organisation, signed_in: SignedIn, settings: LazySettings
) -> None:
    admin = signed_in(roles.ENTERPRISE_ADMIN)
    of = {"of": enterprise.code}
    admin.post("/inbox/channels/sms/ask/", of | {"address": "123"})
    assert not Consent.objects.exists()
    admin.post("/inbox/channels/sms/ask/", of | {"address": "13800000000"})
    tasks.post_code.call(Consent.objects.get().pk)
    code = re.search(r"\d{6}", RecordedSms.objects.get().text)[0]  # type: ignore[index]
    admin.post("/inbox/channels/sms/agree/", of | {"code": code})
    told(enterprise, "sms")
    assert post("sms").state == "sent"
    shown = signed_in(roles.SYSTEM_ADMIN).get("/inbox/recorded/").text
    assert "13800000000" in shown and "研发" not in shown
    settings.CONNECTORS = settings.CONNECTORS | {"sms": ""}
    assert "不记在这里" in signed_in(roles.SYSTEM_ADMIN).get("/inbox/recorded/").text
    told(enterprise, "sms", key="campaign:2", about="lh_tax")
    assert post("sms", key="campaign:2").reason == states.NOT_SET_UP


def test_a_code_that_cannot_be_sent_is_told(
    enterprise: Organisation, signed_in: SignedIn, mailbox: Mailbox
) -> None:
    admin = signed_in(roles.ENTERPRISE_ADMIN)
    sent = {"of": enterprise.code, "address": "nobody@lanhe.example"}
    admin.post("/inbox/channels/email/ask/", sent)
    tasks.post_code.call(Consent.objects.get().pk)
    assert Consent.objects.get().trouble == "550 no such user"
    assert "没有发出" in admin.get("/inbox/channels/").text


def test_what_must_always_hold_the_database_holds(enterprise: Organisation) -> None:
    consent = agreed(enterprise, "a@b.example")
    row = {"key": "k", "about": "p", "term": "t", "code": "c", "channel": "inbox"}
    Dispatch.objects.create(**row, state="sent")
    Notice.objects.create(user=consent.asked_by, key="k", title_zh="一", title_en="1")
    for broken in (
        lambda: Dispatch.objects.create(**row),
        lambda: Dispatch.objects.create(**row | {"key": "k2"}, state="unsure"),
        lambda: Notice.objects.create(user=consent.asked_by, key="k", title_zh="", title_en=""),
        lambda: agreed(enterprise, "other@b.example"),
        lambda: agreed(enterprise, "other@b.example", channel="inbox"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
    Dispatch.objects.create(**row | {"key": "k2"}, state="held")


@pytest.mark.parametrize("address", ["/inbox/", "/inbox/channels/"])
def test_a_page_asks_the_database_little(
    enterprise: Organisation,
    signed_in: SignedIn,
    address: str,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(3):
        told(enterprise, "inbox", key=f"campaign:{number}", about=f"p{number}")
        put(f"campaign:{number}")
    admin = signed_in(roles.ENTERPRISE_ADMIN)
    with django_assert_max_num_queries(20):
        assert admin.get(address).status_code == 200
