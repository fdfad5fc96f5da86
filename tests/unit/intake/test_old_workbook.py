"""An .xls of Excel 97: read to the cell, its percentages and errors seen, damage survived.

figures.xls beside this file was written by xlwt 1.3.0, no code of ours: a hidden sheet 填报说明,
then 报表 with an empty first row and column, a merged title, and cells of each kind that counts.
"""

import datetime as dt
import random
import struct
from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.errors import DataRefused, ValueRefused
from cityforge.brain.intake import workbook, xls_records
from cityforge.brain.intake.xlsx_package import Marks

FILE = Path(__file__).with_name("figures.xls")


@pytest.fixture
def percents(make_dataset) -> Dataset:
    return make_dataset(
        [
            {"id": "uscc", "title": "统一社会信用代码", "kind": "credit_code"},
            {"id": "year", "title": "年度", "kind": "year"},
            {"id": "tax", "title": "实缴税收", "kind": "quantity", "unit": "万元", "scale": 2},
            {"id": "on", "title": "投产日期", "kind": "date"},
            {"id": "growth", "title": "增速", "kind": "quantity", "unit": "%", "scale": 2},
            {"id": "share", "title": "占比", "kind": "quantity", "unit": "%", "scale": 2},
            {"id": "note", "title": "说明", "kind": "text"},
        ]
    )


def test_every_cell_of_an_old_workbook(take, percents, codes) -> None:
    taken = take(percents, FILE)
    assert (taken.raw.sheet, taken.raw.header_at, taken.read) == ("报表", 2, 3)
    first, second = taken.accepted
    assert first["uscc"] == codes[0] and first["year"] == 2024 and first["note"] == "甲"
    assert (first["tax"], first["on"]) == (Decimal("123.46"), dt.date(2024, 5, 6))
    assert (first["growth"], first["share"]) == (Decimal("12.5"), 3)
    assert (second["tax"], second["on"], second["note"]) == (100, dt.date(2024, 5, 7), "7")
    # 12.5 whose format puts a percent sign in quotes is 12.5 and no percentage; so is the text 7%.
    assert (second["growth"], second["share"]) == (Decimal("12.5"), 7)
    assert taken.reasons == [(3, "share", "error_cell"), (3, "tax", "error_cell")]
    (batch,) = workbook.read(FILE, percents).batches()
    assert batch["c5"].to_pylist() == ["12.5%", "12.5", "100%"]


def test_its_percentages_and_errors_by_place() -> None:
    package = xls_records.inspect(FILE)
    assert list(package.sheets) == ["填报说明", "报表"] and not package.is_1904
    assert xls_records.marks(package, "报表") == Marks(
        {(5, 3): "#DIV/0!", (5, 6): "#N/A"}, {(3, 5), (3, 6), (5, 5)}
    )
    assert xls_records.marks(package, "填报说明") == Marks()


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


BOF, EOF = record(0x809, struct.pack("<HHI", 0x600, 0x10, 0) + bytes(8)), record(0x0A, b"")
FORMULA = struct.pack("<HHH", 6, 2, 1) + b"\x02\x00\x24\x00\x00\x00\xff\xff" + bytes(8)


def test_a_formula_that_came_to_an_error_and_a_chart_inside_the_sheet() -> None:
    number = record(0x203, struct.pack("<HHHd", 8, 1, 1, 0.25))
    chart = BOF + record(0x203, struct.pack("<HHHd", 0, 0, 1, 0.5)) + EOF
    sheet = BOF + record(0x06, FORMULA) + chart + number + EOF + number.replace(b"\x08", b"\x09")
    package = xls_records.Package(sheet, {"a": 0}, frozenset({1}), is_1904=False)
    assert xls_records.marks(package, "a") == Marks({(6, 2): "#NUM!"}, {(8, 1)})


def test_a_short_stream_stands_in_small_sectors(tmp_path: Path) -> None:
    name = b"s"
    start = len(BOF) + len(EOF) + 4 + 8 + len(name)
    listed = record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
    stream = BOF + listed + EOF + BOF + record(0x06, FORMULA) + EOF
    held = stream.ljust(512, b"\0")
    used = -(-len(stream) // 64)
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 2, 1, end, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    fat = struct.pack("<IIII", table, end, end, end).ljust(512, b"\xff")
    small = struct.pack(f"<{used}I", *range(1, used), end).ljust(512, b"\xff")

    def entry(title: str, kind: int, at: int, size: int) -> bytes:
        text = title.encode("utf-16-le") + b"\0\0"
        middle = struct.pack("<HBB", len(text), kind, 1) + bytes(48)
        return text.ljust(64, b"\0") + middle + struct.pack("<IQ", at, size)

    folder = entry("Root Entry", 5, 3, 512) + entry("Workbook", 2, 0, len(stream))
    (tmp_path / "a.xls").write_bytes(head + fat + folder.ljust(512, b"\0") + small + held)
    package = xls_records.inspect(tmp_path / "a.xls")
    assert package.stream == stream and package.sheets == {"s": start}
    assert xls_records.marks(package, "s").errors == {(6, 2): "#NUM!"}


def test_damage_is_refused_or_read_never_worse(take, percents, tmp_path: Path) -> None:
    chance, sound, refused = random.Random(5), FILE.read_bytes(), 0
    for _ in range(300):
        made = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            made[chance.randrange(8, len(made))] = chance.randrange(256)
        file = tmp_path / "a.xls"
        file.write_bytes(made[: chance.choice([len(made), chance.randrange(9, len(made))])])
        try:
            package = xls_records.inspect(file)
            for sheet in package.sheets:
                xls_records.marks(package, sheet)
        except ValueRefused as error:
            refused += 1
            assert error.what.zh and error.hint.zh
    assert 20 < refused < 300
    for shift in (0, 2, 40, 255):  # of a sector's size: the header lies outright
        file.write_bytes(sound[:30] + struct.pack("<H", shift) + sound[32:])
        with pytest.raises(ValueRefused):
            xls_records.inspect(file)
    file.write_bytes(sound[:3000])
    with pytest.raises(DataRefused):
        take(percents, file)
