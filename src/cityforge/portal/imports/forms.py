"""What people fill in."""

from django import forms


class UploadForm(forms.Form):
    file = forms.FileField(allow_empty_file=True, max_length=500)


class WordsForm(forms.Form):
    """A note or a reason, which may be empty: whether it may is for the action to say."""

    words = forms.CharField(max_length=500, required=False)
