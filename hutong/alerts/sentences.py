"""What an alert says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hutong.foundation.text import counted

KIND_NAMES = {
    "quiet": ("群变安静", "Quiet group"),
    "spike": ("消息突增", "Sudden spike"),
    "question": ("提问没人答", "Unanswered question"),
    "newcomer": ("新人没人理", "Ignored newcomer"),
    "connector": ("连接断开", "Connector down"),
    "sends": ("消息没有发出", "Messages not sent"),
    "todo": ("待办提醒", "To-do reminder"),
    "automation": ("自动化提醒", "From an automation"),
}


def sentence(kind: str, place: str, facts: Mapping[str, Any], *, quotes: bool = True) -> tuple[str, str]:
    """(zh, en). `place` is the group's or the account's name; `quotes`: with what the first of those who wait said."""
    if kind == "quiet":
        usual = round(facts["usual"])
        return (
            f"「{place}」过去 24 小时只有 {facts['messages']:,} 条消息，往常同一时段约 {usual:,} 条。",
            f"“{place}” had {counted(facts['messages'], 'message')} in the past 24 hours; about {usual:,} are usual at this time of the week.",
        )
    if kind == "spike":
        usual = round(facts["usual"])
        return (
            f"「{place}」这一小时已有 {facts['messages']:,} 条消息，往常同一时段约 {usual:,} 条。",
            f"“{place}” has {counted(facts['messages'], 'message')} this hour already; about {usual:,} are usual at this time of the week.",
        )
    if kind in ("question", "newcomer"):
        return _waiting(kind, place, facts, quotes=quotes)
    if kind == "connector":
        return f"「{place}」连接断开：{facts['zh']}", f"“{place}” is not connected: {facts['en']}"
    if kind == "todo":
        zh, en = (f"（{facts['assignee']}）", f" ({facts['assignee']})") if "assignee" in facts else ("", "")
        return f"待办：{facts['title']}{zh}", f"To do: {facts['title']}{en}"
    if kind == "automation":
        name = facts["items"][0]["name"]
        return f"「{facts['by']}」{name}：{facts['text']}", f"“{facts['by']}”, {name}: {facts['text']}"
    return (
        f"「{place}」有 {facts['messages']:,} 条消息没有发出，请到渠道的发送记录处理。",
        f"{counted(facts['messages'], 'message')} of “{place}” did not go out. Look at the outbox under Channels.",
    )


def _waiting(kind: str, place: str, facts: Mapping[str, Any], *, quotes: bool) -> tuple[str, str]:
    count = facts["count"]
    if kind == "question":
        zh, en = (
            f"「{place}」有 {count:,} 个提问没人答。",
            f"{counted(count, 'question waits', 'questions wait')} for an answer in “{place}”.",
        )
    else:
        zh, en = (
            f"「{place}」有 {count:,} 位新人发言没人理。",
            f"{counted(count, 'newcomer waits', 'newcomers wait')} for a reply in “{place}”.",
        )
    if not quotes:
        return zh, en
    who, text = facts["items"][0]["name"], facts["items"][0]["text"]
    said_zh, said_en = (f"：{text}", f": {text}") if text else ("。", ".")
    return f"{zh}{who}{said_zh}", f"{en} {who}{said_en}"


def digest(lines: list[tuple[str, str]], *, more: int, language: str) -> str:
    """Several alerts in one message."""
    index = 0 if language == "zh" else 1
    count = len(lines) + more
    head = f"{count:,} 条提醒：" if language == "zh" else f"{counted(count, 'alert')}:"
    tail = [] if not more else [f"还有 {more:,} 条，见控制台。" if language == "zh" else f"{more:,} more are in the console."]
    return "\n".join([head, *(f"· {line[index]}" for line in lines), *tail])
