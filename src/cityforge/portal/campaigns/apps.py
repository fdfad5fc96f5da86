"""Campaigns: a policy pushed to those it is for (精准推送), and who of them knows."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "cityforge.portal.campaigns"
    label = "campaigns"
