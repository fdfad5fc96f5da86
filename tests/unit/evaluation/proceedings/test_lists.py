"""Who is on a list and in which order; one digest for one list, another for any other."""

import pyarrow as pa

from cityforge.brain.evaluation.proceedings import lists

ROWS = [
    ("u4", "丁", "below", "north", "rated", 1, "B", None),
    ("u2", "乙", "above", "north", "rated", 2, "B", None),
    ("u1", "甲", "above", "north", "rated", 1, "A", None),
    ("u3", "丙", "above", "south", "rated", 1, "A", None),
    ("u5", "戊", "above", "north", "exempt", None, None, "新办"),
    ("u6", "己", None, "north", "outside", None, None, "不在范围"),
    ("u7", "庚", None, None, "undetermined", None, None, "缺少：用地"),
]
NAMES = ["uscc", "name", "part", "district", "status", "rank", "grade", "reason"]


def table(rows: list[tuple[object, ...]] | None = None) -> pa.Table:
    chosen = ROWS if rows is None else rows
    found = pa.table(
        {name: [row[i] for row in chosen] for i, name in enumerate(NAMES)}
        | {"secret_revenue": [1] * len(chosen)}
    )
    return found.append_column("reason_en", found["reason"])


def digest(rows: pa.Table, scheme: str = "s", year: int = 2024, version: int = 1) -> str:
    return lists.digest(scheme, year, version, rows)


def test_the_graded_by_group_and_rank_then_the_exempt_with_their_reason() -> None:
    shown = lists.rows(table(), groups=["district"])
    assert shown["uscc"].to_pylist() == ["u1", "u2", "u3", "u4", "u5"]
    assert shown["reason"].to_pylist()[-1] == "新办"
    assert "secret_revenue" not in shown.column_names
    assert lists.rows(table(), groups=[])["uscc"].to_pylist() == ["u1", "u3", "u2", "u4", "u5"]


def test_the_digest_is_of_what_is_shown() -> None:
    first = digest(lists.rows(table(), groups=["district"]))
    assert digest(lists.rows(table(ROWS[::-1]), groups=["district"])) == first
    others = {
        digest(lists.rows(table(), groups=["district"]), scheme="t"),
        digest(lists.rows(table(), groups=["district"]), year=2023),
        digest(lists.rows(table(), groups=["district"]), version=2),
    }
    for at in range(5):
        for column, value in ((1, "改"), (4, "outside"), (6, "C")):
            rows = list(ROWS)
            rows[at] = (*rows[at][:column], value, *rows[at][column + 1 :])
            others.add(digest(lists.rows(table(rows), groups=["district"])))
    assert first not in others and len(others) == 3 + 15
