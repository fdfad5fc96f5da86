"""Policies being written: drafts of one's bureaus, what lint says of them, what they would do."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Router

from cityforge.portal.analytics.policies import effects, review
from cityforge.portal.analytics.policies.review import Fault
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Limit, Offset
from cityforge.portal.api.route import route
from cityforge.portal.api.shapes.answers import Page, table, words
from cityforge.portal.api.shapes.drafts import (
    DraftFull,
    DraftOut,
    EffectsOut,
    ExampleOut,
    LintOut,
    TextOut,
    WordingOut,
)
from cityforge.portal.api.shapes.policies import CandidateRow
from cityforge.portal.policies import drafts as queries
from cityforge.portal.policies import states
from cityforge.portal.policies.models import Draft

router = Router(tags=["政策起草 · Drafts"])
DraftId = Path(..., ge=1, le=2**31, description="草稿的编号 · Number of the draft", examples=[1])


@route(
    router, "GET", "/policies/drafts", "policies.drafts",
    zh="政策草稿，新的在前", en="Drafts of policies, the newest first", out=Page[DraftOut],
)  # fmt: skip
def drafts(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> Any:
    """Of one's bureaus, published and withdrawn ones too; the public sees none of them."""
    found = queries.of_user(request.user)
    return lists.page(
        request,
        found.count(),
        lambda start, stop: queries.rows(found, start=start, stop=stop),
        lambda row: DraftOut(**_told(row.draft, row.bureau)),
        limit=limit,
        offset=offset,
    )


@route(
    router, "GET", "/policies/drafts/{number}", "policies.drafts",
    zh="一份草稿：全文、检查结果、算例", en="A draft: its text, what lint says, its examples",
    out=DraftFull,
)  # fmt: skip
def draft(request: HttpRequest, number: int = DraftId) -> Any:
    """As it stands saved. It is written, and published by a second person, on the page."""
    found = _of(request, number)
    shown = queries.shown(request.user, found)
    look = review.look(found.policy, shown.newest.text)
    return DraftFull(
        **_told(found, shown.bureau),
        next=words(shown.next),
        note=found.note,
        reason=found.reason,
        changed=shown.changed,
        text=shown.newest.text,
        versions=[
            WordingOut(number=one.number, digest=one.digest, by=one.by.shown, at=one.at)
            for one in shown.wordings
        ],
        sound=look.is_sound if look else False,
        day=look.day if look else None,
        lint=[_fault(one) for one in look.faults] if look else [],
        examples=[
            ExampleOut(title=words(one.title), passed=one.passed, says=words(one.says))
            for one in (look.examples if look else ())
        ],
        elsewhere=look.elsewhere if look else 0,
        may={name: one.now for name, one in shown.may.items()},
    )


@route(
    router, "GET", "/policies/drafts/{number}/effects", "policies.drafts",
    zh="草稿发布后会怎样：谁符合、花多少、谁得谁失",
    en="What a draft would do: who is entitled, what it costs, who gains and loses",
    out=EffectsOut,
)  # fmt: skip
def draft_effects(request: HttpRequest, number: int = DraftId) -> Any:
    """By the newest run, for the whole city; names for those who may see them. Takes seconds."""
    found = _of(request, number)
    text = queries.shown(request.user, found).newest.text
    told = effects.effects(found.policy, text, names=queries.sees_names(request.user))
    return EffectsOut(
        says=[words(one) for one in told.says],
        tables=[table(one) for one in told.tables],
        compared=told.compared,
        waiting=[words(one) for one in told.waiting],
        hurdles=table(told.hurdles) if told.hurdles else None,
        near=table(told.near) if told.near else None,
        first=None
        if told.lines is None
        else [CandidateRow.model_validate(one) for one in told.lines],
        refused=words(told.refused) if told.refused else None,
    )


@route(
    router, "GET", "/policies/drafts/{number}/texts/{which}", "policies.drafts",
    zh="草稿的一份文本：某一稿、起草时的、现行的",
    en="A text of a draft: one of its versions, what it began from, what is in force",
    out=TextOut,
)  # fmt: skip
def draft_text(
    request: HttpRequest,
    number: int = DraftId,
    which: str = Path(
        ..., pattern=r"^(force|base|[1-9][0-9]{0,7})$",
        description="force 现行，base 起草时，或第几稿 · force, base, or number of a version",
        examples=["base"],
    ),
) -> Any:  # fmt: skip
    """To be compared by whoever asks."""
    found = queries.text_of(_of(request, number), which)
    if found is None:
        raise Http404
    return TextOut(title=words(found[0]), text=found[1])


def _of(request: HttpRequest, number: int) -> Draft:
    """404 for a draft of another bureau as for one that is not there."""
    found = queries.draft(request.user, number)
    if found is None:
        raise Http404
    return found


def _told(one: Draft, bureau: str) -> dict[str, Any]:
    plain = ("policy", "title", "state", "begun_at", "submitted_at", "decided_at")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in plain},
        "bureau": bureau,
        "state_title": words(states.STATES[one.state]),
        "begun_by": one.begun_by.shown,
    }


def _fault(one: Fault) -> LintOut:
    problem = one.problem
    return LintOut(
        line=problem.line,
        column=problem.column,
        error=one.is_error,
        what=words(problem.what),
        hint=words(problem.hint),
        group=words(one.group) if one.group else None,
        answer=one.answer,
    )
