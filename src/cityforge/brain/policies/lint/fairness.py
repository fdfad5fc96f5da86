"""公平竞争审查 (review of fair competition): clauses that it would question, each with its article.

Sources, told here in our own words: 《公平竞争审查条例》(State Council decree 783, in force from
2024-08-01, articles 8 to 12) and its implementing measures (State Administration for Market
Regulation, order 99, in force from 2025-04-20). Each is a question to review and never a verdict:
words and facts are looked at, not what is behind them. That a local policy is for enterprises of
its own area is how far it applies, and no question; nor are the articles on cost (10) asked of
national policies, which may rest on a law or the State Council's consent. A version answers a
question under `reviewed`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.policies.lint.read import Finding, Looked
from cityforge.brain.rules.conditions import Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """One question. `words`: what in a clause, a material or a benefit raises it, where words do.

    article    of the regulation, and of the measures
    on_cost    of article 10, which does not bind what a law or the State Council allows
    """

    id: str
    article: Text
    asks: Text
    words: str = ""
    on_cost: bool = False


def _article(regulation: str, measures: str, en: str) -> Text:
    return Text(zh=f"条例{regulation}、实施办法{measures}", en=f"{en}")


RULES = (
    Rule(
        "no_move_out",
        _article("第九条第一项", "第十三条", "regulation art. 9(1), measures art. 13"),
        Text(
            zh="以不迁出、不变更注册地为条件，可能阻碍企业迁出",
            en="asks not to move away: may keep enterprises from leaving",
        ),
        r"不(得)?(外)?迁[出移离]|不外迁|不变更注册地|不改变注册地|不搬迁|not (to )?(move|relocate)"
        r"|no relocation",
    ),
    Rule(
        "capital_or_years_here",
        _article("第八条第四项", "第十二条", "regulation art. 8(4), measures art. 12"),
        Text(
            zh="以不减资、在本地经营满若干年为条件，可能是不合理的准入、退出条件",
            en="asks to keep capital, or years of business here: an entry or exit condition",
        ),
        r"不减(少)?(注册)?资本?|在(本[市地区县省]|我[市区县省])[^，。；]{0,8}(经营|注册|成立)"
        r"[^，。；]{0,4}满?[0-9一二三四五六七八九十两]+年",
    ),
    Rule(
        "move_in",
        _article("第十条第二项", "第十九条第三项", "regulation art. 10(2), measures art. 19(3)"),
        Text(
            zh="以外地企业把注册地迁入为条件给予奖补",
            en="pays for moving the registration here",
        ),
        r"迁入|迁至|迁移到|落户|mov(e|es|ed|ing) in\b",
        on_cost=True,
    ),
    Rule(
        "local_tax",
        _article(
            "第十条第二项", "第十九条第三、四项", "regulation art. 10(2), measures art. 19(3, 4)"
        ),
        Text(
            zh="以在本地纳税或地方财力贡献为条件，或按其多少给予奖补",
            en="rests on tax paid here or on what the local budget gains",
        ),
        r"(地方|财政|财力|经济)贡献|地方留成|纳税额|纳税总额|实缴税|入库税|在本[市地区县]纳税"
        r"|纳税(不低于|达到|超过|在)",
        on_cost=True,
    ),
    Rule(
        "local_statistics",
        _article("第十条第二项", "第十九条第三项", "regulation art. 10(2), measures art. 19(3)"),
        Text(zh="以纳入本地统计为条件给予奖补", en="pays for being counted in local statistics"),
        r"纳入(本[市地区县]|我[市区县])?统计|在本[市地区县]入统|入统",
        on_cost=True,
    ),
    Rule(
        "ownership",
        _article("第十条第二项", "第十九条第二项", "regulation art. 10(2), measures art. 19(2)"),
        Text(
            zh="按所有制或组织形式区别对待",
            en="treats enterprises by ownership or legal form",
        ),
        r"国有|国资控股|民营|私营|外商投资|外资企业|内资|所有制|state-owned|private(ly)?[- ]owned"
        r"|foreign-(owned|invested)",
        on_cost=True,
    ),
    Rule(
        "named_enterprise",
        _article("第十条第二项", "第十九条第一项", "regulation art. 10(2), measures art. 19(1)"),
        Text(
            zh="直接点名受益企业，或限于本地拟定的名单：进入名单的条件是否公开、合理？",
            en="names who benefits, or keeps to a list drawn up here: is entry open to all?",
        ),
        r"一企一策|一事一议|一企一议|贡献(突出|较大|特别)|case by case",
        on_cost=True,
    ),
    Rule(
        "local_purchase",
        _article("第八条第三项、第九条第一项", "第十一、十三条",
                 "regulation art. 8(3) and 9(1), measures art. 11 and 13"),
        Text(
            zh="要求购买、使用本地或指定经营者的产品、服务",
            en="asks to buy from here, or from whom is named",
        ),
        r"(采购|购买|使用|配套)(本[市地区县省]|市内|区内|我[市区县])|本地(产品|配套|采购|化率)"
        r"|指定的?(机构|服务商|供应商|品牌|平台)|local content|bought locally",
    ),
    Rule(
        "local_branch",
        _article("第九条第二项", "第十四条", "regulation art. 9(2), measures art. 14"),
        Text(
            zh="以在本地投资、设立子公司或分支机构为条件",
            en="asks to invest here, or to found a subsidiary or branch",
        ),
        r"在(本[市地区县省]|我[市区县])[^，。；]{0,6}(设立|成立|新设)[^，。；]{0,6}(公司|机构|总部)"
        r"|local (branch|subsidiary)",
    ),
    Rule(
        "from_elsewhere",
        _article("第九条第四项", "第十六条", "regulation art. 9(4), measures art. 16"),
        Text(
            zh="对外地企业、商品另作对待",
            en="treats enterprises or goods from elsewhere differently",
        ),
        r"(外地|市外|区外|县外|省外)(企业|产品|商品|经营者)|非本(市|地|区|县)(企业|注册|产品)",
    ),
    Rule(
        "tax_relief",
        _article("第十条第一项", "第十八条", "regulation art. 10(1), measures art. 18"),
        Text(
            zh="地方给予特定经营者税收优惠或返还",
            en="tax relief or a refund given locally to some",
        ),
        r"先征后返|即征即退|税收返还|返还.{0,6}税|减免.{0,6}税|列收列支|tax refund",
        on_cost=True,
    ),
    Rule(
        "cheaper_inputs",
        _article("第十条第三项", "第二十条", "regulation art. 10(3), measures art. 20"),
        Text(
            zh="给予特定经营者地价、收费、基金或社会保险费方面的优惠",
            en="land, fees, funds or social insurance made cheaper for some",
        ),
        r"零地价|优惠地价|地价(优惠|减免)|(减免|缓缴|免征|减征|返还).{0,8}(收费|基金|社会保险费|社保费)",
        on_cost=True,
    ),
)  # fmt: skip
_BY_ID = {rule.id: rule for rule in RULES}
_TAX = re.compile(
    r"实缴税|入库税|纳税额|纳税总额|缴纳税|税收|财力贡献|财政贡献|\btax paid\b|\btaxes?\b", re.I
)
_NO_TAX = re.compile(r"信用|欠|加计|扣除|抵免|违法|失信|credit|arrears|deduct", re.I)
_OWNERS = re.compile(r"国有|民营|私营|外商|外资|内资|港澳台|集体|state|private|foreign", re.I)
_HINT = Text(
    zh="是待审查的问题，不是结论；可改写，或在 reviewed 写明理由"
    "（如条例第十二条的例外、客观且不排他的条件）",
    en="A question to review, no verdict: rewrite it, or state the reason under `reviewed` "
    "(an exception of article 12; an objective condition that bars no one).",
)


def find(looked: Looked) -> Iterator[Finding]:
    """Each question once for each clause, material or benefit that raises it, with the answer
    where there is one."""
    answers = {one.rule: one.reason for one in looked.version.reviewed}
    told: set[tuple[str, Path_]] = set()
    for rule, whole, path in _raised(looked):
        spared = rule.on_cost and looked.policy.level == "national"
        if spared or (rule.id, whole) in told:
            continue
        told.add((rule.id, whole))
        what = Text(
            zh=f"公平竞争审查会问（{rule.article.zh}）：{rule.asks.zh}",
            en=f"fair competition review would ask ({rule.article.en}): {rule.asks.en}",
        )
        finding = looked.finding(rule.id, path, what, _HINT)
        yield replace(finding, answer=answers.get(rule.id))
    for i, one in enumerate(looked.version.reviewed):
        if one.rule not in {rule for rule, _ in told}:
            known = one.rule in _BY_ID
            what = Text(
                zh="这里答复的问题没有提出" if known else f"没有“{one.rule}”这一问",
                en="answers what is not asked" if known else f"there is no question '{one.rule}'",
            )
            hint = Text(zh="、".join(_BY_ID), en="One of " + ", ".join(_BY_ID) + ".")
            yield looked.finding("idle_answer", (*looked.path, "reviewed", i, "rule"), what, hint)


_Raised = Iterator[tuple[Rule, Path_, Path_]]
"""A question, the clause, material or benefit that raises it, and where in it."""


def _raised(looked: Looked) -> _Raised:
    yield from _of_clauses(looked, looked.condition)
    version, path = looked.version, looked.path
    for i, material in enumerate(version.materials):
        one = (*path, "materials", i)
        for rule in _in(f"{material.title} {material.title_en or ''}"):
            yield rule, one, (*one, "title")
    benefit = (*path, "benefit")
    for rule in _in(f"{version.benefit.says} {version.benefit.says_en}"):
        yield rule, benefit, (*benefit, "says")
    for expression in looked.expressions:
        for rule in _of_facts(looked, expression.typed):
            yield rule, benefit, expression.path
    if version.benefit.kind == "tax":
        yield _BY_ID["tax_relief"], benefit, (*benefit, "kind")


def _of_clauses(looked: Looked, condition: Condition) -> _Raised:
    clause, path = condition.clause, condition.path
    for rule in _in(f"{clause.says or ''} {clause.says_en or ''}"):
        yield rule, path, (*path, "says")
    if clause.expr is not None:
        for rule in _of_facts(looked, condition.truth):
            yield rule, path, (*path, "expr")
    for part in condition.parts:
        yield from _of_clauses(looked, part)


def _in(words: str) -> Iterator[Rule]:
    return (rule for rule in RULES if rule.words and re.search(rule.words, words, re.I))


def _of_facts(looked: Looked, typed: Typed) -> Iterator[Rule]:
    """What the facts themselves raise: tax paid, a kind of owner, an enterprise's own name."""
    if any(_is_tax(looked, name) for name in check.names(typed)):
        yield _BY_ID["local_tax"]
    for part in walk(typed):
        if part.op in (Op.EQUAL, Op.UNEQUAL, Op.IN, Op.LIKE):
            texts = [one.value for one in (part, *part.children) if isinstance(one.value, str)]
            names = check.names(part)
            if names and any(_OWNERS.search(text) for text in texts if text not in names):
                yield _BY_ID["ownership"]
            if part.op is not Op.LIKE and any(_names_one(looked, name) for name in names):
                yield _BY_ID["named_enterprise"]
        elif part.op in REGISTER_OPS:
            register = looked.city.registers[str(part.value)]
            if register.kind == "list" and register.level == "city":
                yield _BY_ID["named_enterprise"]


def _is_tax(looked: Looked, name: str) -> bool:
    """Whether a fact is tax paid, or rests on it."""
    facts = [looked.book.facts[name], *looked.book.rests_on([name])]
    return any(
        _TAX.search(title) and not _NO_TAX.search(title)
        for fact in facts
        for title in (fact.title, fact.title_en)
    )


def _names_one(looked: Looked, name: str) -> bool:
    """Whether a fact tells one enterprise from all others: its code or its name in the frame."""
    frame = looked.city.frame
    if frame is None or looked.book.facts[name].dataset != frame.id:
        return False
    column = frame.column(name)
    return column is not None and (column.kind == "credit_code" or column.id == "name")
