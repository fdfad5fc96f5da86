"""What becomes of proposed pairs: linked, shown to a person, or refused, and the evidence of it."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cityforge.brain.linkage import slips
from cityforge.brain.linkage.ladder import PAIR_COLUMNS
from cityforge.brain.linkage.thresholds import LINK_WEIGHT, MARGIN, RUNG_SCORES

Status = Literal["linked", "review", "refused"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One pair of records decided. `score` is the probability that the two are one enterprise."""

    left: str
    right: str
    rung: str
    score: float
    status: Status
    evidence: Mapping[str, Any]


def by_rule(rung: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Verdict]:
    """Verdicts on the pairs that a rule proposes, given left by left.

    A record is linked where all that agree with it best are one enterprise; where two enterprises
    could be meant, a person is asked.
    """
    for _, group in itertools.groupby(rows, lambda row: row["l"]):
        proposed = list(group)
        best = [row for row in proposed if row["agree"] == max(r["agree"] for r in proposed)]
        chosen = _chosen(best)
        for row in proposed if chosen is None else [chosen]:
            yield _verdict(rung, row, RUNG_SCORES[rung], "linked" if chosen else "review")


def of_two_codes(rows: Iterable[Mapping[str, Any]]) -> Iterator[Verdict]:
    """Verdicts on one name under two valid codes: never joined, shown if the addresses agree."""
    for row in rows:
        same_place = row["l_address"] is not None and row["l_address"] == row["r_address"]
        yield _verdict(
            "name", row, 0.5 if same_place else 0.0, "review" if same_place else "refused"
        )


def by_slip(rows: Iterable[Mapping[str, Any]]) -> Iterator[Verdict]:
    """Verdicts on names one slip apart: linked where the slip tells and neither side has a rival.

    A slip that proves little is asked where it has no rival; Splink may still join the two.
    """
    for row, slip, is_clear in slips.clear(rows):
        if is_clear:
            weighed = {"slip": [slip.kind, slip.place]}
            status: Status = "linked" if slip.grade else "review"
            score = RUNG_SCORES["one_slip"] if slip.grade else 0.5
            yield _verdict("one_slip", row, score, status, weighed)


def by_weight(
    rows: Iterable[Mapping[str, Any]], parts: Mapping[tuple[str, str], Mapping[str, float]]
) -> Iterator[Verdict]:
    """Verdicts on weighed pairs, given left by left, heaviest first, lefts without a code only."""
    for _, group in itertools.groupby(rows, lambda row: row["l"]):
        proposed = list(group)
        first = proposed[0]
        rival = next((row for row in proposed if _rivals(first, row)), None)
        clear = rival is None or first["weight"] - rival["weight"] >= MARGIN
        for row in proposed:
            is_linked = row is first and clear and row["weight"] >= LINK_WEIGHT
            score = round(1 / (1 + 2.0 ** -row["weight"]), 4)
            weighed = {"weight": round(row["weight"], 2), "weights": parts[row["l"], row["r"]]}
            status: Status = "linked" if is_linked else "review"
            yield _verdict("splink", row, score, status, weighed)


def text(evidence: Mapping[str, Any]) -> str:
    """Evidence as it stands in the tables."""
    return json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))


def _chosen(best: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    codes = {row["r_code"] for row in best if row["r_code"]}
    if len(codes) > 1:
        return None
    if codes:
        return next(row for row in best if row["r_code"])
    # Without codes, two regions or two legal forms are two enterprises.
    for part in ("r_prefix", "r_form"):
        if len({row[part] for row in best if row[part]}) > 1:
            return None
    return best[0]


def _rivals(first: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two candidates of one record cannot be one enterprise themselves."""
    if first["r_entity"] == other["r_entity"]:
        return False
    if first["r_code"] and other["r_code"]:
        return bool(first["r_code"] != other["r_code"])
    return bool(first["r_core"] != other["r_core"])


def _verdict(
    rung: str,
    row: Mapping[str, Any],
    score: float,
    status: Status,
    weighed: Mapping[str, Any] | None = None,
) -> Verdict:
    compared = {c: [row[f"l_{c}"], row[f"r_{c}"]] for c in PAIR_COLUMNS}
    agreed = [c for c, (left, right) in compared.items() if left and left == right]
    shown = {c: pair for c, pair in compared.items() if any(pair)}
    evidence = {"agree": agreed, "compared": shown, **(weighed or {})}
    return Verdict(row["l"], row["r"], rung, score, status, evidence)
