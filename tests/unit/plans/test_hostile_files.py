"""Files that mean harm or hold no plan: an error with its cure, or an honest empty result."""

import io
import time
import zipfile
from pathlib import Path

import pypdf
import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.plans import docx, source
from cityforge.brain.plans.read import read_bytes, read_lines, read_plan

_HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def refused(content: bytes) -> ValueRefused:
    with pytest.raises(ValueRefused) as caught:
        read_bytes(content, name="plan")
    assert caught.value.hint.zh
    return caught.value


def test_a_zip_bomb() -> None:
    body = _HEAD.encode() + b"<w:body>" + b" " * 30_000_000 + b"</w:body></w:document>"
    assert "炸弹" in refused(zipped(word__document=body)).text.en + str(
        refused(zipped(word__document=body)).what.zh
    )


def test_a_zip_whose_directory_lies_about_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "_LARGEST_PART", 10_000)
    monkeypatch.setattr(docx, "_LARGEST_RATIO", 10**9)
    body = f"{_HEAD}<w:body>{'<w:p/>' * 5000}</w:body></w:document>".encode()
    content = bytearray(zipped(word__document=body))
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    refused(bytes(content))


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x "1"><!ENTITY y "&x;&x;">]><a>&y;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a><b></a>",
        b"",
        b"<w:document/>",
        (_HEAD + "<w:sdt>" * 100_000).encode(),
    ],
    ids=["entities", "external", "broken", "empty", "unbound", "deep"],
)
def test_hostile_xml_in_a_word_file(body: bytes) -> None:
    refused(zipped(word__document=body))


def test_another_zip_file_is_no_word_document() -> None:
    assert "Word" in refused(zipped(other=b"<a/>")).what.zh


def test_an_old_doc_file_says_how_to_convert() -> None:
    assert "另存" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).hint.zh


def test_a_damaged_pdf() -> None:
    refused(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>")


def test_a_pdf_without_text_may_be_a_scan() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "扫描" in refused(buffer.getvalue()).what.zh


def test_an_encrypted_pdf() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "加" in refused(buffer.getvalue()).what.zh


def test_binary_content() -> None:
    refused(bytes(range(1, 256)) * 40)


def test_a_file_too_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(source, "LARGEST_FILE", 100)
    refused("建设渔港。".encode() * 100)
    file = tmp_path / "plan.txt"
    file.write_bytes(b"x" * 200)
    with pytest.raises(ValueRefused):
        read_plan(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueRefused) as caught:
        read_plan(tmp_path / "none.txt")
    assert "none.txt" in caught.value.what.zh


@pytest.mark.parametrize("text", ["", "   \n\n", "今天天气很好，我们去公园玩了2个小时，花了30元。"])
def test_a_text_without_a_plan_gives_an_empty_reading_with_a_note(text: str) -> None:
    found = read_lines(text.split("\n"))
    assert (found.measures, found.targets, found.table) == ((), (), ())
    assert found.notes


LONG = {
    "spaces": " " * 200_000,
    "digits": "1" * 100_000,
    "brackets": "（" * 100_000,
    "pairs": "（）" * 60_000,
    "quotes": "“" * 60_000 + "”" * 60_000,
    "counts": "，5家" * 40_000,
    "joined": "建设5个甲和" * 20_000,
    "headings": "\n1.建" * 40_000,
    "headings of chapters": "\n（一）" * 40_000,
    "years": "2025年" * 30_000,
    "units": "（责任单位：" + "市工信局、" * 30_000 + "）",
    "dots": "." * 100_000,
    "table heads": "指标\n单位\n2025年\n" * 15_000,
    "table rows": "序号\n指标\n2025年目标\n" + "1\n" * 40_000,
    "markdown": "|" + "-" * 100_000 + "|",
    "dashes": "5-" * 60_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_long_odd_text_takes_no_long_time(text: str) -> None:
    start = time.monotonic()
    read_lines(text.split("\n"))
    # A second or less where time is linear; a quadratic rule would take minutes.
    assert time.monotonic() - start < 20
