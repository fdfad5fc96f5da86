"""Which file of a data folder belongs to which dataset: by name, or as `sources.yaml` says."""

from dataclasses import dataclass, field
from pathlib import Path

from cityforge.brain.city import document as documents
from cityforge.brain.city.folder import City
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.intake import source_entry
from cityforge.brain.intake.source_entry import Table

SUFFIXES = source_entry.SUFFIXES
LIST = "sources.yaml"
CORRECTIONS = "corrections.csv"
Entry = source_entry.Listed | Table
_KEYS = {"simulated", "note", "seed", "as_of", "version", "files", "deliveries"}


@dataclass(slots=True)
class Sources:
    """The file of each dataset; datasets without a file; files of the folder that are not read.

    `sheets` names the sheet of a workbook where the list does; `tables` are those of a database.
    `simulated` is what the folder says of itself: everything made from it must say 模拟数据.
    `corrections`: what enterprises put right (facts.corrections), where there is such a file.
    """

    files: dict[str, Path] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    simulated: bool = False
    note: str = ""
    folder: Path = field(default_factory=Path)
    corrections: Path | None = None


def find(city: City, folder: Path) -> Sources:
    """Match the files of a folder to the city's datasets.

    The rule: `sources.yaml` (files: {dataset: file}) where it stands; else a file named as the
    dataset's id or title, with an ending of SUFFIXES. Raises DataRefused with all Problems.
    """
    if not folder.is_dir():
        what = Text(zh=f"没有数据文件夹 {folder}", en=f"no data folder {folder}")
        hint = Text(zh="用 --data 指明数据文件夹", en="Name the folder with --data.")
        raise DataRefused([Problem(str(folder), 0, 0, what, hint)])
    sources, problems = Sources(folder=folder), list[Problem]()
    listed = _listed(city, folder, sources, problems)
    # An ending may be written large (.CSV); what an office leaves lying about is no supply.
    files = [
        file
        for file in sorted(folder.iterdir())
        if not file.is_dir()
        and file.suffix.lower() in SUFFIXES
        and not file.name.startswith((".", "_", "~$"))
    ]
    for dataset in city.datasets.values():
        if dataset.id in listed:
            entry = listed[dataset.id]
            if isinstance(entry, Table):
                sources.tables[dataset.id] = entry
            else:
                sources.files[dataset.id] = entry.file
                if entry.sheet:
                    sources.sheets[dataset.id] = entry.sheet
            continue
        present = [file for file in files if file.stem in (dataset.id, dataset.title)]
        if len(present) > 1:
            names = "、".join(file.name for file in present)
            problems.append(
                Problem(
                    dataset.id,
                    0,
                    0,
                    Text(zh=f"“{dataset.title}”有多个文件：{names}", en=f"several files: {names}"),
                    Text(
                        zh=f"在 {LIST} 的 files 中写明用哪一个",
                        en=f"Say which one under files in {LIST}.",
                    ),
                )
            )
        problems.extend(_unfit(file, folder) for file in present if not _is_fit(file, folder))
        if present:
            sources.files[dataset.id] = present[0]
        else:
            sources.absent.append(dataset.id)
    taken = {file.resolve() for file in sources.files.values()}
    file = folder / CORRECTIONS
    if file.resolve() not in taken and file.is_file() and _is_fit(file, folder):
        sources.corrections = file
        taken.add(file.resolve())
    sources.strangers = [file.name for file in files if file.resolve() not in taken]
    if problems:
        raise DataRefused(problems)
    return sources


def _is_fit(file: Path, folder: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())


def _unfit(file: Path, folder: Path) -> Problem:
    return Problem(
        file.name,
        0,
        0,
        Text(
            zh="不是数据文件夹内的普通文件（指向别处的链接、管道或设备）",
            en="is no plain file of the data folder (a link elsewhere, a pipe or a device)",
        ),
        Text(zh="放入真实的文件", en="Put the file itself there."),
    )


def _listed(
    city: City, folder: Path, sources: Sources, problems: list[Problem]
) -> dict[str, Entry]:
    file = folder / LIST
    if not file.exists():
        return {}
    document = documents.read(file, shown_as=LIST)
    problems.extend(document.problems)
    data = document.data if document.data is not None else {}
    if not isinstance(data, dict):
        problems.append(
            document.problem(
                (),
                Text(zh=f"{LIST} 应为键值表", en=f"{LIST} must be a mapping"),
                Text(zh="写成 files: 开头，下面每行 数据集: 文件名", en="Begin it with files: …"),
            )
        )
        return {}
    for key in data.keys() - _KEYS:
        problems.append(
            document.problem(
                (key,),
                Text(zh=f"未知的键“{key}”", en=f"unknown key '{key}'"),
                nearest(key, _KEYS),
                at_key=True,
            )
        )
    sources.simulated = data.get("simulated") is True
    if not isinstance(data.get("simulated", False), bool):
        problems.append(
            document.problem(
                ("simulated",),
                Text(zh="simulated 应为 true 或 false", en="'simulated' must be true or false"),
                Text(zh="写 true 或 false", en="Write true or false."),
            )
        )
    sources.note = str(data.get("note") or "")
    files = data.get("files") or {}
    if not isinstance(files, dict):
        problems.append(
            document.problem(
                ("files",),
                Text(zh="files 应为 数据集: 文件名 的列表", en="'files' must be dataset: file"),
                Text(zh="每行写 数据集: 文件名", en="Write one dataset: file a line."),
            )
        )
        return {}
    found: dict[str, Entry] = {}
    for name, value in files.items():
        path = ("files", name)
        if name not in city.datasets:
            problems.append(
                document.problem(
                    path,
                    Text(zh=f"数据集“{name}”不存在", en=f"no such dataset: '{name}'"),
                    nearest(name, city.datasets),
                    at_key=True,
                )
            )
        else:
            try:
                found[name] = source_entry.read(folder, value)
            except ValueRefused as error:
                problems.append(document.problem(path, error.what, error.hint))
    return found
