"""Everything known of one enterprise on one page (一企一档)."""

from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "cityforge.portal.dossier"
    label = "dossier"
