"""Each cell as people write it, each reason a row can fail for, and that no row is lost."""
# ruff: noqa: E501 - tables of cases are read line by line

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import accept

Outcomes = dict[str, object]


def outcomes(take, dataset, csv_file, codes, column: str, texts: list[str]) -> Outcomes:
    """What becomes of each text in a column: the value, or the reason it was refused for."""
    title = next(c.title for c in dataset.columns if c.id == column)
    years = range(1950, 1950 + len(texts))
    rows = [[codes[0], str(year), text] for year, text in zip(years, texts, strict=True)]
    taken = take(dataset, csv_file([["统一社会信用代码", "年度", title], *rows]))
    found: Outcomes = {texts[row["row_"] - 1]: row[column] for row in taken.accepted}
    for row, where, value, reason in taken.quarantine:
        assert (where, value or "") == (column, texts[row - 1])
        found[texts[row - 1]] = reason
    assert taken.read == len(found) == len(texts)
    return found


NUMBERS = [
    ("1234.5", Decimal("1234.50")), ("1,234.5", Decimal("1234.50")), ("1，234.5", Decimal("1234.50")),
    ("１２３４．５", Decimal("1234.50")), ("1 234", Decimal("1234")), ("12,345,678", "max"),
    ("-5", Decimal("-5")), ("－5", Decimal("-5")), ("+5", Decimal("5")), ("5.", Decimal("5")),
    (".5", Decimal("0.5")), ("1e3", Decimal("1000")), ("1E-1", Decimal("0.1")), ("0", Decimal("0")),
    ("1.005", Decimal("1.01")), ("\u3000 7 \u00a0", Decimal("7")), ("\t7", Decimal("7")),
    ("", None), ("-", None), ("——", None), ("/", None), ("N/A", None), ("无", None), ("null", None),
    ("12,5", "number"), ("1,23", "number"), ("1234,567", "number"), ("1 2", "number"),
    ("1_000", "number"), ("5万", "number"), ("5%", "number"), ("约5", "number"), ("(5)", "number"),
    ("NaN", "number"), ("inf", "number"), ("1e400", "number"), ("0x10", "number"), ("٣", "number"),
    ("1.2.3", "number"), ("--5", "number"), ("9" * 30, "number"), ("-101", "min"), ("-100", Decimal("-100")),
    ("1000000.01", "max"), ("1000000", Decimal("1000000")), ("=1+1", "number"),
]  # fmt: skip


def test_numbers(take, dataset, csv_file, codes) -> None:
    wanted = dict(NUMBERS)
    assert outcomes(take, dataset, csv_file, codes, "tax", list(wanted)) == wanted


DATES = [
    ("2024-05-06", date(2024, 5, 6)), ("2024/5/6", date(2024, 5, 6)), ("2024.5.6", date(2024, 5, 6)),
    ("20240506", date(2024, 5, 6)), ("2024年5月6日", date(2024, 5, 6)), ("2024-02-29", date(2024, 2, 29)),
    ("2024-05-06 00:00:00", date(2024, 5, 6)), ("2024/5/6 8:30:00", date(2024, 5, 6)),
    ("2024-05-06T00:00:00", date(2024, 5, 6)), ("2024-05-06 00:00:00.000", date(2024, 5, 6)),
    ("２０２４年５月６日", date(2024, 5, 6)), ("9999-12-31", date(9999, 12, 31)), ("", None),
    ("2023-02-29", "date"), ("2024-13-01", "date"), ("24-05-06", "date"), ("45418", date(2024, 5, 6)),
    ("202405", "date"), ("2024111", "date"), ("2024年", "date"), ("0001-01-01", "date"), ("明天", "date"),
]  # fmt: skip


def test_dates(take, dataset, csv_file, codes) -> None:
    wanted = dict(DATES)
    assert outcomes(take, dataset, csv_file, codes, "on", list(wanted)) == wanted


BOOLEANS = [(t, True) for t in ("是", "1", "true", "True", "Y", "有", " 是 ")]
BOOLEANS += [(t, False) for t in ("否", "0", "false", "FALSE", "n", "无")]
BOOLEANS += [("", None), ("—", None), ("对", "boolean"), ("2", "boolean"), ("不是", "boolean")]


def test_booleans(take, dataset, csv_file, codes) -> None:
    wanted = dict(BOOLEANS)
    assert outcomes(take, dataset, csv_file, codes, "big", list(wanted)) == wanted


OTHERS: dict[str, Outcomes] = {
    "state": {"存续": "存续", "在业": "choice", "": None},
    "industry": {"2631": "2631", "C2631": "2631", "26": "26", "9999": "industry_code"},
    "region": {"321200": "321200", "321200400": "321200400", "32120": "region_code"},
    "when": {"2024年1-9月": "2024-01..2024-09", "2024年13月": "period", "去年": "period"},
    # Text is text, whatever it looks like.
    "note": {
        text: text
        for text in (
            *(
                "=cmd|' /C calc'!A0",
                "@SUM(1)",
                "'; drop table data_figures; --",
                "a\nb",
                "<b>x</b>",
            ),
            *("#5", "🏭", '"', "a,b", "\\N", "NaN", "$(id)"),
        )
    },
}


@pytest.mark.parametrize("column", OTHERS)
def test_other_kinds(take, dataset, csv_file, codes, column: str) -> None:
    wanted = OTHERS[column]
    assert outcomes(take, dataset, csv_file, codes, column, list(wanted)) == wanted


def test_years(take, dataset, csv_file, codes) -> None:
    good = {"2024": 2024, "2023年": 2023, "2022年度": 2022, "２０２１": 2021, "2020.0": 2020}
    bad = ["24", "2024.6", "1900", "2101", "20240", "二〇二四", "2024-01", "2024 5"]
    rows = [[codes[0], text] for text in [*good, *bad]]
    taken = take(dataset, csv_file([["统一社会信用代码", "年度"], *rows]))
    assert [row["year"] for row in taken.accepted] == list(good.values())
    assert taken.reasons == [(6 + i, "year", "year") for i in range(len(bad))]


def test_codes_are_made_one_spelling(take, dataset, csv_file, codes) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in codes[1])
    rows = [
        ["统一社会信用代码", "年度"],
        [codes[0].lower(), "2024"],
        [wide, "2024"],
        [codes[0], "2024"],
    ]
    taken = take(dataset, csv_file(rows))
    assert [row["uscc"] for row in taken.accepted] == codes[:2]
    assert taken.reasons == [(3, "*", "duplicate")]


def test_a_wrong_check_digit_is_quarantined_and_an_old_number_kept(
    take, dataset, csv_file, codes
) -> None:
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    rows = [
        ["统一社会信用代码", "年度"],
        [wrong, "2024"],
        ["320100000000019", "2024"],
        ["", "2024"],
    ]
    taken = take(dataset, csv_file(rows))
    assert (1, "uscc", "credit_code") in taken.reasons and (3, "uscc", "required") in taken.reasons


def test_a_row_that_fails_for_several_reasons_lists_them_all(
    take, dataset, csv_file, codes
) -> None:
    head = [c.title for c in dataset.columns]
    bad = [codes[0], "24", "x", "-1", "?", "?", "?", "?", "?", "?", "", "beyond"]
    taken = take(dataset, csv_file([head, bad]), known=[codes[1]])
    assert taken.reasons == [
        (1, "*", "extra"), (1, "*", "stranger"), (1, "big", "boolean"),
        (1, "industry", "industry_code"), (1, "land", "min"), (1, "on", "date"),
        (1, "region", "region_code"), (1, "state", "choice"), (1, "tax", "number"),
        (1, "when", "period"), (1, "year", "year"),
    ]  # fmt: skip
    assert (taken.counts.read, taken.counts.accepted, taken.counts.quarantined) == (1, 0, 1)


def test_every_reason_has_words_and_a_case_here(take, dataset, csv_file, codes) -> None:
    head = [c.title for c in dataset.columns]

    def row(**cells: str) -> list[str]:
        base = {"uscc": codes[0], "year": "2024"} | cells
        return [base.get(column.id, "") for column in dataset.columns]

    rows = [head, row(), row(), row(year="2023", tax="x", land="-1"), row(year=""), row(year="x"),
            row(tax="2000000"), row(on="x"), row(big="x"), row(state="x"), row(industry="x"),
            row(region="x"), row(when="x"), row(uscc="x"), row(uscc=codes[1]), [*row(), "x"],
            row(tax="#DIV/0!"), row(uscc="9.13E+17"), ["合 计"], ["注：不含代扣代缴"]]  # fmt: skip
    taken = take(dataset, csv_file(rows), known=[codes[0]])
    assert {reason for _, _, reason in taken.reasons} == set(accept.REASONS)
    assert all(text.zh and text.en for text in accept.REASONS.values())


def test_a_faulty_row_does_not_claim_its_key(take, dataset, csv_file, codes) -> None:
    """Wrong cell, cell too many: the sound row after them is accepted, the one after it is not."""
    head = ["统一社会信用代码", "年度", "实缴税收"]
    key = [codes[0], "2024"]
    rows = [head, [*key, "x"], [*key, "1", "beyond"], [*key, "2"], [*key, "3"]]
    taken = take(dataset, csv_file(rows))
    assert [row["tax"] for row in taken.accepted] == [2]
    assert taken.reasons == [(1, "tax", "number"), (2, "*", "extra"), (4, "*", "duplicate")]


def test_strangers_are_told_apart_and_do_not_repeat(take, dataset, csv_file, codes) -> None:
    rows = [
        ["统一社会信用代码", "年度"],
        [codes[0], "2024"],
        [codes[1], "2024"],
        [codes[1], "2024"],
    ]
    taken = take(dataset, csv_file(rows), known=[codes[0]])
    assert taken.reasons == [(2, "*", "stranger"), (3, "*", "stranger")]


def test_a_date_of_report_is_part_of_the_key_and_needed(take, dataset, csv_file, codes) -> None:
    dated = dataset.model_copy(update={"known_on": "on"})
    head = ["统一社会信用代码", "年度", "投产日期"]
    rows = [[codes[0], "2024", day] for day in ("2025-01-01", "2025-02-01", "2025-02-01", "")]
    taken = take(dated, csv_file([head, *rows]))
    assert [row["on"].month for row in taken.accepted] == [1, 2]
    assert taken.reasons == [(3, "*", "duplicate"), (4, "on", "required")]


def test_short_rows_are_padded_and_long_ones_quarantined(take, dataset, csv_file, codes) -> None:
    text = f"统一社会信用代码,年度,实缴税收\n{codes[0]},2024\n{codes[1]},2024,5,,\n{codes[2]},2024,5,,x\n"
    taken = take(dataset, csv_file(text + f"{codes[3]},2024,6"))
    assert [(r["row_"], r["tax"]) for r in taken.accepted] == [(1, None), (2, 5), (4, 6)]
    # The extra cell stands two places beyond the header.
    assert taken.read == 4


def test_a_cell_too_many_far_down_is_not_lost(take, dataset, csv_file, codes) -> None:
    lines = ["统一社会信用代码,年度"] + [f"{codes[0]},{1950 + i % 100}" for i in range(30_000)]
    lines[29_000] += ",beyond"
    taken = take(dataset, csv_file("\n".join(lines)))
    assert (29_000, "*", "extra") in taken.reasons
    assert taken.read == 30_000 and len(taken.accepted) == 100


def test_lines_that_look_like_comments_are_rows(take, dataset, csv_file, codes) -> None:
    text = f"统一社会信用代码,年度,说明\n#{codes[0]},2024,a\n{codes[1]},2024,#b\n"
    taken = take(dataset, csv_file(text))
    assert taken.read == 2
    assert [row["note"] for row in taken.accepted] == ["#b"]


CELLS = st.one_of(
    st.sampled_from(
        ["", "2024", "2023", "5", "1,000", "x", "是", "存续", "2631", " ", "-", "\n", '"']
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=14), max_size=12),
    picks=st.lists(st.integers(0, 3), max_size=12),
)
def test_accepted_and_quarantined_are_all_that_was_read(
    take, dataset, csv_file, codes, rows, picks
) -> None:
    for row, pick in zip(rows, picks, strict=False):
        row[0], row[1] = codes[pick], "2024"
    head = [column.title for column in dataset.columns]
    taken = take(dataset, csv_file([head, *rows]), known=codes[:3])
    assert taken.read == len(rows)
    check_split(taken)


BODIES = st.one_of(
    st.binary(max_size=80),
    st.text(alphabet='a1,"\n\r#; \\\t', max_size=40).map(str.encode),
    st.text(alphabet="1,\n中", max_size=40).map(lambda text: text.encode("gb18030")),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=BODIES)
def test_any_bytes_under_a_header_are_read_or_refused(take, make_dataset, csv_file, body) -> None:
    """Where they are UTF-8, exactly the rows that Python's own reader sees."""
    columns = [{"id": "note", "kind": "text"}, {"id": "more", "kind": "text"}]
    note = make_dataset(columns, key=["note"])
    try:
        taken = take(note, csv_file(b"note,more\n" + body))
    except DataRefused as error:
        assert error.problems and all(problem.hint.zh for problem in error.problems)
        return
    check_split(taken)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    if "\x00" not in text:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
        rows = [row for row in lines if row]
        assert taken.read == len(rows)
        cells = [row[0].strip(" \t\r\n\u3000\u00a0\ufeff") for row in rows]
        for row in taken.accepted:
            assert row["note"] == cells[row["row_"] - 1]


def check_split(taken) -> None:
    kept = {row["row_"] for row in taken.accepted}
    refused = {row for row, _, _ in taken.reasons}
    assert len(kept) == len(taken.accepted) == taken.counts.accepted
    assert len(refused) == taken.counts.quarantined
    assert kept | refused == set(range(1, taken.read + 1))
    assert not kept & refused


CAPITALS = [
    ("512.6", Decimal("512.60")), ("1,692.48", Decimal("1692.48")), ("512.6万人民币", Decimal("512.60")),
    ("52(万元人民币)", Decimal("52")), ("230(万)", Decimal("230")), ("1.2亿元", Decimal("12000")), ("300000元", Decimal("30")),
    ("人民币壹佰万元整", Decimal("100")), ("0万人民币", Decimal("0")), ("N/A", None), ("-", None),
    ("240万美元", None), ("3500(万日元)", None), ("60(元/万元)", "number"), ("很多", "number"), ("-3", "min"),
]  # fmt: skip


def test_a_sum_may_state_its_currency_and_a_foreign_one_is_no_fault(
    take, make_dataset, csv_file, codes
) -> None:
    money = {"kind": "quantity", "unit": "万元", "min": 0, "states_currency": True}
    held = make_dataset([{"id": "capital", "title": "注册资本", "title_en": "capital", **money}])
    wanted = dict(CAPITALS)
    assert outcomes(take, held, csv_file, codes, "capital", list(wanted)) == wanted
