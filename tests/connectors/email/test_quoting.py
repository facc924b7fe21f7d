"""What is left of a mail when the mail it answers and the signature are gone."""

from __future__ import annotations

import pytest

from hutong.connectors.email.html import plain_text
from hutong.connectors.email.quoting import own_words

OWN = "好的，周日见。\n\n带两个朋友。"
HISTORIES = {
    "gmail": "On Fri, Nov 27, 2026 at 7:30 PM Hutong Shop <hello@shop.test> wrote:\n> We open at ten.\n>\n> Bye",
    "gmail, two lines": "On Fri, Nov 27, 2026 at 7:30 PM Hutong Shop With A Long Name <\nhello@shop.test> wrote:\n\n> We open at ten.",
    "gmail in Chinese": "胡同杂货铺 <hello@shop.test> 于2026年11月27日周五 19:30写道：\n\n> 十点开门。",
    "gmail, date first": "2026年11月27日(金) 19:30 胡同杂货铺 <hello@shop.test>:\n\n> 十点开门。",
    "apple": "> 在 2026年11月27日，下午7:30，胡同杂货铺 <hello@shop.test> 写道：\n> \n> 十点开门。",
    "apple, unquoted head": "在 2026年11月27日，下午7:30，胡同杂货铺 <hello@shop.test> 写道：\n\n十点开门。",
    "163": '在 2026-11-27 19:30:00，"胡同杂货铺" <hello@shop.test> 写道：\n十点开门。',
    "netease master": "---- 回复的原邮件 ----\n| 发件人 | 胡同杂货铺<hello@shop.test> |\n十点开门。",
    "qq": '------------------ 原始邮件 ------------------\n发件人: "胡同杂货铺" <hello@shop.test>;\n发送时间: 2026年11月27日(星期五) 晚上7:30\n\n十点开门。',
    "outlook": "________________________________\n发件人: 胡同杂货铺 <hello@shop.test>\n发送时间: 2026年11月27日 19:30\n收件人: 小红\n主题: 开门时间\n\n十点开门。",
    "outlook in English": "From: Hutong Shop <hello@shop.test>\nSent: Friday, November 27, 2026 7:30 PM\nTo: Ann\nSubject: Hours\n\nWe open at ten.",
    "outlook, old": "-----Original Message-----\nFrom: Hutong Shop\nSent: Friday\n\nWe open at ten.",
    "foxmail": "发件人： 胡同杂货铺\n发送时间： 2026-11-27 19:30\n收件人： 小红\n主题： 开门\n十点开门。",
    "german": "Am Fr., 27. Nov. 2026 um 19:30 Uhr schrieb Hutong Shop <hello@shop.test>:\n> Um zehn.",
    "quotes only": "> 十点开门。\n> 再见",
}
SIGNATURES = {
    "delimiter": "-- \n王小明\n13800000000",
    "iphone": "发自我的iPhone",
    "iphone in English": "Sent from my iPhone",
    "outlook": "获取 Outlook for iOS",
    "outlook in English": "Get Outlook for Android",
    "xiaomi": "发自我的小米手机",
    "master": "发自 网易邮箱大师",
}


@pytest.mark.parametrize("name", HISTORIES)
def test_history_goes(name: str) -> None:
    assert own_words(f"{OWN}\n\n\n{HISTORIES[name]}\n") == OWN


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_go(name: str) -> None:
    assert own_words(f"{OWN}\n\n{SIGNATURES[name]}\n") == OWN
    for history in HISTORIES.values():
        assert own_words(f"{OWN}\n\n{SIGNATURES[name]}\n\n{history}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "> 几点开门？\n十点。\n> 周日呢？\n也是十点。",  # answered point by point
        "在线下单的写道：可以吗",
        "我昨天在微信写道：不来了",
        "发件人写错了怎么办？\n请帮我改",
        "From: where do you come?",
        "价格 - - 很好\n----\n第二部分",
        "On Monday we close.\nOn Tuesday he wrote: hello there and more",
        "发自我的内心，谢谢你们一直以来给大家的帮助和支持，真的非常非常感谢大家",
        "-- 不是签名\n而是正文",
        "Get well soon",
    ],
)
def test_what_no_rule_knows_stays(text: str) -> None:
    assert own_words(text) == text


def test_where_nothing_would_be_left_all_of_it_stays() -> None:
    assert own_words("> 只有引用\n> 两行") == "> 只有引用\n> 两行"
    assert own_words("-- \n王小明") == "--\n王小明"
    assert own_words("发自我的iPhone") == "发自我的iPhone"
    assert own_words("") == ""


def test_html_is_read_as_a_reader_sees_it() -> None:
    html = (
        "<html><head><title>t</title><style>x</style></head><body><h1>标题</h1><p>第一段&nbsp;有 <b>粗</b>\n体<br>换行</p><ul><li>甲</li><li>乙</li></ul>"
        "<script>alert(1)</script><table><tr><td>a</td><td>b</td></tr></table><blockquote>引<blockquote>再引</blockquote></blockquote><pre>一\n  二</pre></body></html>"
    )
    assert plain_text(html) == "标题\n第一段 有 粗 体\n换行\n\n- 甲\n- 乙\na b\n> 引\n>> 再引\n一\n  二"
    assert plain_text("") == ""
    assert plain_text("<p>未闭合<p>再来") == "未闭合\n再来"
