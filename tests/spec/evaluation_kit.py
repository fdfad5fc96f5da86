"""Writes the conformance kit of evaluations: cases by hand and by the second method.

It imports nothing of ours. The cases by hand are those of `evaluation.yaml`; the others are drawn
or counted out, and answered by `evaluation_oracle.py`. Run it to write the files anew.
"""

import json
import random
import runpy
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
KIT = HERE.parents[1] / "src" / "cityforge" / "brain" / "evaluation" / "conformance"
ORACLE, DRAWN = (
    SimpleNamespace(**runpy.run_path(str(HERE / f"evaluation_{name}.py")))
    for name in ("oracle", "drawn")
)
Row = dict[str, Any]
YEAR = 2024
EVIDENCE = {"source": "设例", "verified": "assumption"}
SEEDS = range(1000, 1060)
ENTERPRISES = 12
TABLE_COLUMNS = ("uscc", "status", "part", "total", "ranked", "rank", "grade")
SKELETON: Row = {
    "id": "case",
    "title": "算例",
    "title_en": "Case",
    "evidence": EVIDENCE,
    "population": "land_mu >= 0亩",
    "groups": [],
    "missing": "zero",
    "grading": {
        "bands": [{"grade": "A", "from": 0, "to": 50}, {"grade": "B", "from": 50, "to": 100}]
    },
}
GIVEN: Row = {
    "id": "points_", "title": "分", "title_en": "points", "expr": "revenue", "unit": "万元",
    "weight": 100, "scoring": {"function": "given_points"},
}  # fmt: skip


# --- writing -------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as JSON has it; a number to twelve decimals."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Fraction | Decimal):
        return int(value) if value == int(value) else float(round(value, 12))
    return value.isoformat() if isinstance(value, date) else value


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Row:
    return {"columns": list(columns), "rows": [[row.get(name) for name in columns] for row in rows]}


def facts_table(rows: Sequence[Row]) -> Row:
    """Only the columns in which some enterprise has a value."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return table(rows, [n for n in names if any(row.get(n) is not None for row in rows)])


def case(
    name: str,
    scheme: Row,
    facts: Sequence[Row],
    result: Row,
    *,
    says: str | None = None,
    before: Sequence[Row] | None = None,
    parameters: Row | None = None,
) -> Row:
    return {
        "id": name,
        **({"says": says} if says else {}),
        "scheme": scheme,
        "year": YEAR,
        "parameters": parameters or {},
        "facts": facts_table(facts),
        "before": None if before is None else facts_table(before),
        "result": result,
    }


def written(cases: Iterable[Row], by: str) -> str:
    """A case a line."""
    lines = [json.dumps(plain(one), ensure_ascii=False, separators=(",", ":")) for one in cases]
    body = ",\n".join(lines)
    return f'{{"by":"{by}","cases":[\n{body}\n]}}\n'


# --- by hand -------------------------------------------------------------------------------------


def hand_table() -> Row:
    return YAML(typ="safe", pure=True).load(HERE / "evaluation.yaml")  # type: ignore[no-any-return]


def one_part(indicators: list[Row]) -> list[Row]:
    return [{"id": "all", "title": "全部", "title_en": "all", "when": "land_mu >= 0亩",
             "indicators": indicators}]  # fmt: skip


def groups_by_hand(table_: Row) -> Iterator[Row]:
    for number, one in enumerate(table_["groups"], start=1):
        indicator = {"id": "yield", "title": "亩均税收", "title_en": "yield",
                     "expr": "tax_paid / land_mu", "unit": "万元/亩", "weight": 100,
                     **one["indicator"]}  # fmt: skip
        scheme = SKELETON | {"missing": one.get("missing", "zero"), "parts": one_part([indicator])}
        if "missing_points" in one:
            scheme["missing_points"] = one["missing_points"]
        facts = [
            {"uscc": chr(97 + i), "land_mu": 1, "tax_paid": value}
            for i, value in enumerate(one["values"])
        ]
        rows = [{"uscc": chr(97 + i), "total": total} for i, total in enumerate(one["gives"])]
        result = table(rows, ["uscc", "total"])
        yield case(f"group_{number}", scheme, facts, result, says=one["says"])


def wholes_by_hand(table_: Row) -> Iterator[Row]:
    for number, one in enumerate(table_["wholes"], start=1):
        parts = one.get("parts") or one_part(one.get("indicators") or [GIVEN])
        scheme = SKELETON | {"parts": parts} | one["scheme"]
        facts, before = (
            rows and [{"land_mu": 1} | row for row in rows]
            for rows in (one["facts"], one.get("before"))
        )
        columns = list(dict.fromkeys(name for row in one["result"] for name in row))
        # A row says nothing of a column that it does not name: such cases stand apart.
        told = [name for name in columns if all(name in row for row in one["result"])]
        result = table(one["result"], told)
        result["more"] = {
            row["uscc"]: {name: row[name] for name in columns if name in row and name not in told}
            for row in one["result"]
            if any(name in row and name not in told for name in columns)
        }
        yield case(f"whole_{number}", scheme, facts, result, says=one["says"], before=before,
                   parameters=one.get("parameters"))  # fmt: skip


def quotas_by_hand(table_: Row) -> Iterator[Row]:
    """Of so few that each can stand there with its grade: the better points, the better grade."""
    for number, one in enumerate(table_["quotas"], start=1):
        if one["of"] > 40:
            continue
        to = one["to"]
        bands = [
            {"grade": "ABCD"[i], "from": low, "to": high}
            for i, (low, high) in enumerate(zip((0, *to), to, strict=False))
        ]
        grades = [grade for grade, n in zip("ABCD", one["counts"], strict=False) for _ in range(n)]
        scheme = SKELETON | {
            "parts": one_part([GIVEN]),
            "grading": {"rounding": one["rounding"], "bands": bands},
        }
        codes = [f"{i:02d}" for i in range(one["of"])]
        facts = [{"uscc": code, "land_mu": 1, "revenue": 100 - i} for i, code in enumerate(codes)]
        rows = [
            {"uscc": code, "rank": i, "ranked": one["of"], "grade": grade}
            for i, (code, grade) in enumerate(zip(codes, grades, strict=True), start=1)
        ]
        result = table(rows, ["uscc", "rank", "ranked", "grade"])
        yield case(f"quota_{number}", scheme, facts, result, says=one["by_hand"])


def by_hand() -> str:
    table_ = hand_table()
    found = [*groups_by_hand(table_), *wholes_by_hand(table_), *quotas_by_hand(table_)]
    return written(found, "hand")


def points_by_hand() -> str:
    """One value by one function; `a / b` is a quotient."""
    found = []
    for name, cases in hand_table()["points"].items():
        for one in cases:
            told = {key: value for key, value in one.items() if key not in ("gives", "by_hand")}
            gives = one["gives"]
            if isinstance(gives, str):
                above, _, below = gives.partition(" / ")
                gives = Fraction(above) / Fraction(below)
            found.append({"function": name, **told, "gives": gives, "says": one["by_hand"]})
    return written(found, "hand")


# --- by the second method ------------------------------------------------------------------------


def answered(
    name: str,
    scheme: Row,
    facts: list[Row],
    before: list[Row] | None = None,
    parameters: Row | None = None,
) -> Row:
    """A case with the answer of the second method: of the rated all, of others their status."""
    names = ("district", "industry", "registered_on", "above_scale", "land_mu", "tax_paid",
             "revenue", "value_added", "employees", "rd_expense", "energy",
             "years_in_production")  # fmt: skip
    whole = [dict.fromkeys(names) | row for row in facts]
    found = ORACLE.evaluated(scheme, whole, before, year=YEAR, parameters=parameters or {})
    rows = [{"uscc": code} | found[code] for code in sorted(found)]
    seen = dict.fromkeys(name for row in rows for name in row)
    columns = [*TABLE_COLUMNS, *(name for name in seen if name not in TABLE_COLUMNS)]
    columns = [n for n in columns if n in TABLE_COLUMNS or any(r.get(n) is not None for r in rows)]
    return case(name, scheme, facts, table(rows, columns), before=before, parameters=parameters)


def drawn() -> Iterator[Row]:
    """Every setting of a scheme at random."""
    for seed in SEEDS:
        chance = random.Random(seed)
        scheme = DRAWN.scheme(chance)
        facts, before = DRAWN.facts(chance, ENTERPRISES), DRAWN.facts(chance, ENTERPRISES)
        for row in (*facts, *before):
            del row["name"]
        past = None if chance.random() < 0.1 else before
        yield answered(f"drawn_{seed}", scheme, facts, past, DRAWN.parameters(chance))


def quotas() -> Iterator[Row]:
    """Every rounding, rule for ties and a few bands, over groups with and without ties."""
    chance = random.Random(7)
    all_bands = {
        "20_60_95": [20, 60, 95, 100],
        "25_70_95": [25, 70, 95, 100],
        "50": [50, 100],
        "thirds": [Decimal("33.33"), Decimal("66.67"), 100],
    }
    for label, to in all_bands.items():
        for rounding in ("half_up", "floor", "ceiling", "largest_remainder"):
            for tied in ("apart", "better", "worse"):
                scheme = SKELETON | {
                    "parts": one_part([GIVEN]),
                    "grading": {
                        "rounding": rounding,
                        "tied": tied,
                        "bands": [
                            {"grade": "ABCD"[i], "from": low, "to": high}
                            for i, (low, high) in enumerate(zip((0, *to), to, strict=False))
                        ],
                    },
                }
                for n, most in ((3, 2), (6, 4), (9, 3), (10, 99)):
                    facts = [
                        {"uscc": f"{i:02d}", "land_mu": 1, "revenue": chance.randint(0, most)}
                        for i in range(n)
                    ]
                    yield answered(f"quota_{label}_{rounding}_{tied}_{n}_{most}", scheme, facts)


def by_second_method() -> str:
    return written([*drawn(), *quotas()], "second method")


FILES = {
    "points_by_hand.json": points_by_hand,
    "evaluations_by_hand.json": by_hand,
    "evaluations_by_second_method.json": by_second_method,
}

if __name__ == "__main__":
    for name, make in FILES.items():
        (KIT / name).write_text(make(), encoding="utf-8")
        sys.stdout.write(f"{name}\n")
