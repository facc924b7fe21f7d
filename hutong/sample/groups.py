"""The community and its eight groups."""

from __future__ import annotations

from dataclasses import dataclass

COMMUNITY_NAME = "槐序咖啡会员社群"
COMMUNITY_DESCRIPTION = (
    "示例数据：北京胡同里的一家精品咖啡，六家门店。会员在微信、QQ、Telegram 和 Discord 上聊豆子、约活动、读书。人物与对话均为虚构。"
)
TIME_ZONE = "Asia/Shanghai"
UTC_OFFSET_SECONDS = 8 * 3600  # China has kept one offset since 1991


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """One group: where it is, how lively, when, and what it talks about."""

    name: str
    channel: str
    external_id: str
    share: float  # how talkative its members are here
    rhythm: str  # weekdays: everyday | office | leisure
    topics: dict[str, float]
    newcomers: float  # share of newcomers whose first group this is
    map_share: float = 0.0
    giveaway_share: float = 0.0


GROUPS: tuple[GroupPlan, ...] = (
    GroupPlan(
        "槐序会员一群", "wechat", "sample-members-1", 1.0, "everyday",
        {"morning": 2, "drinks": 4, "beans": 2, "lunch": 2, "evening": 2, "activities": 2, "service": 2, "weekend": 1}, 0.27, 0.40, 0.04,
    ),
    GroupPlan(
        "槐序会员二群", "wechat", "sample-members-2", 0.9, "everyday",
        {"morning": 2, "drinks": 4, "beans": 1.5, "lunch": 2.5, "evening": 2, "activities": 1.5, "service": 2, "weekend": 1}, 0.16, 0.12, 0.80,
    ),
    GroupPlan(
        "鼓楼店邻居群", "wechat", "sample-gulou", 0.9, "everyday",
        {"neighbours": 4, "morning": 2, "drinks": 2, "evening": 2, "weekend": 1.5, "activities": 1, "service": 1}, 0.14, 0.18, 0.03,
    ),
    GroupPlan(
        "望京店午休群", "wechat", "sample-wangjing", 1.0, "office",
        {"lunch": 5, "drinks": 3, "morning": 2, "service": 1.2, "evening": 0.6, "beans": 0.6}, 0.15, 0.10, 0.10,
    ),
    GroupPlan(
        "手冲研究所", "qq", "sample-brewing", 1.25, "everyday",
        {"brewing": 5, "beans": 3.5, "gear": 3, "drinks": 0.6, "evening": 0.6, "activities": 0.8}, 0.11, 0.10, 0.01,
    ),
    GroupPlan(
        "周末读书会", "qq", "sample-books", 0.95, "leisure",
        {"books": 5, "weekend": 1.5, "evening": 1.2, "activities": 1, "drinks": 0.8}, 0.07, 0.06, 0.01,
    ),
    GroupPlan(
        "Huaixu Coffee Friends", "telegram", "sample-friends", 1.0, "leisure",
        {"english": 6, "beans": 0.6, "weekend": 0.6, "activities": 0.4}, 0.06, 0.02, 0.01,
    ),
    GroupPlan(
        "新品共创实验室", "discord", "sample-lab", 1.1, "everyday",
        {"ideas": 5, "drinks": 2, "beans": 1, "service": 0.6, "brewing": 0.8}, 0.04, 0.02, 0.0,
    ),
)  # fmt: skip

MAP_TOPIC_WEIGHT = 9.0
GIVEAWAY_TOPIC_WEIGHT = 14.0
ANSWERS_BY_QUOTE = {"wechat": 0.22, "qq": 0.42, "telegram": 0.5, "discord": 0.46}  # share of answers that quote the message answered
REACTIONS = {"wechat": 0.0, "qq": 0.10, "telegram": 0.36, "discord": 0.34}  # reactions per message
EMOJI = {
    "qq": ("👍", "❤️", "😂", "🎉", "☕", "🌹"),
    "telegram": ("👍", "❤", "🔥", "😂", "🎉", "👏", "☕"),
    "discord": ("👍", "❤️", "☕", "😂", "🎉", "👀", "💯", "🙌"),
}
