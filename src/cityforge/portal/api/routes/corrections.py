"""Facts put right: what may be, each correction, asked with evidence, ruled on by its bureau."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from ninja import File, Form, Path, Query, Router, Status
from ninja.files import UploadedFile

from cityforge.portal import evidence as kept
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.api import lists, scopes
from cityforge.portal.api.lists import Limit, Offset
from cityforge.portal.api.route import ANY_FILE, route
from cityforge.portal.api.routes.enterprises import Uscc
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.corrections import CorrectableOut, CorrectionOut, RuleIn
from cityforge.portal.corrections import actions, queries
from cityforge.portal.corrections.queries import Shown

router = Router(tags=["数据更正 · Corrections"])
CorrectionId = Path(
    ..., ge=1, le=2**31, description="更正的编号 · Number of the correction", examples=[1]
)


@route(
    router, "GET", "/corrections", "corrections.view",
    zh="数据更正，新的在前", en="Corrections, the newest first", out=Page[CorrectionOut],
)  # fmt: skip
def corrections(
    request: HttpRequest,
    waiting: bool | None = Query(  # noqa: FBT001
        None, description="只看待核实的，或只看办结的 · Those that wait, or those that do not",
        examples=[True],
    ),
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:  # fmt: skip
    """Of one's own enterprise, those that one's bureau rules on, or all for the city's analysts."""
    return lists.page(
        request,
        queries.count(request.user, waiting=waiting),
        lambda start, stop: queries.corrections(
            request.user, waiting=waiting, start=start, stop=stop
        ),
        _told,
        limit=limit,
        offset=offset,
    )


@route(
    router, "GET", "/corrections/{number}", "corrections.view",
    zh="一件数据更正", en="A correction", out=CorrectionOut,
)  # fmt: skip
def correction(request: HttpRequest, number: int = CorrectionId) -> Any:
    """What was said on what evidence, what was found, whether runs take it."""
    return _told(_of(request, number))


@route(
    router, "GET", "/corrections/{number}/evidence/{name}", "corrections.view",
    zh="一份佐证", en="A file of its evidence", out=None, kinds=(ANY_FILE,),
)  # fmt: skip
def correction_evidence(
    request: HttpRequest,
    number: int = CorrectionId,
    name: str = Path(
        ..., max_length=80, description="佐证文件名 · Name of the file",
        examples=["9f86d081884c7d65.pdf"],
    ),
) -> FileResponse:  # fmt: skip
    """To be saved; that it was opened leaves word in the trail."""
    found = _of(request, number).one
    file = kept.find(name) if name in found.evidence else None
    if file is None:
        raise Http404
    actions.taken(request.user, found, name)
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=ANY_FILE)


@route(
    router, "GET", "/enterprises/{uscc}/correctable", "corrections.ask",
    zh="本企业可以申请更正哪些项", en="Which facts of one's own enterprise may be put right",
    out=list[CorrectableOut],
)  # fmt: skip
def correctable(request: HttpRequest, uscc: str = Uscc) -> Any:
    """With the bureau that would rule; what the data say now is among its facts."""
    return [
        CorrectableOut(
            fact=one.name,
            title=words(one.title),
            unit=one.unit,
            kind=one.kind,
            choices=list(one.choices),
            dataset=words(one.dataset),
            owner=words(one.owner_title),
            declared=one.declared,
            yearly=one.yearly,
        )
        for one in queries.facts(_own(request, uscc), request.user)
    ]


@route(
    router, "POST", "/enterprises/{uscc}/corrections", "corrections.ask", status=201,
    zh="申请更正一项数据", en="Ask that a fact be put right", out=CorrectionOut,
    refuses=(400, 409),
)  # fmt: skip
def ask_correction(
    request: HttpRequest,
    uscc: str = Uscc,
    fact: str = Form(..., max_length=63, pattern=r"^[-a-zA-Z0-9_]+$",
                     description="更正哪一项，代码 · Id of the fact", examples=["tax_paid"]),
    year: int = Form(..., ge=1990, le=2200, description="年度 · The year", examples=[2024]),
    value: str = Form(..., min_length=1, max_length=100,
                      description="应为，按该项的单位 · What it should be, in its unit",
                      examples=["1350.5"]),
    reason: str = Form(..., min_length=1, max_length=1000, description="理由 · Why",
                       examples=["漏计二季度入库税款"]),
    evidence: list[UploadedFile] = File(  # noqa: B008
        ..., description="佐证：PDF、PNG、JPG，至多 5 个 · Evidence, 5 files at most",
        examples=["proof.pdf"],
    ),
) -> Any:  # fmt: skip
    """With evidence; its bureau rules on it. The token needs `read` and `confidential` too."""
    own = _own(request, uscc)
    made = actions.ask(
        request.user, own, fact, year, value=value, reason=reason.strip(), files=evidence
    )
    return Status(201, _told(_of(request, made.pk)))


@route(
    router, "POST", "/corrections/{number}/withdraw", "corrections.ask",
    zh="撤回一件更正", en="Withdraw a correction", out=CorrectionOut, refuses=(409,),
)  # fmt: skip
def withdraw_correction(request: HttpRequest, number: int = CorrectionId) -> Any:
    """Before it was ruled on."""
    _of(request, number)
    actions.withdraw(request.user, number)
    return _told(_of(request, number))


@route(
    router, "POST", "/corrections/{number}/rule", "corrections.rule",
    zh="核实一件更正", en="Rule on a correction", out=CorrectionOut, refuses=(400, 409),
)  # fmt: skip
def rule_correction(request: HttpRequest, given: RuleIn, number: int = CorrectionId) -> Any:
    """By the bureau that owns the fact, never by who asked; runs take what was accepted."""
    _of(request, number)
    actions.rule(request.user, number, given.outcome, grounds=given.grounds)
    return _told(_of(request, number))


def _of(request: HttpRequest, number: int) -> Shown:
    found = queries.shown(request.user, number)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, uscc: str) -> Organisation:
    """404 for another's as for none. Only what the token may see it may put right."""
    for action in ("dossier.view", "facts.confidential"):
        scopes.check(request.user, action)
    own = next((one for one in queries.enterprises_of(request.user) if one.code == uscc), None)
    if own is None:
        raise Http404
    return own


def _told(found: Shown) -> CorrectionOut:
    one = found.one
    return CorrectionOut(
        id=one.pk,
        uscc=one.organisation.code,
        enterprise=one.organisation.title,
        fact=one.fact,
        title=words(found.fact),
        dataset=words(found.dataset),
        owner=words(found.owner),
        year=one.year,
        stated=one.stated,
        stated_says=words(found.stated),
        value=one.value,
        value_says=words(found.value),
        reason=one.reason,
        evidence=one.evidence,
        state=one.state,
        state_title=words(found.state),
        counts=words(found.counts) if found.counts else None,
        origin=words(found.origin) if found.origin else None,
        later=found.later.pk if found.later else None,
        grounds=one.grounds,
        asked_by=one.asker,
        asked_at=one.at,
        ruled_by=one.ruler,
        ruled_at=one.ruled_at,
        may={"rule": found.may_rule, "withdraw": found.may_withdraw},
    )
