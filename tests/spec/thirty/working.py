"""Computes bases.csv and working.csv from enterprises.csv as a spreadsheet would: a formula a cell.

Decimal numbers throughout; nothing of ours is imported. The sheets are E (enterprises.csv), B
(bases.csv) and W (working.csv), their first row the head: E!F2 is the tax of the first enterprise.
"""

import csv
import sys
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

HERE = Path(__file__).resolve().parent
getcontext().prec = 50
COLUMNS = (
    "uscc",
    "district",
    "above_scale",
    "years_in_production",
    "land_mu",
    "tax_paid",
    "revenue",
    "energy",
    "rd_expense",
    "value_added",
    "land_before",
    "tax_before",
    "revenue_before",
    "energy_before",
)
E = dict(zip(COLUMNS, "ABCDEFGHIJKLMN", strict=True))
# Name, weight above and below designated size, numerator and denominator.
INDICATORS = (
    ("tax_per_mu", 45, 60, "tax_paid", "land_mu"),
    ("sales_per_mu", 35, 40, "revenue", "land_mu"),
    ("green", 20, None, "tax_paid", "energy"),
)
BEFORE = {"tax_paid": "tax_before", "revenue": "revenue_before", "land_mu": "land_before",
          "energy": "energy_before"}  # fmt: skip
GROUPS = (("qingyu", "1"), ("yunping", "1"), ("qingyu", "0"), ("yunping", "0"))
Firm = dict[str, str]


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def written(value: Decimal | None, places: str = "0.000000000001") -> str:
    return "" if value is None else f"{value.quantize(Decimal(places), ROUND_HALF_UP):f}"


def status(firm: Firm, *, years_ago: int = 0) -> str:
    """参评 rated, 免评 exempt, 不在范围 outside, 缺数 undetermined."""
    land = number(firm["land_before" if years_ago else "land_mu"]) or Decimal(0)
    if firm["above_scale"] != "1" and land < 3:
        return "undetermined" if firm["above_scale"] == "" else "outside"
    if int(firm["years_in_production"]) - years_ago < 2:
        return "exempt"
    return "rated" if firm["above_scale"] else "undetermined"


def bases(firms: Sequence[Firm]) -> list[list[str]]:
    """District, part, indicator; twice last year's sum of numerators over that of denominators."""
    found = []
    for district, above in GROUPS:
        for name, _, below_weight, top, bottom in INDICATORS:
            if above == "0" and below_weight is None:
                continue
            counted = [
                (row, firm)
                for row, firm in enumerate(firms, start=2)
                if (firm["district"], firm["above_scale"]) == (district, above)
                and status(firm, years_ago=1) == "rated"
                and firm[BEFORE[top]] and firm[BEFORE[bottom]]
            ]  # fmt: skip
            cells = [
                "+".join(f"E!{E[BEFORE[side]]}{row}" for row, _ in counted)
                for side in (top, bottom)
            ]
            sums = [
                sum(Decimal(firm[BEFORE[side]]) for _, firm in counted) for side in (top, bottom)
            ]
            value = 2 * sums[0] / sums[1]
            found.append([district, above, name, f"=2*({cells[0]})/({cells[1]})", written(value)])
    return found


class Sheet:
    """Working, a row an enterprise; each computed column has its formula before it."""

    def __init__(self, firms: Sequence[Firm], base_rows: Sequence[Sequence[str]]) -> None:
        self.firms = firms
        self.base = {
            (d, a, n): (row, Decimal(v)) for row, (d, a, n, _, v) in enumerate(base_rows, 2)
        }
        self.columns = ["uscc", "status", "district", "part"]
        for one, *_ in INDICATORS:
            for name in ("value", "points"):
                self.columns += [f"{name}_{one}_formula", f"{name}_{one}"]
        for name in ("bonus", "penalty", "total"):
            self.columns += [f"{name}_formula", name]
        self.columns += ["rank", "ranked", "ranked_grade", "limited_by", "grade"]
        self.rows = [dict.fromkeys(self.columns, "") for _ in firms]
        self.numbers: list[dict[str, Decimal]] = [{} for _ in firms]

    def letter(self, column: str) -> str:
        i = self.columns.index(column)
        return chr(65 + i) if i < 26 else "A" + chr(65 + i - 26)

    def put(
        self, i: int, column: str, formula: str, value: Decimal, places: str = "0.000000000001"
    ) -> None:
        self.rows[i][f"{column}_formula"] = f"={formula}"
        self.rows[i][column] = written(value, places)
        self.numbers[i][column] = value

    def fill(self) -> None:
        for i, firm in enumerate(self.firms):
            mine = {"1": "above", "0": "below", "": ""}[firm["above_scale"]]
            self.rows[i] |= {
                "uscc": firm["uscc"],
                "status": status(firm),
                "district": firm["district"],
                "part": mine,
            }
        for district, above in GROUPS:
            group = [
                i
                for i, firm in enumerate(self.firms)
                if (firm["district"], firm["above_scale"]) == (district, above)
                and status(firm) == "rated"
            ]
            for name, weight, below_weight, top, bottom in INDICATORS:
                w = weight if above == "1" else below_weight
                if w is not None:
                    self.points(group, name, w, top, bottom, self.base[(district, above, name)])
            for i in group:
                self.extra(i)
                self.total(i, above)
            self.grade(group)

    def points(
        self,
        group: Sequence[int],
        name: str,
        weight: int,
        top: str,
        bottom: str,
        base: tuple[int, Decimal],
    ) -> None:
        value, column = f"value_{name}", f"points_{name}"
        missing = []
        for i in group:
            above, below = number(self.firms[i][top]), number(self.firms[i][bottom])
            if above is None or below is None:
                missing.append(i)
                continue
            row = i + 2
            self.put(i, value, f"E!{E[top]}{row}/E!{E[bottom]}{row}", above / below)
            held = f"MAX(0,W!{self.letter(value)}{row}/B!E{base[0]}*{weight})"
            self.put(i, column, held, max(Decimal(0), above / below / base[1] * weight))
        others = [i for i in group if i not in missing]
        for i in missing:
            cells = "+".join(f"W!{self.letter(column)}{j + 2}" for j in others)
            mean = sum(self.numbers[j][column] for j in others) / len(others)
            self.put(i, column, f"({cells})/{len(others)}", mean)

    def extra(self, i: int) -> None:
        row, firm = i + 2, self.firms[i]
        rd, added = (
            number(firm["rd_expense"]) or Decimal(0),
            number(firm["value_added"]) or Decimal(0),
        )
        formula = f"MIN(6,IF(E!I{row}>=1000,5,IF(E!I{row}>=300,2,0))+IF(E!J{row}>=5000,3,0))"
        research = 5 if rd >= 1000 else 2 if rd >= 300 else 0
        self.put(i, "bonus", formula, Decimal(min(6, research + (3 if added >= 5000 else 0))))
        energy = number(firm["energy"]) or Decimal(0)
        taken = Decimal("1.5") if energy >= 1000 else Decimal(0)
        self.put(i, "penalty", f"IF(E!H{row}>=1000,1.5,0)", taken)

    def total(self, i: int, above: str) -> None:
        names = [f"points_{name}" for name, _, below, *_ in INDICATORS if above == "1" or below]
        summed = sum(self.numbers[i][name] for name in names)
        summed += self.numbers[i]["bonus"] - self.numbers[i]["penalty"]
        cells = "+".join(f"W!{self.letter(name)}{i + 2}" for name in (*names, "bonus"))
        formula = f"ROUND({cells}-W!{self.letter('penalty')}{i + 2},9)"
        self.put(i, "total", formula, summed, "0.000000001")

    def grade(self, group: Sequence[int]) -> None:
        """Counted place by place; who is equal in total and tax per mu has the better grade."""
        n = len(group)
        keys = {i: (self.rows[i]["total"], self.rows[i]["value_tax_per_mu"]) for i in group}
        order = sorted(
            group, key=lambda i: (*(-Decimal(key) for key in keys[i]), self.firms[i]["uscc"])
        )
        cuts = [int(Decimal(share) * n / 100 + Decimal("0.5")) for share in (20, 60, 95)]
        for i in group:
            first = 1 + min(order.index(j) for j in group if keys[j] == keys[i])
            grade = "ABCD"[sum(first > cut for cut in cuts)]
            row = self.rows[i]
            row["rank"], row["ranked"] = str(1 + order.index(i)), str(n)
            row["ranked_grade"] = row["grade"] = grade
            if (number(self.firms[i]["value_added"]) or 0) < 0 and grade != "D":
                row["grade"], row["limited_by"] = "D", "loss"


def sheets() -> dict[str, list[list[str]]]:
    with (HERE / "enterprises.csv").open(encoding="utf-8", newline="") as lines:
        firms = list(csv.DictReader(lines))
    base_rows = bases(firms)
    sheet = Sheet(firms, base_rows)
    sheet.fill()
    head = ["district", "above_scale", "indicator", "base_formula", "base"]
    rows = [[row[name] for name in sheet.columns] for row in sheet.rows]
    return {"bases.csv": [head, *base_rows], "working.csv": [sheet.columns, *rows]}


if __name__ == "__main__":
    for name, rows in sheets().items():
        with (HERE / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        sys.stdout.write(f"{name}\n")
