"""Which file of a data folder belongs to which dataset: by name, or as `sources.yaml` says."""

from dataclasses import dataclass, field
from pathlib import Path

from cityforge.brain.city import document as documents
from cityforge.brain.city.folder import City
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import DataRefused, Problem, Text

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xls")
LIST = "sources.yaml"
_KEYS = {"simulated", "note", "seed", "as_of", "version", "files", "deliveries"}


@dataclass(slots=True)
class Sources:
    """The file of each dataset; datasets without a file; files that no contract claims.

    `simulated` is what the folder says of itself: everything made from it must say 模拟数据.
    """

    files: dict[str, Path] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
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
    # An ending may be written large (.CSV); what an office leaves lying about is no supply.
    files = [
        file
        for file in sorted(folder.iterdir())
        if file.is_file()
        and file.suffix.lower() in SUFFIXES
        and not file.name.startswith((".", "_", "~$"))
    ]
    for dataset in city.datasets.values():
        if dataset.id in listed:
            sources.files[dataset.id] = listed[dataset.id]
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
        if present:
            sources.files[dataset.id] = present[0]
        else:
            sources.absent.append(dataset.id)
    taken = {file.resolve() for file in sources.files.values()}
    sources.strangers = [file.name for file in files if file.resolve() not in taken]
    if problems:
        raise DataRefused(problems)
    return sources


def _listed(city: City, folder: Path, sources: Sources, problems: list[Problem]) -> dict[str, Path]:
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
    found: dict[str, Path] = {}
    for name, value in files.items():
        path = ("files", name)
        target = _inside(folder, str(value))
        if name not in city.datasets:
            problems.append(
                document.problem(
                    path,
                    Text(zh=f"数据集“{name}”不存在", en=f"no such dataset: '{name}'"),
                    nearest(name, city.datasets),
                    at_key=True,
                )
            )
        elif target is None:
            problems.append(
                document.problem(
                    path,
                    Text(zh=f"没有文件 {value}", en=f"no such file: {value}"),
                    Text(
                        zh="文件须在数据文件夹内，扩展名为 " + "、".join(SUFFIXES),
                        en="It must stand inside the data folder and end in " + ", ".join(SUFFIXES),
                    ),
                )
            )
        else:
            found[name] = target
    return found


def _inside(folder: Path, name: str) -> Path | None:
    """The file of this name in the folder; None when there is none or it stands elsewhere."""
    if "\0" in name or len(name) > 1000:
        return None
    target = (folder / name).resolve()
    if target.suffix.lower() not in SUFFIXES or not target.is_relative_to(folder.resolve()):
        return None
    return target if target.is_file() else None
