"""A ladder as JSON, for another program to read: the city's and one enterprise's."""

from collections.abc import Iterable
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.ladders.one import Criterion, Place
from cityforge.brain.ladders.scores import Scored
from cityforge.brain.ladders.states import State
from cityforge.brain.ladders.titles import Title
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.reports.fiscal.payload import run
from cityforge.brain.reports.ladders import enterprise_tables, rung_tables, telling, words
from cityforge.brain.reports.ladders.examined import EnterpriseLadder
from cityforge.brain.reports.ladders.found import CityLadder
from cityforge.brain.rules.distance import Shortfall

Payload = dict[str, Any]
_WAYS = ("in", "up", "out", "lost")


def city(found: CityLadder, *, people: Iterable[str] = ()) -> Payload:
    """The whole ladder; `people`: the rungs whose library and moves are listed by name."""
    named = set(people)
    return {
        **run(found.ground.snapshot),
        "ladder": found.ground.ladder.id,
        "before": None if found.then is None else found.then.isoformat(),
        "next_day": found.next_day.isoformat(),
        "rungs": [_rung(found, step.id, listed=step.id in named) for step in found.steps],
        "expiring": [
            {
                "rung": each.step.id,
                "uscc": each.title.uscc,
                **_title(each.title),
                "renewal": {
                    "rule": _rule(each.rule),
                    "unmet": [part.id for part in each.unmet],
                    "unknown": [part.id for part in each.unknown],
                },
            }
            for each in found.expiring
        ],
        "progress": [
            {
                "target": one.target.id,
                "indicator": one.target.indicator,
                "value": str(one.target.value),
                "year": one.target.year,
                "annual": one.annual,
                "held": one.held,
                "share": one.share,
            }
            for one in found.progress
        ],
        "says": [_both(line) for line in [*words.city(found), *words.notes(found)]],
    }


def enterprise(found: EnterpriseLadder) -> Payload:
    """Every rung for one enterprise, clause by clause."""
    return {
        **run(found.ground.snapshot),
        "ladder": found.ground.ladder.id,
        "uscc": found.values["uscc"],
        "name": found.values.get("name"),
        "rungs": [_place(found, place) for place in found.places],
        "says": [_both(line) for line in enterprise_tables.words(found)],
    }


def _rung(found: CityLadder, name: str, *, listed: bool) -> Payload:
    step = next(step for step in found.steps if step.id == name)
    funnel, moves = found.funnels[name], found.moves.get(name)
    outlook = found.outlooks.get(name)
    told: Payload = {
        "id": name,
        "line": step.line.id,
        "title": step.rung.title,
        "title_en": step.rung.title_en,
        "level": step.rung.level,
        "rule": _rule(step.rule),
        "unspecified": list(step.rung.unspecified),
        "states": {state.key: funnel.states[state] for state in State},
        "library": funnel.library,
        "districts": {
            str(district): {
                **{state.key: count for state, count in states.items()},
                "library": funnel.libraries[district],
            }
            for district, states in funnel.districts.items()
            if district is not None
        },
        "gaps": [
            {
                "clause": gap.part.id,
                "says": _both(telling.part(gap.part)),
                "role": gap.part.role,
                "not_met": gap.failing,
                "alone": gap.alone,
                "unknown": gap.unknown,
            }
            for gap in found.gaps.get(name, ())
        ],
        "moves": None
        if moves is None
        else {"stayed": moves.stayed} | {way: len(moves.of(way)) for way in _WAYS},  # type: ignore[arg-type]
        "outlook": None
        if outlook is None
        else {
            "estimate": True,
            "now": outlook.now,
            "same_facts_rule_then": outlook.by_rule,
            "next_year": outlook.next_year,
            "gained": outlook.gained,
            "lost": outlook.lost,
            "open": outlook.open,
            "rule_changes": outlook.rule_changes,
        },
    }
    if listed:
        told |= _people(found, name)
    return told


def _people(found: CityLadder, name: str) -> Payload:
    step = next(step for step in found.steps if step.id == name)
    standing, moves = found.standings[name], found.moves.get(name)
    rows = rung_tables.library_rows(standing)
    listed = moves.listed if moves is not None else ()
    movers = rung_tables.people(found, step, [move.row for move in listed])
    return {
        "library_listed": [
            {
                "uscc": person.uscc,
                "name": person.name.zh,
                "state": State(int(standing.states[person.row])).key,
                "lacks": _both(gap),
            }
            for person, gap in rung_tables.lacking(found, step, rows)
        ],
        "moves_listed": [
            {
                "way": move.way,
                "uscc": person.uscc,
                "name": person.name.zh,
                "before": None if move.before is None else move.before.key,
                "after": move.after.key,
                "clauses": [one.part.id for one in move.reasons],
                "why": _both(rung_tables.why(found, moves, move)),
            }
            for move, person in zip(listed, movers, strict=True)
            if moves is not None
        ],
    }


def _place(found: EnterpriseLadder, place: Place) -> Payload:
    return {
        "id": place.step.id,
        "line": place.step.line.id,
        "title": place.step.rung.title,
        "title_en": place.step.rung.title_en,
        "level": place.step.rung.level,
        "state": place.state.key,
        "next": place.is_next,
        "above": place.above,
        "ready": place.ready,
        "rule": _rule(place.step.rule),
        "unspecified": list(place.step.rung.unspecified),
        "title_held": None if place.title is None else _title(place.title),
        "criteria": [_criterion(found, place, one) for one in place.criteria],
        "score": None if place.scored is None else _score(place.scored),
        "renewal": None
        if place.renewal is None
        else {
            "rule": _rule(place.renewal.rule),
            "criteria": [_criterion(found, place, one) for one in place.renewal.criteria],
        },
    }


def _criterion(found: EnterpriseLadder, place: Place, one: Criterion) -> Payload:
    names, year = found.ground.names, enterprise_tables.year_of(found, place)
    told: Payload = {
        "clause": one.part.id,
        "says": _both(telling.part(one.part)),
        "article": one.part.condition.clause.article,
        "role": one.part.role,
        "answer": one.answer,
        "effort": one.finding.effort,
        "lacking": list(one.finding.lacking),
    }
    if one.answer == "unmet":
        told["gap"] = _both(telling.gap(names, one, year=year))
        told["shortfalls"] = [
            _shortfall(short) for leaf in one.finding.leaves for short in leaf.shortfalls
        ]
    return told


def _shortfall(one: Shortfall) -> Payload:
    return {
        "columns": list(one.columns),
        "direction": one.direction,
        "value": None if one.value is None else float(one.value.number),
        "threshold": None if one.threshold is None else float(one.threshold.number),
        "difference": None if one.difference is None else float(one.difference.number),
        "unit": None if one.value is None else one.value.unit.symbol,
    }


def _score(scored: Scored) -> Payload:
    return {
        "pass": str(scored.needed),
        "strict": scored.table.strict,
        "low": str(scored.low),
        "high": str(scored.high),
        "of": str(scored.most),
        "verdict": scored.verdict,
        "evidence": scored.table.evidence.verified.value,
        "parts": [
            {
                "id": one.part.id,
                "says": {"zh": one.part.says, "en": one.part.says_en},
                "low": str(one.low),
                "high": str(one.high),
                "of": str(one.most),
                "least": None if one.least is None else str(one.least),
                "experts": one.experts,
                "lacking": list(one.lacking),
            }
            for one in scored.parts
        ],
    }


def _rule(rule: Prepared | None) -> Payload | None:
    if rule is None:
        return None
    version = rule.version
    return {
        "policy": rule.id,
        "model": rule.policy.model,
        "from": version.from_.isoformat(),
        "document": version.document.title,
        "number": version.document.number,
        "evidence": version.evidence.verified.value,
    }


def _title(title: Title) -> Payload:
    return {
        "recognised_on": title.recognised_on.isoformat(),
        "first_on": title.first_on.isoformat(),
        "valid_until": None if title.valid_until is None else title.valid_until.isoformat(),
        "days_left": title.days_left,
        "alert": title.alert,
        "document": title.document,
    }


def _both(told: Text) -> Payload:
    return {"zh": told.zh, "en": told.en}
