"""Rules to begin with: each works as it is once the fields it needs are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Category = Literal["newcomers", "orders", "care", "service", "festivals", "outside"]
DAY_SECONDS = 86_400
BY_DAY = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "09:00", "to": "21:00", "otherwise": "wait"}


class Both(NamedTuple):
    """A text of a setting, of which a workspace gets the one in its language."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePreset:
    """A rule to begin with. `needs`: fields a person must fill first."""

    key: str
    zh: str
    en: str
    description_zh: str
    description_en: str
    category: Category
    trigger: Mapping[str, Any]
    actions: Sequence[Mapping[str, Any]]
    needs: Sequence[str] = ()
    condition: Any = None
    cooldown_seconds: int = 0
    cap_times: int = 0
    cap_days: int = 0
    hours: Mapping[str, Any] | None = None

    def shown(self, *, language: str, zone: str) -> dict[str, Any]:
        """As the gallery has it, for a workspace of that language and time zone."""
        names = ("key", "zh", "en", "description_zh", "description_en", "category", "needs")
        limits = ("cooldown_seconds", "cap_times", "cap_days", "hours")
        trigger = dict(self.trigger)
        if trigger["kind"] == "schedule":
            trigger["timing"] = {**trigger["timing"], "zone": zone}
        return {name: getattr(self, name) for name in names} | {
            "rule": {
                "name": {"zh": self.zh, "en": self.en},
                "trigger": _in_language(trigger, language),
                "condition": self.condition,
                "actions": [{"id": f"a{at + 1}", **_in_language(one, language)} for at, one in enumerate(self.actions)],
                **{name: getattr(self, name) for name in limits},
                "priority": 0,
                "is_last": False,
            }
        }


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, Both):
        return value.en if language == "en" else value.zh
    if isinstance(value, Mapping):
        return {name: _in_language(one, language) for name, one in value.items()}
    return [_in_language(one, language) for one in value] if isinstance(value, list) else value


def _event(name: str, *where: tuple[str, str, str, Any]) -> dict[str, Any]:
    tests = [{"property": prop, "type": kind, "op": op, "value": value} for prop, kind, op, value in where]
    return {"kind": "event", "event": name, "where": tests}


def _date(time: str, *, calendar: str = "solar", offset_days: int = 0) -> dict[str, Any]:
    return {"kind": "date", "attribute": "birthday", "time": time, "calendar": calendar, "offset_days": offset_days, "yearly": True}


def _lunar(month: int, day: int, time: str = "10:00") -> dict[str, Any]:
    return {"kind": "schedule", "segment": None, "timing": {"kind": "lunar", "month": month, "day": day, "time": time}}


def _message(zh: str, en: str, *, there: bool = False, purpose: str = "service") -> dict[str, Any]:
    parts = [{"kind": "text", "text": Both(zh, en)}]
    place = "there" if there else "private"
    return {"action": "message.send", "settings": {"parts": parts, "place": place, "accounts": [], "purpose": purpose}}


def _tag() -> dict[str, Any]:
    return {"action": "tag.add", "settings": {"tag_id": ""}}


def _notify(zh: str, en: str) -> dict[str, Any]:
    return {"action": "staff.notify", "settings": {"text": Both(zh, en)}}


def _todo(zh: str, en: str, *, due_in: int = DAY_SECONDS) -> dict[str, Any]:
    return {"action": "todo.create", "settings": {"title": Both(zh, en), "due_in": due_in}}


def _done(event: str, op: str, value: int, days: int | None = None) -> dict[str, Any]:
    window = {"kind": "ever"} if days is None else {"kind": "last_days", "days": days}
    return {"kind": "event", "event": event, "op": op, "value": value, "window": window}


TAG = "actions.{}.settings.tag_id"
RULES: tuple[RulePreset, ...] = (
    RulePreset(
        key="welcome_tag", zh="新人打标签", en="Tag newcomers", category="newcomers",
        description_zh="有人加入群，就打上“新人”之类的标签，方便以后分群。",
        description_en="Whoever joins a group gets a tag, by which segments find them later.",
        trigger=_event("member_joined"), actions=[_tag()], needs=[TAG.format(0)],
    ),
    RulePreset(
        key="first_message", zh="第一次发言", en="First message", category="newcomers",
        description_zh="成员第一次发言时在群里回应一句，让人知道有人在听。",
        description_en="The first message somebody writes is answered in the group, so that they know somebody listens.",
        trigger=_event("message_sent"), condition=_done("message_sent", "exactly", 1), cap_times=1,
        actions=[_message("欢迎 {{name|朋友}} 第一次发言，以后常来聊。", "Welcome, {{name|friend}}: good to hear from you.", there=True)],
    ),
    RulePreset(
        key="contact_added", zh="加好友后问候", en="Greet new contacts", category="newcomers",
        description_zh="有人添加我们为好友，私聊发一句问候。",
        description_en="Whoever adds us as a contact is greeted privately.",
        trigger=_event("contact_added"), cap_times=1,
        actions=[_message("你好 {{name|朋友}}，有问题随时找我。", "Hello {{name|friend}}, write to me whenever you need something.")],
    ),
    RulePreset(
        key="order_thanks", zh="下单道谢并打标签", en="Thank for orders, and tag", category="orders",
        description_zh="付款后私聊道谢，并打上“已购”之类的标签。一天最多谢一次。",
        description_en="Whoever pays an order is thanked privately and gets a tag; at most once a day.",
        trigger=_event("order_paid"), cooldown_seconds=DAY_SECONDS, hours=BY_DAY, needs=[TAG.format(0)],
        actions=[_tag(), _message("{{name|朋友}}，谢谢你的订单，我们会尽快安排。", "{{name|friend}}, thank you for your order: we are on it.")],
    ),
    RulePreset(
        key="first_order", zh="首单", en="First order", category="orders",
        description_zh="第一次下单的成员，私聊表示感谢，并给员工一条回访待办。",
        description_en="After their first order members are thanked, and staff gets a to-do to call back.",
        trigger=_event("order_paid"), condition=_done("order_paid", "exactly", 1), cap_times=1,
        actions=[
            _message("{{name|朋友}}，感谢第一次下单。有任何问题直接回复我。", "{{name|friend}}, thank you for your first order. Write back with any question."),
            _todo("回访首单成员：{{name|未知}}", "Call back after a first order: {{name|unknown}}", due_in=3 * DAY_SECONDS),
        ],
    ),
    RulePreset(
        key="big_order", zh="大额订单提醒员工", en="Tell staff of large orders", category="orders",
        description_zh="订单金额达到设定值时提醒员工，及时跟进。",
        description_en="Staff is told of orders from an amount on.",
        trigger=_event("order_paid", ("amount", "number", "at_least", 1000)),
        actions=[_notify("{{name|未知}} 下了一笔大额订单。", "{{name|Somebody}} paid a large order.")],
    ),
    RulePreset(
        key="refund", zh="退款跟进", en="Follow up on refunds", category="orders",
        description_zh="有人退款，就建一条待办，请员工了解原因。",
        description_en="A refund makes a to-do: somebody asks for the reason.",
        trigger=_event("order_refunded"), actions=[_todo("了解退款原因：{{name|未知}}", "Ask why it was refunded: {{name|unknown}}")],
    ),
    RulePreset(
        key="birthday", zh="生日祝福", en="Birthday greeting", category="care",
        description_zh="公历生日当天早上九点，按成员所在地的时间私聊祝福。",
        description_en="A greeting at nine in the morning of their birthday, on each member's own clock.",
        trigger=_date("09:00"),
        actions=[_message("{{name|朋友}}，生日快乐，愿这一年顺顺利利。", "Happy birthday, {{name|friend}}, and a good year ahead.")],
    ),
    RulePreset(
        key="lunar_birthday", zh="农历生日祝福", en="Birthday greeting by the Chinese calendar", category="care",
        description_zh="按农历过生日的成员，农历生日当天早上九点私聊祝福。",
        description_en="For members who keep their birthday by the Chinese calendar, at nine in the morning.",
        trigger=_date("09:00", calendar="lunar"),
        actions=[_message("{{name|朋友}}，农历生日快乐，愿你平安喜乐。", "Happy birthday by the Chinese calendar, {{name|friend}}.")],
    ),
    RulePreset(
        key="quiet_todo", zh="安静下来的成员回访", en="Call back the quiet", category="care",
        description_zh="成员的活跃阶段变为“安静”时，建一条待办，请员工问候。",
        description_en="When a member turns quiet, staff gets a to-do to write to them.",
        trigger=_event("stage_changed", ("kind", "text", "is", "activity"), ("to", "text", "is", "quiet")), cooldown_seconds=30 * DAY_SECONDS,
        actions=[_todo("问候安静下来的成员：{{name|未知}}", "Write to somebody gone quiet: {{name|unknown}}", due_in=2 * DAY_SECONDS)],
    ),
    RulePreset(
        key="left_survey", zh="退群询问", en="Ask those who leave", category="care",
        description_zh="有人离开群，私聊问一句原因。一个月最多问一次，只在白天。",
        description_en="Whoever leaves a group is asked why, privately; at most once a month, and by day.",
        trigger=_event("member_left"), cooldown_seconds=30 * DAY_SECONDS, hours=BY_DAY,
        actions=[_message("{{name|朋友}}，看到你离开了群，方便说说原因吗？", "{{name|friend}}, you left the group: would you tell us why?")],
    ),
    RulePreset(
        key="question", zh="提问提醒员工", en="Tell staff of questions", category="service",
        description_zh="有人在群里提问，提醒员工去回答。同一个人半小时提醒一次。",
        description_en="Staff is told when somebody asks a question; once in half an hour for the same person.",
        trigger=_event("message_sent", ("$is_question", "boolean", "is", True)), cooldown_seconds=1_800,
        actions=[_notify("{{name|未知}} 在提问，请去看看。", "{{name|Somebody}} asks a question.")],
    ),
    RulePreset(
        key="complaint", zh="投诉升级", en="Escalate complaints", category="service",
        description_zh="消息里出现“投诉”，提醒员工并建一条当天的待办。词语可以改。",
        description_en="A message with “complain” in it tells staff and makes a to-do for the day. The word can be changed.",
        trigger=_event("message_sent", ("$text", "text", "contains", Both("投诉", "complain"))), cooldown_seconds=3_600,
        actions=[
            _notify("{{name|未知}} 可能要投诉。", "{{name|Somebody}} may be complaining."),
            _todo("处理投诉：{{name|未知}}", "Handle a complaint: {{name|unknown}}", due_in=4 * 3_600),
        ],
    ),
    RulePreset(
        key="not_delivered", zh="消息没发出去", en="Messages that fail", category="service",
        description_zh="给成员的消息没有发出，提醒员工换个渠道。",
        description_en="Staff is told when a message did not go out, to try another channel.",
        trigger=_event("message_failed"), cooldown_seconds=DAY_SECONDS,
        actions=[_notify("发给 {{name|未知}} 的消息没有发出。", "A message to {{name|somebody}} did not go out.")],
    ),
    RulePreset(
        key="mid_autumn", zh="中秋祝福", en="Mid-Autumn greeting", category="festivals",
        description_zh="每年农历八月十五上午十点，给所有成员私聊祝福。可以选一个分群。",
        description_en="A greeting on the 15th of the eighth month of the Chinese calendar; choose a segment where not all are meant.",
        trigger=_lunar(8, 15),
        actions=[_message("{{name|朋友}}，中秋快乐，月圆人圆。", "A happy Mid-Autumn Festival, {{name|friend}}.")],
    ),
    RulePreset(
        key="spring_festival", zh="春节祝福", en="Spring Festival greeting", category="festivals",
        description_zh="每年农历正月初一上午九点，给所有成员私聊拜年。可以选一个分群。",
        description_en="A greeting on the first day of the Chinese year; choose a segment where not all are meant.",
        trigger=_lunar(1, 1, "09:00"),
        actions=[_message("{{name|朋友}}，新年好，祝你万事如意。", "A happy Chinese New Year, {{name|friend}}.")],
    ),
    RulePreset(
        key="segment_webhook", zh="进入分群通知外部系统", en="Tell another system of a segment", category="outside",
        description_zh="成员进入某个分群时，调用外部系统的 Webhook。",
        description_en="A webhook of another system is called when a member enters a segment.",
        trigger={"kind": "segment", "segment": "", "way": "entered"},
        actions=[{"action": "webhook.call", "settings": {"account": "", "type": "segment.entered", "properties": []}}],
        needs=["trigger.segment", "actions.0.settings.account"],
    ),
    RulePreset(
        key="segment_tag", zh="离开分群打标签", en="Tag those who leave a segment", category="outside",
        description_zh="成员离开某个分群时打上标签，记住他们曾经在里面。",
        description_en="Whoever leaves a segment gets a tag, which remembers that they were in it.",
        trigger={"kind": "segment", "segment": "", "way": "left"}, actions=[_tag()], needs=["trigger.segment", TAG.format(0)],
    ),
)  # fmt: skip
