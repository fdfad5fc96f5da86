"""The list of a run's enterprises, made anew from each run; what people write names credit codes.

Besides the tables here `enterprises_words` holds the words by which they are found (`search`).
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cityforge.brain.errors import Text


class Enterprise(models.Model):
    """One enterprise of the newest run; `number` is its place by credit code.

    merged  told under another code: in no list
    """

    number = models.PositiveIntegerField(primary_key=True)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    district = models.CharField(max_length=64)
    park = models.CharField(max_length=64)
    park_title = models.CharField(max_length=200)
    address = models.CharField(max_length=500)
    industry = models.CharField(max_length=8)
    industry_code = models.CharField(max_length=8)
    status = models.CharField(max_length=32)
    registered_on = models.DateField(null=True)
    size = models.CharField(max_length=8)
    grade = models.CharField(max_length=8)
    merged = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.name}（{self.uscc}）"


class FormerName(models.Model):
    """A name that an enterprise bore before; kept from run to run."""

    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    seen_until = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uscc", "name"], name="former_name_once")]

    def __str__(self) -> str:
        return f"{self.uscc} {self.name}"


class Indexed(models.Model):
    """Which run the list is made of, and what it can be narrowed by."""

    run = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField()
    choices = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.run


ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
STATES: dict[str, Text] = {
    ASKED: Text(zh="待核验", en="waiting"),
    GRANTED: Text(zh="已通过", en="granted"),
    REFUSED: Text(zh="未通过", en="refused"),
}


class Claim(models.Model):
    """Somebody says an enterprise is theirs to act for; an officer rules."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims"
    )
    uscc = models.CharField(max_length=18)
    note = models.CharField(max_length=500)
    state = models.CharField(
        max_length=16, choices=[(k, t.zh) for k, t in STATES.items()], default=ASKED
    )
    asked_at = models.DateTimeField(default=timezone.now)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rulings",
    )
    ruled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "uscc"], condition=models.Q(state="asked"), name="claim_open_once"
            )
        ]
        indexes = [models.Index(fields=["state", "uscc"])]

    def __str__(self) -> str:
        return f"{self.user} {self.uscc} {self.state}"


class Merger(models.Model):
    """Two credit codes that are one enterprise: `uscc` is told under `into` until it is undone."""

    uscc = models.CharField(max_length=18)
    into = models.CharField(max_length=18)
    reason = models.CharField(max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mergers"
    )
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="splits",
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=models.Q(undone_at=None), name="merged_once"
            )
        ]
        indexes = [models.Index(fields=["into"])]

    def __str__(self) -> str:
        return f"{self.uscc} → {self.into}"
