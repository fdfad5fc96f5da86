"""Words in the reader's language: `{% t "中文" "English" %}`, and `{{ text|say:language }}`."""

from typing import Any

from django import template
from django.template import Context

from cityforge.brain.errors import Text

register = template.Library()


@register.simple_tag(takes_context=True)
def t(context: Context, zh: str, en: str, **values: Any) -> str:
    """One of two wordings; {name} is filled from the values given."""
    chosen = en if _language(context) == "en" else zh
    return chosen.format(**values) if values else chosen


@register.simple_tag(takes_context=True)
def told(context: Context, text: Text) -> str:
    """A text of the library in the reader's language."""
    return text.say("en" if _language(context) == "en" else "zh")


@register.simple_tag(takes_context=True)
def cell(context: Context, value: Text | str) -> str:
    """A cell of a table of the library: words in the reader's language, or a figure."""
    return value if isinstance(value, str) else told(context, value)


@register.filter
def thousands(value: float | int | None) -> str:
    """12,345; a dash where there is nothing."""
    return "—" if value is None else f"{value:,}"


def _language(context: Context) -> str:
    return getattr(context.get("request"), "language", "zh")
