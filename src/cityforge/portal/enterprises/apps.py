"""The list of enterprises: searched, downloaded, claimed by those whose they are."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "cityforge.portal.enterprises"
    label = "enterprises"
