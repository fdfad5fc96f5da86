"""What people fill in: the answer to a question, a choice of policies, the text of a draft."""

import re
import unicodedata

from django import forms

from cityforge.portal.analytics.policies.checking import Question
from cityforge.portal.analytics.policies.review import LONGEST

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


class TextForm(forms.Form):
    """The text of a policy, as a file holds it; the digest of the version it was typed over."""

    text = forms.CharField(strip=False, max_length=LONGEST)
    digest = forms.CharField(max_length=64, required=False)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].removeprefix("\ufeff")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text if text.endswith("\n") else f"{text}\n"


class WordsForm(forms.Form):
    """A note or a reason; and the digest of the version that was seen."""

    words = forms.CharField(max_length=500, required=False)
    digest = forms.CharField(max_length=64, required=False)


class BeginForm(forms.Form):
    """A draft to begin: of a policy in force, or of a new one by a template or a pattern."""

    policy = forms.CharField(max_length=63, required=False)
    bureau = forms.CharField(max_length=64, required=False)
    name = forms.CharField(max_length=50, required=False)
    title = forms.CharField(max_length=100, required=False)
    source = forms.CharField(max_length=100, required=False)
    starts = forms.DateField(required=False)
