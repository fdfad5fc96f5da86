"""The first page: what needs attention today."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "cityforge.portal.desk"
    label = "desk"
