"""Policies pushed to enterprises, with receipts; who should know of a policy, and does."""

from typing import Any, Literal

import pyarrow as pa
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from cityforge.brain.errors import Text
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.api import actions, lists
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import CSV, PARQUET, XLSX, route
from cityforge.portal.api.routes.policies import PolicyId
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.campaigns import (
    CampaignFull,
    CampaignOut,
    HeldOut,
    MissedOut,
    PlaceKnown,
    PolicyKnown,
    ReachedOut,
    RecipientOut,
)
from cityforge.portal.campaigns import actions as pushing
from cityforge.portal.campaigns import coverage as covered
from cityforge.portal.campaigns import permissions, queries, receipts
from cityforge.portal.campaigns.coverage import Steps
from cityforge.portal.campaigns.models import Campaign
from cityforge.portal.campaigns.queries import Row
from cityforge.portal.enterprises import queries as enterprises

router = Router(tags=["精准推送 · Push"])
_TABLES = (CSV, PARQUET, XLSX)
CampaignId = Path(..., ge=1, le=2**31, description="推送的编号 · Number of the push", examples=[1])
_COUNTS = ("entitled", "accounts", "reached", "read", "looked", "answered")
_KNOWN = Columns(
    ("policy", "title", *_COUNTS),
    (
        Text(zh="政策代码", en="policy"),
        Text(zh="政策", en="title"),
        Text(zh="符合条件", en="entitled"),
        Text(zh="有账号", en="accounts"),
        Text(zh="已触达", en="reached"),
        Text(zh="已读", en="read"),
        Text(zh="点开查看", en="looked at"),
        Text(zh="之后作答", en="answered"),
    ),
    lambda one: (
        one[0].id, one[0].title.zh, *(str(getattr(one[1], name)) for name in _COUNTS)
    ),
    dict.fromkeys(_COUNTS, pa.int64()),
)  # fmt: skip
_MISSED = Columns(
    ("uscc", "name", "district", "how"),
    (
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="企业名称", en="name"),
        Text(zh="区县", en="district"),
        Text(zh="情况", en="how"),
    ),
    lambda one: (one.uscc, one.name, one.district.zh, one.how.zh),
)
_RECIPIENTS = Columns(
    ("uscc", "name", "district", "group", "channels", "read", "followed"),
    (
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="企业名称", en="name"),
        Text(zh="区县", en="district"),
        Text(zh="类别", en="group"),
        Text(zh="各方式状态", en="channels"),
        Text(zh="已读时间", en="read at"),
        Text(zh="查看时间", en="looked at"),
    ),
    lambda line: _line(line),
)


@route(
    router, "GET", "/campaigns", "campaigns.view",
    zh="政策推送，新的在前", en="Pushes of policies, the newest first", out=Page[CampaignOut],
)  # fmt: skip
def campaigns(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> Any:
    """Those with a recipient in reach, and one's own."""
    found = queries.campaigns(request.user)
    return lists.page(
        request,
        found.count(),
        lambda start, stop: queries.rows(request.user, list(found[start:stop])),
        _row,
        limit=limit,
        offset=offset,
    )


@route(
    router, "GET", "/campaigns/coverage", "campaigns.coverage",
    zh="每项政策谁该知道、谁已知道", en="Of every policy, who should know and does",
    out=Page[PolicyKnown], kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def campaign_coverage(
    request: HttpRequest,
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """Counted among those entitled by the newest run, in one's own places."""
    found = covered.overview(request.user) or []
    listing = Listing(
        "push-coverage",
        Text(zh="政策知晓", en="Who knows"),
        len(found),
        lambda start, stop: found[start:stop],
        _KNOWN,
        lambda one: PolicyKnown(
            policy=one[0].id, title=words(one[0].title), **_steps(one[1])
        ),
    )  # fmt: skip
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/campaigns/coverage/{policy}", "campaigns.coverage",
    zh="一项政策在各区县谁知道", en="Who knows of a policy, by district", out=list[PlaceKnown],
)  # fmt: skip
def campaign_coverage_of(request: HttpRequest, policy: str = PolicyId) -> Any:
    """In one's own places."""
    _reached(request, policy, "campaigns.coverage")
    return [
        PlaceKnown(place=words(title), **_steps(steps))
        for title, steps in covered.districts(request.user, policy)
    ]


@route(
    router, "GET", "/campaigns/coverage/{policy}/missed", "campaigns.names",
    zh="还不知道一项政策的企业", en="Enterprises that do not know of a policy yet",
    out=Page[MissedOut], kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def campaign_missed(
    request: HttpRequest,
    policy: str = PolicyId,
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """Entitled, with an account, and not reached or not read; in one's own places."""
    _reached(request, policy, "campaigns.names")
    found = covered.missed(request.user, policy)
    listing = Listing(
        f"missed-{policy}",
        Text(zh="尚不知晓的企业", en="Who does not know"),
        len(found),
        lambda start, stop: _missed(found[start:stop]),
        _MISSED,
        lambda one: one,
        taken=lambda form, count: actions.exported(
            request.user, f"missed-{policy}", form=form, rows=count
        ),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/campaigns/{number}", "campaigns.view",
    zh="一次推送和回执", en="A push with its receipts", out=CampaignFull,
)  # fmt: skip
def campaign(request: HttpRequest, number: int = CampaignId) -> Any:
    """How far it is, who was reached, who read it; counted in reach."""
    shown = queries.shown(request.user, _of(request, number))
    one = shown.campaign
    row = Row(one, shown.title, shown.state, shown.light, shown.count)
    return CampaignFull(
        **_row(row).model_dump(),
        run=one.run,
        working=shown.is_working,
        progress=one.progress,
        next=words(shown.next),
        whom=[words(each) for each in shown.whom],
        district=words(shown.district) if shown.district else None,
        reached=[ReachedOut(title=words(each.title), count=each.sent) for each in shown.channels],
        rest=[
            HeldOut(
                channel=words(channel),
                state=words(state),
                reason=words(why) if why else None,
                count=count,
            )
            for _, channel, state, why, count in shown.rest
        ],
        read=shown.read,
        followed=shown.followed,
    )


@route(
    router, "GET", "/campaigns/{number}/recipients", "campaigns.names",
    zh="推送名单和逐家回执", en="The recipients of a push, each with its receipts",
    out=Page[RecipientOut], kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def recipients(
    request: HttpRequest,
    number: int = CampaignId,
    show: Literal["", "missed", "unread"] = Query(
        "", description="missed 没有送达，unread 未读 · Not reached, or not read",
        examples=["unread"],
    ),
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:  # fmt: skip
    """In reach; that the list is taken out leaves word in the trail."""
    one = _of(request, number)
    found = queries.recipients(request.user, one, show=show)
    listing = Listing(
        f"push-{one.pk}",
        Text(zh="推送名单", en="Recipients"),
        found.count(),
        lambda start, stop: receipts.lines(one, list(found[start:stop])),
        _RECIPIENTS,
        _recipient,
        taken=lambda _form, _rows: pushing.handed_out(one, by=request.user),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


def _of(request: HttpRequest, number: int) -> Campaign:
    found = queries.campaign(request.user, number)
    if found is None:
        raise Http404
    return found


def _reached(request: HttpRequest, policy: str, action: str) -> None:
    """404 for a policy that is not there, and for one of which nothing is in reach."""
    known = any(one.id == policy for one in permissions.cards())
    if not known or permissions.reach(request.user, action).of(policy) == Places():
        raise Http404


def _missed(lines: list[tuple[str, str, Text]]) -> list[MissedOut]:
    names = enterprises.names_of([code for code, _, _ in lines])
    return [
        MissedOut(
            uscc=code,
            name=names.get(code, ""),
            district=words(queries.districts(at)),
            how=words(how),
        )
        for code, at, how in lines
    ]


def _row(row: Row) -> CampaignOut:
    one = row.campaign
    return CampaignOut(
        id=one.pk,
        policy=one.policy,
        title=words(row.title),
        state=one.state,
        state_title=words(row.state),
        count=row.count,
        made_by=one.made_by.shown,
        made_at=one.made_at,
    )


def _steps(steps: Steps) -> dict[str, Any]:
    counts = {name: getattr(steps, name) for name in _COUNTS}
    by = [ReachedOut(title=words(title), count=count) for title, count in steps.by]
    return counts | {"channels": by}


def _recipient(line: receipts.Line) -> RecipientOut:
    return RecipientOut(
        uscc=line.recipient.uscc,
        name=line.recipient.name,
        district=words(line.district),
        group=words(line.group),
        channels=[words(state) for _, state, _ in line.channels],
        read=line.read,
        followed=line.followed,
    )


def _line(line: receipts.Line) -> tuple[str, ...]:
    told = _recipient(line)
    moments = (one.isoformat() if one else "" for one in (told.read, told.followed))
    states = "；".join(one.zh for one in told.channels)
    return (told.uscc, told.name, told.district.zh, told.group.zh, states, *moments)
