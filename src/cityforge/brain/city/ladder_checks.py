"""Cross-checks of a ladder: what it names exists, its clauses are those of its policies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cityforge.brain.city import expressions
from cityforge.brain.city.clause import Clause
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.ladder import Ladder, Line, Rung, ScoreTable
from cityforge.brain.city.legal_use import lawful, treats
from cityforge.brain.city.unread import FACTS, Unread
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr.typed import Op, walk
from cityforge.brain.expr.types import Kind, Scope
from cityforge.brain.values.quantity import Unit, unit

_NOTHING = Scope({}, {}, {})
_POINTS, _SHARE = unit("分"), unit("%")
_MEND = Text(zh="改其中之一", en="Mend one of the two.")
_WORDS = {
    "register": Text(zh="名录", en="register"),
    "fact": Text(zh="事实", en="fact"),
    "policy": Text(zh="政策", en="policy"),
    "rung": Text(zh="级", en="rung"),
    "clause": Text(zh="条件", en="clause"),
    "target": Text(zh="目标", en="target"),
    "stage": Text(zh="阶段", en="stage"),
}
_FILES = {"fact": FACTS, "target": "plan.yaml"}


def check_ladder(city: City, book: Dictionary, ladder: Ladder) -> Iterable[Problem]:
    """Every Problem of a ladder that its shape alone does not show."""
    return _Ladder(city, book, city.documents[("ladders", ladder.id)], ladder).problems()


def clauses(conditions: Clause) -> Iterator[Clause]:
    """The clauses of a version that must all hold: those that a rung may name."""
    if conditions.all is None:
        yield conditions
        return
    for part in conditions.all:
        yield from clauses(part)


@dataclass
class _Ladder:
    city: City
    book: Dictionary
    document: Document
    ladder: Ladder
    found: list[Problem] = field(default_factory=list)

    def problems(self) -> list[Problem]:
        rungs = [(i, j, rung) for i, line in enumerate(self.ladder.lines)
                 for j, rung in enumerate(line.rungs)]  # fmt: skip
        self._doubles([(("lines", i, "id"), line.id) for i, line in enumerate(self.ladder.lines)])
        self._doubles([(("lines", i, "rungs", j, "id"), rung.id) for i, j, rung in rungs])
        names = [rung.id for _, _, rung in rungs]
        for i, line in enumerate(self.ladder.lines):
            self._line(line, ("lines", i))
        for i, j, rung in rungs:
            path: Path_ = ("lines", i, "rungs", j)
            for k, name in enumerate(rung.from_):
                self._named((*path, "from", k), name, names, "rung")
            self._rung(rung, path)
        self._circles(rungs)
        self._literal(("trend", "most"), self.ladder.trend.most, _SHARE)
        self._literal(("near",), self.ladder.near, _SHARE)
        targets = [target.id for target in self.city.plan.targets] if self.city.plan else []
        for i, aim in enumerate(self.ladder.aims):
            self._named(("aims", i, "target"), aim.target, targets, "target")
            for k, name in enumerate(aim.rungs):
                self._named(("aims", i, "rungs", k), name, names, "rung")
        return self.found

    def _line(self, line: Line, path: Path_) -> None:
        if line.applies is not None:
            where = (*path, "applies")
            typed = expressions.read_expression(
                line.applies, self.book.scope, self.document, where, self.found,
                self.book.unread, expect=Kind.BOOL,
            )  # fmt: skip
            self.found.extend(lawful(self.city, self.book, self.document, where, typed))
        if line.stage is None or not self._fact((*path, "stage"), line.stage, Kind.TEXT):
            return
        known = self.book.facts[line.stage].values
        for j, rung in enumerate(line.rungs):
            for k, value in enumerate(rung.stages):
                self._named((*path, "rungs", j, "stages", k), value, known, "stage")

    def _rung(self, rung: Rung, path: Path_) -> None:
        if rung.register_ is not None:
            self._named((*path, "register"), rung.register_, self.city.registers, "register")
        if rung.fact is not None:
            self._fact((*path, "fact"), rung.fact, Kind.BOOL)
        if rung.policy is not None:
            self._named((*path, "policy"), rung.policy, self.city.policies, "policy")
        policy = self.city.policies.get(rung.policy or "")
        versions = policy.versions if policy is not None else []
        known = {clause.id for version in versions for clause in clauses(version.conditions)}
        listed = [(key, i, name) for key in ("scope", "manual", "awaited")
                  for i, name in enumerate(getattr(rung, key))]  # fmt: skip
        seen: set[str] = set()
        for key, i, name in listed:
            where = (*path, key, i)
            if policy is not None:
                self._named(where, name, [one for one in known if one], "clause")
            if name in seen:
                self._say(where, f"“{name}”已列在另一处", f"'{name}' is listed twice", _MEND)
            seen.add(name)
        if rung.renewal is not None and policy is not None:
            for i, name in enumerate(rung.renewal.skips):
                where = (*path, "renewal", "skips", i)
                self._named(where, name, [one for one in known if one], "clause")
            starts = {version.from_ for version in versions}
            for i, rule in enumerate(rung.renewal.follows):
                if rule.version not in starts:
                    dates = "、".join(sorted(day.isoformat() for day in starts))
                    self._say(
                        (*path, "renewal", "follows", i, "version"),
                        f"政策没有 {rule.version} 起施行的版本",
                        f"the policy has no version from {rule.version}",
                        Text(zh=f"可用：{dates}", en=f"It has: {dates}."),
                    )
        if rung.near is not None:
            self._literal((*path, "near"), rung.near, _SHARE)
        for i, table in enumerate(rung.scores):
            self._score(table, (*path, "scores", i))

    def _score(self, table: ScoreTable, path: Path_) -> None:
        self._literal((*path, "pass"), table.pass_, _POINTS)
        if table.most is not None:
            self._literal((*path, "most"), table.most, _POINTS)
        for i, part in enumerate(table.parts):
            where = (*path, "parts", i)
            self._literal((*where, "most"), part.most, _POINTS)
            if part.least is not None:
                self._literal((*where, "least"), part.least, _POINTS)
            for key in ("fact", "low", "high"):
                name = getattr(part, key)
                if name is None or not self._fact((*where, key), name, None):
                    continue
                type_ = self.book.facts[name].type
                if not type_.is_number or not type_.unit.is_like(_POINTS):
                    self._say(
                        (*where, key),
                        f"“{name}”不是分数",
                        f"'{name}' gives no points",
                        Text(zh="用单位为“分”的事实", en="Name a fact in 分."),
                    )

    def _circles(self, rungs: list[tuple[int, int, Rung]]) -> None:
        """No rung may come from itself, over whatever others."""
        below = {rung.id: rung.from_ for _, _, rung in rungs}
        for i, j, rung in rungs:
            seen: set[str] = set()
            waiting = list(rung.from_)
            while waiting:
                name = waiting.pop()
                if name not in seen:
                    seen.add(name)
                    waiting.extend(below.get(name, ()))
            if rung.id in seen:
                self._say(
                    ("lines", i, "rungs", j, "from"),
                    f"“{rung.id}”要求先取得它自己",
                    f"'{rung.id}' comes from itself",
                    Text(zh="去掉循环", en="Break the circle."),
                )

    def _fact(self, path: Path_, name: str, kind: Kind | None) -> bool:
        self._named(path, name, self.book.facts, "fact")
        fact = self.book.facts.get(name)
        if fact is None:
            return False
        self.found.extend(treats(self.book, self.document, path, name))
        if kind is not None and fact.type.kind is not kind:
            wanted = {Kind.BOOL: ("是否", "yes or no"), Kind.TEXT: ("文字", "text")}[kind]
            self._say(
                path,
                f"“{name}”不是{wanted[0]}事实",
                f"'{name}' is no fact of {wanted[1]}",
                Text(zh="换一个事实", en="Name another fact."),
            )
            return False
        return True

    def _named(self, path: Path_, name: str, known: Iterable[str], what: str) -> None:
        if name not in (names := list(known)) and not self.city.unread.may_hold(
            name, _FILES.get(what, "")
        ):
            self.found.append(expressions.unknown(self.document, path, name, names, _WORDS[what]))

    def _literal(self, path: Path_, text: str, measure: Unit) -> None:
        typed = expressions.read_expression(
            text, _NOTHING, self.document, path, self.found, Unread()
        )
        if typed is None:
            return
        if any(part.op not in (Op.LITERAL, Op.NEGATE) for part in walk(typed)):
            self._say(
                path,
                f"“{text}”不是字面量",
                f"'{text}' is no literal",
                Text(zh="写成 60分、50% 这样的数", en="Write a number such as 60分 or 50%."),
            )
        elif not typed.type.unit.is_like(measure):
            self.found.append(expressions.wrong_unit(typed, measure, self.document, path))

    def _doubles(self, entries: list[tuple[Path_, str]]) -> None:
        seen: dict[str, Path_] = {}
        for path, name in entries:
            if name in seen:
                line = self.document.spot(seen[name]).line
                hint = Text(zh=f"第 {line} 行已有", en=f"It is on line {line} already.")
                self._say(path, f"“{name}”重复", f"'{name}' stands twice", hint)
            seen.setdefault(name, path)

    def _say(self, path: Path_, zh: str, en: str, hint: Text) -> None:
        self.found.append(self.document.problem(path, Text(zh=zh, en=en), hint))
