"""Numbers that are no targets, each with the reason why. All positions are in folded text."""

import re
from dataclasses import dataclass

from cityforge.brain.errors import Text
from cityforge.brain.plans import thresholds
from cityforge.brain.plans.numbers import Number

NAME = Text(zh="名称中的数字", en="part of a name")
DOCUMENT = Text(zh="文件名、文号或日期", en="a document's name, number or date")
TECHNOLOGY = Text(zh="技术、产品或标准名称", en="name of a technology, product or standard")
RANK_LIST = Text(zh="榜单名称（如500强）", en="name of a ranking (such as the top 500)")
THRESHOLD = Text(zh="限定对象的门槛", en="a threshold that selects which are meant")
EXISTING = Text(zh="既有对象的数量", en="count of things that exist already")
ENUMERATION = Text(zh="事项、功能或行动的计数", en="count of functions, actions or aspects")
GRANT = Text(zh="补助、税收等政策标准", en="rate of a subsidy, tax or other policy")
PAST = Text(zh="已取得的成绩或现状", en="what has been reached already")
DURATION = Text(zh="时间、期限或年龄", en="a duration, term or age")
FREQUENCY = Text(zh="工作频次", en="how often work is done")
BASE_VALUE = Text(zh="变化的起点", en="the value that a change starts from")
GRADE = Text(zh="等级或规格", en="a grade or specification")
LOOSE = Text(zh="没有单位，也没有可比的指标", en="no unit and no indicator to compare")
TABLE = Text(zh="指标表中的数值，已列入指标表", en="a figure of the indicator table")
OTHER_TABLE = Text(zh="表格中的数字，不是指标表", en="in a table that is no indicator table")
VAGUE = Text(zh="叙述性的数量", en="a descriptive count")


@dataclass(frozen=True, slots=True)
class Around:
    """Where a number stands: its clause, its sentence, the quotes around."""

    folded: str
    clause: tuple[int, int]
    sentence: tuple[int, int]
    quoted: bool
    titled: bool  # inside 《》
    review: bool
    aimed: bool  # a deadline, 每年 or 力争 governs the clause
    next_start: int  # where the next number of the clause starts, or the clause ends


_LEVEL_WORDS = (
    "达到了?|达|突破|超过|超|过|逾|为|升至|提高到|提高至|提升到|提升至|上升到|上升至|增加到|"
    "增加至|增至|增长到|扩大到|扩大至|降至|降到|降低到|降低至|下降到|下降至|控制在|保持在|稳定在|"
    "维持在|不低于|不少于|不超过|不高于|高于|低于|大于|小于|≥|≤|>|<|约|接近|稳定达到|优于|"
    "评分|得分|指数"
)
_LEVEL_END = re.compile(rf"(?:{_LEVEL_WORDS})\s*$")
_MONEY = re.compile(r"(?:元|美元|欧元|港元|日元|人民币)(?:人民币)?$|^$")
_SIZE = re.compile(
    r"人|亩|平方|公里|千瓦|兆瓦|MW|kW|GW|吨|米|瓦|伏|kV|[MG]$|Mbps|床|张|户|公顷|[KMGTP]B|年|度"
)
_ENTITY = (
    "企业|项目|集群|产业(?!基)|园区|园|基地|平台|品牌|县|镇|乡|街道|村|社区|单品|楼宇|市场|"
    "商圈|总部|龙头|工厂|车间|产业链|链条|产品|品种|用户|锅炉|机组|机构|单位|城市|市(?!值)|"
    "区(?!域)|"
    "工程|小区|住宅|建筑|水库|河流|湖泊|农场|牧场|大户|主体|合作社|场(?!所)|公司|商会|医院|"
    "学校|船舶|港口|码头|高校|设备|板块|赛道|集团|船队|船厂|渔港|景区|酒店|商户|门店|网点|"
    "站点|车站|桥梁|隧道|道路|线路|地块|宗地|矿山|煤矿|电厂|电站|家庭农场|养殖场"
)
_NOT_ENTITY = (
    r"(?!基金|投资|资金|贷款|营|收入|产值|规模|销售|融资|债|税|总额|总量|增加值|用地|面积|"
    r"用电|用水)"
)
_SELECTS = re.compile(
    rf"(?:级|量级|及其?以上|以上|以下|左右|规模)*(?:的)?[^，、；;。"
    rf":\d]{{0,14}}?(?:{_ENTITY}){_NOT_ENTITY}"
)
_SELECTS_STRONG = re.compile(
    rf"(?:级|量级|(?:及其?)?以上|(?:及其?)?以下)(?:的)?[^，、；;。"
    rf":\d]{{0,14}}?(?:{_ENTITY}){_NOT_ENTITY}"
)
_GRADE_AFTER = re.compile(
    r"(?:级|星|A级|纳米|维|代|阶|式|型|号|时代|后|线|字|环|芯|英寸|寸|光年|排|制)"
)
_REFERENCE = (
    "围绕|聚焦|锚定|依托|针对|立足|瞄准|面向|涵盖|涉及|包括|包含|共有|现有|已有|按照|根据|对标|"
    "对照|贯彻|对于|对|将|把|全面落实|落实|细化落实|紧扣|紧盯|结合|坚持|遵循|突出|纳入|用好|发挥|"
    "由|从|覆盖(?!率)"
)
_TREATS = re.compile(r"(?:对|将|把|面向)[^，；;。:、]{0,6}$")
_REFERS = re.compile(rf"(?:{_REFERENCE})[^，；;。:、]{{0,14}}$")
_REFERS_START = re.compile(rf"(?:{_REFERENCE})")
_ACTS = re.compile(
    r"建设|建成|打造|培育|形成|新增|实现|推动|推进|达到|突破|引进|实施|创建|争创|完成|招引|"
    r"组建|设立|举办|开展|遴选|推广|发展|新建|认定|集聚|支持|扶持|改造|入选|布局"
)
_GRANT = re.compile(
    r"给予|奖励|补助|补贴|贴息|奖补|资助|加计扣除|减按|减征|减免|税率|一次性|最高可|最高不超|"
    r"封顶|税前扣除|费率|利率|按.{0,16}(?:比例|标准)|担保费|保费|兑付|返还|抵扣|免征|扣除"
)
# “担保费率不高于1%” is a price held down, no grant.
_PRICE = re.compile(r"(?:费率|利率)[^，。；;\d]{0,10}$")
_PAID = re.compile(r"给予|奖励|补助|补贴|贴息|奖补|资助|按.{0,16}(?:比例|标准)")
_SHARED_OUT = re.compile(r"(?:由(?:省|市|县|区|中央)|留给|归属?|返还|留成|上缴)")
_EACH = re.compile(r"每(?:新增|认定|新认定|引进|培育|建成|培养|增加|完成|获批)?$")
_FUND = re.compile(
    r"总额|总规模|安排|资金池|基金|累计|设立|筹集|统筹|投放|发放|新增.{0,6}(?:贷款|授信)|"
    r"规模|争取|撬动|带动|引导"
)
_GRANT_GOES_ON = re.compile(
    r"\s*(?:最高|每家|每个|单个|每户|每年每|按照?|分别|其中|累计不超过|再|不超过|且)"
)
_PAST = re.compile(
    r"已(?:经|累计|建|有|达|成|培|获|完|实|形|认|引|开|入|签|落|启|投|制|集|拥|汇|超|突|连|"
    r"上|推|接|覆|吸)|累计已|目前(?!标)|截至目前|截止目前|现已|"
    r"过去(?:的)?(?:[一二三四五两十\d]{1,2}年|一段)|以来[，,]|去年(?!同)|上年(?:度)?(?:实现|"
    r"完成|全|，)|现有"
)
_PAST_EXCEPT = re.compile(r"比(?:去|上)年|较(?:去|上)年|在.{0,8}基础上")
_TIME_UNITS = {"年", "岁", "个月"}
_CLOCK_UNITS = {"天", "日", "小时", "个小时", "分钟", "工作日", "个工作日", "秒", "毫秒", "ms"}
_SHORTENED = re.compile(r"压缩|缩短|压减|减少|控制|降|不超过|以内|提速|平均|时效|时延|日[内前]")
_FREQUENT = re.compile(r"每(?:个)?(?:月|季|周|半年|日|天|旬|两年|三年)|按(?:月|季|周)|季度")
_ASPECT = re.compile(
    r"(?:方面|环节|维度|层面|阶段|步骤|部门|篇章|字方针|着力点|抓手|关口|闭环|大类|小类)"
)
# “包括甲、乙、丙等6个领域”: the count only closes the list.
_FIELD = re.compile(
    r"(?:重点|主要|细分|关键)?(?:领域|产业|行业|环节|方向|门类|片区|板块|类别|地区|城市)(?=[，、；;。:)的]|开展|$)"
)
_LISTED = re.compile(r"、[^，。；;:\d]*$|(?:包括|涵盖|分为|包含|划分为)[^，。；;:\d]*$")
_BIG = re.compile(r"\s*(?:大(?!数据|学|型|健康|中|师|专)|方面|化(?:融合)?|个维度|维)")
_RANK = re.compile(r"\s*强(?!化|链|制|度|县|市|省|镇|村)|强(?:企业|榜|县|市|镇|区)")
_FROM = re.compile(r"(?:由|从)[^，。；;]{0,16}$")
_RISES_TO = re.compile(
    r"[^，。；;\d]{0,10}(?:到|至|为|达)\s*(?:20\d\d年(?:末|底|度)?的?)?[^，。；;\d]{0,6}\d"
)
_CHANGED_FROM = re.compile(r"(?:由|从)[^，。；;]{0,40}?(?:到|至|为|达)")
_NOUN_TAIL = re.compile(r"(?:的)?[^，、；;。:]")


def refuse(number: Number, around: Around) -> Text | None:
    """Why a number is no target; None where it is one."""
    for check in _CHECKS:
        reason = check(number, around)
        if reason is not None:
            return reason
    return None


def _letter(folded: str, i: int) -> str:
    return folded[i] if 0 <= i < len(folded) else "\n"


def _names(number: Number, around: Around) -> Text | None:
    folded = around.folded
    if around.titled:
        return DOCUMENT
    if around.quoted:
        return NAME
    before, after = _letter(folded, number.start - 1), _letter(folded, number.end)
    if before in "+＋" or after in "+＋":
        return None if after == "+" and number.unit else NAME
    if before == "第" or (before == "(" and after == ")" and not number.unit):
        return NAME
    if before in "·:" and not number.unit and after in "·:":
        return NAME
    if not number.unit and after == "号":
        return DOCUMENT
    latin = before.isascii() and before.isalpha()
    latin_dash = (
        before == "-"
        and _letter(folded, number.start - 2).isascii()
        and _letter(folded, number.start - 2).isalpha()
    )
    if latin or latin_dash:
        return TECHNOLOGY
    if number.unit in (None, "%") and after.isascii() and after.isalpha():
        return TECHNOLOGY
    if (
        number.unit in ("M", "G", "T", "P", "E", "m", "t")
        and number.value < 10
        and number.comparator == "eq"
    ):
        return TECHNOLOGY
    if (
        not number.unit
        and after in ("·", ":", "×", "*")
        and _letter(folded, number.end + 1).isdigit()
    ):
        return NAME
    if before in "×*":
        return NAME
    return None


def _lists(number: Number, around: Around) -> Text | None:
    folded = around.folded
    if _RANK.match(folded, number.end):
        return RANK_LIST
    if not number.unit and _BIG.match(folded, number.end):
        return ENUMERATION
    lead = folded[around.clause[0] : number.start]
    if number.comparator == "eq" and _FIELD.match(folded, number.end) and _LISTED.search(lead):
        return ENUMERATION
    if number.comparator == "eq" and _ASPECT.match(folded, number.end):
        return ENUMERATION
    if number.unit == "级" or (not number.unit and _GRADE_AFTER.match(folded, number.end)):
        return GRADE
    return None


def _times(number: Number, around: Around) -> Text | None:
    clause = around.folded[slice(*around.clause)]
    if number.bare_unit in _TIME_UNITS:
        return DURATION
    if number.bare_unit in _CLOCK_UNITS and not _SHORTENED.search(clause):
        return DURATION
    if number.bare_unit in ("次", "场", "期", "轮") and _FREQUENT.search(
        around.folded, around.clause[0], number.start
    ):
        return FREQUENCY
    return None


def _chinese_count(number: Number, around: Around) -> Text | None:
    """A count in Chinese numerals is a target only by a verb or comparison that is aimed at."""
    if not number.in_chinese or number.bare_unit not in _CHINESE_COUNTERS:
        return None
    window = around.folded[max(around.clause[0], number.before - 6) : number.before]
    compared = number.comparator != "eq" and not window.endswith(("这", "那"))
    if number.value >= 10 and not compared:
        # “建成智能工厂一百家”, “达到百家”: the count ends its clause.
        ends = number.after >= around.clause[1] or around.folded[number.after] in "、，;。"
        lead = around.folded[around.clause[0] : number.start]
        compared = ends and (number.before < number.start or _ACTS.search(lead) is not None)
    if number.value >= 2 and around.aimed and (compared or _MAKES.search(window)):
        return None
    return VAGUE


_CHINESE_COUNTERS = {"个", "家", "项", "座", "条", "所", "名", "件", "场", "期"}
_MAKES = re.compile(
    r"(?:新增|新建|建成|培育|引进|创建|争创|创成|获批|新培育|认定|新认定|设立|组建|举办|招引|"
    r"落户|打造|建设|达到|实现|新创|新设)(?:约|上市)?$"
)


def _thresholds(number: Number, around: Around) -> Text | None:
    folded = around.folded
    if thresholds.selects(number, folded, around.clause, around.sentence):
        # Amounts that are paid out are no conditions, however they are listed.
        return _policy(number, around) or THRESHOLD
    if thresholds.rates(number, folded, around.clause):
        return GRADE
    unit = number.bare_unit
    magnitude_only = number.unit is not None and unit == "" and "亿" in number.unit
    if magnitude_only or (number.unit and _MONEY.search(unit) and unit != "%"):
        found = _SELECTS.match(folded, number.end, around.clause[1])
        if found:
            return THRESHOLD
    elif number.unit and _SIZE.search(unit) and unit != "%":
        found = _SELECTS_STRONG.match(folded, number.end, around.clause[1])
        if found and (unit != "户" or number.comparator != "eq"):
            return THRESHOLD if not _plain_count(number, around) else None
    elif unit == "%" and around.next_start < around.clause[1]:
        rated = re.search(
            r"(?:占比|比例|比重|强度|率|增长|增速|增幅)[^，。]{0,8}$",
            folded[max(around.clause[0], number.before - 12) : number.start],
        )
        if rated and re.match(
            r"(?:及?以上|以下)?的?(?:规上|工业|省级|高新技术)?(?:企业|项目|县|市|产品)",
            folded[number.end :][:16],
        ):
            return THRESHOLD
    return None


def _plain_count(number: Number, around: Around) -> bool:
    """“培训1000人以上” counts people; “20人以上的自然村” selects villages."""
    verb = around.folded[max(around.clause[0], number.before - 4) : number.before]
    return number.bare_unit in ("张", "户") and bool(_ACTS.search(verb))


def _policy(number: Number, around: Around) -> Text | None:
    lead = around.folded[max(around.clause[0], number.before - 6) : number.before]
    if _EACH.search(lead) and _GRANT.search(around.folded[number.end : around.clause[1] + 20]):
        return GRANT
    if not (number.bare_unit in ("%", "‰", "个百分点", "百分点", "倍") or "元" in number.bare_unit):
        return None
    folded = around.folded
    clause = folded[slice(*around.clause)]
    if number.bare_unit == "%" and _SHARED_OUT.match(folded, number.after, around.clause[1]):
        return GRANT
    if thresholds.sets_grant(number, folded, around.clause):
        return GRANT
    held_down = number.comparator in ("lt", "lte") and _PRICE.search(
        folded[around.clause[0] : number.start]
    )
    if held_down and not _PAID.search(clause):
        return None
    if _GRANT.search(clause) and not _FUND.search(clause):
        return GRANT
    before = folded[around.sentence[0] : around.clause[0]]
    last = before[-80:]
    if _GRANT.search(last) and _GRANT_GOES_ON.match(clause) and not _FUND.search(clause):
        return GRANT
    return None


def _past(number: Number, around: Around) -> Text | None:
    if around.review:
        return PAST
    clause = around.folded[around.clause[0] : number.start]
    # In “由目前的120家增加到200家” 目前 dates the start of the change only.
    clause = _CHANGED_FROM.sub("", clause)
    found = _PAST.search(clause)
    if found and not _PAST_EXCEPT.search(clause):
        return PAST
    return None


def _start_of_change(number: Number, around: Around) -> Text | None:
    folded = around.folded
    if not around.review and _FROM.search(folded[around.clause[0] : number.before]):
        return BASE_VALUE if _RISES_TO.match(folded, number.after, around.clause[1]) else None
    return None


def _existing(number: Number, around: Around) -> Text | None:
    folded = around.folded
    if number.bare_unit in ("%", "个百分点", "百分点", "倍", "番") or "元" in number.bare_unit:
        return None
    if number.comparator not in ("eq", "range") and number.comparator_text:
        return None
    if number.before < number.start and _LEVEL_END.search(folded[number.before : number.start]):
        return None
    lead = folded[around.clause[0] : number.start]
    if around.next_start > number.end and _counts_noun(number, around):
        if number.bare_unit in ("家", "户", "名", "人", "台") and _TREATS.search(lead):
            return None
        refers = _REFERS.search(lead)
        if refers and not _ACTS.search(refers.group()):
            return EXISTING
        start = _REFERS_START.match(lead.lstrip())
        if start and not _ACTS.search(lead):
            return EXISTING
    return None


def _counts_noun(number: Number, around: Around) -> bool:
    """Whether a noun follows: “围绕11条产业链”, but not “依托平台引进企业20家”."""
    return _NOUN_TAIL.match(around.folded, number.after, around.clause[1]) is not None


def _bare(number: Number, around: Around) -> Text | None:
    if number.unit is not None:
        return None
    folded = around.folded
    at_end = (
        number.after >= around.clause[1]
        or _letter(folded, number.after) in "，、；;。:()!？?和及与"
    )
    level = _LEVEL_END.search(folded[max(0, number.before - 6) : number.start])
    if at_end and level:
        return None
    if number.comparator != "eq" and at_end and number.comparator_text:
        return None
    return LOOSE


_CHECKS = (
    _names, _lists, _start_of_change, _times, _chinese_count, _past, _thresholds, _policy,
    _existing, _bare,
)  # fmt: skip
