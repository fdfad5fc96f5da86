"""Whom to push a policy to, as an officer chose it; what is no choice is left out."""

from django import forms

from cityforge.portal.analytics.policies.pushing import GROUPS, MOST_LACKING
from cityforge.portal.campaigns.wanted import Wanted
from cityforge.portal.notices import states


class PushForm(forms.Form):
    policy = forms.SlugField(max_length=63)
    who = forms.MultipleChoiceField(choices=[(one, one) for one in GROUPS], required=False)
    lacking = forms.IntegerField(min_value=1, max_value=MOST_LACKING, required=False)
    district = forms.CharField(max_length=63, required=False)
    channel = forms.MultipleChoiceField(choices=[(c, c) for c in states.OUTSIDE], required=False)

    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        return Wanted(
            policy=chosen["policy"],
            groups=tuple(one for one in GROUPS if one in chosen["who"]),
            lacking=chosen["lacking"] or 1,
            district=chosen["district"],
            channels=(states.INBOX, *(c for c in states.OUTSIDE if c in chosen["channel"])),
        )


class SendForm(PushForm):
    """With what was seen before sending: the run, and how many."""

    run = forms.CharField(max_length=120)
    count = forms.IntegerField(min_value=1)
