"""What a candidate rests on and what a near miss lacks, in words, without values not allowed."""

from cityforge.brain.errors import Text
from cityforge.brain.policies.candidates.allowed import Known
from cityforge.brain.policies.candidates.listing import Basis, Candidate
from cityforge.brain.policies.candidates.near import NearMiss
from cityforge.brain.reports.candidates.listing import CandidateList
from cityforge.brain.reports.policy_words import asked, unmet
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.distance import Shortfall
from cityforge.brain.rules.judging import Finding

HIDDEN = Text(zh="按密级不列", en="not shown")
DECLARED = Text(zh="，自行申报", en=", declared")
_NOT_KNOWN = Text(zh="—", en="—")


def district(listed: CandidateList, name: str | None) -> Text:
    found = next((one for one in listed.snapshot.city.place.districts if one.id == name), None)
    return Text(zh=found.title, en=found.title_en) if found is not None else _NOT_KNOWN


def says(condition: Condition) -> Text:
    """A clause in its own words; one that only joins others in theirs."""
    clause = condition.clause
    if clause.says is not None:
        return Text(zh=clause.says, en=clause.says_en or clause.says)
    inside = [says(part) for part in condition.parts]
    zh, en = "、".join(one.zh for one in inside), "; ".join(one.en for one in inside)
    if clause.none is not None:
        return Text(zh=f"均不存在：{zh}", en=f"none of: {en}")
    if clause.all is not None:
        return Text(zh=zh, en=en)
    least = clause.at_least or 1
    return Text(zh=f"至少 {least} 项：{zh}", en=f"at least {least} of: {en}")


def basis(listed: CandidateList, candidate: Candidate) -> Text:
    """What a candidate rests on, in one cell."""
    told = [_met(listed, one) for one in candidate.basis]
    return Text(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told))


def gap(listed: CandidateList, miss: NearMiss) -> Text:
    """What a near miss lacks, in its own units: of alternatives the easiest."""
    told = [_lacks(listed, leaf) for leaf in unmet(miss.finding)]
    return Text(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told))


def _met(listed: CandidateList, one: Basis) -> Text:
    clause = says(one.condition)
    facts = [_told(listed, fact) for fact in one.facts]
    zh, en = "、".join(fact.zh for fact in facts), ", ".join(fact.en for fact in facts)
    return Text(
        zh=f"{'' if one.holds else '无：'}{clause.zh}（{zh}）",
        en=f"{'' if one.holds else 'not: '}{clause.en} ({en})",
    )


def _told(listed: CandidateList, fact: Known) -> Text:
    """A column with its value, where that may be shown."""
    name = listed.names.column(fact.column, year=listed.year)
    mark = DECLARED if fact.declared else Text(zh="", en="")
    if fact.hidden:
        return Text(zh=f"{name.zh} {HIDDEN.zh}{mark.zh}", en=f"{name.en} {HIDDEN.en}{mark.en}")
    value = listed.names.value(fact.column, fact.value)
    return Text(zh=f"{name.zh} {value.zh}{mark.zh}", en=f"{name.en} {value.en}{mark.en}")


def _lacks(listed: CandidateList, leaf: Finding) -> Text:
    clause = asked(leaf, says(leaf.condition))
    told = [_shortfall(listed, one) for one in leaf.shortfalls]
    if not told:
        return clause
    return Text(
        zh=f"{clause.zh}——{'；'.join(one.zh for one in told)}",
        en=f"{clause.en} — {'; '.join(one.en for one in told)}",
    )


def _shortfall(listed: CandidateList, one: Shortfall) -> Text:
    if all(listed.allowed.shows(name) for name in one.columns):
        return listed.names.shortfall(one, year=listed.year)
    name = listed.names.columns(one.columns, year=listed.year)
    return Text(zh=f"{name.zh} {HIDDEN.zh}", en=f"{name.en} {HIDDEN.en}")
