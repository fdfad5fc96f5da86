"""The cross-checks of settings that would act otherwise than their reader thinks, or not at all."""

from collections.abc import Iterable
from decimal import Decimal

from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.scheme import Scheme, SchemeIndicator
from cityforge.brain.city.scheme_scoring import DOWN, HIGH, LOW, TRAITS, Base, Scoring
from cityforge.brain.errors import Problem, Text


def check_scoring(scheme: Scheme, document: Document) -> Iterable[Problem]:
    """Every Problem of how values are held against others."""
    if scheme.base:
        yield from _factor(("base",), scheme.base, document)
    for i, part in enumerate(scheme.parts):
        for j, indicator in enumerate(part.indicators):
            path: Path_ = ("parts", i, "indicators", j)
            scoring = scheme.scoring_of(indicator)
            for slot in ("base", LOW, HIGH):
                rule = getattr(indicator, slot)
                if rule is not None:
                    yield from _factor((*path, slot), rule, document)
            yield from _ends(path, indicator, scoring, document)
            yield from _bounds(path, indicator, scoring, document)
            gap = indicator.missing or scheme.missing
            if scoring.function == "rank_only" and indicator.direction == DOWN and gap == "zero":
                yield document.problem(
                    path,
                    Text(
                        zh=f"“{indicator.title}”越小越好且只排序：缺数按 0 会排到最前",
                        en=f"'{indicator.id}' ranks less as better: a gap at zero comes first",
                    ),
                    Text(
                        zh="改用 missing: group_average_score 或 penalty",
                        en="Use missing: group_average_score or penalty.",
                    ),
                )


def _factor(path: Path_, rule: Base, document: Document) -> Iterable[Problem]:
    if rule.over is None and rule.factor != 1:
        yield document.problem(
            (*path, "factor"),
            Text(
                zh=f"method: {rule.method} 不乘 factor",
                en=f"method: {rule.method} takes no factor",
            ),
            Text(zh="删去 factor，把倍数写进数值", en="Drop it and state the product."),
        )


def _ends(
    path: Path_, indicator: SchemeIndicator, scoring: Scoring, document: Document
) -> Iterable[Problem]:
    """The lowest and the highest value: asked for, there, and the right way round."""
    name, needs = scoring.function, TRAITS[scoring.function].needs
    for slot in (LOW, HIGH):
        if slot not in needs and getattr(indicator, slot) is not None:
            yield document.problem(
                (*path, slot),
                Text(zh=f"{name} 不用 {slot}", en=f"{name} has no {slot}"),
                Text(zh=f"删去 {slot}，或换计分函数", en=f"Drop {slot}, or score otherwise."),
            )
    if name == "growth_completion" and indicator.low is None:
        yield document.problem(
            path,
            Text(
                zh=f"“{indicator.title}”没有起始值 low",
                en=f"'{indicator.id}' has no starting value low",
            ),
            Text(zh="补上 low：增长从哪里算起", en="Add low: where the growth starts."),
        )
    low, high = _newest(indicator.low), _newest(indicator.high)
    if LOW not in needs or HIGH not in needs or low is None or high is None:
        return
    is_turned = name == "efficacy_coefficient" and indicator.direction == DOWN
    if (low <= high) if is_turned else (low >= high):
        wanted = ("高于", "above") if is_turned else ("低于", "below")
        yield document.problem(
            (*path, LOW),
            Text(
                zh=f"“{indicator.title}”的 low {low} 须{wanted[0]} high {high}",
                en=f"low {low} of '{indicator.id}' must be {wanted[1]} high {high}",
            ),
            Text(zh="对调两值，或改 direction", en="Change them over, or the direction."),
        )


def _newest(rule: Base | None) -> Decimal | None:
    if rule is None or rule.method != "fixed" or not rule.values:
        return None
    return max(rule.values, key=lambda value: value.year).value


def _bounds(
    path: Path_, indicator: SchemeIndicator, scoring: Scoring, document: Document
) -> Iterable[Problem]:
    floor, cap = scoring.floor, scoring.cap
    if floor is not None and cap is not None and floor > cap * indicator.weight:
        yield document.problem(
            (*path, "scoring", "floor") if indicator.scoring else ("scoring", "floor"),
            Text(
                zh=f"“{indicator.title}”的下限 {floor} 分高于上限 {cap * indicator.weight} 分",
                en=f"the floor {floor} of '{indicator.id}' is above its cap, "
                f"{cap * indicator.weight}",
            ),
            Text(zh="改 floor 或 cap", en="Mend floor or cap."),
        )
