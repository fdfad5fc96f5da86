"""Any text is read or refused in its place; nothing that anyone writes is a crash."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.engines import sql
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

MONEY = Type(Kind.EXACT, unit("万元"), precision=18, scale=2)
TYPES = {"m1": MONEY, "b1": Type(Kind.BOOL), "t1": Type(Kind.TEXT), "y1": Type(Kind.DATE)}
TYPES |= {"m2": MONEY, "b2": Type(Kind.BOOL)}
SCOPE = Scope(
    {name: Symbol(name, name, type_) for name, type_ in TYPES.items()},
    {"limit": Symbol("limit", "limit", MONEY)},
    {},
)

WORDS_OF_TEXTS = (
    "m1 b1 t1 y1 营业 p.limit p . 500万元 3% 1e9 'x' ' \" ( ) [ ] , + - * / % = != < >= and or not",
    "in like between case when then else end date '2024-01-01' null is select -- /* */ ; ? $1 { }",
    "abs round holds ， （ 万 \\ 。",
)
PIECES = st.sampled_from([*" ".join(WORDS_OF_TEXTS).split(" "), "\n"])


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        typed = check.read(text, SCOPE)
    except ProblemsFound as refused:
        lines = text.split("\n")
        for problem in refused.problems:
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
            assert problem.what.zh
            assert problem.what.en
    else:
        assert sql.to_sql(typed, as_of=date(2024, 2, 29)).sql("duckdb")


LONGEST_SECONDS = 5  # of this process alone: a busy machine does not count
HOSTILE = {
    "brackets": "(" * 4900 + "b1" + ")" * 4900,
    "ten thousand brackets": "(" * 10_000 + "b1" + ")" * 10_000,
    "open brackets": "(" * 9_999,
    "not": "not " * 2_400 + "b1",
    "minus": "- " * 4_000 + "m1 > 0",
    "cases": "case when b1 then " * 400 + "1" + " end" * 400,
    "cases in conditions": "case when " * 90 + "b1" + " then b1 else b2 end" * 90,
    "branches": "case " + "when b1 then 1 " * 600 + "end",
    "calls": "abs(" * 2_400 + "m1" + ")" * 2_400,
    "sums": "+".join(["m1"] * 3_000),
    "extremes": "least(m1, " * 60 + "m2" + ")" * 60,
    "between": "m1 between m1 and " * 500 + "m1",
    "years of years": "sum(" + "+".join(["m1[-10:]"] * 900) + ") > 0万元",
    "a list": "m1 in (" + ",".join(["1万元"] * 1_900) + ") and " + "(" * 200 + "b1" + ")" * 200,
    "a name": "a" * 9_900,
    "a register": f"holds('{'b' * 9_900}')",
    "between not": "b1 between not b1 and not " * 380 + "b1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_expression_is_refused_not_a_crash(text: str) -> None:
    began = process_time()
    with pytest.raises(ProblemsFound):
        check.read(text, SCOPE)
    assert process_time() - began < LONGEST_SECONDS
