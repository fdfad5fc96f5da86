"""What is known of an evaluation scheme whose numbers were not found: seen parts, missing parts.

An outline is read and shown, never evaluated: what a source does not tell is listed, not guessed.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.scheme_grading import HistoryRule, Measure, PublishedCounts
from cityforge.brain.city.scheme_scoring import Missing, Scoring
from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words


class OutlinePart(Shape):
    """One kind of enterprise that the source tells apart (规上、规下)."""

    id: Id
    title: Words
    title_en: Words


class OutlineIndicator(Shape):
    """One indicator that was seen; `weight` and `expr` only where the source tells them.

    `parts`: whose indicator it is; empty: everyone's.
    """

    id: Id
    title: Words
    title_en: Words
    parts: list[Id] = Field(default_factory=list)
    expr: Words | None = None
    unit: str | None = None
    weight: Decimal | None = Field(
        None, gt=0, le=1000, description="空为未见 / not seen where empty"
    )
    direction: Literal["up", "down"] = "up"


class OutlineGrade(Shape):
    """One grade that was seen, best first; its share of the ranking only where it is told."""

    grade: Words
    title: Words | None = None
    from_: Decimal | None = Field(None, alias="from", ge=0, le=100)
    to: Decimal | None = Field(None, ge=0, le=100)


class OutlineNote(Shape):
    """One thing that the source says in words alone: who is exempt, what adds or takes points."""

    kind: Literal["exempt", "bonus", "penalty", "gate", "procedure"]
    says: Words
    says_en: Words


class Lacking(Shape):
    """One thing that was not found, and that an evaluation cannot do without."""

    what: Literal[
        "text", "objects", "indicators", "weights", "scoring", "base", "missing_rule", "bands"
    ]
    says: Words
    says_en: Words


class SchemeOutline(Named):
    """scheme_outlines/<id>.yaml: a scheme of which the source told too little to evaluate by it."""

    evidence: Evidence
    objects: Words | None = Field(None, description="评价对象，原意 / who is evaluated, in words")
    objects_en: Words | None = None
    parts: list[OutlinePart] = Field(default_factory=list)
    indicators: list[OutlineIndicator] = Field(default_factory=list)
    scoring: dict[Literal["up", "down"], Scoring] = Field(
        default_factory=dict,
        description="正向、逆向指标的计分函数 / how indicators of each direction are scored",
    )
    missing_rule: Missing | None = Field(None, description="缺数规则 / what a gap gives")
    missing_points: Decimal | None = Field(None, gt=0)
    grades: list[OutlineGrade] = Field(default_factory=list)
    notes: list[OutlineNote] = Field(default_factory=list)
    history: list[HistoryRule] = Field(default_factory=list)
    consequences: list[Measure] = Field(default_factory=list)
    publicity_days: int | None = None
    missing: list[Lacking] = Field(
        min_length=1, description="未见的部分；因此不能评价 / what was not found: why none can run"
    )
    published: list[PublishedCounts] = Field(default_factory=list)
    compared_with: Id | None = Field(
        None,
        description="自身分档未见时，公布数与哪个方案的分档比较 / "
        "the scheme whose bands published counts are held against, its own being unknown",
    )
