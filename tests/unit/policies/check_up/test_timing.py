"""When a policy can be applied for, by hand-counted days."""

from datetime import date

import pytest

from cityforge.brain.policies.check_up.timing import timing
from cityforge.brain.policies.prepared import prepare

POLICY = """\
id: grant
title: 补助
title_en: Grant
level: city
office: 市经信局
delivery: automatic
versions:
  - from: 2025-01-01
    to: 2026-12-31
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    {when}
    conditions: {{id: it, says: 条件, expr: "employees >= 1人"}}
    benefit: {{kind: award, says: 奖, says_en: award, amount: 5万元}}
"""
WINDOWS = """windows:
      - {opens: 2025-03-01, closes: 2025-04-30}
      - {opens: 2026-03-01, closes: 2026-04-30}
      - {opens: 2026-09-01, closes: 2026-10-31}"""


def _on(load, day: date, when: str = WINDOWS):
    city, book = load(grant=POLICY.format(when=when))
    (prepared,) = prepare(city, book, day=day)
    return timing(prepared, day)


@pytest.mark.parametrize(
    ("day", "state", "left", "until", "then", "urgency"),
    [
        (date(2026, 2, 1), "coming", None, 28, date(2026, 9, 1), "calm"),
        (date(2026, 3, 1), "open", 60, None, date(2026, 9, 1), "calm"),
        (date(2026, 4, 1), "open", 29, None, date(2026, 9, 1), "soon"),
        (date(2026, 4, 17), "open", 13, None, date(2026, 9, 1), "urgent"),
        (date(2026, 4, 30), "open", 0, None, date(2026, 9, 1), "urgent"),
        (date(2026, 5, 1), "coming", None, 123, None, "calm"),
        (date(2026, 11, 1), "closed", None, None, None, "calm"),
    ],
)
def test_windows(load, day, state, left, until, then, urgency) -> None:
    found = _on(load, day)
    assert (found.state, found.days_left, found.days_until, found.urgency) == (
        state, left, until, urgency,
    )  # fmt: skip
    assert (found.then.opens if found.then else None) == then


@pytest.mark.parametrize(
    ("day", "ends_in", "urgency"),
    [(date(2026, 3, 1), 305, "calm"), (date(2026, 12, 1), 30, "soon"),
     (date(2026, 12, 20), 11, "urgent")],
)  # fmt: skip
def test_a_rolling_policy_is_urgent_when_it_ends(load, day, ends_in, urgency) -> None:
    found = _on(load, day, "rolling: true")
    assert (found.state, found.ends_in, found.urgency) == ("rolling", ends_in, urgency)
