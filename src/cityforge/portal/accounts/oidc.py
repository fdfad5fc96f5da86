"""Sign-on by OpenID Connect: who a provider says somebody is, proven.

django-allauth speaks the protocol (discovery, state, PKCE, the exchange of the code) and is stopped
there: it makes no account, signs nobody in, shows no page of its own. Added here: a nonce; the
description must be of the very issuer that the settings name; the ID token's signature, issuer,
audience and time must be right, though it comes by a direct line; and what is asked about a person
besides must be of the same subject.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException

from cityforge.brain.errors import Text

SIGNED_ON = "signed_on"  # in a session: the issuer by whom it began
CANCELLED, UNREACHABLE, WRONG = "cancelled", "unreachable", "wrong"
_PROVIDER = "openid_connect"
# Signed by a key pair: a secret shared with the provider proves nothing to an auditor.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
               "EdDSA")  # fmt: skip
_CLAIMS = ("iss", "sub", "aud", "exp", "iat")
_SLACK = 30  # seconds that the clocks may differ
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LONGEST_SUBJECT = 255
_log = logging.getLogger(__name__)


class Refused(Exception):
    """Nobody is proven. `why`: cancelled, unreachable or wrong; `said`: more of it, for the log."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(f"{why}: {said}")
        self.why = why
        self.said = said


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom the provider proved, what it claims of them, and the address they wanted."""

    issuer: str
    subject: str
    name: str
    email: str
    to: str


def title() -> Text | None:
    """What the provider is called; None where sign-on is off."""
    told = settings.SIGN_ON
    return Text(zh=told["name"], en=told["name_en"]) if told else None


def start(request: HttpRequest, to: str) -> str:
    """The address at the provider where somebody proves who they are. Raises Refused."""
    nonce = secrets.token_urlsafe(24)
    with _told():
        answer = _Provider(request, app=_app()).redirect(
            request,
            process=AuthProcess.LOGIN,
            next_url=to,
            auth_params={"nonce": nonce},
            nonce=nonce,  # kept beside the state
        )
    return answer["Location"]


def finish(request: HttpRequest) -> Proven:
    """Whom the provider sent back. Raises Refused."""
    with _told():
        try:
            OAuth2CallbackView.adapter_view(_Protocol(request, _PROVIDER))(request)
        except _Ended as ended:
            return _proven(ended.login)
    raise Refused(WRONG, "the library took another road")


def address(issuer: str) -> str:
    """Where a provider describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def description() -> dict[str, Any]:
    """What the provider says of itself. Raises Refused."""
    with _told():
        return _Protocol(None, _PROVIDER).openid_config


class Adapter(DefaultSocialAccountAdapter):
    """Hands each outcome back to `finish`, before the library would act on it."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> "_Provider":
        return _Provider(request, app=_app())

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        raise _Ended(sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: OpenIDConnectProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        if exception is not None:
            raise exception
        if error == AuthError.CANCELLED:
            raise Refused(CANCELLED, "at the provider")
        raise Refused(WRONG, "no such state, or no code")


class _Ended(Exception):
    """The library is through."""

    def __init__(self, login: SocialLogin) -> None:
        super().__init__()
        self.login = login


class _Protocol(OpenIDConnectOAuth2Adapter):
    """The library's protocol, stricter."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("accounts:sign-on-done"))

    @property
    def openid_config(self) -> dict[str, Any]:
        found = super().openid_config
        issuer = settings.SIGN_ON["issuer"]
        if not isinstance(found, dict) or found.get("issuer") != issuer:
            other = found.get("issuer") if isinstance(found, dict) else None
            raise OAuth2Error(f"issuer is {other}, not {issuer}")
        scheme = issuer.partition("://")[0]
        for name in _ENDPOINTS:
            if not str(found.get(name)).startswith(f"{scheme}://"):
                raise OAuth2Error(f"{name} is {found.get(name)}")
        return found

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        said = self._verified(app, str(kwargs["response"].get("id_token", "")))
        if not said.get("name") and self.openid_config.get("userinfo_endpoint"):
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != said["sub"]:
                raise OAuth2Error("userinfo is of another subject")
            said = {**more, **said}
        account = SocialAccount(provider=_PROVIDER, uid=said["sub"], extra_data=said)
        return SocialLogin(provider=self.get_provider(), account=account)

    def _verified(self, app: SocialApp, token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            return jwt.decode(
                token,
                _key(answer.json(), token),
                algorithms=_ALGORITHMS,
                audience=app.client_id,
                issuer=settings.SIGN_ON["issuer"],
                leeway=_SLACK,
                options={"require": list(_CLAIMS)},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"ID token: {error}") from error


class _Provider(OpenIDConnectProvider):
    oauth2_adapter_class = _Protocol


def _app() -> SocialApp:
    """The portal as the provider knows it: from the settings, never from the database."""
    told = settings.SIGN_ON
    return SocialApp(
        provider=_PROVIDER,
        provider_id=_PROVIDER,
        name=told["name"],
        client_id=told["client_id"],
        secret=told["client_secret"],
        settings={"server_url": address(told["issuer"]), "oauth_pkce_enabled": True},
    )


def _key(document: dict[str, Any], token: str) -> jwt.PyJWK:
    """The key that a token names; one that names none is signed by the provider's only key."""
    named = jwt.get_unverified_header(token).get("kid")
    signing = [
        key
        for key in jwt.PyJWKSet.from_dict(document).keys
        if key.public_key_use in ("sig", None) and named in (None, key.key_id)
    ]
    if len(signing) != 1:
        raise jwt.InvalidKeyError(f"{len(signing)} keys fit")
    return signing[0]


def _proven(login: SocialLogin) -> Proven:
    said = login.account.extra_data
    if said.get("nonce") != login.state["nonce"]:
        raise Refused(WRONG, "another nonce")
    if said.get("azp", settings.SIGN_ON["client_id"]) != settings.SIGN_ON["client_id"]:
        raise Refused(WRONG, "made for another client")
    subject = said["sub"]
    if not (subject.isascii() and subject.isprintable() and 0 < len(subject) <= _LONGEST_SUBJECT):
        raise Refused(WRONG, "no such subject can be")
    return Proven(
        issuer=said["iss"],
        subject=subject,
        name=_plain(said.get("name") or said.get("preferred_username"), 200),
        email=_plain(said.get("email"), 254),
        to=login.state.get("next", ""),
    )


def _plain(claim: object, most: int) -> str:
    text = claim if isinstance(claim, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:most]


@contextmanager
def _told() -> Iterator[None]:
    """A provider that does not answer, or not as the standard has it: told as Refused."""
    try:
        yield
    except Refused as refused:
        _log.warning("sign-on: %s", refused)
        raise
    except RequestException as error:
        _log.warning("sign-on: %s", error)
        status = "" if error.response is None else f" {error.response.status_code}"
        raise Refused(UNREACHABLE, type(error).__name__ + status) from error
    except (OAuth2Error, LookupError, TypeError, ValueError) as error:
        _log.warning("sign-on: %s: %.300s", type(error).__name__, error)
        raise Refused(WRONG, str(error)[:300]) from error
