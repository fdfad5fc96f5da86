"""The door to what is handed out of an evaluation: letters, the workbook, files for grid and water.

All of it rests on the newest version of the proceedings; before any, on the result of the run.
"""

import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cityforge.brain.api import evaluation_files as api
from cityforge.brain.api import evaluations
from cityforge.brain.api.evaluation_files import Results
from cityforge.brain.api.evaluations import Publicity
from cityforge.brain.errors import CityForgeError, Language, Text
from cityforge.portal.analytics import grades

MOST_LETTERS = 2_000
WORKBOOK, FOLLOW_UP = "workbook", "follow-up"
RESOURCES = {"electricity": "electricity", "water": "water"}
TITLES: dict[str, Text] = {
    WORKBOOK: Text(zh="评价结果表", en="The result as a workbook"),
    FOLLOW_UP: Text(zh="末等企业整治跟踪表", en="Follow-up of the last grade"),
    "electricity": Text(zh="供电企业用的等次文件", en="Grade file for the grid"),
    "water": Text(zh="供水企业用的等次文件", en="Grade file for water works"),
}


def kinds(scheme: str) -> list[tuple[str, Text]]:
    """The files that a scheme has: those for grid and water where it says what they are for."""
    _, found = grades.evaluated(scheme)
    asked = {one.resource for one in found.scheme.consequences}
    return [
        (name, title) for name, title in TITLES.items() if name not in RESOURCES or name in asked
    ]


def write(scheme: str, kind: str, language: Language) -> tuple[str, bytes] | None:
    """One of the files: its name and bytes; None where the scheme has no such file."""
    if kind not in dict(kinds(scheme)):
        return None
    results = _results(scheme)
    ending = ".csv" if kind in RESOURCES else ".xlsx"
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{scheme}-{results.year}-{kind}{ending}"
        if kind == "electricity":
            api.write_grade_file(results, file, resource="electricity", language=language)
        elif kind == "water":
            api.write_grade_file(results, file, resource="water", language=language)
        elif kind == WORKBOOK:
            api.write_workbook(results, file, language=language)
        else:
            api.write_follow_up(results, file, language=language)
        return file.name, file.read_bytes()


def letter(scheme: str, uscc: str, language: Language) -> bytes | None:
    """The letter to one enterprise as a PDF; None where there is no such enterprise."""
    with TemporaryDirectory() as folder:
        try:
            return _letter(scheme, uscc, Path(folder), language)
        except CityForgeError:
            return None


def addressees(scheme: str, *, district: str, grade: str) -> list[tuple[str, str]]:
    """Who gets a letter: credit code and name, of a district and a grade, or of all ("")."""
    rows = _results(scheme).now.rows.select(["uscc", "name", "district", "grade"]).to_pylist()
    return [
        (row["uscc"], row["name"])
        for row in rows
        if district in ("", row["district"]) and grade in ("", row["grade"])
    ]


def choices(scheme: str) -> tuple[list[tuple[str, Text]], list[str]]:
    """The districts and grades that letters may be narrowed to."""
    snapshot, found = grades.evaluated(scheme)
    places = snapshot.city.place.districts
    districts = [(one.id, Text(zh=one.title, en=one.title_en)) for one in places]
    return districts, list(found.scheme.grading.grades)


def letters(scheme: str, to: list[tuple[str, str]], language: Language) -> Iterator[bytes]:
    """A ZIP of letters, piece by piece as they are set: it never stands in memory whole."""
    out = _Pieces()
    with TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for uscc, name in to[:MOST_LETTERS]:
            plain = "".join(c for c in name if c.isalnum())[:40]
            archive.writestr(f"{uscc}-{plain}.pdf", _letter(scheme, uscc, Path(folder), language))
            yield out.taken()
    yield out.taken()


def _letter(scheme: str, uscc: str, folder: Path, language: Language) -> bytes:
    results, file = _results(scheme), folder / "letter.pdf"
    sure = _sure(results.snapshot.folder, scheme, _basis(scheme))
    api.write_letter_pdf(
        results, uscc, file, publicity=_publicity(scheme), sure=sure, language=language
    )
    return file.read_bytes()


def _publicity(scheme: str) -> Publicity:
    found = grades.opened(scheme)
    shown = evaluations.docket(found).shown if found else None
    return Publicity(begins=shown.begins_on, ends=shown.ends_on) if shown else Publicity()


def _results(scheme: str) -> Results:
    snapshot, _ = grades.evaluated(scheme)
    return _made(snapshot.folder, scheme, _basis(scheme))


def _basis(scheme: str) -> tuple[str, ...]:
    """The rulings that the newest version rests on."""
    found = grades.opened(scheme)
    held = evaluations.docket(found) if found else None
    return held.versions[-1].basis if held and held.versions else ()


@lru_cache(maxsize=2)
def _made(_folder: Path, scheme: str, basis: tuple[str, ...]) -> Results:
    snapshot, found = grades.evaluated(scheme)
    proceeding = grades.opened(scheme) if basis else None
    corrections = evaluations.docket(proceeding).corrections_in(basis) if proceeding else []
    return api.of_years(snapshot, found.scheme, corrections=corrections)


@lru_cache(maxsize=2)
def _sure(folder: Path, scheme: str, basis: tuple[str, ...]):
    return api.sureness_of(_made(folder, scheme, basis).now, draws=100)


class _Pieces:
    """What was written since it was last taken. It cannot go back, so a ZIP does not try to."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        whole, self._pieces = b"".join(self._pieces), []
        return whole
