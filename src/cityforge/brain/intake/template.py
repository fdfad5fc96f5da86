"""Workbooks for bureaus to fill: one a dataset, with drop-downs, formats, notes and 填报说明."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.shapes import LegalUse
from cityforge.brain.errors import Text
from cityforge.brain.intake.accept import REASONS

NOTES = "填报说明"
_LISTS = "选项"
_LAST_ROW = 1_048_576
_FONT = "微软雅黑"
_HEAD = PatternFill("solid", fgColor="DDEBF7")
_NEEDED = PatternFill("solid", fgColor="F8CBAD")
_LINE = Border(bottom=Side(style="thin", color="7F7F7F"))
_MOST_INLINE = 250  # characters of a list that Excel takes in the rule itself
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|[]', "_"))

_KINDS: dict[str, Text] = {
    "text": Text(zh="文字", en="text"),
    "credit_code": Text(zh="18 位统一社会信用代码", en="credit code of 18 characters"),
    "industry_code": Text(zh="国民经济行业代码（GB/T 4754）", en="industry code (GB/T 4754)"),
    "region_code": Text(zh="行政区划代码", en="region code"),
    "date": Text(zh="日期，如 2025-03-31", en="date, such as 2025-03-31"),
    "year": Text(zh="四位年度", en="year of four digits"),
    "period": Text(zh="期间", en="period"),
    "boolean": Text(zh="是 或 否", en="是 (yes) or 否 (no)"),
    "choice": Text(zh="从列表中选", en="one of the list"),
    "quantity": Text(zh="数字", en="number"),
}
_EXAMPLES = {
    "credit_code": "91320000MA1XXXXX0X",
    "industry_code": "3411",
    "region_code": "320000",
    "date": "2025-03-31",
    "year": "2025",
    "period": "2025Q1",
    "boolean": "是",
    "text": "",
    "quantity": "1234.5",
}
_USES = {
    LegalUse.DESCRIBE: Text(zh="汇总描述", en="figures of the whole"),
    LegalUse.TREAT: Text(zh="对单个企业的评价与决定", en="decisions about one enterprise"),
}
_HEADS = (
    "表头 header",
    "英文 English",
    "必填 required",
    "类型 type",
    "单位 unit",
    "范围或可选 range, options",
    "法定用途 legal use",
    "举例 example",
)
_EVERY = {
    "year": Text(zh="每年", en="yearly"),
    "half": Text(zh="每半年", en="half-yearly"),
    "quarter": Text(zh="每季度", en="quarterly"),
    "month": Text(zh="每月", en="monthly"),
    "event": Text(zh="发生时", en="when it happens"),
}


def write(city: City, folder: Path, *, year: int, datasets: Sequence[Dataset] = ()) -> list[Path]:
    """Write a template for each dataset (all of the city where none is named); returns the files.

    year   the newest that the drop-downs of years offer
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for dataset in datasets or list(city.datasets.values()):
        book = Workbook()
        _fill_in(book, city, dataset, year)
        # Beside the table; the sheet of long lists, where there is one, comes after.
        _notes(book.create_sheet(NOTES, 1), city, dataset)
        file = folder / f"{dataset.title.translate(_FORBIDDEN)}.xlsx"
        book.save(file)
        files.append(file)
    return files


def header(column: Column) -> str:
    """The header of a column, its unit in brackets."""
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def _fill_in(book: Any, city: City, dataset: Dataset, year: int) -> None:
    sheet = book.active
    sheet.title = dataset.title.translate(_FORBIDDEN)[:31]
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 36
    for place, column in enumerate(dataset.columns, start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, header(column))
        needed = dataset.is_required(column)
        cell.font = Font(name=_FONT, bold=True)
        cell.fill = _NEEDED if needed else _HEAD
        cell.border = _LINE
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.comment = _note(city, dataset, column)
        shape = sheet.column_dimensions[letter]
        shape.width = max(14, min(40, 2 * len(header(column)) + 4))
        shape.number_format = _format(column)
        shape.font = Font(name=_FONT)
        rule = _rule(book, city, dataset, column, year)
        if rule is not None:
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{_LAST_ROW}")


def _format(column: Column) -> str:
    if column.kind == "quantity":
        return "#,##0" + ("." + "0" * column.scale if column.scale else "")
    return {"date": "yyyy-mm-dd", "year": "0"}.get(column.kind, "@")


def _note(city: City, dataset: Dataset, column: Column) -> Comment:
    lines = [f"{label.zh} {label.en}：{words}" for label, words in _facts(city, dataset, column)]
    comment = Comment("\n".join([f"{column.title} · {column.title_en}", *lines]), "cityforge")
    comment.width, comment.height = 340, 30 + 24 * len(lines)
    return comment


def _facts(city: City, dataset: Dataset, column: Column) -> list[tuple[Text, str]]:
    """What a person who fills the column must know, as label and words."""
    kind = _KINDS[column.kind]
    uses = [_USES[use] for use in LegalUse if use in dataset.legal_use_of(column)]
    needed = dataset.is_required(column)
    options = _options(city, dataset, column)
    found = [
        (Text(zh="必填", en="required"), "是 yes" if needed else "否 no"),
        (Text(zh="类型", en="type"), f"{kind.zh} · {kind.en}"),
        (Text(zh="单位", en="unit"), column.unit or ""),
        (Text(zh="范围", en="range"), _range(column)),
        (
            Text(zh="可选", en="options"),
            "、".join(options[:12]) + ("…" if len(options) > 12 else ""),
        ),
        (Text(zh="法定用途", en="legal use"), "；".join(f"{u.zh} · {u.en}" for u in uses)),
        (Text(zh="举例", en="example"), options[0] if options else _EXAMPLES.get(column.kind, "")),
    ]
    return [(label, words) for label, words in found if words]


def _range(column: Column) -> str:
    if column.kind != "quantity":
        return ""
    low = "" if column.min is None else f"≥ {column.min}"
    high = "" if column.max is None else f"≤ {column.max}"
    places = f"小数 {column.scale} 位 {column.scale} decimals"
    return "，".join(part for part in (low, high, places) if part)


def _options(city: City, dataset: Dataset, column: Column) -> list[str]:
    """The values a column may take, where they can be listed."""
    if column.kind == "choice":
        return list(column.values)
    if column.kind == "boolean":
        return ["是", "否"]
    if column.kind == "region_code":
        codes = [code for d in city.place.districts for code in d.codes if code.kind == "current"]
        return [code.code for code in codes]
    if column.kind == "text" and column.id == "district":
        return [district.title for district in city.place.districts]
    if column.kind == "text" and dataset.grain == "place_period" and column.id in dataset.key:
        return {
            "district": [city.place.title, *(one.title for one in city.place.districts)],
            "park": [park.title for park in city.place.parks],
            "bureau": [unit.title for unit in city.units.values()],
        }[dataset.places]
    if column.kind == "text" and dataset.grain == "register" and column.id == "entry":
        registers = [r for r in city.registers.values() if r.dataset == dataset.id]
        return list(dict.fromkeys(register.entry for register in registers))
    return []


def _rule(
    book: Any, city: City, dataset: Dataset, column: Column, year: int
) -> DataValidation | None:
    """What the workbook checks while it is filled; only what the contract refuses too is barred."""
    options = _options(city, dataset, column)
    if column.kind == "year":
        options = [str(year - back) for back in range(6)]
    if options:
        rule = DataValidation(type="list", formula1=_listed(book, options), allow_blank=True)
        is_closed = column.kind in ("choice", "boolean")
    elif column.kind in _BOUNDS:
        rule = _BOUNDS[column.kind](column)
        is_closed = column.kind == "quantity"
    else:
        return None
    rule.errorStyle = "stop" if is_closed else "warning"
    rule.showErrorMessage = True
    rule.errorTitle = "请核对 · please check"
    rule.error = f"{column.title}：{_KINDS[column.kind].zh}"[:220]
    return rule


def _listed(book: Any, options: Sequence[str]) -> str:
    """A list for a drop-down: in the rule itself, or on a hidden sheet where it is long."""
    inline = ",".join(options)
    if len(inline) <= _MOST_INLINE and not any(set(',"') & set(text) for text in options):
        return f'"{inline}"'
    sheet = book[_LISTS] if _LISTS in book.sheetnames else book.create_sheet(_LISTS)
    sheet.sheet_state = "hidden"
    is_new = sheet.max_column == 1 and sheet["A1"].value is None
    place = 1 if is_new else sheet.max_column + 1
    for row, text in enumerate(options, start=1):
        sheet.cell(row, place, text)
    letter = get_column_letter(place)
    return f"'{_LISTS}'!${letter}$1:${letter}${len(options)}"


def _number_rule(column: Column) -> DataValidation:
    low, high = column.min, column.max
    if low is not None and high is not None:
        return DataValidation("decimal", str(low), str(high), operator="between", allow_blank=True)
    if low is not None:
        return DataValidation("decimal", str(low), operator="greaterThanOrEqual", allow_blank=True)
    highest = str(high) if high is not None else "1E+30"
    return DataValidation("decimal", highest, operator="lessThanOrEqual", allow_blank=True)


def _date_rule(_: Column) -> DataValidation:
    return DataValidation("date", "1", operator="greaterThanOrEqual", allow_blank=True)


def _code_rule(_: Column) -> DataValidation:
    return DataValidation("textLength", "18", operator="equal", allow_blank=True)


_BOUNDS: dict[str, Callable[[Column], DataValidation]] = {
    "quantity": _number_rule,
    "date": _date_rule,
    "credit_code": _code_rule,
}


def _notes(sheet: Any, city: City, dataset: Dataset) -> None:
    unit = city.units.get(dataset.owner)
    every = _EVERY[dataset.freshness.every]
    top = [
        ("数据集 dataset", f"{dataset.title} · {dataset.title_en}"),
        ("提供单位 supplied by", unit.title if unit else dataset.owner),
        ("报送频率 how often", f"{every.zh} · {every.en}"),
        ("报送时限 due", dataset.freshness.due or "—"),
        ("每行的识别列 key", "、".join(_titles(dataset))),
        (
            "填写 how to fill",
            "只填第一个工作表，不改表头；橙色表头为必填 · fill sheet 1; orange = required",
        ),
    ]
    for label, words in top:
        sheet.append([label, words])
    sheet.append([])
    sheet.append(_HEADS)
    heading = sheet.max_row
    for column in dataset.columns:
        sheet.append(_row(city, dataset, column))
    sheet.append([])
    sheet.append(["哪些会被退回 what is sent back"])
    title = sheet.max_row
    for reason in REASONS.values():
        sheet.append(["", f"{reason.zh} · {reason.en}"])
    _dress(sheet, heading, title)


def _titles(dataset: Dataset) -> list[str]:
    return [c.title for name in dataset.row_key if (c := dataset.column(name)) is not None]


def _row(city: City, dataset: Dataset, column: Column) -> list[str]:
    facts = {label.en: words for label, words in _facts(city, dataset, column)}
    first = [header(column), column.title_en]
    spans = facts.get("range") or facts.get("options") or ""
    rest = [facts.get(name, "") for name in ("required", "type", "unit")]
    return [*first, *rest, spans, facts.get("legal use", ""), facts.get("example", "")]


def _dress(sheet: Any, heading: int, title: int) -> None:
    for letter, width in zip("ABCDEFGH", (26, 40, 14, 34, 14, 34, 44, 22), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            bold = cell.row in (heading, title) or (cell.column == 1 and cell.row < heading)
            cell.font = Font(name=_FONT, bold=bold)
            cell.alignment = Alignment(vertical="top", wrap_text=cell.row > heading)
            if cell.row == heading:
                cell.fill, cell.border = _HEAD, _LINE
    sheet.sheet_view.showGridLines = False
