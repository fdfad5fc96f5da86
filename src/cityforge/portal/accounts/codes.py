"""One-time codes of a phone (TOTP, RFC 6238), and passwords to be used once."""

import secrets
import time

import pyotp
import segno

# No letter or digit that is read as another one.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_SLACK = 1  # steps of thirty seconds that a phone's clock may be off


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, *, after: int, now: float | None = None) -> int | None:
    """The step of time that a code belongs to; None where it is wrong, too old, or used before.

    `after`: the step of the last code used; `now`: seconds since 1970, the clock's without.
    """
    made = pyotp.TOTP(secret)
    current = int(time.time() if now is None else now) // made.interval
    for step in range(current - _SLACK, current + _SLACK + 1):
        wanted = made.generate_otp(step)
        if secrets.compare_digest(wanted.encode(), code.encode()) and step > after:
            return step
    return None


def picture(secret: str, *, username: str, issuer: str) -> str:
    """The QR code a phone reads, as a data address of an SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)


def once() -> str:
    """A password to be used once: four groups of four, 79 bits, easy to read aloud."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
