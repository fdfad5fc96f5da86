"""The trail of everything that changed: appended to, never altered."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cityforge.portal.audit"
    label = "audit"
