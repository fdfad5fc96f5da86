"""Every policy of a snapshot with how many may have it, and for how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from cityforge.brain.city import dictionary
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.policies.matches import COUNTS
from cityforge.brain.policies.prepared import Prepared, prepare
from cityforge.brain.reports import money, policy_words
from cityforge.brain.reports.fiscal import words as fiscal_words
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.policy_named import policy_of, unanswered
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.reports.tables import Row, Table

_STATES = {
    "rolling": Text(zh="常年受理", en="open at any time"),
    "open": Text(zh="正在受理", en="open"),
    "coming": Text(zh="即将受理", en="coming"),
    "closed": Text(zh="本期已截止", en="closed"),
    "unannounced": Text(zh="待公布", en="not announced"),
}


@dataclass(frozen=True, slots=True)
class Matched:
    """One policy over all enterprises; `amount` is the 分 of the eligible whose amount is known."""

    prepared: Prepared
    eligible: int
    not_yet: int
    unknown: int
    amount: int

    @property
    def payload(self) -> dict[str, object]:
        policy, call = self.prepared.policy, self.prepared.call
        return {
            "policy": policy.id,
            "title": policy.title,
            "title_en": policy.title_en,
            "level": policy.level,
            "delivery": policy.delivery,
            "model": policy.model,
            "window": call.state,
            "eligible": self.eligible,
            "not_yet": self.not_yet,
            "unknown": self.unknown,
            "amount_fen": self.amount,
        }


def read(snapshot: Snapshot, folder: Path | None = None) -> list[Matched]:
    """The matches of a run, or of a folder that they were written to; most money first.

    Raises RunRefused where there are none.
    """
    file = (folder or snapshot.folder / "tables") / f"{COUNTS}.parquet"
    if not file.is_file():
        raise RunRefused(
            Text(
                zh=f"{file.parent} 没有政策匹配结果；先用 cityforge run 运行有政策的城市",
                en=f"no matches in {file.parent}; run a city that has policies first",
            )
        )
    counted: dict[str, list[int]] = {}
    for line in pq.read_table(file).to_pylist():
        own = counted.setdefault(line["policy"], [0, 0, 0, 0])
        for place, name in enumerate(("eligible", "not_yet", "unknown", "amount")):
            own[place] += line[name]
    city = snapshot.city
    policies = prepare(city, dictionary.build(city), day=snapshot.as_of, models=True)
    found = [Matched(one, *counted[one.id]) for one in policies if one.id in counted]
    return sorted(found, key=lambda one: (-one.amount, -one.eligible, one.prepared.id))


def only(snapshot: Snapshot, found: list[Matched], names: Sequence[str]) -> list[Matched]:
    """Those that are named, by id or title. Raises RunRefused with why where one is not there."""
    by_id = {one.prepared.id: one for one in found}
    wanted = [policy_of(snapshot.city, name) for name in names]
    for policy in wanted:
        if policy.id not in by_id:
            raise unanswered(policy, snapshot.as_of)
    asked = {policy.id for policy in wanted}
    return [one for one in found if one.prepared.id in asked]


def marks(snapshot: Snapshot, found: list[Matched]) -> list[Text]:
    """What must be read before the figures: simulated data, models from elsewhere."""
    lines = [fiscal_words.SIMULATED] if snapshot.simulated else []
    if any(one.prepared.policy.model for one in found):
        lines.append(fiscal_words.MODEL)
    return lines


def table(found: list[Matched]) -> Table:
    """A line a policy."""
    rows: list[Row] = []
    for one in found:
        policy = one.prepared.policy
        rows.append(
            (
                Text(zh=policy.title, en=policy.title_en),
                policy_words.LEVELS[policy.level],
                policy_words.DELIVERY[policy.delivery],
                _STATES[one.prepared.call.state],
                fixed(one.eligible, 0),
                fixed(one.not_yet, 0),
                fixed(one.unknown, 0),
                money.figure(one.amount) if one.prepared.amount is not None else "—",
            )
        )
    return Table(
        title=Text(zh="政策匹配", en="Policies matched"),
        columns=(
            Text(zh="政策", en="policy"),
            Text(zh="层级", en="level"),
            Text(zh="兑现方式", en="delivery"),
            Text(zh="申报", en="window"),
            Text(zh="符合", en="entitled"),
            Text(zh="暂不符合", en="not yet"),
            Text(zh="信息不足", en="lack facts"),
            Text(zh=f"测算金额（{money.UNIT.zh}）", en=f"amount ({money.UNIT.en})"),
        ),
        rows=tuple(rows),
    )


def sentence(snapshot: Snapshot, found: list[Matched]) -> Text:
    """What the table says, in one sentence."""
    amount = sum(one.amount for one in found)
    told = money.amount(amount)
    enterprises = max((one.eligible + one.not_yet + one.unknown for one in found), default=0)
    eligible = sum(one.eligible for one in found)
    return Text(
        zh=f"截至 {snapshot.as_of}：{len(found)} 项政策 × {enterprises:,} 家企业，"
        f"符合 {eligible:,} 次，按各项单独测算合计 {told.zh}（未扣除不可同享）",
        en=f"As of {snapshot.as_of}: {len(found)} policies x {enterprises:,} enterprises, "
        f"{eligible:,} entitlements, {told.en} if each were paid alone (policies that "
        "exclude one another not deducted)",
    )
