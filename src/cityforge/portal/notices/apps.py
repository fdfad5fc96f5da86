"""Notices: the inbox of each person, the roads out of the portal, and who agreed to them."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "cityforge.portal.notices"
    label = "notices"
