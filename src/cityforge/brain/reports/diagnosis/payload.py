"""A diagnosis as JSON: every answer, its worth and source; exact numbers as texts."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks
from cityforge.brain.evaluation.diagnosis.improve import Way, improved
from cityforge.brain.evaluation.diagnosis.score import Judged, Levels, Part
from cityforge.brain.evaluation.diagnosis.worth import Range
from cityforge.brain.reports.diagnosis import origins, wording
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed

Json = dict[str, Any]
_PLACES = 9


def payload(found: Diagnosed) -> Json:
    """The whole diagnosis."""
    result, diagnosis = found.result, found.diagnosis
    return {
        "diagnosis": diagnosis.id,
        "title": diagnosis.title,
        "title_en": diagnosis.title_en,
        "document": {"title": diagnosis.document.title, "number": diagnosis.document.number},
        "verified": diagnosis.evidence.verified.value,
        "assumptions": list(diagnosis.assumptions),
        "enterprise": {
            "uscc": found.code,
            "name": found.name,
            "district": text(found.district),
            "industry": text(found.industry),
        },
        "answered_on": result.answers.on.isoformat() if result.answers.on else None,
        "run": found.snapshot.run["run_id"] if found.snapshot is not None else None,
        "simulated": found.simulated,
        "score": _range(result.score),
        "level": levels(result.level),
        "level_by_score": levels(result.by_score),
        "level_by_scenes": None if result.by_scenes is None else levels(result.by_scenes),
        "levels": {str(level): _range(reached) for level, reached in result.by_level.items()},
        "parts": [_part(found, part) for part in result.parts],
        "next": _ahead(found),
        "unanswered": [
            {
                "question": one.judged.question.id,
                "settles_levels": one.levels,
                "narrows_score": exact(one.width),
                "counted_scenes": one.scenes,
            }
            for one in found.open
        ],
    }


def _ahead(found: Diagnosed) -> Json | None:
    ahead = found.ahead
    if ahead.level is None:
        return None
    return {
        "level": ahead.level,
        "title": text(wording.level(found.diagnosis, ahead.level)),
        "needs": [
            {"kind": one.kind, "level": one.level, "gap": exact(one.gap)} for one in ahead.needs
        ],
        "ways": [_way(found, way) for way in ahead.ways],
        "proved_cheapest": ahead.is_complete,
    }


def _way(found: Diagnosed, way: Way) -> Json:
    after = improved(found.result, way)
    return {
        "cost_wan_yuan": exact(way.cost),
        "steps": way.steps,
        "score": _range(after.score),
        "level": levels(after.level),
        "improvements": [
            {
                "question": one.question.id,
                "says": text(wording.to_do(found.diagnosis, one)),
                "gain": exact(one.gain),
                "cost_wan_yuan": exact(one.cost),
                "steps": one.steps,
                "proof": list(one.question.proof),
            }
            for one in way.improvements
        ],
    }


def _part(found: Diagnosed, part: Part) -> Json:
    told: Json = {
        "id": part.block.id,
        "title": part.block.title,
        "cut": part.is_cut,
        "share": None if part.share is None else _range(part.share),
    }
    if part.most:
        told |= {"points": _range(part.points), "most": exact(part.most)}
    if part.by_level:
        told["levels"] = {str(level): _range(one) for level, one in part.by_level.items()}
    if part.parts:
        told["parts"] = [_part(found, inner) for inner in part.parts]
    if part.questions:
        told["questions"] = [_question(found, one) for one in part.questions]
    return told


def _question(found: Diagnosed, one: Judged) -> Json:
    answer = one.answer
    other = found.differing.get(one.question.id)
    return {
        "id": one.question.id,
        "says": one.question.says,
        "level": one.question.level,
        "answer": None if answer is None else _value(answer),
        "source": None if answer is None else answer.source,
        "facts": [] if answer is None else list(answer.columns),
        "source_says": None if answer is None else text(origins.source(found, answer)),
        "proof": "" if answer is None else answer.proof,
        "proof_wanted": list(one.question.proof),
        "city_says": None if other is None else _value(other),
        "worth": _range(one.worth),
        "most": exact(one.most),
    }


def _value(answer: Answer) -> Any:
    value = answer.value
    if isinstance(value, Ticks):
        return {"ticked": sorted(value.ticked), "open": sorted(value.open)}
    return f"{value:f}" if isinstance(value, Decimal) else value


def levels(one: Levels) -> Json:
    """A level, or least and most of it; `known` is null while they differ."""
    return {"low": one.low, "high": one.high, "known": one.known}


def text(one: Text) -> Json:
    return {"zh": one.zh, "en": one.en}


def _range(one: Range) -> Json:
    return {"low": exact(one.low), "high": exact(one.high)}


def exact(number: Fraction) -> str:
    """A number as text: exact where nine decimals hold it, else rounded to them."""
    shown = round(Decimal(number.numerator) / Decimal(number.denominator), _PLACES) + 0
    told = f"{shown:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told
