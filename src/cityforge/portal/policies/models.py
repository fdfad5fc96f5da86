"""What people leave at policies: declared facts, favourites, drafts of the policies themselves."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.policies import states


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


class Draft(models.Model):
    """A policy being written. The public sees nothing of it until it is published.

    policy  its id in the city folder
    title   as the text last said it
    bureau  the unit whose checker publishes it, by its id
    base    digest of the file it began from; empty: there was none. `base_text` is that file
    """

    policy = models.CharField(max_length=63)
    title = models.CharField(max_length=200)
    bureau = models.CharField(max_length=64)
    base = models.CharField(max_length=64, blank=True)
    base_text = models.TextField(blank=True)
    state = models.CharField(
        max_length=16,
        choices=[(state, text.zh) for state, text in states.STATES.items()],
        default=states.DRAFTING,
    )
    note = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
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
        indexes = [models.Index(fields=["bureau", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("submitted_by")) & ~Q(decided_by=F("begun_by"))),
                name="draft_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.policy} {self.state}"


class Wording(models.Model):
    """One saved version of a draft's text; the highest number counts. Never altered."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="wording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.number}"


class Publication(models.Model):
    """The journal of a policy's file: what took the place of what. Begun before it is written.

    before, after  digests of the file; `text_before` is the earlier file, kept
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="publications")
    policy = models.CharField(max_length=63)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64)
    text_before = models.TextField(blank=True)
    text = models.TextField()
    state = models.CharField(max_length=8, default=states.BEGUN)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(state=states.BEGUN),
                name="publication_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.policy} {self.state}"
