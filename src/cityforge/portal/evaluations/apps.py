"""Evaluation on the web: results, what if, proceedings, publicity."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "cityforge.portal.evaluations"
    label = "evaluations"
