"""Policies: catalogue, one, windows, coverage, candidates, the check-up."""

from datetime import date, datetime

from ninja import Schema

from cityforge.portal.api.shapes.answers import TableOut, Words, told


class ClauseOut(Schema):
    """一项条件 · A condition"""

    id: str = told("代码", "its id", "rd")
    says: Words = told("条件", "the condition")
    article: str = told("条款", "its article", "第三条（二）")


class PolicyRow(Schema):
    """目录中的一项政策 · A policy in the catalogue"""

    id: str = told("政策代码", "its id", "lh_rd")
    title: Words = told("名称", "its name")
    level: str = told("层级代码", "id of its level", "city")
    level_title: Words = told("层级", "its level")
    districts: list[str] = told("适用的区县；空为全市", "its districts; empty: the whole city", [])
    office: str = told("经办部门", "the office", "兰河市科技局")
    document: str = told("文件", "its document", "兰河市创新办法 兰政〔2024〕1号")
    delivery: str = told("办理方式代码", "id of how it is had", "automatic")
    delivery_title: Words = told("办理方式", "how it is had")
    pays: Words = told("支持内容", "what it gives")
    state: str = told("受理：rolling、open、coming、closed、unannounced", "its window", "rolling")
    when: Words = told("受理时间", "when to apply")
    clauses: list[ClauseOut] = told("各项条件", "its conditions")


class ConditionOut(Schema):
    """条件及其内层 · A condition with those inside it"""

    id: str = told("代码", "its id", "rd")
    says: Words | None = told("条件；组合时为空", "the condition; null where it joins others")
    article: str = told("条款", "its article", "第三条（二）")
    joins: Words | None = told("怎样组合", "how it joins those inside")
    parts: "list[ConditionOut]" = told("内层", "those inside", [])


class WindowOut(Schema):
    """一次受理 · A call for applications"""

    policy: str = told("政策代码", "id of the policy", "qy_green")
    title: Words = told("政策", "the policy")
    office: str = told("经办部门", "the office", "青屿区工信局")
    opens: date = told("开始", "opens on", "2025-10-15")
    closes: date = told("截止", "closes on", "2025-11-14")
    batch: str = told("批次", "its batch", "第一批")


class PolicyFull(Schema):
    """一项政策的全部内容 · All of one policy"""

    id: str = told("政策代码", "its id", "lh_rd")
    title: Words = told("名称", "its name")
    level: Words = told("层级", "its level")
    office: str = told("经办部门", "the office", "兰河市科技局")
    contact: str = told("联系方式", "contact", "")
    delivery: Words = told("办理方式", "how it is had")
    decided: Words = told("怎样决定", "how it is decided")
    when: Words = told("受理时间", "when to apply")
    state: str = told("受理状态", "its window", "rolling")
    pays: Words = told("支持内容", "what it gives")
    steps: list[Words] = told("金额怎样算", "how the amount is worked out")
    conditions: ConditionOut = told("条件", "its conditions")
    ends: date | None = told("失效日期", "ends on", None)
    document: str = told("文件", "its document", "《兰河市创新办法》（兰政〔2024〕1号）")
    issued: date | None = told("印发日期", "issued on", None)
    clause: str = told("条款", "its clause", "第三条")
    link: str = told("原文地址", "address of the document", "")
    source: str = told("来源", "its source", "虚构城市，数值为设例")
    evidence: Words = told("核实程度", "how far it is verified")
    assumptions: list[str] = told("假定", "what was assumed", ["研发费用按申报数"])


class CoverageRow(Schema):
    """一项政策覆盖多少企业 · How many enterprises a policy covers"""

    policy: str = told("政策代码", "id of the policy", "lh_rd")
    title: Words = told("政策", "the policy")
    eligible: int = told("符合条件", "how many are eligible", 12)
    unknown: int = told("信息不足", "how many lack a fact", 30)
    not_yet: int = told("暂不符合", "how many are not yet entitled", 58)
    amount: Words | None = told("测算金额", "amount of the eligible")


class CandidateRow(Schema):
    """一家符合条件的企业 · An enterprise that is eligible"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    district: Words = told("区县", "the district")
    amount: Words | None = told("测算金额", "what it would pay")
    basis: Words = told("依据", "what it rests on")
    provisional: bool = told("是否暂定", "whether it is provisional", example=False)


class EntryOut(Schema):
    """体检中的一项政策 · A policy in a check-up"""

    id: str = told("政策代码", "id of the policy", "lh_tax")
    title: str = told("政策", "the policy", "纳税贡献奖励")
    money: str = told("金额；未知为空", "what it pays; empty where not known", "20 万元")
    pays: str = told("支持内容", "what it gives", "奖励 20 万元")
    state: str = told("受理", "its window", "常年受理")
    office: str = told("经办部门", "the office", "兰河市财政局")
    document: str = told("文件", "its document", "《兰河市贡献办法》")
    warnings: list[str] = told("须注意", "what to know before relying on it", [])


class NearOut(Schema):
    """差一点的政策 · A policy within reach"""

    entry: EntryOut = told("政策", "the policy")
    effort: str = told("难易", "how hard", "")
    gaps: list[str] = told("还差什么", "what is in the way", ["研发费用占比不低于百分之三"])


class AskOut(Schema):
    """缺少的一项数据 · A fact that is lacking"""

    fact: str = told("填报时用的代码", "its id, to declare it by", "rd_expense")
    title: str = told("名称", "its name", "研发费用")
    holder: str = told("哪里有", "who holds it", "企业")
    settles: str = told("能定下什么", "what it would settle", "可定 1 项政策")
    money: str = told("值多少", "what it is worth", "最多 50 万元")


class DeclaredOut(Schema):
    """本企业填报的一项 · A fact that the enterprise declared"""

    number: int = told("编号，撤回时用", "its number, to take it back by", 3)
    fact: str = told("代码", "its id", "rd_expense")
    title: Words = told("名称", "its name")
    value: Words = told("值", "its value")
    standing: str = told(
        "counts 计入、confirmed 部门数据证实、own 数据即本企业申报、refused 不能用",
        "counts; confirmed by an office's data; own: the data have what was declared; refused",
        "counts",
    )
    by: str = told("谁填的", "who told it", "企业经办")
    at: datetime = told("何时", "when", "2026-01-05T09:30:00+08:00")


class CheckUpOut(Schema):
    """政策体检 · The policy check-up"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    sentence: str = told("一句话", "in one sentence", "现可享 1 项，合计 20 万元")
    best: list[EntryOut] = told(
        "最合算的组合中现在可办的", "what can be applied for now of the best set"
    )
    best_total: str = told("合计", "its total", "20 万元")
    later: list[EntryOut] = told(
        "最合算的组合中待开放申报的", "what waits for its window of the best set"
    )
    later_total: str = told("合计", "its total", "")
    near: list[NearOut] = told("差一点的", "those within reach")
    asks: list[AskOut] = told("先补哪项数据", "which fact to tell first")
    declared: list[DeclaredOut] = told("已填报的", "what was declared")
    disclaimer: list[str] = told("说明", "to bear in mind", [])
    run: str = told("依据的运行", "the run it rests on", "运行 2025-09-30-eaa37b610fec")


class LackingOut(Schema):
    """没有人报过的一项 · A fact that nobody has told"""

    fact: str = told("填报时用的代码", "its id, to declare it by", "rd_expense")
    title: Words = told("名称", "its name")


class CheckedOut(Schema):
    """一项条件满足没有 · Whether a condition is met"""

    id: str = told("代码", "its id", "rd")
    says: Words | None = told("条件；组合时为空", "the condition; null where it joins others")
    article: str = told("条款", "its article", "第三条（二）")
    joins: Words | None = told("怎样组合", "how it joins those inside")
    mark: str = told(
        "met 满足、unmet 未满足、unknown 信息不足、spare 未满足也不要紧；组合时为空",
        "met, unmet, unknown, spare (need not be met); empty where it joins others", "met",
    )  # fmt: skip
    facts: list[str] = told("按哪些数判断", "by which facts", ["研发费用: 40 万元"])
    parts: "list[CheckedOut]" = told("内层", "those inside", [])


class ChecklistOut(Schema):
    """一项政策逐条对照一家企业 · A policy clause by clause for an enterprise"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    policy: str = told("政策代码", "id of the policy", "lh_rd")
    answer: str = told("eligible 符合、not_yet 暂不符合、unknown 信息不足",
                       "eligible, not_yet or unknown", "unknown")  # fmt: skip
    provisional: bool = told("是否暂定", "whether it is provisional", example=False)
    met: int = told("已满足几条", "conditions that are met", 1)
    clauses: int = told("共几条", "conditions in all", 2)
    money: str = told("测算金额；未知为空", "what it pays; empty where not known", "50 万元")
    gaps: list[str] = told("还差什么", "what is in the way", [])
    lacking: list[LackingOut] = told("缺哪些数据", "facts that are lacking")
    checks: CheckedOut = told("逐条", "clause by clause")


class DeclareIn(Schema):
    """填报一项 · Declare a fact"""

    fact: str = told("asks 中的代码", "an id of asks", "rd_expense", max_length=100)
    value: str = told(
        "值：数字、true/false、日期或选项", "a number, true or false, a day, a choice", "1000",
        max_length=60,
    )  # fmt: skip


class CandidatesOut(Schema):
    """一项政策的符合情况 · How a policy is met"""

    says: list[Words] = told("逐句说明", "sentences")
    hurdles: TableOut = told("卡在哪些条件", "what holds others back")
    near: TableOut | None = told("只差一项的", "who is one condition short")
