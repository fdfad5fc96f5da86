"""What people fill in."""

from django import forms

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation


class SignInForm(forms.Form):
    username = forms.CharField(max_length=64)
    password = forms.CharField(max_length=200, strip=False, widget=forms.PasswordInput)


class CodeForm(forms.Form):
    code = forms.RegexField(r"^\s*\d{3}\s?\d{3}\s*$", max_length=9)

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class PasswordForm(forms.Form):
    old = forms.CharField(max_length=200, strip=False)
    new = forms.CharField(max_length=200, strip=False)
    again = forms.CharField(max_length=200, strip=False)


class PersonForm(forms.Form):
    username = forms.CharField(max_length=64)
    name = forms.CharField(max_length=100)
    email = forms.EmailField(required=False, max_length=254)


class GrantForm(forms.Form):
    """A role, where it is held, and until when; an enterprise is told by its credit code."""

    role = forms.ChoiceField(choices=[(role, title.zh) for role, title in roles.ROLES.items()])
    organisation = forms.ModelChoiceField(
        Organisation.objects.exclude(kind=roles.ENTERPRISE), required=False
    )
    code = forms.CharField(max_length=18, required=False)
    ends = forms.DateField(required=False)


class DelegateForm(forms.Form):
    membership = forms.IntegerField()
    username = forms.CharField(max_length=64)
    ends = forms.DateField()
