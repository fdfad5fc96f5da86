"""Reading the list of enterprises, always within the scope of who asks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from cityforge.brain.errors import Text
from cityforge.brain.values import industry
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.permissions import Person, Scope
from cityforge.portal.analytics import dossiers
from cityforge.portal.enterprises import permissions as own
from cityforge.portal.enterprises import search
from cityforge.portal.enterprises.models import (
    ASKED,
    Claim,
    Enterprise,
    FormerName,
    Indexed,
    Merger,
)

MOST = 1_000  # shown; who wants more narrows the search, or downloads
DOWNLOAD = 50_000
_CODE = re.compile(r"[0-9A-Z]{4,18}")
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words or a code; and what the list is narrowed to, "" for all."""

    text: str = ""
    district: str = ""
    industry: str = ""
    size: str = ""
    grade: str = ""

    @property
    def is_narrowed(self) -> bool:
        return any((self.text, self.district, self.industry, self.size, self.grade))


@dataclass(frozen=True, slots=True)
class Row:
    """One enterprise of a list, with the former names that it may have been found by."""

    enterprise: Enterprise
    former: tuple[str, ...]
    district: Text
    industry: Text


def numbers(person: Person, asked: Asked, *, most: int = MOST) -> list[int]:
    """Places in the list of whom is looked for; at most one more than `most`."""
    scope = permissions.scope(person, "enterprises.view")
    if not own.is_official(person) or scope == permissions.NOTHING:
        return []
    text = asked.text.strip().upper()
    marks = _marks(scope, asked)
    if _CODE.fullmatch(text):
        coded = _by_code(scope, asked, text, most)
        if coded:
            return coded
    if not text and not marks:
        rows = Enterprise.objects.filter(own.visible(scope), merged=False).order_by("number")
        return list(rows.values_list("number", flat=True)[: most + 1])
    return search.found(text, marks, most=most + 1)


def _by_code(scope: Scope, asked: Asked, text: str, most: int) -> list[int]:
    """Whose credit code begins so, or was merged into another that does."""
    first, last = text.ljust(18, "0"), text.ljust(18, "Z")
    merged = Merger.objects.filter(undone_at=None, uscc__gte=first, uscc__lte=last)
    codes = list(merged.values_list("into", flat=True)[:most])
    told = {
        name: value for name, value in (
            ("district", asked.district), ("industry", asked.industry),
            ("size", asked.size), ("grade", asked.grade),
        ) if value
    }  # fmt: skip
    # Places are by code: in the order of the codes' own index nothing is sorted.
    rows = Enterprise.objects.filter(own.visible(scope), merged=False, **told).order_by("uscc")
    found = set(rows.filter(uscc__gte=first, uscc__lte=last)
                .values_list("number", flat=True)[: most + 1])  # fmt: skip
    if codes:
        found |= set(rows.filter(uscc__in=codes).values_list("number", flat=True))
    return sorted(found)[: most + 1]


def _marks(scope: Scope, asked: Asked) -> list[list[str]]:
    marks = []
    if not scope.everything:
        districts = [search.mark("d", code) for code in sorted(scope.districts)]
        parks = [search.mark("p", code) for code in sorted(scope.parks)]
        marks.append([*districts, *parks] or [search.mark("d", "")])
    for kind, code in (("d", asked.district), ("i", asked.industry), ("s", asked.size),
                       ("g", asked.grade)):  # fmt: skip
        if code:
            marks.append([search.mark(kind, code)])
    return marks


def rows(person: Person, chosen: list[int]) -> list[Row]:
    """The enterprises at some places of the list, in order; those out of scope are left out."""
    scope = permissions.scope(person, "enterprises.view")
    found = list(
        Enterprise.objects.filter(own.visible(scope), merged=False, number__in=chosen).order_by(
            "number"
        )
    )
    former: dict[str, list[str]] = {}
    codes = [one.uscc for one in found]
    for uscc, name in FormerName.objects.filter(uscc__in=codes).values_list("uscc", "name"):
        former.setdefault(uscc, []).append(name)
    places = dict(dossiers.districts())
    return [
        Row(
            one,
            tuple(former.get(one.uscc, ())),
            places.get(one.district, Text(zh="—", en="—")),
            division(one.industry),
        )
        for one in found
    ]


def division(code: str) -> Text:
    """A division of GB/T 4754 with its name."""
    return industry.titled(code) if code else Text(zh="—", en="—")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person's list can be narrowed to: id and title each."""

    districts: list[tuple[str, Text]]
    industries: list[tuple[str, Text]]
    sizes: list[str]
    grades: list[str]


def choices(person: Person) -> Choices:
    """Only what the scope holds; sizes for whom their level is open."""
    scope = permissions.scope(person, "enterprises.view")
    kept = indexed()
    told = kept.choices if kept else {}
    return Choices(
        [one for one in dossiers.districts() if scope.everything or one[0] in scope.districts],
        [(code, division(code)) for code in told.get("industries", ())],
        list(told.get("sizes", ())) if sees_sizes(person) else [],
        list(told.get("grades", ())),
    )


def sees_sizes(person: Person) -> bool:
    """Whether a person may read size classes in lists: they tell of revenue and people."""
    return dossiers.may_see(dossiers.size_level(), own.list_level(person))


def is_simulated() -> bool:
    return dossiers.is_simulated()


def all_rows(person: Person, asked: Asked) -> Iterator[Row]:
    """Everybody found, for a download: at most `DOWNLOAD`."""
    chosen = numbers(person, asked, most=DOWNLOAD)[:DOWNLOAD]
    # An enterprise a chunk: SQLite takes few thousand parameters at a time.
    for start in range(0, len(chosen), _CHUNK):
        yield from rows(person, chosen[start : start + _CHUNK])


def one(person: Person, action: str, uscc: str) -> Enterprise | None:
    """An enterprise that a person may see in an action; None alike for others' and for none."""
    scope = permissions.scope(person, action)
    return Enterprise.objects.filter(own.visible(scope), uscc=uscc.strip().upper()).first()


def mine(person: Person) -> list[Enterprise]:
    """The enterprises that a person acts for."""
    codes = permissions.scope(person, "dossier.mine").enterprises
    return list(Enterprise.objects.filter(uscc__in=codes))


def seen_of(person: Person, codes: list[str]) -> set[str]:
    """Of some credit codes those whose names a person may read as an official."""
    if not own.is_official(person):
        return set()
    scope = permissions.scope(person, "enterprises.view")
    found = Enterprise.objects.filter(own.visible(scope), uscc__in=codes)
    return set(found.values_list("uscc", flat=True))


def former_names(uscc: str) -> list[str]:
    return list(FormerName.objects.filter(uscc=uscc).values_list("name", flat=True))


def indexed() -> Indexed | None:
    return Indexed.objects.first()


def allowed(person: Person, asked: Asked, *, sizes: bool) -> Asked:
    """What is asked without what its reader may not narrow by: sizes tell of revenue."""
    return asked if sizes else replace(asked, size="")


def own_claims(person: Person) -> QuerySet[Claim]:
    return Claim.objects.filter(user=person.pk)


def claims(person: Person, action: str = "enterprises.rule") -> QuerySet[Claim]:
    """Claims that a person may rule on, or look after in another action: the open ones first."""
    scope = permissions.scope(person, action)
    found = Claim.objects.select_related("user", "ruled_by")
    if not scope.everything:
        own_rows = Enterprise.objects.filter(own.visible(scope))
        found = found.filter(uscc__in=own_rows.values("uscc"))
    return found


def waiting(person: Person) -> int:
    return claims(person).filter(state=ASKED).count()


def names_of(codes: list[str]) -> dict[str, str]:
    return dict(Enterprise.objects.filter(uscc__in=codes).values_list("uscc", "name"))


def merged_from(uscc: str) -> list[Merger]:
    """Codes told under this one."""
    return list(Merger.objects.filter(into=uscc, undone_at=None).select_related("made_by"))


def merged_into(uscc: str) -> str:
    """The code that this one is told under; "" where it stands by itself."""
    found = Merger.objects.filter(uscc=uscc, undone_at=None).first()
    return found.into if found else ""
