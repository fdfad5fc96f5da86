"""Every exception a caller may catch, the Problem of a file, and the exit code of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages of the product; the reader's language picks one."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file: where (1-based line and column; 0 = the whole file), what, cure.

    `path` is the dotted place inside the file ("indicators.2.expr"); `severity` "warning" does not
    stop a run.
    """

    file: str
    line: int
    column: int
    what: Text
    hint: Text
    path: str = ""
    severity: Literal["error", "warning"] = "error"

    def say(self, language: Language) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        hint = self.hint.say(language)
        arrow = f"\n    → {hint}" if hint else ""
        return f"{where}  {self.what.say(language)}{arrow}"


class CityForgeError(Exception):
    """What this library raises on purpose. `text` says it in both languages."""

    exit_code = 1

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class ValueRefused(CityForgeError):
    """One value (a code, a period, a quantity) cannot be read.

    `position` is the 0-based character where it goes wrong, None where the whole is at fault.
    """

    exit_code = 11

    def __init__(self, what: Text, hint: Text, position: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.position = position


class ProblemsFound(CityForgeError):
    """A file or folder holds Problems; all of them, not the first."""

    exit_code = 10

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        n = len(self.problems)
        super().__init__(Text(zh=f"发现 {n} 个问题", en=f"{n} problem(s) found"))


class CityRefused(ProblemsFound):
    """The city folder cannot be run as it stands."""


class DataRefused(ProblemsFound):
    """The data cannot be read by the city's contracts."""

    exit_code = 11


class EngineFailed(CityForgeError):
    """A table engine failed, or a snapshot could not be written or replayed."""

    exit_code = 12


class RunRefused(CityForgeError):
    """What was asked of a run or snapshot does not exist or does not fit."""

    exit_code = 13
