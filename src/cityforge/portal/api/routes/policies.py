"""Policies: catalogue, one, windows, open to all; coverage and candidates for officers."""

from typing import Annotated, Any

import pyarrow as pa
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from cityforge.brain.errors import Text
from cityforge.portal.analytics.policies import catalogue as known
from cityforge.portal.analytics.policies import offices
from cityforge.portal.analytics.policies.catalogue import Card
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import CSV, PARQUET, XLSX, route
from cityforge.portal.api.shapes.answers import Page, table, words
from cityforge.portal.api.shapes.drafts import SimulationOut, TermOut
from cityforge.portal.api.shapes.policies import (
    CandidateRow,
    CandidatesOut,
    CoverageRow,
    PolicyFull,
    PolicyRow,
    WindowOut,
)
from cityforge.portal.policies import actions, queries
from cityforge.portal.policies.queries import Wanted

router = Router(tags=["政策 · Policies"])
_TABLES = (CSV, PARQUET, XLSX)
_TERM = r"^[-a-zA-Z0-9_]{1,63}=.{1,40}$"
_TITLE = Text(zh="名称", en="title")
_OFFICE = Text(zh="经办部门", en="office")
_POLICIES = Columns(
    ("id", "title", "level", "districts", "office", "document", "delivery", "pays", "state"),
    (
        Text(zh="政策代码", en="policy"),
        _TITLE,
        Text(zh="层级", en="level"),
        Text(zh="适用区县", en="districts"),
        _OFFICE,
        Text(zh="文件", en="document"),
        Text(zh="办理方式", en="delivery"),
        Text(zh="支持内容", en="pays"),
        Text(zh="受理状态", en="state"),
    ),
    lambda one: (
        one.id, one.title.zh, one.level, "；".join(one.districts), one.office, one.document,
        one.delivery, one.pays.zh, one.state,
    ),
)  # fmt: skip
_COVERAGE = Columns(
    ("policy", "title", "eligible", "unknown", "not_yet", "amount"),
    (
        Text(zh="政策代码", en="policy"),
        _TITLE,
        Text(zh="符合条件", en="eligible"),
        Text(zh="信息不足", en="unknown"),
        Text(zh="暂不符合", en="not yet"),
        Text(zh="测算金额", en="amount"),
    ),
    lambda one: (
        one.card.id, one.card.title.zh, str(one.eligible), str(one.unknown), str(one.not_yet),
        one.amount.zh if one.amount else "",
    ),
    dict.fromkeys(("eligible", "unknown", "not_yet"), pa.int64()),
)  # fmt: skip
_CANDIDATES = Columns(
    ("uscc", "name", "district", "amount", "basis", "provisional"),
    (
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="企业名称", en="name"),
        Text(zh="区县", en="district"),
        Text(zh="测算金额", en="amount"),
        Text(zh="依据", en="basis"),
        Text(zh="是否暂定", en="provisional"),
    ),
    lambda one: (
        one.uscc, one.name, one.district.zh, one.amount.zh if one.amount else "", one.basis.zh,
        "true" if one.provisional else "false",
    ),
)  # fmt: skip
PolicyId = Path(..., max_length=63, pattern=r"^[-a-zA-Z0-9_]+$",
                description="政策代码 · Id of the policy", examples=["lh_rd"])  # fmt: skip


def _said(zh: str, en: str, example: str) -> Any:
    return Query("", max_length=60, description=f"{zh} · {en}", examples=[example])


@route(
    router, "GET", "/policies", "policies.catalogue",
    zh="政策目录", en="The catalogue of policies", out=Page[PolicyRow],
    kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def policies(
    request: HttpRequest,
    q: str = _said("查政策和条款", "Words of policies and clauses", "研发费用"),
    level: str = _said("层级", "Level", "city"),
    district: str = _said("区县代码", "Id of a district", "qingyu"),
    delivery: str = _said("办理方式", "How it is had", "automatic"),
    when: str = _said("受理状态", "Its window", "open"),
    models: bool = Query(  # noqa: FBT001
        default=False, description="外地参照 · Models of other places", examples=[False]
    ),
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """Best first where words are asked; open to all."""
    whole = known.catalogue()
    wanted = Wanted(q, level, district, delivery, when, mine=False, models=models)
    hits = queries.found(whole, wanted, frozenset()) if whole else []
    cards = [one.card for one in hits]
    listing = Listing(
        "policies",
        Text(zh="政策目录", en="Policies"),
        len(cards),
        lambda start, stop: cards[start:stop],
        _POLICIES,
        PolicyRow.model_validate,
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/policies/windows", "policies.catalogue",
    zh="受理时间", en="When calls open and close", out=list[WindowOut],
)  # fmt: skip
def windows(request: HttpRequest) -> Any:
    """By the day they open; open to all."""
    whole = known.catalogue()
    return list(whole.windows) if whole else []


@route(
    router, "GET", "/policies/coverage", "policies.coverage",
    zh="每项政策覆盖多少企业", en="How many enterprises each policy covers",
    out=Page[CoverageRow], kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def coverage(
    request: HttpRequest,
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """Among the enterprises of one's own places."""
    found = offices.coverage(queries.places(request.user, "policies.coverage")) or []
    listing = Listing(
        "coverage",
        Text(zh="政策覆盖", en="Coverage"),
        len(found),
        lambda start, stop: found[start:stop],
        _COVERAGE,
        lambda one: CoverageRow(
            policy=one.card.id,
            title=words(one.card.title),
            eligible=one.eligible,
            unknown=one.unknown,
            not_yet=one.not_yet,
            amount=words(one.amount) if one.amount else None,
        ),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/policies/{policy}", "policies.catalogue",
    zh="一项政策的全部内容", en="All of one policy", out=PolicyFull,
)  # fmt: skip
def policy(request: HttpRequest, policy: str = PolicyId) -> Any:
    """Open to all."""
    found = known.policy(policy)
    if found is None:
        raise Http404
    return found


@route(
    router, "GET", "/policies/{policy}/candidates", "policies.candidates",
    zh="符合条件的企业", en="Whom a policy is for", out=Page[CandidateRow],
    kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def candidates(
    request: HttpRequest,
    policy: str = PolicyId,
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """Of one's own places; that the list is taken out leaves word in the trail."""
    found = _candidates(request, policy)
    listing = Listing(
        f"candidates-{policy}",
        Text(zh="符合条件的企业", en="Candidates"),
        len(found.lines),
        lambda start, stop: found.lines[start:stop],
        _CANDIDATES,
        CandidateRow.model_validate,
        taken=lambda _form, _rows: actions.handed_out(policy, by=request.user),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/policies/{policy}/hurdles", "policies.candidates",
    zh="卡在哪些条件、谁只差一项", en="What holds others back, and who is near", out=CandidatesOut,
)  # fmt: skip
def hurdles(request: HttpRequest, policy: str = PolicyId) -> Any:
    """Among the enterprises of one's own places."""
    found = _candidates(request, policy)
    return CandidatesOut(
        says=[words(one) for one in found.says],
        hurdles=table(found.hurdles),
        near=table(found.near) if found.near else None,
    )


@route(
    router, "GET", "/policies/{policy}/simulation", "policies.simulate",
    zh="一项政策要花多少钱，或换个门槛会怎样",
    en="What a policy costs, with its terms as they are or as asked", out=SimulationOut,
)  # fmt: skip
def simulation(
    request: HttpRequest,
    policy: str = PolicyId,
    term: list[Annotated[str, Query(pattern=_TERM)]] = Query(  # noqa: B008
        [], max_length=20, description="试改，如 share=2%，可写多个 · What to try, many times",
        examples=[["share=2%"]],
    ),
) -> Any:  # fmt: skip
    """Among the enterprises of one's own places. Nothing is changed by it."""
    _card(policy, models=True)
    asked = dict(one.split("=", 1) for one in term)
    found = offices.simulate(policy, asked, queries.places(request.user, "policies.simulate"))
    if found is None:
        raise Http404
    return SimulationOut(
        terms=[
            TermOut(id=one.id, says=words(one.says), value=one.value, asked=one.asked)
            for one in found.terms
        ],
        says=[words(one) for one in found.says],
        tables=[table(one) for one in found.tables],
        refused=words(found.refused) if found.refused else None,
    )


def _card(policy: str, *, models: bool = False) -> Card:
    whole = known.catalogue()
    card = next((one for one in whole.cards if one.id == policy), None) if whole else None
    if card is None or (card.model and not models):
        raise Http404
    return card


def _candidates(request: HttpRequest, policy: str) -> offices.Candidates:
    _card(policy)
    found = offices.candidates(policy, queries.places(request.user, "policies.candidates"))
    if found is None:
        raise Http404
    return found
