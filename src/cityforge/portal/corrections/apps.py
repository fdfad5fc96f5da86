"""Facts that an enterprise puts right, with evidence, and the bureau's ruling."""

from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "cityforge.portal.corrections"
    label = "corrections"

    def ready(self) -> None:
        from cityforge.portal.corrections import actions
        from cityforge.portal.evaluations.signals import ruled

        ruled.connect(actions.after_ruling, dispatch_uid="corrections")
