"""What people fill in."""

from django import forms

from cityforge.portal.notices import states


class AddressForm(forms.Form):
    """An address of one channel, as its connector takes it."""

    address = forms.CharField(max_length=254)

    def __init__(self, channel: str, data: object) -> None:
        super().__init__(data)
        if channel == states.EMAIL:
            self.fields["address"] = forms.EmailField(max_length=254)
        else:
            self.fields["address"] = forms.RegexField(r"^\s*1\d{10}\s*$", max_length=13)

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip()


class CodeForm(forms.Form):
    code = forms.RegexField(r"^\s*[0-9]{3}\s?[0-9]{3}\s*$", max_length=9)

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())
