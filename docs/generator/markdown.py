"""Pieces of Markdown: headings, tables, code."""

from collections.abc import Iterable, Sequence

NOTE = "<!-- Written by docs/generate.py; edit what it reads, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A whole page with the note that it is generated."""
    return "\n\n".join([f"# {title}", NOTE, *(part.strip("\n") for part in parts)]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars and line breaks inside cells are made harmless."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    lines += [_row([cell(text) for text in row]) for row in rows]
    return "\n".join(lines)


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(text: str) -> str:
    """Inline code; empty stays empty."""
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    return " ".join(code(text) for text in texts)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
