"""The twenty patterns of money formulas: each case of money_formulas.yaml, to the 分."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cityforge.brain.city import checks
from cityforge.brain.city.combination import Combination
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.policies.benefit import first_come, within_budget, work_out
from cityforge.brain.policies.best import Rule, best_set
from cityforge.brain.policies.prepared import prepare_one
from cityforge.brain.rules.row import completed

TABLE = YAML(typ="safe", pure=True).load(Path(__file__).with_name("money_formulas.yaml"))
LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
DAY = date(2026, 3, 1)
EVIDENCE = {"source": "设例", "verified": "assumption"}
IN_ORDER = {"proportional": within_budget, "first_come": first_come}


def _cases() -> Iterator[Any]:
    for number, formula in enumerate(TABLE["formulas"]):
        for i, case in enumerate(formula["cases"]):
            yield pytest.param(f"grant_{number}", case, id=f"{formula['id']}-{number}-{i}")


def _fen(yuan: object) -> int | None:
    return None if yuan is None else int(Decimal(str(yuan)) * 100)


def _dataset() -> dict[str, Any]:
    money = [{"id": name, "unit": "万元", "scale": 4} for name in TABLE["facts"]["万元"]]
    columns: list[dict[str, Any]] = [
        {"id": "uscc", "kind": "credit_code", "required": True},
        {"id": "year", "kind": "year", "required": True},
        *({"kind": "quantity", **one} for one in [*money, *TABLE["facts"]["others"]]),
        {"id": "grade", "kind": "text"},
    ]
    named = [{"title": one["id"], "title_en": one["id"], **one} for one in columns]
    return {
        "id": "claims", "title": "申报金额", "title_en": "Claims", "owner": "jxj",
        "grain": "enterprise_year", "key": ["uscc", "year"], "freshness": {"every": "year"},
        "sensitivity": "internal", "legal_use": ["describe", "treat"], "evidence": EVIDENCE,
        "columns": named,
    }  # fmt: skip


def _policy(number: int, formula: dict[str, Any]) -> dict[str, Any]:
    keys = ("steps", "amount", "instalments", "received")
    benefit = {key: formula[key] for key in keys if key in formula}
    said = {"kind": "subsidy", "says": formula["says"], "says_en": formula["id"]}
    version = {
        "from": date(2025, 1, 1), "document": {"title": "设例"}, "evidence": EVIDENCE,
        "rolling": True,
        "conditions": {"id": "all", "says": "全部", "expr": "true or above_scale"},
        "benefit": {**said, "formulas": [formula["id"]], **benefit},
    }  # fmt: skip
    return {
        "id": f"grant_{number}", "title": formula["says"], "title_en": formula["id"],
        "level": "city", "office": "市经信局", "delivery": "reviewed", "versions": [version],
    }  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, Dictionary]:
    """The made-up city with one policy for each formula of the table."""
    root = tmp_path_factory.mktemp("money") / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    yaml = YAML(typ="safe", pure=True)
    yaml.dump(_dataset(), root / "datasets" / "claims.yaml")
    for number, formula in enumerate(TABLE["formulas"]):
        yaml.dump(_policy(number, formula), root / "policies" / f"grant_{number}.yaml")
    return checks.load(root)


@pytest.mark.parametrize(("policy", "case"), list(_cases()))
def test_an_amount(city: tuple[City, Dictionary], policy: str, case: dict[str, Any]) -> None:
    folder, book = city
    prepared = prepare_one(folder, book, folder.policies[policy], day=DAY)
    assert prepared is not None
    given = {name: value if isinstance(value, str) else Decimal(str(value))
             for name, value in case["given"].items()}  # fmt: skip
    worked = work_out(prepared, completed(book, given, day=DAY, parameters={}))
    assert worked.amount == _fen(case["yuan"])
    assert worked.payable == _fen(case.get("paid", case["yuan"]))
    assert worked.instalments == tuple(_fen(part) for part in case.get("parts", ()))
    assert bool(worked.lacking) == (worked.payable is None)


@pytest.mark.parametrize("case", TABLE["sets"], ids=lambda case: case["says"])
def test_a_set(case: dict[str, Any]) -> None:
    names = tuple(case["amounts"])
    stated: dict[str, object] = {"amount": "1元"} if case["rule"] == "cap" else {}
    if "order" in case:
        stated["order"] = case["order"]
    shape = {"id": "rule", "title": "则", "title_en": "rule", "kind": case["rule"], "says": "则",
             "policies": case.get("order", list(names)), "evidence": EVIDENCE}  # fmt: skip
    rule = Rule(Combination.model_validate(shape | stated), names, _fen(case.get("cap")) or 0)
    amounts = {name: _fen(yuan) or 0 for name, yuan in case["amounts"].items()}
    found = best_set(amounts, [rule])
    assert dict(found.paid) == {name: _fen(yuan) for name, yuan in case["pays"].items()}


@pytest.mark.parametrize("case", TABLE["budgets"], ids=lambda case: case["says"])
def test_a_budget(case: dict[str, Any]) -> None:
    claims = [_fen(one) or 0 for one in case["claims"]]
    paid = IN_ORDER[case["beyond"]](claims, _fen(case["budget"]) or 0)
    assert paid == tuple(_fen(one) for one in case["pays"])


def test_each_of_the_twenty_has_two_cases_and_its_working() -> None:
    cases = [(one["id"], case) for one in TABLE["formulas"] for case in one["cases"]]
    cases += [(case["id"], case) for part in ("sets", "budgets") for case in TABLE[part]]
    counted = Counter(name for name, _ in cases)
    assert set(counted) == {f"F{i:02}" for i in range(1, 21)}
    assert min(counted.values()) >= 2
    assert all(case["by_hand"] for _, case in cases)
