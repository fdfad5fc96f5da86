"""Policies written in the portal: checked as typed, published by a second person, never half."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import policies_city
import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics.policies import in_force, shelf
from cityforge.portal.audit.models import Event
from cityforge.portal.policies import drafting, publishing
from cityforge.portal.policies.models import Draft, Publication

HOME = "/policies/drafts/"
LIVE = {"HX-Request": "true"}
EXAMPLES = """    examples:
      - {says: 一千万的百分之四, day: 2025-01-01, facts: {status: 在业, revenue: 1000, rd_expense: 40}, expect: eligible, amount: 40000}
"""  # noqa: E501
EASIER = policies_city.RD.replace("value: 3%", "value: 2%") + EXAMPLES


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("policies")).parent


@dataclass
class Office:
    """The bureau of science with two people, another bureau, an analyst of the city."""

    city: Path
    reporter: User
    checker: User
    other: User
    analyst: User

    @property
    def file(self) -> Path:
        return self.city / "policies" / "lh_rd.yaml"

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def post(self, user: User, pk: int, what: str, **sent: str) -> HttpResponse:
        return self.client(user).post(f"{HOME}{pk}/{what}/", sent)

    def page(self, user: User, pk: int) -> str:
        return self.client(user).get(f"{HOME}{pk}/").text

    def look(self, pk: int, text: str) -> str:
        address = f"{HOME}{pk}/look/"
        answer = self.client(self.reporter).post(address, {"text": text}, headers=LIVE)
        assert answer.status_code == 200
        return answer.text

    def submitted(self, text: str = EASIER) -> Draft:
        draft = drafting.begin(self.reporter, "lh_rd")
        drafting.save(self.reporter, draft.pk, text)
        drafting.submit(self.reporter, draft.pk, note="")
        return draft

    def publish(self, draft: Draft) -> None:
        publishing.publish(self.checker, draft.pk, digest=drafting.newest(draft).digest)


@pytest.fixture
def office(
    made: Path, settings: Any, tmp_path: Path, organisations: dict[str, Organisation]
) -> Office:
    shutil.copytree(made / "lanhe", tmp_path / "city")
    settings.SNAPSHOTS, settings.CITY, settings.HOME = made / "runs", tmp_path / "city", tmp_path
    city = organisations[roles.CITY]

    def somebody(name: str, unit: Organisation, *held: str) -> User:
        user = User.objects.create_user(name, None, name=name)
        for role in held:
            accounts.grant(user, unit, role, by=None)
        return user

    def bureau(code: str) -> Organisation:
        return Organisation.objects.create(kind=roles.BUREAU, code=code, title=code, parent=city)

    science, market = bureau("kejiju"), bureau("scj")
    return Office(
        settings.CITY,
        somebody("writer", science, roles.REPORTER),
        somebody("checks", science, roles.CHECKER),
        somebody("other", market, roles.REPORTER, roles.CHECKER),
        somebody("looks", city, roles.ANALYST),
    )


def trail() -> list[str]:
    found = Event.objects.filter(action__startswith="policies.")
    return [action.removeprefix("policies.") for action in found.values_list("action", flat=True)]


def test_one_writes_another_publishes_the_public_reads(office: Office) -> None:
    writer, checker = office.client(office.reporter), office.client(office.checker)
    before = office.file.read_bytes()
    begun = writer.post(f"{HOME}begin/", {"policy": "lh_rd"})
    draft = Draft.objects.get()
    assert begun["Location"] == f"{HOME}{draft.pk}/" and draft.bureau == "kejiju"
    assert "没有错误" in office.page(office.reporter, draft.pk)
    assert office.post(office.reporter, draft.pk, "save", text=EASIER).status_code == 302
    assert office.post(office.reporter, draft.pk, "submit", words="放宽一点").status_code == 302
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert office.file.read_bytes() == before and "2%" not in Client().get("/policies/lh_rd/").text

    assert "政策稿件待发布" in checker.get("/").text
    listed = checker.get(HOME).text
    assert "等您发布" in listed and "等您发布" not in writer.get(HOME).text
    shown = office.page(office.checker, draft.pk)
    assert "放宽一点" in shown and "发布第 2 稿" in shown and "checks" in shown
    lines = checker.get(f"{HOME}{draft.pk}/compare/").text
    assert "<del>" in lines and "value: 3%" in lines and "value: 2%" in lines
    digest = drafting.newest(draft).digest
    said = checker.post(f"{HOME}{draft.pk}/publish/", {"digest": digest}, follow=True).text
    assert "下次运行起按新版匹配" in said and "已发布" in said
    assert office.file.read_bytes() == EASIER.encode()
    assert [file.name for file in office.file.parent.iterdir() if file.suffix != ".yaml"] == []

    public = Client().get("/policies/lh_rd/").text
    assert "2%" in public and "下次运行起按新版匹配" in public
    assert "新发布，下次运行起按新版匹配" in Client().get("/policies/").text
    # What was matched by the version before is told as such.
    assert "3%" in office.client(office.analyst).get("/policies/lh_rd/simulation/").text
    journal = Publication.objects.get()
    assert journal.text_before.encode() == before and journal.state == "done"
    assert trail() == [
        "draft_begun", "draft_saved", "draft_submitted", "publishing", "published",
    ]  # fmt: skip
    event = Event.objects.get(action="policies.published")
    assert (event.actor, event.about) == ("checks", "lh_rd")
    assert event.detail["before"] == in_force.digest(before.decode())
    assert event.detail["after"] == in_force.digest(EASIER) == in_force.digest_of("lh_rd")


def test_each_problem_is_told_as_typed_with_its_line(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    wrong = policies_city.RD.replace("rd_expense >= revenue * p.share", "rd_expence >= 3万元")
    shown = office.look(draft.pk, wrong)
    line = next(n for n, row in enumerate(wrong.split("\n"), 1) if "rd_expence" in row)
    assert "1 处错误" in shown and f'href="#L{line}"' in shown and f"第 {line} 行" in shown
    assert "rd_expense" in shown  # what was meant
    assert "公众将看到" not in shown
    shown = office.look(draft.pk, EASIER.replace("amount: 40000}", "amount: 30000}"))
    assert "1 个算例未通过" in shown and "应为 符合，30000 元" in shown
    shown = office.look(draft.pk, policies_city.RD)
    assert "没有算例" in shown and "公众将看到" in shown and "研发占比" in shown
    assert "line 3" in office.client(office.reporter).post(
        f"{HOME}{draft.pk}/look/?lang=en", {"text": "id: lh_rd\n\n  x: ["}, headers=LIVE
    ).text  # fmt: skip
    assert drafting.newest(draft).number == 1 and trail() == ["draft_begun"]


def test_without_a_script_the_same_page_tells_it(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    typed = policies_city.RD.replace("3%", "4%")
    shown = office.post(office.reporter, draft.pk, "look", text=typed).text
    assert "有改动，还没保存" in shown and "value: 4%" in shown and "<html" in shown
    shown = office.post(office.reporter, draft.pk, "effects", text=typed).text
    assert "与现行相比" in shown and "value: 4%" in shown


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{name}'] * 9)}]\n"
    for name, after in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "laughs": LAUGHS,
    "aliases": "id: lh_rd\ntitle: &t x\ntitle_en: *t\nversions: [*t, *t]\n",
    "tabs": policies_city.RD.replace("\ntitle:", "\n\ttitle:"),
    "deep": "a: " + "[" * 3000 + "]" * 3000,
    "object": policies_city.RD.replace("研发投入奖励", "!!python/object/apply:os.system [id]"),
    "other id": policies_city.RD.replace("id: lh_rd", "id: ../../city"),
    "script": policies_city.RD.replace("id: lh_rd", "id: <script>alert(1)</script>"),
    "twice": policies_city.RD + "\nid: lh_rd\n",
    "empty": "# nothing\n",
    "scalar": "42\n",
    "unclosed": 'title: "\n',
    "long": "# " + "x" * 200_000,
    "control": policies_city.RD.replace("研发", "\x07"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_told_and_goes_nowhere(office: Office, text: str) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    before = office.file.read_bytes()
    shown = office.look(draft.pk, text)
    assert "处错误" in shown and "<script>" not in shown
    office.post(office.reporter, draft.pk, "save", text=text)
    office.post(office.reporter, draft.pk, "effects", text=text)
    if drafting.newest(draft).text != draft.base_text:
        with pytest.raises(NotNow, match="错误"):
            drafting.submit(office.reporter, draft.pk, note="")
    assert "<script>" not in re.sub(
        r"<script src=[^>]*>", "", office.page(office.reporter, draft.pk)
    )
    assert office.file.read_bytes() == before


@pytest.mark.parametrize("text", ["", "x\0y", "x" * 200_001])
def test_what_cannot_be_kept_stays_on_the_page(office: Office, text: str) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    answer = office.post(office.reporter, draft.pk, "save", text=text)
    assert answer.status_code == 422 and "没有保存" in answer.text
    assert draft.wordings.count() == 1


def test_more_than_a_page_may_send_is_refused(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    for what in ("save", "look", "effects"):
        answer = office.post(office.reporter, draft.pk, what, text="x" * 6_000_000)
        assert answer.status_code == 400, what
    assert draft.wordings.count() == 1


def test_saving_keeps_versions_and_nothing_twice(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    windows = EASIER.replace("\n", "\r\n").removesuffix("\r\n")
    for _ in range(2):
        office.post(office.reporter, draft.pk, "save", text=windows)
    assert [one.number for one in draft.wordings.all()] == [2, 1]
    assert drafting.newest(draft).text == EASIER
    compared = office.client(office.reporter).get(f"{HOME}{draft.pk}/compare/?from=1&to=2").text
    assert compared.count("<ins>") == 3 and "两边一样" not in compared
    same = office.client(office.reporter).get(f"{HOME}{draft.pk}/compare/?from=base&to=1").text
    assert "两边一样" in same
    for odd in ("0", "9", "x", "９", "../city"):
        address = f"{HOME}{draft.pk}/compare/?from={odd}&to=1"
        assert office.client(office.reporter).get(address).status_code == 404


def test_nobody_writes_over_what_they_have_not_seen(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    seen = drafting.newest(draft).digest
    drafting.save(office.analyst, draft.pk, EASIER)
    other = EASIER.replace("2%", "1%")
    answer = office.post(office.reporter, draft.pk, "save", text=other, digest=seen)
    assert answer.status_code == 422 and "looks 刚保存了第 2 稿" in answer.text
    assert "value: 1%" in answer.text and drafting.newest(draft).text == EASIER
    (now,) = set(re.findall('name="digest" value="([0-9a-f]{64})"', answer.text))
    office.post(office.reporter, draft.pk, "save", text=other, digest=now)
    assert drafting.newest(draft).text == other


def test_who_writes_for_whom(office: Office) -> None:
    with pytest.raises(NotAllowed, match="别的部门"):
        drafting.begin(office.other, "lh_rd")
    with pytest.raises(NotAllowed, match="分析员"):
        drafting.begin(office.reporter, "qy_green")  # a district's
    with pytest.raises(NotAllowed):
        drafting.begin(office.checker, "lh_rd")
    with pytest.raises(NotNow, match="选择主管部门"):
        drafting.begin(office.analyst, "qy_green")
    assert drafting.begin(office.analyst, "qy_green", bureau="scj").bureau == "scj"
    assert drafting.begin(office.analyst, "lh_rd", bureau="scj").bureau == "kejiju"  # as it says
    with pytest.raises(NotNow, match="没有这项政策"):
        drafting.begin(office.analyst, "../city")
    draft = drafting.begin(office.reporter, "lh_rd")
    assert office.client(office.other).get(f"{HOME}{draft.pk}/").status_code == 404
    for what in ("save", "look", "effects", "submit", "withdraw", "publish", "send-back"):
        answer = office.post(office.other, draft.pk, what, text=EASIER, words="x")
        assert answer.status_code == 404, what
    assert "lh_rd" not in office.client(office.other).get(HOME).text
    assert office.post(office.checker, draft.pk, "save", text=EASIER).status_code == 403
    assert draft.wordings.count() == 1


def test_a_draft_names_the_bureau_that_publishes_it(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    drafting.save(office.reporter, draft.pk, EASIER.replace("兰河市科技局", "兰河市市场监督管理局"))
    with pytest.raises(NotNow, match="另行起草"):
        drafting.submit(office.reporter, draft.pk, note="")
    drafting.save(office.reporter, draft.pk, EASIER.replace("兰河市科技局", "某某局"))
    with pytest.raises(NotNow, match="全称"):
        drafting.submit(office.reporter, draft.pk, note="")


def test_nobody_publishes_what_they_wrote(office: Office) -> None:
    science = Organisation.objects.get(code="kejiju")
    accounts.grant(office.reporter, science, roles.CHECKER, by=None)
    accounts.grant(office.checker, science, roles.REPORTER, by=None)
    draft = drafting.begin(office.reporter, "lh_rd")
    drafting.save(office.checker, draft.pk, EASIER)
    drafting.submit(office.reporter, draft.pk, note="")
    for author in (office.reporter, office.checker):
        with pytest.raises(NotAllowed, match="参与起草的人不能发布"):
            publishing.publish(author, draft.pk, digest=drafting.newest(draft).digest)
        assert "参与起草的人不能发布" in office.page(author, draft.pk)
        assert "等您发布" not in office.client(author).get(HOME).text
    with pytest.raises(NotAllowed, match="主管部门的审核员"):
        publishing.publish(office.other, draft.pk, digest="")
    with pytest.raises(NotAllowed):
        publishing.publish(office.analyst, draft.pk, digest="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(decided_by=office.reporter)
    assert not Publication.objects.exists()


def test_every_state_lets_only_what_follows(office: Office) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    with pytest.raises(NotNow, match="起草中"):
        office.publish(draft)
    drafting.save(office.reporter, draft.pk, EASIER)
    drafting.submit(office.reporter, draft.pk, note="")
    with pytest.raises(NotNow, match="取回"):
        drafting.save(office.reporter, draft.pk, policies_city.RD)
    with pytest.raises(NotNow, match="写明退回的原因"):
        drafting.send_back(office.checker, draft.pk, reason="")
    office.post(office.checker, draft.pk, "send-back", words="缺算例")
    assert "缺算例" in office.page(office.reporter, draft.pk)
    assert "政策稿件被退回" in office.client(office.reporter).get("/").text
    drafting.submit(office.reporter, draft.pk, note="")
    drafting.take_back(office.reporter, draft.pk)
    with pytest.raises(NotNow):
        drafting.take_back(office.reporter, draft.pk)
    with pytest.raises(NotNow, match="没有变"):
        drafting.take_over(office.reporter, draft.pk)
    drafting.withdraw(office.reporter, draft.pk)
    for act in (drafting.withdraw, drafting.take_over):
        with pytest.raises(NotNow, match="已撤回"):
            act(office.reporter, draft.pk)
    done = office.submitted()
    office.publish(done)
    with pytest.raises(NotNow, match="已发布"):
        office.publish(done)
    assert "不能这样做" in office.client(office.reporter).post(
        f"{HOME}{done.pk}/withdraw/", follow=True
    ).text  # fmt: skip


def test_only_what_was_seen_is_published(office: Office) -> None:
    draft = office.submitted()
    seen = drafting.newest(draft).digest
    drafting.take_back(office.reporter, draft.pk)
    drafting.save(office.reporter, draft.pk, EASIER.replace("2%", "1%"))
    drafting.submit(office.reporter, draft.pk, note="")
    with pytest.raises(NotNow, match="看过新的再发布"):
        publishing.publish(office.checker, draft.pk, digest=seen)
    assert Draft.objects.get(pk=draft.pk).state == "submitted"


def test_a_file_changed_meanwhile_is_compared_and_taken_over(office: Office) -> None:
    draft = office.submitted()
    other = office.submitted(EASIER.replace("2%", "1%"))
    office.publish(other)
    with pytest.raises(NotNow, match="起草以后被改过"):
        office.publish(draft)
    shown = office.page(office.reporter, draft.pk)
    assert "现行文件被改过" in shown and "看过了，接着改" in shown
    changed = office.client(office.reporter).get(
        f"{HOME}{draft.pk}/compare/?from=base&to=force"
    ).text  # fmt: skip
    assert "value: 1%" in changed
    office.post(office.reporter, draft.pk, "take-over")
    assert "现行文件被改过" not in office.page(office.reporter, draft.pk)
    drafting.submit(office.reporter, draft.pk, note="")
    office.publish(draft)
    assert office.file.read_text(encoding="utf-8") == EASIER
    kept = [(one.text_before, one.text) for one in Publication.objects.order_by("pk")]
    assert kept[0][0] == policies_city.RD and kept[0][1] == kept[1][0]


def test_a_broken_folder_or_a_failing_example_publishes_nothing(office: Office) -> None:
    draft = office.submitted()
    spoilt = office.city / "policies" / "lh_tax.yaml"
    kept = spoilt.read_text(encoding="utf-8")
    spoilt.write_text("id: [", encoding="utf-8")
    assert "另有文件出错" in office.page(office.checker, draft.pk)
    with pytest.raises(NotNow, match="另有文件出错"):
        office.publish(draft)
    with pytest.raises(shelf.NotPut, match=r"整个城市文件夹检查未通过.*lh_tax"):
        shelf.verify("lh_rd", EASIER)
    # The public reads on what the run had.
    assert "3%" in Client().get("/policies/lh_rd/").text
    spoilt.write_text(kept, encoding="utf-8")
    failing = EASIER.replace("amount: 40000}", "amount: 1}")
    drafting.take_back(office.reporter, draft.pk)
    drafting.save(office.reporter, draft.pk, failing)
    with pytest.raises(NotNow, match="1 个算例未通过"):
        drafting.submit(office.reporter, draft.pk, note="")
    with pytest.raises(shelf.NotPut, match="算例未通过"):
        shelf.verify("lh_rd", failing)
    assert office.file.read_text(encoding="utf-8") == policies_city.RD


def test_a_folder_that_cannot_be_written_to_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.submitted()

    def full(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(shelf.os, "fsync", full)
        digest = drafting.newest(draft).digest
        office.post(office.checker, draft.pk, "publish", digest=digest)
        patched.setattr(shelf.os, "access", lambda *_: False)
        shown = office.page(office.checker, draft.pk)
    assert "上次没有发布成" in shown and "城市文件夹不能写" in shown and "现在不能写" in shown
    assert office.file.read_text(encoding="utf-8") == policies_city.RD
    assert [file.name for file in office.file.parent.iterdir() if file.suffix != ".yaml"] == []
    assert "not_published" in trail()
    office.publish(draft)
    assert office.file.read_text(encoding="utf-8") == EASIER


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["before", "part", "after"])
def test_what_a_stop_left_half_done_is_finished(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    draft = office.submitted()
    real = shelf.put

    def stopped(policy: str, text: str, *, before: str) -> None:
        if step == "after":
            real(policy, text, before=before)
        if step == "part":
            (office.file.parent / ".lh_rd.part").write_text("id: lh_", encoding="utf-8")
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(shelf, "put", stopped)
        with pytest.raises(Killed):
            office.publish(draft)
    assert Draft.objects.get(pk=draft.pk).state == "publishing"
    assert office.file.read_text(encoding="utf-8") in (policies_city.RD, EASIER)
    assert not in_force.here().errors  # type: ignore[union-attr]
    assert "已发布" in office.page(office.reporter, draft.pk)
    assert office.file.read_text(encoding="utf-8") == EASIER
    assert [file.name for file in office.file.parent.iterdir() if file.suffix != ".yaml"] == []
    publishing.repair()
    assert trail().count("published") == 1 and trail().count("publishing") == 1


def test_what_cannot_be_finished_is_given_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.submitted()
    for spoil, told in (
        (
            lambda: office.file.write_text(EASIER + "# by hand\n", encoding="utf-8"),
            "起草以后被改过",
        ),
        (lambda: (office.city / "units.yaml").write_text("x", encoding="utf-8"), "检查未通过"),
    ):
        kept = {file: file.read_bytes() for file in (office.file, office.city / "units.yaml")}
        with monkeypatch.context() as patched:
            patched.setattr(shelf, "put", lambda *_, **__: (_ for _ in ()).throw(Killed))
            with pytest.raises(Killed):
                office.publish(draft)
        spoil()
        (office.file.parent / ".lh_rd.part").write_text("id: lh_", encoding="utf-8")
        shown = office.page(office.checker, draft.pk)
        assert "上次没有发布成" in shown and told in shown
        draft.refresh_from_db()
        assert (draft.state, draft.decided_by) == ("submitted", None)
        assert not (office.file.parent / ".lh_rd.part").exists()
        for file, content in kept.items():
            file.write_bytes(content)
    office.publish(draft)
    assert [one.state for one in Publication.objects.all()] == ["done", "failed", "failed"]


def test_of_two_publishers_one_is_first(office: Office) -> None:
    draft = office.submitted()
    second = User.objects.create_user("second", None, name="second")
    science = Organisation.objects.get(code="kejiju")
    accounts.grant(second, science, roles.CHECKER, by=None)
    digest = drafting.newest(draft).digest
    # Both came through every check before the first had decided.
    publishing._decide(office.checker, draft.pk, digest)
    with pytest.raises(NotNow, match="正在写入"):
        publishing._decide(second, draft.pk, digest)
    with shelf.locked(wait=True) as first:
        with shelf.locked(wait=False) as other:
            assert first and not other
        publishing.repair()  # somebody publishes: what is theirs is left to them
        assert Publication.objects.get().state == "begun"
    with pytest.raises(NotNow, match="已发布"):
        publishing.publish(second, draft.pk, digest=digest)
    assert Draft.objects.get(pk=draft.pk).decided_by == office.checker


def begun(office: Office, **asked: str) -> HttpResponse:
    sent = {"name": "lh_new", "title": "新政策", "source": "template:rate", "starts": "2025-01-01"}
    return office.client(office.reporter).post(f"{HOME}begin/", sent | asked)


@pytest.mark.parametrize("template", ["award", "rate", "tiers", "interest", "instalments"])
def test_a_new_policy_from_a_template(office: Office, template: str) -> None:
    assert begun(office, source=f"template:{template}").status_code == 302
    draft = Draft.objects.get()
    shown = office.page(office.reporter, draft.pk)
    assert "新政策" in shown and "处错误" not in shown and "未通过" not in shown
    text = re.sub("office: .*", "office: 市科技局", drafting.newest(draft).text)
    drafting.save(office.reporter, draft.pk, text)
    drafting.submit(office.reporter, draft.pk, note="")
    office.publish(draft)
    public = Client().get("/policies/lh_new/").text
    assert "新发布的政策" in public and "新政策" in Client().get("/policies/").text
    analyst = office.client(office.analyst)
    assert analyst.get("/policies/lh_new/candidates/").status_code == 404
    assert "lh_new" not in analyst.get("/policies/coverage/").text
    with pytest.raises(NotNow, match="已有政策"):
        drafting.begin_new(
            office.reporter, "lh_new", "又一项", source="template:rate", day=draft.begun_at.date()
        )


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "../x"}, {"name": "LH"}, {"name": ""}, {"name": "lh_rd"}, {"title": ""},
        {"title": "一\n二"}, {"source": "template:no"}, {"source": "policy:no"}, {"source": ""},
        {"starts": "soon"}, {"bureau": "no"},
    ],
)  # fmt: skip
def test_what_no_policy_begins_from(office: Office, asked: dict[str, str]) -> None:
    answer = begun(office, **asked)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert not Draft.objects.exists()


def test_a_new_policy_after_a_model(office: Office) -> None:
    begun(office, source="policy:ref_rent", title='租金"补助"')
    text = drafting.newest(Draft.objects.get()).text
    assert "id: lh_new" in text and "model: false" in text and "办法" in text
    assert "处错误" not in office.page(office.reporter, Draft.objects.get().pk)


def test_a_version_that_is_still_to_come(office: Office) -> None:
    """It is told and worked out as of its first day; the catalogue has the one in force."""
    older = policies_city.RD.removesuffix("\n")
    body = older[older.index("  - from: 2024-01-01") :].replace("2024-01-01", "2026-01-01")
    older = older.replace("from: 2024-01-01", "from: 2024-01-01\n    to: 2025-12-31")
    draft = office.submitted(f"{older}\n{body.replace('3%', '1%')}\n")
    shown = office.post(office.reporter, draft.pk, "effects", text=drafting.newest(draft).text).text
    assert "2026-01-01 起施行" in shown and "与现行相比" in shown
    office.publish(draft)
    public = Client().get("/policies/lh_rd/").text
    assert "研发占比：3% → 1%" in public and "2026-01-01" in public
    begun(office, starts="2026-03-01")
    new = Draft.objects.first()
    assert new is not None
    text = drafting.newest(new).text.replace("主管部门（请填写）", "市科技局")
    drafting.save(office.reporter, new.pk, text)
    drafting.submit(office.reporter, new.pk, note="")
    office.publish(new)
    assert "2026-03-01 起施行" in Client().get("/policies/?when=coming").text


def test_what_it_does_is_told_to_whom_it_may_be(office: Office, made: Path) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    codes = {str(row["uscc"]) for row in policies_city.applicants(made / "runs")}
    plain = office.post(office.reporter, draft.pk, "effects", text=EASIER).text
    told = office.post(office.analyst, draft.pk, "effects", text=EASIER).text
    for shown in (plain, told):
        assert "与现行相比" in shown and "按市（区）" in shown and "谁增谁减" in shown
        assert "各条件卡住多少家" in shown and "青屿区" in shown
    assert not {code for code in codes if code in plain} and "只给有权查看全市企业的人" in plain
    assert {code for code in codes if code in told} and "变化最大的企业" in told
    same = office.post(office.reporter, draft.pk, "effects", text=policies_city.RD).text
    assert "没有可比的现行版本，或" in same and "与现行相比" not in same
    wrong = office.post(office.reporter, draft.pk, "effects", text="id: lh_rd\n").text
    assert "改好才能测算" in wrong
    # Beside what stands in force now, which is newer than the run.
    office.publish(office.submitted())
    again = office.post(office.reporter, draft.pk, "effects", text=EASIER).text
    assert "与现行相比" not in again
    assert trail().count("draft_saved") == 1


def test_without_a_folder_pages_say_so(office: Office, settings: Any) -> None:
    draft = drafting.begin(office.reporter, "lh_rd")
    settings.CITY = None
    for address in (HOME, f"{HOME}begin/"):
        assert "没有设置城市文件夹" in office.client(office.reporter).get(address).text
    assert "不能检查" in office.page(office.reporter, draft.pk)
    with pytest.raises(NotNow):
        drafting.submit(office.reporter, draft.pk, note="")
    assert "研发投入奖励" in Client().get("/policies/").text


@pytest.mark.parametrize("address", [HOME, f"{HOME}begin/", "draft", "compare", "versions"])
def test_a_page_asks_the_database_little(
    office: Office, address: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    draft = office.submitted()
    for number in range(8):
        drafting.take_back(office.reporter, draft.pk)
        drafting.save(office.reporter, draft.pk, f"{EASIER}# {number}\n")
        drafting.submit(office.reporter, draft.pk, note="")
    where = {"draft": f"{HOME}{draft.pk}/", "compare": f"{HOME}{draft.pk}/compare/"}
    where["versions"] = f"{HOME}of/lh_rd/"
    office.publish(draft)
    client = office.client(office.reporter)
    with django_assert_max_num_queries(20):
        assert client.get(where.get(address, address)).status_code == 200
    assert "Policies" in client.get(f"{where.get(address, address)}?lang=en").text


def test_an_earlier_text_is_drafted_from_and_goes_the_normal_road(office: Office) -> None:
    first = office.file.read_text(encoding="utf-8")
    stricter = EASIER.replace("2%", "1%")
    for text in (EASIER, stricter):
        office.publish(office.submitted(text))
    where, writer = f"{HOME}of/lh_rd/", office.client(office.reporter)
    assert where in writer.get("/policies/lh_rd/").text
    shown = writer.get(where).text
    assert shown.count("以此版为底稿") == 2 and "不在门户发布" in shown and "现行" in shown
    old, now = in_force.digest(EASIER), in_force.digest(stricter)
    lines = writer.get(where, {"text": old}).text
    assert "value: 1%" in lines and "value: 2%" in lines
    checker = office.client(office.checker)
    assert "以此版为底稿" not in checker.get(where).text  # who publishes does not draft
    assert checker.post(f"{where}begin/", {"text": old}).status_code == 403

    answer = writer.post(f"{where}begin/", {"text": old}, follow=True)
    draft = Draft.objects.latest("pk")
    assert "已用以前的文本起草" in answer.text and answer.redirect_chain[0][0].endswith(
        f"{HOME}{draft.pk}/"
    )
    assert (drafting.newest(draft).text, draft.base, draft.base_text) == (EASIER, now, stricter)
    event = Event.objects.filter(action="policies.draft_begun").latest("number")
    assert event.detail["earlier"] == old
    assert office.file.read_text(encoding="utf-8") == stricter  # nothing is changed by it
    with pytest.raises(NotNow):
        office.publish(draft)  # it was not handed in
    drafting.submit(office.reporter, draft.pk, note="恢复上一版")
    office.publish(draft)
    assert office.file.read_text(encoding="utf-8") == EASIER
    shown = writer.get(where).text
    assert shown.count("以此版为底稿") == 2  # each text once, whichever stands
    # The text from before the portal too.
    begun = drafting.begin_from(office.reporter, "lh_rd", in_force.digest(first))
    assert drafting.newest(begun).text == first


def test_who_may_go_back_to_which_text(office: Office, settings: Any) -> None:
    office.publish(office.submitted())
    before = Publication.objects.get().before
    where, other = f"{HOME}of/lh_rd/", office.client(office.other)
    assert "只有该部门看得到" in other.get(where).text
    assert "没有这一版" in other.post(f"{where}begin/", {"text": before}, follow=True).text
    with pytest.raises(NotNow, match="就是现行文件"):
        drafting.begin_from(office.reporter, "lh_rd", in_force.digest_of("lh_rd"))
    assert office.client(office.reporter).get(f"{HOME}of/nowhere/").status_code == 404
    assert drafting.begin_from(office.analyst, "lh_rd", before).bureau == "kejiju"
    office.file.unlink()  # a policy that somebody took out of the folder
    again = drafting.begin_from(office.reporter, "lh_rd", before)
    assert (again.base, again.bureau) == ("", "kejiju")
    settings.CITY = None
    with pytest.raises(NotNow):
        drafting.begin_from(office.reporter, "lh_rd", before)
