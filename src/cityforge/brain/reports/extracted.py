"""What was read out of free text, counted, as plain tables for a terminal."""

from collections.abc import Mapping

from cityforge.brain.errors import Text
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.tables import Row, Table

PLACE = {
    "by_address": Text(zh="由住所认出", en="told by the address"),
    "by_name": Text(zh="由名称认出", en="told by the name"),
    "guessed": Text(zh="推测（另计）", en="guessed (counted apart)"),
    "elsewhere": Text(zh="在外地", en="elsewhere"),
    "untold": Text(zh="认不出", en="not told"),
}
CAPITAL = {
    "read": Text(zh="读出", en="read"),
    "missing": Text(zh="未填", en="missing"),
    "refused": Text(zh="读不懂", en="not readable"),
    "foreign": Text(zh="读出中：外币，不折算", en="of those read: foreign, not converted"),
    "currency_assumed": Text(zh="读出中：未写币种，按人民币", en="of those read: 人民币 assumed"),
    "zero_stated": Text(zh="读出中：写明为 0", en="of those read: a zero stated"),
    "implausible": Text(zh="读出中：大得可疑", en="of those read: implausibly large"),
}
INDUSTRY = {
    "high": Text(zh="把握 80% 以上", en="confidence 80 % or more"),
    "middle": Text(zh="把握 50%—80%", en="confidence 50 % to 80 %"),
    "low": Text(zh="把握不到 50%", en="confidence below 50 %"),
    "none": Text(zh="推断不出", en="not inferred"),
}
_PARTS = (
    ("place", Text(zh="区县和乡镇", en="District and township"), PLACE),
    ("capital", Text(zh="注册资本", en="Registered capital"), CAPITAL),
    ("industry", Text(zh="行业大类（推断）", en="Division of industry (inferred)"), INDUSTRY),
)


def tables(counts: Mapping[tuple[str, str], int], *, rows: int) -> list[Table]:
    """One table each for place, capital and industry, with shares of all rows.

    counts   by part ("place", "capital", "industry") and line; a part without counts is left out
    """
    parts = {part for part, _ in counts}
    return [
        Table(
            title,
            (Text(zh="情况", en="what"), Text(zh="行", en="rows"), Text(zh="占比", en="share")),
            tuple(_row(words, counts.get((part, line), 0), rows) for line, words in lines.items()),
        )
        for part, title, lines in _PARTS
        if part in parts
    ]


def _row(words: Text, count: int, rows: int) -> Row:
    return (words, fixed(count, 0), f"{count / rows:.2%}" if rows else "—")
