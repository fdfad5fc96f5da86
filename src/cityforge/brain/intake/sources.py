"""Which file of a data folder belongs to which dataset: by name, or as `sources.yaml` says."""

from dataclasses import dataclass, field
from pathlib import Path

from cityforge.brain.city import document as documents
from cityforge.brain.city.folder import City
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import DataRefused, Problem, Text

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xls")
LIST = "sources.yaml"
_KEYS = {"simulated", "note", "seed", "as_of", "version", "files"}


@dataclass(slots=True)
class Sources:
    """The file of each dataset; datasets without a file; files that no contract claims.

    `simulated` is what the folder says of itself: everything made from it must say 模拟数据.
    """

    files: dict[str, Path] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    simulated: bool = False
    note: str = ""


def find(city: City, folder: Path) -> Sources:
    """Match the files of a folder to the city's datasets.

    The rule: `sources.yaml` (files: {dataset: file}) where it stands; else a file named as the
    dataset's id or title, with an ending of SUFFIXES. Raises DataRefused with all Problems.
    """
    if not folder.is_dir():
        what = Text(zh=f"没有数据文件夹 {folder}", en=f"no data folder {folder}")
        hint = Text(zh="用 --data 指明数据文件夹", en="Name the folder with --data.")
        raise DataRefused([Problem(str(folder), 0, 0, what, hint)])
    sources, problems = Sources(), list[Problem]()
    listed = _listed(city, folder, sources, problems)
    for dataset in city.datasets.values():
        if dataset.id in listed:
            sources.files[dataset.id] = listed[dataset.id]
            continue
        named = [
            folder / f"{stem}{suffix}"
            for stem in (dataset.id, dataset.title)
            for suffix in SUFFIXES
        ]
        present = [file for file in named if file.is_file()]
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
        if present:
            sources.files[dataset.id] = present[0]
        else:
            sources.absent.append(dataset.id)
    taken = {file.name for file in sources.files.values()}
    sources.strangers = sorted(
        file.name
        for file in folder.iterdir()
        if file.suffix in SUFFIXES and file.name not in taken and not file.name.startswith("_")
    )
    if problems:
        raise DataRefused(problems)
    return sources


def _listed(city: City, folder: Path, sources: Sources, problems: list[Problem]) -> dict[str, Path]:
    file = folder / LIST
    if not file.exists():
        return {}
    document = documents.read(file, shown_as=LIST)
    problems.extend(document.problems)
    data = document.data if isinstance(document.data, dict) else {}
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
    sources.note = str(data.get("note") or "")
    found: dict[str, Path] = {}
    for name, value in (data.get("files") or {}).items():
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
            continue
        target = (folder / str(value)).resolve()
        if not target.is_relative_to(folder.resolve()) or not target.is_file():
            problems.append(
                document.problem(
                    path,
                    Text(zh=f"没有文件 {value}", en=f"no such file: {value}"),
                    Text(zh="文件须在数据文件夹内", en="It must stand inside the data folder."),
                )
            )
            continue
        found[name] = target
    return found
