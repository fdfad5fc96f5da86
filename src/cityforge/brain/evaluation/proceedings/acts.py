"""What people and the program do in a proceeding: each act is one entry of its journal.

An entry is never changed. What was wrong is withdrawn by a later entry that names it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainSerializer, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from cityforge.brain.evaluation.proceedings.stages import Stage
from cityforge.brain.evaluation.proceedings.working_days import day_of
from cityforge.brain.facts.correction import Value

_ENTRY = r"^e[1-9][0-9]*$"


def encoded(value: Value) -> dict[str, Any] | None:
    """A value with the name of its type: JSON alone would not tell a number from a text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return {"truth": value}
    if isinstance(value, Decimal):
        return {"number": f"{value:f}"}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    # What is none of these gets a name that no reader takes.
    return {"text" if isinstance(value, str) else type(value).__name__: str(value)}


def _decoded(given: Any) -> Value:
    if given is None:
        return None
    if isinstance(given, dict) and len(given) == 1:
        [(kind, inner)] = given.items()
        if kind == "truth" and isinstance(inner, bool):
            return inner
        if kind == "text" and isinstance(inner, str):
            return inner
        try:
            if kind == "date":
                return date.fromisoformat(inner)
            if kind == "number" and isinstance(inner, str) and Decimal(inner).is_finite():
                return Decimal(inner)
        except (ValueError, TypeError, ArithmeticError):
            pass
    raise PydanticCustomError("value", "no value of a fact")


def _moment(given: Any) -> str:
    if not isinstance(given, str):
        raise PydanticCustomError("moment", "no moment")
    try:
        day_of(given)
    except ValueError:
        raise PydanticCustomError("moment", "no moment with its time zone, and no day") from None
    return given


Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
EntryId = Annotated[str, StringConstraints(pattern=_ENTRY)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1)]
FactValue = Annotated[Value, PlainValidator(_decoded), PlainSerializer(encoded)]
Moment = Annotated[str, PlainValidator(_moment)]


class _Strict:
    """What all acts have in common: an unknown key is an error, a number is no text."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(_Strict):
    """A file that somebody shows: its name, its digest, what it shows."""

    file: Words
    sha256: Sha256
    description: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(_Strict):
    """The first entry: which scheme on which snapshot, and how long its stages take.

    working_days  of a stage; a stage that is absent has no stated length
    off, worked   public holidays, and weekend days worked in their place
    grades        of the scheme, best first
    """

    run_id: Words
    scheme: Words
    scheme_digest: Sha256
    year: int
    grades: tuple[Words, ...]
    simulated: bool
    working_days: dict[Stage, Count]
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    kind: Literal["opening"] = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(_Strict):
    """The proceeding goes on, or back, to a stage."""

    to: Stage
    kind: Literal["step"] = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation(_Strict):
    """An enterprise says that its data are right."""

    uscc: Words
    kind: Literal["confirmation"] = "confirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(_Strict):
    """A fact of an enterprise is held to be wrong. An office that finds an error files one too.

    stated, right  what the data say, and what they should say, in the column's unit (None: unknown)
    accepted_late  why it is taken although the time for it was over
    """

    uscc: Words
    fact: Words
    year: int
    stated: FactValue
    right: FactValue
    reason: Words
    evidence: tuple[Evidence, ...] = ()
    accepted_late: str = ""
    kind: Literal["objection"] = "objection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling(_Strict):
    """What becomes of an objection; `value` is what holds from now on."""

    objection: EntryId
    outcome: Literal["upheld", "partly", "rejected"]
    value: FactValue
    grounds: Words
    kind: Literal["ruling"] = "ruling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(_Strict):
    """A grade moved by hand; it moves nobody else."""

    uscc: Words
    before: Words
    grade: Words
    reason: Words
    evidence: tuple[Evidence, ...] = ()
    kind: Literal["override"] = "override"


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation(_Strict):
    """A version of the result; the program writes it.

    basis          the rulings and overrides that it rests on
    digest         of its table
    about_digest   of what is told beside the table
    why            what called for it
    """

    version: Count
    basis: tuple[EntryId, ...]
    digest: Sha256
    about_digest: Sha256
    why: Words
    kind: Literal["computation"] = "computation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(_Strict):
    """A list that was shown: for publicity, or the final one; the program writes it.

    ends_on  the last day of publicity; None: a final list stands
    """

    purpose: Literal["publicity", "final"]
    version: Count
    digest: Sha256
    rows: int
    begins_on: date
    ends_on: date | None = None
    kind: Literal["publication"] = "publication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(_Strict):
    """A confirmation, objection, ruling or override holds no longer."""

    entry: EntryId
    reason: Words
    kind: Literal["withdrawal"] = "withdrawal"


Act = (
    Opening
    | Step
    | Confirmation
    | Objection
    | Ruling
    | Override
    | Computation
    | Publication
    | Withdrawal
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(_Strict):
    """One line of the journal: who did what, when (a moment with its zone, or a day)."""

    id: EntryId
    at: Moment
    by: Words
    role: Words
    act: Annotated[Act, Field(discriminator="kind")]
    note: str = ""

    @property
    def number(self) -> int:
        return int(self.id[1:])

    @property
    def day(self) -> date:
        """The day in China."""
        return day_of(self.at)
