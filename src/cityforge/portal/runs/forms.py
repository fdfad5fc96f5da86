"""What people fill in about runs."""

from django import forms


class ChoiceForm(forms.Form):
    scheme = forms.SlugField(max_length=63)
    year = forms.IntegerField(min_value=1990, max_value=2200)
