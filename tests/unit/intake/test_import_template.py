"""Templates: what they offer, and that a filled one is accepted whole."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, choice, raw, template
from cityforge.brain.mock.write import write as mock

ROOT = Path(__file__).resolve().parents[3]
CITIES = {"lanhe": ROOT / "tests/cities/lanhe", "reference": ROOT / "cities/taizhou"}


@pytest.fixture(scope="module", params=sorted(CITIES))
def city(request: pytest.FixtureRequest) -> City:
    return checks.load(CITIES[str(request.param)])[0]


@pytest.fixture(scope="module")
def written(city: City, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    files = template.write(city, tmp_path_factory.mktemp("templates"), year=2025)
    return dict(zip(city.datasets, files, strict=True))


def test_every_header_is_known_and_the_name_tells_the_dataset(city, written) -> None:
    for name, file in written.items():
        dataset = city.datasets[name]
        assert choice.choose(city, file).dataset.id == name
        with Engine(threads=1) as engine:
            read = raw.read(engine, dataset, file)
        assert (read.rows, read.unknown_headers, read.absent_columns) == (0, [], [])
        assert read.factors == {}, "the template asks for the contract's own units"


def test_lists_formats_notes_and_marks(city, written) -> None:
    for name, file in written.items():
        dataset, book = city.datasets[name], openpyxl.load_workbook(file)
        sheet = book.worksheets[0]
        assert book.sheetnames[1] == "填报说明" and sheet.freeze_panes == "A2"
        rules = {str(r.sqref).split("2:")[0]: r for r in sheet.data_validations.dataValidation}
        for place, column in enumerate(dataset.columns, start=1):
            head, letter = sheet.cell(1, place), get_column_letter(place)
            assert column.title_en in head.comment.text and "法定用途" in head.comment.text
            needed = head.fill.fgColor.rgb.endswith("F8CBAD")
            assert needed == dataset.is_required(column)
            if column.kind in ("choice", "boolean", "year"):
                assert rules[letter].type == "list"
            if column.kind == "credit_code":
                assert sheet.column_dimensions[letter].number_format == "@"
            if column.unit:
                assert column.unit in head.value and column.unit in head.comment.text
        said = [str(cell.value) for row in book["填报说明"].iter_rows() for cell in row]
        assert city.units[dataset.owner].title in said
        assert any("不在底册" in text or "底册" in text for text in said)


@pytest.mark.parametrize("name", ["lanhe"])
def test_a_filled_template_is_accepted_whole(name: str, tmp_path: Path) -> None:
    city = checks.load(CITIES[name])[0]
    made = tmp_path / "mock"
    mock(city, made, seed=4, as_of=date(2025, 9, 30), above_scale=20,
         below_scale=20)  # fmt: skip
    with (made / "_faults.csv").open(encoding="utf-8-sig", newline="") as stream:
        faulty = {(f["dataset"], int(f["row"])) for f in csv.DictReader(stream)}
    files = template.write(city, tmp_path / "templates", year=2025)
    frame = city.frame
    assert frame is not None
    with Engine(threads=1) as engine:
        accept.prepare(engine)
        ordered = sorted(
            zip(city.datasets.values(), files, strict=True), key=lambda p: not p[0].frame
        )
        for dataset, file in ordered:
            with (made / f"{dataset.id}.csv").open(encoding="utf-8-sig", newline="") as stream:
                rows = list(csv.reader(stream))[1:]
            book = openpyxl.load_workbook(file)
            sound = [r for i, r in enumerate(rows, start=1) if (dataset.id, i) not in faulty]
            for row in sound:
                book.worksheets[0].append([cell or None for cell in row])
            book.save(file)
            known = None if dataset.frame else f"data_{frame.id}"
            counts = accept.accept(engine, dataset, raw.read(engine, dataset, file), frame=known)
            assert (counts.read, counts.quarantined) == (len(sound), 0), dataset.id
