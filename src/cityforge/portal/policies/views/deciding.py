"""Handing a draft on: to be published, back to its writers, into the city folder."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.policies import drafting, drafts, publishing
from cityforge.portal.policies.forms import WordsForm
from cityforge.portal.shell.guard import needs


@needs("policies.draft")
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda words, _: drafting.submit(request.user, pk, note=words))


@needs("policies.draft")
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda *_: drafting.take_back(request.user, pk))


@needs("policies.draft")
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda *_: drafting.take_over(request.user, pk))


@needs("policies.draft")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda *_: drafting.withdraw(request.user, pk))


@needs("policies.publish")
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda words, _: drafting.send_back(request.user, pk, reason=words))


@needs("policies.publish")
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what was seen: the form says by its digest which version that was."""
    said = Text(
        zh="已发布：政策目录已是新版，下次运行起按新版匹配企业",
        en="Published: the catalogue has it; enterprises are matched by it from the next run on.",
    )

    def act(_: str, digest: str) -> None:
        publishing.publish(request.user, pk, digest=digest)
        messages.success(request, said.say(request.language))

    return _done(request, pk, act)


def _done(request: HttpRequest, pk: int, act: Callable[[str, str], None]) -> HttpResponse:
    """Do it and show the draft; what cannot be done now is told there."""
    if drafts.draft(request.user, pk) is None:
        raise Http404
    form = WordsForm(request.POST)
    form.is_valid()
    told = form.cleaned_data
    try:
        act(told.get("words", ""), told.get("digest", ""))
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
    return redirect("policies:draft", pk)
