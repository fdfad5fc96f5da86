"""The cross-checks of one evaluation scheme: its expressions, indicators and scoring."""

from collections.abc import Iterable
from decimal import Decimal

from cityforge.brain.city import expressions
from cityforge.brain.city.dictionary import DISTRICT, Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.legal_use import lawful, treats
from cityforge.brain.city.scheme import Part, Scheme, SchemeIndicator
from cityforge.brain.city.scheme_grading import Extras
from cityforge.brain.city.scheme_grading_checks import check_grading
from cityforge.brain.city.scheme_scoring import BASE, DOWN, TRAITS, Base, Scoring
from cityforge.brain.city.scheme_scoring_checks import check_scoring
from cityforge.brain.city.unread import FACTS
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr import results
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind, Scope

INDICATOR = Text(zh="指标", en="indicator")
GROUP = Text(zh="分组事实", en="fact to group by")
FACT = Text(zh="事实", en="fact")


def scope_of(book: Dictionary, scheme: Scheme) -> Scope:
    """What the expressions of a scheme may name: facts of enterprises, or series of places."""
    return book.scope if scheme.subject == "enterprise" else book.place_scope


def check_scheme(city: City, book: Dictionary, scheme: Scheme) -> Iterable[Problem]:
    """Every Problem of a scheme that its shape alone does not show."""
    document = city.documents[("schemes", scheme.id)]
    found = _Checks(city, book, scheme, document)
    for path, text in _conditions(scheme):
        found.read(path, text, Kind.BOOL)
    for kind, extras in (("bonus", scheme.bonus), ("penalty", scheme.penalty)):
        if extras is not None:
            found.extras(kind, extras)
    for i, part in enumerate(scheme.parts):
        found.part(i, part)
    found.problems.extend(_names(book, scheme, document))
    found.problems.extend(check_grading(city, scheme, document))
    found.problems.extend(check_scoring(scheme, document))
    if (scheme.missing_points is None) is _penalises(scheme):
        found.say(
            ("missing",),
            Text(
                zh="missing: penalty 与 missing_points 须同时写或都不写",
                en="missing: penalty and missing_points go together",
            ),
            Text(zh="补上或删去 missing_points", en="Add or drop missing_points."),
        )
    if scheme.valid_from and scheme.valid_to and scheme.valid_to < scheme.valid_from:
        found.say(
            ("valid_to",),
            Text(zh="失效日期早于生效日期", en="valid_to is before valid_from"),
            Text(zh="改其中一个日期", en="Mend one of the two dates."),
        )
    return found.problems


def _conditions(scheme: Scheme) -> list[tuple[Path_, str]]:
    found: list[tuple[Path_, str]] = [(("population",), scheme.population)]
    found += [(("exempt", i, "when"), e.when) for i, e in enumerate(scheme.exempt)]
    found += [(("parts", i, "when"), part.when) for i, part in enumerate(scheme.parts)]
    found += [(("limits", i, "when"), limit.when) for i, limit in enumerate(scheme.limits)]
    return found


def _penalises(scheme: Scheme) -> bool:
    rules = [i.missing or scheme.missing for part in scheme.parts for i in part.indicators]
    return "penalty" in [*rules, scheme.missing]


class _Checks:
    """The Problems of one scheme, gathered."""

    def __init__(self, city: City, book: Dictionary, scheme: Scheme, document: Document) -> None:
        self.city, self.book, self.scheme, self.document = city, book, scheme, document
        self.scope = scope_of(book, scheme)
        self.problems: list[Problem] = []

    def say(self, path: Path_, what: Text, hint: Text, *, at_key: bool = False) -> None:
        self.problems.append(self.document.problem(path, what, hint, at_key=at_key))

    def read(self, path: Path_, text: str, expect: Kind) -> Typed | None:
        """An expression, lawful for a decision about one enterprise."""
        typed = expressions.read_expression(
            text,
            self.scope,
            self.document,
            path,
            self.problems,
            self.book.unread,
            expect=expect,
        )
        if self.scheme.subject == "enterprise":
            self.problems.extend(lawful(self.city, self.book, self.document, path, typed))
        return typed

    def measured(self, path: Path_, text: str, measure: str | None, at: Path_) -> Typed | None:
        """A number that must come in a unit like the indicator's."""
        typed = self.read(path, text, Kind.DOUBLE)
        expected = expressions.read_unit(measure, self.document, at, self.problems)
        if typed and expected and not typed.type.unit.is_like(expected):
            self.problems.append(expressions.wrong_unit(typed, expected, self.document, at))
        return typed

    def extras(self, kind: str, extras: Extras) -> None:
        seen: set[str] = set()
        for i, item in enumerate(extras.items):
            path: Path_ = (kind, "items", i)
            self.once(item.id, seen, (*path, "id"), "项目")
            self.read((*path, "when"), item.when, Kind.BOOL)
            if item.expr:
                self.measured((*path, "expr"), item.expr, None, (*path, "expr"))

    def once(self, name: str, seen: set[str], path: Path_, noun: str) -> None:
        if name in seen:
            self.say(
                path,
                Text(zh=f"{noun}“{name}”重复", en=f"'{name}' stands twice"),
                Text(zh="改标识，或删去其中一个", en="Change the id, or drop one of them."),
            )
        seen.add(name)

    def part(self, i: int, part: Part) -> None:
        total = sum((indicator.weight for indicator in part.indicators), Decimal(0))
        if total != self.scheme.weights_sum:
            self.say(
                ("parts", i, "indicators"),
                Text(
                    zh=f"“{part.title}”的权重合计 {total}，应为 {self.scheme.weights_sum}",
                    en=f"weights of '{part.id}' sum to {total}, not {self.scheme.weights_sum}",
                ),
                Text(
                    zh="调整权重，或写明 weights_sum", en="Mend the weights, or state weights_sum."
                ),
                at_key=True,
            )
        seen: set[str] = set()
        for j, indicator in enumerate(part.indicators):
            path: Path_ = ("parts", i, "indicators", j)
            self.once(indicator.id, seen, (*path, "id"), "指标")
            self.indicator(path, indicator)
            if (
                self.scheme.scoring_of(indicator).function == "rank_only"
                and len(part.indicators) > 1
            ):
                self.say(
                    path,
                    Text(
                        zh="rank_only 只能是该部分唯一的指标",
                        en="rank_only must be the only indicator of its part",
                    ),
                    Text(zh="换用 weighted_rank_percentile", en="Use weighted_rank_percentile."),
                )

    def indicator(self, path: Path_, indicator: SchemeIndicator) -> None:
        where: Path_ = (*path, "expr")
        typed = self.measured(where, indicator.expr, indicator.unit, (*path, "unit"))
        scoring = self.scheme.scoring_of(indicator)
        at: Path_ = (*path, "scoring") if indicator.scoring else ("scoring",)
        traits = TRAITS[scoring.function]
        if indicator.direction not in traits.directions:
            other = "越大越好" if indicator.direction == DOWN else "越小越好"
            other_en = "more" if indicator.direction == DOWN else "less"
            self.say(
                (*path, "direction"),
                Text(
                    zh=f"{scoring.function} 只适用于{other}的指标",
                    en=f"{scoring.function} is for indicators where {other_en} is better",
                ),
                Text(
                    zh="把表达式倒过来，或换计分函数",
                    en="Turn the ratio round, or score otherwise.",
                ),
            )
        self.scoring(at, indicator, scoring)
        rules: list[tuple[Path_, Base | None, str]] = [
            (
                (*path, "base") if indicator.base else ("base",),
                self.scheme.base_of(indicator),
                BASE,
            ),
            ((*path, "low"), indicator.low, "low"),
            ((*path, "high"), indicator.high, "high"),
        ]
        for rule_path, rule, slot in rules:
            if slot in traits.needs:
                self.rule(rule_path, path, rule, slot, indicator, typed)
        if BASE not in traits.needs and (indicator.bases or indicator.base):
            self.say(
                (*path, "base" if indicator.base else "bases"),
                Text(
                    zh=f"{scoring.function} 不用基准值",
                    en=f"{scoring.function} uses no base value",
                ),
                Text(zh="删去基准值，或换计分函数", en="Drop it, or score otherwise."),
            )

    def scoring(self, at: Path_, indicator: SchemeIndicator, scoring: Scoring) -> None:
        """Settings that belong to another function, or are lacking."""
        settings = {
            "start": scoring.start is not None,
            "step": scoring.step is not None,
            "steps": bool(scoring.steps),
        }
        wanted = TRAITS[scoring.function].settings
        for name, given in settings.items():
            if given and name not in wanted:
                self.say(
                    (*at, name),
                    Text(
                        zh=f"{scoring.function} 不用 {name}", en=f"{scoring.function} has no {name}"
                    ),
                    Text(zh=f"删去 {name}", en=f"Drop {name}."),
                )
        if scoring.function == "ratio_capped" and scoring.cap is None:
            self.say(
                at,
                Text(zh="ratio_capped 须写明 cap", en="ratio_capped needs a cap"),
                Text(zh="补上 cap，如 1.5", en="Add cap, such as 1.5."),
            )
        if "steps" not in wanted:
            return
        is_down = indicator.direction == DOWN
        limits = [step.at for step in scoring.steps]
        if not limits or limits != sorted(set(limits), reverse=not is_down):
            self.say(
                (*at, "steps") if limits else at,
                Text(
                    zh="steps 须从最好的一档写起，各档不同",
                    en="steps run from the best on, all different",
                ),
                Text(zh="按从好到差排列", en="Sort them from best to worst."),
            )
        for i, step in enumerate(scoring.steps):
            if step.points > indicator.weight:
                self.say(
                    (*at, "steps", i),
                    Text(
                        zh=f"“{indicator.title}”一档 {step.points} 分，超过权重 {indicator.weight}",
                        en=f"a step of {step.points} points is above the weight {indicator.weight}",
                    ),
                    Text(zh="改分值或权重", en="Mend the points or the weight."),
                )

    def rule(
        self,
        path: Path_,
        at: Path_,
        rule: Base | None,
        slot: str,
        indicator: SchemeIndicator,
        typed: Typed | None,
    ) -> None:
        """How one value comes about that the indicator is held against."""
        if rule is None:
            if slot == BASE:
                self.say(
                    at,
                    Text(
                        zh=f"指标“{indicator.id}”没有基准值",
                        en=f"'{indicator.id}' has no base value",
                    ),
                    Text(zh="写上 base 或方案的 base", en="Add base here or to the scheme."),
                )
            return
        if rule.method == "fixed" and not rule.values and not (slot == BASE and indicator.bases):
            self.say(
                at if slot == BASE else path,
                Text(
                    zh=f"指标“{indicator.id}”没有基准值", en=f"'{indicator.id}' has no base value"
                ),
                Text(zh="写上 bases，或改 base.method", en="Add bases, or change base.method."),
            )
        if rule.expr or rule.parameter:
            text = rule.expr or f"p.{rule.parameter}"
            here: Path_ = (*path, "expr" if rule.expr else "parameter")
            self.measured(here, text, indicator.unit, here)
        if typed and rule.over == "mean" and rule.mean == "of_sums" and not results.ratio(typed):
            self.say(
                (*at, "expr"),
                Text(
                    zh="按合计求平均时，指标须为 分子 / 分母",
                    en="a mean of sums needs an indicator of the form a / b",
                ),
                Text(zh="改为比值，或用 mean: of_ratios", en="Or state mean: of_ratios."),
            )


def _names(book: Dictionary, scheme: Scheme, document: Document) -> Iterable[Problem]:
    symbols = scope_of(book, scheme).facts
    texts = [n for n, s in symbols.items() if s.type.kind in (Kind.TEXT, Kind.BOOL)]
    if scheme.subject != "enterprise":
        texts.append(DISTRICT)
    groups: list[tuple[Path_, str]] = [(("groups", i), n) for i, n in enumerate(scheme.groups)]
    for path, rule in _rules(scheme):
        groups += [((*path, "within", i), name) for i, name in enumerate(rule.within)]
    for path, name in groups:
        if name in texts:
            if name in book.facts and scheme.subject == "enterprise":
                yield from treats(book, document, path, name)
        elif not book.unread.may_hold(name, FACTS):
            yield expressions.unknown(document, path, name, texts, GROUP)
    known = {indicator.id for part in scheme.parts for indicator in part.indicators}
    for i, name in enumerate(scheme.ties):
        if name not in known:
            yield expressions.unknown(document, ("ties", i), name, known, INDICATOR)
    numbers = [n for n, s in symbols.items() if s.type.is_number]
    named = [(("errors", i, "fact"), one.fact) for i, one in enumerate(scheme.errors)]
    named += [(("levers", i, "fact"), one.fact) for i, one in enumerate(scheme.levers)]
    for path, name in named:
        if name not in numbers and not book.unread.may_hold(name, FACTS):
            yield expressions.unknown(document, path, name, numbers, FACT)


def _rules(scheme: Scheme) -> Iterable[tuple[Path_, Base]]:
    if scheme.base:
        yield ("base",), scheme.base
    for i, part in enumerate(scheme.parts):
        for j, indicator in enumerate(part.indicators):
            for slot in ("base", "low", "high"):
                rule = getattr(indicator, slot)
                if rule is not None:
                    yield ("parts", i, "indicators", j, slot), rule
