"""District and township out of an address, else out of the enterprise's name; guesses marked.

Nothing is taken for more than it says: a park, a district's name in mid-text, or the city alone
is a guess; a place elsewhere is said to be elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.extraction.gazetteer import Found, Gazetteer, Town
from cityforge.brain.values.spelling import half_width

From = Literal["address", "name"]
_NOTHING = frozenset(["", "N/A", "NA", "NULL", "-", "--", "/", "无"])


@dataclass(frozen=True, slots=True)
class Recognised:
    """Where an enterprise is, as far as its words tell.

    district, township   id of city.yaml, and title of townships.yaml; None: not told
    from_                which text told it
    evidence             the very words, in the order of the text
    is_guess             the words make it likely, no more
    is_elsewhere         the words name a place outside the city; then there is no district
    is_moved             the text names the district that the township belonged to before
    """

    district: str | None = None
    township: str | None = None
    township_code: str | None = None
    from_: From | None = None
    evidence: tuple[str, ...] = ()
    is_guess: bool = False
    is_elsewhere: bool = False
    is_moved: bool = False


def recognise(gazetteer: Gazetteer, address: str | None, name: str | None) -> Recognised:
    """Read the address; where it tells no district, the name; then what may be guessed."""
    in_address = gazetteer.find(_plain(address))
    told = _told(in_address, "address")
    if told is not None:
        return told
    text = _plain(name)
    told = _told_by_name(gazetteer, text)
    if told is not None:
        return _with_town(told, in_address)
    in_name = gazetteer.find(text)
    return (
        _guess_of_district(in_address, "address") or _seat(gazetteer, in_address, "address")
        or _guess_of_town(in_address, "address") or _guess_of_district(in_name, "name")
        or _guess_of_town(in_name, "name") or _seat(gazetteer, in_name, "name") or Recognised()
    )  # fmt: skip


def recognise_all(
    gazetteer: Gazetteer, addresses: pa.ChunkedArray | pa.Array, names: pa.ChunkedArray | pa.Array
) -> pa.Table:
    """One row for each pair, in order; each distinct (address, name) is read once.

    Columns: district, township, township_code, place_from (address, name), place_evidence (the
    words, joined by 、), place_guess, place_elsewhere, place_moved.
    """
    seen: dict[tuple[str | None, str | None], int] = {}
    where = [
        seen.setdefault(pair, len(seen))
        for pair in zip(addresses.to_pylist(), names.to_pylist(), strict=True)
    ]
    read = [recognise(gazetteer, *pair) for pair in seen]
    return as_table(read).take(pa.array(where, pa.int64()))


def as_table(read: Sequence[Recognised]) -> pa.Table:
    """The columns of `recognise_all`."""
    words = [list(each.evidence) for each in read]
    texts = {
        "district": [each.district for each in read],
        "township": [each.township for each in read],
        "township_code": [each.township_code for each in read],
        "place_from": [each.from_ for each in read],
    }
    marks = {
        "place_guess": [each.is_guess for each in read],
        "place_elsewhere": [each.is_elsewhere for each in read],
        "place_moved": [each.is_moved for each in read],
    }
    columns = {name: pa.array(values, pa.string()) for name, values in texts.items()}
    joined = pc.binary_join(pa.array(words, pa.list_(pa.string())), "、")
    columns["place_evidence"] = pc.if_else(pc.equal(joined, ""), None, joined)
    columns |= {name: pa.array(values, pa.bool_()) for name, values in marks.items()}
    return pa.table(columns)


def _plain(text: str | None) -> str:
    plain = "".join(half_width(text or "").split())
    return "" if plain.upper() in _NOTHING else plain


def _told(found: Sequence[Found], from_: From) -> Recognised | None:
    """What the words tell for sure: a district named at the head, a township, a place elsewhere."""
    head = _head(found)
    for word in found:
        place = word.place
        if place.kind == "elsewhere":
            return Recognised(from_=from_, evidence=(word.text,), is_elsewhere=True)
        if place.kind == "district" or (place.kind == "short" and word in head):
            assert place.district is not None
            sure = Recognised(district=place.district, from_=from_, evidence=(word.text,))
            return _with_town(sure, [other for other in found if other.start > word.start])
        if place.kind == "town" and len({town.district for town in place.towns}) == 1:
            if any(_is_whole_district(other, place.towns) for other in found):
                continue  # the district stands behind: 乙镇(甲市)
            return _of_town(place.towns, from_, (word.text,))
    return None


def _told_by_name(gazetteer: Gazetteer, name: str) -> Recognised | None:
    """The name tells by whole and short names alike; of a branch, its own part tells first."""
    _, company, branch = name.rpartition("公司")
    for text in (branch, name) if company and branch else (name,):
        found = gazetteer.find(text)
        for word in found:
            if word.place.kind in ("district", "short"):
                district = word.place.district
                assert district is not None
                sure = Recognised(district=district, from_="name", evidence=(word.text,))
                return _with_town(sure, [other for other in found if other.start > word.start])
        town = next((word for word in found if _is_sure_town(word)), None)
        if town is not None:
            return _of_town(town.place.towns, "name", (town.text,))
    outside = next((w for w in gazetteer.find(name) if w.place.kind == "elsewhere"), None)
    if outside is not None:
        return Recognised(from_="name", evidence=(outside.text,), is_elsewhere=True)
    return None


def _is_sure_town(word: Found) -> bool:
    return word.place.kind == "town" and len({t.district for t in word.place.towns}) == 1


def _is_whole_district(word: Found, towns: Iterable[Town]) -> bool:
    return word.place.kind == "district" and word.place.district not in {t.district for t in towns}


def _head(found: Sequence[Found]) -> list[Found]:
    """The words that follow one another from the text's start: province, city, district …"""
    head: list[Found] = []
    end = 0
    for word in found:
        if word.start > end + 1:  # one sign may stand between
            break
        head.append(word)
        end = word.end
    return head


def _with_town(sure: Recognised, found: Iterable[Found]) -> Recognised:
    """Add the first township of the district that the words name; one moved away moves it."""
    if sure.district is None or sure.township is not None:
        return sure
    for word in found:
        if word.place.kind not in ("town", "stem"):
            continue
        inside = [town for town in word.place.towns if town.district == sure.district]
        if inside:
            titles = {(town.title, town.code) for town in inside}
            title, code = titles.pop() if len(titles) == 1 else (None, None)
            return _placed(sure, sure.district, (title, code), word.text)
        moved = [town for town in word.place.towns if sure.district in town.formerly_in]
        if moved and word.place.kind == "town":
            place = (moved[0].title, moved[0].code)
            return _placed(sure, moved[0].district, place, word.text, is_moved=True)
    return sure


def _placed(
    sure: Recognised,
    district: str,
    town: tuple[str | None, str | None],
    word: str,
    *,
    is_moved: bool = False,
) -> Recognised:
    return Recognised(
        district=district,
        township=town[0],
        township_code=town[1],
        from_=sure.from_,
        evidence=(*sure.evidence, word),
        is_moved=is_moved,
    )


def _of_town(
    towns: Sequence[Town], from_: From, evidence: tuple[str, ...], *, is_guess: bool = False
) -> Recognised:
    """A district told by its township alone."""
    titles = {(town.title, town.code) for town in towns}
    title, code = titles.pop() if len(titles) == 1 else (None, None)
    return Recognised(
        district=towns[0].district,
        township=title,
        township_code=code,
        from_=from_,
        evidence=evidence,
        is_guess=is_guess,
    )


def _guess_of_district(found: Sequence[Found], from_: From) -> Recognised | None:
    """A district's name in mid-text, or a park: likely, no more."""
    word = next((word for word in found if word.place.kind in ("short", "park")), None)
    if word is None:
        return None
    district = word.place.district
    return Recognised(district=district, from_=from_, evidence=(word.text,), is_guess=True)


def _guess_of_town(found: Sequence[Found], from_: From) -> Recognised | None:
    """A township's name without its ending, when it is one district's only."""
    for word in found:
        towns = word.place.towns
        if towns and len({town.district for town in towns}) == 1:
            return _of_town(towns, from_, (word.text,), is_guess=True)
    return None


def _seat(gazetteer: Gazetteer, found: Sequence[Found], from_: From) -> Recognised | None:
    """The city alone: most likely the district where the city's seat is."""
    city = next((word for word in found if word.place.kind == "city"), None)
    if city is None or gazetteer.seat is None:
        return None
    return Recognised(district=gazetteer.seat, from_=from_, evidence=(city.text,), is_guess=True)
