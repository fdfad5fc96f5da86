"""The form of a new token."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from cityforge.portal.api.scopes import SCOPES

USUAL = timedelta(days=90)


class TokenForm(forms.Form):
    name = forms.CharField(max_length=60)
    scopes = forms.MultipleChoiceField(choices=[(name, name) for name in SCOPES])
    expires = forms.DateField()


def usual_end() -> str:
    return (timezone.localdate() + USUAL).isoformat()
