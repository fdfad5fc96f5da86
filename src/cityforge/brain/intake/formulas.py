"""Cells of a file we hand out that a spreadsheet could take for a formula, made harmless."""

import re
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might run this text; a signed number is none."""
    return text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text)


def in_csv(text: str) -> str:
    """The text with an apostrophe before it where it needs one; our reading takes it off again."""
    return f"'{text}" if is_dangerous(text) else text


def in_workbook(cell: Any, value: object) -> None:
    """Put a value into an openpyxl cell: text stays text, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if is_dangerous(value):
            cell.quotePrefix = True
