"""What people fill in about evaluations."""

from django import forms


class ObjectionForm(forms.Form):
    fact = forms.SlugField(max_length=63)
    right = forms.DecimalField(max_digits=30, decimal_places=8)
    reason = forms.CharField(max_length=1000)


class RulingForm(forms.Form):
    objection = forms.RegexField(r"^e[1-9][0-9]{0,8}$")
    outcome = forms.ChoiceField(choices=[(k, k) for k in ("upheld", "partly", "rejected")])
    grounds = forms.CharField(max_length=1000)
    value = forms.CharField(max_length=40, required=False)


class WithdrawForm(forms.Form):
    objection = forms.RegexField(r"^e[1-9][0-9]{0,8}$")
    reason = forms.CharField(max_length=1000)


class CompareForm(forms.Form):
    first = forms.SlugField(max_length=63)
    second = forms.SlugField(max_length=63)
    first_year = forms.IntegerField(min_value=1990, max_value=2200)
    second_year = forms.IntegerField(min_value=1990, max_value=2200)


class BeginForm(forms.Form):
    publicity_days = forms.IntegerField(min_value=1, max_value=60)


class RerunForm(forms.Form):
    why = forms.CharField(max_length=400)
