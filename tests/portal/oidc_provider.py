"""A real OpenID provider at a port of its own, whose answers a test may forge."""

import base64
import hashlib
import io
import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the parts it is made of
    import oidc_provider_mock

CLIENT = "portal"
ALICE, BOB = "u-1001", "u-1002"
_CLAIMS = {
    ALICE: {"name": "王丽", "email": "wang.li@example.org"},
    BOB: {"name": "赵强", "email": "zhao.qiang@example.org"},
}
_OWN, _STRANGE = (rsa.generate_private_key(65537, 2048) for _ in range(2))
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Provider:
    """The mock with its ID tokens signed anew, so that a test may change what they say.

    changed     claims in place of the right ones; None takes one away
    by          "own": signed by the published key; "strange": by another; "none": not at all;
                "secret": by the client's secret, as HS256
    discovery   in place of what the provider says of itself
    userinfo    in place of what it says of a person
    broken      paths that answer 500
    tokens      what was sent to the token endpoint, the newest last
    """

    def __init__(self, issuer: str, mock: Application) -> None:
        self.issuer, self.mock = issuer, mock
        self.tokens: list[dict[str, str]] = []
        self.honest()

    def honest(self) -> None:
        self.changed: dict[str, Any] = {}
        self.by = "own"
        self.discovery: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.broken: tuple[str, ...] = ()

    @property
    def settings(self) -> dict[str, str]:
        return {
            "issuer": self.issuer, "client_id": CLIENT, "client_secret": "s" * 32,
            "name": "市统一身份认证", "name_en": "the city's sign-on",
        }  # fmt: skip

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path in self.broken:
            start("500 Internal Server Error", [])
            return [b""]
        if path == "/jwks":
            key = jwt.algorithms.RSAAlgorithm.to_jwk(_OWN.public_key(), as_dict=True)
            return _json(start, {"keys": [{**key, "use": "sig", "kid": "own"}]})
        if path == "/userinfo" and self.userinfo is not None:
            return _json(start, self.userinfo)
        if path == "/oauth2/token":
            self._remember(environ)
        if path not in ("/oauth2/token", "/.well-known/openid-configuration"):
            return self.mock(environ, start)
        status: list[Any] = []
        said = json.loads(b"".join(self.mock(environ, lambda *args: status.extend(args))))
        if "id_token" in said:
            said["id_token"] = self._signed(said["id_token"])
        elif path != "/oauth2/token":
            said |= self.discovery
        return _json(start, said, status[0])

    def _remember(self, environ: dict[str, Any]) -> None:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.tokens.append({name: one[0] for name, one in parse_qs(body.decode()).items()})
        environ["wsgi.input"] = io.BytesIO(body)

    def _signed(self, token: str) -> str | None:
        said = jwt.decode(token, options={"verify_signature": False}) | self.changed
        said = {name: value for name, value in said.items() if value is not None}
        if self.by == "none":
            return jwt.encode(said, None, algorithm="none")
        if self.by == "secret":
            return jwt.encode(said, "s" * 32, algorithm="HS256", headers={"kid": "own"})
        key = _OWN if self.by == "own" else _STRANGE
        return jwt.encode(said, key, algorithm="RS256", headers={"kid": "own"})

    def asked(self, address: str) -> dict[str, str]:
        """What the portal asks of the provider in an address."""
        return {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}

    def answer(self, address: str, subject: str | None) -> str:
        """Prove to be somebody there; the path and query by which one is sent back. None: deny."""
        form = {"action": "deny"} if subject is None else {"sub": subject}
        said = requests.post(address, data=form, allow_redirects=False, timeout=10)
        back = urlsplit(said.headers["Location"])
        state = self.asked(address)["state"]  # the mock forgets it where somebody denies
        return f"{back.path}?{back.query}" + ("" if subject else f"&state={state}")


def _json(start: Callable[..., Any], said: Any, status: str = "200 OK") -> list[bytes]:
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]


def challenge(verifier: str) -> str:
    """The PKCE challenge of a verifier, RFC 7636."""
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


@contextmanager
def running() -> Iterator[Provider]:
    """A provider with two people."""
    people = [oidc_provider_mock.User(sub=sub, claims=said) for sub, said in _CLAIMS.items()]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        provider = Provider(f"http://localhost:{server.server_port}", server.app)
        server.app = provider
        yield provider
