"""A diagnosis as sentences and plain tables, for a terminal to draw."""

from cityforge.brain.errors import Text
from cityforge.brain.reports.diagnosis import wording
from cityforge.brain.reports.diagnosis.content import Content
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed
from cityforge.brain.reports.tables import Row, Table

_MOST_OPEN = 8
SIMULATED = Text(zh="▲ 模拟数据", en="▲ Simulated data")


def words(found: Diagnosed) -> list[Text]:
    """Who, the level, what is assumed, and that it is no verdict."""
    zh, en = Content(found, "zh"), Content(found, "en")
    diagnosis = found.diagnosis
    told = Text(zh=diagnosis.title, en=diagnosis.title_en)
    name = found.name or found.result.answers.file
    lines = [SIMULATED] if found.simulated else []
    lines.append(Text(zh=f"{name}  {found.code}".rstrip(), en=f"{name}  {found.code}".rstrip()))
    lines.append(Text(zh=f"{told.zh}：{zh.sentence()}", en=f"{told.en}: {en.sentence()}"))
    if found.result.by_scenes is not None:
        by_score = wording.levels(diagnosis, found.result.by_score)
        by_scenes = wording.levels(diagnosis, found.result.by_scenes)
        lines.append(
            Text(
                zh=f"按得分{by_score.zh}，按关键场景{by_scenes.zh}，取较低（合成办法为本市设定）",
                en=f"by score {by_score.en}, by key scenes {by_scenes.en}; the lower counts "
                "(a rule set by the city)",
            )
        )
    differing = len(found.differing)
    if differing:
        lines.append(
            Text(
                zh=f"▲ {differing} 题的回答与城市数据不一致，请核对（见 --html 或 --json）",
                en=f"▲ {differing} answer(s) differ from the city's data: check (--html, --json)",
            )
        )
    verified = wording.VERIFIED[diagnosis.evidence.verified]
    lines.append(
        Text(
            zh=f"依据《{diagnosis.document.title}》：{verified.zh}；本结果供改进参考，不是评估结论。",
            en=f"By '{diagnosis.document.title}': {verified.en}. It helps to improve and is no "
            "assessment.",
        )
    )
    return lines


def tables(found: Diagnosed) -> list[Table]:
    """The parts, of maturity the levels, the ways to the next level, what to answer first."""
    made = [_parts(found)]
    if found.result.by_level:
        made.append(_levels(found))
    made += _ways(found)
    made += _open(found)
    return made


def _parts(found: Diagnosed) -> Table:
    zh, en = Content(found, "zh"), Content(found, "en")
    rows: list[Row] = []
    pairs = zip(zh.bars(), en.bars(), strict=True)
    shares = (leaf.share for leaf in found.result.leaves if leaf.share is not None)
    for (one, other), share in zip(pairs, shares, strict=True):
        rows.append((Text(zh=one.title, en=other.title), one.value, wording.percent(share)))
    columns = (
        Text(zh="板块", en="Part"),
        Text(zh="得分", en="score"),
        Text(zh="完成度", en="how far"),
    )
    return Table(Text(zh="各板块", en="The parts"), columns, tuple(rows))


def _levels(found: Diagnosed) -> Table:
    pairs = zip(Content(found, "zh").level_lines(), Content(found, "en").level_lines(), strict=True)
    rows: list[Row] = [
        (Text(zh=one.says, en=other.says), Text(zh=one.value, en=other.value))
        for one, other in pairs
    ]
    columns = (Text(zh="等级", en="Level"), Text(zh="得分", en="score"))
    return Table(Text(zh="各级得分", en="The levels"), columns, tuple(rows))


def _ways(found: Diagnosed) -> list[Table]:
    zh, en = Content(found, "zh"), Content(found, "en")
    columns = (
        Text(zh="做什么", en="What to do"),
        Text(zh="增加", en="gains"),
        Text(zh="估算费用", en="estimated cost"),
        Text(zh="佐证", en="proof"),
    )
    made = []
    for i, way in enumerate(found.ahead.ways):
        one, other = zh.way(i, way), en.way(i, way)
        rows: list[Row] = [
            (Text(zh=a.do, en=b.do), Text(zh=a.gain, en=b.gain), Text(zh=a.cost, en=b.cost),
             Text(zh=a.proof, en=b.proof))
            for a, b in zip(one.steps, other.steps, strict=True)
        ]  # fmt: skip
        if one.shared:
            rows.append((Text(zh=one.shared, en=other.shared), "", "", ""))
        title = Text(zh=f"{one.title}，{one.cost}", en=f"{other.title}, {other.cost}")
        made.append(Table(title, columns, tuple(rows)))
    return made


def ways_note(found: Diagnosed) -> Text:
    """Whether the ways are proved the cheapest, or why there are none."""
    return Text(zh=Content(found, "zh").ways_note(), en=Content(found, "en").ways_note())


def _open(found: Diagnosed) -> list[Table]:
    if not found.open:
        return []
    pairs = list(zip(Content(found, "zh").open(), Content(found, "en").open(), strict=True))
    rows: list[Row] = [
        (Text(zh=a.says, en=b.says), Text(zh=a.part, en=b.part), Text(zh=a.matters, en=b.matters))
        for a, b in pairs[:_MOST_OPEN]
    ]
    more = len(pairs) - len(rows)
    title = Text(zh="先补答这些", en="Answer these first")
    if more:
        title = Text(
            zh=f"先补答这些（另有 {more} 题）", en=f"Answer these first ({more} more are open)"
        )
    columns = (
        Text(zh="未答的题", en="Not answered"),
        Text(zh="板块", en="part"),
        Text(zh="关系", en="what it may settle"),
    )
    return [Table(title, columns, tuple(rows))]
