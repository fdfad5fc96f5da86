"""Facts that an enterprise puts right, with evidence, and the bureau's ruling."""

from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "cityforge.portal.corrections"
    label = "corrections"
