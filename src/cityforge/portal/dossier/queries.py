"""One enterprise's file, part by part, as much of it as its reader may see."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cityforge.brain.errors import Text
from cityforge.portal.accounts.permissions import Person
from cityforge.portal.analytics import dossiers
from cityforge.portal.enterprises import permissions
from cityforge.portal.enterprises import queries as enterprises
from cityforge.portal.enterprises.models import Enterprise, Merger

_ALIKE = Text(zh="同类企业", en="An enterprise alike")


@dataclass(frozen=True, slots=True)
class Reader:
    """An enterprise under the eyes of one person.

    level        how sensitive a fact they may read of it
    is_official  names of other enterprises are for officials alone
    """

    enterprise: Enterprise
    level: str
    is_official: bool

    def may(self, needed: str) -> bool:
        return dossiers.may_see(needed, self.level)


@dataclass(frozen=True, slots=True)
class File:
    """The first page of the file; the longer parts are read when they are opened."""

    reader: Reader
    identity: Any
    former: list[str]
    merged_from: list[Merger]
    merged_into: str
    grades: Any
    registers: Any
    policies: Any

    @property
    def may_why(self) -> bool:
        return any(self.reader.may(one.needs) for one in self.grades)


@dataclass(frozen=True, slots=True)
class Grade:
    """A scheme's grades with why, where the reader may know its figures.

    peers  name, credit code where it may be opened, grade, total, same industry
    """

    scheme: Any
    why: Any
    peers: list[tuple[Text, str, str, float, bool]]


def reader(person: Person, uscc: str) -> Reader | None:
    """None alike for an enterprise out of scope and for none at all."""
    found = enterprises.one(person, "dossier.view", uscc)
    if found is None:
        return None
    return Reader(found, permissions.level(person, found), permissions.is_official(person))


def file(of: Reader) -> File | None:
    """None where the newest run has no such code any more."""
    code = of.enterprise.uscc
    identity = dossiers.identity(code)
    if identity is None:
        return None
    return File(
        of,
        identity,
        enterprises.former_names(code),
        enterprises.merged_from(code),
        enterprises.merged_into(code),
        dossiers.grades(code),
        dossiers.registers(code, of.level),
        dossiers.policies(code, of.level),
    )


def facts(of: Reader) -> Any:
    return dossiers.known(of.enterprise.uscc, of.level)


def grades(of: Reader, person: Person) -> list[Grade]:
    """Every scheme's word with its reasons; others' names only where they are the reader's."""
    found = []
    for scheme in dossiers.grades(of.enterprise.uscc):
        why = None
        if of.may(scheme.needs):
            why = dossiers.why(of.enterprise.uscc, scheme.scheme)
        alike = why.peers if why else ()
        seen = enterprises.seen_of(person, [one.uscc for one in alike])
        peers = [
            (
                Text(zh=one.name, en=one.name) if one.uscc in seen else _unnamed(number),
                one.uscc if one.uscc in seen else "",
                one.grade,
                one.total,
                one.same_industry,
            )
            for number, one in enumerate(alike, start=1)
        ]
        found.append(Grade(scheme, why, peers))
    return found


def _unnamed(number: int) -> Text:
    return Text(zh=f"{_ALIKE.zh} {number}", en=f"{_ALIKE.en} {number}")


def check_up(of: Reader, language: str) -> Any:
    """The policy check-up; None where there is none or its figures are not for the reader."""
    if not of.may(permissions.CONFIDENTIAL):
        return None
    pages = dossiers.check_up(of.enterprise.uscc)
    return pages["en" if language == "en" else "zh"] if pages else None


def check_up_pdf(of: Reader, language: str) -> bytes | None:
    if not of.may(permissions.CONFIDENTIAL):
        return None
    with TemporaryDirectory() as folder:
        out = Path(folder) / "check-up.pdf"
        made = dossiers.check_up_pdf(of.enterprise.uscc, out, language)
        return out.read_bytes() if made else None


def ladder(of: Reader) -> Any:
    if not of.may(permissions.CONFIDENTIAL):
        return None
    return dossiers.ladder(of.enterprise.uscc)
