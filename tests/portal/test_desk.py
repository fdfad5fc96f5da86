"""The first pages: the desk, its figures and the enterprises behind them; what waits for whom."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from cityforge.brain.cli.main import app
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.analytics.overview import desk, kinds, read
from cityforge.portal.audit.models import Event
from cityforge.portal.desk import queries
from cityforge.portal.enterprises import actions as enterprises
from cityforge.portal.enterprises.models import Claim, Enterprise

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
Signed = Callable[[str], Client]
Organisations = dict[str, Organisation]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    for words in (
        ("mock", CITY, "--out", folder / "data", "--as-of", "2025-09-30", "--seed", 4,
         "--above-scale", 90, "--below-scale", 30),
        ("run", CITY, "--data", folder / "data", "--as-of", "2025-09-30", "--out",
         folder / "runs", "--no-report"),
    ):  # fmt: skip
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert found.exit_code == 0, found.output
    return folder / "runs"


@pytest.fixture(autouse=True)
def here(runs: Path, settings: LazySettings, db: None) -> None:
    settings.SNAPSHOTS, settings.CITY = runs, CITY
    enterprises.index()


@pytest.fixture
def placed(organisations: Organisations) -> Organisations:
    """The test's district is one of the city, its enterprise one of another district."""
    Organisation.objects.filter(pk=organisations[roles.DISTRICT].pk).update(code="qingyu")
    away = Enterprise.objects.exclude(district="qingyu").exclude(grade="")[0]
    Organisation.objects.filter(pk=organisations[roles.ENTERPRISE].pk).update(code=away.uscc)
    return organisations


def test_the_desk_links_every_figure(
    signed_in: Signed, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    leader = signed_in(roles.LEADER)
    leader.get("/")
    with django_assert_max_num_queries(20):
        page = leader.get("/").text
    found = read.by_district(None)
    assert found is not None and found.sentence.zh in page
    doors = set(re.findall(r'href="(/figures/[^"]+)"', page))
    names = {door.split("/")[2] for door in doors}
    assert names >= {"rated", "rose", "fell", "grade-1", "grade-2", "grade-3", "grade-4"}
    for door in doors:
        with django_assert_max_num_queries(20):
            told = leader.get(door)
        assert told.status_code == 200, door
        assert "2025-09-30" in told.text and "怎么算的" in told.text and "SHA-256" in told.text
        assert "用地" in told.text or "税" in told.text  # a dataset that it rests on


def test_a_figure_is_the_count_of_the_enterprises_behind_it(
    signed_in: Signed, person: Callable[[str], User]
) -> None:
    found = read.by_district(None)
    assert found is not None
    leader = person(roles.LEADER)
    for kind in kinds.kinds(found).values():
        if kind.on_map:
            continue
        for place in ("", *(one.id for one in found.districts)):
            told = desk.figure(None, kind.id, place)
            assert told is not None
            behind = queries.behind(leader, kind.id, place, size=10_000)
            assert told.shown.value == f"{behind.count:,}" and len(behind.rows) == behind.count
    best = found.grades[0]
    listed = set(Enterprise.objects.filter(grade=best).values_list("uscc", flat=True))
    behind = queries.behind(leader, "grade-1", size=10_000)
    assert {row.uscc for row in behind.rows} == listed
    assert all(row.reason for row in queries.behind(leader, "exempt").rows)


def test_a_list_is_taken_as_a_file_and_leaves_word(signed_in: Signed) -> None:
    answer = signed_in(roles.ANALYST).get("/figures/grade-1/list.csv")
    body = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {row["等次"] for row in rows} == {"甲"}
    assert Event.objects.get(action="desk.taken").about == "grade-1"


def test_a_district_sees_itself_alone(signed_in: Signed, placed: Organisations) -> None:
    officer = signed_in(roles.DISTRICT_OFFICER)
    page = officer.get("/").text
    away = Enterprise.objects.exclude(district="qingyu")
    assert "青屿区" in page and "云坪" not in page and "tiles" not in page
    for door in set(re.findall(r'href="(/figures/[^"]+)"', page)):
        told = officer.get(door).text
        assert "云坪" not in told and not [one.name for one in away if one.name in told], door
    assert officer.get("/figures/rated/?district=yunping").status_code == 404
    assert officer.get("/figures/rated/list.csv?district=yunping").status_code == 404
    body = b"".join(officer.get("/figures/rated/list.csv")).decode("utf-8-sig")
    assert not [one.uscc for one in away if one.uscc in body]


def test_the_layer_is_switched_by_link_and_in_place(signed_in: Signed) -> None:
    leader = signed_in(roles.LEADER)
    whole = leader.get("/?layer=mean").text
    part = leader.get("/?layer=mean", headers={"HX-Request": "true"}).text
    assert "平均总分" in part and "<html" not in part and part.strip() in whole
    assert leader.get("/?layer=nothing").status_code == 200
    shown = desk.map_(None, "mean")
    assert shown is not None
    assert shown.low in part and shown.high in part
    for tile in shown.tiles:
        assert f">{tile.value}</b>" in part  # read without the colour


def test_steps_follow_the_figures() -> None:
    found = read.by_district(None)
    assert found is not None
    for layer in (one.id for one in kinds.kinds(found).values() if one.on_map):
        shown = desk.map_(None, layer)
        assert shown is not None and {tile.step for tile in shown.tiles} <= {0, 1, 2, 3, 4}
        order = sorted(shown.tiles, key=lambda tile: float(tile.value.replace(",", "")))
        steps = [tile.step or 0 for tile in order]
        assert steps == sorted(steps)
        if not shown.are_alike:
            assert (steps[0], steps[-1]) == (0, 4)


@pytest.mark.parametrize("role", sorted(roles.ROLES))
def test_everybody_has_a_first_page(
    role: str,
    signed_in: Signed,
    placed: Organisations,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(role)
    client.get("/")
    with django_assert_max_num_queries(20):
        page = client.get("/").text
    assert "没有等您办的事" in page or 'class="pending"' in page


def test_what_waits_is_told_to_who_decides_and_to_who_leads(
    signed_in: Signed, person: Callable[[str], User], placed: Organisations
) -> None:
    new = User.objects.create_user("newcomer", None, name="新人")
    here = Enterprise.objects.filter(district="qingyu")[0]
    Claim.objects.create(user=new, uscc=here.uscc, note="x")
    mine = queries.pending(person(roles.DISTRICT_OFFICER)).mine
    assert [(one.count, one.url) for one in mine if "认领" in one.title.zh] == [(1, "/claims/")]
    leads = queries.pending(person(roles.LEADER))
    assert not leads.mine
    assert [(one.count, one.url) for one in leads.others if "认领" in one.title.zh] == [(1, "")]
    Claim.objects.update(uscc=Enterprise.objects.exclude(district="qingyu")[0].uscc)
    other = queries.pending(person(roles.DISTRICT_OFFICER))
    assert not [one for one in other.mine if "认领" in one.title.zh]
    admin = queries.pending(person(roles.SECURITY_ADMIN)).mine
    assert [one.url for one in admin if "角色" in one.title.zh] == ["/people/?state=none"]


def test_who_asked_sees_that_it_waits_and_nobody_else(
    person: Callable[[str], User], placed: Organisations
) -> None:
    new = User.objects.create_user("newcomer", None, name="新人")
    assert queries.pending(new) == queries.Pending([], [])
    Claim.objects.create(user=new, uscc=Enterprise.objects.all()[0].uscc, note="x")
    (one,) = queries.pending(new).others
    assert (one.count, one.url, one.is_mine) == (1, "/claims/own/", False)
    assert not [each for each in queries.pending(person(roles.AUDITOR)).others if each.count]


def test_an_enterprise_finds_its_grade_and_policies(
    signed_in: Signed, placed: Organisations
) -> None:
    code = Organisation.objects.get(kind=roles.ENTERPRISE).code
    own = Enterprise.objects.get(uscc=code)
    page = signed_in(roles.ENTERPRISE_CLERK).get("/").text
    assert own.name in page and f"<b>{own.grade}</b>" in page
