"""A policy that is still being written, checked beside all the rest of its city."""

from collections.abc import Iterator
from dataclasses import replace

from cityforge.brain.city import document as documents
from cityforge.brain.city.checks import Checked
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document
from cityforge.brain.city.folder import City
from cityforge.brain.city.ladder_checks import check_ladder
from cityforge.brain.city.policy import Policy
from cityforge.brain.city.policy_checks import check_combination, check_policy
from cityforge.brain.city.unread import Unread, build
from cityforge.brain.errors import Problem, Text


def check_policy_text(city: City, book: Dictionary, name: str, text: str) -> Checked:
    """A checked city as it would be with this text as policies/<name>.yaml.

    Its Problems are those of the text, then those that it makes in files that rest on the policy.
    The city is None where the text cannot be read as a policy. Nothing is written.
    """
    document = documents.of_text(text, shown_as=f"policies/{name}.yaml")
    problems: list[Problem] = []
    unread = Unread(set(city.unread.kinds), set(city.unread.names))
    policy = build(document, Policy, problems, unread)
    if policy is not None and policy.id != name:
        problems.append(_misnamed(document, policy.id, name))
        policy = None
    if policy is None:
        return Checked(None, None, _ordered(problems))
    drafted = replace(
        city,
        policies={**city.policies, name: policy},
        documents={**city.documents, ("policies", name): document},
        unread=unread,
    )
    problems += check_policy(drafted, book, policy)
    return Checked(drafted, book, [*_ordered(problems), *_of_others(drafted, book, name)])


def _of_others(city: City, book: Dictionary, name: str) -> Iterator[Problem]:
    for combination in city.combinations.values():
        if name in combination.policies:
            yield from check_combination(city, combination)
    for ladder in city.ladders.values():
        if any(rung.policy == name for line in ladder.lines for rung in line.rungs):
            yield from check_ladder(city, book, ladder)


def _ordered(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _misnamed(document: Document, found: str, name: str) -> Problem:
    return document.problem(
        ("id",),
        Text(
            zh=f"标识“{found}”不是这项政策的“{name}”",
            en=f"the id '{found}' is not that of this policy, '{name}'",
        ),
        Text(zh=f"写 id: {name}；标识定了就不再改", en=f"Write id: {name}. An id never changes."),
    )
