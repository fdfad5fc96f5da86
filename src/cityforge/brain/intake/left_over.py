"""What to tell of a file in the data folder that nobody reads: a delivery of before, or a stranger.

The first import of a dataset leaves the file that counted until then where it lies, and keeps a
copy on the shelf; people may think that it still counts.
"""

from contextlib import suppress
from pathlib import Path

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused, Text
from cityforge.brain.intake import shelf
from cityforge.brain.intake.shelf import History, Record
from cityforge.brain.intake.sources import LIST, Sources


def notes(city: City, found: Sources) -> list[Text]:
    """One remark for each file of the folder that was not read."""
    return [_note(city, found, found.folder / name) for name in found.strangers]


def _note(city: City, found: Sources, file: Path) -> Text:
    for dataset in city.datasets.values():
        with suppress(DataRefused):  # a spoilt record is for the next import to tell, not for a run
            known = shelf.history(found.folder, dataset.id)
            counts = known.delivery
            if counts is not None and file.name in (record.file for record in known.records):
                return _delivered(dataset, known, counts, file)
    for dataset in city.datasets.values():
        if file.stem in (dataset.id, dataset.title):
            return _passed_over(dataset, found, file)
    return Text(
        zh=f"文件 {file.name} 不属于任何数据集，未读取",
        en=f"{file.name} belongs to no dataset and was not read",
    )


def _passed_over(dataset: Dataset, found: Sources, file: Path) -> Text:
    source, table = found.files.get(dataset.id), found.tables.get(dataset.id)
    read = source.name if source else table.shown if table else "—"
    return Text(
        zh=f"文件 {file.name} 未读取：{LIST} 写明“{dataset.title}”读 {read}",
        en=f"{file.name} was not read: {LIST} has {dataset.title_en} read from {read}",
    )


def _delivered(dataset: Dataset, known: History, counts: Record, file: Path) -> Text:
    digest = shelf.digest(file)
    kept = next((r for r in reversed(known.records) if digest == r.sha256), None)
    if kept is None:
        return Text(
            zh=f"文件 {file.name} 与存档的“{dataset.title}”历次报送都不同，未读取；"
            "要采用它，用 cityforge intake import 导入",
            en=f"{file.name} differs from every delivery of {dataset.title_en} and was not read;"
            " import it if it is to count (cityforge intake import)",
        )
    if kept.number == counts.number:
        return Text(
            zh=f"文件 {file.name} 与“{dataset.title}”现行的第 {counts.number} 次报送相同，"
            "读的是存档中的那一份",
            en=f"{file.name} is delivery {counts.number} of {dataset.title_en}, which counts; the"
            " copy on the shelf was read",
        )
    return Text(
        zh=f"文件 {file.name} 是“{dataset.title}”以前的报送（第 {kept.number} 次，已存档），"
        f"未读取；现行的是第 {counts.number} 次",
        en=f"{file.name} is an earlier delivery of {dataset.title_en} (number {kept.number}, kept"
        f" on the shelf) and was not read; number {counts.number} counts",
    )
