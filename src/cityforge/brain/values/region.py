"""Region codes: provinces, prefectures, counties (GB/T 2260), townships, and codes since changed.

Three kinds: administrative; statistical, that only the statistics bureau counts by (development
zones, parks); former, abolished. The statistics bureau numbers many townships differently: the
codes here are those of the Ministry of Civil Affairs. A zone that only registers enterprises has
its code in neither: a city lists such codes in its own folder.
"""

import bisect
import functools
import gzip
import importlib.resources
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values.spelling import half_width

Level = Literal["province", "prefecture", "county", "township"]
Kind = Literal["administrative", "statistical", "former"]

_KINDS: dict[str, Kind] = {
    "": "administrative",
    "statistical": "statistical",
    "former": "former",
}
_RANKS: dict[Level, int] = {"province": 0, "prefecture": 1, "county": 2, "township": 3}


@dataclass(frozen=True, slots=True)
class Region:
    """One division: six digits to the county, nine for a township."""

    code: str
    name: str
    kind: Kind

    @property
    def level(self) -> Level:
        return _level(self.code)

    @property
    def parent(self) -> "Region | None":
        """The division above; a county without a prefecture hangs on its province."""
        return _nearest_above(self.code)

    @property
    def full_name(self) -> str:
        """The names from the province down, run together as in an address."""
        return (self.parent.full_name if self.parent else "") + self.name

    @property
    def children(self) -> tuple["Region", ...]:
        """The administrative and statistical divisions right under this one, by code."""
        under = (_region(code) for code in _codes_under(self.code))
        return tuple(
            region for region in under if region.kind != "former" and region.parent == self
        )


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A code given up on `changed_on`; `new` is None where no single code succeeds it."""

    old: str
    old_name: str
    new: str | None
    changed_on: date


def get(code: str, on: date | None = None) -> Region:
    """The division of a code as 32, 3201, 320100, 320102001 or 12 digits ending in zeros.

    With `on`, an old code answers with the division that succeeded it by that day. Raises
    ValueRefused for a code never known, naming the nearest division above it, and with `on` for
    one abolished without a single successor.
    """
    plain = _plain(code)
    if on is not None:
        plain = current(plain, on)
    if plain not in _rows():
        raise _unknown(code, plain)
    return _region(plain)


def current(code: str, on: date) -> str:
    """The code in force on the day for a code of then or before; most codes are their own.

    Changes are known for the provinces that `changes()` lists, and dated by year (31 December).
    Raises ValueRefused for a code abolished by then without a single successor. A code that is
    not in the tables at all is given back as it is: registers hold codes that no table has.
    """
    plain = _plain(code)
    while (change := _changes().get(plain)) is not None and change.changed_on <= on:
        if change.new is None:
            raise _abolished(change)
        plain = change.new
    return plain


def changes() -> tuple[CodeChange, ...]:
    """Every known change of code, by date."""
    return tuple(_changes().values())


def search(name: str, within: str | None = None, limit: int = 20) -> tuple[Region, ...]:
    """Divisions whose names hold `name`, under the code `within` if given; former ones last.

    The order is stable: exact, beginning with, holding; then the broader level, then code.
    """
    wanted = half_width(name).strip()
    if not wanted:
        return ()
    codes = _codes_under(get(within).code) if within else _codes()
    found = [_region(code) for code in codes if wanted in _rows()[code][0]]
    found.sort(
        key=lambda region: (
            region.kind == "former",
            region.name != wanted,
            not region.name.startswith(wanted),
            _RANKS[region.level],
            region.code,
        )
    )
    return tuple(found[:limit])


def _plain(code: str) -> str:
    """The code as the tables spell it: six digits, or nine for a township."""
    digits = half_width(code).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in (2, 4, 6, 9, 12)):
        raise ValueRefused(
            Text(zh=f"“{code}”不是行政区划代码", en=f"“{code}” is not a region code"),
            Text(
                zh="代码是2、4、6、9或12位数字，如 320100",
                en="a code is 2, 4, 6, 9 or 12 digits, as 320100",
            ),
        )
    if len(digits) == 12 and not digits.endswith("000"):
        raise ValueRefused(
            Text(zh=f"“{code}”是村级代码，这里只到乡镇", en=f"“{code}” is a village's code"),
            Text(zh=f"用乡镇代码 {digits[:9]}", en=f"use its township, {digits[:9]}"),
            9,
        )
    digits = digits[:9]
    return digits[:6] if digits[6:] == "000" else digits.ljust(6, "0")


def _level(code: str) -> Level:
    if len(code) == 9:
        return "township"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def _above(code: str) -> tuple[str, ...]:
    """The codes that may stand above, nearest first."""
    chain = (code[:6], code[:4] + "00", code[:2] + "0000")
    return tuple(above for above in chain if above != code and _rank(above) < _rank(code))


def _nearest_above(code: str) -> Region | None:
    """The nearest division above that is no stand-in of the statistics bureau (市辖区, 县)."""
    known = (_region(above) for above in _above(code) if above in _rows())
    return next((region for region in known if region.kind != "statistical"), None)


def _rank(code: str) -> int:
    return _RANKS[_level(code)]


def _codes_under(code: str) -> list[str]:
    """Every code below, at whatever depth, in order."""
    stem = {"province": code[:2], "prefecture": code[:4]}.get(_level(code), code)
    codes = _codes()
    start, end = bisect.bisect_left(codes, stem), bisect.bisect_left(codes, stem + ":")
    return [below for below in codes[start:end] if below != code]


def _region(code: str) -> Region:
    name, kind = _rows()[code]
    return Region(code, name, kind)


def _unknown(code: str, plain: str) -> ValueRefused:
    above = _nearest_above(plain)
    if above is None:
        hint = Text(zh="前两位是省级代码", en="the first two digits are the province")
    else:
        hint = Text(
            zh=f"上级 {above.code} {above.full_name} 存在；开发区自用代码请写进城市配置",
            en=f"{above.code} {above.full_name} exists; a zone's own code belongs in the city's"
            " folder",
        )
    return ValueRefused(
        Text(zh=f"没有行政区划代码“{code}”", en=f"there is no region code “{code}”"), hint
    )


def _abolished(change: CodeChange) -> ValueRefused:
    year = change.changed_on.year
    above = _nearest_above(change.old) or _region(change.old)
    return ValueRefused(
        Text(
            zh=f"{change.old} {change.old_name} 已于{year}年撤销，没有唯一的后继代码",
            en=f"{change.old} {change.old_name} was abolished in {year} without a single successor",
        ),
        Text(
            zh=f"按地址确定所在地，或用上级 {above.code} {above.name}",
            en=f"place it by its address, or use {above.code} {above.name} above it",
        ),
    )


@functools.cache
def _rows() -> dict[str, tuple[str, Kind]]:
    rows: dict[str, tuple[str, Kind]] = {
        change.old: (change.old_name, "former") for change in _changes().values()
    }
    for code, name, kind in _table("regions.tsv.gz"):
        rows[code] = (name, _KINDS[kind])
    return rows


@functools.cache
def _codes() -> list[str]:
    return sorted(_rows())


@functools.cache
def _changes() -> dict[str, CodeChange]:
    return {
        old: CodeChange(old, name, new or None, date.fromisoformat(on))
        for old, name, new, on in _table("region_changes.tsv.gz")
    }


def _table(name: str) -> list[list[str]]:
    """The rows of a packed table without its comment and heading."""
    packed = (importlib.resources.files(__package__) / "tables" / name).read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]
