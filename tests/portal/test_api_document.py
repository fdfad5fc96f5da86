"""The API does what its document says: asked at random, deterministically, by Schemathesis."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import policies_city
import pytest
import schemathesis
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.api.route import ROUTES
from cityforge.portal.campaigns.models import Campaign
from cityforge.portal.corrections.models import Correction
from cityforge.portal.enterprises import actions as listing
from cityforge.portal.policies import drafting
from cityforge.portal.runs.models import Run

from .api_city import System

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW = settings(
    max_examples=4,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policies_city.made(tmp_path_factory.mktemp("api"))


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_every_route_answers_as_its_document_says(
    runs: Path,
    settings: LazySettings,
    tmp_path: Path,
    person: Callable[[str], User],
    organisations: dict[str, Organisation],
) -> None:
    settings.SNAPSHOTS, settings.HOME = runs, tmp_path
    settings.FILES, settings.DATA = tmp_path / "files", tmp_path / "data"
    settings.CITY = runs.parent / "lanhe"
    settings.API_PER_MINUTE = {"token": 10_000, "address": 10_000}
    listing.index()
    own = str(policies_city.without_research(runs)["uscc"])
    for kind, code in ((roles.ENTERPRISE, own), (roles.BUREAU, "jxj")):
        Organisation.objects.filter(pk=organisations[kind].pk).update(code=code)
    real = {
        "uscc": own,
        "scheme": "lanhe_2025",
        "year": 2024,
        "policy": "lh_rd",
        "dataset": "performance",
        "snapshot": (runs / "latest").read_text().strip(),
        "version": "run",
        "place": "city",
        "grade": "甲",
        "which": "force",
        "figure": "rated",
        "kind": "workbook",
        "name": "none.pdf",
    }
    two = {"first": "lanhe_2025", "second": "lanhe_2025"}
    asked_by_query = {
        "compare": two | {"first_year": 2023, "second_year": 2024},
        "preview_run": {"scheme": "lanhe_2025", "year": 2024},
    }
    there = made(person, organisations[roles.ENTERPRISE])
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=WSGIHandler())
    systems: dict[str, System] = {}
    asked: list[str] = []
    good: set[str] = set()

    def asker(name: str, header: dict[str, str]) -> Callable[[Any], None]:
        def ask(case: Any) -> None:
            asked.append(name)
            answer = case.call_and_validate(headers=header, checks=CHECKS)
            if answer.status_code < 300:
                good.add(name)

        return ask

    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        role = reader(name)
        if role not in systems:
            systems[role] = System(person(role))
        ask = asker(name, systems[role].header)
        for mode in GenerationMode:
            # Where a route takes nothing, nothing about it can be wrong.
            with suppress(Unsatisfiable):
                FEW(given(case=operation.as_strategy(generation_mode=mode))(ask))()
        number = next((n for part, n in there.items() if part in operation.path), 1)
        every = real | {"number": number}
        known = {key: value for key, value in every.items() if "{" + key + "}" in operation.path}
        ask(operation.Case(path_parameters=known, query=asked_by_query.get(name, {})))
        refused = operation.Case(path_parameters=known).call_and_validate(checks=CHECKS)
        is_public = permissions.ACTIONS[ROUTES[name].action] == permissions.PUBLIC
        assert (refused.status_code == 401) is not is_public, name
    assert len(asked) > 300
    # What is asked by name exists, but for a delivery, a list that is shown, a proceeding.
    silent = set(ROUTES) - good
    assert silent <= {
        "delivery", "rows", "delivery_file", "submit", "check", "withdraw", "deliver", "declare",
        "undo", "public_list", "proceeding", "answers", "objection_evidence", "check_up_pdf",
        "correction_evidence", "ask_correction", "withdraw_correction", "rule_correction",
        "start_run", "cancel_run", "earlier_proceeding",
    }, silent  # fmt: skip


def made(person: Callable[[str], User], enterprise: Organisation) -> dict[str, int]:
    """One of each thing that people make; by the part of the address under which they stand."""
    analyst, clerk = person(roles.ANALYST), person(roles.ENTERPRISE_CLERK)
    run = Run.objects.create(scheme="lanhe_2025", year=2024, as_of="2025-09-30", state="done",
                             started_by=analyst)  # fmt: skip
    correction = Correction.objects.create(
        organisation=enterprise, fact="tax_paid", year=2024, value="1", reason="x", owner="jxj",
        by=clerk,
    )  # fmt: skip
    campaign = Campaign.objects.create(
        policy="lh_tax", term="x", run="x", groups=["eligible"], channels=["inbox"], expected=1,
        made_by=analyst, places={"everything": True},
    )  # fmt: skip
    Organisation.objects.create(kind=roles.BUREAU, code="kejiju", title="科技局")
    draft = drafting.begin(analyst, "lh_rd")
    return {
        "/runs/": run.pk,
        "/corrections/": correction.pk,
        "/campaigns/": campaign.pk,
        "/drafts/": draft.pk,
    }


def reader(name: str) -> str:
    """A role that a route is for."""
    wanted = permissions.ACTIONS[ROUTES[name].action]
    return roles.ANALYST if isinstance(wanted, str) or roles.ANALYST in wanted else wanted[0]


def test_the_document_tells_all_in_both_languages_with_examples() -> None:
    from cityforge.portal.api.document import document

    made = document()
    assert made["openapi"].startswith("3.1")
    told = [one for methods in made["paths"].values() for one in methods.values()]
    # An address is one action: the door and the guard ask for it before the method is known.
    assert len(told) == len(made["paths"])
    assert {one["operationId"] for one in told} == set(ROUTES)
    for one in told:
        assert both(one["summary"]), one["operationId"]
        for parameter in one["parameters"]:
            assert both(parameter["description"]) and parameter["examples"], parameter["name"]
        for status, answer in one["responses"].items():
            assert both(answer["description"])
            if status < "300" and "application/json" in answer["content"]:
                assert answer["content"]["application/json"]["example"] is not None
    for name, shape in made["components"]["schemas"].items():
        if name not in ("MultiPartBodyParams",):
            assert both(shape["description"]), name
        for field, details in shape["properties"].items():
            assert both(details["description"]), (name, field)


def both(words: str) -> bool:
    """Chinese and English, with the dot between."""
    zh, _, en = words.partition(" · ")
    return any("\u4e00" <= letter <= "\u9fff" for letter in zh) and en.isascii() and bool(en)
