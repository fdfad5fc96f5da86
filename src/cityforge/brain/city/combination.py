"""Which policies may be enjoyed together (不重复享受、就高不就低、叠加、年度上限)."""

from typing import Literal

from pydantic import Field, model_validator

from cityforge.brain.city.shapes import Evidence, Id, Named, Words, fault

NEEDS = {"at_most": "most", "cap": "amount", "allowed": "sets", "difference": "order"}


class Combination(Named):
    """combinations/<id>.yaml: one rule over several policies.

    exclusive   one of them at most (不重复享受、就高不就低)
    at_most     `most` of them a year (同一主体同年限享)
    cap         together at most `amount` a year; what exceeds it is not paid (年度上限)
    allowed     only the listed `sets` and their parts (二选一可叠加)
    difference  in the listed `order`, a higher one pays only what the lower did not (补差)
    """

    kind: Literal["exclusive", "at_most", "cap", "allowed", "difference"]
    policies: list[Id] = Field(min_length=2)
    most: int | None = Field(None, ge=1)
    amount: Words | None = Field(None, description="字面量，如 200万元 / a literal, as 200万元")
    sets: list[list[Id]] | None = Field(None, min_length=1)
    order: list[Id] | None = Field(None, min_length=2, description="由低到高 / lowest first")
    evidence: Evidence
    says: Words
    says_en: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Combination":
        for kind, key in NEEDS.items():
            if (getattr(self, key) is not None) != (self.kind == kind):
                raise fault(f"{key} 只用于且必用于 {kind}", f"{key} belongs to kind {kind}")
        return self
