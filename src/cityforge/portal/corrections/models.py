"""What an enterprise says a fact should be, and what the bureau that owns it found."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.corrections import states


class Correction(models.Model):
    """One fact of one year put right.

    stated, value  what the data say and what they should say, in the unit of the fact
    owner          the bureau that supplies the dataset: its checker rules
    declared       the dataset is one that enterprises declare: the value counts before the ruling
    evidence       names of kept files (portal.evidence)
    proceeding     of one that an evaluation ruled: `run id/scheme-year`; with the entries of its
                   journal that objected and ruled, and the names of people as they stand there
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    fact = models.CharField(max_length=63)
    year = models.PositiveSmallIntegerField()
    stated = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)
    evidence = models.JSONField(default=list)
    owner = models.CharField(max_length=63)
    declared = models.BooleanField(default=False)
    state = models.CharField(
        max_length=16,
        choices=[(state, text.zh) for state, text in states.STATES.items()],
        default=states.SUBMITTED,
    )
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    grounds = models.CharField(max_length=1000, blank=True)
    ruled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ruled_by_name = models.CharField(max_length=200, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    proceeding = models.CharField(max_length=200, blank=True)
    objection = models.CharField(max_length=16, blank=True)
    ruling = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fact", "year"],
                condition=Q(state=states.SUBMITTED),
                name="correction_one_awaits",
            ),
            models.CheckConstraint(
                condition=Q(ruled_by=None) | ~Q(ruled_by=F("by")), name="correction_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[states.ACCEPTED, states.REFUSED])
                | (
                    (Q(ruled_by__isnull=False) | ~Q(proceeding=""))
                    & Q(ruled_at__isnull=False)
                    & ~Q(grounds="")
                ),
                name="correction_ruled_with_grounds",
            ),
            models.CheckConstraint(
                condition=Q(proceeding="", objection="", ruling="", by__isnull=False)
                | (~Q(proceeding="") & ~Q(objection="") & ~Q(ruling="") & Q(by=None)),
                name="correction_of_somebody",
            ),
            models.UniqueConstraint(
                fields=["proceeding", "ruling"],
                condition=~Q(proceeding=""),
                name="correction_once_a_ruling",
            ),
        ]

    @property
    def mark(self) -> str:
        """Its number in the list that the next run reads: of an objection ruled anew, another."""
        if not self.proceeding:
            return f"c{self.pk}"
        return f"{self.proceeding}#{self.objection}.{self.ruling}"

    @property
    def asker(self) -> str:
        return self.by.shown if self.by else self.by_name

    @property
    def ruler(self) -> str:
        return self.ruled_by.shown if self.ruled_by else self.ruled_by_name

    def __str__(self) -> str:
        return f"{self.organisation} {self.year} {self.fact}={self.value}"
