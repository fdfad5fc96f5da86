"""Proceedings on runs that are in force no more, to be read."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import earlier
from cityforge.portal.analytics.earlier import Earlier
from cityforge.portal.api import scopes
from cityforge.portal.api.route import route
from cityforge.portal.api.routes.evaluations import SchemeId, Year
from cityforge.portal.api.routes.numbers import SnapshotId
from cityforge.portal.api.shapes.answers import table, words
from cityforge.portal.api.shapes.proceedings import EarlierFull, EarlierOut

router = Router(tags=["评价 · Evaluation"])


@route(
    router, "GET", "/evaluations/earlier", "evaluations.conduct",
    zh="以前的评价程序", en="Proceedings on runs that are in force no more", out=list[EarlierOut],
)  # fmt: skip
def earlier_proceedings(request: HttpRequest) -> Any:
    """The newest run's first."""
    permissions.check_whole_city(request.user, "evaluations.conduct")
    return [_told(one) for one in earlier.evaluations()]


@route(
    router, "GET", "/evaluations/earlier/{snapshot}/{scheme}/{year}", "evaluations.conduct",
    zh="以前的一次评价程序", en="One of those proceedings", out=EarlierFull,
)  # fmt: skip
def earlier_proceeding(
    request: HttpRequest, snapshot: str = SnapshotId, scheme: str = SchemeId, year: int = Year
) -> Any:
    """What was objected to and computed, with figures: the token needs `confidential`."""
    permissions.check_whole_city(request.user, "evaluations.conduct")
    scopes.check(request.user, "facts.confidential")
    found = earlier.opened(snapshot, scheme, year)
    if found is None:
        raise Http404
    told = _told(found.about).model_dump()
    return EarlierFull(**told, as_of=found.as_of, tables=[table(one) for one in found.tables])


def _told(one: Earlier) -> EarlierOut:
    return EarlierOut(
        run=one.run,
        scheme=one.scheme,
        title=words(one.title),
        year=one.year,
        stage=words(one.stage),
        objections=one.objections,
        versions=one.versions,
    )
