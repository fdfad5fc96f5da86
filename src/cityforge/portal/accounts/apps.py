"""People, organisations, roles, and what each may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cityforge.portal.accounts"
    label = "accounts"
