"""Enterprise names: one spelling for all spellings, and the parts a name is made of.

By the rules of registration a name is region, brand, trade and legal form, with the branch after
them. Bureaus write it in short, in full width, with or without brackets; that is what is undone.
"""

import re
from dataclasses import dataclass
from typing import Final

from cityforge.brain.linkage.places import Places
from cityforge.brain.linkage.sounds import sound
from cityforge.brain.values.spelling import half_width

_TRADITIONAL = "會廠業電機國東華農車貿實發長門開達興龍風馬鳥魚麗進遠運輸鐵銀鋼銅術藝製紡織綠藥醫營務員總聯區縣場飛陽陰錦針紙織絲線網絡氣動勞設備計劃測量傳統經濟濱島橋樓劍圖書館園團體學習軟產環質廣樂億萬與為後裝飾傢漁"  # noqa: E501
_SIMPLIFIED = "会厂业电机国东华农车贸实发长门开达兴龙风马鸟鱼丽进远运输铁银钢铜术艺制纺织绿药医营务员总联区县场飞阳阴锦针纸织丝线网络气动劳设备计划测量传统经济滨岛桥楼剑图书馆园团体学习软产环质广乐亿万与为后装饰家渔"  # noqa: E501
_SPELLING = (
    str.maketrans(_TRADITIONAL, _SIMPLIFIED)
    | str.maketrans("【】〔〕[]{}〈〉<>﹙﹚", "()()()()()()()")
    | dict.fromkeys(
        map(ord, " \t\r\n\u00a0\u200b\ufeff·•‧・.,，。、;；:：'\"“”‘’「」『』《》-—–_/\\*")
    )
)
_BRACKETS = str.maketrans("", "", "()")

_FORMS: Final = (
    "集团股份有限公司", "股份有限公司", "集团有限公司", "有限公司", "集团总公司", "集团公司",
    "股份公司", "总公司", "公司", "农民专业合作社", "股份专业合作社", "专业合作社联合社",
    "专业合作社", "股份合作社", "合作社", "总厂", "厂",
)  # fmt: skip
_PARTNERSHIPS = ("(有限合伙)", "(普通合伙)", "(特殊普通合伙)", "(个人独资)")
_SLIPPED_FORM = re.compile(
    r"(?:有限公[^司]|有限[^公]司|[^有]限公司|有限公|有限司|限公司|限有公司|有公限司|有限司公)$"
)
_BRANCH_END = re.compile(
    r"(?:分公司|子公司|支公司|支行|分行|分理处|储蓄所|营业部|营业所|营业厅|营业室|门市部|门市|经营部"
    r"|分店|门店|连锁店|药店|专卖店|专营店|加盟店|便利店|办事处|代办处|代办点|代表处|联络处|加油站"
    r"|加气站|分厂|分部|分社|分院|分所|收购站|供应站|服务部|服务站|销售部|服务处|项目部|工程处"
    r"|[^市]店|[^工]部|所|站|处)$"
)
_STRONG_BRANCH_END = re.compile(
    r"(?:分公司|支公司|支行|分行|分理处|储蓄所|营业部|营业所|营业厅|门市部|分店|办事处|代办处|分厂)$"
)
_HEAD = re.compile(r"(?:公司|银行|合作社|信用社|联社|总厂|厂)")
_NUMERAL = re.compile(r"第[一二三四五六七八九十百\d]+|\d+|[一二三四五六七八九十]+(?=[号店厂分])")
_TRADES: Final = (
    "国际贸易", "进出口", "商贸", "贸易", "工贸", "实业", "科技", "技术", "机械",
    "制造", "设备", "电器", "电气", "电子", "机电", "物资", "材料", "建材", "化工",
    "纺织", "服饰", "服装", "制衣", "物流", "运输", "货运", "投资", "咨询", "服务",
    "管理", "广告", "传媒", "文化", "工程", "建设", "建筑", "装饰", "装潢", "房地产",
    "置业", "物业", "餐饮", "食品", "医药", "药业", "农业", "发展", "开发", "经营",
    "销售", "配件", "仪表", "仪器", "五金", "塑料", "橡塑", "模具", "包装", "印刷",
    "环保", "信息", "网络", "软件",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of one name, each normalised, "" where absent.

    whole    the full name in one spelling, without brackets
    prefix   the bare places it begins with or bears in brackets, joined by |
    core     brand and trade: without places, legal form and branch
    brand    the core without the trade words at its end
    form     the legal form
    branch   what names the branch; a name with one is never its head office
    head     the whole of the head office, of a branch
    stem     head or own name without its legal form, places kept
    numerals the numbers that tell siblings apart: 第一, 2
    """

    whole: str
    prefix: str
    core: str
    brand: str
    form: str
    branch: str
    head: str
    stem: str
    numerals: str


def normalise(name: str) -> str:
    """One spelling of a name: half width, simplified, no blanks, marks or brackets."""
    return _plain(name).translate(_BRACKETS)


def read(name: str, places: Places) -> Name:
    """The parts of a name; `places` are the place words that may stand in it."""
    plain = _plain(name)
    head, branch = _split_branch(plain)
    body, form = _split_form(head)
    body, bracketed = _take_places(body, places)
    leading, at = places.leading(body)
    core = body[at:]
    return Name(
        whole=plain.translate(_BRACKETS),
        prefix="|".join(dict.fromkeys((*leading, *bracketed))),
        core=core,
        brand=_brand(core),
        form=form,
        branch=branch.translate(_BRACKETS),
        head=head.translate(_BRACKETS) if branch else "",
        stem=body,
        numerals="".join(_NUMERAL.findall(core)),
    )


def variants(text: str) -> list[str]:
    """The text itself and the text with any one character left out.

    Two texts that differ by one character replaced, added, left out, or two neighbours exchanged
    have a variant in common: a join on variants finds them without comparing all with all.
    """
    return [text, *dict.fromkeys(text[:i] + text[i + 1 :] for i in range(len(text)))]


def _plain(name: str) -> str:
    text = half_width(name).upper().translate(_SPELLING)
    return text.replace("有限责任公司", "有限公司").replace("责任有限公司", "有限公司")


def _split_branch(plain: str) -> tuple[str, str]:
    """The head office's name and what names the branch, "" where the name is no branch."""
    for found in _HEAD.finditer(plain):
        rest = plain[found.end() :]
        if not rest or rest in _PARTNERSHIPS or found.start() < 2:
            continue
        after_company = found.group() == "公司"
        if rest.startswith((*_FORMS, "(")):
            if after_company and rest.startswith("("):
                return plain[: found.end()], rest
            continue
        if after_company or _BRANCH_END.search(rest):
            return plain[: found.end()], rest
    ending = _STRONG_BRANCH_END.search(plain)
    if ending and ending.start() >= 2:
        return plain[: ending.start()], ending.group()
    return plain, ""


def _split_form(head: str) -> tuple[str, str]:
    for partnership in _PARTNERSHIPS:
        if head.endswith(partnership):
            return head.removesuffix(partnership), partnership.translate(_BRACKETS)
    for form in _FORMS:
        if head.endswith(form) and len(head) - len(form) >= 2:
            return head.removesuffix(form), form
    slipped = _SLIPPED_FORM.search(head)
    if slipped and slipped.start() >= 3:
        return head[: slipped.start()], "有限公司"
    if sound(head[-4:]) == sound("有限公司") and len(head) >= 6:
        return head[:-4], "有限公司"
    return head, ""


def _take_places(body: str, places: Places) -> tuple[str, tuple[str, ...]]:
    """The body without brackets, and the bare places that stood in brackets."""
    found: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        inside = match.group(1)
        named, length = places.leading(inside, keep=0)
        if not named or length < len(inside):
            return inside
        found.extend(named)
        return ""

    body = re.sub(r"\(([^()]*)\)", replaced, body)
    return body.translate(_BRACKETS), tuple(found)


def _brand(core: str) -> str:
    brand = core
    while True:
        trade = next((t for t in _TRADES if brand.endswith(t) and len(brand) - len(t) >= 2), None)
        if trade is None:
            return brand
        brand = brand.removesuffix(trade)
