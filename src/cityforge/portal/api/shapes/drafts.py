"""Policies being written: how far, what lint says, what they would do; the cost of a policy."""

from datetime import date, datetime

from ninja import Schema

from cityforge.portal.api.shapes.answers import TableOut, Words, told
from cityforge.portal.api.shapes.policies import CandidateRow


class DraftOut(Schema):
    """一份政策草稿 · A draft of a policy"""

    id: int = told("编号", "its number", 5)
    policy: str = told("政策代码", "id of the policy", "lh_rd")
    title: str = told("名称", "its title", "研发投入奖励")
    bureau: str = told("主管部门", "the bureau in charge", "科技局")
    state: str = told(
        "状态：drafting、submitted、returned、publishing、published、withdrawn", "its state",
        "submitted",
    )  # fmt: skip
    state_title: Words = told("状态的说法", "the state in words")
    begun_by: str = told("谁起草", "who began it", "科技局填报员")
    begun_at: datetime = told("何时起草", "when", "2026-01-05T09:30:00+08:00")
    submitted_at: datetime | None = told("何时提交", "when it was handed in", None)
    decided_at: datetime | None = told("何时发布或退回", "when it was published or sent back", None)


class LintOut(Schema):
    """检查出的一处 · One thing that lint found"""

    line: int = told("第几行；0 为整个文件", "its line; 0: the whole file", 14)
    column: int = told("第几列", "its column", 9)
    error: bool = told("是否错误；否则是提醒", "an error, else to be looked at", example=False)
    what: Words = told("什么问题", "what it is")
    hint: Words = told("怎么改", "how to mend it")
    group: Words | None = told("哪一类提醒", "of which kind")
    answer: str | None = told("文件中已作的说明", "answer given in the file", None)


class ExampleOut(Schema):
    """一个算例 · An example"""

    title: Words = told("算例", "the example")
    passed: bool = told("是否通过", "whether it passes", example=True)
    says: Words = told("结果", "what came of it")


class WordingOut(Schema):
    """一稿 · A version of the text"""

    number: int = told("第几稿", "its number", 2)
    digest: str = told("摘要", "its digest", "9f86d081884c7d65…")
    by: str = told("谁保存的", "who saved it", "科技局填报员")
    at: datetime = told("何时", "when", "2026-01-05T09:30:00+08:00")


class DraftFull(DraftOut):
    """一份草稿和检查结果 · A draft with what lint says of it"""

    next: Words = told("接下来做什么", "what is to be done next")
    note: str = told("提交说明", "note of who handed it in", "")
    reason: str = told("退回原因", "why it was sent back", "")
    changed: bool = told("起草以来现行文件是否变了", "whether the file in force changed since",
                         example=False)  # fmt: skip
    text: str = told("最新一稿的全文", "its newest text", "id: lh_rd\ntitle: 研发投入奖励\n…")
    versions: list[WordingOut] = told("各稿，新的在前", "its versions, the newest first")
    sound: bool = told("是否没有错误、算例全过", "no error and every example passes", example=True)
    day: date | None = told("按哪天检查", "the day that it is told for", "2025-09-30")
    lint: list[LintOut] = told("检查出的各处", "what lint found")
    examples: list[ExampleOut] = told("各算例", "its examples")
    elsewhere: int = told("城市文件夹其他文件的错误数", "errors in other files of the folder", 0)
    may: dict[str, bool] = told("本账号现在能做什么", "what this account may do now",
                                {"decide": True})  # fmt: skip


class TextOut(Schema):
    """草稿的一份文本 · A text of a draft"""

    title: Words = told("哪一份", "which one")
    text: str = told("全文", "the text", "id: lh_rd\ntitle: 研发投入奖励\n…")


class EffectsOut(Schema):
    """草稿发布后会怎样 · What a draft would do"""

    says: list[Words] = told("逐句说明", "sentences")
    tables: list[TableOut] = told("各表", "its tables")
    compared: bool = told("是否与现行版作了比较", "compared with what is in force", example=True)
    waiting: list[Words] = told("谁符合条件，逐句", "who is entitled, in sentences")
    hurdles: TableOut | None = told("卡在哪些条件", "what holds others back")
    near: TableOut | None = told("只差一项的；无权看名单为空", "who is one condition short")
    first: list[CandidateRow] | None = told(
        "前几家；无权看名单为空", "the first; null where names are not for the reader"
    )
    refused: Words | None = told("不能测算的原因", "why it cannot be worked out")


class TermOut(Schema):
    """一个门槛、比例或上限 · A threshold, rate or cap"""

    id: str = told("代码", "its id", "share")
    says: Words = told("名称", "its name")
    value: str = told("现值", "its value", "3%")
    asked: str = told("试改的值", "the value asked for", "2%")


class SimulationOut(Schema):
    """一项政策要花多少钱 · What a policy costs"""

    terms: list[TermOut] = told("可以试改的各项", "what may be tried")
    says: list[Words] = told("逐句说明", "sentences")
    tables: list[TableOut] = told("各表，与网页相同", "the tables of the page")
    refused: Words | None = told("不能测算的原因", "why it cannot be worked out")
