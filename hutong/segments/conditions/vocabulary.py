"""What conditions of a workspace may speak of: its events, attributes, tags and the rest, with their names in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """Something with a name, and a type where it has one. `values` names the values that are codes: of stages, say."""

    zh: str
    en: str
    type: str = ""
    values: Mapping[str, Word] | None = field(default=None, compare=False)


CHANNELS = {
    "wechat": Word("微信", "WeChat"),
    "qq": Word("QQ", "QQ"),
    "telegram": Word("Telegram", "Telegram"),
    "discord": Word("Discord", "Discord"),
    "slack": Word("Slack", "Slack"),
    "whatsapp": Word("WhatsApp", "WhatsApp"),
    "feishu": Word("飞书", "Feishu"),
    "dingtalk": Word("钉钉", "DingTalk"),
    "matrix": Word("Matrix", "Matrix"),
    "zulip": Word("Zulip", "Zulip"),
    "irc": Word("IRC", "IRC"),
    "other": Word("其他聊天", "Other chat"),
    "user_id": Word("用户 ID", "User ID"),
    "email": Word("邮箱", "E-mail"),
    "phone": Word("手机号", "Phone"),
    "anonymous_id": Word("匿名 ID", "Anonymous ID"),
}
BUILT_IN_ATTRIBUTES = {
    "$name": Word("名字", "Name", "text"),
    "$first_seen": Word("首次出现", "First seen", "date"),
    "$channels": Word("渠道", "Channels", "list", CHANNELS),
    "$is_anonymous": Word("匿名", "Anonymous", "boolean"),
    "$is_bot": Word("机器人", "Bot", "boolean"),
}
BUILT_IN_PROPERTIES = {
    "$text": Word("消息文字", "message text", "text"),
    "$channel": Word("渠道", "channel", "text", CHANNELS),
    "$characters": Word("字数", "characters", "number"),
    "$is_reply": Word("是回复", "is a reply", "boolean"),
    "$is_question": Word("是提问", "is a question", "boolean"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names by key or id. `properties` are those seen or declared, by event; others may be named too, they are just unknown here."""

    attributes: dict[str, Word] = field(default_factory=dict)
    events: dict[str, Word] = field(default_factory=dict)
    properties: dict[tuple[str, str], Word] = field(default_factory=dict)
    tags: dict[str, Word] = field(default_factory=dict)
    segments: dict[str, Word] = field(default_factory=dict)
    communities: dict[str, Word] = field(default_factory=dict)
    groups: dict[str, Word] = field(default_factory=dict)
    scores: dict[str, Word] = field(default_factory=dict)
    purposes: dict[str, Word] = field(default_factory=dict)
    segments_in: Callable[[str], frozenset[str]] = lambda _: frozenset()  # the segments a segment's own condition names

    def attribute(self, key: str) -> Word | None:
        """An attribute, built in or the workspace's own."""
        return BUILT_IN_ATTRIBUTES.get(key) or self.attributes.get(key)

    def type_of(self, key: str) -> str:
        """The type of an attribute there is."""
        return (BUILT_IN_ATTRIBUTES.get(key) or self.attributes[key]).type

    def property(self, event: str, name: str) -> Word:
        """A property of an event; its own name where nothing better is known."""
        return BUILT_IN_PROPERTIES.get(name) or self.properties.get((event, name)) or Word(name, name)
