"""docs/reference/language.md, from the vocabulary, the functions and the spec tables."""

import importlib.util
from pathlib import Path
from types import ModuleType

from cityforge.brain.errors import Problem, ProblemsFound
from cityforge.brain.expr import check, parse, tokens, vocabulary
from cityforge.brain.expr.functions import FUNCTIONS
from generator import markdown
from generator.markdown import code, codes, table

INTRO = """
政策、方案、事实和指标共用这一门小语言：SQL 的标量写法，作用于有名字的事实。
Schemes, facts and indicators share one small language: SQL's scalar syntax over named facts.

```text
tax_paid / land_mu >= 20万元/亩 and industry in ('26', '27')
```

- **三值**：真、假、**未知**。缺事实得“未知”，从不悄悄当作假或 0。
  `false and 未知` 为假，`true or 未知` 为真。
  Three values: a missing fact gives *unknown*, never silently false or zero.
- **单位是类型**：同类单位精确换算；`万元` 与 `亩` 不能比较，裸数与有单位的量也不能，
  须写 `500万元`。
  Units are types: like units convert exactly, unlike ones and bare numbers are refused.
- **精确**：加、减、乘和比较是定点数（至多 38 位），放不下的和除法得双精度数，计算次序固定。
  Sums, products and comparisons are exact up to 38 digits; what would not fit, and every quotient,
  is a double.
- **门槛**：两个定点数的商恰好等于门槛时按相等判断：恰好 3% 即满足 `>= 3%`。商再加减，末位有舍入：
  增长写作 `cagr(revenue, 1)` 或 `(revenue - revenue[-1]) / revenue[-1]`，不写
  `revenue / revenue[-1] - 1`。
  A quotient of exact numbers that is just at a threshold counts as equal to it; sums of quotients
  are rounded: write growth as `cagr(revenue, 1)`, or subtract before you divide.
- **除以零、溢出**：除以零得“未知”；双精度数超出有限范围，在出现之处即为“未知”。
  Division by zero is unknown; so is a double that overflows, where it arises.
- **名称**：事实的标识或中文名称；参数写 `p.标识`。大小写：关键词和函数不分。
  Names: a fact's id or Chinese title; a parameter is `p.id`.
"""

LITERALS = (
    ("`500` `0.125` `5e3`", "数", "a number"),
    ("`500万元` `3%` `20亩` `5年` `20万元/亩`", "带单位的量，单位紧跟数字", "a quantity"),
    ("`'C26'` `'it''s'`", "文字，半角单引号", "a text"),
    ("`date '2024-02-29'`", "日期", "a date"),
    (
        "`revenue[-1]` `revenue[-3:-1]`",
        "往年的值；一段年份须放进 avg、sum、all 等函数",
        "of earlier years; a run of years goes into avg, sum, all …",
    ),
    ("`true` `false`", "真、假", "truth"),
)
OPERATORS = (
    (("or",), "或者", "or"),
    (("and",), "并且", "and"),
    (("not",), "不是", "not"),
    (("=", "!=", "<>", "<", "<=", ">", ">="), "比较", "comparison"),
    (("in",), "在列出的常数之中：`x in (a, b)`、`x not in (…)`", "is one of the constants"),
    (("between",), "在两者之间（含两端）：`x between a and b`", "between, both ends included"),
    (("like",), "文字样式：`%` 任意多个字符，`_` 一个字符", "a pattern: `%` any, `_` one"),
    (
        ("within",),
        "日期在某年之内，或在到基准日为止的几年之内：`x within 2025`、`x within 3年`",
        "a day in a year, or in the years up to the as-of date",
    ),
    (("+", "-"), "加、减；两边须同类单位", "plus, minus; like units"),
    (("*", "/"), "乘、除；单位随之相乘、相除", "times, by; units multiply and divide"),
    (
        ("case", "when", "then", "else", "end"),
        "分情形：`case when … then … else … end`；条件未知则结果未知",
        "cases; an unknown condition leaves the result unknown",
    ),
    (("(", ")", ","), "括号与分隔", "brackets and separators"),
)


def page(root: Path) -> str:
    """The whole language: what may be written, what it means, what is refused and how."""
    spec = _spec(root / "tests/spec/test_expressions.py")
    functions = [[code(f.signature), f.meaning.zh, f.meaning.en] for f in FUNCTIONS.values()]
    operators = [[codes(words), zh, en] for words, zh, en in OPERATORS]
    limits = (
        f"一个表达式至多 {tokens.LONGEST:,} 个字符、{parse.DEEPEST} 层，一个数至多 "
        f"{tokens.MOST_DIGITS} 位。\nAt most {tokens.LONGEST:,} characters and {parse.DEEPEST} "
        f"levels; {tokens.MOST_DIGITS} digits of a number."
    )
    return markdown.page(
        "表达式语言 · The expression language",
        INTRO,
        f"## 常数 · literals\n\n{table(['写法', '含义', 'meaning'], LITERALS)}",
        "## 运算符与关键词，由松到紧 · operators and keywords, loosest first\n\n"
        + table(["写法", "含义", "meaning"], operators),
        f"## 函数 · functions\n\n{table(['写法', '含义', 'meaning'], functions)}",
        f"## 限度 · limits\n\n{limits}",
        _otherwise(),
        "## 算例 · examples\n\n这些算例逐条在每一种执行器上核对；基准日为 2025-09-30。它们与"
        "另一方法算出的算例一起随库发布（`brain/expr/conformance`），别的实现也可用来核对。\n"
        "Each row is held on every machine; the as-of date is 2025-09-30. With others that a "
        "second method worked out they ship as a conformance kit (`brain/expr/conformance`).",
        *_examples(root / "src/cityforge/brain/expr/conformance/by_hand.txt"),
        "## 会被拒绝的写法 · what is refused\n\n位置为“行:列”。Places are line:column.",
        *_refusals(root / "tests/spec/expression_problems.txt", spec),
    )


def _otherwise() -> str:
    words = {
        **vocabulary.OTHERWISE,
        **{f"{name}(…)": text for name, text in vocabulary.FUNCTIONS_OTHERWISE.items()},
    }
    rows = [[code(word), text.zh, text.en] for word, text in words.items()]
    foreign = "SQL 的其他词不属于这门语言。Words of SQL that are not of the language: " + codes(
        sorted(vocabulary.FOREIGN)
    )
    heads = ["写了", "应写", "write instead"]
    return f"## 不这样写 · not written so\n\n{table(heads, rows)}\n\n{foreign}"


def _examples(file: Path) -> list[str]:
    heads = ["表达式 · expression", "已知 · given", "得 · gives"]
    return [
        f"### {title}\n\n" + table(heads, [[code(text) for text in row[:3]] for row in rows])
        for title, rows in _sections(file)
    ]


def _refusals(file: Path, spec: ModuleType) -> list[str]:
    heads = ["写法 · written", "位置", "什么不对，怎么改", "what, and what to do"]
    return [
        f"### {title}\n\n" + table(heads, [_refused(row[0], spec) for row in rows])
        for title, rows in _sections(file)
    ]


def _refused(written: str, spec: ModuleType) -> list[str]:
    """One refused text with what the language really says of it."""
    text = "" if written == "(empty)" else written.replace("\\n", "\n").replace("\\\\", "\\")
    try:
        check.read(text, spec.SCOPE)
    except ProblemsFound as error:
        places = " ".join(f"{p.line}:{p.column}" for p in error.problems)
        first = error.problems[0]
        return [code(written), places, _said(first, "zh"), _said(first, "en")]
    raise AssertionError(f"not refused: {written}")


def _said(problem: Problem, language: str) -> str:
    what, hint = getattr(problem.what, language), getattr(problem.hint, language)
    return f"{what} → {hint}" if hint else what


def _sections(file: Path) -> list[tuple[str, list[list[str]]]]:
    """The rows of a spec table under its `##` headings; `||` is no bar between cells."""
    sections: list[tuple[str, list[list[str]]]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            sections.append((line.removeprefix("## "), []))
        elif line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.replace("||", "\0").split("|")]
            sections[-1][1].append([cell.replace("\0", "||") for cell in cells])
    return sections


def _spec(file: Path) -> ModuleType:
    """The module of the spec tables: it says which facts their rows speak of."""
    found = importlib.util.spec_from_file_location("expression_spec", file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
