"""E-mail by SMTP: settings.SMTP_URL and SMTP_FROM.

smtps://user:password@host:465              TLS from the start
smtp://user:password@host:587               TLS by STARTTLS; refused where the server has none
smtp://host:25?tls=none                     without TLS: within one machine
?ca=/file.pem                               trust this authority alone
?timeout=20                                 seconds to wait for each answer
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as _LINES
from email.utils import formatdate, parseaddr
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cityforge.portal.notices.posting import Down, Later, Letter, NotSent, Refused, Unsure

_LOST = (smtplib.SMTPServerDisconnected, OSError)


@dataclass(frozen=True, slots=True)
class Server:
    """`tls`: start (from the first byte), starttls, none."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    ca: str | None
    timeout: float

    @classmethod
    def of(cls, url: str) -> "Server":
        """Raises ImproperlyConfigured."""
        parts = urlsplit(url)
        more = dict(parse_qsl(parts.query))
        tls = more.get("tls", "start" if parts.scheme == "smtps" else "starttls")
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ImproperlyConfigured("CITYFORGE_SMTP_URL: smtp(s)://user:password@host:port")
        if tls not in ("start", "starttls", "none"):
            raise ImproperlyConfigured("CITYFORGE_SMTP_URL: ?tls=start, starttls, none")
        return cls(
            parts.hostname,
            parts.port or (465 if tls == "start" else 587),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            tls,
            more.get("ca"),
            float(more.get("timeout", 20)),
        )


class Smtp:
    """The connector of e-mail: one connection over many letters, opened anew where it is lost.

    A letter handed over without an answer is unsure and never sent again: at most once.
    """

    def __init__(self) -> None:
        self.server = Server.of(settings.SMTP_URL)
        self.sender = settings.SMTP_FROM
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> "Smtp":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, letter: Letter) -> None:
        try:
            data = self._written(letter)
        except (MessageError, ValueError, UnicodeError) as error:
            raise Refused(str(error)) from error
        server = self._connected()
        try:
            for answer in (server.mail(parseaddr(self.sender)[1]), server.rcpt(letter.to)):
                self._check(*answer)
        except _LOST as error:
            self._close()
            raise Later(str(error)) from error
        try:
            answer = server.data(data)
        except smtplib.SMTPDataError as error:  # refused before anything of it was sent
            answer = (error.smtp_code, error.smtp_error)
        except _LOST as error:
            self._close()
            raise Unsure(str(error)) from error
        self._check(*answer)

    def reach(self) -> None:
        """Connect, with TLS as it is set, and sign in; nothing is sent. Raises Down."""
        server = self._connected()
        try:
            self._check(*server.noop())
        except (*_LOST, NotSent) as error:
            raise Down(str(error)) from error

    def _written(self, letter: Letter) -> bytes:
        message = EmailMessage(policy=_LINES)
        message["From"], message["To"] = self.sender, letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False, usegmt=True)
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text, cte="base64")
        return message.as_bytes()

    def _connected(self) -> smtplib.SMTP:
        """Raises Down."""
        if self._open is not None:
            return self._open
        own = self.server
        context = ssl.create_default_context(cafile=own.ca)
        here = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        where = {"host": own.host, "port": own.port, "timeout": own.timeout, "local_hostname": here}
        opened: smtplib.SMTP | None = None
        try:
            if own.tls == "start":
                opened = smtplib.SMTP_SSL(**where, context=context)
            else:
                opened = smtplib.SMTP(**where)
            if own.tls == "starttls":
                opened.starttls(context=context)
            if own.user:
                opened.login(own.user, own.password)
            opened.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            if opened is not None:
                opened.close()
            raise Down(str(error)) from error
        self._open = opened
        return opened

    def _check(self, code: int, said: bytes) -> None:
        """Raises NotSent by the code of an answer; the connection is ready for the next letter."""
        if 200 <= code < 300:
            return
        told = f"{code} {said.decode('utf-8', 'replace')}"[:200]
        failed: NotSent = Later(told) if 400 <= code < 500 else Refused(told)
        if code == 421:  # the server says goodbye
            self._close()
        elif self._open is not None:
            try:
                self._open.rset()
            except (smtplib.SMTPException, OSError):
                self._close()
        raise failed

    def _close(self) -> None:
        opened, self._open = self._open, None
        if opened is None:
            return
        try:
            opened.quit()
        except (smtplib.SMTPException, OSError):
            opened.close()
