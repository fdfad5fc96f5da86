"""Facts put right: asked with evidence, ruled on by their bureau, read by the next run."""

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
from evaluated_city import BUREAU, PDF, SCHEME, plain
from town import Town, asked

from cityforge.brain.api import runs, snapshots
from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.analytics import corrections as analytics
from cityforge.portal.audit.models import Event
from cityforge.portal.corrections import actions, states
from cityforge.portal.corrections.models import Correction
from cityforge.portal.policies.models import Declaration
from cityforge.portal.runs.models import Run

Signed = Callable[[str], Client]


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city in which a bureau answers for the figures."""
    return evaluated_city.made(tmp_path_factory.mktemp("owned"), declared=False)


@pytest.fixture(scope="module")
def declaring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city in which enterprises declare the figures themselves."""
    return evaluated_city.made(tmp_path_factory.mktemp("declaring"))


@pytest.fixture
def town(
    owned: Path, tmp_path: Path, settings: LazySettings, organisations: dict[str, Organisation]
) -> Town:
    return Town(owned, tmp_path, settings, organisations)


def test_asked_with_evidence_accepted_and_in_the_next_run(signed_in: Signed, town: Town) -> None:
    clerk, checker = signed_in(roles.ENTERPRISE_CLERK), signed_in(roles.CHECKER)
    analyst = signed_in(roles.ANALYST)
    facts = clerk.get(f"/enterprises/{town.code}/facts/").text
    assert town.new in facts
    assert "税收" in clerk.get(f"/corrections/new/{town.code}/").text
    assert "应为" in clerk.get(town.new).text
    answer = clerk.post(town.new, asked())
    one = Correction.objects.get()
    assert answer.status_code == 302 and (one.owner, one.state) == (BUREAU, states.SUBMITTED)
    assert "企业更正待核实" in checker.get("/").text  # what waits, on the first page
    assert "核实之前仍用原数" in clerk.get(f"/corrections/{one.pk}/").text
    town.run_again(analyst)
    assert town.fact("tax_paid") != 99999.5  # nobody verified it yet
    waiting = checker.get("/corrections/").text
    assert "税收" in waiting and f"/corrections/{one.pk}/" in waiting
    [name] = one.evidence
    file = checker.get(f"/corrections/{one.pk}/evidence/{name}/")
    assert b"".join(file.streaming_content) == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    checker.post(f"/corrections/{one.pk}/rule/", {"outcome": "accepted", "grounds": ""})
    one.refresh_from_db()
    assert one.state == states.SUBMITTED  # not without grounds
    checker.post(f"/corrections/{one.pk}/rule/", {"outcome": "accepted", "grounds": "已核对完税"})
    shown = clerk.get(f"/corrections/{one.pk}/").text
    assert "已采纳" in shown and "已核对完税" in shown and "下一次计算起采用" in shown
    assert "1 项更正已核实" in plain(
        analyst.get("/runs/preview/", {"scheme": SCHEME, "year": 2024}).text
    )
    town.run_again(analyst)
    assert float(str(town.fact("tax_paid"))) == 99999.5
    assert town.fact("tax_paid", 2023) != 99999.5
    assert "现行结果已采用" in clerk.get(f"/corrections/{one.pk}/").text
    file_ = plain(clerk.get(f"/enterprises/{town.code}/facts/").text)
    assert "企业更正，经" in file_ and "局核实" in file_
    graded = next(r for r in evaluated_city.rows(town.runs) if r["uscc"] == town.code)
    assert graded["grade"] == "甲" != town.row["grade"]
    written = set(Event.objects.values_list("action", flat=True))
    assert written >= {
        "corrections.asked", "corrections.ruled", "corrections.evidence_opened", "runs.adopted",
    }  # fmt: skip


def test_a_bureau_s_newer_figure_counts_more_than_an_old_correction(
    signed_in: Signed, town: Town
) -> None:
    clerk, checker = signed_in(roles.ENTERPRISE_CLERK), signed_in(roles.CHECKER)
    analyst = signed_in(roles.ANALYST)
    for value in ("50000", "60000"):  # the second is made of the figure that the first put in place
        clerk.post(town.new, asked(value=value))
        one = Correction.objects.latest("pk")
        checker.post(f"/corrections/{one.pk}/rule/", {"outcome": "accepted", "grounds": "属实"})
        town.run_again(analyst)
        assert float(str(town.fact("tax_paid"))) == float(value)
    assert Correction.objects.latest("pk").stated == "50000"
    file = next((town.home / "data").glob("performance.*"))
    head, *lines = file.read_text(encoding="utf-8-sig").splitlines()
    at, year = head.split(",").index("税收"), head.split(",").index("年份")
    for number, line in enumerate(lines):
        cells = line.split(",")
        if cells[0] == town.code and cells[year] == "2024":
            cells[at] = "777"
            lines[number] = ",".join(cells)
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    town.run_again(analyst)
    assert float(str(town.fact("tax_paid"))) == 777
    assert "未用" in analyst.get(f"/runs/{Run.objects.latest('pk').pk}/").text
    assert "企业更正" not in clerk.get(f"/enterprises/{town.code}/facts/").text
    assert "数据已另有更新" in clerk.get(f"/corrections/{one.pk}/").text


def test_refused_withdrawn_and_what_is_not_taken(signed_in: Signed, town: Town) -> None:
    clerk, checker = signed_in(roles.ENTERPRISE_CLERK), signed_in(roles.CHECKER)
    for said, why in (
        ({"value": "很多"}, "读不懂"),
        ({"value": "1.23456"}, "小数"),
        ({"value": "1e30"}, "太大"),
        ({"value": analytics.stated(town.code, "tax_paid", 2024)}, "与现有的数相同"),
        ({"evidence": SimpleUploadedFile("x.exe", b"MZ")}, "佐证文件限"),
        ({"evidence": SimpleUploadedFile("x.pdf", b"MZ")}, "不是"),
        ({"reason": ""}, "没有填"),
        ({"year": 1999}, "不能在这里更正"),
    ):
        answer = clerk.post(town.new, asked(**said))
        assert answer.status_code == 422 and why in answer.text, said
    no_file = {"year": 2024, "value": "5", "reason": "漏计"}
    assert "佐证" in clerk.post(town.new, no_file).text and not Correction.objects.exists()
    for fact in ("name", "land_mu", "nowhere", "uscc"):
        assert clerk.get(f"/corrections/new/{town.code}/{fact}/").status_code == 404
    clerk.post(town.new, asked())
    assert "待核实：等核实" in clerk.post(town.new, asked(value="7")).text
    one = Correction.objects.get()
    clerk.post(f"/corrections/{one.pk}/withdraw/")
    clerk.post(town.new, asked(value="8"))
    other = Correction.objects.latest("pk")
    checker.post(f"/corrections/{other.pk}/rule/", {"outcome": "refused", "grounds": "不符"})
    states_ = list(Correction.objects.order_by("pk").values_list("state", flat=True))
    assert states_ == [states.WITHDRAWN, states.REFUSED]
    late = checker.post(
        f"/corrections/{one.pk}/rule/", {"outcome": "accepted", "grounds": "x"}, follow=True
    )
    assert "不能这样做" in late.text
    assert actions.write_out() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=other.pk).update(ruled_by=other.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=other.pk).update(grounds="")


def test_nobody_else_sees_or_rules(
    signed_in: Signed, town: Town, organisations: dict[str, Organisation]
) -> None:
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    clerk.post(town.new, asked())
    one = Correction.objects.get()
    for role, kind in ((roles.ENTERPRISE_ADMIN, roles.ENTERPRISE), (roles.CHECKER, roles.BUREAU)):
        place = Organisation.objects.create(kind=kind, code=f"other_{kind}", title="别家")
        user = User.objects.create_user(f"other-{kind}", None, name="别人")
        accounts.grant(user, place, role, by=None)
        client = Client()
        client.force_login(user)
        assert client.get(f"/corrections/{one.pk}/").status_code == 404
        assert client.get(f"/corrections/{one.pk}/evidence/{one.evidence[0]}/").status_code == 404
        assert "税收" not in client.get("/corrections/").text
        rule = {"outcome": "accepted", "grounds": "x"}
        assert client.post(f"/corrections/{one.pk}/rule/", rule).status_code in (403, 404)
        assert client.get(town.new).status_code in (403, 404)
    assert clerk.post(f"/corrections/{one.pk}/rule/", rule).status_code == 403
    one.refresh_from_db()
    assert one.state == states.SUBMITTED
    # Who asked as a clerk and is a checker too does not rule on their own.
    both = User.objects.get(username=roles.ENTERPRISE_CLERK)
    accounts.grant(both, organisations[roles.BUREAU], roles.CHECKER, by=None)
    assert clerk.post(f"/corrections/{one.pk}/rule/", rule).status_code == 403


def test_declared_facts_count_until_they_are_verified(
    declaring: Path,
    tmp_path: Path,
    settings: LazySettings,
    organisations: dict[str, Organisation],
    signed_in: Signed,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    town = Town(declaring, tmp_path, settings, organisations)
    clerk, analyst = signed_in(roles.ENTERPRISE_CLERK), signed_in(roles.ANALYST)
    assert "暂按申报数采用" in clerk.get(town.new).text
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(town.new, asked())
    with (tmp_path / "data" / "corrections.csv").open(encoding="utf-8-sig") as stream:
        [line] = csv.DictReader(stream)
    assert (line["uscc"], line["fact"], line["basis"]) == (town.code, "tax_paid", "declared")
    lacking = next(
        row for row in evaluated_city.rows(town.runs, "enterprises") if row["rd_expense"] is None
    )
    other = Organisation.objects.create(
        kind=roles.ENTERPRISE, code=str(lacking["uscc"]), title="另一家"
    )
    user = User.objects.get(username=roles.ENTERPRISE_CLERK)
    for fact, value in (("rd_expense", "12万元"), ("register:green_factory_provincial", "true")):
        Declaration.objects.create(organisation=other, fact=fact, value=value, year=2024, by=user)
    town.run_again(analyst)
    assert float(str(town.fact("tax_paid"))) == 99999.5
    assert "企业申报，待核实" in clerk.get(f"/enterprises/{town.code}/facts/").text
    rows = evaluated_city.rows(town.runs, "enterprises")
    told = next(row for row in rows if row["uscc"] == other.code)
    assert float(str(told["rd_expense"])) == 12
    snapshot = snapshots.find_snapshot(town.runs)
    assert all(table.same for table in runs.replay(snapshot, data=town.home / "data"))
    assert told["register:green_factory_provincial"] == lacking["register:green_factory_provincial"]
    one = Correction.objects.get()
    checker = signed_in(roles.CHECKER)
    checker.post(f"/corrections/{one.pk}/rule/", {"outcome": "refused", "grounds": "与完税不符"})
    town.run_again(analyst)
    assert float(str(town.fact("tax_paid"))) != 99999.5


def test_pages_ask_the_database_little(
    signed_in: Signed, town: Town, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    clerk.post(town.new, asked())
    one = Correction.objects.get()
    for address in ("/corrections/", f"/corrections/{one.pk}/", town.new):
        with django_assert_max_num_queries(20):
            assert clerk.get(address).status_code == 200
