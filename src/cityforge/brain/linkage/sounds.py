"""How characters sound, as far as a national standard tells: the order of GB 2312.

The first 3,755 characters of GB 2312-1980 stand in the order of their readings. A typist who errs
by sound takes another character of the same syllable, so two names that differ only within
syllables sound alike. Rarer characters stand by shape in the standard and sound like themselves.
"""

import bisect

# The first character of every syllable, in the order of GB 2312-1980 (level 1, B0A1 to D7F9).
_FIRST_OF_SYLLABLE = """
啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻哺擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹
春戳疵聪凑粗蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁丢东兜都端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该
干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆
炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦
驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女
暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉
茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜嗽酸虽孙蓑塌胎坍汤掏
特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵
英哟拥幽淤鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨
""".replace("\n", "")
_LAST_BY_READING = bytes.fromhex("d7f9")
_STARTS = [character.encode("gb2312") for character in _FIRST_OF_SYLLABLE]


def _readings() -> dict[int, str]:
    """Every level-1 character with the first character of its syllable."""
    table: dict[int, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            spot = bytes((high, low))
            if spot <= _LAST_BY_READING:
                character = spot.decode("gb2312")
                table[ord(character)] = _FIRST_OF_SYLLABLE[bisect.bisect(_STARTS, spot) - 1]
    return table


_READINGS = _readings()


def sound(text: str) -> str:
    """The text with each common character replaced by the first one of its syllable."""
    return text.translate(_READINGS)
