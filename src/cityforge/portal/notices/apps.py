"""Notices: the inbox of each person, the roads out of the portal, and who agreed to them."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from cityforge.portal.notices.smtp import Server


class NoticesConfig(AppConfig):
    name = "cityforge.portal.notices"
    label = "notices"

    def ready(self) -> None:
        checks.register(mail_server)


def mail_server(app_configs: object, **more: Any) -> list[checks.CheckMessage]:
    """A wrong address of the mail server is told at the start, not at the first letter."""
    if not settings.SMTP_URL:
        return []
    try:
        Server.of(settings.SMTP_URL)
    except (ImproperlyConfigured, ValueError) as error:
        return [checks.Error(str(error), id="notices.E001")]
    return []
