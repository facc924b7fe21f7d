"""Journeys to begin with: each works from end to end once what its check names is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hutong.automations.presets.rules import Both, _in_language

Category = Literal["welcome", "care", "sell", "keep", "service"]
MINUTE, HOUR, DAY = 60, 3_600, 86_400
ACROSS, DOWN = 260, 150  # between nodes of a drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyPreset:
    """A journey to begin with. Texts of its drawing are `Both`, of which a workspace gets the one in its language."""

    key: str
    zh: str
    en: str
    description_zh: str
    description_en: str
    category: Category
    drawing: Mapping[str, Any]

    def shown(self, *, language: str, zone: str) -> dict[str, Any]:
        """As the gallery has it, for a workspace of that language and time zone."""
        names = ("key", "zh", "en", "description_zh", "description_en", "category")
        return {name: getattr(self, name) for name in names} | {"graph": self.graph(language=language, zone=zone)}

    def graph(self, *, language: str, zone: str) -> Any:
        """What it draws."""
        drawn = _in_language(dict(self.drawing), language)
        for node in drawn["nodes"]:
            if node["kind"] == "entry" and node["trigger"]["kind"] == "schedule":
                node["trigger"]["timing"]["zone"] = zone
        return drawn


def find(key: str) -> JourneyPreset | None:
    """One by its key."""
    return next((one for one in PRESETS if one.key == key), None)


def _drawing(rows: Sequence[Sequence[Mapping[str, Any]]], edges: Sequence[tuple[str, str, str]], **rules: Any) -> dict[str, Any]:
    """Nodes in rows from the top, and (source, port, target) edges."""
    nodes = [
        {**node, "x": (at - (len(row) - 1) / 2) * ACROSS, "y": number * DOWN} for number, row in enumerate(rows) for at, node in enumerate(row)
    ]  # fmt: skip
    return {
        "nodes": nodes,
        "edges": [{"source": source, "port": port, "target": target} for source, port, target in edges],
        "rules": rules,
    }


def _entry(trigger: Mapping[str, Any], *, reentry: Mapping[str, Any] | None = None, condition: Any = None) -> dict[str, Any]:
    return {"kind": "entry", "id": "entry", "trigger": trigger, "reentry": reentry or {"kind": "never"}, "condition": condition}


def _event(name: str, *where: tuple[str, str, str, Any]) -> dict[str, Any]:
    tests = [{"property": prop, "type": kind, "op": op, "value": value} for prop, kind, op, value in where]
    return {"kind": "event", "event": name, "where": tests}


def _awaited(pk: str, name: str, *where: tuple[str, str, str, Any], to_them: bool = False) -> dict[str, Any]:
    found = {"id": pk, **_event(name, *where)}
    del found["kind"]
    return found | ({"to_them": True} if to_them else {})


def _message(pk: str, name: Both, text: Both, *, purpose: str = "service", place: str = "private") -> dict[str, Any]:
    settings = {"parts": [{"kind": "text", "text": text}], "purpose": purpose, "place": place, "accounts": []}
    return {"kind": "action", "id": pk, "name": name, "action": "message.send", "settings": settings}


def _notify(pk: str, name: Both, text: Both) -> dict[str, Any]:
    return {"kind": "action", "id": pk, "name": name, "action": "staff.notify", "settings": {"text": text}}


def _todo(pk: str, name: Both, title: Both, *, due_seconds: int = DAY) -> dict[str, Any]:
    return {"kind": "action", "id": pk, "name": name, "action": "todo.create", "settings": {"title": title, "due_in": due_seconds}}


def _wait(pk: str, seconds: int) -> dict[str, Any]:
    return {"kind": "wait", "id": pk, "seconds": seconds}


def _exit(pk: str, name: Both) -> dict[str, Any]:
    return {"kind": "exit", "id": pk, "name": name}


DONE = Both("结束", "Done")
TALKED = {"kind": "event", "event": "message_sent", "op": "at_least", "value": 1, "window": {"kind": "last_days", "days": 7}}

PRESETS: tuple[JourneyPreset, ...] = (
    JourneyPreset(
        key="newcomer_week",
        zh="新人欢迎与七天引导",
        en="Welcome and a guide of seven days",
        description_zh="入群即欢迎；次日上午介绍怎样参与；三天内没发言的，请同事关照；第七天收集感受。",
        description_en="Welcomed on joining; how to take part the next morning; who has not spoken within three days is looked after; on day seven they are asked how it was.",
        category="welcome",
        drawing=_drawing(
            [
                [_entry(_event("member_joined"))],
                [
                    _message(
                        "hello",
                        Both("欢迎", "Welcome"),
                        Both(
                            "{{name|朋友}}，欢迎加入{{group|我们}}！先和大家打个招呼吧。",
                            "Welcome to {{group|our group}}, {{name|friend}}. Say hello to everybody.",
                        ),
                    )
                ],
                [{"kind": "wait_time", "id": "morning", "time": "10:00"}],
                [
                    _message(
                        "guide",
                        Both("怎样参与", "How to take part"),
                        Both(
                            "{{name|朋友}}，这里每周有话题讨论，也可以随时提问。想了解什么，直接回复我。",
                            "{{name|Friend}}, there is a topic every week, and you can always ask. Tell me what you would like to know.",
                        ),
                    )
                ],
                [_wait("three", 3 * DAY)],
                [{"kind": "branch", "id": "spoke", "cases": [{"id": "said", "name": Both("发过言", "Spoke"), "condition": TALKED}]}],
                [
                    {"kind": "join", "id": "on"},
                    _todo(
                        "care",
                        Both("关照新人", "Look after them"),
                        Both("关照还没发言的新成员 {{name|（未命名）}}", "Look after {{name|a newcomer}}, who has not spoken yet"),
                    ),
                ],
                [_wait("week", 3 * DAY)],
                [
                    _message(
                        "ask",
                        Both("一周感受", "How was the week"),
                        Both(
                            "{{name|朋友}}，来这里一周了，感觉怎么样？有什么想看到的，告诉我。",
                            "{{name|Friend}}, you have been here a week. How is it? Tell me what you would like to see.",
                        ),
                    )
                ],
                [_exit("end", DONE)],
            ],
            [
                ("entry", "out", "hello"),
                ("hello", "out", "morning"),
                ("morning", "out", "guide"),
                ("guide", "out", "three"),
                ("three", "out", "spoke"),
                ("spoke", "said", "on"),
                ("spoke", "otherwise", "care"),
                ("care", "out", "on"),
                ("on", "out", "week"),
                ("week", "out", "ask"),
                ("ask", "out", "end"),
            ],
            exit_events=[{"event": "member_left"}],
        ),
    ),
    JourneyPreset(
        key="browsed_not_bought",
        zh="浏览未购：提醒，再给优惠",
        en="Browsed but did not buy: a reminder, then an offer",
        description_zh="看过商品页，两小时没下单就提醒；再过一天仍没买，发优惠。10% 的人作对照组，什么也不发。",
        description_en="Whoever looked at a product and has not bought within two hours is reminded, a day later gets an offer. One in ten is held out and gets nothing.",
        category="sell",
        drawing=_drawing(
            [
                [_entry(_event("page_viewed", ("path", "text", "contains", "/product")), reentry={"kind": "after", "days": 14})],
                [
                    {
                        "kind": "split",
                        "id": "split",
                        "arms": [
                            {"id": "send", "name": Both("发送", "Send"), "weight": 90},
                            {"id": "hold", "name": Both("对照", "Holdout"), "weight": 10, "is_holdout": True},
                        ],
                    }
                ],
                [
                    {"kind": "wait_event", "id": "wait", "events": [_awaited("bought", "order_paid")], "timeout_seconds": 2 * HOUR},
                    _exit("held", Both("对照组", "Held out")),
                ],
                [
                    _message(
                        "remind",
                        Both("提醒", "Reminder"),
                        Both(
                            "{{name|朋友}}，刚才看的商品还在。有问题可以直接问我。",
                            "{{name|Friend}}, what you looked at is still there. Ask me anything about it.",
                        ),
                        purpose="marketing",
                    ),
                    {"kind": "join", "id": "bought"},
                ],
                [{"kind": "wait_event", "id": "day", "events": [_awaited("bought", "order_paid")], "timeout_seconds": DAY}],
                [
                    _message(
                        "offer",
                        Both("优惠", "Offer"),
                        Both("{{name|朋友}}，送你一张优惠券，三天内有效。", "{{name|Friend}}, here is a coupon for you, good for three days."),
                        purpose="marketing",
                    )
                ],
                [{"kind": "goal", "id": "goal", "name": Both("下单", "Order"), "event": "order_paid", "within_days": 7}, _exit("end", DONE)],
            ],
            [
                ("entry", "out", "split"),
                ("split", "send", "wait"),
                ("split", "hold", "held"),
                ("wait", "timeout", "remind"),
                ("wait", "bought", "bought"),
                ("remind", "out", "day"),
                ("day", "timeout", "offer"),
                ("day", "bought", "bought"),
                ("bought", "out", "goal"),
                ("offer", "out", "end"),
            ],
        ),
    ),
    JourneyPreset(
        key="silent_call_back",
        zh="沉默 14 天召回",
        en="Silent for 14 days: call back",
        description_zh="活跃阶段变为“安静”时发消息问候；三天没回应，给负责人一条待办。一个月内只召回一次。",
        description_en="Whoever becomes quiet is written to; without an answer in three days somebody gets a to-do. Once a month at most.",
        category="keep",
        drawing=_drawing(
            [
                [
                    _entry(
                        _event("stage_changed", ("kind", "text", "is", "activity"), ("to", "text", "is", "quiet")),
                        reentry={"kind": "after", "days": 30},
                    )
                ],
                [{"kind": "wait_time", "id": "evening", "time": "19:00"}],
                [
                    _message(
                        "call",
                        Both("问候", "A greeting"),
                        Both(
                            "{{name|朋友}}，好久不见。最近群里有几个话题你可能感兴趣，回来看看？",
                            "{{name|Friend}}, it has been a while. There are topics you may like. Come and have a look?",
                        ),
                        purpose="marketing",
                    )
                ],
                [
                    {
                        "kind": "wait_event",
                        "id": "back",
                        "events": [_awaited("said", "message_sent"), _awaited("seen", "page_viewed")],
                        "timeout_seconds": 3 * DAY,
                    }
                ],
                [
                    {"kind": "goal", "id": "goal", "name": Both("回来了", "Back"), "ends": True},
                    _todo(
                        "care",
                        Both("人工联系", "Somebody calls"),
                        Both("联系沉默的成员 {{name|（未命名）}}", "Call {{name|a member}}, who has become silent"),
                    ),
                ],
                [_exit("end", DONE)],
            ],
            [
                ("entry", "out", "evening"),
                ("evening", "out", "call"),
                ("call", "out", "back"),
                ("back", "said", "goal"),
                ("back", "seen", "goal"),
                ("back", "timeout", "care"),
                ("care", "out", "end"),
            ],
        ),
    ),
    JourneyPreset(
        key="birthday",
        zh="生日祝福",
        en="Birthday greetings",
        description_zh="提前三天提醒负责人准备，生日当天上午送上祝福。按公历；改入口的历法可按农历。",
        description_en="Three days before, somebody is told to prepare; on the morning of the birthday they are congratulated. By the solar calendar; the entry may say the Chinese one.",
        category="care",
        drawing=_drawing(
            [
                [_entry({"kind": "date", "attribute": "birthday", "offset_days": -3, "time": "09:00"}, reentry={"kind": "after", "days": 300})],
                [
                    _todo(
                        "prepare",
                        Both("准备", "Prepare"),
                        Both("为 {{name|成员}} 准备三天后的生日", "Prepare for the birthday of {{name|a member}} in three days"),
                        due_seconds=3 * DAY,
                    )
                ],
                [{"kind": "wait_date", "id": "day", "attribute": "birthday", "time": "09:00"}],
                [
                    _message(
                        "greet",
                        Both("祝福", "Greeting"),
                        Both("{{name|朋友}}，生日快乐！愿新的一岁平安喜乐。", "Happy birthday, {{name|friend}}. All the best for your new year."),
                    )
                ],
                [_exit("end", DONE)],
            ],
            [("entry", "out", "prepare"), ("prepare", "out", "day"), ("day", "out", "greet"), ("day", "otherwise", "end"), ("greet", "out", "end")],
        ),
    ),
    JourneyPreset(
        key="mid_autumn",
        zh="中秋问候",
        en="Mid-Autumn greetings",
        description_zh="每年农历八月十五上午十点问候所有成员；每小时最多 500 人，不挤占平台额度。",
        description_en="Every year on the 15th of the eighth Chinese month at ten everybody is greeted, 500 an hour at most.",
        category="care",
        drawing=_drawing(
            [
                [
                    _entry(
                        {"kind": "schedule", "timing": {"kind": "lunar", "month": 8, "day": 15, "time": "10:00"}},
                        reentry={"kind": "after", "days": 300},
                    )
                ],
                [{"kind": "limit", "id": "slowly", "people": 500, "per": "hour"}],
                [
                    _message(
                        "greet",
                        Both("问候", "Greeting"),
                        Both("{{name|朋友}}，中秋快乐，月圆人团圆。", "Happy Mid-Autumn Festival, {{name|friend}}."),
                        purpose="marketing",
                    )
                ],
                [_exit("end", DONE)],
            ],
            [("entry", "out", "slowly"), ("slowly", "out", "greet"), ("greet", "out", "end")],
        ),
    ),
    JourneyPreset(
        key="first_order_review",
        zh="首单后邀请评价",
        en="First order: ask for a review",
        description_zh="第一次下单后七天，请成员说说感受；回复了就打招呼感谢，没回复就到此为止。",
        description_en="Seven days after the first order they are asked what they think; who answers is thanked, and that is all.",
        category="sell",
        drawing=_drawing(
            [
                [
                    _entry(
                        _event("order_paid"),
                        condition={"kind": "event", "event": "order_paid", "op": "exactly", "value": 1, "window": {"kind": "ever"}},
                    )
                ],
                [_wait("week", 7 * DAY)],
                [{"kind": "wait_time", "id": "evening", "time": "19:30"}],
                [
                    _message(
                        "ask",
                        Both("请评价", "Ask"),
                        Both(
                            "{{name|朋友}}，上周买的{{event.product|商品}}用得怎么样？说两句感受吧，对大家很有帮助。",
                            "{{name|Friend}}, how do you like {{event.product|what you bought}}? A few words would help everybody.",
                        ),
                    )
                ],
                [{"kind": "wait_event", "id": "answer", "events": [_awaited("said", "message_sent")], "timeout_seconds": 3 * DAY}],
                [_message("thank", Both("感谢", "Thanks"), Both("谢谢分享，{{name|朋友}}！", "Thank you, {{name|friend}}.")), _exit("silent", DONE)],
                [{"kind": "goal", "id": "goal", "name": Both("有评价", "Reviewed")}],
            ],
            [
                ("entry", "out", "week"),
                ("week", "out", "evening"),
                ("evening", "out", "ask"),
                ("ask", "out", "answer"),
                ("answer", "said", "thank"),
                ("answer", "timeout", "silent"),
                ("thank", "out", "goal"),
            ],
            exit_events=[{"event": "order_refunded"}],
        ),
    ),
    JourneyPreset(
        key="question_unanswered",
        zh="提问两小时无人回答",
        en="A question without an answer for two hours",
        description_zh="有人在群里提问，两小时内没有人回复他，也没有员工接待，就提醒管理者并建一条待办。",
        description_en="Somebody asked in a group; if nobody has answered them within two hours, and no member of staff has, a manager is told and gets a to-do.",
        category="service",
        drawing=_drawing(
            [
                [_entry(_event("message_sent", ("$is_question", "boolean", "is", True)), reentry={"kind": "always"})],
                [
                    {
                        "kind": "wait_event",
                        "id": "answer",
                        "timeout_seconds": 2 * HOUR,
                        "events": [
                            _awaited("reply", "message_sent", to_them=True),
                            _awaited("staff", "conversation_answered"),
                            _awaited("bot", "keyword_replied"),
                        ],
                    }
                ],
                [
                    _exit("answered", Both("有人回答", "Answered")),
                    _notify(
                        "tell",
                        Both("提醒管理者", "Tell the manager"),
                        Both(
                            "{{name|一位成员}} 的提问两小时没人回答：{{event.text|（无文字）}}",
                            "Nobody has answered {{name|a member}} for two hours: {{event.text|(no text)}}",
                        ),
                    ),
                ],
                [
                    _todo(
                        "todo",
                        Both("待办", "To-do"),
                        Both("回答 {{name|一位成员}} 的提问", "Answer the question of {{name|a member}}"),
                        due_seconds=2 * HOUR,
                    )
                ],
                [_exit("end", DONE)],
            ],
            [
                ("entry", "out", "answer"),
                ("answer", "reply", "answered"),
                ("answer", "staff", "answered"),
                ("answer", "bot", "answered"),
                ("answer", "timeout", "tell"),
                ("tell", "out", "todo"),
                ("todo", "out", "end"),
            ],
        ),
    ),
)
