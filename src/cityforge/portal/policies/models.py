"""What people leave at policies: facts an enterprise declares, and favourites."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cityforge.portal.accounts.models import Organisation, User


class Declaration(models.Model):
    """A fact that an enterprise told in its check-up, to be confirmed by an office.

    fact   the column it fills: `assets`, `revenue[-1]`, `register:listed`
    value  a literal of the language: `5000万元`, `true`
    year   that of the newest facts when it was told; it counts with those alone
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    fact = models.CharField(max_length=100)
    value = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fact", "year"],
                condition=Q(undone_at=None),
                name="declaration_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="declaration_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.fact}={self.value}"


class Favourite(models.Model):
    """A policy that somebody keeps an eye on; by its id in the city folder."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    policy = models.CharField(max_length=63)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "policy"], name="favourite_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.policy}"
