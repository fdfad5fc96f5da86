"""Who may agree for an enterprise, and when; each refusal with the reason that the page shows."""

from datetime import timedelta

from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.notices.models import Consent

MOST_A_DAY, MOST_TRIES = 5, 5


def check_speaks_for(user: User, organisation: Organisation) -> None:
    permissions.check(user, "notices.consent")
    if organisation.code not in permissions.scope(user, "notices.consent").enterprises:
        raise NotAllowed(Text(zh="只能为自己所属的企业设置", en="For one's own enterprise alone."))


def check_may_ask(organisation: Organisation, channel: str) -> None:
    """Codes are sent to strangers' addresses too: not many of them."""
    day = timezone.now() - timedelta(days=1)
    asked = Consent.objects.filter(organisation=organisation, channel=channel, asked_at__gt=day)
    if asked.count() >= MOST_A_DAY:
        raise NotNow(
            Text(zh="今天申请的次数已到上限，明天再试", en="Asked too often today; try tomorrow.")
        )


def check_may_try(consent: Consent) -> None:
    if consent.tries >= MOST_TRIES:
        raise NotNow(
            Text(zh="错得太多，请重新获取验证码", en="Wrong too often: ask for another code.")
        )
