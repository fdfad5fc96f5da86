"""A token, and how often somebody asked in the running minute."""

from django.db import models
from django.utils import timezone

from cityforge.portal.accounts.models import User


class Token(models.Model):
    """A key to the API that belongs to one account; of its secret only the SHA-256 is kept.

    start  its first letters, by which its owner tells it from others
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.name} {self.start}…"


class Asked(models.Model):
    """How many requests of one token or address the running minute has seen.

    who     a digest: no address is kept
    minute  since 1970
    """

    who = models.CharField(max_length=64, unique=True)
    minute = models.PositiveBigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.who} {self.minute} {self.count}"
