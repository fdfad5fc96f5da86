"""Each pattern that a policy is labelled with stands in its conditions: its facts are read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.clause import Clause
from cityforge.brain.city.dictionary import DISTRICT, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.policies.prepared import prepare_one

TAIZHOU = Path(__file__).resolve().parents[3] / "cities" / "taizhou"
OWN_TRADE = {"industry", "industry_code"}
REVENUE = {"revenue", "main_revenue", "main_product_revenue", "invoiced_sales"}
EQUIPMENT = {"equipment_invoiced", "robots_bought", "small_equipment", "special_equipment",
             "digital_renewal"}  # fmt: skip
PLATFORMS = {"rd_platform_level", "@rd_institution_national", "@technology_centre_provincial"}
READS: dict[str, set[str]] = {
    "C01": {"region_code", DISTRICT},
    "C02": {"registered_on", "segment_since", "production_started_on"},
    "C03": {"company_type", "sound_accounts"},
    "C04": OWN_TRADE,
    "C05": OWN_TRADE | {"restricted_trade"},
    "C06": {"above_scale", "main_revenue"},
    "C07": REVENUE | {"class_one_drug_sales"},
    "C08": REVENUE | {"taxable_income"},
    "C09": {"employees"},
    "C10": REVENUE,
    "C11": {"rd_expense", "device_rd_expense"},
    "C12": {"rd_expense"},
    "C13": {"rd_staff", "technical_staff"},
    "C14": {"liabilities"},
    "C15": {"ip_class_one", "ip_class_one_own"},
    "C18": {"@science_award_national", "@science_award_provincial"},
    "C19": {"equity_received", "valuation"},
    "C20": {"market_share", "market_rank", "world_rank"},
    "C21": EQUIPMENT,
    "C22": {"project_planned", "project_investment"},
    "C23": {"project_filed"},
    "C24": {"equipment_invoiced"},
    "C25": {"loans", "project_loans"},
    "C26": {"lease_contract"},
    "C27": {"spending_from", "spending_to"},
    "C28": {"tax_credit"},
    "C29": {"@serious_dishonesty", "@dishonest_debtor"},
    "C30": {"@major_accident", "@environmental_accident", "@environmental_penalty", "@tax_fraud"},
    "C31": {"mu_grade"},
    "C32": {"efficiency_level", "energy_saved"},
    "C33": {"product_capacity"},
    "C34": {"invention_patents"},
    "C35": {"graduates_insured", "insured_employees", "disabled_wages"},
    "C36": {"listing_stage", "@listed"},
    "C37": {"same_project_funded", "@key_little_giant"},
    "C38": {"equipment_awards"},
    "C40": {"commitment_signed"},
    "C41": {"readiness_level"},
    "C42": {"first_set_premium"},
    "C43": {"exports_usd"},
    "C44": PLATFORMS,
}  # C16, C17 and C39 are of shape, not of facts: see below

_FACTS = (Op.FACT, Op.PAST)

Content = tuple[City, Dictionary]


@pytest.fixture(scope="module")
def content() -> Content:
    return checks.load(TAIZHOU)


def _nodes(content: Content, policy: Policy) -> Iterator[Typed]:
    """Every operation that the conditions of a policy's versions rest on, through derived facts."""
    city, book = content
    for version in policy.versions:
        alone = policy.model_copy(update={"versions": [version]})
        prepared = prepare_one(city, book, alone, day=version.from_)
        assert prepared is not None
        waiting = [leaf.truth for leaf in prepared.condition.leaves]
        while waiting:
            for node in walk(waiting.pop()):
                yield node
                inside = book.facts[_name(node)].expression if node.op in _FACTS else None
                waiting += [] if inside is None else [inside]


def _name(node: Typed) -> str:
    return str(node.value[0] if isinstance(node.value, tuple) else node.value)


def _has_choice(clause: Clause) -> bool:
    inner = [*(clause.all or ()), *(clause.any or ()), *(clause.none or ())]
    return clause.any is not None or any(_has_choice(one) for one in inner)


def _shown(content: Content, policy: Policy) -> set[str]:
    """The patterns that a policy's conditions show."""
    city, _ = content
    nodes = list(_nodes(content, policy))
    reads = {_name(node) for node in nodes if node.op in _FACTS}
    held = {_name(node) for node in nodes if node.op in REGISTER_OPS}
    reads |= {f"@{name}" for name in held} | ({DISTRICT} if policy.districts else set())
    shown = {pattern for pattern, facts in READS.items() if facts & reads}
    if any(city.registers[name].kind == "title" for name in held):
        shown.add("C16")
    if any(node.op is Op.FIRST for node in nodes):
        shown.add("C17")
    if any(_has_choice(version.conditions) for version in policy.versions) or any(
        node.op is Op.OR for node in nodes
    ):
        shown.add("C39")
    return shown


def test_no_policy_is_labelled_with_what_it_does_not_ask(content: Content) -> None:
    city, _ = content
    wrong = {
        policy.id: sorted(set(policy.patterns) - _shown(content, policy))
        for policy in city.policies.values()
    }
    assert {name: labels for name, labels in wrong.items() if labels} == {}
