"""An evaluation of one enterprise, and a comparison of two, in sentences."""

from collections.abc import Sequence

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.effects.moves import DOWN, IN, OUT, UP, Moves
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.reasons import held
from cityforge.brain.evaluation.reasons.changes import Ways
from cityforge.brain.evaluation.reasons.why import Why
from cityforge.brain.reports.effects import names
from cityforge.brain.reports.effects.seen import Effects, Enterprise
from cityforge.brain.reports.messages import fixed

SIMULATED = Text(zh="模拟数据：企业和数字均为虚构。", en="Simulated data: made up.")
SHOWN = 4  # single changes told, smallest first


def moved(moves: Moves) -> Text:
    """How many move, in one sentence."""
    up, down, came, left = (moves.count(way) for way in (UP, DOWN, IN, OUT))
    zh = f"{up:,} 家升等、{down:,} 家降等"
    en = f"{up:,} rise and {down:,} fall"
    if came or left:
        zh += f"，{came:,} 家新进、{left:,} 家退出"
        en += f", {came:,} come in and {left:,} drop out"
    return Text(zh=f"{zh}。", en=f"{en}.")


def standing(evaluated: Evaluated, row: dict[str, object], found: Why | None) -> list[Text]:
    """The grade of one enterprise with its rank, or why it has none."""
    name = str(row["name"])
    if found is None:
        status = names.grade(str(row["status"]))
        reason = Text(zh=str(row["reason"] or ""), en=str(row["reason_en"] or row["reason"] or ""))
        return [
            Text(
                zh=f"{name}（{row['uscc']}）{evaluated.year} 年度{status.zh}：{reason.zh}。"
                "这不是对企业的评价。",
                en=f"{name} ({row['uscc']}), {evaluated.year}: {status.en}: {reason.en}. "
                "This is no verdict on the enterprise.",
            )
        ]
    total = fixed(found.total, 2)
    lines = [
        Text(
            zh=f"{name}（{row['uscc']}）{evaluated.year} 年度评为 {found.grade} 类，"
            f"总分 {total}，组内第 {found.rank:,} 名（共 {found.ranked:,} 家）。",
            en=f"{name} ({row['uscc']}), {evaluated.year}: grade {found.grade}, total {total}, "
            f"rank {found.rank:,} of {found.ranked:,} in its group.",
        )
    ]
    if found.before is not None:
        gap = fixed(max(found.before - found.total, 0.0), 2)
        lines.append(
            Text(
                zh=f"距上一等次末位（{fixed(found.before, 2)} 分）差 {gap} 分。",
                en=f"{gap} points below the last of the next better grade "
                f"({fixed(found.before, 2)}).",
            )
        )
    worst = found.weakest[0]
    if worst.lost > 0:
        own = worst.indicator.indicator
        title = Text(zh=own.title, en=own.title_en)
        lines.append(
            Text(
                zh=f"与组内平均相比失分最多的是{title.zh}（少 {fixed(worst.lost, 1)} 分）。",
                en=f"Most points against the group's mean are lost by {title.en} "
                f"({fixed(worst.lost, 1)}).",
            )
        )
    return lines


def ways(evaluated: Evaluated, found: Ways) -> list[Text]:
    """What would lift an enterprise by one grade, and what is held."""
    if found.target is None:
        return [Text(zh="已是最优等次。", en="It has the best grade already.")]
    if found.blocked is not None:
        limit = next(one for one in evaluated.scheme.limits if one.id == found.blocked)
        return [
            Text(
                zh=f"等次受“{limit.says}”限制，改变各项数不能升等；该情形解除后按排名评定。",
                en=f"The grade is held by '{limit.says_en}': no number lifts it until that ends.",
            )
        ]
    if not found.singles and not found.set_:
        return [
            Text(
                zh="在可改变的幅度内没有办法升等：多因缺数，先补齐数据。",
                en="Nothing within reach lifts it: mostly because data are missing.",
            )
        ]
    target = found.target
    lines = [
        Text(
            zh=f"其他企业{_held_zh(evaluated)}不变时，以下任何一项做到即可升为 {target} 类：",
            en=f"With other enterprises{_held_en(evaluated)} held, any of these reaches "
            f"grade {target}:",
        )
    ]
    if not found.singles:
        share = f"{(found.share or 0) * 100:.2f}%"
        lines = [
            Text(
                zh=f"任何单独一项都不足以升等。其他企业{_held_zh(evaluated)}不变时，"
                f"下列 {len(found.set_)} 项同时改变 {share} 可升为 {target} 类：",
                en=f"No single change suffices. With other enterprises{_held_en(evaluated)} held, "
                f"these {len(found.set_)} together, by {share} each, reach grade {target}:",
            )
        ]
    shown = found.singles[:SHOWN] or found.set_
    for one in shown:
        told = names.change(evaluated, one)
        lines.append(Text(zh=f"· {told.zh}", en=f"· {told.en}"))
    return lines


def _held_zh(evaluated: Evaluated) -> str:
    return "、基准值和组平均分" if held.moves(evaluated.prepared) else "和基准值"


def _held_en(evaluated: Evaluated) -> str:
    return ", base values and averages" if held.moves(evaluated.prepared) else " and base values"


def reach(found: Sequence[Ways]) -> Text:
    """How many of a city could rise by one change, by several, or not at all."""
    open_ = [way for way in found if way.target is not None]
    single = sum(bool(way.singles) for way in open_)
    several = sum(bool(way.set_) for way in open_)
    blocked = sum(way.blocked is not None for way in open_)
    none = len(open_) - single - several - blocked
    return Text(
        zh=f"未到最优等次的 {len(open_):,} 家中，{single:,} 家改变一项即可升等，"
        f"{several:,} 家须几项同时改变，{blocked:,} 家受一票否决限制，"
        f"{none:,} 家在可改变的幅度内无法升等（多因缺数）。",
        en=f"Of {len(open_):,} below the best grade, {single:,} rise by one change, "
        f"{several:,} by several, {blocked:,} are held by a veto, "
        f"{none:,} by nothing within reach (mostly data are missing).",
    )


def evaluation(evaluated: Evaluated, seen: Effects | None, *, simulated: bool) -> list[Text]:
    """What was evaluated, what is assumed in it, and how many could rise."""
    scheme = evaluated.scheme
    lines = [SIMULATED] if simulated else []
    if scheme.model:
        lines.append(
            Text(
                zh="样本方案，点名才试算，不作为本市评价结果。",
                en="A model scheme, tried because it was named: no result of this city.",
            )
        )
    lines += assumed(scheme)
    if seen is not None:
        lines.append(reach(seen.ways))
    return lines


def assumed(scheme: Scheme) -> list[Text]:
    """What a scheme takes for granted, in one line; none where it assumes nothing."""
    made = scheme.assumptions
    if not made:
        return []
    return [
        Text(
            zh=f"方案中 {len(made)} 处为设定：" + "；".join(made),
            en=f"{len(made)} points of the scheme are assumed: " + "; ".join(made),
        )
    ]


def compared(moves: Moves, *, simulated: bool, changes: Sequence[str] = ()) -> list[Text]:
    """Two results in a sentence or two."""
    mark = [SIMULATED] if simulated else []
    made = "；".join(changes)
    lines = [Text(zh=f"改动：{made}", en=f"changed: {made}")] if changes else []
    return [*mark, *lines, moved(moves)]


def enterprise(evaluated: Evaluated, one: Enterprise, *, simulated: bool) -> list[Text]:
    """One enterprise: where it stands, what would lift it, how sure its grade is."""
    lines = [SIMULATED] if simulated else []
    lines += standing(evaluated, one.row, one.why)
    if one.ways is not None:
        lines += ways(evaluated, one.ways)
    if one.sure is not None:
        kept = fixed(100 * one.sure["kept"], 1)
        lines.append(
            Text(
                zh=f"按方案写明的数据误差推演，等次不变的把握为 {kept}%"
                + ("；换一种取整方式等次会变。" if one.sure["on_rounding"] else "。"),
                en=f"With the stated errors of the data the grade stands in {kept} % of the draws"
                + ("; another rounding would change it." if one.sure["on_rounding"] else "."),
            )
        )
    return lines
