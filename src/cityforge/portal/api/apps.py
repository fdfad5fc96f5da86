"""The API: what the pages read and what systems hand in, by token, under /api/v1/."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cityforge.portal.api"
    label = "api"
