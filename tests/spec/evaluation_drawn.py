"""Schemes and facts drawn at random, every setting among them. It imports nothing of ours.

A scheme is the mapping that its file would hold; every one could stand in a city folder.
"""

import random
from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
EVIDENCE = {"source": "设例", "verified": "assumption"}
PLACES: list[list[str]] = [[], ["district"], ["industry"], ["district", "industry"]]
# What an indicator may be, and the units it may be counted in.
POOL: list[tuple[str, list[str | None]]] = [
    ("tax_paid / land_mu", ["万元/亩", "元/亩"]),
    ("revenue / land_mu", ["万元/亩"]),
    ("value_added / employees", ["万元/人"]),
    ("value_added / energy", ["万元/吨标准煤"]),
    ("energy / revenue", ["吨标准煤/万元"]),
    ("rd_expense / revenue", [None, "%"]),
    ("tax_paid", ["万元"]),
    ("energy", ["吨标准煤"]),
    ("rd_expense", ["万元"]),
    ("years_in_production", ["年"]),
]
SCALES = {"元/亩": 10_000, "%": 100}
UP_ONLY = ("ratio_to_base", "ratio_capped", "ratio_capped_at_base", "given_points")
DOWN_ONLY = ("reverse_ratio",)
BOTH_WAYS = (
    "minmax_20_80",
    "efficacy_coefficient",
    "weighted_rank_percentile",
    "first_is_100",
    "target_completion",
    "growth_completion",
    "all_or_nothing",
    "steps",
)
GROUP_METHODS = [
    f"{year}_year_{over}"
    for year in ("this", "previous")
    for over in ("mean", "median", "lowest", "highest")
]
CONDITIONS = [
    "rd_expense >= 2万元",
    "rd_expense > 4万元",
    "energy > 4吨标准煤",
    "energy >= 5吨标准煤",
    "tax_paid < 0万元",
    "tax_paid >= 5万元",
    "employees >= 3人",
    "value_added > 3万元",
]
CUTS: list[list[Any]] = [
    [20, 60, 95, 100],
    [50, 100],
    [Decimal("12.5"), 30, 100],
    [Decimal("33.33"), Decimal("66.67"), 100],
    [5, 10, 15, 90, 100],
]


class Drawer:
    """Draws one scheme. `places`: what ranking groups and base values may be taken by."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.groups = self.pick(PLACES)

    def pick(self, options: list[Any]) -> Any:
        return self.chance.choice(options)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def scheme(self) -> Row:
        ids = ["yield", "labour", "green", "other"]
        default = self.pick([None, None, *UP_ONLY[:3], *BOTH_WAYS])
        # A scheme-wide `steps` would need limits that suit every indicator.
        common = (
            self.settings(default, 100, 1, down=False) if default not in (None, "steps") else {}
        )
        common.pop("start", None)
        base = self.base_rule("tax_paid / land_mu", 1, own=False)
        parts = [
            ("above", "above_scale", self.pick([1, 2, 3, 4])),
            ("below", self.pick(["not above_scale and revenue > 1万元", "not above_scale"]),
             self.pick([1, 1, 2])),
        ]  # fmt: skip
        found: Row = {
            "id": "drawn",
            "title": "设例",
            "title_en": "Drawn",
            "evidence": EVIDENCE,
            "population": self.pick(["above_scale or land_mu >= 3亩", "land_mu >= 0亩"]),
            "groups": self.groups,
            "parts": [
                {"id": name, "title": name, "title_en": name, "when": when,
                 "indicators": self.indicators(ids[:count], common, base)}
                for name, when, count in parts[: self.pick([1, 2, 2])]
            ],
            "base": base,
            "missing": self.pick(["zero", "group_average_score", "reweight", "penalty"]),
            "grading": self.grading(),
        }  # fmt: skip
        if common:
            found["scoring"] = common
        if self.maybe(0.7):
            found["exempt"] = [
                {"id": "new", "says": "新办", "says_en": "new",
                 "when": self.pick(["years_in_production < 2年", "years_in_production < 4年"])}
            ]  # fmt: skip
        self.soften(found)
        rules = [
            i.get("missing") or found["missing"] for p in found["parts"] for i in p["indicators"]
        ]
        if "penalty" in [*rules, found["missing"]]:
            found["missing_points"] = self.pick([3, Decimal("2.5")])
        there = list(dict.fromkeys(i["id"] for p in found["parts"] for i in p["indicators"]))
        found["ties"] = self.chance.sample(there, self.chance.randint(0, min(2, len(there))))
        for kind in ("bonus", "penalty"):
            if self.maybe(0.5):
                found[kind] = self.extras()
        if self.maybe(0.5):
            found["limits"] = self.limits([band["grade"] for band in found["grading"]["bands"]])
        return found

    def soften(self, scheme: Row) -> None:
        """A gap at zero would come first where less is better and the value alone ranks."""
        for part in scheme["parts"]:
            for one in part["indicators"]:
                function = (one.get("scoring") or {}).get("function")
                gap = one.get("missing") or scheme["missing"]
                if function == "rank_only" and one.get("direction") == "down" and gap == "zero":
                    one["missing"] = "group_average_score"

    def indicators(self, ids: list[str], common: Row, base: Row) -> list[Row]:
        weights = {
            1: [100],
            2: [60, 40],
            3: [45, 35, 20],
            4: [Decimal("33.3"), Decimal("26.7"), 25, 15],
        }
        return [
            self.indicator(name, weight, common, base, is_alone=len(ids) == 1)
            for name, weight in zip(ids, weights[len(ids)], strict=True)
        ]

    def indicator(self, name: str, weight: Any, common: Row, base: Row, *, is_alone: bool) -> Row:
        expr, units = self.pick(POOL)
        unit = self.pick(units)
        scale = SCALES.get(unit, 1)
        found: Row = {"id": name, "title": name, "title_en": name, "expr": expr, "weight": weight}
        if unit:
            found["unit"] = unit
        function = common.get("function")
        if function is None or self.maybe(0.6):
            options = [*UP_ONLY, *DOWN_ONLY, *BOTH_WAYS, *(["rank_only"] * 4 if is_alone else [])]
            function = self.pick(options)
            down = function in DOWN_ONLY or (function not in UP_ONLY and self.maybe(0.4))
            found["scoring"] = self.settings(function, weight, scale, down=down)
        else:
            down = function not in UP_ONLY and self.maybe(0.4)
        if down:
            found["direction"] = "down"
        self.held_against(found, function, scale, base, down=down)
        if self.maybe(0.3):
            found["missing"] = self.pick(["zero", "group_average_score", "reweight", "penalty"])
        return found

    def held_against(self, found: Row, function: str, scale: int, base: Row, *, down: bool) -> None:
        expr = found["expr"]
        if function in (*UP_ONLY[:3], *DOWN_ONLY, "target_completion", "growth_completion",
                        "all_or_nothing"):  # fmt: skip
            of_sums = base["method"].endswith("mean") and base.get("mean", "of_sums") == "of_sums"
            unfit = of_sums and "/" not in expr
            if unfit or self.maybe(0.5):
                found["base"] = self.base_rule(expr, scale, own=True)
            elif base["method"] == "fixed":
                found["bases"] = self.values(scale)
        if function == "growth_completion":
            found["low"] = self.pick([self.fixed(scale, 0), self.base_rule(expr, scale, own=True)])
        if function in ("minmax_20_80", "efficacy_coefficient") and self.maybe(0.5):
            ends = [self.fixed(scale, 0), self.fixed(scale, 3)]
            if self.maybe(0.4):
                ends = [
                    {"method": self.pick([f"{y}_year_lowest" for y in ("this", "previous")]),
                     "within": self.pick(PLACES)},
                    {"method": self.pick([f"{y}_year_highest" for y in ("this", "previous")]),
                     "within": self.pick(PLACES)},
                ]  # fmt: skip
            if function == "efficacy_coefficient" and down:
                ends.reverse()
            found["low"], found["high"] = ends

    def settings(self, function: str, weight: Any, scale: int, *, down: bool) -> Row:
        found: Row = {"function": function}
        if function == "ratio_capped" or self.maybe(0.3):
            found["cap"] = self.pick([1, Decimal("1.5"), Decimal("1.2")])
        if self.maybe(0.4):
            found["floor"] = self.pick([0, -5])
        if function in ("minmax_20_80", "efficacy_coefficient") and self.maybe(0.5):
            found["start"] = self.pick([0, 40, 60])
        if function == "first_is_100" and self.maybe(0.5):
            found["step"] = self.pick([2, 10, 30])
        if function == "steps":
            limits = sorted({scale * Decimal(self.chance.randint(1, 12)) / 4 for _ in range(3)})
            if not down:
                limits.reverse()
            gained = [weight, weight / Decimal(2), weight / Decimal(4)]
            found["steps"] = [
                {"at": at, "points": points} for at, points in zip(limits, gained, strict=False)
            ]
            if self.maybe(0.5):
                found["otherwise"] = 1
        return found

    def values(self, scale: int) -> list[Row]:
        years = [year for year in (2020, 2023, 2025) if self.maybe(0.7)] or [2021]
        return [
            {"year": year, "value": scale * Decimal(self.chance.randint(1, 12)) / 4}
            for year in years
        ]

    def fixed(self, scale: int, least: int) -> Row:
        value = scale * (Decimal(least) + Decimal(self.chance.randint(0, 8)) / 4)
        return {"method": "fixed", "values": [{"year": 2020, "value": value}]}

    def base_rule(self, expr: str, scale: int, *, own: bool) -> Row:
        if not own:
            method = self.pick(["fixed", *GROUP_METHODS])
        else:
            method = self.pick(["fixed", "fixed", *GROUP_METHODS])
            if expr == "years_in_production" and self.maybe(0.5):
                return {"method": "parameter", "parameter": "new_enterprise_years"}
            if expr == "tax_paid / land_mu" and self.maybe(0.5):
                return {"method": "expression", "expr": "revenue / land_mu * 0.5"}
        if method == "fixed":
            return {"method": "fixed", "values": self.values(scale)} if own else {"method": "fixed"}
        found: Row = {"method": method, "within": self.pick(PLACES)}
        if method.endswith("mean"):
            found["mean"] = self.pick(["of_sums", "of_ratios"]) if "/" in expr else "of_ratios"
        if self.maybe(0.5):
            found["factor"] = self.pick([2, Decimal("1.5")])
        return found

    def grading(self) -> Row:
        to = self.pick(CUTS)
        bands: list[Row] = [
            {"grade": "甲乙丙丁戊"[i], "from": ([0, *to])[i], "to": to[i]} for i in range(len(to))
        ]
        by = self.pick(["rank_share", "rank_share", "rank_share", "score"])
        limits = [80, 50, 30, 10]
        for band, least in zip(bands[:-1], limits, strict=False):
            if by == "score" or self.maybe(0.3):
                band["at_least"] = least
        found: Row = {"by": by, "bands": bands}
        found["rounding"] = self.pick(["half_up", "floor", "ceiling", "largest_remainder"])
        found["tied"] = self.pick(["apart", "better", "worse"])
        return found

    def extras(self) -> Row:
        items: list[Row] = []
        for i in range(self.chance.randint(1, 4)):
            one: Row = {"id": f"item_{i}", "says": "加减", "says_en": "extra"}
            one["when"] = self.pick(CONDITIONS)
            if self.maybe(0.3):
                one["expr"] = self.pick(["employees / 2人", "tax_paid / 1万元"])
            else:
                one["points"] = self.pick([1, 2, Decimal("2.5"), 5])
            if self.maybe(0.5):
                one["one_of"] = self.pick(["title", "safety"])
            items.append(one)
        found: Row = {"items": items}
        if self.maybe(0.5):
            found["cap"] = self.pick([3, 5, 10])
        return found

    def limits(self, grades: list[str]) -> list[Row]:
        return [
            {"id": f"limit_{i}", "says": "限", "says_en": "limit", "when": self.pick(CONDITIONS),
             self.pick(["at_most", "at_least"]): self.pick(grades)}
            for i in range(self.chance.randint(1, 3))
        ]  # fmt: skip


def scheme(chance: random.Random) -> Row:
    return Drawer(chance).scheme()


def facts(chance: random.Random, count: int) -> list[Row]:
    """Small numbers, so that ties, zeros and gaps all come up; and tenths, no double's own."""

    def amount(low: int, high: int) -> Decimal | None:
        if chance.random() < 0.1:
            return None
        return Decimal(chance.randint(low, high)) / chance.choice([1, 1, 1, 10])

    def whole(low: int, high: int) -> Decimal | None:
        return None if chance.random() < 0.1 else Decimal(chance.randint(low, high))

    return [
        {
            "uscc": f"{i:04d}",
            "name": f"企业{i}",
            "district": chance.choice([*["qingyu", "yunping"] * 3, None]),
            "industry": chance.choice(["26", "26", "35", "35", "35", None]),
            "registered_on": chance.choice([None, *[date(2010, 1, 1)] * 6, date(2025, 1, 1)]),
            "above_scale": chance.choice([True, True, True, True, False, False, False, None]),
            "land_mu": amount(0, 6),
            "tax_paid": amount(-2, 6),
            "value_added": amount(-1, 5),
            "employees": whole(0, 4),
            "revenue": amount(0, 5),
            "rd_expense": amount(0, 5),
            "energy": amount(0, 6),
            "years_in_production": whole(0, 9),
        }
        for i in range(count)
    ]  # fmt: skip


def parameters(chance: random.Random) -> Row:
    """One parameter of the city; at times it has no value in force yet."""
    return {"new_enterprise_years": chance.choice([Decimal(2), Decimal(3), None])}
