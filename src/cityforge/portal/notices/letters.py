"""What leaves the portal: never what it is about, only that there is something to read inside."""

import hmac
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cityforge.portal.notices.models import Consent, Dispatch
from cityforge.portal.notices.posting import Letter
from cityforge.portal.notices.states import SMS

CODE_LASTS = timedelta(minutes=30)
_STOP = Signer(salt="notices.stop")


def letter(dispatch: Dispatch, consent: Consent) -> Letter:
    """That a notice waits in the inbox."""
    inbox = settings.BASE_URL + reverse("notices:inbox")
    if dispatch.channel == SMS:
        return Letter(
            consent.address,
            f"【铸城】您有一条惠企政策消息，请登录查看：{inbox} 退订：门户“接收设置”",
        )
    stop = settings.BASE_URL + reverse("notices:stop", args=[stop_token(consent)])
    text = (
        f"您有一条惠企政策消息。登录后查看：\n{inbox}\n\n"
        f"There is a message about a policy for you. Sign in to read it:\n{inbox}\n\n"
        f"--\n不再接收 · unsubscribe: {stop}\n"
    )
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Message-ID": f"<dispatch-{dispatch.pk}@{_domain()}>",
        "Auto-Submitted": "auto-generated",
    }
    return Letter(consent.address, text, "您有一条惠企政策消息 · A message about a policy", headers)


def proof(consent: Consent) -> Letter:
    """The code that proves an address."""
    number = code(consent)
    if consent.channel == SMS:
        return Letter(consent.address, f"【铸城】验证码 {number}，30 分钟内有效。")
    text = (
        f"验证码：{number}\n30 分钟内在门户“接收设置”中填写。没有申请过请忽略。\n\n"
        f"Code: {number}\nEnter it in the portal within 30 minutes; ignore it if you did not ask.\n"
    )
    return Letter(consent.address, text, "验证码 · Your code", {"Auto-Submitted": "auto-generated"})


def code(consent: Consent) -> str:
    """Six digits that are kept nowhere: worked out of the consent and the secret key."""
    said = f"{consent.pk}:{consent.channel}:{consent.address}:{consent.asked_at.isoformat()}"
    digest = salted_hmac("notices.code", said, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def is_code(consent: Consent, given: str) -> bool:
    in_time = timezone.now() - consent.asked_at <= CODE_LASTS
    return in_time and hmac.compare_digest(code(consent).encode(), given.encode())


def stop_token(consent: Consent) -> str:
    """Signed, and good for ever: whoever has the letter may stop the next ones."""
    return _STOP.sign(str(consent.pk))


def stopped_by(token: str) -> int | None:
    """The consent that a token ends; None for a forged one."""
    try:
        return int(_STOP.unsign(token))
    except (BadSignature, ValueError):
        return None


def _domain() -> str:
    return str(settings.SMTP_FROM).rpartition("@")[2].strip("<> ") or "localhost"
