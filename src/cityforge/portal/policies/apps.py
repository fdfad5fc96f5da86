"""Policies: the catalogue for everybody, the check-up of an enterprise, what offices see."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "cityforge.portal.policies"
    label = "policies"
