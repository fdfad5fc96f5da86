"""A declared answer to a missing fact settles what was open and never turns a yes into a no."""

import random
import shutil
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed, column_name
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.check_up.check_up import check_up
from cityforge.brain.policies.check_up.declared import Answer
from cityforge.brain.policies.prepared import Prepared, prepare
from cityforge.brain.policies.reach.bounds import World, of_version
from cityforge.brain.rules.row import completed

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
SEED, FIRMS, DAY = 20261129, 400, date(2026, 3, 1)
NAMES = ("revenue", "revenue[-1]", "rd_expense", "employees", "energy", "land_owned", "above_scale",
         "holds('green_factory_provincial')", "recognised('specialised_provincial')")  # fmt: skip
CLAUSES = (
    "revenue >= 2000万元",
    "rd_expense / revenue >= 3%",
    "employees <= 300人 or above_scale",
    "not holds('green_factory_provincial')",
    "land_mu <= 20亩 and energy <= 5000tce",
    "revenue > revenue[-1] or recognised('specialised_provincial')",
    "case when above_scale then revenue >= 5000万元 else employees >= 20人 end",
)
AMOUNTS = (
    "20万元",
    "least(10% * rd_expense, 80万元)",
    "case when above_scale then 30万元 else 1% * revenue end",
    "greatest(5万元, 3% * (revenue - revenue[-1]))",
)
POLICY = """\
id: {id}
title: {id}
title_en: {id}
level: city
office: 市经信局
delivery: automatic
versions:
  - from: 2025-01-01
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions:
      {form}
        - {{id: a, says: 甲, expr: "{first}"}}
        - {{id: b, says: 乙, expr: "{second}"}}
        - {{id: c, says: 丙, expr: "{third}"}}
    benefit: {{kind: award, says: 奖, says_en: award, amount: "{amount}"}}
"""
FORMS = ("all:", "any:", "none:", "at_least: 2\n      of:")


@dataclass(frozen=True)
class Made:
    book: Dictionary
    policies: tuple[Prepared, ...]
    asked: tuple[Typed, ...]
    world: World


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two dozen policies of every form over the made-up city, and the facts they read."""
    root = tmp_path_factory.mktemp("answers") / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir(exist_ok=True)
    draw = random.Random(SEED)
    for number in range(24):
        first, second, third = draw.sample(CLAUSES, 3)
        text = POLICY.format(
            id=f"p{number}", form=FORMS[number % 4], first=first, second=second, third=third,
            amount=AMOUNTS[draw.randrange(len(AMOUNTS))],
        )  # fmt: skip
        (root / "policies" / f"p{number}.yaml").write_text(text, encoding="utf-8")
    city, book = checks.load(root)
    policies = prepare(city, book, day=DAY)
    asked = tuple(check.read(name, book.scope) for name in NAMES)
    return Made(book, policies, asked, of_version(city, book, policies[0].version))


def _value(draw: random.Random, asked: Typed) -> object:
    if asked.type.kind is Kind.BOOL:
        return draw.random() < 0.5
    return Decimal(draw.choice([0, 1, 19, 20, 300, 301, 2000, 4999, 5000, 12345, 13334]))


def test_an_answer_settles_what_was_open_and_nothing_else(made: Made) -> None:
    draw = random.Random(SEED + 1)
    settled = priced = 0
    for _ in range(FIRMS):
        known = {column_name(one): _value(draw, one) for one in made.asked if draw.random() < 0.5}
        missing = [one for one in made.asked if column_name(one) not in known]
        if not missing:
            continue
        one = draw.choice(missing)
        row = completed(made.book, known, day=DAY, parameters={})
        answer = Answer(one, _value(draw, one))
        before = check_up(made.policies, row, (), world=made.world)
        after = check_up(made.policies, row, (), answers=[answer], world=made.world)
        was = {result.prepared.id: result for result in before.results}
        for now in after.results:
            then = was[now.prepared.id]
            told = f"seed {SEED}: {known}, then {answer.column} = {answer.value}"
            if then.finding.truth is not None:
                assert now.finding.truth is then.finding.truth, told
            if then.working.payable is not None:
                assert now.working.payable == then.working.payable, told
            elif then.between is not None and now.working.payable is not None:
                priced += 1
                assert then.between.low <= now.working.payable, told
                high = then.between.high
                assert high is None or now.working.payable <= high, told
            changed = (then.finding.truth, then.working.payable) != (
                now.finding.truth, now.working.payable,
            )  # fmt: skip
            assert now.declared == ((answer.column,) if changed else ()), told
            settled += changed
    # Enough was settled for the test to mean something.
    assert settled > FIRMS
    assert priced > FIRMS
