"""What every page stands in: layout, tokens, words in two languages."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "cityforge.portal.shell"
    label = "shell"
