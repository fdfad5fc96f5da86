"""The API where people work: corrections, runs, drafts, pushes, proceedings; the desk by figure."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import policies_city
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from evaluated_city import PDF, SCHEME, deliver, work
from pytest_django import DjangoAssertNumQueries

from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.audit import queries as trail
from cityforge.portal.audit.models import Event
from cityforge.portal.corrections.models import Correction
from cityforge.portal.enterprises import actions as listing
from cityforge.portal.policies import drafting
from cityforge.portal.runs.models import Run

from .api_city import ROOT, System

Person = Callable[[str], User]
Signed = Callable[[str], Client]
Organisations = dict[str, Organisation]
YEAR = 2024


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("under-way")).parent


@pytest.fixture(autouse=True)
def own(made: Path, tmp_path: Path, settings: LazySettings, organisations: Organisations) -> str:
    """The city with its newest run, to be read; the enterprise, bureau and district are its own."""
    settings.CITY, settings.HOME, settings.SNAPSHOTS = made / "lanhe", tmp_path, made / "runs"
    settings.DATA = tmp_path / "data"
    settings.API_PER_MINUTE = {"token": 10_000, "address": 10_000}
    code = str(policies_city.without_research(made / "runs")["uscc"])
    for kind, name in ((roles.ENTERPRISE, code), (roles.BUREAU, "jxj"), (roles.DISTRICT, "qingyu")):
        Organisation.objects.filter(pk=organisations[kind].pk).update(code=name)
    listing.index()
    return code


@pytest.fixture
def alive(made: Path, tmp_path: Path, settings: LazySettings) -> Path:
    """Data and runs of its own, to be changed."""
    for name in ("data", "runs"):
        shutil.copytree(made / name, tmp_path / name, copy_function=shutil.copy)
    settings.DATA, settings.SNAPSHOTS = tmp_path / "data", tmp_path / "runs"
    return tmp_path


def elsewhere(kind: str, code: str, *held: str) -> User:
    """Somebody of another organisation, with the same roles."""
    organisation = Organisation.objects.create(kind=kind, code=code, title=code)
    user = User.objects.create_user(f"{code}-{held[0]}", None, name=code)
    for role in held:
        accounts.grant(user, organisation, role, by=None)
    return user


def proof(name: str = "完税.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def written(*apps: str) -> list[str]:
    found = Event.objects.order_by("number").values_list("action", flat=True)
    return [action for action in found if action.split(".")[0] in apps]


# --- corrections ---------------------------------------------------------------------------------


def test_an_enterprise_asks_its_bureau_rules_others_see_nothing(
    person: Person, own: str, alive: Path
) -> None:
    clerk = System(person(roles.ENTERPRISE_CLERK))
    named = {one["fact"]: one for one in clerk.get(f"/enterprises/{own}/correctable").json()}
    assert named["tax_paid"]["unit"] and named["tax_paid"]["owner"]["zh"]
    place = f"/enterprises/{own}/corrections"
    said = {"fact": "tax_paid", "year": YEAR, "value": "99999.5", "reason": "漏计"}
    assert clerk.post(place, data=said).status_code == 422  # not without evidence
    for more, status in (({"value": "很多"}, 409), ({"fact": "land_mu"}, 409), ({"year": "x"}, 422),
                         ({"evidence": proof("x.exe", b"MZ")}, 403)):  # fmt: skip
        answer = clerk.post(place, data={**said, "evidence": proof(), **more})
        assert answer.status_code == status and answer.json()["detail_en"], more
    assert not Correction.objects.exists()
    asked = clerk.post(place, data={**said, "evidence": [proof(), proof("2.pdf", PDF + b"2")]})
    one = asked.json()
    assert asked.status_code == 201 and (one["value"], one["state"]) == ("99999.5", "submitted")
    assert len(one["evidence"]) == 2 and one["may"] == {"rule": False, "withdraw": True}
    assert clerk.post(place, data={**said, "evidence": proof()}).status_code == 409
    where = f"/corrections/{one['id']}"
    checker = System(person(roles.CHECKER))
    [waits] = checker.get("/corrections", {"waiting": True}).json()["items"]
    assert waits["id"] == one["id"] and waits["may"]["rule"]
    file = checker.get(f"{where}/evidence/{one['evidence'][0]}")
    assert b"".join(file) == PDF and "attachment" in file["Content-Disposition"]
    assert checker.get(f"{where}/evidence/none.pdf").status_code == 404
    # Another enterprise, another bureau: not there. Other roles, other uses: refused.
    strangers = (
        System(elsewhere(roles.ENTERPRISE, "91990001MA00000000", roles.ENTERPRISE_CLERK)),
        System(elsewhere(roles.BUREAU, "scj", roles.CHECKER)),
    )
    for other in strangers:
        assert other.get("/corrections").json()["total"] == 0
        for path in (where, f"{where}/evidence/{one['evidence'][0]}"):
            assert other.get(path).status_code == 404
    assert strangers[0].get(f"/enterprises/{own}/correctable").status_code == 404
    theirs = strangers[0].post(place, data={**said, "evidence": proof()})
    assert theirs.status_code == strangers[0].post(f"{where}/withdraw").status_code == 404
    ruling = {"outcome": "accepted", "grounds": "已核对完税证明"}
    assert strangers[1].post(f"{where}/rule", ruling).status_code == 404
    assert clerk.post(f"{where}/rule", ruling).status_code == 403
    assert System(person(roles.LEADER)).get("/corrections").status_code == 403
    for uses in (["read"], ["confidential"]):
        narrow = System(person(roles.CHECKER), uses)
        assert narrow.post(f"{where}/rule", ruling).status_code == 403
    assert System(person(roles.CHECKER), ["read"]).get(where).status_code == 403
    assert System(person(roles.CHECKER), ["confidential"]).get(where).status_code == 200
    assert checker.post(f"{where}/rule", ruling | {"outcome": "maybe"}).status_code == 422
    assert checker.post(f"{where}/rule", ruling | {"grounds": " "}).status_code == 409
    ruled = checker.post(f"{where}/rule", ruling).json()
    assert (ruled["state"], ruled["grounds"]) == ("accepted", "已核对完税证明")
    assert "下一次计算" in ruled["counts"]["zh"]
    assert clerk.post(f"{where}/withdraw").status_code == 409
    assert System(person(roles.ANALYST)).get("/corrections").json()["total"] == 1
    assert written("corrections") == [
        "corrections.asked", "corrections.evidence_opened", "corrections.ruled",
    ]  # fmt: skip
    assert not trail.breaks()
    tokens = Event.objects.filter(action__startswith="corrections.").values_list(
        "detail", flat=True
    )
    assert [one["token"] for one in tokens] == [
        clerk.token.start, checker.token.start, checker.token.start
    ]  # fmt: skip


def test_a_correction_is_withdrawn(person: Person, own: str, alive: Path) -> None:
    clerk = System(person(roles.ENTERPRISE_CLERK), ["correct", "read", "confidential"])
    said = {"fact": "tax_paid", "year": YEAR, "value": "7", "reason": "漏计", "evidence": proof()}
    # What a token may not see it may not put right either.
    blind = System(person(roles.ENTERPRISE_CLERK), ["correct", "read"])
    refused = blind.post(f"/enterprises/{own}/corrections", data=said | {"evidence": proof()})
    assert refused.status_code == 403 and "机密" in refused.json()["detail"]
    one = clerk.post(f"/enterprises/{own}/corrections", data=said).json()
    assert clerk.post(f"/corrections/{one['id']}/withdraw").json()["state"] == "withdrawn"
    assert clerk.get("/corrections", {"waiting": True}).json()["total"] == 0
    assert [each["id"] for each in clerk.every("/corrections", 1)] == [one["id"]]


# --- runs ----------------------------------------------------------------------------------------


def test_a_run_is_looked_at_started_followed_and_left_to_a_person(
    person: Person, signed_in: Signed, alive: Path
) -> None:
    before_run = (alive / "runs" / "latest").read_text().strip()
    analyst, asked = System(person(roles.ANALYST)), {"scheme": SCHEME, "year": YEAR}
    before = analyst.get("/runs/preview", asked).json()
    assert before["in_force"] and before["effect"] is None and before["changed"] == []
    earlier = analyst.get("/runs/preview", asked | {"year": YEAR - 1}).json()
    assert earlier["effect"]["up"] + earlier["effect"]["down"] > 0
    assert earlier["effect"]["tables"][0]["rows"]
    assert analyst.get("/runs/preview", asked | {"scheme": "none"}).status_code == 404
    reader = System(person(roles.ANALYST), ["read"])
    assert reader.get("/runs").status_code == 200
    assert reader.post("/runs/start", asked).status_code == 403
    district = elsewhere(roles.DISTRICT, "donghu", roles.ANALYST)
    for who in (person(roles.LEADER), person(roles.CHECKER), person(roles.ENTERPRISE_CLERK),
                district):  # fmt: skip
        other = System(who)
        assert other.get("/runs").status_code == other.get("/runs/preview", asked).status_code
        assert other.get("/runs").status_code == other.post("/runs/start", asked).status_code == 403
    assert analyst.post("/runs/start", asked | {"year": 1999}).status_code == 409
    deliver(alive / "data")
    assert len(analyst.get("/runs/preview", asked).json()["changed"]) == 1
    started = analyst.post("/runs/start", asked)
    number = started.json()["id"]
    assert started.status_code == 201 and started.json()["working"]
    again = analyst.post("/runs/start", asked)
    assert again.status_code == 409 and "另一次计算" in again.json()["detail"]
    assert System(district).get(f"/runs/{number}").status_code == 403
    assert work() == ["SUCCESSFUL"]
    done = reader.get(f"/runs/{number}").json()
    assert (done["state"], done["progress"], done["working"]) == ("done", 100, False)
    assert done["may"] == [] and done["effect"]["down"] > 0 and not done["in_force"]
    assert analyst.get(f"/runs/{number}").json()["may"] == ["adopted", "discarded"]
    assert analyst.post(f"/runs/{number}/cancel").status_code == 409
    # Putting it in force is for a person, on the page.
    assert analyst.post(f"/runs/{number}/adopt").status_code == 404
    assert [one["id"] for one in analyst.every("/runs", 1)] == [number]
    # What was begun on the run before is still to be read.
    page = signed_in(roles.ANALYST)
    page.post(f"/evaluations/{SCHEME}/proceeding/begin/", {"publicity_days": 5})
    assert analyst.get("/evaluations/earlier").json() == []
    page.post(f"/runs/{number}/adopt/", {"aware": "1"})
    [gone] = analyst.get("/evaluations/earlier").json()
    where = f"/evaluations/earlier/{gone['run']}/{SCHEME}/{YEAR}"
    assert gone["run"] == before_run and analyst.get(where).json()["as_of"]
    assert analyst.get(where.replace(str(YEAR), "2001")).status_code == 404
    assert reader.get(where).status_code == 403
    assert System(person(roles.LEADER)).get("/evaluations/earlier").status_code == 403
    second = analyst.post("/runs/start", asked).json()["id"]
    assert analyst.post(f"/runs/{second}/cancel").json()["state"] == "cancelled"
    assert Run.objects.count() == 2 and not trail.breaks()
    assert written("runs") == [
        "runs.started", "runs.computed", "runs.adopted", "runs.started", "runs.cancelled",
    ]  # fmt: skip


# --- evaluations ---------------------------------------------------------------------------------


def test_schemes_and_years_are_compared_and_weights_tried(
    person: Person, signed_in: Signed
) -> None:
    analyst = System(person(roles.ANALYST), ["read"])
    pair = {"first": SCHEME, "second": SCHEME, "first_year": 2023, "second_year": YEAR}
    told = analyst.get("/evaluations/compare", pair).json()
    assert told["says"] and told["tables"]
    page = signed_in(roles.ANALYST).get("/evaluations/compare/", pair).text
    assert told["says"][0]["zh"] in page
    assert analyst.get("/evaluations/compare", pair | {"first": "none"}).status_code == 404
    refused = analyst.get("/evaluations/compare", pair | {"first_year": 1999})
    assert refused.status_code == 422 and refused.json()["detail_en"]
    place = f"/evaluations/{SCHEME}/what-if"
    plain = analyst.get(place).json()
    assert plain["fields"] and plain["says"] == plain["tables"] == []
    first, second = (one["name"] for one in plain["fields"][:2])
    values = {one["name"]: float(one["value"]) for one in plain["fields"]}
    moved = [f"{first}={values[first] + 5}", f"{second}={values[second] - 5}"]
    assert analyst.get(place, {"change": moved}).json()["says"]
    for wrong in ("weight.none=3", "x", f"{first}=-1"):
        assert analyst.get(place, {"change": [wrong]}).status_code == 422, wrong
    for role in (roles.LEADER, roles.DISTRICT_OFFICER, roles.ENTERPRISE_CLERK):
        other = System(person(role))
        assert other.get(place).status_code == 403
        assert other.get("/evaluations/compare", pair).status_code == 403


def test_proceedings_tell_who_answered_and_files_leave_word(
    person: Person, signed_in: Signed, own: str, alive: Path
) -> None:
    analyst, page = System(person(roles.ANALYST)), signed_in(roles.ANALYST)
    clerk, act = System(person(roles.ENTERPRISE_CLERK)), f"/evaluations/{SCHEME}"
    assert analyst.get(f"{act}/proceeding/answers").status_code == 404
    page.post(f"{act}/proceeding/begin/", {"publicity_days": 5})
    for stage in ("listed", "collected", "checked"):
        page.post(f"{act}/proceeding/step/", {"to": stage})
    signed_in(roles.ENTERPRISE_CLERK).post(
        f"{act}/mine/{own}/object/",
        {"fact": "tax_paid", "right": "99999", "reason": "漏计", "evidence": proof()},
    )
    [said] = analyst.get(f"{act}/proceeding/objections").json()
    assert (said["uscc"], said["waits"], said["right"]) == (own, True, "99,999")
    where = f"{act}/evidence/{said['files'][0]}"
    assert analyst.get(where).content == clerk.get(where).content == PDF
    stranger = System(elsewhere(roles.ENTERPRISE, "91990001MA00000000", roles.ENTERPRISE_CLERK))
    assert stranger.get(where).status_code == 404
    [mine] = clerk.get(f"{act}/proceeding/own").json()
    assert (mine["uscc"], mine["state"], mine["stage"]) == (own, "objected", "checked")
    assert [one["id"] for one in mine["objections"]] == [said["id"]] and not mine["may_confirm"]
    assert stranger.get(f"{act}/proceeding/own").json()[0]["objections"] == []
    assert analyst.get(f"{act}/proceeding/own").status_code == 403
    [answer] = analyst.get(f"{act}/proceeding/answers", {"state": "objected"}).json()["items"]
    assert answer["uscc"] == own
    every = analyst.every(f"{act}/proceeding/answers", 40)
    assert {one["state"] for one in every} == {"objected", "silent"}
    lines = b"".join(analyst.get(f"{act}/proceeding/answers", {"format": "csv"})).splitlines()
    assert len(lines) == len(every) + 1
    plain = System(person(roles.ANALYST), ["read"])
    assert plain.get(f"{act}/proceeding/objections").status_code == 403
    assert plain.get(f"{act}/files").status_code == plain.get(where).status_code == 403
    assert "workbook" in [one["kind"] for one in analyst.get(f"{act}/files").json()]
    book = analyst.get(f"{act}/files/workbook")
    assert book.content.startswith(b"PK") and analyst.get(f"{act}/files/nothing").status_code == 404
    narrow = System(person(roles.ANALYST), ["download"])
    assert narrow.get(f"{act}/files/workbook").status_code == 403
    assert clerk.get(f"{act}/letters/{own}").status_code == 404  # nothing was shown yet
    assert stranger.get(f"{act}/letters/{own}").status_code == 404
    for role in (roles.LEADER, roles.DISTRICT_OFFICER, roles.ENTERPRISE_CLERK):
        for path in ("/proceeding/answers", "/proceeding/objections", "/files", "/files/workbook"):
            assert System(person(role)).get(f"{act}{path}").status_code == 403, (role, path)
    taken = Event.objects.filter(action="evaluations.taken").order_by("number")
    assert [one.detail["file"] for one in taken] == ["evidence", "evidence", "workbook"]
    assert written("api")[-1] == "api.token_made" and "api.exported" in written("api")


# --- policies ------------------------------------------------------------------------------------


def test_drafts_are_read_with_lint_and_effects_by_their_bureau_alone(
    person: Person, made: Path
) -> None:
    writer = elsewhere(roles.BUREAU, "kejiju", roles.REPORTER)
    draft = drafting.begin(writer, "lh_rd")
    text = policies_city.RD.replace("value: 3%", "value: 2%")
    drafting.save(writer, draft.pk, text)
    system, place = System(writer, ["read"]), f"/policies/drafts/{draft.pk}"
    [row] = system.get("/policies/drafts").json()["items"]
    assert (row["id"], row["policy"], row["bureau"]) == (draft.pk, "lh_rd", "kejiju")
    told = system.get(place).json()
    assert told["text"] == text and told["sound"] and not told["may"]["save"]
    assert [one["number"] for one in told["versions"]] == [2, 1]
    assert "3%" in system.get(f"{place}/texts/force").json()["text"]
    assert "3%" in system.get(f"{place}/texts/1").json()["text"]
    assert system.get(f"{place}/texts/9").status_code == 404
    assert system.get(f"{place}/texts/newest").status_code == 422
    effects = system.get(f"{place}/effects").json()
    assert effects["says"] and effects["compared"] and effects["first"] is None
    analyst = System(person(roles.ANALYST))
    assert analyst.get(f"{place}/effects").json()["first"][0]["uscc"]
    drafting.save(writer, draft.pk, text.replace("rd_expense >=", "nothing >="))
    broken = system.get(place).json()
    assert not broken["sound"] and any(one["error"] for one in broken["lint"])
    assert broken["lint"][0]["line"] > 0 and broken["lint"][0]["what"]["en"]
    assert system.get(f"{place}/effects").json()["refused"]["zh"]
    other = System(person(roles.REPORTER))  # of another bureau
    assert other.get("/policies/drafts").json()["total"] == 0
    for path in ("", "/effects", "/texts/1"):
        assert other.get(f"{place}{path}").status_code == 404
        for role in (roles.ENTERPRISE_CLERK, roles.DISTRICT_OFFICER):
            assert System(person(role)).get(f"{place}{path}").status_code == 403
    assert Client().get(f"{ROOT}{place}").status_code == 401


def test_a_policy_is_simulated_and_gone_through_clause_by_clause(
    person: Person, signed_in: Signed, own: str, made: Path
) -> None:
    leader = System(person(roles.LEADER), ["read"])
    place = "/policies/lh_rd/simulation"
    now = leader.get(place).json()
    assert now["says"] and [one["id"] for one in now["terms"]] == ["share", "cap"]
    tried = leader.get(place, {"term": ["share=2%", "cap=20万元"]}).json()
    assert [one["asked"] for one in tried["terms"]] == ["2%", "20万元"]
    assert tried["says"] != now["says"]
    page = signed_in(roles.LEADER).get(f"{place}/", {"t-share": "2%", "t-cap": "20万元"}).text
    assert tried["says"][0]["zh"] in page
    assert leader.get(place, {"term": ["share=许多"]}).json()["refused"]["en"]
    assert leader.get("/policies/none/simulation").status_code == 404
    officer = System(person(roles.DISTRICT_OFFICER)).get(place).json()
    assert officer["says"] != now["says"]  # of its own district alone
    clerk = System(person(roles.ENTERPRISE_CLERK))
    assert clerk.get(place).status_code == 403
    told = clerk.get("/policies/lh_rd/checklist").json()
    assert (told["uscc"], told["answer"]) == (own, "unknown")
    assert [one["fact"] for one in told["lacking"]] == ["rd_expense"]
    marks = {one["id"]: one["mark"] for one in told["checks"]["parts"]}
    assert marks == {"alive": "met", "rd": "unknown"} and told["met"] == 1
    other = next(o for o in policies_city.applicants(made / "runs") if o["uscc"] != own)
    assert clerk.get("/policies/lh_rd/checklist", {"of": other["uscc"]}).status_code == 404
    assert clerk.get("/policies/none/checklist").status_code == 404
    narrow = System(person(roles.ENTERPRISE_CLERK), ["read"])
    assert narrow.get("/policies/lh_rd/checklist").status_code == 403
    assert leader.get("/policies/lh_rd/checklist").status_code == 403


# --- pushes --------------------------------------------------------------------------------------


def test_pushes_and_who_knows_are_read_in_reach(
    person: Person, signed_in: Signed, own: str, made: Path, settings: LazySettings
) -> None:
    settings.NOTICES_QUIET_HOURS = (0, 0)
    person(roles.ENTERPRISE_CLERK)
    page, asked = signed_in(roles.ANALYST), {"policy": "lh_tax", "who": ["eligible"], "asked": 1}
    found = page.get("/push/new/", asked).context["found"]
    page.post("/push/send/", asked | {"run": found.run, "count": found.count})
    assert set(work()) == {"SUCCESSFUL"}
    analyst = System(person(roles.ANALYST))
    [row] = analyst.get("/campaigns").json()["items"]
    place = f"/campaigns/{row['id']}"
    told = analyst.get(place).json()
    assert (told["count"], told["state"]) == (found.count, "sent") and told["read"] == 0
    assert sum(one["count"] for one in told["reached"]) == 1  # the one with an account
    rows = analyst.every(f"{place}/recipients", 7)
    assert own in {one["uscc"] for one in rows} and len(rows) == found.count
    [unread] = analyst.get(f"{place}/recipients", {"show": "unread"}).json()["items"]
    assert unread["uscc"] == own
    assert b"".join(analyst.get(f"{place}/recipients", {"format": "csv"})).count(b"\n") > 1
    known = {one["policy"]: one for one in analyst.get("/campaigns/coverage").json()["items"]}
    assert (known["lh_tax"]["entitled"], known["lh_tax"]["reached"]) == (found.count, 1)
    assert b"lh_tax" in b"".join(analyst.get("/campaigns/coverage", {"format": "parquet"}))
    districts = analyst.get("/campaigns/coverage/lh_tax").json()
    assert sum(one["entitled"] for one in districts) == found.count
    [missed] = analyst.get("/campaigns/coverage/lh_tax/missed").json()["items"]
    assert missed["uscc"] == own and missed["name"]
    assert analyst.get("/campaigns/coverage/none").status_code == 404
    # Who is told sees it in the inbox; a system that reads it is no receipt.
    clerk = System(person(roles.ENTERPRISE_CLERK))
    [notice] = clerk.get("/me/inbox").json()["items"]
    assert notice["parts"] and notice["read_at"] is None and analyst.get(place).json()["read"] == 0
    assert analyst.get("/me/inbox").json()["total"] == 0
    assert clerk.get("/me/inbox", {"archived": True}).json()["items"] == []
    # A district sees its own; a leader no names; a bureau its own policies; others nothing.
    officer = System(person(roles.DISTRICT_OFFICER))
    inside = {r["uscc"] for r in policies_city.applicants(made / "runs")
              if r["district"] == "qingyu"}  # fmt: skip
    seen = {one["uscc"] for one in officer.every(f"{place}/recipients", 50)}
    assert seen == inside & {one["uscc"] for one in rows}
    far = System(elsewhere(roles.DISTRICT, "nowhere", roles.DISTRICT_OFFICER))
    assert far.get("/campaigns").json()["total"] == 0
    assert far.get(place).status_code == far.get(f"{place}/recipients").status_code == 404
    leader = System(person(roles.LEADER))
    assert leader.get(place).status_code == 200
    for path in (f"{place}/recipients", "/campaigns/coverage/lh_tax/missed"):
        assert leader.get(path).status_code == 403
    checker = System(person(roles.CHECKER))  # of a bureau without policies
    assert checker.get("/campaigns").json()["total"] == 0
    assert checker.get("/campaigns/coverage/lh_tax").status_code == 404
    assert checker.get("/campaigns/coverage/lh_tax/missed").status_code == 404
    for role in (roles.ENTERPRISE_CLERK, roles.REPORTER, roles.AUDITOR):
        assert System(person(role)).get(place).status_code == 403
    assert written("campaigns")[-1] == "campaigns.recipients_taken"


# --- the desk, and the addresses of numbers ------------------------------------------------------


def test_figures_lead_to_their_numbers_and_rows(person: Person, signed_in: Signed) -> None:
    leader, officer = System(person(roles.LEADER)), System(person(roles.DISTRICT_OFFICER))
    desk = leader.get("/desk").json()
    grade, changed = desk["grades"][0], desk["changed"]
    assert [one["id"] for one in changed] == ["rose", "fell"]
    assert changed[0]["value"] == leader.get("/desk/figures/rose").json()["value"]
    told = leader.get("/desk/figures/grade-1").json()
    assert told["value"] == str(grade["count"]) and told["supplies"] and told["says"]["en"]
    number = leader.get(told["number"].removeprefix(ROOT)).json()
    assert str(number["value"]) == told["value"]
    exempt = leader.get("/desk/figures/exempt").json()["number"]
    assert leader.get(exempt.removeprefix(ROOT)).json()["grade"] == "T"
    for name in ("rated", "mean", "rose"):
        assert leader.get(f"/desk/figures/{name}").json()["number"] is None
    there = officer.get("/desk/figures/grade-1").json()
    assert "/qingyu/" in there["number"]
    assert str(officer.get(there["number"].removeprefix(ROOT)).json()["value"]) == there["value"]
    rows = leader.every("/desk/figures/rated/enterprises", 7)
    assert rows == leader.every("/desk/figures/rated/enterprises", 500)
    assert leader.get("/desk/figures/rated/enterprises", {"limit": 5, "offset": 3}).json()[
        "items"
    ] == rows[3:8]  # fmt: skip
    inside = officer.every("/desk/figures/rated/enterprises", 50)
    assert {one["district"]["zh"] for one in inside} == {there["districts"][0]["title"]["zh"]}
    assert b"".join(leader.get("/desk/figures/rated/enterprises", {"format": "csv"}))
    assert written("desk") == ["desk.taken"]
    drawn = leader.get("/desk/map", {"layer": "best"}).json()
    assert drawn["layer"]["id"] == "best" and len(drawn["tiles"]) > 1
    assert leader.get("/desk/figures/none").status_code == 404
    elsewhere_ = next(one["id"] for one in drawn["tiles"] if one["id"] != "qingyu")
    hidden = officer.get("/desk/figures/rated/enterprises", {"district": elsewhere_})
    assert hidden.status_code == 404
    for path in ("/desk/map", "/desk/figures/rated", "/desk/figures/rated/enterprises"):
        assert System(person(roles.ENTERPRISE_CLERK)).get(path).status_code == 403
    # On the page one click leads to the receipt.
    for role, name in ((roles.LEADER, "grade-1"), (roles.DISTRICT_OFFICER, "exempt")):
        page = signed_in(role)
        [link] = re.findall(r'href="(/numbers/[^"]+)"', page.get(f"/figures/{name}/").text)
        assert "SELECT count(*)" in page.get(link).text
    assert "/numbers/" not in signed_in(roles.LEADER).get("/figures/rated/").text


def test_the_public_list_leads_to_its_numbers(signed_in: Signed, alive: Path) -> None:
    analyst, act = signed_in(roles.ANALYST), f"/evaluations/{SCHEME}/proceeding/"
    analyst.post(f"{act}begin/", {"publicity_days": 5})
    for stage in ("listed", "collected", "checked", "objected"):
        analyst.post(f"{act}step/", {"to": stage})
    analyst.post(f"{act}rerun/", {"why": "初评"})
    for stage in ("computed", "reviewed"):
        analyst.post(f"{act}step/", {"to": stage})
    assert "/numbers/" not in Client().get("/publicity/").text
    analyst.post(f"{act}publish/", {"purpose": "publicity"})
    links = re.findall(r'href="(/numbers/[^"]+)"', Client().get("/publicity/").text)
    assert len(links) == 5 and links[-1].endswith("/1/city/T/")
    for link in links:
        assert "SELECT count(*)" in Client().get(link).text


def test_what_waits_is_told_to_whom_it_waits_for(person: Person, own: str, alive: Path) -> None:
    clerk, checker = System(person(roles.ENTERPRISE_CLERK)), System(person(roles.CHECKER))
    said = {"fact": "tax_paid", "year": YEAR, "value": "7", "reason": "漏计", "evidence": proof()}
    clerk.post(f"/enterprises/{own}/corrections", data=said)
    waits = {one["address"]: one for one in checker.get("/me/waiting").json()}
    assert waits["/corrections/"]["count"] == 1 and waits["/corrections/"]["mine"]
    other = System(elsewhere(roles.BUREAU, "scj", roles.CHECKER))
    assert "/corrections/" not in {one["address"] for one in other.get("/me/waiting").json()}
    assert System(person(roles.CHECKER), ["deliver"]).get("/me/waiting").status_code == 403


def test_the_city_folder_is_told_to_who_looks_after_it(person: Person) -> None:
    told = System(person(roles.SYSTEM_ADMIN)).get("/system/city-folder").json()
    assert not [one for one in told["problems"] if one["severity"] == "error"]
    assert told["failing"] == []
    assert System(person(roles.ANALYST)).get("/system/city-folder").status_code == 403


def test_no_answer_takes_more_than_twenty_queries(
    person: Person, own: str, alive: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clerk = System(person(roles.ENTERPRISE_CLERK))
    for fact, year in (("tax_paid", YEAR), ("tax_paid", YEAR - 1), ("revenue", YEAR)):
        said = {"fact": fact, "year": year, "value": "7", "reason": "漏计", "evidence": proof()}
        assert clerk.post(f"/enterprises/{own}/corrections", data=said).status_code == 201
    elsewhere(roles.BUREAU, "kejiju", roles.REPORTER)
    draft = drafting.begin(person(roles.ANALYST), "lh_rd")
    pair: dict[str, Any] = {"first": SCHEME, "second": SCHEME}
    asked: dict[str, list[tuple[str, dict[str, Any]]]] = {
        roles.ANALYST: [
            ("/corrections", {}), ("/runs", {}), ("/policies/drafts", {}),
            (f"/policies/drafts/{draft.pk}", {}), (f"/policies/drafts/{draft.pk}/effects", {}),
            ("/evaluations/compare", pair | {"first_year": 2023, "second_year": YEAR}),
            ("/runs/preview", {"scheme": SCHEME, "year": YEAR}), ("/campaigns", {}),
            ("/campaigns/coverage", {}), ("/campaigns/coverage/lh_tax", {}),
            ("/desk/figures/rated/enterprises", {"limit": 500}), ("/me/waiting", {}),
            ("/policies/lh_rd/simulation", {}),
        ],
        roles.ENTERPRISE_CLERK: [
            ("/corrections", {}), (f"/enterprises/{own}/correctable", {}), ("/me/waiting", {}),
            ("/policies/lh_rd/checklist", {}),
        ],
        roles.CHECKER: [("/corrections", {}), ("/me/waiting", {})],
    }  # fmt: skip
    for role, paths in asked.items():
        system = System(person(role))
        for path, query in paths:
            with django_assert_max_num_queries(20):
                answer = system.get(path, query)
            assert answer.status_code == 200, path
