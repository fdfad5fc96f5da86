"""The policy check-up of one's own enterprise, and facts declared in it."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Status

from cityforge.brain.errors import Text
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.analytics.policies import catalogue
from cityforge.portal.analytics.policies.checking import Check, Refused
from cityforge.portal.api import scopes
from cityforge.portal.api.lists import Language
from cityforge.portal.api.route import route
from cityforge.portal.api.routes.policies import PolicyId
from cityforge.portal.api.shapes.answers import words
from cityforge.portal.api.shapes.policies import (
    AskOut,
    CheckedOut,
    ChecklistOut,
    CheckUpOut,
    DeclaredOut,
    DeclareIn,
    EntryOut,
    LackingOut,
    NearOut,
)
from cityforge.portal.dossier import queries as dossier
from cityforge.portal.policies import actions, queries
from cityforge.portal.policies.forms import AnswerForm

router = Router(tags=["政策体检 · Check-up"])
Of = Query(
    "", max_length=18, description="代表多家时哪一家的代码 · Whose, where one acts for several",
    examples=[""],
)  # fmt: skip


@route(
    router, "GET", "/check-up", "policies.check_up",
    zh="本企业的政策体检", en="The check-up of one's own enterprise", out=CheckUpOut,
    refuses=(404,),
)  # fmt: skip
def check_up(request: HttpRequest, of: str = Of, lang: Language = "zh") -> Any:
    """What it may have, what is near, which fact to tell first. The token needs `confidential`."""
    scopes.check(request.user, "facts.confidential")
    enterprise = _own(request, of)
    checked, lines = _found(enterprise, lang)
    return _page(checked.page, _declared(lines))


@route(
    router, "POST", "/check-up/facts", "policies.declare", status=201,
    zh="填报一项缺少的数据", en="Declare a fact that is lacking", out=list[DeclaredOut],
    refuses=(400, 404),
)  # fmt: skip
def declare(request: HttpRequest, given: DeclareIn, of: str = Of, lang: Language = "zh") -> Any:
    """One of `asks`; what is declared now comes back."""
    enterprise = _own(request, of)
    checked, _ = _found(enterprise, lang)
    asked = queries.question(checked, given.fact or "-")
    if asked is None:
        raise Http404
    form = AnswerForm(asked, language=lang, data={"value": given.value})
    if not form.is_valid():
        wrong = " ".join(form.errors["value"])
        raise Refused(Text(zh=wrong, en=wrong))
    literal = form.cleaned_data["value"]
    actions.declare(enterprise, asked.column, literal, year=checked.year, by=request.user)
    return Status(201, _declared(_found(enterprise, lang)[1]))


@route(
    router, "POST", "/check-up/facts/{number}/undo", "policies.declare",
    zh="撤回填报的一项", en="Take a declared fact back", out=list[DeclaredOut],
)  # fmt: skip
def undo(
    request: HttpRequest,
    number: int = Path(..., ge=1, le=2**31, description="填报的编号 · Its number", examples=[1]),
    of: str = Of,
    lang: Language = "zh",
) -> Any:
    """What is still declared comes back."""
    enterprise = _own(request, of)
    told = next((one for one in queries.declarations(enterprise) if one.pk == number), None)
    if told is None:
        raise Http404
    actions.undo(told, by=request.user)
    return _declared(_found(enterprise, lang)[1])


@route(
    router, "GET", "/policies/{policy}/checklist", "policies.check_up",
    zh="一项政策逐条对照本企业", en="A policy clause by clause for one's own enterprise",
    out=ChecklistOut,
)  # fmt: skip
def checklist(
    request: HttpRequest, policy: str = PolicyId, of: str = Of, lang: Language = "zh"
) -> Any:
    """With what it declared. The token needs `confidential`."""
    scopes.check(request.user, "facts.confidential")
    own = _own(request, of)
    page = catalogue.policy(policy)
    # A checklist by the version before would contradict the page of the policy.
    one = queries.checklist(own, policy, lang) if page is not None and not page.newer else None
    if one is None:
        raise Http404
    return ChecklistOut(
        uscc=own.code,
        policy=policy,
        answer=one.answer,
        provisional=one.provisional,
        met=one.met,
        clauses=one.clauses,
        money=one.near.entry.money,
        gaps=[gap.says for gap in one.near.gaps] if one.answer == "not_yet" else [],
        lacking=[LackingOut(fact=name, title=words(title)) for name, title in one.lacking],
        checks=_checked(one.checks),
    )


@route(
    router, "GET", "/enterprises/{uscc}/check-up", "dossier.view",
    zh="一家企业的政策体检", en="The check-up of an enterprise", out=CheckUpOut,
)  # fmt: skip
def enterprise_check_up(
    request: HttpRequest,
    uscc: str = Path(..., max_length=18, pattern=r"^[0-9A-Za-z]+$",
                     description="统一社会信用代码 · Credit code", examples=["91990001MK00000009"]),
    lang: Language = "zh",
) -> Any:  # fmt: skip
    """For those who may read its confidential data; without what it declared itself."""
    of = dossier.reader(request.user, uscc)
    page = dossier.check_up(of, lang) if of else None
    if page is None:
        raise Http404
    return _page(page, [])


def _checked(one: Check) -> CheckedOut:
    clause = one.clause
    return CheckedOut(
        id=clause.id,
        says=words(clause.says) if clause.says else None,
        article=clause.article,
        joins=words(clause.joins) if clause.joins else None,
        mark=one.mark,
        facts=[": ".join(fact) for fact in one.facts],
        parts=[_checked(part) for part in one.parts],
    )


def _own(request: HttpRequest, wanted: str) -> Organisation:
    own = queries.enterprises(request.user)
    chosen = [one for one in own if wanted in ("", one.code)]
    if not chosen:
        raise Http404
    return chosen[0]


def _found(enterprise: Organisation, language: Language) -> Any:
    found = queries.check_up(enterprise, queries.declarations(enterprise), language)
    if found is None:
        raise Http404
    return found


def _declared(lines: list[queries.Declared]) -> list[DeclaredOut]:
    return [
        DeclaredOut(
            number=one.number,
            fact=one.told.column,
            title=words(one.told.title),
            value=words(one.told.value),
            standing=one.told.standing,
            by=one.by,
            at=one.at,
        )
        for one in lines
    ]


def _page(page: Any, declared: list[DeclaredOut]) -> CheckUpOut:
    return CheckUpOut(
        uscc=page.code,
        name=page.name,
        sentence=page.sentence,
        best=[EntryOut.model_validate(one) for one in page.best],
        best_total=page.best_total,
        later=[EntryOut.model_validate(one) for one in page.later],
        later_total=page.later_total,
        near=[
            NearOut(
                entry=EntryOut.model_validate(one.entry),
                effort=one.effort,
                gaps=[gap.says for gap in one.gaps],
            )
            for one in page.near
        ],
        asks=[
            AskOut(
                fact=one.declare,
                title=one.title,
                holder=one.holder,
                settles=one.settles,
                money=one.money,
            )
            for one in page.asks
        ],
        declared=declared,
        disclaimer=list(page.disclaimer),
        run=page.run,
    )
