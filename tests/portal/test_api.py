"""The API by real requests: tokens, scopes, limits, tags, pages of lists, formats, other's data."""

import csv
import html
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import policies_city
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import numbers
from cityforge.portal.api import actions, limits, queries, scopes
from cityforge.portal.api.document import document
from cityforge.portal.api.models import Asked, Token
from cityforge.portal.api.route import ROUTES
from cityforge.portal.audit import queries as trail
from cityforge.portal.audit.models import Event
from cityforge.portal.enterprises import actions as listing
from cityforge.portal.enterprises.models import Enterprise
from cityforge.portal.imports.models import Delivery
from cityforge.portal.policies.models import Declaration

from .api_city import ROOT, System
from .imports_city import LANHE, lay_out
from .test_imports import BAD, GOOD, work

Person = Callable[[str], User]
Signed = Callable[[str], Client]
Organisations = dict[str, Organisation]
SCHEME, YEAR = "lanhe_2025", 2024


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("api"))


@pytest.fixture(autouse=True)
def here(runs: Path, settings: LazySettings, tmp_path: Path, db: None) -> None:
    settings.SNAPSHOTS, settings.HOME = runs, tmp_path
    settings.API_PER_MINUTE = {"token": 10_000, "address": 10_000}
    listing.index()


@pytest.fixture
def placed(organisations: Organisations, runs: Path) -> Organisations:
    """The test's district, park and enterprise are ones of the city."""
    park = Enterprise.objects.exclude(park="").order_by("number")[0]
    own = policies_city.without_research(runs)["uscc"]
    for kind, code in ((roles.DISTRICT, park.district), (roles.PARK, park.park),
                       (roles.ENTERPRISE, own)):  # fmt: skip
        Organisation.objects.filter(pk=organisations[kind].pk).update(code=code)
    return organisations


def code_of(kind: str) -> str:
    return Organisation.objects.get(kind=kind).code


# --- tokens --------------------------------------------------------------------------------------


def test_a_token_is_shown_once_kept_as_a_digest_and_revoked(signed_in: Signed) -> None:
    client = signed_in(roles.ANALYST)
    ends = (timezone.localdate() + timedelta(days=20)).isoformat()
    made = client.post("/me/tokens/", {"name": "电网", "scopes": ["read"], "expires": ends})
    secret = made.context["secret"]
    assert secret.startswith("cf_") and secret in made.text
    assert secret not in client.get("/me/tokens/").text
    kept = Token.objects.get()
    assert secret not in str(Token.objects.values()) and kept.digest == actions.digest(secret)
    header = {"Authorization": f"Bearer {secret}"}
    told = Client().get(f"{ROOT}/me", headers=header).json()
    assert (told["username"], told["token"], told["scopes"]) == ("analyst", "电网", ["read"])
    kept.refresh_from_db()
    assert kept.last_used_at is not None
    assert client.post(f"/me/tokens/{kept.pk}/revoke/").status_code == 302
    assert Client().get(f"{ROOT}/me", headers=header).status_code == 401
    written = Event.objects.filter(kind="token").values_list("action", flat=True)
    assert list(written) == ["api.token_made", "api.token_revoked"] and not trail.breaks()
    assert secret not in str(list(Event.objects.values("detail")))


def test_a_token_ends_and_never_lasts_longer_than_a_year(person: Person) -> None:
    system, today = System(person(roles.ANALYST)), timezone.localdate()
    Token.objects.update(expires_on=today)
    assert system.get("/me").status_code == 200
    Token.objects.update(expires_on=today - timedelta(days=1))
    assert system.get("/me").status_code == 401
    for days in (-1, 366):
        with pytest.raises(NotAllowed):
            actions.make(system.user, "x", ["read"], expires=today + timedelta(days=days))
    for name, chosen in ((" ", ["read"]), ("x", []), ("x", ["everything"])):
        with pytest.raises(NotAllowed):
            actions.make(system.user, name, chosen, expires=today)
    for _ in range(actions.MOST):
        actions.make(system.user, "x", ["read"], expires=today)
    with pytest.raises(NotAllowed):
        actions.make(system.user, "x", ["read"], expires=today)


def test_the_security_admin_sees_and_revokes_others_do_not(
    person: Person, signed_in: Signed
) -> None:
    system = System(person(roles.ANALYST))
    admin = signed_in(roles.SECURITY_ADMIN)
    assert system.token.start in admin.get("/people/tokens/").text
    for role in (roles.SYSTEM_ADMIN, roles.LEADER):
        other = signed_in(role)
        assert other.get("/people/tokens/").status_code == 403
        assert other.post(f"/people/tokens/{system.token.pk}/revoke/").status_code == 403
        assert other.post(f"/me/tokens/{system.token.pk}/revoke/").status_code == 404
    assert system.get("/me").status_code == 200
    assert admin.post(f"/people/tokens/{system.token.pk}/revoke/").status_code == 302
    assert system.get("/me").status_code == 401
    assert Event.objects.get(action="api.token_revoked").actor == roles.SECURITY_ADMIN


def test_no_token_outlives_its_account_or_a_first_password(person: Person) -> None:
    system = System(person(roles.ANALYST))
    User.objects.filter(pk=system.user.pk).update(must_change=True)
    assert system.get("/enterprises").status_code == system.get("/city").status_code == 403
    User.objects.filter(pk=system.user.pk).update(must_change=False, is_active=False)
    assert system.get("/enterprises").status_code == 401
    User.objects.filter(pk=system.user.pk).update(is_active=True)
    Membership.objects.filter(user=system.user).delete()
    assert system.get("/enterprises").status_code == 403


def test_nothing_is_given_where_memberships_cannot_be_read(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System(person(roles.ANALYST))
    assert system.get("/enterprises").status_code == 200

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Membership.objects, "filter", broken)
    for path in ("/enterprises", "/desk", f"/evaluations/{SCHEME}/years/{YEAR}"):
        assert system.get(path).status_code == 403


@pytest.mark.parametrize(
    "header", ["Bearer cf_nothing", "Bearer", "Basic YTpi", "cf_x", "Bearer \u00e4"]
)
def test_a_token_that_is_not_good_is_refused_even_where_none_is_needed(header: str) -> None:
    for path in ("/city", "/enterprises"):
        answer = Client().get(f"{ROOT}{path}", headers={"Authorization": header})
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401


def test_a_session_counts_for_nothing(signed_in: Signed) -> None:
    """A browser that is signed in may be led here by another site: it is nobody here."""
    for role in (roles.ANALYST, roles.REPORTER, roles.ENTERPRISE_CLERK):
        client = signed_in(role)
        for name in ROUTES:
            for operation in operations(name):
                path = operation["path"]
                answer = getattr(client, operation["method"])(path)
                public = permissions.ACTIONS[ROUTES[name].action] == permissions.PUBLIC
                assert answer.status_code in ((200, 404) if public else (401,)), path
                assert not answer.cookies


def operations(name: str) -> list[dict[str, str]]:
    """Where a route is and how it is asked, with something in place of parameters."""
    found = []
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            if told["operationId"] == name:
                plain = path
                for one in told["parameters"]:
                    if one["in"] == "path":
                        given = one["examples"]["1"]["value"]
                        plain = plain.replace("{" + one["name"] + "}", str(given))
                found.append({"path": plain, "method": method})
    assert found
    return found


def test_what_writes_lies_in_no_use_that_reads() -> None:
    reading = scopes.actions(["read", "confidential", "download"])
    writing = {ROUTES[name].action for name in ROUTES if operations(name)[0]["method"] == "post"}
    assert writing == {
        "imports.deliver", "policies.declare", "corrections.ask", "corrections.rule", "runs.start",
    }  # fmt: skip
    assert not writing & reading
    known = {action for one in scopes.SCOPES.values() for action in one.actions}
    assert known <= set(permissions.ACTIONS)
    for name, route in ROUTES.items():
        is_public = permissions.ACTIONS[route.action] == permissions.PUBLIC
        assert is_public or route.action in known | {"api.me"}, name


# Actions of pages that no address of the API has, and why; docs/how-to/use-the-api says the same.
WITHOUT = {
    "signing in, accounts, roles, who acts for whom": {
        "accounts.sign_in", "accounts.sign_on", "accounts.sign_out", "accounts.me",
        "accounts.password", "accounts.view", "accounts.manage", "api.tokens", "api.oversee",
        "enterprises.claim", "enterprises.rule",
    },
    "a decision that a person makes": {
        "imports.decide", "policies.draft", "policies.publish", "campaigns.send",
        "enterprises.merge",
    },
    "one's own settings": {
        "policies.favourite", "notices.channels", "notices.consent", "notices.stop",
    },
    "inside of the system": {"shell.static", "api.reference", "imports.count", "notices.recorded"},
    "what narrows an answer, no page": {
        "enterprises.download", "facts.confidential", "facts.secret",
    },
}  # fmt: skip


def test_every_action_has_an_address_or_a_reason() -> None:
    asked = {route.action for route in ROUTES.values()}
    reasons = set[str]().union(*WITHOUT.values())
    assert set(permissions.ACTIONS) - asked == reasons


def test_only_uses_that_add_something_are_offered(person: Person) -> None:
    wanted = {
        roles.ANALYST: ["read", "confidential", "download", "run"],
        roles.REPORTER: ["read", "deliver"],
        roles.CHECKER: ["read", "confidential", "correct"],
        roles.ENTERPRISE_CLERK: ["read", "confidential", "declare", "correct"],
        roles.AUDITOR: ["read"],
        roles.SECURITY_ADMIN: [],
    }
    for role, uses in wanted.items():
        assert [name for name, _ in queries.useful(person(role))] == uses, role


# --- scopes --------------------------------------------------------------------------------------


def test_a_token_narrows_what_its_account_may(person: Person, placed: Organisations) -> None:
    analyst = person(roles.ANALYST)
    whole, plain = System(analyst), System(analyst, ["read"])
    deliver, nothing = System(analyst, ["deliver"]), System(analyst, ["declare"])
    code = code_of(roles.ENTERPRISE)
    assert whole.get(f"/enterprises/{code}").json()["level"] == "secret"
    assert plain.get(f"/enterprises/{code}").json()["level"] == "internal"
    open_, all_ = (one.get(f"/enterprises/{code}/facts").json() for one in (plain, whole))
    assert open_["withheld"] > all_["withheld"] == 0
    assert "revenue" in names_of(all_) and "revenue" not in names_of(open_)
    assert plain.get(f"/enterprises/{code}/grades").json()[0]["says"] == []
    assert whole.get(f"/enterprises/{code}/grades").json()[0]["says"]
    assert plain.get(f"/enterprises/{code}/check-up").status_code == 404
    assert whole.get(f"/enterprises/{code}/check-up").status_code == 200
    for system, path in ((deliver, "/enterprises"), (nothing, "/evaluations"),
                         (plain, "/enterprises?format=csv")):  # fmt: skip
        refused = system.get(path)
        assert refused.status_code == 403 and "令牌没有这项权限" in refused.json()["detail"]
    # Nobody gains by a use what their role does not give.
    clerk = System(person(roles.ENTERPRISE_CLERK))
    assert "角色" in clerk.get("/enterprises").json()["detail"]


def names_of(told: dict[str, Any]) -> set[str]:
    return {line["name"] for one in told["sources"] for line in one["lines"]}


def test_another_enterprise_is_refused_everywhere(person: Person, placed: Organisations) -> None:
    """By enumeration: each account asks for every enterprise; what is not theirs is not there."""
    everybody = list(Enterprise.objects.all())
    own = {
        roles.DISTRICT_OFFICER: lambda one: one.district == code_of(roles.DISTRICT),
        roles.PARK_OFFICER: lambda one: one.park == code_of(roles.PARK),
        roles.ENTERPRISE_CLERK: lambda one: one.uscc == code_of(roles.ENTERPRISE),
    }
    parts = ("", "/facts", "/grades", "/ladder", "/check-up", "/check-up.pdf")
    for role, is_own in own.items():
        system, inside = System(person(role)), 0
        for number, one in enumerate(everybody):
            # Each of another in one part, by turns; the first few in every part.
            asked = parts if number < 3 else ("", parts[number % len(parts)])
            for part in ("",) if is_own(one) else asked:
                status = system.get(f"/enterprises/{one.uscc}{part}").status_code
                assert status == (200 if is_own(one) else 404), (role, one, part)
            inside += is_own(one)
        assert 0 < inside < len(everybody)
    clerk = System(person(roles.ENTERPRISE_CLERK))
    other = next(one.uscc for one in everybody if one.uscc != code_of(roles.ENTERPRISE))
    assert clerk.get("/check-up", {"of": other}).status_code == 404
    asked = clerk.get("/check-up").json()["asks"][0]["fact"]
    body = {"fact": asked, "value": "1000"}
    assert clerk.post(f"/check-up/facts?of={other}", body).status_code == 404
    assert not Declaration.objects.exists()


def test_lists_hold_the_scope_and_say_what_the_pages_say(
    person: Person, signed_in: Signed, placed: Organisations
) -> None:
    district = code_of(roles.DISTRICT)
    officer = System(person(roles.DISTRICT_OFFICER))
    inside = set(Enterprise.objects.filter(district=district).values_list("uscc", flat=True))
    assert {one["uscc"] for one in officer.every("/enterprises", 7)} == inside
    rows = officer.every(f"/evaluations/{SCHEME}/years/{YEAR}", 500)
    assert {one["district"] for one in rows} == {district}
    assert len(rows) == len(inside)
    found = officer.get("/policies/lh_rd/candidates").json()["items"]
    assert {one["uscc"] for one in found} <= inside
    page = signed_in(roles.DISTRICT_OFFICER).get("/policies/lh_rd/candidates/").text
    assert found and all(one["name"] in page for one in found)
    desk = officer.get("/desk").json()
    assert desk["rated"] == sum(one["status"] == "rated" for one in rows)
    elsewhere = Enterprise.objects.exclude(district=district)[0]
    asked = {"text": elsewhere.uscc}
    assert officer.get("/enterprises", asked).json()["total"] == 0


# --- limits --------------------------------------------------------------------------------------


def test_a_minute_bears_so_many_requests(person: Person, settings: LazySettings) -> None:
    settings.API_PER_MINUTE = {"token": 3, "address": 2}
    system = System(person(roles.ANALYST))
    assert [system.get("/me").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = system.get("/me")
    assert 1 <= int(refused["Retry-After"]) <= 61 and refused.json()["status"] == 429
    # Another token has a count of its own; so have those without.
    assert System(person(roles.LEADER)).get("/me").status_code == 200
    anybody = Client()
    assert [anybody.get(f"{ROOT}/city").status_code for _ in range(3)] == [200, 200, 429]
    # Guessing tokens counts as well.
    guess = {"Authorization": "Bearer cf_guess"}
    assert anybody.get(f"{ROOT}/city", headers=guess).status_code == 429
    Asked.objects.update(minute=0)
    assert system.get("/me").status_code == 200 and anybody.get(f"{ROOT}/city").status_code == 200


def test_minutes_turn_and_old_rows_are_swept() -> None:
    minute = 60 * 29_000_000.0
    assert [limits.wait("a", most=2, now=minute + s) for s in (0, 1)] == [None, None]
    assert limits.wait("a", most=2, now=minute + 50) == 11
    assert limits.wait("a", most=2, now=minute + 60) is None
    assert limits.wait("b", most=2, now=minute + 60 * 90) is None
    assert list(Asked.objects.values_list("count", flat=True)) == [1]
    assert "a" not in str(list(Asked.objects.values_list("who")[0]))[:10]


# --- tags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/desk", f"/evaluations/{SCHEME}/years/{YEAR}", "/enterprises", "/policies"]
)
def test_a_tag_fits_its_reader_alone(person: Person, placed: Organisations, path: str) -> None:
    leader, officer = System(person(roles.LEADER)), System(person(roles.DISTRICT_OFFICER))
    first = leader.get(path)
    tag = first["ETag"]
    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Authorization, Accept")
    again = leader.get(path, **{"If-None-Match": f'"x", W/{tag}'})
    assert again.status_code == 304 and not again.content and again["ETag"] == tag
    assert officer.get(path, **{"If-None-Match": tag}).status_code == 200
    narrow = System(person(roles.LEADER), ["read"])
    assert narrow.get(path, **{"If-None-Match": tag}).status_code == 200
    assert leader.get(path, {"limit": 2}, **{"If-None-Match": tag}).status_code == 200
    # Whoever may not see it learns nothing by a tag.
    clerk = System(person(roles.ENTERPRISE_CLERK))
    if path != "/policies":
        assert clerk.get(path, **{"If-None-Match": tag}).status_code == 403


def test_what_changed_has_another_tag(person: Person) -> None:
    auditor = System(person(roles.AUDITOR))
    tag = auditor.get("/audit")["ETag"]
    assert auditor.get("/audit", **{"If-None-Match": tag}).status_code == 304
    System(person(roles.ANALYST))  # that a token was made is an event
    assert auditor.get("/audit", **{"If-None-Match": tag}).status_code == 200


# --- lists and formats ---------------------------------------------------------------------------


def test_stretches_make_the_whole_in_one_order(person: Person) -> None:
    leader = System(person(roles.LEADER))
    results = f"/evaluations/{SCHEME}/years/{YEAR}"
    for path, key in (("/enterprises", "uscc"), (results, "uscc"), ("/policies", "id"),
                      ("/policies/coverage", "policy")):  # fmt: skip
        whole = leader.every(path, 500)
        assert leader.every(path, 7) == whole, path
        assert len({one[key] for one in whole}) == len(whole) > 2
        assert leader.get(path, {"offset": 10_000}).json()["items"] == []
    codes = [one["uscc"] for one in leader.every("/enterprises", 50)]
    assert codes == sorted(codes)
    for asked in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"limit": "x"}):
        refused = leader.get("/enterprises", asked)
        [fault] = refused.json()["errors"]
        assert refused.status_code == 422 and fault["where"].startswith("query.")
        assert fault["what"] and fault["what_en"]


def test_every_format_has_the_same_rows(person: Person) -> None:
    leader = System(person(roles.LEADER))
    for path, ids in (
        ("/enterprises", ("uscc", "name", "grade")),
        (f"/evaluations/{SCHEME}/years/{YEAR}", ("uscc", "district", "grade")),
        ("/policies/lh_rd/candidates", ("uscc", "name")),
        ("/policies", ("id", "office")),
    ):
        items = leader.every(path, 500)
        wanted = [tuple(str(one[name]) for name in ids) for one in items]
        parquet = leader.get(path, {"format": "parquet"})
        table = pq.read_table(io.BytesIO(b"".join(parquet)))
        at = [table.column_names.index(name) for name in ids]
        assert [tuple(row[name] for name in ids) for row in table.to_pylist()] == wanted
        if "rank" in table.column_names:
            assert table["rank"].to_pylist() == [one["rank"] for one in items]
            assert table["total"].to_pylist() == [one["total"] for one in items]
        assert "Simulated data" in table.schema.metadata[b"cityforge"].decode()
        body = b"".join(leader.get(path, {"format": "csv"}))
        assert body.startswith(b"\xef\xbb\xbf")
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        assert [tuple(line[i] for i in at) for line in lines[1:]] == wanted
        book = openpyxl.load_workbook(io.BytesIO(leader.get(path, {"format": "xlsx"}).content))
        rows = list(book.active.iter_rows(min_row=3, values_only=True))
        assert [tuple(row[i] or "" for i in at) for row in rows] == wanted
        assert "模拟数据" in str(book.active["A1"].value)


def test_accept_chooses_and_files_leave_word(person: Person) -> None:
    analyst = System(person(roles.ANALYST))
    kind = "text/csv"
    found = analyst.get("/enterprises", Accept=f"{kind};q=0.9, application/json;q=0.1")
    assert found["Content-Type"].startswith(kind) and "ETag" not in found
    assert b"".join(found)
    assert analyst.get("/enterprises", Accept="image/png").status_code == 406
    assert analyst.get("/enterprises", Accept="*/*")["Content-Type"].startswith("application/json")
    analyst.get(f"/evaluations/{SCHEME}/years/{YEAR}", {"format": "xlsx", "grade": "甲"})
    analyst.get("/policies/lh_rd/candidates", {"format": "csv"})
    written = Event.objects.filter(actor=roles.ANALYST).exclude(kind="token")
    assert [one.action for one in written] == [
        "enterprises.downloaded", "api.exported", "policies.candidates_taken",
    ]  # fmt: skip
    assert written[1].detail["grade"] == "甲"
    assert {one.detail["token"] for one in written} == {analyst.token.start}


def test_formulas_are_made_harmless(person: Person) -> None:
    one = Enterprise.objects.order_by("number")[0]
    Enterprise.objects.filter(pk=one.pk).update(name="=cmd|'/c calc'!A1")
    leader = System(person(roles.LEADER))
    body = b"".join(leader.get("/enterprises", {"format": "csv"})).decode()
    assert "'=cmd" in body and ",=cmd" not in body
    book = openpyxl.load_workbook(
        io.BytesIO(leader.get("/enterprises", {"format": "xlsx"}).content)
    )
    assert book.active["B3"].data_type == "s" and book.active["B3"].quotePrefix


def test_more_than_a_file_holds_is_refused(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cityforge.portal.api.lists.MOST", 10)
    refused = System(person(roles.LEADER)).get("/enterprises", {"format": "csv"})
    assert refused.status_code == 413 and "缩小范围" in refused.json()["detail"]
    assert not Event.objects.filter(action="enterprises.downloaded").exists()


# --- writes --------------------------------------------------------------------------------------


def test_a_system_delivers_is_told_what_is_wrong_and_submits(
    settings: Any, tmp_path: Path, organisations: Organisations, person: Person
) -> None:
    settings.CITY, settings.DATA, settings.FILES = LANHE, tmp_path / "data", tmp_path / "files"
    lay_out(settings.DATA)
    Organisation.objects.filter(pk=organisations[roles.BUREAU].pk).update(code="jxj")
    system = System(person(roles.REPORTER), ["deliver"])

    def deliver(content: bytes, name: str = "绩效.csv") -> Any:
        file = SimpleUploadedFile(name, content)
        return system.post("/datasets/performance/deliveries", data={"file": file})

    owed = system.get("/datasets").json()["items"]
    assert "performance" in [one["id"] for one in owed]
    told = system.get("/datasets/performance").json()
    assert "revenue" in [one["id"] for one in told["columns"]]
    template = system.get("/datasets/performance/template")
    assert openpyxl.load_workbook(io.BytesIO(template.content))
    made = deliver(BAD)
    assert made.status_code == 201 and made.json()["working"]
    number = made.json()["id"]
    assert work() == ["SUCCESSFUL"]
    found = system.get(f"/deliveries/{number}").json()
    assert (found["state"], found["read"], found["quarantined"]) == ("checked", 12, 2)
    assert found["refusals"][0]["reason"]["en"] and found["may"]["submit"]
    rows = system.get(f"/deliveries/{number}/rows").json()
    assert len(rows["rows"]) == 2 and any(cell["faults"] for cell in rows["rows"][0]["cells"])
    assert len(system.get(f"/deliveries/{number}/rows", {"show": "all"}).json()["rows"]) == 12
    errors = b"".join(system.get(f"/deliveries/{number}/files/errors")).decode("utf-8-sig")
    assert "'=1+1" in errors
    second = deliver(GOOD).json()["id"]
    work()
    done = system.post(f"/deliveries/{second}/submit", {"note": "系统自动报送"})
    assert done.json()["state"] == "submitted" and done.json()["note"] == "系统自动报送"
    assert deliver(GOOD).status_code == 409
    again = system.post(f"/deliveries/{second}/submit", {})
    assert again.status_code == 409 and "待审核" in again.json()["detail"]
    assert [one["state"] for one in system.every("/deliveries", 1)] == ["submitted", "withdrawn"]
    assert system.post(f"/deliveries/{second}/withdraw").json()["state"] == "withdrawn"
    bad = deliver(b"MZ", "x.exe")
    assert bad.status_code == 422 and bad.json()["errors"][0]["what_en"]
    assert system.post("/datasets/performance/deliveries").status_code == 422
    assert deliver_to(system, "market_entities").status_code == 404
    # Approving is for a person, on the page.
    assert system.post(f"/deliveries/{second}/approve").status_code == 404
    # Another bureau sees none of it, and a token that reads delivers nothing.
    elsewhere = Organisation.objects.create(kind=roles.BUREAU, code="scj", title="scj")
    stranger = User.objects.create_user("stranger", None, name="stranger")
    accounts.grant(stranger, elsewhere, roles.REPORTER, by=None)
    other = System(stranger)
    for path in ("", "/rows", "/files/upload"):
        assert other.get(f"/deliveries/{second}{path}").status_code == 404
    assert other.post(f"/deliveries/{second}/submit", {}).status_code == 404
    assert other.get("/deliveries").json()["total"] == 0
    reader = System(person(roles.REPORTER), ["read"])
    assert reader.post(f"/deliveries/{second}/withdraw").status_code == 403
    assert Delivery.objects.count() == 2


def deliver_to(system: System, dataset: str) -> Any:
    file = SimpleUploadedFile("x.csv", GOOD)
    return system.post(f"/datasets/{dataset}/deliveries", data={"file": file})


def test_an_enterprise_declares_a_fact_and_takes_it_back(
    person: Person, placed: Organisations
) -> None:
    clerk = System(person(roles.ENTERPRISE_CLERK))
    before = clerk.get("/check-up").json()
    assert before["best_total"] == "20 万元"
    asked = next(one for one in before["asks"] if one["fact"] == "rd_expense")
    wrong = clerk.post("/check-up/facts", {"fact": asked["fact"], "value": "许多"})
    assert wrong.status_code == 422 and "数字" in wrong.json()["detail"]
    assert clerk.post("/check-up/facts", {"fact": "nothing", "value": "1"}).status_code == 404
    told = clerk.post("/check-up/facts", {"fact": asked["fact"], "value": "1000"})
    assert told.status_code == 201 and told.json()[0]["fact"] == "rd_expense"
    after = clerk.get("/check-up").json()
    assert after["best_total"] == "50 万元" and after["declared"] == told.json()
    number = told.json()[0]["number"]
    assert clerk.post(f"/check-up/facts/{number}/undo").json() == []
    assert clerk.post(f"/check-up/facts/{number}/undo").status_code == 404
    written = Event.objects.filter(action__startswith="policies.")
    assert [one.action for one in written] == ["policies.declared", "policies.undeclared"]
    plain = System(person(roles.ENTERPRISE_CLERK), ["read", "declare"])
    assert plain.get("/check-up").status_code == 403
    reader = System(person(roles.ENTERPRISE_CLERK), ["read", "confidential"])
    assert reader.post("/check-up/facts", {"fact": "x", "value": "1"}).status_code == 403
    assert reader.get("/evaluations/mine").json()[0]["scheme"] == SCHEME
    assert plain.get("/evaluations/mine").status_code == 403


# --- numbers -------------------------------------------------------------------------------------


def test_numbers_of_a_run_are_for_those_who_may_see_it(
    person: Person, signed_in: Signed, placed: Organisations, runs: Path
) -> None:
    run = (runs / "latest").read_text().strip()
    district = code_of(roles.DISTRICT)
    analyst, officer = System(person(roles.ANALYST)), System(person(roles.DISTRICT_OFFICER))
    place = f"/numbers/{run}/{SCHEME}/run"
    lines = analyst.get(place).json()
    desk = {one["grade"]: one["count"] for one in analyst.get("/desk").json()["grades"]}
    assert {
        o["grade"]: o["value"] for o in lines if o["place"] == "city" and o["grade"] != "T"
    } == (desk)
    assert {one["place"] for one in officer.get(place).json()} == {district}
    assert officer.get(f"{place}/city/甲").status_code == 404
    assert officer.get(f"{place}/{district}/甲").status_code == 200
    for reader in (
        System(person(roles.ENTERPRISE_CLERK)),
        System(person(roles.ANALYST), ["deliver"]),
    ):
        assert reader.get(place).status_code == reader.get(f"{place}/city/甲").status_code == 404
    assert Client().get(f"{ROOT}{place}/city/甲").status_code == 404
    for wrong in (
        f"/numbers/2025-09-30-000000000000/{SCHEME}/run",
        f"/numbers/{run}/none/run",
        f"/numbers/{run}/{SCHEME}/1",
        f"{place}/nowhere/甲",
        f"{place}/city/Z",
    ):
        assert analyst.get(wrong).status_code == 404
    told = analyst.get(f"{place}/city/甲").json()
    assert told["value"] == desk["甲"] and "甲" in told["definition"]["zh"]
    assert counted_again(runs / run, told["receipt"]) == told["value"]
    where = f"/numbers/{run}/{SCHEME}/run/city/甲/"
    page = signed_in(roles.ANALYST).get(where).text
    assert f"{desk['甲']} 家" in page and told["receipt"]["table_digest"] in page
    assert signed_in(roles.ENTERPRISE_CLERK).get(where).status_code == 404


def counted_again(folder: Path, receipt: dict[str, Any]) -> int:
    """What the statement of a receipt counts, in the table whose digest it names."""
    import hashlib

    import duckdb

    file = folder / receipt["table"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == receipt["table_digest"]
    query = receipt["query"].replace(receipt["table"], str(file))
    return int(duckdb.sql(query).fetchall()[0][0])


def test_what_is_shown_to_the_public_has_public_numbers(
    person: Person, runs: Path, signed_in: Signed
) -> None:
    run, analyst = (runs / "latest").read_text().strip(), signed_in(roles.ANALYST)
    act = f"/evaluations/{SCHEME}/proceeding/"
    analyst.post(f"{act}begin/", {"publicity_days": 5})
    for stage in ("listed", "collected", "checked", "objected"):
        analyst.post(f"{act}step/", {"to": stage})
    analyst.post(f"{act}rerun/", {"why": "初评"})
    for stage in ("computed", "reviewed"):
        analyst.post(f"{act}step/", {"to": stage})
    anybody, place = Client(), f"{ROOT}/numbers/{run}/{SCHEME}/1"
    assert anybody.get(place).status_code == 404  # a draft is nobody's yet
    assert anybody.get(f"{ROOT}/publicity").json() == []
    analyst.post(f"{act}publish/", {"purpose": "publicity"})
    [shown] = anybody.get(f"{ROOT}/publicity").json()
    assert (shown["scheme"], shown["version"]) == (SCHEME, 1)
    rows = anybody.get(f"{ROOT}/publicity/{SCHEME}", {"limit": 500}).json()
    assert rows["total"] == shown["total"] == len(rows["items"])
    assert not {"uscc", "total", "rank"} & set(rows["items"][0])
    # Nor does the order tell the rank.
    keys = [
        (one["part"]["zh"], "甲乙丙丁".find(one["grade"] or "-"), one["name"])
        for one in rows["items"]
    ]
    ranked = [key for key, one in zip(keys, rows["items"], strict=True) if one["status"] == "rated"]
    assert ranked == sorted(ranked)
    lines = anybody.get(place).json()
    whole = {one["grade"]: one["value"] for one in lines if one["place"] == "city"}
    graded = [one["grade"] for one in rows["items"] if one["status"] == "rated"]
    counted = {grade: graded.count(grade) for grade in whole if grade != "T"}
    assert whole == {**counted, "T": len(rows["items"]) - len(graded)}
    hidden = {one["place"] for one in lines if one["withheld"]}
    open_ = {one["place"] for one in lines} - hidden - {"city"}
    assert all(one["value"] is None for one in lines if one["place"] in hidden)
    whole_lines = System(person(roles.ANALYST)).get(f"/numbers/{run}/{SCHEME}/1").json()
    small = {
        one["place"] for one in whole_lines if one["value"] in (1, 2) and one["place"] != "city"
    }
    assert small <= hidden and not small & open_
    told = anybody.get(f"{place}/city/甲").json()
    assert told["receipt"]["list_digest"] == shown["digest"]
    assert counted_again(runs, told["receipt"]) == told["value"]
    assert "甲" in Client().get(f"/numbers/{run}/{SCHEME}/1/city/甲/").text


def test_one_small_district_is_not_told_by_the_others() -> None:
    grades = ("A", "B")

    def cells(**districts: tuple[int, int]) -> dict[tuple[str, str], int]:
        return {
            (d, g): n
            for d, counts in districts.items()
            for g, n in zip(grades, counts, strict=True)
        }

    names = ["x", "y", "z"]
    assert numbers.withheld(cells(x=(3, 0), y=(9, 9), z=(5, 5)), names, grades) == frozenset()
    assert numbers.withheld(cells(x=(2, 8), y=(9, 9), z=(5, 5)), names, grades) == {"x", "z"}
    assert numbers.withheld(cells(x=(2, 8), y=(1, 9), z=(5, 5)), names, grades) == {"x", "y"}


# --- the rest ------------------------------------------------------------------------------------


def test_refusals_are_problems_in_both_languages(person: Person) -> None:
    analyst = System(person(roles.ANALYST))
    for answer, status in (
        (analyst.get("/nowhere"), 404),
        (analyst.get("/enterprises/0"), 404),
        (analyst.post("/enterprises"), 405),
        (analyst.get("/audit"), 403),
        (Client().get(f"{ROOT}/desk"), 401),
    ):
        told = answer.json()
        assert (answer.status_code, told["status"]) == (status, status)
        assert answer["Content-Type"] == "application/problem+json"
        assert all(told[name] for name in ("type", "title", "title_en", "detail", "detail_en"))
        assert answer["Cache-Control"] == "no-store"
    broken = analyst.client.post(
        f"{ROOT}/check-up/facts", "{", content_type="application/json",
        headers=System(person(roles.ENTERPRISE_CLERK)).header,
    )  # fmt: skip
    assert broken.status_code == 400 and broken.json()["title_en"] == "Bad request"


def test_a_fault_of_ours_is_a_problem_too(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cityforge.portal.enterprises.queries.mine", fails)
    clerk = System(person(roles.ENTERPRISE_CLERK))
    clerk.client.raise_request_exception = False
    answer = clerk.get("/me/enterprises")
    assert answer.status_code == 500 and answer.json()["title"] == "系统出错"
    assert "ZeroDivision" not in answer.text


def test_no_answer_takes_more_than_twenty_queries(
    person: Person, placed: Organisations, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    code = code_of(roles.ENTERPRISE)
    asked = {
        roles.ANALYST: [
            "/desk", "/freshness", "/enterprises", f"/enterprises/{code}", "/evaluations",
            f"/enterprises/{code}/facts", f"/enterprises/{code}/grades", "/policies/coverage",
            f"/evaluations/{SCHEME}/years/{YEAR}", "/policies/lh_rd/candidates",
            "/enterprises?format=csv", f"/enterprises/{code}/check-up",
        ],
        roles.REPORTER: ["/datasets", "/deliveries"],
        roles.ENTERPRISE_CLERK: ["/me", "/check-up", "/evaluations/mine"],
        roles.AUDITOR: ["/audit", "/audit/chain"],
        roles.SYSTEM_ADMIN: ["/system"],
    }  # fmt: skip
    for role, paths in asked.items():
        system = System(person(role))
        for path in paths:
            with django_assert_max_num_queries(20):
                answer = system.get(path)
                b"".join(answer) if answer.streaming else None
            assert answer.status_code == 200, path


def test_the_reference_needs_no_other_server(client: Client) -> None:
    page = client.get("/api/")
    assert page.status_code == 200 and "/api/v1/enterprises" in page.text
    assert "https://" not in page.text.replace("https://testserver", "")
    # What is to be typed works as it stands: required parameters and bodies are in it.
    plain = html.unescape(page.text)
    assert "/runs/preview?scheme=lanhe_2025&year=2024" in plain
    assert """-d '{"scheme": "lanhe_2025", "year": 2024}'""" in plain
    assert '-F "fact=tax_paid"' in plain and '-F "evidence=@proof.pdf"' in plain
    assert '-F "file=@performance.csv"' in plain
    english = client.get("/api/?lang=en").text
    assert "Find enterprises" in english and "Too many requests" in english
