"""What the views of evaluations share: what is there, what is one's own, an act and its reply."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest

from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grades
from cityforge.portal.evaluations.forms import (
    BeginForm,
    ObjectionForm,
    RerunForm,
    RulingForm,
    WithdrawForm,
)

_INCOMPLETE = Text(zh="有内容没有填或填得不对", en="Something is missing or wrong.")


def known(scheme: str) -> None:
    if not grades.exists(scheme):
        raise Http404


def own(request: HttpRequest, uscc: str) -> None:
    if uscc not in permissions.scope(request.user, "evaluations.speak").enterprises:
        raise Http404  # whether there is such an enterprise is nobody else's business


def clean(
    form: "BeginForm | ObjectionForm | RerunForm | RulingForm | WithdrawForm",
) -> dict[str, object]:
    if not form.is_valid():
        raise permissions.NotAllowed(_INCOMPLETE)
    return dict(form.cleaned_data)


def do(request: HttpRequest, act: Callable[[], object]) -> None:
    """An act, with what came of it, or what it refuses, told on the page."""
    try:
        told = act()
    except permissions.NotAllowed as refused:
        messages.error(request, refused.text.say(request.language))
    except CityForgeError as refused:
        messages.error(request, refused.text.say(request.language))
    else:
        done = Text(zh="已记录", en="Recorded.")
        messages.success(request, done.say(request.language))
        for said in told if isinstance(told, list) else ():
            messages.info(request, said.say(request.language))
