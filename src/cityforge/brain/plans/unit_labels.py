"""The labels before responsible units (责任单位：, 牵头单位：…) and the role each says."""

import re

from cityforge.brain.plans.reading import Role

_LABEL_ROLES: tuple[tuple[str, Role], ...] = (
    (
        (
            r"牵头(?:责任)?(?:单位|部门|处室|科室|市直单位)?|主办(?:单位|部门)?|主责(?:单位|"
            r"部门)|第一责任单位|主要责任(?:单位|部门)|组长单位"
        ),
        "lead",
    ),
    (
        r"(?:配合|协办|协同|参与|参加|协助|支持|协作|会办|辅助)(?:单位|部门|处室|科室)?|成员单位",
        "support",
    ),
    (
        (
            r"(?:责任|负责|落实|承办|实施|主管|工作|主体责任|联合|指导|责任主体|执行|完成|承担|"
            r"归口)(?:单位|部门|主体|地区|处室|科室)(?:及[^:]{0,8})?|责任(?:主体|分工|科室)?|分工"
        ),
        "responsible",
    ),
)


LABELS = [
    (
        re.compile(
            rf"\(?(?:各项|具体|[市县区省]级|[市县区省]直|[市县区省])?(?:{pattern})\s*(?:\)?:|"
            rf"\)|为:?)"
        ),
        role,
    )
    for pattern, role in _LABEL_ROLES
]


ANY_LABEL = "|".join(pattern for pattern, _ in _LABEL_ROLES)


UNIT_LINE = re.compile(rf"[-·●*\s]{{0,4}}\(?(?:{ANY_LABEL})\s*(?::|\):?)")


# A label that ends the list before it, even where nothing parts the two.
_WHOLE = re.compile(
    r"(?:牵头|主办|主责|配合|协办|协同|协作|参与|参加|支持|责任|联合|承办)(?:单位|部门):"
)


def label_at(folded: str, i: int, end: int, *, whole: bool = False) -> tuple[int, Role] | None:
    """The label that stands at `i`: its length and role; `whole`: only one that no name can end."""
    if whole and not _WHOLE.match(folded, i, end):
        return None
    window = folded[i : min(end, i + 24)]
    for pattern, role in LABELS:
        found = pattern.match(window)
        if found:
            return found.end(), role
    return None
