"""What counts as a question."""

from __future__ import annotations

import pytest

from hutong.events.questions import is_question

ASKED = [
    "今天几点开始？", "how do I join?", "真的吗?!", "有人知道吗 😀", "请问怎么报名", "为什么打不开呢", "群里有没有人用过这个", "在哪", "他是谁", "会不会太贵了",
    "那个活动还有么。。", "你们去哪里吃饭", "@小王 周末有空吗～", "ann: what does this mean for arrays", "can anyone point me to the docs",
    "hi, does anyone know a good cafe", "so how does this work", "It fails. what should I do", "any ideas", "这是怎么回事", "where's the source", "？", "why?? :)",
    "请问周五的读书会几点开始，要提前报名", "请问新豆子什么时候上架？想给同事带两盒，最好周五之前能拿到。", "小王，怎么报名", "怎么办: 请问有人在吗",
    "能不能便宜点[微笑]", "多少钱", "is there a way to do it",
]  # fmt: skip
TOLD = [
    "我知道怎么做了", "没什么", "好吧", "什么都行", "不怎么样", "谢谢大家", "ok", "", "我就是这么干的", "what I meant was this", "which is fine", "see https://x.example/?a=1 please",
    "`a ? b : c` is C", "I can do it", "yes it is", "> what do you think?", "不管怎么说都好", "我去看看", "收到！", "how nice", "没几个人来", "怎么办: 大家好", "小王，我知道怎么做了",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_asked(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", TOLD)
def test_told(text: str) -> None:
    assert not is_question(text)


def test_long_texts_are_quick() -> None:
    for text in (
        "a" * 1_000_000,
        "? " * 500_000,
        "!" * 1_000_000,
        "知道" * 300_000,
        "(" * 500_000,
        "[微笑" * 200_000,
        "@" * 100_000,
        "so " * 100_000,
    ):
        is_question(text)
