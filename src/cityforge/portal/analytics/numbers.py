"""Numbers with a permanent address: how many enterprises have a grade, in the city or a district.

Each is of one snapshot and of one version: `run`, as the run itself gave it, or the number of a
list that was shown to the public. With it comes the receipt by which anyone counts it again.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from cityforge.brain.api import evaluations as api
from cityforge.brain.api.evaluations import ShownList, Snapshot
from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.analytics import city

RUN, CITY, EXEMPT = "run", "city", "T"
_LEAST = 3  # of a district: fewer enterprises of a grade would tell of single ones
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a number stands for ever."""

    snapshot: str
    scheme: str
    version: str
    place: str
    grade: str

    @property
    def path(self) -> str:
        return "/".join((self.snapshot, self.scheme, self.version, self.place, self.grade))


@dataclass(frozen=True, slots=True)
class Receipt:
    """By what a number is counted again.

    list_digest  of the list that was shown; None for the run itself
    """

    run: str
    version: str
    city_digest: str
    table: str
    table_digest: str
    list_digest: str | None
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Every number of one version: by place and grade, and the places whose are withheld.

    places  city and districts with their titles
    """

    snapshot: str
    scheme: str
    scheme_title: Text
    source: str
    year: int
    as_of: str
    simulated: bool
    version: str
    grades: tuple[str, ...]
    places: dict[str, Text]
    counts: dict[tuple[str, str], int]
    withheld: frozenset[str]
    receipt: Receipt

    def query(self, place: str, grade: str) -> str:
        """The statement that counts one of them in the table of the receipt."""
        status = "exempt" if grade == EXEMPT else "rated"
        told = [f"year = {self.year}"] if self.version == RUN else []
        told.append(f"status = '{status}'")
        if grade != EXEMPT:
            told.append(f"grade = '{grade}'")
        if place != CITY:
            told.append(f"district = '{place}'")
        return f"SELECT count(*) FROM '{self.receipt.table}' WHERE {' AND '.join(told)}"


def addresses(scheme: str, version: str) -> list[Address]:
    """Of each grade of the city, in a version of the newest run; [] where it has no such scheme."""
    newest = city.newest()
    if newest is None or scheme not in newest.snapshot.city.schemes:
        return []
    run = str(newest.snapshot.run["run_id"])
    grades = (*newest.snapshot.city.schemes[scheme].grading.grades, EXEMPT)
    return [Address(run, scheme, version, CITY, grade) for grade in grades]


def counted(snapshot: str, scheme: str, version: str) -> Counted | None:
    """The numbers of a version; None for none such, or one that was never shown."""
    folder = Path(settings.SNAPSHOTS) / snapshot
    if not _NAME.fullmatch(snapshot) or not (folder / "run.json").is_file():
        return None
    try:
        found = _snapshot(folder)
        own = found.scheme(scheme)
        if version == RUN:
            return _counted(folder, scheme)
        shown = api.publicity_list(api.open_proceeding(folder, scheme=own.id))
    except CityForgeError:
        return None
    # Before a list was shown there is a draft, which is nobody's yet.
    if shown.publication is None or str(shown.version) != version:
        return None
    return _of_list(found, scheme, shown)


@lru_cache(maxsize=4)
def _snapshot(folder: Path) -> Snapshot:
    return api.read_snapshot(folder)


@lru_cache(maxsize=8)
def _counted(folder: Path, scheme: str) -> Counted:
    found = _snapshot(folder)
    own = found.scheme(scheme)
    rows = found.evaluation(own, found.year, only=("district", "status", "grade"))
    table = f"tables/evaluation_{scheme}.parquet"
    digest = str(found.run["tables"][f"evaluation_{scheme}"]["sha256"])
    return _made(found, scheme, RUN, rows, table, digest, None)


def _of_list(found: Snapshot, scheme: str, shown: ShownList) -> Counted:
    """Counted in the list as it was shown, each enterprise in the district of the run."""
    known = found.evaluation(found.scheme(scheme), found.year, only=("uscc", "district"))
    at = pc.index_in(shown.rows["uscc"], value_set=known["uscc"].combine_chunks())
    rows = pa.table(
        {
            "district": known["district"].combine_chunks().take(at.combine_chunks()),
            "status": shown.rows["status"],
            "grade": shown.rows["grade"],
        }
    )
    table = (
        f"proceedings/{found.run['run_id']}/{scheme}-{found.year}/results/"
        f"{shown.version:04d}/rows.parquet"
    )
    with (found.folder.parent / table).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return _made(found, scheme, str(shown.version), rows, table, digest, shown.digest)


def _made(
    found: Snapshot,
    scheme: str,
    version: str,
    rows: pa.Table,
    table: str,
    digest: str,
    list_digest: str | None,
) -> Counted:
    own, place, run = found.scheme(scheme), found.city.place, str(found.run["run_id"])
    grades = (*(band.grade for band in own.grading.bands), EXEMPT)
    counts = _counts(rows, [one.id for one in place.districts], grades)
    shown = f"cityforge evaluate proceeding show --run runs/{run} --scheme {scheme}"
    receipt = Receipt(
        run=run,
        version=str(found.run["versions"]["cityforge"]),
        city_digest=str(found.run["digests"]["city"]),
        table=table,
        table_digest=digest,
        list_digest=list_digest,
        commands=(
            f"cityforge replay runs/{run} --data DATA",
            *(() if list_digest is None else (shown,)),
            f"cd runs/{run}" if list_digest is None else "cd runs",
        ),
    )
    places = {CITY: Text(zh=place.title, en=place.title_en)}
    places |= {one.id: Text(zh=one.title, en=one.title_en) for one in place.districts}
    return Counted(
        snapshot=run,
        scheme=scheme,
        scheme_title=Text(zh=own.title, en=own.title_en),
        source=own.evidence.source,
        year=found.year,
        as_of=found.as_of.isoformat(),
        simulated=found.simulated,
        version=version,
        grades=grades,
        places=places,
        counts=counts,
        withheld=withheld(counts, [one.id for one in place.districts], grades),
        receipt=receipt,
    )


def _counts(
    rows: pa.Table, districts: list[str], grades: tuple[str, ...]
) -> dict[tuple[str, str], int]:
    names = ["district", "status", "grade"]
    found: Counter[tuple[str, str]] = Counter()
    for row in rows.group_by(names).aggregate([([], "count_all")]).to_pylist():
        if row["status"] in ("rated", "exempt"):
            told = row["grade"] if row["status"] == "rated" else EXEMPT
            found[CITY, told] += row["count_all"]
            found[row["district"] or "", told] += row["count_all"]
    return {(place, grade): found[place, grade] for place in (CITY, *districts) for grade in grades}


def withheld(
    counts: dict[tuple[str, str], int], districts: list[str], grades: tuple[str, ...]
) -> frozenset[str]:
    """The districts whose numbers are not for the public: a grade has one or two enterprises there.

    One alone could be told from the city and the others: the smallest of those is withheld with it.
    """

    def size(district: str) -> int:
        return sum(counts[district, grade] for grade in grades)

    small = {one for one in districts if any(0 < counts[one, grade] < _LEAST for grade in grades)}
    if len(small) == 1:
        others = sorted((size(one), one) for one in districts if one not in small and size(one))
        small |= {others[0][1]} if others else set()
    return frozenset(small)
