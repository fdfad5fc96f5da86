"""An upheld objection is a correction: in the list, in the next run, in the enterprise's file."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import evaluated_city
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from evaluated_city import PDF, SCHEME, plain
from town import Town, asked

from cityforge.brain.api import evaluations as api
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.analytics import grades, rulings
from cityforge.portal.audit.models import Event
from cityforge.portal.corrections import actions, states
from cityforge.portal.corrections.models import Correction
from cityforge.portal.evaluations import signals

Signed = Callable[[str], Client]
Captured = Callable[..., Any]


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated_city.made(tmp_path_factory.mktemp("carried"), declared=False)


class Hearing:
    """The proceedings of a town's evaluation, at the stage in which objections are ruled on."""

    def __init__(self, town: Town, signed_in: Signed) -> None:
        self.town = town
        self.analyst, self.clerk = signed_in(roles.ANALYST), signed_in(roles.ENTERPRISE_CLERK)
        self.act = f"/evaluations/{SCHEME}/proceeding/"
        self.conduct("begin", publicity_days=5)
        for stage in ("listed", "collected", "checked"):
            self.conduct("step", to=stage)

    def conduct(self, what: str, **said: object) -> str:
        return self.analyst.post(f"{self.act}{what}/", said, follow=True).text

    def object(self, right: str) -> str:
        """The number of an objection that the enterprise makes."""
        evidence = SimpleUploadedFile("完税证明.pdf", PDF)
        said = {"fact": "tax_paid", "right": right, "reason": "漏计", "evidence": evidence}
        self.clerk.post(f"/evaluations/{SCHEME}/mine/{self.town.code}/object/", said)
        standing = grades.standing(SCHEME)
        assert standing is not None
        return standing.open[-1][0]

    def rule(self, objection: str, outcome: str = "upheld", value: str = "") -> str:
        said = {"outcome": outcome, "grounds": "已核对完税", "value": value}
        return self.conduct("rule", objection=objection, **said)

    def withdraw(self, ruling: str) -> None:
        """By a program, beside the portal."""
        undone = api.Withdrawal(entry=ruling, reason="认定有误")
        api.record(self.proceeding, undone, by="张三", role="分析员")

    @property
    def proceeding(self) -> api.Proceeding:
        return api.open_proceeding(self.town.runs / self.run, scheme=SCHEME)

    @property
    def run(self) -> str:
        return (self.town.runs / "latest").read_text(encoding="utf-8").strip()

    @property
    def lines(self) -> list[dict[str, str]]:
        with (self.town.home / "data" / "corrections.csv").open(encoding="utf-8-sig") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture
def town(
    owned: Path, tmp_path: Path, settings: LazySettings, organisations: dict[str, Organisation]
) -> Town:
    return Town(owned, tmp_path, settings, organisations)


@pytest.fixture
def hearing(town: Town, signed_in: Signed) -> Hearing:
    return Hearing(town, signed_in)


def test_upheld_then_in_the_list_the_next_run_and_the_file(
    hearing: Hearing, django_capture_on_commit_callbacks: Captured, signed_in: Signed
) -> None:
    town, first = hearing.town, hearing.run
    stated = str(town.fact("tax_paid"))
    objection = hearing.object("99999.5")
    with django_capture_on_commit_callbacks(execute=True):
        said = hearing.rule(objection)
    assert "已列入“数据更正”" in said
    [line] = hearing.lines
    one = Correction.objects.get()
    mark = f"{first}/{SCHEME}-2024#{objection}.{one.ruling}"
    assert (line["uscc"], line["fact"], line["value"]) == (town.code, "tax_paid", "99999.5")
    assert (line["basis"], line["by"], line["id"]) == ("ruled", SCHEME, mark)
    assert float(line["stated"]) == float(stated)
    event = Event.objects.get(action="corrections.ruled")
    assert (event.detail["origin"], event.about) == (mark, town.code)
    assert event.actor == roles.ANALYST
    for reader in (hearing.clerk, hearing.analyst, signed_in(roles.CHECKER)):
        shown = reader.get(f"/corrections/{one.pk}/").text
        assert f"异议 {objection}" in shown and "已核对完税" in shown
        assert "下一次计算起采用" in shown and "评价异议" in reader.get("/corrections/").text
    [name] = one.evidence
    file = hearing.clerk.get(f"/corrections/{one.pk}/evidence/{name}/")
    assert b"".join(file.streaming_content) == PDF

    town.run_again(hearing.analyst)
    assert hearing.run != first and float(str(town.fact("tax_paid"))) == 99999.5
    assert "现行结果已采用" in hearing.clerk.get(f"/corrections/{one.pk}/").text
    facts = plain(hearing.clerk.get(f"/enterprises/{town.code}/facts/").text)
    assert "企业异议，经“" in facts and "认定（" in facts
    assert Correction.objects.count() == 1  # the older proceedings are read again, nothing twice


def test_partly_upheld_by_its_value_and_rejected_not_at_all(hearing: Hearing) -> None:
    objection = hearing.object("99999.5")
    assert "数据更正”" in hearing.rule(objection, "partly", "50000")
    assert Correction.objects.get().value == "50000"
    other = hearing.object("70000")
    said = hearing.rule(other, "rejected")
    assert "已列入" not in said and Correction.objects.count() == 1


def test_what_the_next_run_cannot_be_told_is_said(hearing: Hearing) -> None:
    made = api.objection(hearing.proceeding, hearing.town.code, "district=新区", reason="迁址")
    [entry] = api.record(hearing.proceeding, made, by="李四", role="分析员")
    assert "请数据的主管部门改报" in hearing.rule(entry.id)
    assert not Correction.objects.exists()


def test_what_a_stop_left_undone_a_run_does(
    hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ruling stands in the journal; all that follows it was cut off."""
    town = hearing.town
    objection = hearing.object("99999.5")

    def stopped(*_: object, **__: object) -> list[str]:
        raise OSError("cut off")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "follow_rulings", stopped)
        assert "已列入" not in hearing.rule(objection)
    assert not Correction.objects.exists()
    assert Event.objects.filter(action="evaluations.ruled").exists()  # that stands all the same
    town.run_again(hearing.analyst)
    assert float(str(town.fact("tax_paid"))) == 99999.5
    one = Correction.objects.get()
    assert (one.objection, one.state) == (objection, states.ACCEPTED)
    assert Event.objects.get(action="corrections.ruled").actor == "system"
    for _ in range(2):
        actions.follow_rulings()
    assert Correction.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            organisation=one.organisation, fact="tax_paid", year=2024, value="1", reason="x",
            owner="jxj", proceeding=one.proceeding, objection=objection, ruling=one.ruling,
        )  # fmt: skip


def test_a_withdrawn_ruling_takes_its_correction_with_it(hearing: Hearing) -> None:
    town = hearing.town
    objection = hearing.object("99999.5")
    hearing.rule(objection)
    one = Correction.objects.get()
    hearing.withdraw(one.ruling)
    assert actions.write_out() == 0
    one.refresh_from_db()
    assert one.state == states.UNDONE
    assert "认定已撤销" in hearing.clerk.get(f"/corrections/{one.pk}/").text
    assert Event.objects.filter(action="corrections.undone").count() == 1
    assert "已列入" in hearing.rule(objection, "partly", "60000")  # ruled anew
    assert actions.write_out() == 1 and hearing.lines[0]["value"] == "60000"
    town.run_again(hearing.analyst)
    assert float(str(town.fact("tax_paid"))) == 60000


def test_a_ruling_withdrawn_on_the_page_undoes_its_correction_at_once(
    hearing: Hearing, django_capture_on_commit_callbacks: Captured
) -> None:
    objection = hearing.object("99999.5")
    assert "撤销认定" not in hearing.rule("e99")
    said = hearing.rule(objection)
    assert "撤销认定" in said
    assert "没有填" in hearing.conduct("withdraw", objection=objection, reason="")
    assert actions.write_out() == 1
    with django_capture_on_commit_callbacks(execute=True):
        said = hearing.conduct("withdraw", objection=objection, reason="认定有误")
    assert "重新待认定" in said and "待认定的异议" in said and hearing.lines == []
    assert Correction.objects.get().state == states.UNDONE
    assert Event.objects.get(action="corrections.undone").actor == roles.ANALYST
    assert Event.objects.get(action="evaluations.ruling_withdrawn").detail["reason"] == "认定有误"
    assert "没有认定" in hearing.conduct("withdraw", objection=objection, reason="又一次")
    assert Event.objects.filter(action="evaluations.ruling_withdrawn").count() == 1


def test_a_stop_after_the_journal_is_made_good(
    hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the ruling came into the database, neither event nor correction."""
    objection = hearing.object("99999.5")

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(signals.ruled, "send_robust", killed)
        hearing.rule(objection)
    assert not Event.objects.filter(action="evaluations.ruled").exists()
    assert actions.write_out() == 1 and hearing.lines[0]["value"] == "99999.5"


def test_the_later_ruling_wins_and_the_page_says_so(hearing: Hearing, signed_in: Signed) -> None:
    town, checker = hearing.town, signed_in(roles.CHECKER)
    hearing.clerk.post(town.new, asked(value="50000"))
    own = Correction.objects.get()
    checker.post(f"/corrections/{own.pk}/rule/", {"outcome": "accepted", "grounds": "属实"})
    hearing.rule(hearing.object("70000"))
    ruled = Correction.objects.latest("pk")
    page = plain(hearing.clerk.get(f"/corrections/{own.pk}/").text)
    assert "后来另有认定，以后来的为准" in page and f"更正 {ruled.pk}" in page
    assert "后来另有认定" not in hearing.clerk.get(f"/corrections/{ruled.pk}/").text
    town.run_again(hearing.analyst)
    assert float(str(town.fact("tax_paid"))) == 70000
    # And the other way round: a bureau's ruling after that of the evaluation, on the same day.
    hearing.clerk.post(town.new, asked(value="80000"))
    last = Correction.objects.latest("pk")
    checker.post(f"/corrections/{last.pk}/rule/", {"outcome": "accepted", "grounds": "属实"})
    assert "后来另有认定" in hearing.clerk.get(f"/corrections/{ruled.pk}/").text
    town.run_again(hearing.analyst)
    assert float(str(town.fact("tax_paid"))) == 80000


def test_a_journal_that_cannot_be_read_undoes_nothing(hearing: Hearing) -> None:
    hearing.rule(hearing.object("99999.5"))
    [journal] = (hearing.town.runs / "proceedings").glob("*/*/journal.jsonl")
    journal.write_bytes(journal.read_bytes().replace("漏计".encode(), "多计".encode()))
    assert rulings.ruled() == {}
    assert actions.write_out() == 1
    assert Correction.objects.get().state == states.ACCEPTED
