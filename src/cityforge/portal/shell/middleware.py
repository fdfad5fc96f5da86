"""What every answer carries: a content policy, and the reader's language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
LANGUAGES = ("zh", "en")
COOKIE = "language"
# Nothing is loaded from elsewhere; no script or style stands inside a page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def policy(answer: Answer) -> Answer:
    """The content policy, unless a view set its own; pages about people are not kept by caches."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answered


def language(answer: Answer) -> Answer:
    """`request.language`: from ?lang=, else the cookie, else Chinese. A choice is remembered."""

    def answered(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang")
        chosen = asked if asked in LANGUAGES else request.COOKIES.get(COOKIE)
        request.language = chosen if chosen in LANGUAGES else "zh"  # type: ignore[attr-defined]
        response = answer(request)
        if asked in LANGUAGES:
            response.set_cookie(COOKIE, asked, max_age=31_536_000, samesite="Lax", httponly=True)
        return response

    return answered
