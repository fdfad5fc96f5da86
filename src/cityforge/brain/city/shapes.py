"""What all the files of a city have in common: strictness, evidence, names in two languages."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4})?%$")]


class Shape(BaseModel):
    """Frozen and strict: an unknown key is a Problem, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def fault(zh: str, en: str) -> PydanticCustomError:
    """What a shape raises where its keys do not go together; told in the reader's language."""
    return PydanticCustomError("together", "{en}", {"zh": zh, "en": en})


class Verified(StrEnum):
    """How far a rule or number may be trusted; shown wherever the number is shown."""

    OFFICIAL = "official"
    THIRD_PARTY_COPY = "third_party_copy"
    GENERAL_KNOWLEDGE = "general_knowledge"
    ASSUMPTION = "assumption"


class Evidence(Shape):
    """Where a rule or number comes from, and how far it is verified."""

    source: Words = Field(description="来源：文件、机构或网页 / where it comes from")
    verified: Verified = Field(description="核实程度 / how far it is verified")
    document_number: str | None = Field(None, description="文号 / document number")
    effective_from: date | None = Field(None, description="生效日期 / in force from")
    effective_to: date | None = Field(None, description="失效日期 / in force until")
    note: str | None = Field(None, description="说明 / remark")


class Named(Shape):
    """A thing with an id and a name in both languages."""

    id: Id = Field(description="标识，与文件名一致 / id, the same as the file name")
    title: Words = Field(description="中文名称 / name in Chinese")
    title_en: Words = Field(description="英文名称 / name in English")


class Sensitivity(StrEnum):
    """Who may see a column; each level holds the ones before it."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"


class LegalUse(StrEnum):
    """What a column may lawfully be used for.

    `describe`: figures about the city, a district, an industry. `treat`: a decision about one
    enterprise (a grade, a subsidy, a price). Data collected under the Statistics Law are `describe`
    only.
    """

    DESCRIBE = "describe"
    TREAT = "treat"
