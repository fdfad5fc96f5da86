"""What people fill in."""

from django import forms


class SignInForm(forms.Form):
    username = forms.CharField(max_length=64)
    password = forms.CharField(max_length=200, strip=False, widget=forms.PasswordInput)
