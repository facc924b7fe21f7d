"""What is said whatever the topic: agreement, thanks, hellos, welcomes, notices."""

from __future__ import annotations

REMARKS = (
    "哈哈哈", "哈哈哈哈哈", "+1", "确实", "是的", "同感", "真的", "可以可以", "学到了", "收藏了", "羡慕", "这个可以有", "蹲一个", "有道理", "对对对", "笑死",
    "原来如此", "太真实了", "说得好", "我也是", "安排", "已截图", "支持", "厉害", "好主意", "没毛病", "懂了", "然后呢", "求图", "多少钱", "在哪家店",
    "哪天去的", "好看", "有一说一，确实不错", "我试过，还行", "改天试试", "谢谢分享", "刚看到", "插一句，{store}今天人很多", "路过", "围观", "坐等",
    "不愧是你", "这波可以", "下次叫我", "我明天去{store}看看", "同事也这么说", "昨天刚聊到这个", "马住", "得试试", "好家伙", "一样一样", "嗯嗯", "好的", "OK",
    "还有这种操作", "我先占个位", "看饿了", "慢慢来", "不急", "可能是我要求低，我觉得挺好", "仁者见仁", "各有所爱", "其实{store}也有", "等一个结果",
)  # fmt: skip
THANKS = ("谢谢", "好的谢谢", "感谢", "多谢", "明白了，谢谢", "太感谢了", "收到，谢谢{who}", "好嘞", "懂了，谢谢", "我试试，谢谢", "解决了", "Thanks")
ENGLISH_THANKS = ("Thanks", "Great, thank you", "Perfect", "谢谢", "Got it, thanks", "Cheers")
HELLOS = (
    "大家好", "大家好，我是{me}", "新人报到", "刚进群，请多关照", "大家好，住{place}，常去{store}", "被朋友拉进来的，打扰啦", "大家好，刚办了会员卡", "你们好，第一杯在{store}喝的{drink}",
    "新人，想学手冲", "潜水转正，大家好", "刚搬到{place}，来认识邻居", "报到，{drink}爱好者",
)  # fmt: skip
MAP_HELLOS = (
    "大家好，集地图来的",
    "跟朋友一起来打卡的，大家好",
    "拿到地图了，第一站{store}",
    "新人报到，想上手冲课",
    "被地图种草进来的",
    "大家好，{place}附近，求组队盖章",
)
GIVEAWAY_HELLOS = ("来领券", "免单在哪领", "怎么参加", "朋友发的链接", "1", "领券", "抽奖在哪", "大家好，求助力")
ENGLISH_HELLOS = (
    "Hi all",
    "Hello everyone, new here",
    "Hi, I am {me}",
    "Hey, just moved to Beijing",
    "大家好 hello",
    "Hi, a friend at the Gulou store sent me the link",
)
WELCOMES = ("欢迎欢迎", "欢迎", "欢迎新朋友", "欢迎，常来{store}坐坐", "欢迎，都是邻居", "哈喽，欢迎")
ENGLISH_WELCOMES = ("Welcome", "Hi there", "Welcome, see you at the cupping", "欢迎")
BOT_WELCOMES = (
    "欢迎 {who} 加入，会员价和活动看群公告，有问题直接在群里说",
    "@{who} 欢迎来到槐序，新会员首杯半价，记得去小程序领取",
    "@{who} 你好，我是小助手。回复「门店」看地址，回复「豆单」看今日豆子",
)
BOT_DAILY = {
    "wechat": (
        "早上好。今天{store} 7:30 开门，推荐{drink}配{dessert}",
        "早。今日会员推荐：{drink}，{store}限量 {n}0 份",
        "早上好，今天{weather}。到店自带杯减五元",
    ),
    "qq": ("今日豆单：{bean}，风味{flavour}、焦糖，建议水温{water}", "今晚话题：大家怎么冲{bean}", "打卡提醒：今天你冲咖啡了吗"),
    "telegram": ("Good morning. Beans on bar today: {bean}", "Today at Gulou: {drink} and {dessert}. Doors open 7:30"),
    "discord": ("本周投票：{idea}，点表情表态", "试饮名单已更新，{store}自取"),
}
NOTICES = ("{who}修改了群公告", "{who}更新了群公告：本周活动安排", "{who}将一条消息设为置顶", "{who}开启了群接龙")
FAREWELL_REASONS = ("", "", "", "", "退群", "")
