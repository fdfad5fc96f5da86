"""docs/reference/quarantine.md, from the intake's reasons and what each kind of column accepts."""

from typing import get_args

from cityforge.brain.city.dataset import ColumnKind
from cityforge.brain.intake import accept, cells, sources
from cityforge.brain.intake.workbook import LOOKED_AT
from generator import markdown
from generator.markdown import code, codes, table

KINDS = {
    "text": ("任意文字", "any text"),
    "credit_code": (
        "18 位统一社会信用代码（GB 32100-2015，验校验位），或 15 位旧注册号",
        "an 18-character credit code with its check digit, or an old 15-digit number",
    ),
    "industry_code": (
        "GB/T 4754-2017 行业代码，带或不带门类字母；入库为数字部分",
        "a code of GB/T 4754-2017, with or without its letter",
    ),
    "region_code": (
        "6、9 或 12 位行政区划代码（新旧均可）",
        "a region code of 6, 9 or 12 digits, current or former",
    ),
    "date": (
        "2025-09-30、2025/9/30、20250930、2025年9月30日等，或 Excel 的日期序列数 45930",
        "a date in any usual form, or the number by which Excel counts its day",
    ),
    "year": ("1949—2100 的年度，可带“年”字", "a year from 1949 to 2100"),
    "period": ("2024年、2024年1-9月、2024Q3、2024-09 等", "a period, as 2024Q3 or 2024年1-9月"),
    "boolean": ("是/否、有、1/0、true/false、Y/N", "yes or no in any usual form"),
    "choice": ("`values` 列出的值之一", "one of the column's `values`"),
    "quantity": (
        "数字，可有千分位和全角数字；比率可写 15%；位数由 `precision`、`scale` 定，单位由合同定",
        "a number; thousands separators, full-width digits and, for a ratio, 15% are read",
    ),
}

INTRO = """
每一行要么接收，要么隔离，**接收 + 隔离 = 读入**，恒成立。一行有几处不合格，隔离表就列几条，
附原值和原行号，退给提供单位更正。隔离的行不参与任何计算。

Each row is accepted or quarantined: **accepted + quarantined = read**, always. A row that fails in
several ways is listed with all its reasons, the value and the row number,
to be mended by its owner.
"""

FILES = """
## 文件与合同怎样对上 · which file belongs to which dataset

1. 数据文件夹里的 `sources.yaml` 在 `files: {数据集: 文件}` 中列了的，按它；
2. 没列的，看文件名：数据集的标识或中文名称，扩展名为 {suffixes}；
3. 一个数据集有几个同名文件，须在 `sources.yaml` 写明用哪一个；
   哪个合同都不认的文件不读，运行时逐一说明。

What `sources.yaml` lists under `files: {dataset: file}` goes by it; any other file is found by its
name, the dataset's id or Chinese title. Several files for one dataset are refused until
`sources.yaml` says which; strangers are not read, and the run names them.

`sources.yaml` 的一项也可以是工作簿的某个工作表、DuckDB 文件或 PostgreSQL 的一张表，
写法见[数据来源](../how-to/data-sources.zh.md)。
An entry of `sources.yaml` may also be a sheet of a workbook, or a table of a DuckDB file or of
PostgreSQL: see [sources](../how-to/data-sources.en.md).

CSV 用 UTF-8 或 GB18030 编码。Excel 读指明的工作表；未指明的，先读与数据集同名的，
再读第一个表头齐全的。
CSV in UTF-8 or GB18030; of a workbook the sheet that is named, else the one called as the dataset,
else the first whose header is whole.

表头在前 {rows} 行里找，可占一至三行；写列的标识、中文名称或其他写法（`synonyms`），可带单位，
如“实缴税收（千元）”：与合同同类的单位精确换算并注明，不能换算的拒绝整份文件。
合计行、表尾说明隔离，不当作数据。
The header is sought among the first {rows} rows and may be one to three rows deep. It names a
column by id, title or synonym, a unit in brackets allowed: a unit like the contract's is converted
exactly, and said; one that does not convert refuses the file. Totals and notes are quarantined.
"""


def page() -> str:
    """Naming rule, kinds of columns, reasons."""
    reasons = [[code(name), text.zh, text.en] for name, text in accept.REASONS.items()]
    kinds = [[code(kind), *KINDS[kind]] for kind in get_args(ColumnKind)]
    empty = [code(word) for word in cells._EMPTY if word]
    return markdown.page(
        "数据接收与隔离 · Intake and quarantine",
        INTRO,
        FILES.replace("{suffixes}", codes(sources.SUFFIXES)).replace("{rows}", f"{LOOKED_AT}"),
        "## 列的种类 · kinds of columns\n\n" + table(["`kind`", "接收", "accepts"], kinds),
        "空单元格，以及 " + " ".join(empty) + " 视为缺失。Empty cells, and these, are missing.",
        "## 隔离原因 · reasons\n\n" + table(["原因 · reason", "含义", "meaning"], reasons),
    )
