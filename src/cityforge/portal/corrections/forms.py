"""What people fill in about corrections."""

from django import forms


class AskForm(forms.Form):
    year = forms.IntegerField(min_value=1990, max_value=2200)
    value = forms.CharField(max_length=100)
    reason = forms.CharField(max_length=1000)


class RulingForm(forms.Form):
    outcome = forms.ChoiceField(choices=[(k, k) for k in ("accepted", "refused")])
    grounds = forms.CharField(max_length=1000)
