"""How the people of the sample call themselves: plain names, nicknames, English names, with and without emoji."""

from __future__ import annotations

from hutong.sample.dice import Dice

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤"
_GIVEN = (
    "子涵 雨桐 欣怡 思远 浩然 梓萱 一诺 佳怡 俊杰 文博 晓彤 天宇 若曦 雅静 志强 建国 海燕 丽娜 小雨 晨曦 明轩 诗琪 嘉豪 静怡 宇航 思琪 梦瑶 博文 可欣 子墨 雪 磊 静 敏 洋 勇 "
    "艳 杰 娟 涛 超 霞 平 刚 桂英 玉兰 秀珍 卫东 春梅 立新 小军 晓明 亚楠 婷婷 倩 璐 琳 颖 薇 楠 岚 蕾 昊 铭 睿 哲 航 帆 远 辰 安 宁 悦 乐 然 禾 溪 川 舟 野 屿 知夏 清和 "
    "书瑶 景行 怀瑾 望舒 念慈 云舒 听澜 予安 南乔 半夏"
).split()
_ADJECTIVES = (
    "半糖 不加糖的 早起的 爱睡觉的 慢半拍的 住在鼓楼的 努力减脂的 三分热度的 佛系 冰镇 手作 胡同里的 快乐的 沉默的 没睡醒的 加班的 周五的 晒太阳的 认真的 迷路的 深烘 浅烘 今天也要 会发光的 "
    "戒不掉咖啡的 北漂 逃跑的 六月的 下雨天的 温柔的 爱喝水的 打工人"
).split()
_NOUNS = (
    "小鱼干 橘猫 豆子 拿铁 柚子 年糕 土豆 芝麻糊 西瓜 松鼠 海盐 麻薯 板栗 汽水 月亮 馄饨 咸鱼 云朵 布丁 青团 河马 企鹅 山楂 柿子 奶盖 糯米 狐狸 乌龙 团子 梅子 石榴 蘑菇 云吞 小熊 栗子 泡芙 豆浆 羊驼 阿柴 银杏 "
    "杏仁 椰子 芒果 刺猬 黑豆 红豆"
).split()
_ENGLISH = (
    "Luna Momo Kevin Cici Leo Amber Jason Yuki Vivian Eric Sunny Coco Ryan Mia Tony Iris Felix Nana Oscar Bella Simon Echo Zoe Henry Lily Mark Joy Sam Ivy Alan Ruby Max Cherry Ben Anna Neo Elsa Tom Sasha Noah Emma "
    "Victor Daisy Frank Olive Hugo Miles Nina Otto Pia"
).split()
_FOREIGN = "Marta João Pierre Anya Diego Hannah Lukas Sofia Ahmed Ingrid Paolo Keiko Minh Jonas Claire Rafael Amélie Tomás Freya Kenji".split()
_PREFIXES = "鼓楼- 望京- 五道营- 国子监- 三里屯- 亦庄- 雍和宫- 通州-".split()
_EMOJI = "☕ 🌙 🌿 🐱 🍋 🌊 🌻 ✨ 🐰 🍀 🎧 🚲 📚 🐶 🌸 🍑 🧋 🎈 🦊 🌈".split()


def nickname(dice: Dice, *, is_foreign: bool = False) -> str:
    """One name as a chat app would show it."""
    roll = dice.roll()
    if is_foreign:
        name = dice.pick(_FOREIGN if roll < 0.55 else _ENGLISH)
        if dice.chance(0.5):
            name += " " + dice.pick("ABCDEFGHJKLMNPRSTWYZ") + "."
        return name
    if roll < 0.34:
        name = dice.pick(_SURNAMES) + dice.pick(_GIVEN)
    elif roll < 0.42:
        name = dice.pick(_PREFIXES) + dice.pick(_SURNAMES) + dice.pick(_GIVEN)
    elif roll < 0.66:
        name = dice.pick(_ADJECTIVES) + dice.pick(_NOUNS)
    elif roll < 0.76:
        name = dice.pick(("阿", "小", "老", "大")) + dice.pick(_GIVEN if dice.chance(0.4) else _NOUNS)
    elif roll < 0.84:
        name = dice.pick(_NOUNS) + dice.pick(("酱", "同学", "不加冰", "本人", "在胡同", "爱喝咖啡", "er", "呀", "妈妈", "老师", "_", "来了"))
    elif roll < 0.94:
        name = (
            dice.pick(_ENGLISH)
            + (dice.pick(_SURNAMES) if dice.chance(0.3) else dice.pick(("", "", "", "_", " ", "是我", dice.pick(_NOUNS)))).rstrip()
        )
    else:
        name = dice.pick(_GIVEN)
    if dice.chance(0.17):
        name += dice.pick(_EMOJI)
    elif dice.chance(0.06):
        name += str(dice.below(90) + 10)
    return name
