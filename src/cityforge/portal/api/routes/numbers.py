"""Permanent addresses of numbers, each with the receipt by which anyone counts it again."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Router

from cityforge.portal.api import numbers as known
from cityforge.portal.api.numbers import Told
from cityforge.portal.api.route import route
from cityforge.portal.api.shapes.answers import words
from cityforge.portal.api.shapes.evaluations import NumberLine, NumberOut, ReceiptOut

router = Router(tags=["数的永久地址 · Numbers"])
SnapshotId = Path(..., max_length=40, pattern=r"^[-0-9a-f]+$",
                  description="运行编号 · Id of the run",
                  examples=["2025-09-30-eaa37b610fec"])  # fmt: skip
SchemeId = Path(..., max_length=63, pattern=r"^[-a-zA-Z0-9_]+$",
                description="方案代码 · Id of the scheme", examples=["lanhe_2025"])  # fmt: skip
Version = Path(..., max_length=8, pattern=r"^(run|[1-9][0-9]*)$",
               description="run 为运行结果，数字为公示的第几版 · run, or a version shown",
               examples=["run"])  # fmt: skip


@route(
    router, "GET", "/numbers/{snapshot}/{scheme}/{version}", "api.numbers",
    zh="一版结果的全部家数", en="Every count of a version", out=list[NumberLine],
)  # fmt: skip
def number_list(
    request: HttpRequest,
    snapshot: str = SnapshotId,
    scheme: str = SchemeId,
    version: str = Version,
) -> Any:
    """What was shown to the public is open to all; the rest by permission."""
    found = known.every(request.user, snapshot, scheme, version)
    if not found:
        raise Http404
    return [
        NumberLine(
            address=address(one),
            place=one.place,
            grade=one.grade,
            value=one.value,
            withheld=one.withheld,
        )
        for one in found
    ]


@route(
    router, "GET", "/numbers/{snapshot}/{scheme}/{version}/{place}/{grade}", "api.numbers",
    zh="一个数和它的重算凭据", en="A number with its receipt", out=NumberOut,
)  # fmt: skip
def number(
    request: HttpRequest,
    snapshot: str = SnapshotId,
    scheme: str = SchemeId,
    version: str = Version,
    place: str = Path(..., max_length=63, description="city 或区县代码 · city, or a district",
                      examples=["city"]),
    grade: str = Path(..., max_length=8, description="等次；T 为不定级 · The grade; T: exempt",
                      examples=["A"]),
) -> Any:  # fmt: skip
    """What it means, where it is from, as of when, and how to count it again."""
    found = known.one(request.user, snapshot, scheme, version, place, grade)
    if found is None:
        raise Http404
    of, receipt = found.of, found.of.receipt
    return NumberOut(
        address=address(found),
        value=found.value,
        withheld=found.withheld,
        unit=words(found.unit),
        definition=words(found.definition),
        source=of.source,
        as_of=of.as_of,
        year=of.year,
        snapshot=of.snapshot,
        scheme=of.scheme,
        version=of.version,
        place=found.place,
        place_title=words(of.places[found.place]),
        grade=found.grade,
        simulated=of.simulated,
        receipt=ReceiptOut(
            run=receipt.run,
            version=receipt.version,
            city_digest=receipt.city_digest,
            table=receipt.table,
            table_digest=receipt.table_digest,
            list_digest=receipt.list_digest,
            commands=list(receipt.commands),
            query=of.query(found.place, found.grade),
        ),
    )


def address(one: Told) -> str:
    return f"/api/v1/numbers/{one.path}"
