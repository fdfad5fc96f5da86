"""PDF to lines, page by page, within limits."""

import io
import logging

import pypdf
from pypdf.errors import PyPdfError

from cityforge.brain.errors import Text, ValueRefused

_MOST_PAGES = 1500
_MOST_LETTERS_PER_PAGE = 60_000
_MOST_LETTERS = 5_000_000
PAGE_END = "\f"


def lines(content: bytes, *, name: str) -> list[str]:
    """The lines of all pages, "\\f" after each page; raises ValueRefused for what holds no text."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found: list[str] = []
    letters = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refused(name, "加了密", "is encrypted")
        if len(reader.pages) > _MOST_PAGES:
            raise _refused(name, f"超过 {_MOST_PAGES} 页", f"has more than {_MOST_PAGES} pages")
        for page in reader.pages:
            text = page.extract_text()
            letters += len(text.strip())
            if len(text) > _MOST_LETTERS_PER_PAGE or letters > _MOST_LETTERS:
                raise _refused(name, "文字过多", "holds too much text")
            found.extend(text.splitlines())
            found.append(PAGE_END)
    except ValueRefused:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        # pypdf lets its parser's errors through on broken files; they all mean the same to us.
        raise _refused(name, "已损坏", "is damaged") from error
    except (RecursionError, MemoryError, OverflowError, NotImplementedError, OSError) as error:
        raise _refused(name, "无法解析", "cannot be parsed") from error
    if not letters:
        raise ValueRefused(
            Text(
                zh=f"{name} 里没有文字，可能是扫描件", en=f"{name} holds no text; it may be a scan"
            ),
            Text(zh="先做文字识别（OCR），或找文本版", en="run OCR first, or find a text version"),
        )
    return found


def _refused(name: str, zh: str, en: str) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"PDF 文件 {name} {zh}", en=f"the PDF {name} {en}"),
        Text(zh="另存为 txt 或 docx 再读", en="save it as txt or docx and read that"),
    )
