"""Numbers that only say which enterprises, projects or machines are meant. In folded text."""

import re

from cityforge.brain.plans.numbers import Number

_NOUN = (
    "企业|项目|集群|园区|基地|平台|机构|单位|产品|村|镇|县|市|区|家庭|农户|主体|合作社|团队|人才|"
    "高校|学校|医院|商户|梯队"
)
_GIVES = r"(?:给予|奖励(?!政策|制度)|补助|补贴|资助|奖补|贴息)"
_PRIZED = re.compile(
    rf"[^。；;]{{0,80}}?(?:的，[^，。；;]{{0,16}}|的(?:分别|可|再|一次性)?){_GIVES}"
)
_FOR = re.compile(r"(?:对于?|针对|凡)")
_LATER_GIVES = re.compile(rf"[^。；;]{{0,120}}?{_GIVES}")
_BY_SHARE = re.compile(r"按照?[^，。；;]{0,24}$")
_SOON_GIVES = re.compile(rf"[^，。；;]{{0,8}}，?[^，。；;]{{0,8}}{_GIVES}")
_SHARE_OF = re.compile(
    r"(?<![过超达到于破占\d.])\d[\d.]*%(?:以上|左右)?的[^，、。；;\d%]{2,14}(?:超过|超|达到|达|高于|不低于|不少于|突破)\s*$"
)
_OF_SUCH = re.compile(rf"(?:及?以上|以下)?的[^，、。；;\d]{{0,10}}?(?:{_NOUN})")
_RATED = re.compile(r"(?:占比|比例|比重|强度|率|增长|增速|增幅)[^，。]{0,8}$")
_PICKS = re.compile(r"支持|遴选|鼓励|引导|择优|筛选|推荐|选择|选取|优选|面向|评选")
_ENDS_IN_SUCH = re.compile(rf"的[^，、。；;\d]{{0,10}}(?:{_NOUN})$")
_EACH_ABOVE = re.compile(
    r"\d\s*(?:家|个|户|只)(?:以上|左右)?[^，、。；;\d]{0,8}(?:超过|超|突破|过)$"
)
_NEXT_OF_LIST = re.compile(r"(?:以上)?(?:、\d|的)")
_TOP = re.compile(r"前\s*$")
_TOP_OF = re.compile(rf"(?:名|位)?的[^，、。；;\d]{{0,6}}(?:{_NOUN})")
_RATING = re.compile(r"(?:千伏|兆瓦|千瓦|伏|瓦|MW|kW|KW|GW|kV|KV|Mbps)$")
_THEN_COUNTED = re.compile(
    r"(?:及?以[上下])?[^，、。；;和及\d]{1,14}\d+(?:个|座|台|套|条|项|处|组)"
)
_BELOW_HEIGHT = re.compile(r"(?:及?以[上下])的?[^，、。；;\d达超]{2,16}\d")
_MAKES_GOODS = re.compile(r"(?:推广|研制|研发|攻克|突破|应用|生产|开发|发展)(?:应用)?\s*$")
_GOODS = re.compile(r"(?:级|及?以[上下])[^，、。；;\d]{2,14}")
_COUNTERS = {"家", "个", "项", "户", "名", "座", "条"}


def selects(
    number: Number, folded: str, clause: tuple[int, int], sentence: tuple[int, int]
) -> bool:
    """Whether a number is a condition: who wins a prize, which 20% of villages, firms above …."""
    lead, rest = folded[clause[0] : number.start], folded[number.after : clause[1]]
    later = folded[number.after : min(sentence[1], number.after + 140)]
    compared = number.comparator in ("gt", "gte", "lt", "lte")
    if _PRIZED.match(later):
        return True
    counts = number.bare_unit in _COUNTERS and not compared
    if not counts and _FOR.match(lead) and _LATER_GIVES.match(later):
        return True
    if _TOP.search(folded[clause[0] : number.start]) and _TOP_OF.match(folded, number.end):
        return True
    if _SHARE_OF.search(lead):
        return True
    if number.bare_unit == "%" and _RATED.search(lead) and _OF_SUCH.match(folded, number.end):
        return True
    if compared and number.bare_unit not in ("家", "个", "项"):
        begun = folded[sentence[0] : number.start] if clause[0] - sentence[0] < 40 else lead
        if _PICKS.search(begun) and _ENDS_IN_SUCH.search(rest):
            return True
    in_list = _EACH_ABOVE.search(lead) and _NEXT_OF_LIST.match(folded, number.end)
    return "元" in number.bare_unit and in_list is not None


def rates(number: Number, folded: str, clause: tuple[int, int]) -> bool:
    """Whether a number is a rating: 110千伏变电站2座, 研制5MW以上风机, 500米以下空域…."""
    if number.bare_unit == "米":
        return _BELOW_HEIGHT.match(folded, number.end, clause[1]) is not None
    if not _RATING.search(number.bare_unit):
        return False
    if _THEN_COUNTED.match(folded, number.end, clause[1]):
        return True
    verb = folded[max(clause[0], number.start - 8) : number.start]
    return bool(_MAKES_GOODS.search(verb) and _GOODS.match(folded, number.end, clause[1]))


def sets_grant(number: Number, folded: str, clause: tuple[int, int]) -> bool:
    """Whether a share tells how much is paid out: 按照投资额的10%，给予…."""
    by = _BY_SHARE.search(folded[clause[0] : number.start])
    gives = _SOON_GIVES.match(folded, number.after)
    return number.bare_unit == "%" and by is not None and gives is not None
