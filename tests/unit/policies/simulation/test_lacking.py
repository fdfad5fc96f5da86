"""Who lacks facts: all that are undecided, with what their conditions read and nobody has told."""

import pytest

from cityforge.brain.expr import check
from cityforge.brain.policies.candidates.lacking import lacking
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row


@pytest.mark.parametrize("name", ["research", "choice", "phased"])
def test_as_judging_everyone(town, name: str) -> None:
    policy = town.policies[name]
    read = list(check.columns(policy.condition.truth))
    wanted = {}
    for values in town.people.table.to_pylist():
        finding = judge(policy.condition, Row(values, town.people.day))
        absent = sum(values.get(column) is None for column in read)
        if finding.truth is None and absent:
            wanted[values["uscc"]] = absent
            assert 0 < len(finding.lacking) <= absent
    found = lacking(policy, town.people, derived={}, most=99)
    assert {one.uscc: one.count for one in found} == wanted and len(wanted) > 10
    assert [one.count for one in found] == sorted(wanted.values())
    few = lacking(policy, town.people, derived={}, most=1)
    assert list(few) == [one for one in found if one.count == 1]
