"""People, organisations, roles, and what each may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cityforge.portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """The trail, which knows no roles, tells them by their titles."""
        from cityforge.portal.accounts import roles
        from cityforge.portal.audit import words

        words.VALUES["role"] = roles.ROLES
