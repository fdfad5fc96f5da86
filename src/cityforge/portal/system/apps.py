"""Whether the portal itself is well: its settings, work, storage, versions; backup and restore."""

from django.apps import AppConfig


class SystemConfig(AppConfig):
    name = "cityforge.portal.system"
    label = "system"
