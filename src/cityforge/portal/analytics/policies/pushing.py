"""Whom to tell of a policy, by the newest run: entitled, one clause short, or lacking facts."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cityforge.brain.api import simulations
from cityforge.brain.errors import Text
from cityforge.portal.analytics.policies import offices, ready
from cityforge.portal.analytics.policies.ready import Places

ELIGIBLE, NEAR, UNKNOWN = "eligible", "near", "unknown"
GROUPS: dict[str, Text] = {
    ELIGIBLE: Text(zh="符合条件、尚未享受", en="entitled and not served"),
    NEAR: Text(zh="只差一条", en="one clause short"),
    UNKNOWN: Text(zh="缺资料", en="lack facts"),
}
MOST_LACKING = 10
_IN_CHARGE = Text(zh="管辖范围", en="in charge")


class Named(Protocol):
    """A candidate, near miss or undecided one, as the library lists them."""

    @property
    def uscc(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def district(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """One enterprise to be told. `district`: its id; `lacking`: how many facts, of the unknown."""

    uscc: str
    name: str
    district: str
    group: str
    lacking: int = 0


def run() -> str | None:
    """The name of the newest run."""
    found = ready.examiner()
    return None if found is None else found.snapshot.folder.name


def call(policy: str) -> str:
    """The call for applications a policy stands in: its opening day, or its version's first."""
    found = ready.examiner()
    one = next((p for p in found.policies if p.id == policy), None) if found else None
    if one is None:
        return ""
    return (one.call.window.opens if one.call.window else one.version.from_).isoformat()


def targets(policy: str, places: Places, groups: Collection[str]) -> list[Target] | None:
    """Everybody of these groups who could be told of a policy, of some places; the entitled first.

    Of near misses those that the list of candidates has: the nearest hundred. None where there is
    no run, or the policy does not count on its day.
    """
    found, listed = ready.examiner(), offices.listed(policy, places)
    if found is None or listed is None:
        return None
    told = []
    if ELIGIBLE in groups:
        told += [_target(ELIGIBLE, one) for one in listed.found.listed]
    if NEAR in groups:
        told += [_target(NEAR, one) for one in listed.near.misses]
    if UNKNOWN in groups:
        told += _unknown(found.snapshot.folder, policy, places)
    return told


@lru_cache(maxsize=16)
def _unknown(_folder: Path, policy: str, places: Places) -> tuple[Target, ...]:
    found, listed = ready.examiner(), offices.listed(policy, places)
    assert found is not None and listed is not None
    within = ready.within(places, found)
    lacking = simulations.candidates_lacking(listed, within=within, most=MOST_LACKING)
    return tuple(_target(UNKNOWN, one, lacking=one.count) for one in lacking)


def _target(group: str, one: Named, *, lacking: int = 0) -> Target:
    return Target(one.uscc, one.name or "", one.district or "", group, lacking)


def entitled(codes: frozenset[str], places: Places) -> dict[str, dict[str, str]]:
    """Of these enterprises: by policy, those entitled to it with their district."""
    found = ready.examiner()
    if found is None or not codes:
        return {}
    return _entitled(found.snapshot.folder, codes, places)


@lru_cache(maxsize=8)
def _entitled(folder: Path, codes: frozenset[str], places: Places) -> dict[str, dict[str, str]]:
    found = ready.examiner()
    assert found is not None
    within = ready.within(places, found)
    where = pc.field("uscc").isin(pa.array(sorted(codes), pa.string()))
    if within is not None:
        named = [pc.field(name).isin(pa.array(own, pa.string())) for name, own in within.items()]
        where &= reduce(or_, named)
    own = pq.read_table(
        folder / "tables" / "applicants.parquet", columns=["uscc", "district"], filters=where
    )
    districts = dict(zip(own["uscc"].to_pylist(), own["district"].to_pylist(), strict=True))
    matches = pq.read_table(
        folder / "tables" / "policy_matches.parquet",
        columns=["uscc", "policy"],
        filters=pc.field("uscc").isin(pa.array(sorted(districts), pa.string()))
        & (pc.field("answer") == ELIGIBLE),
    )
    told: dict[str, dict[str, str]] = {}
    for row in matches.to_pylist():
        told.setdefault(row["policy"], {})[row["uscc"]] = districts[row["uscc"]] or ""
    return told


def by_district(policy: str, places: Places) -> list[tuple[str, Text, int]]:
    """How many are entitled in each district of these places: id, title, count.

    Parks are no districts: all that is in charge stands in one line, its id empty.
    """
    found = ready.examiner()
    if found is None:
        return []
    if not places.everything and not places.districts:
        return [("", _IN_CHARGE, _entitled_of(policy, places))]
    return [
        (
            one.id,
            Text(zh=one.title, en=one.title_en),
            _entitled_of(policy, Places(districts=frozenset([one.id]))),
        )
        for one in found.snapshot.city.place.districts
        if places.everything or one.id in places.districts
    ]


def _entitled_of(policy: str, places: Places) -> int:
    standings = offices.coverage(places) or []
    return sum(one.eligible for one in standings if one.card.id == policy)
