"""The operators and keywords of the language, and what to write in place of SQL's other words."""

from sqlglot.tokenizer_core import TokenType

from cityforge.brain.errors import Text
from cityforge.brain.expr.problems import NO_HINT

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
}


def hint(written: str) -> Text:
    """What to write instead of something that the language has no use for."""
    return OTHERWISE.get(written) or OTHERWISE.get(written[:1], NO_HINT)
