"""What a file is by its first bytes, whatever its name says; what stands under a wrong name."""

from pathlib import Path

from cityforge.brain.errors import Text, ValueRefused

_HEAD = 4096
_TEXT = {".csv"}
_BOOKS = {".xlsx", ".xls"}

_KINDS: tuple[tuple[bytes, str, Text], ...] = (
    (b"PK\x03\x04", "zip", Text(zh="Excel 工作簿或压缩包", en="a workbook or a zip archive")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", Text(zh="旧版 Excel", en="an old workbook")),
    (b"PAR1", "parquet", Text(zh="Parquet 文件", en="Parquet")),
    (b"%PDF", "pdf", Text(zh="PDF 文件", en="PDF")),
    (b"\x1f\x8b", "gzip", Text(zh="gzip 压缩文件", en="a gzip file")),
    (b"Rar!", "rar", Text(zh="RAR 压缩包", en="a RAR archive")),
    (b"7z\xbc\xaf", "7z", Text(zh="7z 压缩包", en="a 7z archive")),
    (b"SQLite format 3", "sqlite", Text(zh="SQLite 数据库", en="an SQLite database")),
    (b"\xff\xfe", "utf16", Text(zh="UTF-16（Unicode）文本", en="UTF-16 text")),
    (b"\xfe\xff", "utf16", Text(zh="UTF-16（Unicode）文本", en="UTF-16 text")),
)
_WORDS = {kind: words for _, kind, words in _KINDS} | {
    "html": Text(zh="网页（HTML）表格", en="an HTML page"),
    "xml": Text(zh="XML 表格", en="XML"),
    "duckdb": Text(zh="DuckDB 数据库", en="a DuckDB database"),
    "text": Text(zh="纯文本", en="plain text"),
    "empty": Text(zh="空文件", en="an empty file"),
}
# An encrypted workbook is an OLE file that names its streams in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def kind(file: Path) -> str:
    """The kind of a regular file by its content: "zip", "ole", "parquet", "text", "html" …

    Raises ValueRefused for what is no regular file: a pipe or a device would never end.
    """
    if not file.is_file():
        raise ValueRefused(
            Text(zh="不是普通文件", en="is no regular file"),
            Text(zh="请提供真实的数据文件", en="Supply a plain data file."),
        )
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return "empty"
    for start, name, _ in _KINDS:
        if head.startswith(start):
            return name
    if head[8:12] == b"DUCK":
        return "duckdb"
    words = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if words.startswith(b"<?xml"):
        return "html" if b"<html" in words else "xml"
    if words.startswith((b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<style")):
        return "html"
    return "text"


def check(file: Path) -> None:
    """Raises ValueRefused when the content is not what the ending of the name says."""
    found, ending = kind(file), file.suffix.lower()
    if ending in _TEXT and found in ("text", "empty"):
        return
    if ending in _BOOKS and found in ("zip", "ole"):
        if found == "ole" and _is_encrypted(file):
            raise ValueRefused(
                Text(zh="工作簿有打开密码", en="the workbook is protected by a password"),
                Text(zh="在 Excel 中取消密码后另存", en="Save it without a password."),
            )
        return
    if ending == ".parquet" and found == "parquet":
        return
    words = _WORDS[found]
    raise ValueRefused(
        Text(
            zh=f"扩展名是 {ending}，内容却是{words.zh}",
            en=f"is named {ending} but is {words.en}",
        ),
        _cure(found),
    )


def _is_encrypted(file: Path) -> bool:
    with file.open("rb") as stream:
        kept = b""
        while block := stream.read(1 << 20):
            if _ENCRYPTED in kept + block:
                return True
            kept = block[-len(_ENCRYPTED) :]
    return False


def _cure(found: str) -> Text:
    if found in ("html", "xml", "sqlite", "pdf", "rar", "7z", "gzip"):
        return Text(
            zh="用 Excel 或 WPS 打开后，另存为“Excel 工作簿（.xlsx）”再报送",
            en="Open it in a spreadsheet and save it as .xlsx.",
        )
    if found == "utf16":
        return Text(zh="另存为“CSV UTF-8”", en="Save it as CSV in UTF-8.")
    if found == "duckdb":
        return Text(
            zh="在 sources.yaml 中写 {file: 文件名, table: 表名}",
            en="List it in sources.yaml as {file: …, table: …}.",
        )
    if found == "empty":
        return Text(zh="文件没有内容，请重新导出", en="It holds nothing; export it again.")
    return Text(
        zh="把扩展名改成与内容一致：工作簿 .xlsx、逗号分隔文本 .csv、Parquet .parquet",
        en="Give it the ending of what it is: .xlsx, .csv or .parquet.",
    )
