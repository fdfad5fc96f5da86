"""What people fill in about enterprises."""

from django import forms


class SearchForm(forms.Form):
    """What is looked for; whatever else is asked is left out."""

    text = forms.CharField(max_length=100, required=False)
    district = forms.CharField(max_length=64, required=False)
    industry = forms.CharField(max_length=8, required=False)
    size = forms.CharField(max_length=8, required=False)
    grade = forms.CharField(max_length=8, required=False)


class ClaimForm(forms.Form):
    uscc = forms.CharField(max_length=18)
    note = forms.CharField(max_length=500)


class RulingForm(forms.Form):
    granted = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    reason = forms.CharField(max_length=500, required=False)


class MergerForm(forms.Form):
    into = forms.CharField(max_length=18)
    reason = forms.CharField(max_length=500)
