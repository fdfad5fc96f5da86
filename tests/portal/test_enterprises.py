"""The list of enterprises and the file of one: found, narrowed, and refused to everybody else."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from cityforge.brain.api import evaluations, snapshots
from cityforge.brain.api.evaluations import Snapshot
from cityforge.brain.cli.main import app
from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import city, dossiers
from cityforge.portal.audit import queries as trail
from cityforge.portal.audit.models import Event
from cityforge.portal.enterprises import actions, queries, search
from cityforge.portal.enterprises.models import Claim, Enterprise, FormerName, Merger
from cityforge.portal.enterprises.queries import Asked

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
PARTS = ("", "facts/", "grades/", "policies/", "ladder/", "check-up.pdf")
Signed = Callable[[str], Client]
Persons = Callable[[str], User]
Organisations = dict[str, Organisation]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listed")
    for words in (
        ("mock", CITY, "--out", folder / "data", "--as-of", "2025-09-30", "--seed", 4,
         "--above-scale", 40, "--below-scale", 20),
        ("run", CITY, "--data", folder / "data", "--as-of", "2025-09-30", "--out",
         folder / "runs", "--no-report"),
    ):  # fmt: skip
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert found.exit_code == 0, found.output
    return folder / "runs"


@pytest.fixture(autouse=True)
def listed(runs: Path, settings: LazySettings, db: None) -> None:
    settings.SNAPSHOTS = runs
    assert (actions.index() or 0) > 40


@pytest.fixture
def placed(organisations: Organisations) -> Organisations:
    """The test's district, park and enterprise are ones of the city."""
    park = Enterprise.objects.exclude(park="").order_by("number")[0]
    other = Enterprise.objects.exclude(district=park.district).order_by("number")[0]
    for kind, code in ((roles.DISTRICT, park.district), (roles.PARK, park.park),
                       (roles.ENTERPRISE, other.uscc)):  # fmt: skip
        Organisation.objects.filter(pk=organisations[kind].pk).update(code=code)
    return organisations


def seen_by(client: Client) -> set[str]:
    """Credit codes of the whole list as it is downloaded."""
    body = b"".join(client.get("/enterprises/list.csv")).decode("utf-8-sig")
    return {row["统一社会信用代码"] for row in csv.DictReader(io.StringIO(body))}


def test_every_file_and_every_part_is_refused_outside_of_the_scope(
    signed_in: Signed, placed: Organisations
) -> None:
    """By enumeration: each role asks for every enterprise; what is not theirs is not there."""
    everybody = list(Enterprise.objects.all())
    own = {
        roles.DISTRICT_OFFICER: lambda one: one.district == code_of(roles.DISTRICT),
        roles.PARK_OFFICER: lambda one: one.park == code_of(roles.PARK),
        roles.ENTERPRISE_ADMIN: lambda one: one.uscc == code_of(roles.ENTERPRISE),
        roles.ENTERPRISE_CLERK: lambda one: one.uscc == code_of(roles.ENTERPRISE),
    }
    for role, is_own in own.items():
        client, inside = signed_in(role), 0
        for one in everybody:
            parts = ("",) if is_own(one) else PARTS
            for part in parts:
                status = client.get(f"/enterprises/{one.uscc}/{part}").status_code
                assert status == (200 if is_own(one) else 404), (role, one, part)
            inside += is_own(one)
        assert 0 < inside < len(everybody)
    nowhere = signed_in(roles.ENTERPRISE_ADMIN).get("/enterprises/91000000000000000X/")
    other = signed_in(roles.ENTERPRISE_ADMIN).get(f"/enterprises/{everybody[0].uscc}/")
    assert (nowhere.status_code, other.status_code) == (404, 404)


def code_of(kind: str) -> str:
    return Organisation.objects.get(kind=kind).code


def test_lists_and_downloads_hold_the_scope_and_nothing_else(
    signed_in: Signed, placed: Organisations
) -> None:
    district = Enterprise.objects.filter(district=code_of(roles.DISTRICT))
    park = Enterprise.objects.filter(park=code_of(roles.PARK))
    assert seen_by(signed_in(roles.LEADER)) == set(
        Enterprise.objects.values_list("uscc", flat=True)
    )
    assert seen_by(signed_in(roles.DISTRICT_OFFICER)) == {one.uscc for one in district}
    assert seen_by(signed_in(roles.PARK_OFFICER)) == {one.uscc for one in park}
    elsewhere = Enterprise.objects.exclude(district=code_of(roles.DISTRICT))[0]
    for asked in ({"text": elsewhere.name}, {"text": elsewhere.uscc},
                  {"district": elsewhere.district}):  # fmt: skip
        shown = signed_in(roles.DISTRICT_OFFICER).get("/enterprises/", asked).text
        assert "没有符合条件的企业" in shown and "who-is" not in shown
    told = Event.objects.filter(action="enterprises.downloaded")
    assert told.count() == 3 and not trail.breaks()


def test_sizes_are_for_those_who_may_read_what_they_rest_on(
    signed_in: Signed, person: Persons, placed: Organisations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossiers, "size_level", lambda: "confidential")
    Enterprise.objects.update(size="微")
    assert "规模" in signed_in(roles.LEADER).get("/enterprises/").text
    park = signed_in(roles.PARK_OFFICER)
    assert "规模" not in park.get("/enterprises/").text
    assert "规模" not in b"".join(park.get("/enterprises/list.csv")).decode()
    # Asking for a size tells nothing either: the question is left out.
    assert park.get("/enterprises/?size=大").text.count("who-is") == (
        Enterprise.objects.filter(park=code_of(roles.PARK)).count()
    )


def slow(words: list[str], one: Enterprise, former: list[str]) -> bool:
    """The plain meaning: every word stands somewhere in a name, an address, a park."""
    texts = [one.name, *former, one.address, one.park_title]
    return all(any(word in text.upper() for text in texts) for word in words)


def test_whatever_stands_in_a_name_finds_it(person: Persons) -> None:
    leader = person(roles.LEADER)
    everybody = list(Enterprise.objects.all())
    asked = {one.name[i : i + size] for one in everybody[:8] for size in (1, 2, 3, 5)
             for i in range(len(one.name) - size + 1)}  # fmt: skip
    pairs = [f"{one.name[:2]} {one.name[-3:]}" for one in everybody[:8]]
    for text in [*asked, *pairs, "不存在的名字", "有司"]:
        found = queries.numbers(leader, Asked(text=text))
        words = search.words_of(text)
        assert found == [one.number for one in everybody if slow(words, one, [])], text


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", "*", "words:", "(", "甲' | '乙", "%", "NEAR(a"]
)
def test_no_question_is_code(person: Persons, text: str) -> None:
    assert queries.numbers(person(roles.LEADER), Asked(text=text)) == []


def test_codes_marks_and_former_names_find(person: Persons) -> None:
    leader = person(roles.LEADER)
    one = Enterprise.objects.exclude(grade="")[3]
    assert queries.numbers(leader, Asked(text=one.uscc.lower())) == [one.number]
    assert one.number in queries.numbers(leader, Asked(text=one.uscc[:10]))
    same = Enterprise.objects.filter(district=one.district, grade=one.grade)
    narrowed = Asked(district=one.district, grade=one.grade)
    assert queries.numbers(leader, narrowed) == [each.number for each in same]
    Enterprise.objects.filter(pk=one.pk).update(name="从前叫过的名字厂")
    actions.index(anew=True)  # the newest run calls it otherwise
    assert FormerName.objects.get(uscc=one.uscc).name == "从前叫过的名字厂"
    assert queries.numbers(leader, Asked(text="叫过的名")) == [one.number]


def test_the_list_is_made_once_a_run(person: Persons) -> None:
    assert actions.index() is None
    assert Event.objects.filter(action="enterprises.indexed").count() == 1


def test_no_formula_leaves_in_a_file(signed_in: Signed) -> None:
    one = Enterprise.objects.all()[0]
    Enterprise.objects.filter(pk=one.pk).update(name='=HYPERLINK("http://evil")', address="@SUM(1)")
    client = signed_in(roles.LEADER)
    body = b"".join(client.get("/enterprises/list.csv")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[1][1].startswith("'=") and rows[1][8].startswith("'@")
    answer = client.get("/enterprises/list.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert "模拟数据" in sheet["A1"].value
    assert sheet["B3"].data_type == "s" and sheet.max_row == Enterprise.objects.count() + 2


def test_pages_ask_the_database_little(
    signed_in: Signed, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, one = signed_in(roles.DISTRICT_OFFICER), Enterprise.objects.all()[0]
    leader = signed_in(roles.LEADER)
    for address in ("/enterprises/", "/enterprises/?text=有限", f"/enterprises/{one.uscc}/",
                    f"/enterprises/{one.uscc}/grades/"):  # fmt: skip
        with django_assert_max_num_queries(20):
            assert leader.get(address).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get("/enterprises/").status_code == 200


def test_reasons_of_many_read_the_rows_of_one(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above some size a grade is told of its enterprise's rows: no table is read for it."""
    scheme = "lanhe_2025"
    monkeypatch.setattr(city, "MOST_EVALUATED", 0)
    dossiers._why.cache_clear()
    everybody = list(Enterprise.objects.values_list("uscc", flat=True))
    assert dossiers.why(everybody[0], scheme) is not None  # its groups were read once

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a whole table was read")

    (folder,) = runs.glob("2025*")
    expected = {
        code: [snapshots.explain(folder, code, scheme=scheme, language=language).splitlines()
               for language in ("zh", "en")]
        for code in everybody
    }  # fmt: skip
    monkeypatch.setattr(Snapshot, "table", never)
    for code in everybody:
        told = dossiers.why(code, scheme)
        assert told is not None
        assert [[line.zh for line in told.lines], [line.en for line in told.lines]] == (
            expected[code]
        )
    dossiers._why.cache_clear()


def test_reasons_are_the_same_of_the_facts_that_they_rest_on(runs: Path) -> None:
    (folder,) = runs.glob("2025*")
    snapshot = evaluations.read_snapshot(folder)
    whole = evaluations.evaluate(snapshot, snapshot.scheme())
    narrow = evaluations.at_hand(whole)
    assert narrow.facts.num_columns < whole.facts.num_columns
    for code in whole.rows["uscc"].to_pylist()[::3]:
        assert evaluations.enterprise(narrow, code) == evaluations.enterprise(whole, code)


def test_a_file_tells_facts_by_level(signed_in: Signed, placed: Organisations) -> None:
    park = Enterprise.objects.filter(park=code_of(roles.PARK)).exclude(grade="")[0]
    told = signed_in(roles.LEADER).get(f"/enterprises/{park.uscc}/facts/").text
    assert "税" in told and "更正" in told and "2024" in told
    kept = signed_in(roles.PARK_OFFICER).get(f"/enterprises/{park.uscc}/facts/").text
    assert "超出您的查看级别" in kept and "万元" not in kept
    page = signed_in(roles.PARK_OFFICER).get(f"/enterprises/{park.uscc}/").text
    assert park.grade in page and "只看等级" in page
    why = signed_in(roles.PARK_OFFICER).get(f"/enterprises/{park.uscc}/grades/").text
    assert "指标值" not in why
    assert "指标值" in signed_in(roles.LEADER).get(f"/enterprises/{park.uscc}/grades/").text


def test_names_of_peers_are_for_officials_whose_they_are(
    signed_in: Signed, placed: Organisations
) -> None:
    rated = Enterprise.objects.exclude(grade="")
    one = rated.filter(district=code_of(roles.DISTRICT))[0]
    others = {each.name for each in rated.exclude(pk=one.pk)}
    Organisation.objects.filter(kind=roles.ENTERPRISE).update(code=one.uscc)

    def named(role: str) -> set[str]:
        text = signed_in(role).get(f"/enterprises/{one.uscc}/grades/").text
        return {name for name in others if name in text}

    assert named(roles.LEADER)
    near = {each.name for each in rated.filter(district=one.district)}
    assert named(roles.DISTRICT_OFFICER) <= near
    assert named(roles.ENTERPRISE_ADMIN) == set()
    assert (
        "同类企业" in signed_in(roles.ENTERPRISE_ADMIN).get(f"/enterprises/{one.uscc}/grades/").text
    )


def test_what_only_describes_stands_beside_no_name(
    runs: Path, tmp_path: Path, settings: LazySettings, signed_in: Signed
) -> None:
    """The Statistics Law: the same snapshot, one column said to describe only."""
    one = Enterprise.objects.exclude(grade="")[0]
    address = f"/enterprises/{one.uscc}/facts/"
    assert "研发费用" in signed_in(roles.ANALYST).get(address).text
    run = next(folder for folder in runs.iterdir() if folder.name.startswith("2025"))
    shutil.copytree(runs, tmp_path / "runs", symlinks=True)
    file = tmp_path / "runs" / run.name / "city" / "datasets" / "performance.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if "id: rd_expense" in line)
    lines[at] = lines[at].replace("id: rd_expense", "id: rd_expense, legal_use: [describe]")
    file.write_text("\n".join(lines), encoding="utf-8")
    settings.SNAPSHOTS = tmp_path / "runs"
    told = signed_in(roles.ANALYST).get(address).text
    assert "研发费用" not in told and "统计法" in told


def claimant(name: str = "newcomer") -> User:
    return User.objects.create_user(name, "correct horse battery staple", name="新人")


def test_a_claim_is_ruled_by_an_officer_of_its_district(
    signed_in: Signed, person: Persons, placed: Organisations
) -> None:
    one = Enterprise.objects.filter(district=code_of(roles.DISTRICT))[0]
    new = claimant()
    client = Client()
    client.force_login(new)
    assert client.get(f"/enterprises/{one.uscc}/").status_code == 403
    assert "/claims/own/" in client.get("/me/").text
    sent = client.post("/claims/own/", {"uscc": one.uscc, "note": "授权书 12 号"})
    assert sent.status_code == 302
    made = Claim.objects.get()
    assert client.post("/claims/own/", {"uscc": one.uscc, "note": "再来"}).status_code == 400
    officer = signed_in(roles.DISTRICT_OFFICER)
    assert "授权书 12 号" in officer.get("/claims/").text
    officer.post(f"/claims/{made.pk}/", {"granted": "no"})
    made.refresh_from_db()
    assert made.state == "asked"  # a refusal states its reason
    officer.post(f"/claims/{made.pk}/", {"granted": "yes"})
    made.refresh_from_db()
    assert made.state == "granted" and made.ruled_by == person(roles.DISTRICT_OFFICER)
    assert client.get(f"/enterprises/{one.uscc}/").status_code == 200
    held = Membership.objects.get(user=new)
    assert (held.role, held.organisation.code) == (roles.ENTERPRISE_ADMIN, one.uscc)
    with pytest.raises(NotAllowed, match="处理过"):
        actions.rule(made.pk, by=person(roles.DISTRICT_OFFICER), granted=False, reason="x")
    kinds = set(Event.objects.filter(about=one.uscc).values_list("action", flat=True))
    assert {"enterprises.claimed", "enterprises.claim_granted"} <= kinds and not trail.breaks()


def test_claims_that_are_refused(person: Persons, placed: Organisations) -> None:
    away = Enterprise.objects.exclude(district=code_of(roles.DISTRICT))
    officer, analyst, new = person(roles.DISTRICT_OFFICER), person(roles.ANALYST), claimant()
    with pytest.raises(NotAllowed, match="部门"):
        actions.claim(officer, away[0].uscc, "mine")
    with pytest.raises(NotAllowed, match="有效"):
        actions.claim(new, "91339901MK0EEDJRXX", "mine")
    made = actions.claim(new, away[0].uscc, "mine")
    with pytest.raises(Claim.DoesNotExist):  # of another district: not there
        actions.rule(made.pk, by=officer, granted=True)
    with pytest.raises(NotAllowed):
        actions.rule(made.pk, by=new, granted=True)
    for one in away[1:5]:
        actions.claim(new, one.uscc, "mine")
    with pytest.raises(NotAllowed, match="最多"):
        actions.claim(new, away[5].uscc, "mine")
    # The second of an enterprise becomes a clerk: its admin is there already.
    actions.rule(made.pk, by=analyst, granted=True)
    second = actions.claim(claimant("second"), away[0].uscc, "mine")
    actions.rule(second.pk, by=analyst, granted=True)
    assert Membership.objects.get(user__username="second").role == roles.ENTERPRISE_CLERK


def test_a_merger_is_undone_as_if_it_had_not_been(
    signed_in: Signed, person: Persons, placed: Organisations
) -> None:
    analyst = person(roles.ANALYST)
    gone, kept = Enterprise.objects.all()[2], Enterprise.objects.all()[7]

    def found() -> tuple[list[int], ...]:
        asked = (Asked(), Asked(text=gone.name), Asked(text=kept.name), Asked(text=gone.uscc))
        return tuple(queries.numbers(analyst, one) for one in asked)

    before = found()
    made = actions.merge(gone.uscc, kept.uscc, by=analyst, reason="换证")
    assert gone.number not in found()[0]
    assert found()[1:] == ([kept.number], before[2], [kept.number])
    page = signed_in(roles.LEADER).get(f"/enterprises/{gone.uscc}/").text
    assert kept.uscc in page
    actions.index(anew=True)
    assert found()[1] == [kept.number]  # a new list keeps it
    with pytest.raises(NotAllowed):
        actions.merge(gone.uscc, kept.uscc, by=analyst, reason="again")
    with pytest.raises(NotAllowed):
        actions.split(made.pk, by=person(roles.DISTRICT_OFFICER))
    actions.split(made.pk, by=analyst)
    assert found() == before and not Merger.objects.filter(undone_at=None).exists()
    kinds = list(Event.objects.filter(about=gone.uscc).values_list("action", flat=True))
    assert kinds == ["enterprises.merged", "enterprises.split"]


def test_a_park_officer_who_also_runs_a_firm_sees_the_park_as_an_officer(
    person: Persons, placed: Organisations
) -> None:
    officer = person(roles.PARK_OFFICER)
    accounts.grant(officer, placed[roles.ENTERPRISE], roles.ENTERPRISE_CLERK, by=None)
    assert permissions.allows(officer, "facts.confidential")
    client = Client()
    client.force_login(officer)
    park = Enterprise.objects.filter(park=code_of(roles.PARK)).exclude(grade="")[0]
    assert "万元" not in client.get(f"/enterprises/{park.uscc}/facts/").text
    own = client.get(f"/enterprises/{code_of(roles.ENTERPRISE)}/facts/").text
    assert "超出您的查看级别" not in own


def test_the_words_stand_in_the_database_kind(db: None) -> None:
    """What is asked is answered by the index, not by reading the table."""
    if connection.vendor != "sqlite":
        pytest.skip("the plan of SQLite")
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT rowid FROM enterprises_words "
            "WHERE enterprises_words MATCH %s ORDER BY rowid LIMIT 9",
            ['words : "ab"'],
        )
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "VIRTUAL TABLE INDEX" in plan and "TEMP B-TREE" not in plan
