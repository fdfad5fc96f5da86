"""A run of the whole city, as it was asked for, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cityforge.portal.accounts.models import User
from cityforge.portal.runs import states


class Run(models.Model):
    """One computation of the city as of a day, looked at by one scheme.

    run     the id of the snapshot that came of it; empty before
    before  the id of the one that was in force when it began
    report  notes, problems, and whom it moves (analytics.runs.as_json)
    """

    scheme = models.CharField(max_length=63)
    year = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    state = models.CharField(
        max_length=16,
        choices=[(state, text.zh) for state, text in states.STATES.items()],
        default=states.RUNNING,
    )
    progress = models.PositiveSmallIntegerField(default=0)
    doing = models.JSONField(default=list)
    news_at = models.DateTimeField(default=timezone.now)
    run = models.CharField(max_length=64, blank=True)
    before = models.CharField(max_length=64, blank=True)
    report = models.JSONField(default=dict)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=states.RUNNING), name="run_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.year} {self.state}"
