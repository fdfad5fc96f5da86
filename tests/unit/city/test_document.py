"""The YAML reader: where each value stands, and what no file may do to it."""

from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.city import document as documents
from cityforge.brain.city.document import Document
from cityforge.brain.errors import Problem, Text

NO_TEXT = Text("x", "x")


@pytest.fixture
def read(tmp_path: Path):
    def of(text: str | bytes) -> Document:
        file = tmp_path / "file.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return documents.read(file, shown_as="file.yaml")

    return of


def only(document: Document) -> Problem:
    (problem,) = document.problems
    assert problem.hint.zh and problem.hint.en
    return problem


# Each text marks with § the character that `words` names inside the scalar `expr`.
SCALARS = {
    "plain": "a: 1\nexpr: tax_paid / §land\n",
    "indented": "a:\n  - b: 1\n    c: 2\nexpr:   §land + x\n",
    "single quoted": "expr: 'tax / §land'\n",
    "single quoted with quotes": "expr: 'holds(''某'') and §land'\n",
    "double quoted": 'expr: "tax / §land"\n',
    "double quoted with escapes": 'expr: "holds(\\"\\u67d0\\") and\\n \\t§land"\n',
    "double quoted over a line": 'expr: "tax /\n    §land"\n',
    "double quoted, line continued": 'expr: "tax / la\\\n    x + §land"\n',
    "literal": "expr: |\n  tax /\n  §land\n",
    "literal, four blanks": "expr: |-\n    tax /\n      §land\n",
    "literal after blank lines": "expr: |\n\n\n  tax / §land\n",
    "literal with a comment": "expr: | # why\n  tax / §land\n",
    "folded": "expr: >\n  tax /\n  some\n  §land\n",
    "folded with paragraphs": "expr: >-\n  tax /\n\n  some\n  §land\n",
    "plain over lines": "expr: tax /\n  some\n  §land\nb: 1\n",
    "flow": "{a: 1, expr: tax / §land, b: 2}\n",
    "after Chinese": "名称: 泰山\nexpr: 亩均税收 / §land\n",
}


@pytest.mark.parametrize("text", SCALARS.values(), ids=SCALARS)
def test_a_place_inside_a_scalar_is_a_place_in_the_file(read, text: str) -> None:
    before = text[: text.index("§")]
    document = read(text.replace("§", ""))
    assert document.problems == []
    value = document.data["expr"]
    at = value.index("land") if "la x" not in value and "lax" not in value else value.rindex("land")
    place = (value.count("\n", 0, at) + 1, at - value.rfind("\n", 0, at))
    problem = document.problem(("expr",), NO_TEXT, NO_TEXT, place=place)
    assert (problem.line, problem.column) == (
        before.count("\n") + 1,
        len(before) - before.rfind("\n"),
    )


def test_a_place_at_the_end_of_a_scalar_stands_behind_it(read) -> None:
    document = read("expr: a >\nb: 1\n")
    problem = document.problem(("expr",), NO_TEXT, NO_TEXT, place=(1, 4))
    assert (problem.line, problem.column) == (1, 10)


def test_values_and_keys_have_their_spots(read) -> None:
    document = read(
        dedent("""\
        a: 1
        list:
          - {x: 1, y: [p, q]}
          - x: 2
        """)
    )
    spots = {path: (spot.line, spot.column) for path, spot in document.values.items()}
    assert spots[("a",)] == (1, 4)
    assert spots[("list", 0, "y", 1)] == (3, 19)
    assert spots[("list", 1, "x")] == (4, 8)
    assert document.key_spot(("list",)).line == 2
    assert document.spot(("list", 7, "none")).line == 3, "else the nearest above"


def test_numbers_keep_their_digits_and_codes_in_quotes_stay_text(read) -> None:
    text = 'a: 24.097\nb: "0321"\nc: 1_000\nd: true\ne: ~\nf: 2025-09-30\ng: 0x10\nh: 1e3\ni: yes\n'
    data = read(text).data
    assert data["a"] == Decimal("24.097") and isinstance(data["a"], Decimal)
    assert (data["b"], data["c"], data["d"], data["e"]) == ("0321", 1000, True, None)
    assert (str(data["f"]), data["g"], data["h"], data["i"]) == ("2025-09-30", 16, 1000, "yes")


def test_what_only_looks_like_a_date_stays_text(read) -> None:
    assert read("a: 2025-02-30\n").data == {"a": "2025-02-30"}


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan", "0x", "9" * 5000])
def test_a_number_that_is_none_is_text_or_a_problem(read, value: str) -> None:
    document = read(f"a: 1\nb: {value}\n")
    if document.data["b"] != value:
        assert (only(document).line, only(document).column) == (2, 4)
        assert len(only(document).what.zh) < 80


def test_a_key_that_stands_twice_names_both_lines(read) -> None:
    document = read("a:\n  b: 1\n  c: 2\n  b: 3\n")
    problem = only(document)
    assert (problem.line, problem.column) == (4, 3)
    assert "第 2 行" in problem.what.zh
    assert document.data == {"a": {"b": 1, "c": 2}}


def test_a_key_must_be_a_word(read) -> None:
    assert only(read("? [a, b]\n: 1\n")).what.zh == "键必须是一个词"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1\nb:\n\t- x\n", 3, 1),
        ("a: [1, 2\nb: 3\n", 2, 2),
        ("a: b: c\n", 1, 5),
        ('a: "x\n', 2, 1),
        ("a: *nobody\n", 1, 4),
        ("a: 1\n---\nb: 2\n", 2, 1),
        ("%x\n", 0, 0),
    ],
    ids=["tab", "bracket", "colon", "quote", "alias", "two documents", "directive"],
)
def test_what_is_no_yaml_is_told_with_its_place(read, text: str, line: int, column: int) -> None:
    document = read(text)
    problem = only(document)
    assert "不是合法的 YAML" in problem.what.zh
    assert document.data is None
    if line:
        assert (problem.line, problem.column) == (line, column)


def test_an_empty_file_and_one_of_comments_hold_nothing(read) -> None:
    assert read("").data is None and read("").problems == []
    assert read("# nothing\n").data is None


def test_a_byte_order_mark_is_no_character(read) -> None:
    document = read(b"\xef\xbb\xbfa: 1\n")
    assert document.data == {"a": 1}
    assert document.values[("a",)].column == 4


@pytest.mark.parametrize("text", ["名称: 泰山\n".encode("gb18030"), b"a: \xff\n"])
def test_what_is_not_utf_8_is_told_with_its_byte(read, text: bytes) -> None:
    problem = only(read(text))
    assert "UTF-8" in problem.what.zh and "字节" in problem.what.zh


@pytest.mark.parametrize("text", ["a: \x00\n", "a: \x08\n", "a: \ufffe\n"])
def test_a_control_character_is_told(read, text: str) -> None:
    assert "不是合法的 YAML" in only(read(text)).what.zh


def test_windows_line_ends_count_as_one(read) -> None:
    document = read("a: 1\r\nb: 2\r\nexpr: x / land\r\n")
    assert document.data["expr"] == "x / land"
    problem = document.problem(("expr",), NO_TEXT, NO_TEXT, place=(1, 5))
    assert (problem.line, problem.column) == (3, 11)


def test_a_billion_laughs_end_early(read) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    document = read("\n".join(lines))
    assert document.data is None
    assert "过大" in only(document).what.zh


def test_an_alias_to_itself_ends_early(read) -> None:
    assert "过深" in only(read("a: &a [*a, *a]\n")).what.zh


def test_an_anchor_may_be_used_twice(read) -> None:
    assert read("a: &x 1\nb: &x 2\nc: *x\n").data == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("text", ["[" * 10_000, "[" * 10_000 + "]" * 10_000, "- " * 10_000 + "x"])
def test_ten_thousand_levels_are_a_problem_not_a_crash(read, text: str) -> None:
    document = read(text)
    assert document.data is None
    assert only(document).what.zh


def test_a_file_too_large_is_not_read(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_FILE", 10)
    assert "文件过大：11 字节" in only(read("a: 4567890\n")).what.zh


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    assert "无法读取" in only(documents.read(tmp_path, shown_as="city.yaml")).what.zh


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_gives_data_or_problems(tmp_path_factory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    check_told(documents.read(file, shown_as="any.yaml"))


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"%#?,\n \t\\0", max_size=60))
def test_any_text_of_yaml_marks_gives_data_or_problems(tmp_path_factory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "marks.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    check_told(documents.read(file, shown_as="marks.yaml"))


def check_told(document: Document) -> None:
    lines = document.source.count("\n") + document.source.count("\r") + 2
    for problem in document.problems:
        assert problem.what.zh and problem.what.en and problem.hint.zh and problem.hint.en
        assert 0 <= problem.line <= lines
