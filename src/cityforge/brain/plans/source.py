"""A plan's file (txt, docx, html, pdf) to lines of text; whatever is hostile or huge is refused."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.plans import docx, pdf, web

LARGEST_FILE = 50_000_000  # bytes
MOST_LETTERS = 20_000_000  # of text; a thousand pages stay below one million


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a file, and the kind it was taken for."""

    lines: list[str]
    kind: str


def read_file(file: Path) -> Source:
    """The lines of a plan's file; raises ValueRefused where it cannot be read."""
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise _too_large(file.name)
        content = file.read_bytes()
    except OSError as error:
        raise ValueRefused(
            Text(
                zh=f"打不开文件 {file}：{error.strerror}",
                en=f"cannot open {file}: {error.strerror}",
            ),
            Text(zh="检查路径和权限", en="check the path and its permissions"),
        ) from None
    return read_bytes(content, name=file.name)


def read_bytes(content: bytes, *, name: str) -> Source:
    """The lines of a plan's content. What it is, its first bytes decide, not its name."""
    if len(content) > LARGEST_FILE:
        raise _too_large(name)
    start = content[:1024].lstrip()
    if start.startswith(b"%PDF-"):
        return _checked(pdf.lines(content, name=name), "pdf", name)
    if content.startswith(b"PK\x03\x04"):
        return _checked(docx.lines(content, name=name), "docx", name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueRefused(
            Text(zh=f"{name} 是旧的 .doc 文件，读不了", en=f"{name} is an old .doc file"),
            Text(zh="在 Word 或 WPS 中另存为 .docx 或 .txt", en="save it as .docx or .txt"),
        )
    text = decode(content, name=name)
    if _is_html(text, name):
        return _checked(web.lines(text), "html", name)
    return _checked(
        re.split(r"\r\n|[\n\r\v\u2028\u2029\x85]", text.replace("\f", "\n")), "txt", name
    )


_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)


def decode(content: bytes, *, name: str) -> str:
    """UTF-8, UTF-16 or GB18030 (GBK) to text; raises ValueRefused for binary content."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if content[1:2] == b"\x00" or content[:1] == b"\x00":
        wide = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
        text = content.decode(wide, errors="replace")
        return _refuse_binary(text, name)
    for encoding in ("utf-8-sig", "gb18030", *_declared(content)):
        try:
            return _refuse_binary(content.decode(encoding), name)
        except UnicodeDecodeError:
            continue
    # A few broken bytes in a long text are no reason to lose it.
    texts = [content.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    return _refuse_binary(min(texts, key=lambda text: text.count("\ufffd")), name)


def _declared(content: bytes) -> list[str]:
    found = _DECLARED.search(content[:2048])
    if found is None:
        return []
    try:
        return [codecs.lookup(found.group(1).decode("ascii")).name]
    except LookupError:
        return []


def _refuse_binary(text: str, name: str) -> str:
    sample = text[:20000]
    odd = sum(
        1
        for letter in sample
        if letter == "\ufffd" or (letter < " " and letter not in "\t\n\r\f\v")
    )
    if sample and odd > 0.05 * len(sample):
        raise ValueRefused(
            Text(zh=f"{name} 不是文本文件", en=f"{name} is not a text"),
            Text(
                zh="可读的格式：txt（UTF-8、GBK）、docx、html、pdf",
                en="what can be read: txt (UTF-8, GBK), docx, html, pdf",
            ),
        )
    return text.replace("\x00", "")


_TAGS = re.compile(
    r"<!doctype html|<html[\s>]|<body[\s>]|<head[\s>]|<(?:p|div|table|br)\b[^<>]{0,300}>",
    re.IGNORECASE,
)


def _is_html(text: str, name: str) -> bool:
    return _TAGS.search(text[:5000]) is not None or (
        name.lower().endswith((".html", ".htm")) and "<" in text
    )


def _checked(lines: list[str], kind: str, name: str) -> Source:
    if sum(map(len, lines)) > MOST_LETTERS:
        raise _too_large(name)
    return Source(lines, kind)


def _too_large(name: str) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"{name} 太大，不像一份计划", en=f"{name} is too large to be a plan"),
        Text(
            zh=f"上限 {LARGEST_FILE // 1_000_000} MB、{MOST_LETTERS // 1_000_000} 百万字；"
            "删去图片，或另存为纯文本",
            en=f"at most {LARGEST_FILE // 1_000_000} MB and {MOST_LETTERS // 1_000_000} million"
            " characters; remove the pictures or save it as plain text",
        ),
    )
