"""One event of the trail. The database itself refuses to alter or remove one (see migrations)."""

from django.db import models


class Event(models.Model):
    """What happened, who did it, to what; chained to the event before by its digest.

    Names stand in the event as they were then: people and organisations may go, the trail stays.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=100, blank=True)
    organisation = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64)
    kind = models.CharField(max_length=64, blank=True)
    about = models.CharField(max_length=128, blank=True)
    detail = models.JSONField(default=dict)
    method = models.CharField(max_length=16)
    before = models.CharField(max_length=128)
    digest = models.CharField(max_length=128)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["action", "at"]),
            models.Index(fields=["kind", "about"]),
            models.Index(fields=["actor", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.kind} {self.about}".strip()
