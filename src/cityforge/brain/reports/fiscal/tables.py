"""The figures of a fiscal simulation as plain tables."""

from collections.abc import Iterable, Iterator

from cityforge.brain.errors import Text
from cityforge.brain.policies.fiscal.comparison import Affected, Change, Comparison
from cityforge.brain.policies.fiscal.simulation import Group, Simulation, Sums
from cityforge.brain.policies.fiscal.sweep import Sweep
from cityforge.brain.policies.fiscal.together import Together
from cityforge.brain.reports.fiscal.fiscal import Fiscal
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.money import UNIT, figure, signed
from cityforge.brain.reports.policy_words import LEVELS, term
from cityforge.brain.reports.tables import Row, Table

CHANGES: dict[Change, Text] = {
    "in": Text(zh="新增", en="come in"),
    "out": Text(zh="退出", en="fall out"),
    "more": Text(zh="增加", en="more"),
    "less": Text(zh="减少", en="less"),
    "same": Text(zh="不变", en="the same"),
    "unpriced": Text(zh="金额未知", en="amount not known"),
}
_GROUPS = {
    "district": Text(zh="市（区）", en="District"),
    "industry": Text(zh="行业", en="Industry"),
    "size": Text(zh="规模", en="Size"),
}
_COUNTS = (
    Text(zh="符合", en="entitled"),
    Text(zh="暂不符合", en="not yet"),
    Text(zh="信息不足", en="lack facts"),
)
_SUPPORT = Text(zh="奖补等", en="awards and others")
_TAX = Text(zh="税收优惠", en="tax relief")
_ENTERPRISE = Text(zh="企业", en="Enterprise")
_DIFFERENCE = Text(zh=f"差额（{UNIT.zh}）", en=f"difference ({UNIT.en})")
_MOST_GROUPS = 20
_SUMMED = tuple(Sums.__dataclass_fields__)
_NOBODY = Sums(**dict.fromkeys(_SUMMED, 0))


def of_policy(found: Fiscal) -> list[Table]:
    """Every table of the answer; groups without anybody who could be paid are summed up."""
    simulated = found.simulation
    tables = [_grouped(simulated, name) for name in simulated.groups]
    if simulated.spread is not None:
        tables.append(_spread(simulated))
    if len(simulated.years) > 1:
        tables.append(_years(simulated))
    if found.comparison is not None:
        tables += _compared(found.comparison)
    if found.sweep is not None:
        tables.append(swept(found.sweep))
    return tables


def of_city(found: Together) -> list[Table]:
    """By policy, district, industry and size: claimed item by item, and paid by the best sets."""
    rows: list[Row] = [
        (
            Text(zh=share.prepared.policy.title, en=share.prepared.policy.title_en),
            fixed(share.eligible, 0),
            figure(share.claimed),
            fixed(share.chosen, 0),
            figure(share.paid),
        )
        for share in found.policies
    ]
    columns = (
        Text(zh="政策", en="Policy"),
        Text(zh="符合", en="entitled"),
        Text(zh=f"逐项（{UNIT.zh}）", en=f"item by item ({UNIT.en})"),
        Text(zh="列入最优组合", en="in the best set"),
        Text(zh=f"最优（{UNIT.zh}）", en=f"best ({UNIT.en})"),
    )
    tables = [_levels(found), Table(Text(zh="各项政策", en="By policy"), columns, tuple(rows))]
    for name, parts in found.groups.items():
        lines: list[Row] = [
            (part.title, fixed(part.enterprises, 0), figure(part.claimed), figure(part.paid))
            for part in parts
            if part.enterprises
        ]
        title = _GROUPS[name]
        heads = (title, Text(zh="企业数", en="enterprises"), columns[2], columns[4])
        tables.append(Table(Text(zh=f"按{title.zh}", en=f"By {title.en}"), heads, tuple(lines)))
    return tables


def _levels(found: Together) -> Table:
    """By the level of the policy, tax relief apart: it is no spending of the city."""
    rows: list[Row] = []
    for level, title in LEVELS.items():
        for is_tax in (False, True):
            own = [
                share
                for share in found.policies
                if share.prepared.policy.level == level
                and (share.prepared.version.benefit.kind == "tax") is is_tax
            ]
            if not own:
                continue
            kind = _TAX if is_tax else _SUPPORT
            rows.append(
                (
                    Text(zh=f"{title.zh}·{kind.zh}", en=f"{title.en}, {kind.en}"),
                    fixed(len(own), 0),
                    figure(sum(share.claimed for share in own)),
                    figure(sum(share.paid for share in own)),
                )
            )
    columns = (
        Text(zh="层级", en="Level"),
        Text(zh="政策数", en="policies"),
        Text(zh=f"逐项（{UNIT.zh}）", en=f"item by item ({UNIT.en})"),
        Text(zh=f"最优（{UNIT.zh}）", en=f"best ({UNIT.en})"),
    )
    return Table(Text(zh="按层级", en="By level"), columns, tuple(rows))


def swept(found: Sweep) -> Table:
    """One row a value; the present value is marked."""
    rows: list[Row] = []
    for point in found.points:
        mark = Text(zh=f"{point.value} ●", en=f"{point.value} ●")
        rows.append(
            (
                mark if point.value == found.stands else point.value,
                *_sums(point.sums),
                "—" if point.entered is None else fixed(point.entered, 0),
                "—" if point.left is None else fixed(point.left, 0),
                signed(point.difference),
            )
        )
    columns = (
        term(found.prepared.version, found.term),
        *_COUNTS,
        *_money(),
        Text(zh="比上一值新增", en="come in"),
        Text(zh="比上一值退出", en="fall out"),
        Text(zh=f"比现行（{UNIT.zh}）", en=f"against present ({UNIT.en})"),
    )
    return Table(Text(zh="逐值测算（● 为现行值）", en="Sweep (● present)"), columns, tuple(rows))


def _money() -> tuple[Text, Text]:
    return (
        Text(zh=f"金额（{UNIT.zh}）", en=f"amount ({UNIT.en})"),
        Text(zh=f"最高（{UNIT.zh}）", en=f"at most ({UNIT.en})"),
    )


def _sums(sums: Sums) -> tuple[str | Text, ...]:
    counts = (fixed(n, 0) for n in (sums.eligible, sums.not_yet, sums.unknown))
    return (*counts, figure(sums.low), figure(sums.high))


def _grouped(found: Simulation, name: str) -> Table:
    title = _GROUPS[name]
    groups = _ordered(found.groups[name], name)
    rows: list[Row] = [(group.title, *_sums(group.sums)) for group in groups]
    rows.append((Text(zh="合计", en="total"), *_sums(found.sums)))
    columns = (title, *_COUNTS, *_money())
    return Table(Text(zh=f"按{title.zh}", en=f"By {title.en}"), columns, tuple(rows))


def _ordered(groups: Iterable[Group], name: str) -> list[Group]:
    """Districts and sizes in their order, many industries by money; summed up in the last line:
    industries beyond the first, and groups in which nobody could be paid."""
    known = [group for group in groups if group.sums != _NOBODY]
    shown = [group for group in known if group.sums.eligible or group.sums.unknown]
    if name == "industry" and len(shown) > _MOST_GROUPS:
        order = sorted(shown, key=lambda group: (-group.sums.total, -group.sums.eligible))
        shown = order[:_MOST_GROUPS]
    others = [group for group in known if group not in shown]
    return [*shown, _rest(others, name)] if len(others) > 1 else [*shown, *others]


def _rest(groups: list[Group], name: str) -> Group:
    sums = Sums(**{one: sum(getattr(group.sums, one) for group in groups) for one in _SUMMED})
    of = _GROUPS[name].zh if name == "district" else ""
    count = f"{len(groups)} {'个' if of else '类'}{of}"
    return Group(None, Text(zh=f"其余 {count}", en=f"{len(groups)} others"), sums)


def _spread(found: Simulation) -> Table:
    spread = found.spread
    assert spread is not None
    rows: list[Row] = [
        (Text(zh="最少", en="smallest"), figure(spread.smallest)),
        (Text(zh="中位数", en="median"), figure(spread.median)),
        (Text(zh="最多", en="largest"), figure(spread.largest)),
        (Text(zh="前十家合计", en="ten largest together"), figure(spread.top_ten)),
        (Text(zh="前十家占比", en="share of the ten"), f"{float(spread.top_ten_share):.1%}"),
        (Text(zh="前一成合计", en="largest tenth together"), figure(spread.top_tenth)),
    ]
    columns = (Text(zh="每家金额", en="amount each"), UNIT)
    title = Text(zh=f"金额分布（{spread.count:,} 家）", en=f"How the money lies ({spread.count:,})")
    return Table(title, columns, tuple(rows))


def _years(found: Simulation) -> Table:
    rows: list[Row] = [
        (str(year.year), figure(year.due), figure(year.budget), figure(year.paid))
        for year in found.years
    ]
    columns = (
        Text(zh="年份", en="Year"),
        Text(zh=f"应付（{UNIT.zh}）", en=f"due ({UNIT.en})"),
        Text(zh=f"预算（{UNIT.zh}）", en=f"budget ({UNIT.en})"),
        Text(zh=f"实付（{UNIT.zh}）", en=f"paid ({UNIT.en})"),
    )
    return Table(Text(zh="分年支付", en="By year"), columns, tuple(rows))


def _compared(found: Comparison) -> Iterator[Table]:
    rows: list[Row] = [
        (CHANGES[one.change], fixed(one.count, 0), figure(one.before), figure(one.after),
         signed(one.difference))
        for one in found.changes
    ]  # fmt: skip
    columns = (
        Text(zh="变化", en="Change"),
        Text(zh="企业数", en="enterprises"),
        Text(zh=f"现行（{UNIT.zh}）", en=f"present ({UNIT.en})"),
        Text(zh=f"改后（{UNIT.zh}）", en=f"changed ({UNIT.en})"),
        _DIFFERENCE,
    )
    yield Table(Text(zh="谁增谁减", en="Who gains, who loses"), columns, tuple(rows))
    for name, groups in found.groups.items():
        lines: list[Row] = [
            (group.title, *(fixed(one.count, 0) for one in group.changes), signed(group.difference))
            for group in groups
            if any(one.count for one in group.changes if one.change != "same")
        ]
        if lines:
            title = _GROUPS[name]
            heads = (title, *CHANGES.values(), _DIFFERENCE)
            yield Table(
                Text(zh=f"变化按{title.zh}", en=f"Changes by {title.en}"), heads, tuple(lines)
            )
    if found.most:
        yield _affected(found.most)


def names_enterprises(one: Table) -> bool:
    """Whether the rows of a table are single enterprises."""
    return one.columns[0] == _ENTERPRISE


def _affected(most: Iterable[Affected]) -> Table:
    rows: list[Row] = [
        (one.name or "—", one.uscc, CHANGES[one.change], figure(one.before), figure(one.after),
         signed(one.difference))
        for one in most
    ]  # fmt: skip
    columns = (
        _ENTERPRISE,
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="变化", en="Change"),
        Text(zh=f"现行（{UNIT.zh}）", en=f"present ({UNIT.en})"),
        Text(zh=f"改后（{UNIT.zh}）", en=f"changed ({UNIT.en})"),
        _DIFFERENCE,
    )
    return Table(Text(zh="变化最大的企业", en="Most affected"), columns, tuple(rows))
