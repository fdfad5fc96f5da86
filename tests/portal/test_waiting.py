"""What waits stands on the desk of who must act, and on nobody else's."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.corrections.models import Correction
from cityforge.portal.desk import queries
from cityforge.portal.policies.models import Draft, Wording
from cityforge.portal.runs.models import Run

Made = Callable[[str], User]
Organisations = dict[str, Organisation]


def told(user: User, words: str) -> list[tuple[int, str, bool]]:
    """Of what is called so: how many, where, whether it is the reader's."""
    found = queries.pending(user)
    both = [*found.mine, *found.others]
    return [(one.count, one.url, one.is_mine) for one in both if words in one.title.zh]


@pytest.fixture
def bureau(organisations: Organisations) -> Organisation:
    return organisations[roles.BUREAU]


def joined(name: str, unit: Organisation, *held: str) -> User:
    user = User.objects.create_user(name, None, name=name)
    for role in held:
        accounts.grant(user, unit, role, by=None)
    return user


def test_a_draft_waits_for_a_second_officer(person: Made, bureau: Organisation) -> None:
    writer = person(roles.REPORTER)
    draft = Draft.objects.create(
        policy="lh_rd", title="研发投入奖励", bureau=bureau.code, state="submitted",
        begun_by=writer, submitted_by=writer, submitted_at=timezone.now(),
    )  # fmt: skip
    Wording.objects.create(draft=draft, number=1, text="id: lh_rd\n", digest="0" * 64, by=writer)
    admin, place = person(roles.SECURITY_ADMIN), "/policies/drafts/"
    # Nobody may publish it yet: who grants roles is told.
    assert told(admin, "没有可以发布的审核员") == [(1, "/people/", True)]
    both = joined("both", bureau, roles.REPORTER, roles.CHECKER)
    Wording.objects.create(draft=draft, number=2, text="id: lh_rd\n\n", digest="1" * 64, by=both)
    assert told(both, "待发布") == []
    assert len(told(admin, "没有可以发布的审核员")) == 1
    checker = person(roles.CHECKER)
    assert told(checker, "待发布") == [(1, place, True)]
    assert told(admin, "没有可以发布的审核员") == []
    assert told(writer, "待发布") == []
    for leads in (roles.LEADER, roles.ANALYST):
        assert told(person(leads), "待发布") == [(1, place, False)]
    other = Organisation.objects.create(kind=roles.BUREAU, code="other", title="别的局")
    assert told(joined("else", other, roles.CHECKER), "待发布") == []
    Draft.objects.update(state="returned")
    assert told(writer, "被退回") == [(1, place, True)]
    assert told(checker, "待发布") == []


def test_a_correction_waits_for_its_bureau(
    person: Made, organisations: Organisations, bureau: Organisation
) -> None:
    clerk, place = person(roles.ENTERPRISE_CLERK), "/corrections/"
    Correction.objects.create(
        organisation=organisations[roles.ENTERPRISE], fact="tax_paid", year=2024, value="1",
        reason="漏计", owner=bureau.code, by=clerk,
    )  # fmt: skip
    assert told(person(roles.CHECKER), "更正待核实") == [(1, place, True)]
    assert told(person(roles.ANALYST), "更正待核实") == [(1, place, False)]
    assert told(clerk, "更正待核实") == [(1, place, False)]
    assert told(person(roles.LEADER), "更正待核实") == []
    other = Organisation.objects.create(kind=roles.BUREAU, code="other", title="别的局")
    elsewhere = joined("else", other, roles.CHECKER)
    assert told(elsewhere, "更正待核实") == []
    # A checker of another bureau who acts for the enterprise too does not rule on it.
    accounts.grant(elsewhere, organisations[roles.ENTERPRISE], roles.ENTERPRISE_CLERK, by=None)
    assert told(elsewhere, "更正待核实") == [(1, place, False)]
    Correction.objects.update(state="withdrawn")
    assert told(person(roles.CHECKER), "更正待核实") == []


@pytest.mark.parametrize(
    ("state", "words", "led"),
    [
        ("done", "待启用", True),
        ("running", "久无进展", False),
        ("refused", "没有算成", False),
        ("interrupted", "没有算成", False),
    ],
)
def test_a_run_waits_for_an_analyst(state: str, words: str, person: Made, *, led: bool) -> None:
    analyst, long_ago = person(roles.ANALYST), timezone.now() - timedelta(days=1)
    asked = {"scheme": "lanhe_2025", "year": 2024, "as_of": date(2025, 9, 30)}
    run = Run.objects.create(**asked, state=state, started_by=analyst, news_at=long_ago)
    assert told(analyst, words) == [(1, f"/runs/{run.pk}/", True)]
    assert told(person(roles.LEADER), words) == ([(1, "", False)] if led else [])
    for other in (roles.CHECKER, roles.DISTRICT_OFFICER, roles.ENTERPRISE_CLERK):
        assert told(person(other), words) == []
    if state in ("refused", "interrupted"):  # done with as soon as another was asked for
        Run.objects.create(**asked, state="adopted", started_by=analyst)
        assert told(analyst, words) == []


def test_the_first_page_shows_it(
    person: Made, signed_in: Callable[[str], Client], bureau: Organisation
) -> None:
    writer = person(roles.REPORTER)
    Draft.objects.create(
        policy="lh_rd", title="研发投入奖励", bureau=bureau.code, state="submitted",
        begun_by=writer, submitted_by=writer, submitted_at=timezone.now(),
    )  # fmt: skip
    assert "政策稿件待发布" in signed_in(roles.CHECKER).get("/").text
    admin = signed_in(roles.SECURITY_ADMIN)
    assert "没有可以发布的审核员" not in admin.get("/").text
