"""Small random questionnaires with random answers, for properties."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from cityforge.brain.city.diagnosis import SATISFACTIONS, Diagnosis, Question
from cityforge.brain.city.diagnosis_checks import most_points, questions_of
from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks, Value

EVIDENCE = {"source": "设例", "verified": "assumption"}
COSTS = {1: "1", 2: "2.5", 3: "4"}
_POINTS = st.sampled_from(["0", "0.7", "1", "1.25", "1.875", "2", "3"]).map(Decimal)
_EFFORTS = st.sampled_from([1, 2, 3, 3, None])


def _base(levels: list[dict[str, Any]], scoring: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "made", "title": "设例", "title_en": "made", "document": {"title": "设例"},
        "evidence": EVIDENCE, "subject": "企业", "subject_en": "firms", "levels": levels,
        "scoring": scoring,
        "improvement": {
            "efforts": [
                {"effort": effort, "says": "步", "says_en": "step", "cost": Decimal(cost)}
                for effort, cost in COSTS.items()
            ],
            "evidence": EVIDENCE,
        },
    }  # fmt: skip


def _level(number: int, start: Decimal) -> dict[str, Any]:
    return {"level": number, "title": f"{number} 级", "title_en": f"{number}", "from": start}


def _question(name: str, kind: str, **own: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "says": name, "says_en": name, **own}


@st.composite
def _pointed(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["single", "multi", "share", "direction"]))
    effort = draw(_EFFORTS)
    points = [Decimal(0), *sorted(draw(st.lists(_POINTS, min_size=1, max_size=3)))]
    option_efforts = [draw(_EFFORTS) for _ in points]
    options = [
        {"id": f"o{i}", "says": f"选{i}", "says_en": f"o{i}", "points": one, "effort": each}
        for i, (one, each) in enumerate(zip(points, option_efforts, strict=True))
    ]
    if kind == "single":
        return _question(name, kind, effort=effort, options=options)
    if kind == "multi":
        total = sum(points, Decimal(0))
        most = draw(st.sampled_from([None, total, max(points)])) if total else None
        return _question(name, kind, effort=effort, options=options, most=most or None)
    if kind == "share":
        bands = [{"from": 10 * i, "points": one} for i, one in enumerate(points)]
        return _question(name, kind, effort=effort, bands=bands)
    worth = dict(zip(draw(st.permutations(["up", "flat", "down"])),
                     [*points, *points][:3], strict=True))  # fmt: skip
    return _question(name, kind, effort=effort, directions=worth)


@st.composite
def pointed(draw: st.DrawFn) -> Diagnosis:
    """A questionnaire of points, most often with scenes and the rule that joins them."""
    count = draw(st.integers(1, 4))
    questions = [draw(_pointed(f"q{i}")) for i in range(count)]
    scenes = [
        _question(f"s{i}", "scene", key=draw(st.booleans()), effort=draw(_EFFORTS))
        for i in range(draw(st.integers(0, 2)))
    ]
    total = sum((most_points(Question.model_validate(one)) for one in questions), Decimal(0))
    start = draw(st.sampled_from(["0.25", "0.5"]))
    first = max(total * Decimal(start), Decimal("0.1"))
    levels = [_level(1, first), _level(2, first + draw(_POINTS) + Decimal("0.1"))]
    made = _base(levels, {"method": "points", "total": max(total, Decimal(1))})
    made["blocks"] = [
        {"id": "block", "title": "块", "title_en": "block", "questions": [*questions, *scenes]}
    ]
    made["scenes"] = [
        {"level": i, "says": "级", "says_en": "level", "effort": draw(_EFFORTS)}
        for i in range(1, 5)
    ]
    keys = [one for one in scenes if one["key"]]
    if keys:
        made["joined"] = {
            "rule": "lowest", "scenes": draw(st.integers(1, len(keys))), "says": "规则",
            "says_en": "rule", "evidence": EVIDENCE,
        }  # fmt: skip
    return Diagnosis.model_validate(made)


@st.composite
def mature(draw: st.DrawFn) -> Diagnosis:
    """A questionnaire of requirements in two weighted parts, one of which may be cut."""
    weight = draw(st.sampled_from(["0.2", "0.5", "0.6"]).map(Decimal))
    blocks = []
    for name, share in (("first", weight), ("second", 1 - weight)):
        questions = [
            _question(f"{name}{i}", "requirement", level=level, effort=draw(_EFFORTS))
            for i, level in enumerate([1, 2, *draw(st.lists(st.integers(1, 2), max_size=1))])
        ]
        blocks.append({"id": name, "title": name, "title_en": name, "weight": share,
                       "may_cut": name == "second", "questions": questions})  # fmt: skip
    worth = {"none": 0, "part": Decimal("0.5"), "most": Decimal("0.8"), "full": 1}
    scoring = {"method": "maturity", "satisfied_at": Decimal("0.8"), "satisfaction": worth}
    made = _base([_level(1, Decimal("0.8")), _level(2, Decimal("1.8"))], scoring)
    return Diagnosis.model_validate({**made, "blocks": blocks})


@st.composite
def answers(draw: st.DrawFn, diagnosis: Diagnosis, *, missing: bool = True) -> dict[str, Answer]:
    """An answer to each question, or to some."""
    found = {}
    for _, question in questions_of(diagnosis):
        if missing and draw(st.integers(0, 3)) == 0:
            continue
        found[question.id] = Answer(draw(st.sampled_from(every_answer(question))))
    return found


def every_answer(question: Question) -> list[Value]:
    """All answers to a question that differ in what they say."""
    if question.kind == "single":
        return [one.id for one in question.options]
    if question.kind == "share":
        return [one.from_ for one in question.bands]
    if question.kind == "direction":
        return ["up", "flat", "down"]
    if question.kind == "scene":
        return [0, 1, 2, 3, 4]
    if question.kind == "requirement":
        return list(SATISFACTIONS)
    names = [one.id for one in question.options]
    return [
        Ticks(frozenset(name for i, name in enumerate(names) if bits >> i & 1))
        for bits in range(1 << len(names))
    ]
