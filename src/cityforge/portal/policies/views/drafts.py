"""Writing a policy: the list of drafts, beginning one, the page on which it is written."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.policies import effects, in_force, review
from cityforge.portal.policies import drafting, drafts, publishing
from cityforge.portal.policies.forms import BeginForm, TextForm
from cityforge.portal.policies.models import Draft
from cityforge.portal.shell.guard import needs

_UNREAD = Text(
    zh="文本是空的，或太长、含有不能用的字符：没有保存",
    en="The text is empty, too long, or holds characters that cannot be used; it was not saved.",
)

_EARLIER = Text(
    zh="已用以前的文本起草：检查、测算以后提交，由另一位审核员发布",
    en="A draft holds the earlier text: check it, hand it in; another person publishes it.",
)


@needs("policies.drafts")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what is being written, what was published."""
    publishing.repair()
    page = {
        "waiting": drafts.rows(drafts.waiting(request.user)),
        "every": drafts.rows(drafts.of_user(request.user)),
        "may_begin": drafts.may_begin(request.user),
        "is_there": review.is_there(),
    }
    return render(request, "policies/drafts.html", page)


@needs("policies.draft")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Choose what to begin from; then on to the page on which it is written."""
    form = BeginForm(request.POST if request.method == "POST" else None)
    wrong = None
    if form.is_bound and form.is_valid():
        try:
            return redirect("policies:draft", _begun(request, form.cleaned_data).pk)
        except NotNow as refused:
            wrong = refused.text
    elif form.is_bound:
        wrong = Text(zh="没有填全，或填得不对", en="Something is missing or not as it should be.")
    page = {
        "form": form,
        "wrong": wrong,
        "choices": drafts.choices(request.user),
        "patterns": review.known(),
        "bureaus": drafts.bureaus(request.user),
        "templates": review.templates(),
        "today": contracts.today(),
        "chosen": request.GET.get("policy", "") or request.POST.get("policy", ""),
        "is_there": review.is_there(),
    }
    return render(request, "policies/begin.html", page, status=422 if wrong else 200)


def _begun(request: HttpRequest, asked: dict[str, str]) -> Draft:
    if asked["policy"]:
        return drafting.begin(request.user, asked["policy"], bureau=asked["bureau"])
    return drafting.begin_new(
        request.user,
        asked["name"].strip(),
        asked["title"].strip(),
        source=asked["source"],
        day=asked["starts"] or contracts.today(),
        bureau=asked["bureau"],
    )


@needs("policies.drafts")
@require_GET
def versions(request: HttpRequest, name: str) -> HttpResponse:
    """The texts of a policy that stood in force; one of them beside the file in force."""
    now, found = in_force.digest_of(name), drafts.kept(request.user, name)
    if not now and not found:
        raise Http404
    chosen = next((one for one in found if one.digest == request.GET.get("text")), None)
    page = {
        "name": name,
        "title": review.title_in_force(name),
        "now": now,
        "versions": found,
        "chosen": chosen,
        "lines": drafts.compare(in_force.text(name), chosen.text) if chosen else None,
        "may_begin": drafts.may_begin(request.user),
    }
    return render(request, "policies/versions.html", page)


@needs("policies.draft")
@require_POST
def begin_from(request: HttpRequest, name: str) -> HttpResponse:
    """A new draft that holds an earlier text."""
    try:
        made = drafting.begin_from(request.user, name, request.POST.get("text", ""))
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
        return redirect("policies:versions", name)
    messages.success(request, _EARLIER.say(request.language))
    return redirect("policies:draft", made.pk)


@needs("policies.drafts")
@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with all that is to be known before it is published."""
    publishing.repair()
    return page_of(request, _draft(request, pk))


@needs("policies.draft")
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the text; what cannot be kept stays on the page."""
    found = _draft(request, pk)
    form = TextForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, text=request.POST.get("text", ""), wrong=_UNREAD)
    text = form.cleaned_data["text"]
    try:
        drafting.save(request.user, pk, text, seen=form.cleaned_data["digest"])
    except NotNow as refused:
        return page_of(request, found, text=text, wrong=refused.text)
    messages.success(request, Text(zh="已保存", en="Saved").say(request.language))
    return redirect("policies:draft", pk)


@needs("policies.drafts")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The text as it is typed, looked over; nothing is kept."""
    found = _draft(request, pk)
    text = _typed(request)
    if not request.htmx:
        return page_of(request, found, text=text)
    page = {"draft": found, "look": review.look(found.policy, text)}
    return render(request, "policies/_looked.html", page)


@needs("policies.drafts")
@require_POST
def work_out(request: HttpRequest, pk: int) -> HttpResponse:
    """What the text would do: candidates, money, who gains and loses; nothing is kept."""
    found = _draft(request, pk)
    text = _typed(request)
    names = drafts.sees_names(request.user)
    told = effects.effects(found.policy, text, names=names)
    if not request.htmx:
        return page_of(request, found, text=text, told=told)
    return render(request, "policies/_effects.html", {"effects": told, "focus": True})


@needs("policies.drafts")
@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two of: the file in force, the file it began from, its versions; line by line."""
    found = _draft(request, pk)
    newest = drafting.newest(found)
    one = request.GET.get("from", "force")
    other = request.GET.get("to", str(newest.number))
    sides = drafts.text_of(found, one), drafts.text_of(found, other)
    if sides[0] is None or sides[1] is None:
        raise Http404
    page = {
        "shown": drafts.shown(request.user, found),
        "sides": (sides[0][0], sides[1][0]),
        "chosen": (one, other),
        "lines": drafts.compare(sides[0][1], sides[1][1]),
    }
    return render(request, "policies/compare.html", page)


def page_of(
    request: HttpRequest,
    found: Draft,
    *,
    text: str | None = None,
    told: effects.Effects | None = None,
    wrong: Text | None = None,
) -> HttpResponse:
    """The page of a draft; `text`: as typed, which is not kept yet."""
    shown = drafts.shown(request.user, found)
    typed = shown.newest.text if text is None else text
    page = {
        "shown": shown,
        "draft": found,
        "text": typed,
        "numbers": range(1, typed.count("\n") + 2),
        "look": review.look(found.policy, typed),
        "effects": told,
        "unsaved": text is not None and text != shown.newest.text,
        "wrong": wrong,
    }
    return render(request, "policies/draft.html", page, status=422 if wrong else 200)


def _typed(request: HttpRequest) -> str:
    """What was typed, as it would be kept; as much of it as may be looked at."""
    form = TextForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["text"])
    return str(request.POST.get("text", ""))[: review.LONGEST + 1]


def _draft(request: HttpRequest, pk: int) -> Draft:
    """404 for a draft of another bureau as for one that is not there."""
    found = drafts.draft(request.user, pk)
    if found is None:
        raise Http404
    return found
