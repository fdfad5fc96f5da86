"""A mail server of tests: real SMTP on a port of this machine, which does what it is told."""

import asyncio
import ipaddress
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone


class Mailbox:
    """Takes letters; what it does with one is told by the name of its recipient.

    nobody@   refused for ever (550)
    busy@     not now (451), the first time
    full@     not now (452) after the letter was handed over, the first time
    spam@     refused for ever (554) after the letter was handed over
    slow@     takes the letter and does not answer in time
    bye@      says goodbye (421) and hangs up, the first time
    """

    def __init__(self) -> None:
        self.letters: list[tuple[str, Message]] = []
        self.asked: Counter[str] = Counter()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.asked[address] += 1
        name, first = address.partition("@")[0], self.asked[address] == 1
        if name == "nobody":
            return "550 no such user"
        if name in ("busy", "bye") and first:
            return "451 try again" if name == "busy" else "421 closing down"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        name = address.partition("@")[0]
        if name == "spam":
            return "554 not wanted"
        if name == "full" and self.asked[address] == 1:
            return "452 no room"
        self.letters.append((address, message_from_bytes(envelope.content, policy=default)))
        if name == "slow":
            await asyncio.sleep(1.5)
        return "250 OK"

    def to(self, address: str) -> list[Message]:
        return [letter for each, letter in self.letters if each == address]


@contextmanager
def running(mailbox: Mailbox, **more: Any) -> Iterator[int]:
    """The server on a free port."""
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def password_of(user: str, password: str) -> Any:
    """An authenticator that knows one person."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        is_right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=is_right, handled=False)

    return check


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """One for this machine's address, made now, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = timezone.now()
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return file, context
