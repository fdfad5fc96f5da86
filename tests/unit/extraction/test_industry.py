"""Business scopes, invented one by one, each for one rule: scope and name -> division."""

import pytest

from cityforge.brain.extraction import industry

# scope | name | division
SCOPES = """
齿轮箱、减速机制造、销售。 | 甲机械有限公司 | 34
生产服装，销售纺织品。 | 甲制衣有限公司 | 18
制造：电线、电缆。 | 甲线缆有限公司 | 38
水泵、阀门的制造及销售 | 甲泵业有限公司 | 34
许可经营项目：无 一般经营项目：塑料制品生产、销售。 | 甲塑料厂 | 29
化工设备及配件、反应釜制造、安装、调试 | 甲化工设备有限公司 | 35
纺织机械零配件加工 | 甲机械厂 | 35
不锈钢标准件、法兰加工、销售 | 甲不锈钢制品厂 | 34
不锈钢冲压件制造 | 甲不锈钢制品厂 | 33
汽车零部件及配件制造 | 甲汽车部件有限公司 | 36
船舶配件、舾装件制造、加工 | 甲船舶配件有限公司 | 37
自行车配件、链罩加工 | 甲自行车配件厂 | 37
印刷线路板、电子元器件生产 | 甲电子有限公司 | 39
压力表、热电偶制造 | 甲仪表厂 | 40
铜带、铜排加工 | 甲铜业有限公司 | 32
冷轧带钢生产 | 甲带钢有限公司 | 31
耐火材料、水泥预制构件制造 | 甲耐材厂 | 30
涤纶短纤生产 | 甲化纤有限公司 | 28
原料药、片剂生产 | 甲制药有限公司 | 27
水性涂料、胶粘剂制造 | 甲涂料有限公司 | 26
纸箱、纸盒制造（不含印刷） | 甲包装厂 | 22
包装装潢印刷品印刷 | 甲彩印有限公司 | 23
木制家具生产 | 甲家具厂 | 21
胶合板、细木工板加工 | 甲木业有限公司 | 20
皮鞋、箱包制造 | 甲鞋业有限公司 | 19
棉纱、坯布生产 | 甲纺织有限公司 | 17
钓具、渔竿制造 | 甲渔具厂 | 24
白酒生产 | 甲酒厂 | 15
糕点、糖果生产 | 甲食品厂 | 14
大米加工、销售，粮食收购 | 甲米业有限公司 | 13
金属表面处理，五金冲件加工 | 甲电镀厂 | 33
钢材、木材、建筑材料销售 | 甲物资有限公司 | 51
化工原料批发（不含危险化学品） | 甲化工有限公司 | 51
粮食、油料收购、销售 | 甲粮油贸易公司 | 51
废旧金属回收 | 甲再生资源有限公司 | 51
农药、化肥、农膜零售 | 甲供销合作社经营部 | 52
汽油、柴油零售，汽车清洗服务 | 甲加油站 | 52
服装、鞋帽销售 | 甲服饰店 | 52
药品零售 | 甲药房 | 52
房屋建筑工程施工总承包（二级） | 甲建设有限公司 | 47
市政公用工程、公路工程施工 | 甲路桥工程有限公司 | 48
消防设施工程、机电设备安装工程 | 甲安装工程有限公司 | 49
室内外装饰工程设计、施工 | 甲装饰有限公司 | 50
道路普通货物运输 | 甲运输有限公司 | 54
长江中下游干线普通货船运输 | 甲航运有限公司 | 55
国际货运代理 | 甲货运代理有限公司 | 58
普通货物仓储，人力装卸服务 | 甲仓储有限公司 | 59
国内快递（邮政企业专营业务除外） | 甲速递有限公司 | 60
吸收公众存款；发放短期、中期和长期贷款 | 甲银行乙支行 | 66
人寿保险、健康保险 | 甲人寿保险公司乙支公司 | 68
房地产开发经营；建材销售 | 甲置业有限公司 | 70
物业管理；保洁服务 | 甲物业服务有限公司 | 70
建筑工程机械租赁 | 甲租赁有限公司 | 71
设计、制作、代理、发布国内各类广告 | 甲广告有限公司 | 72
企业管理咨询 | 甲咨询有限公司 | 72
建设工程监理；工程造价咨询 | 甲监理有限公司 | 74
计算机软件开发、系统集成 | 甲信息技术有限公司 | 65
基础电信业务；增值电信业务 | 甲电信营业部 | 63
中餐制售；住宿服务 | 甲饭店 | 62
自来水生产、供应 | 甲自来水公司 | 46
电力供应 | 甲供电分公司 | 44
组织采购、供应成员水产养殖所需的生产资料；组织销售成员养殖的水产品 | 甲水产养殖专业合作社 | 04
生猪养殖、销售 | 甲生猪养殖场 | 03
蔬菜、水果种植、销售 | 甲家庭农场 | 01
组织成员开展农机服务 | 甲农机服务专业合作社 | 05
美容美发服务 | 甲美容院 | 80
一类汽车维修 | 甲汽修厂 | 81
机动车驾驶员培训 | 甲驾校 | 83
卡拉OK、棋牌服务 | 甲娱乐有限公司 | 90
ＰＶＣ管材（给水）制造；自营和代理各类商品及技术的进出口业务 | 甲管业有限公司 | 29
"""
CASES = [
    tuple(part.strip() for part in line.split("|")) for line in SCOPES.splitlines() if line.strip()
]


@pytest.mark.parametrize(("scope", "name", "division"), CASES)
def test_a_scope_goes_to_its_division(scope: str, name: str, division: str) -> None:
    answers = industry.infer(scope, name)
    assert [answer.code for answer in answers][:1] == [division], answers


def test_an_answer_names_the_words_that_decided() -> None:
    best, *_ = industry.infer("减速机、绝缘子、齿轮制造", "")
    assert (best.code, best.because) == ("34", ("减速机", "齿轮"))


def test_making_goes_before_selling_it() -> None:
    made = industry.infer("阀门制造、销售", "")
    sold = industry.infer("阀门销售", "")
    assert (made[0].code, sold[0].code) == ("34", "51")


def test_the_first_activity_counts_most() -> None:
    first = industry.infer("纸箱制造；齿轮制造", "")
    second = industry.infer("齿轮制造；纸箱制造", "")
    assert (first[0].code, second[0].code) == ("22", "34")


def test_brackets_and_licences_say_nothing() -> None:
    plain = industry.infer("阀门制造", "甲厂")
    dressed = industry.infer(
        "一般经营项目：阀门制造（不含铸造、印刷）。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        "甲厂",
    )
    assert plain == dressed


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "无",
        "（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        "许可经营项目：无",
        "自营和代理各类商品及技术的进出口业务（国家限定企业经营或禁止进出口的商品和技术除外）",
        "依法须经批准的项目，经相关部门批准后方可开展经营活动；凭许可证经营",
    ],
)
def test_boilerplate_alone_tells_nothing(scope: str) -> None:
    assert industry.infer(scope, "") == []


def test_the_name_tells_where_the_scope_is_empty() -> None:
    assert industry.infer("", "甲银行股份有限公司乙支行")[0].code == "66"
    assert industry.infer("无", "甲阀门制造有限公司")[0].code == "34"


def test_a_service_inside_a_good_in_the_name_is_not_one() -> None:
    assert industry.infer("阀门制造", "甲植保机械厂")[0].code != "05"


def test_bare_goods_are_made_in_a_factory_and_sold_by_a_trader() -> None:
    assert industry.infer("齿轮、轴承", "甲齿轮厂")[0].code == "34"
    assert industry.infer("齿轮、轴承", "甲物资公司")[0].code == "51"


def test_little_evidence_gives_little_confidence() -> None:
    wide = industry.infer("机械制造", "")[0]
    plain = industry.infer("减速机、齿轮、轴承制造", "甲齿轮制造有限公司")[0]
    assert wide.code == plain.code == "34"
    assert wide.confidence < 0.9 < plain.confidence


def test_limit_cuts_the_list() -> None:
    scope = "阀门、纸箱、服装、电缆制造"
    assert industry.infer(scope, "", limit=1) == industry.infer(scope, "")[:1]
    assert len(industry.infer(scope, "", limit=4)) == 4
    assert industry.infer(scope, "", limit=0) == []


def test_many_texts_are_inferred_once_each() -> None:
    texts = [("阀门制造", "甲"), ("阀门销售", "甲"), ("阀门制造", "甲")]
    answers = industry.infer_all(texts, limit=2)
    assert list(answers) == texts[:2]
    assert answers[texts[0]] == industry.infer(*texts[0], limit=2)
