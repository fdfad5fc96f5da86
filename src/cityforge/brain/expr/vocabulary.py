"""The operators and keywords of the language, and what to write in place of SQL's other words."""

from sqlglot.tokenizer_core import TokenType

from cityforge.brain.errors import Text

OPERATORS = {
    "+": TokenType.PLUS,
    "-": TokenType.DASH,
    "*": TokenType.STAR,
    "/": TokenType.SLASH,
    "=": TokenType.EQ,
    "<": TokenType.LT,
    ">": TokenType.GT,
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    ",": TokenType.COMMA,
    "<=": TokenType.LTE,
    ">=": TokenType.GTE,
    "<>": TokenType.NEQ,
    "!=": TokenType.NEQ,
}
KEYWORDS = {
    "and": TokenType.AND,
    "or": TokenType.OR,
    "not": TokenType.NOT,
    "in": TokenType.IN,
    "like": TokenType.LIKE,
    "between": TokenType.BETWEEN,
    # SQL has no such word: ILIKE stands as high and takes the same two sides.
    "within": TokenType.ILIKE,
    "case": TokenType.CASE,
    "when": TokenType.WHEN,
    "then": TokenType.THEN,
    "else": TokenType.ELSE,
    "end": TokenType.END,
}
# Words of SQL that would read as names of facts and mean something else to whoever wrote them.
FOREIGN = frozenset(
    {
        "select", "from", "where", "having", "group", "order", "by", "limit", "offset", "union",
        "intersect", "except", "with", "values", "join", "on", "as", "distinct", "exists", "over",
        "partition", "window", "cast", "try_cast", "convert", "interval", "ilike", "similar",
        "regexp", "rlike", "escape", "collate", "is", "null", "isnull", "notnull", "div", "mod",
        "xor", "create", "insert", "update", "delete", "drop", "alter", "table",
    }
)  # fmt: skip
OTHERWISE = {
    "==": Text(zh="等号写作 =", en="write ="),
    "&": Text(zh="“并且”写作 and", en="write and"),
    "|": Text(zh="“或者”写作 or", en="write or"),
    "!": Text(zh="“不是”写作 not 或 !=", en="write not, or !="),
    "≥": Text(zh="写作 >=", en="write >="),
    "≤": Text(zh="写作 <=", en="write <="),
    "≠": Text(zh="写作 !=", en="write !="),
    "×": Text(zh="乘号写作 *", en="write *"),
    "÷": Text(zh="除号写作 /", en="write /"),
    '"': Text(zh="文字用单引号：'…'；名称不加引号", en="texts stand in '…', names in no quotes"),
    "“": Text(zh="文字用半角单引号：'…'", en="texts stand in straight quotes: '…'"),
    "‘": Text(zh="文字用半角单引号：'…'", en="texts stand in straight quotes: '…'"),
    "%": Text(zh="百分号紧跟数字：3%；没有取余运算", en="% follows a number: 3%"),
    ".": Text(zh="点只用于参数：p.名称", en="a dot stands only in p.name, a parameter"),
    "null": Text(
        zh="缺失的事实自会得出“未知”，不必写 null",
        en="a missing fact gives unknown by itself; null is not written",
    ),
    "is": Text(
        zh="缺失的事实自会得出“未知”，不必写 is null",
        en="a missing fact gives unknown by itself; is null is not written",
    ),
    "cast": Text(zh="类型与单位自动换算", en="types and units convert by themselves"),
    "select": Text(
        zh="这里只写一个条件或一个数，不查询表",
        en="one condition or one number stands here; tables are not queried",
    ),
    ";": Text(zh="只写一个表达式；几个条件用 and、or 连接", en="one expression; join by and, or"),
}
# Functions of SQL and of spreadsheets, and what the language has for them.
FUNCTIONS_OTHERWISE = {
    "if": Text(zh="写作 case when … then … else … end", en="write case when … then … else … end"),
    "iff": Text(zh="写作 case when … then … else … end", en="write case when … then … else … end"),
    "iif": Text(zh="写作 case when … then … else … end", en="write case when … then … else … end"),
    "nullif": Text(
        zh="除以零自会得出“未知”，不必写 nullif",
        en="a division by zero gives unknown by itself; nullif is not written",
    ),
    "ifnull": Text(zh="写作 coalesce(x, y)", en="write coalesce(x, y)"),
    "nvl": Text(zh="写作 coalesce(x, y)", en="write coalesce(x, y)"),
    "iferror": Text(zh="写作 coalesce(x, y)", en="write coalesce(x, y)"),
    "power": Text(zh="乘方写作 x * x；年均增长率用 cagr", en="write x * x; cagr for growth a year"),
    "pow": Text(zh="乘方写作 x * x；年均增长率用 cagr", en="write x * x; cagr for growth a year"),
    "sqrt": Text(zh="不开方；年均增长率用 cagr", en="no roots; cagr for growth a year"),
    "date": Text(zh="日期写作 date '2024-01-01'", en="a date is written date '2024-01-01'"),
    "year": Text(zh="某年之内写作 x within 2025", en="in a year is written x within 2025"),
    "datediff": Text(zh="满几年写作 years_since(x)", en="whole years are years_since(x)"),
    "today": Text(zh="基准日自会用上：years_since(x)", en="the as-of date is in years_since(x)"),
    "now": Text(zh="基准日自会用上：years_since(x)", en="the as-of date is in years_since(x)"),
    "average": Text(zh="写作 avg(revenue[-3:-1])", en="write avg(revenue[-3:-1])"),
    "ceil": Text(zh="进位取整写作 -floor(-x)", en="rounded up is -floor(-x)"),
    "startswith": Text(zh="写作 x like 'C26%'", en="write x like 'C26%'"),
    "left": Text(zh="写作 x like 'C26%'", en="write x like 'C26%'"),
}
_LEAVE_OUT = Text(
    zh="删去它；能写的见参考文档“表达式语言”", en="leave it out; the reference lists what there is"
)


def hint(written: str) -> Text | None:
    """What to write instead of something that the language has no use for, where that is known."""
    return OTHERWISE.get(written) or OTHERWISE.get(written[:1])


def advice(written: str) -> Text:
    """The same, and at worst to leave it out."""
    return hint(written) or _LEAVE_OUT
