"""What a target counts: the noun phrase of its clause, without lead-ins, verbs and comparisons."""

import re

_LEAD = re.compile(
    r"^(?:[，、；;:。\s]|其中|同时|另外|并且?|且|以及|和|及|或|还|也|再|共|总共|合计|预计|"
    r"基本|初步|全面|切实|不断|持续|进一步|着力|加快|大力|积极|深入|稳步|有序|重点(?=打造|"
    r"培育|支持|推进|建设|实施|引进|发展|推广)|统筹|优先|通过努力|[一二三四五两]年内|"
    r"计划(?=年内|新|完成|实施|建|到)|拟(?=新|建|实施)|"
    r"用[\d一二三四五两至~-]{1,5}年(?:左右)?(?:的)?时间|"
    r"力争|争取|力求|确保|努力|务求|实现|保证|保持|推动|推进|促进|组织|支持|鼓励|引导|指导|"
    r"帮助|带动|动态|每年|每年度|年均|逐年|年内|当年|今年|本年度|全年|累计(?=完成)|"
    r"(?:(?:到|至|截至|在)?\s*20\d\d\s*年?\s*(?:-|至|到|~)\s*)?(?:到|至|截至|在|"
    r"于)?\s*20\d\d\s*年(?:年?底前?|年?末|前|度|底|\d{1,2}月(?:份|底|末)?前?)?(?:以?前|之前)?|"
    r"(?:到|至)?“?十[二三四五六]五”?(?:期末|末|期间|时期|规划期)?|年底前|期末|期间)"
)
_VERB = re.compile(
    r"^(?:建成并|建成|建设|建立|建好|打造成?|打造|培育壮大|培育|培养|培植|发展|实施|开展|"
    r"组织|举办|召开|遴选|推介|认定|评选|选树|创建|创成|争创|争取|引进|引育|引培|招引|集聚|"
    r"新建|改造|改建|扩建|"
    r"推广|推出|谋划|形成|构建|搭建|设立|组建|布局|完成|达成|突破|入选|攻克|研发|开发|制定|"
    r"发布|落地|落户|签约|开工|竣工|投产|投用|获批|获得|取得|申报|储备|扶持|选派|培训|输送|吸引|"
    r"承担|承办|建|育|引|创|拥有|在|对|为|面向|依托|选取|选择|筛选|推荐|挖掘|打响|做强|做大|"
    r"提供|开通|部署|安装|接入|汇聚|归集|编制|出台|主导|参与|完善|提升|优化|壮大|扩大|安排|"
    r"投放|发放|\((?:修|订|修订|新建|续建|扩建|含)\))+"
)
_TAIL = re.compile(
    r"(?:[，、；;:\s]|(?:总量|规模|数|占比|比重|比例|率)?(?:稳定|力争|争取|努力|确保|均|都|"
    r"分别|各|共|累计|不断|稳步|总数|年均|每年)|达到|实现|达|为|至|到|的(?=$))+$"
)
_KEEPS = ("新增", "新培育", "新认定", "新建", "累计")
_ELIDED = re.compile(
    r"^(?:占|比|较|同比|增速|增幅|年均|年增|增长|提高|提升|下降|降低|总量|总数|规模(?=$|达|"
    r"突破|超)|达到|其中|数量|居|列)"
)


def lead_free(text: str) -> str:
    """`text` without 到2025年, 力争, 每年 and the like at its beginning."""
    while True:
        found = _LEAD.match(text)
        if found is None or not found.end():
            return text
        text = text[found.end() :]


def noun_before(text: str) -> str:
    """The indicator that stands before a number: “力争建成5G基站达到” → 5G基站."""
    text = lead_free(text)
    if not text.startswith(_KEEPS):
        verb = _VERB.match(text)
        if verb and len(text) - verb.end() != 1:
            text = lead_free(text[verb.end() :])
    text = _YEAR_TAIL.sub("", _THAN.sub("", _FROM.sub("", text)))
    for _ in range(6):
        tail = _TAIL.search(text)
        if not tail or not tail.group() or (tail.start() == 0 and len(tail.group()) == len(text)):
            break
        shortened = text[: tail.start()]
        kept = re.match(r"(?:总量|规模|数|占比|比重|比例|率)", tail.group())
        text = shortened + (kept.group() if kept else "")
        if kept:
            break
    return text.strip("，、；;:。 的")


_THAN = re.compile(r"(?<=.)(?:比|较|与|对比)20\d\d年(?:末|底|度)?(?:相比|水平)?$")
_YEAR_TAIL = re.compile(r"(?<=.)(?:到|至)?20\d\d年(?:底|末)?(?:前)?(?:力争|预计|实现)?$")
_FROM = re.compile(
    r"(?:由|从)[^，。；;]{0,40}(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|缩短|压缩|增|"
    r"降|升)?$"
)


def noun_after(text: str) -> str:
    """The indicator that stands after a number: “（10家左右）的行业平台” → 行业平台."""
    text = _COUNTED.sub("", text.strip("，、；;:。 "))
    return text[1:] if text.startswith("的") else text


_COUNTED = re.compile(r"^\((?:次|个|家|项|套|台|人|名|件|户|批|座)\)")


def is_verb_only(text: str) -> bool:
    """Whether what stands before the number is only lead-in and verbs."""
    rest = lead_free(text)
    while True:
        verb = _VERB.match(rest)
        after = lead_free(rest[verb.end() :]) if verb else rest
        if after == rest:
            return not rest.strip("，、；;:。 ") or rest in _KEEPS
        rest = after


def ends_in_verb(text: str) -> bool:
    """Whether the last words before the number are a verb: what counts then follows it."""
    return re.search(_ENDS, text) is not None


_ENDS = (
    r"(?:建成|建设|打造|培育|发展|实施|开展|组织|举办|召开|遴选|推介|认定|评选|选树|创建|"
    r"创成|争创|争取|引进|引育|引培|招引|集聚|新建|新增|改造|推广|推出|谋划|形成|构建|搭建|"
    r"设立|组建|"
    r"布局|完成|实现|突破|入选|攻克|研发|开发|制定|发布|落地|签约|开工|获批|获得|取得|储备|"
    r"扶持|选派|培训|吸引|承担|建立|培养|带动|归集|编制|推动|推进|支持|在|超|超过|达到|达|"
    r"不少于|不低于)$"
)


def needs_subject(text: str) -> bool:
    """Whether the noun leans on a subject named before: 占…比重, 年均增长, 其中…."""
    return len(text) < 2 or _ELIDED.match(text) is not None
