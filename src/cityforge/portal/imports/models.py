"""A delivery of a dataset by a bureau, and what is held of each dataset."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.imports import states


class Delivery(models.Model):
    """One file that a bureau uploaded, and what became of it.

    The file stands under its SHA-256; `name` is what its owner calls it. `job` counts the
    background jobs it was given: only the newest may write. `report` is what the check found
    (`analytics.deliveries`), `number` the delivery's number on the library's shelf.
    """

    dataset = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=160)
    ending = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=16,
        choices=[(state, text.zh) for state, text in states.STATES.items()],
        default=states.UPLOADED,
    )
    job = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    doing = models.JSONField(default=list)
    news_at = models.DateTimeField(default=timezone.now)
    read = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    quarantined = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    removed = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    same = models.PositiveBigIntegerField(default=0)
    changes_nothing = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["dataset", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset"],
                condition=Q(state__in=states.DECIDING),
                name="delivery_one_in_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("submitted_by")) & ~Q(decided_by=F("uploaded_by"))),
                name="delivery_two_people",
            ),
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("quarantined")), name="delivery_rows_add_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.dataset} {self.state}"


class Holding(models.Model):
    """What is held of a dataset and how new it is, when last counted."""

    dataset = models.CharField(max_length=64, unique=True)
    read = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    newest = models.DateField(null=True, blank=True)
    refused = models.JSONField(default=list)
    counted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.dataset} {self.newest}"
