"""What the reference city holds of policies: how many, of what kinds, each with its examples."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import DISTRICT, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy, PolicyVersion
from cityforge.brain.city.policy_checks import crossing_caps
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.policies import examples
from cityforge.brain.policies.prepared import prepare_one

TAIZHOU = Path(__file__).resolve().parents[3] / "cities" / "taizhou"
PATTERNS = {f"C{number:02}" for number in range(1, 45)}
FORMULAS = {f"F{number:02}" for number in range(1, 21)}
PLACE = {"region_code", DISTRICT}
KINDS = {"exclusive", "at_most", "cap", "allowed", "difference"}

Content = tuple[City, Dictionary]


@pytest.fixture(scope="module")
def content() -> Content:
    return checks.load(TAIZHOU)


def _versions(city: City) -> Iterator[tuple[Policy, PolicyVersion]]:
    for policy in city.policies.values():
        for version in policy.versions:
            yield policy, version


def _in_force_here(city: City) -> Iterator[tuple[Policy, PolicyVersion]]:
    """The policies that the city's enterprises come under: no models of other places."""
    return ((policy, version) for policy, version in _versions(city) if not policy.model)


def _leaves(
    content: Content, policy: Policy, version: PolicyVersion, *, cited: bool = False
) -> list[Typed]:
    """The clauses of a version. `cited`: those alone that name their article, none of our own."""
    city, book = content
    alone = policy.model_copy(update={"versions": [version], "districts": []})
    prepared = prepare_one(city, book, alone, day=version.from_)
    assert prepared is not None
    leaves = prepared.condition.leaves
    return [leaf.truth for leaf in leaves if leaf.clause.article is not None or not cited]


def _asked(book: Dictionary, conditions: list[Typed]) -> tuple[set[str], set[str]]:
    """The observed facts and the registers that conditions rest on, through derived facts."""
    facts: set[str] = set()
    registers: set[str] = set()
    waiting = list(conditions)
    while waiting:
        for part in walk(waiting.pop()):
            name = str(part.value[0] if isinstance(part.value, tuple) else part.value)
            if part.op in REGISTER_OPS:
                registers.add(name)
            elif part.op in (Op.FACT, Op.PAST):
                inside = book.facts[name].expression
                if inside is None:
                    facts.add(name)
                else:
                    waiting.append(inside)
    return facts, registers


def _datasets(content: Content, conditions: list[Typed]) -> set[str]:
    city, book = content
    facts, registers = _asked(book, conditions)
    found = {book.facts[name].dataset or "" for name in facts}
    return found | {city.registers[name].dataset for name in registers}


def test_sixty_policies_and_few_plain_titles(content: Content) -> None:
    city, book = content
    counted, plain = set[str](), []
    for policy, version in _in_force_here(city):
        counted.add(policy.id)
        facts, _ = _asked(book, _leaves(content, policy, version))
        if version.benefit.kind in ("title", "award") and facts <= PLACE:
            plain.append(policy.id)
    assert len(counted) >= 60
    assert len(set(plain)) <= 20, sorted(set(plain))


@pytest.mark.parametrize(("cited", "least"), [(False, 25), (True, 20)])
def test_many_ask_several_offices(content: Content, *, cited: bool, least: int) -> None:
    city, _ = content
    wide = set()
    for policy, version in _in_force_here(city):
        leaves = _leaves(content, policy, version, cited=cited)
        if len(leaves) >= 4 and len(_datasets(content, leaves)) >= 3:
            wide.add(policy.id)
    assert len(wide) >= least, sorted(wide)


def test_every_pattern_and_every_formula_occurs(content: Content) -> None:
    city, _ = content
    patterns = {pattern for policy in city.policies.values() for pattern in policy.patterns}
    formulas = {each for _, version in _versions(city) for each in version.benefit.formulas}
    assert patterns == PATTERNS
    assert formulas == FORMULAS


def test_every_policy_has_the_three_examples_and_its_amount(content: Content) -> None:
    city, _ = content
    for policy, version in _versions(city):
        answers = {example.expect for example in version.examples}
        assert answers == {"eligible", "not_yet", "unknown"}, policy.id
        if version.benefit.amount is not None:
            worked = [one for one in version.examples if one.expect == "eligible"]
            assert any(one.amount is not None for one in worked), policy.id


def test_every_example_is_right(content: Content) -> None:
    ran = list(examples.run(*content))
    wrong = [(one.policy.id, one.example.says, one.answer) for one in ran if not one.passed]
    assert (wrong, len(ran) >= 180) == ([], True)


def test_the_papers_count_what_there_is(content: Content) -> None:
    city, _ = content
    models = sum(policy.model for policy in city.policies.values())
    ours = len(city.policies) - models
    worked = sum(len(version.examples) for _, version in _versions(city))
    root = TAIZHOU.parents[1]
    told = {
        name: (root / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")
    }
    assert f"{ours} policies and {models} models from elsewhere" in told["README.md"]
    assert f"{worked} worked examples" in told["README.md"]
    assert f"{ours} 项政策和 {models} 项外地政策范本" in told["README.zh.md"]
    assert f"{worked} 个手工算例" in told["README.zh.md"]


def test_every_version_says_where_it_stands(content: Content) -> None:
    city, _ = content
    for policy, version in _versions(city):
        assert version.document.title, policy.id
        assert version.evidence.source, policy.id
        assert version.materials, policy.id
        assert version.assumptions, policy.id
        if policy.id.startswith("ref_"):
            assert policy.title.startswith("参照"), policy.id
            assert any("参照" in one or "不是" in one for one in version.assumptions), policy.id
        assert version.rolling or version.windows, policy.id


def test_the_titles_of_2022_and_2026_are_versions_of_one_policy(content: Content) -> None:
    city, _ = content
    for name in ("cn_innovative_sme", "cn_specialised_sme", "cn_little_giant"):
        numbers = [version.document.number for version in city.policies[name].versions]
        assert numbers == ["工信部企业〔2022〕63号", "工信部企业〔2026〕2号"]


def test_the_rules_of_combining(content: Content) -> None:
    city, _ = content
    assert len(city.combinations) >= 12
    assert {one.kind for one in city.combinations.values()} == KINDS
    assert list(crossing_caps(city)) == []
