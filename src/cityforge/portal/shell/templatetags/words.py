"""Words in the reader's language: `{% t "中文" "English" %}`, and `{{ text|say:language }}`."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import filesizeformat

from cityforge.brain.errors import Text
from cityforge.brain.values.unit import written

register = template.Library()
_KB = 1024
_NONE = "—"


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
def unit(context: Context, symbol: str) -> str:
    """A unit of measure, as it stands after a number."""
    return told(context, written(symbol))


@register.simple_tag(takes_context=True)
def in_unit(context: Context, symbol: Text | str) -> str:
    """The same in brackets, as it stands after a title; nothing where there is no unit."""
    said = told(context, written(symbol) if isinstance(symbol, str) else symbol)
    return t(context, "（{said}）", " ({said})", said=said) if said else ""


@register.simple_tag(takes_context=True)
def size(context: Context, count: int) -> str:
    """The size of a file: 0 字节, 13.5 KB."""
    if count < _KB:
        return t(context, "{n} 字节", "{n} bytes", n=count)
    return filesizeformat(count).replace("\xa0", " ")


@register.simple_tag(takes_context=True)
def cell(context: Context, value: Text | str) -> str:
    """A cell of a table of the library: words in the reader's language, or a figure."""
    return value if isinstance(value, str) else told(context, value)


@register.simple_tag
def figure(value: str | None) -> str:
    """An exact number as people write it: 16,103,912.08, without noughts at its end."""
    if not value:
        return _NONE
    try:
        told = f"{Decimal(value.replace(',', '')):,f}"
    except InvalidOperation:
        return value
    return told.rstrip("0").rstrip(".") if "." in told else told


@register.filter
def thousands(value: float | int | None) -> str:
    """12,345; a dash where there is nothing."""
    return _NONE if value is None else f"{value:,}"


def _language(context: Context) -> str:
    return getattr(context.get("request"), "language", "zh")
