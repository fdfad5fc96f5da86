"""What has run out, will soon, or is missing beside a policy: days, windows, terms, examples.

No one applies by a model from elsewhere: its days are not looked at.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy
from cityforge.brain.errors import Text
from cityforge.brain.expr import nodes
from cityforge.brain.expr.parse import parse
from cityforge.brain.policies.lint.read import Finding, Looked
from cityforge.brain.policies.prepared import call_on

URGENT, SOON = 30, 180  # days before a version ends
_WANTED = {
    "eligible": Text(zh="符合的", en="one that is met"),
    "not_yet": Text(zh="不符合的", en="one that is not met"),
    "unknown": Text(zh="缺资料的", en="one that lacks a fact"),
}


def find(looked: Looked) -> Iterator[Finding]:
    """What is to be looked after in a version in force, or coming."""
    yield from _terms(looked)
    yield from _examples(looked)
    if looked.version.from_ <= looked.day and not looked.policy.model:
        yield from _window(looked)
        yield from _end(looked)


def over(city: City, policy: Policy, day: date) -> Iterator[Finding]:
    """That no version is in force, and none to come."""
    last = max(range(len(policy.versions)), key=lambda i: policy.versions[i].from_)
    to = policy.versions[last].to
    if to is not None and to < day and not policy.model:
        problem = city.documents[("policies", policy.id)].problem(
            ("versions", last, "to"),
            Text(zh=f"已于 {to} 失效，没有后续版本", en=f"ended on {to}; no version follows"),
            Text(zh="补上新版本，或移出 policies/", en="Add a version, or take the file out."),
            warning=True,
        )
        yield Finding("expired", policy.id, problem)


def _terms(looked: Looked) -> Iterator[Finding]:
    used = set[str]()
    for text in _texts(looked):
        used |= {node.name for node in nodes.walk(parse(text)) if isinstance(node, nodes.Parameter)}
    for i, term in enumerate(looked.version.terms):
        if term.id not in used:
            yield looked.finding(
                "unused_term",
                (*looked.path, "terms", i, "id"),
                Text(zh=f"“{term.id}”没有用到", en=f"'{term.id}' is used nowhere"),
                Text(zh=f"在表达式中写 p.{term.id}，或删去", en=f"Write p.{term.id}, or drop it."),
            )


def _texts(looked: Looked) -> Iterator[str]:
    for leaf in looked.condition.leaves:
        yield leaf.clause.expr or ""
    benefit = looked.version.benefit
    yield from (step.expr for step in benefit.steps)
    yield from (text for text in (benefit.amount, benefit.received) if text is not None)


def _examples(looked: Looked) -> Iterator[Finding]:
    stated = {example.expect for example in looked.version.examples}
    missing = [words for answer, words in _WANTED.items() if answer not in stated]
    if not missing:
        return
    path = (*looked.path, "examples")
    yield looked.finding(
        "no_example",
        path if looked.version.examples else looked.path,
        Text(
            zh=f"缺少算例：{'、'.join(words.zh for words in missing)}",
            en=f"examples are missing: {', '.join(words.en for words in missing)}",
        ),
        Text(zh="由人手工算出，写入 examples", en="Work them out by hand, into examples."),
        at_key=bool(looked.version.examples),
    )


def _window(looked: Looked) -> Iterator[Finding]:
    version = looked.version
    if call_on(version, looked.day).state == "closed" and not _follows(looked):
        last = max(range(len(version.windows)), key=lambda i: version.windows[i].closes)
        closed = version.windows[last].closes
        yield looked.finding(
            "window_over",
            (*looked.path, "windows", last, "closes"),
            Text(
                zh=f"申报期已于 {closed} 截止，没有下一期",
                en=f"the window closed on {closed}; there is no next one",
            ),
            Text(zh="补上下一期，或写明失效日期", en="Add the next window, or state `to`."),
        )


def _end(looked: Looked) -> Iterator[Finding]:
    to = looked.version.to
    if to is None or to - looked.day > timedelta(days=SOON) or _follows(looked):
        return
    days = (to - looked.day).days
    is_urgent = days <= URGENT
    yield looked.finding(
        "expires_urgent" if is_urgent else "expires_soon",
        (*looked.path, "to"),
        Text(
            zh=f"{'即将失效' if is_urgent else '将失效'}：还有 {days} 天（{to}），没有后续版本",
            en=f"ends in {days} day(s), on {to}; no version follows",
        ),
        Text(zh="续期或拟定新版本", en="Prolong it, or draw up the next version."),
    )


def _follows(looked: Looked) -> bool:
    """Whether a later version of the policy stands in the file."""
    return any(version.from_ > looked.version.from_ for version in looked.policy.versions)
