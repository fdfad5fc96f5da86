"""What was refused, by reason and column, with a few rows each and what to do about it."""

from collections import defaultdict

from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.intake import accept
from cityforge.brain.intake.profile.shape import Reject

EXAMPLES = 5
NO_DATA = ("total", "footer")

ADVICE: dict[str, Text] = {
    "required": Text(zh="请提供单位补填后重报", en="Ask the owner to fill it in."),
    "number": Text(
        zh="改为纯数字，单位写在表头", en="Write a bare number; the unit in the header."
    ),
    "min": Text(zh="核对数值、正负号和单位", en="Check the figure, its sign and its unit."),
    "max": Text(zh="核对数值和单位", en="Check the figure and its unit."),
    "date": Text(zh="写成 2024-05-06 这样的日期", en="Write a date such as 2024-05-06."),
    "year": Text(zh="写成 2024 这样的年度", en="Write a year such as 2024."),
    "boolean": Text(zh="写“是”或“否”", en="Write 是 or 否."),
    "choice": Text(zh="从允许值中选；确需新增请改数据集约定", en="Choose an allowed value."),
    "credit_code": Text(zh="按营业执照核对 18 位代码", en="Check the code on the licence."),
    "industry_code": Text(zh="按 GB/T 4754-2017 改代码", en="Take a code of GB/T 4754-2017."),
    "region_code": Text(zh="写 6、9 或 12 位数字代码", en="Write 6, 9 or 12 digits."),
    "period": Text(zh="写成 2024-09 或 2024年1-9月", en="Write 2024-09 or 2024年1-9月."),
    "duplicate": Text(
        zh="核对两行，只留正确的一行", en="Compare the two rows; keep the right one."
    ),
    "stranger": Text(
        zh="核对代码；确属本市企业的，先补入企业底册",
        en="Check the code; if the enterprise is the city's, add it to the frame first.",
    ),
    "error_cell": Text(
        zh="在 Excel 中改好公式，或直接填数值", en="Mend the formula in Excel, or type the value."
    ),
    "lost_digits": Text(
        zh="把该列设为文本格式，重新填写代码", en="Make the column text and enter the codes again."
    ),
    "total": Text(zh="合计行不用处理", en="A row of totals: nothing to do."),
    "footer": Text(zh="表尾说明不用处理", en="A note below the table: nothing to do."),
    "extra": Text(
        zh="核对是否多了分隔符，或表头少了一列",
        en="Look for a stray separator, or a column without a header.",
    ),
}
_ELSE = Text(zh="按约定核对后重报", en="Check it against the contract and supply it again.")


def of(engine: Engine, dataset: Dataset) -> tuple[Reject, ...]:
    """The rejects of a dataset, most frequent first.

    The cell of an example is left out where it is a figure that must not be named.
    """
    counts = engine.rows(
        exp.select('"column"', "reason", "count(DISTINCT row)")
        .from_(accept.QUARANTINE)
        .where(_mine(dataset))
        .group_by('"column"', "reason")
    )
    place = 'row_number() OVER (PARTITION BY "column", reason ORDER BY row)'
    first = exp.select('"column"', "reason", "row", "value").from_(accept.QUARANTINE)
    first = first.where(_mine(dataset)).qualify(f"{place} <= {EXAMPLES}").order_by("row")
    examples: defaultdict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
    for column, reason, row, value in engine.rows(first):
        examples[column, reason].append((row, value if _may_show(dataset, column) else None))
    found = [
        Reject(
            _title(dataset.column(column)),
            accept.REASONS.get(reason, Text(zh=reason, en=reason)),
            ADVICE.get(reason, _ELSE),
            count,
            tuple(examples[column, reason]),
            is_data=reason not in NO_DATA,
        )
        for column, reason, count in counts
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, each.column.zh, each.reason.zh)))


def _mine(dataset: Dataset) -> exp.Expr:
    return exp.EQ(this=exp.column("dataset"), expression=exp.Literal.string(dataset.id))


def _title(column: Column | None) -> Text:
    return Text(zh=column.title, en=column.title_en) if column else Text(zh="整行", en="whole row")


def _may_show(dataset: Dataset, name: str) -> bool:
    column = dataset.column(name)
    return column is None or column.kind != "quantity" or dataset.may_name(column)
