"""The form of a question: what a person types, as a literal of the language."""

import re
import unicodedata

from django import forms

from cityforge.portal.analytics.policies.checking import Question

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)


class CatalogueForm(forms.Form):
    """What a reader of the catalogue chose; what is no choice is left out."""

    q = forms.CharField(required=False, max_length=60)
    level = forms.CharField(required=False, max_length=20)
    district = forms.CharField(required=False, max_length=63)
    delivery = forms.CharField(required=False, max_length=20)
    when = forms.CharField(required=False, max_length=20)
    mine = forms.BooleanField(required=False)
    models = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    """One answer. `literal` is what the library reads; errors are in the reader's language."""

    value = forms.CharField(max_length=60, required=True)

    def __init__(self, question: Question, *, language: str, data: object = None) -> None:
        super().__init__(data)
        self.question, self.language = question, language
        self.fields["value"].error_messages["required"] = self._say("请填写", "Fill this in.")
        self.fields["value"].error_messages["max_length"] = self._say("太长", "Too long.")

    def clean_value(self) -> str:
        text = unicodedata.normalize("NFKC", self.cleaned_data["value"]).strip()
        kind = self.question.kind
        if kind == "yes_no" and text not in ("true", "false"):
            raise forms.ValidationError(self._say("请选择是或否", "Choose yes or no."))
        if kind == "choice" and text not in self.question.choices:
            raise forms.ValidationError(
                self._say("请从列出的值中选择", "Choose one of the values.")
            )
        if kind == "number":
            text = text.replace(",", "")
            if not _NUMBER.fullmatch(text):
                told = self._say("请填数字，如 1234.5", "Write a number, as 1234.5.")
                raise forms.ValidationError(told)
            return f"{text}{self.question.unit}"
        if kind == "words" and not re.fullmatch(r"[\w\u4e00-\u9fff .·()（）-]+", text):
            raise forms.ValidationError(self._say("只用文字、数字", "Letters and digits only."))
        return text

    def _say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh
