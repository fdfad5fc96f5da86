"""docs/reference/quarantine.md, from the intake's reasons and what each kind of column accepts."""

from typing import get_args

from cityforge.brain.city.dataset import ColumnKind
from cityforge.brain.intake import accept, sources
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
    "date": ("2025-09-30、2025/9/30、20250930、2025年9月30日等", "a date in any usual form"),
    "year": ("1949—2100 的年度，可带“年”字", "a year from 1949 to 2100"),
    "period": ("2024年、2024年1-9月、2024Q3、2024-09 等", "a period, as 2024Q3 or 2024年1-9月"),
    "boolean": ("是/否、有、1/0、true/false、Y/N", "yes or no in any usual form"),
    "choice": ("`values` 列出的值之一", "one of the column's `values`"),
    "quantity": (
        "数字，可有千分位和全角数字；位数由 `precision`、`scale` 定，单位由合同定",
        "a number; thousands separators and full-width digits are read",
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

CSV 用 UTF-8 或 GB18030 编码；Excel 读第一个工作表，首行为表头。
CSV in UTF-8 or GB18030; of a workbook the first sheet, its first row being the header.

表头写列的标识、中文名称或其他写法（`synonyms`），可带单位，如“实缴税收（元）”；单位与合同不同即拒绝整份文件。
A header is the column's id, title or synonym, a unit in brackets allowed; another unit than the
contract's refuses the file.
"""


def page() -> str:
    """Naming rule, kinds of columns, reasons."""
    reasons = [[code(name), text.zh, text.en] for name, text in accept.REASONS.items()]
    kinds = [[code(kind), *KINDS[kind]] for kind in get_args(ColumnKind)]
    empty = [code(word) for word in accept._EMPTY if word]
    return markdown.page(
        "数据接收与隔离 · Intake and quarantine",
        INTRO,
        FILES.replace("{suffixes}", codes(sources.SUFFIXES)),
        "## 列的种类 · kinds of columns\n\n" + table(["`kind`", "接收", "accepts"], kinds),
        "空单元格，以及 " + " ".join(empty) + " 视为缺失。Empty cells, and these, are missing.",
        "## 隔离原因 · reasons\n\n" + table(["原因 · reason", "含义", "meaning"], reasons),
    )
