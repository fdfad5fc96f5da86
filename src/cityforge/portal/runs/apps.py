"""Runs of the whole city: computed in the background, looked at, put in force."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "cityforge.portal.runs"
    label = "runs"
