"""Data that bureaus deliver: uploaded, checked, submitted, approved by another, undone."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "cityforge.portal.imports"
    label = "imports"
