"""A policy pushed to those it is for, and who they were."""

from django.db import models
from django.utils import timezone

from cityforge.portal.accounts.models import User
from cityforge.portal.analytics.policies.pushing import GROUPS
from cityforge.portal.campaigns import states
from cityforge.portal.campaigns.wanted import Wanted


class Campaign(models.Model):
    """One push.

    policy, term   its id, and the call for applications it tells of
    run            the run whose list was looked at before sending
    groups, lacking, district, channels   whom and how; no district: all within the places
    places         where the sender may look: everything, districts, parks
    job            its newest work; older work may not write any more
    news_at        when the work last gave a sign of life
    """

    policy = models.CharField(max_length=63)
    term = models.CharField(max_length=40)
    run = models.CharField(max_length=120)
    groups = models.JSONField(default=list)
    lacking = models.PositiveSmallIntegerField(default=0)
    district = models.CharField(max_length=63, blank=True)
    channels = models.JSONField(default=list)
    places = models.JSONField(default=dict)
    expected = models.PositiveIntegerField()
    state = models.CharField(
        max_length=12,
        choices=[(state, text.zh) for state, text in states.STATES.items()],
        default=states.SENDING,
    )
    is_listed = models.BooleanField(default=False)
    job = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    news_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["policy"], name="campaign_of_policy")]

    def __str__(self) -> str:
        return f"{self.pk} {self.policy} {self.state}"

    @property
    def wanted(self) -> Wanted:
        chosen = tuple(self.groups), self.lacking, self.district, tuple(self.channels)
        return Wanted(self.policy, *chosen)

    @property
    def key(self) -> str:
        """What its dispatches and notices are sent for."""
        return f"campaign:{self.pk}"


class Recipient(models.Model):
    """One enterprise of a campaign, as the run had it; `lacking`: how many facts."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="recipients")
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=63, blank=True)
    group = models.CharField(max_length=12, choices=[(g, t.zh) for g, t in GROUPS.items()])
    lacking = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "uscc"], name="recipient_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.uscc}"
