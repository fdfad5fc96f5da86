"""What is told to whom: notices in the inbox, dispatches on each channel, and consents."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.notices import states

_CHANNELS = [(name, text.zh) for name, text in states.CHANNELS.items()]


class Notice(models.Model):
    """One message in one person's inbox.

    key     what it was sent for: `campaign:12:` and the enterprise; nobody gets it twice
    about   what it speaks of, by its id: a policy
    parts   headings with their words: [[zh, en], [zh, en]] each
    link    where to act on it, within the portal
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    key = models.CharField(max_length=120)
    about = models.CharField(max_length=80, blank=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    parts = models.JSONField(default=list)
    link = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(
                fields=["user"],
                condition=Q(read_at=None, archived_at=None),
                name="notice_unread",
            ),
            models.Index(fields=["about", "organisation"], name="notice_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.key}"


class Dispatch(models.Model):
    """One thing told to one enterprise on one channel; the row stands before anything is sent.

    key      what it was sent for: `campaign:12`
    about    what it speaks of: a policy's id; `term`: the call of it that is open
    code     the enterprise's credit code: it need not have an account
    reason   why it is held back, waits or was refused (`states.REASONS`); `said`: by the server
    job      the work that took it up
    """

    key = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    term = models.CharField(max_length=40)
    code = models.CharField(max_length=18)
    channel = models.CharField(max_length=8, choices=_CHANNELS)
    state = models.CharField(
        max_length=8,
        choices=[(state, text.zh) for state, text in states.STATES.items()],
        default=states.WAITING,
    )
    reason = models.CharField(max_length=16, blank=True)
    said = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    job = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["key", "state"], name="dispatch_of_key"),
            models.Index(fields=["code", "channel", "at"], name="dispatch_of_enterprise"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key", "code", "channel"], name="dispatch_once"),
            models.UniqueConstraint(
                fields=["about", "term", "code", "channel"],
                condition=Q(state__in=states.GONE),
                name="dispatch_once_a_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.code} {self.channel} {self.state}"


class Consent(models.Model):
    """An enterprise agrees to be told outside the portal; rows are ended, never altered back.

    posted_at   when the code to prove the address was sent; `trouble`: why it could not be
    tries       wrong codes
    ended_by    None where the link in a message was used
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    channel = models.CharField(max_length=8, choices=_CHANNELS)
    address = models.CharField(max_length=254)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    posted_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "channel"],
                condition=Q(ended_at=None),
                name="consent_one_stands",
            ),
            models.CheckConstraint(
                condition=~Q(channel=states.INBOX), name="consent_is_for_outside"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.channel} {self.address}"


class RecordedSms(models.Model):
    """What the recording connector was given instead of a telephone network."""

    number = models.CharField(max_length=254)
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.at:%Y-%m-%d %H:%M}"
