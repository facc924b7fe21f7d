"""Every number the product shows, defined once: its name, its formula as a sentence, its unit, which way is better.

The API serves these as tooltips and docs/metrics.md is rendered from them, so no number has a second meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["value", "grid", "list"]
Format = Literal["count", "percent", "decimal"]
Better = Literal["up", "down", "none"]
Change = Literal["relative", "difference"]

SILENT_DAYS_DEFAULT = 14
WAU_DAYS, MAU_DAYS = 7, 30
RETENTION_DAYS = (1, 7, 30)
ANSWER_HOURS, FOLLOW_UP_MINUTES = 24, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One number. `change` says how two periods compare: relative ((b - a) / a), or as a difference (b - a; for shares, in points)."""

    key: str
    zh: str
    en: str
    formula_zh: str
    formula_en: str
    unit: str
    format: Format = "count"
    better: Better = "up"
    change: Change = "relative"
    kind: Kind = "value"
    has_series: bool = True


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        key="members",
        zh="成员数",
        en="Members",
        formula_zh="所选范围最后一天结束时在群里的成员人数；同一人在几个群里只算一次。",
        formula_en="People present in a group at the end of the last day of the range; someone in several groups counts once.",
        unit="members",
    ),
    Definition(
        key="new",
        zh="新成员",
        en="New members",
        formula_zh="首次进群（或首次被看到）的日子落在所选范围内的成员人数。",
        formula_en="People who arrived (or were first seen) for the first time ever on a day of the range.",
        unit="members",
    ),
    Definition(
        key="returned",
        zh="回归成员",
        en="Returned members",
        formula_zh="范围开始前已经离开、范围内又回来的成员人数。",
        formula_en="People who had left before the range began and came back on a day of the range.",
        unit="members",
    ),
    Definition(
        key="left",
        zh="离开成员",
        en="Members who left",
        formula_zh="范围内离开、并且在范围最后一天结束时不在任何一个所选群里的成员人数。",
        formula_en="People who departed on a day of the range and are in none of the chosen groups at its end.",
        unit="members",
        better="down",
    ),
    Definition(
        key="net_growth",
        zh="净增长",
        en="Net growth",
        formula_zh="期末成员数 − 期初成员数，恒等于 新成员 + 回归成员 − 离开成员。",
        formula_en="Members at the end − members at the start; always equal to new + returned − left.",
        unit="members",
        change="difference",
    ),
    Definition(
        key="joins",
        zh="进群次数",
        en="Joins",
        formula_zh="范围内“加入群”事件的次数；同一人进几次算几次。",
        formula_en="Number of “joined a group” events in the range; every join of the same person counts.",
        unit="events",
        better="none",
    ),
    Definition(
        key="leaves",
        zh="退群次数",
        en="Leaves",
        formula_zh="范围内“离开群”事件的次数；同一人退几次算几次。",
        formula_en="Number of “left a group” events in the range; every leave of the same person counts.",
        unit="events",
        better="none",
    ),
    Definition(
        key="active",
        zh="活跃成员",
        en="Active members",
        formula_zh="范围内至少有一次活动（发言、表情回应、浏览页面或其他行为事件）的成员人数。",
        formula_en="People with at least one activity in the range (a message, a reaction, a page view or another tracked action).",
        unit="members",
    ),
    Definition(
        key="dau",
        zh="日均活跃 DAU",
        en="Daily active members (DAU)",
        formula_zh="范围内每天的活跃成员人数之和 ÷ 天数。",
        formula_en="Sum of each day's active members ÷ number of days in the range.",
        unit="members",
        format="decimal",
    ),
    Definition(
        key="dau_last",
        zh="末日活跃",
        en="Active on the last day",
        formula_zh="范围最后一天的活跃成员人数。",
        formula_en="Active members of the last day of the range.",
        unit="members",
    ),
    Definition(
        key="wau",
        zh="周活跃 WAU",
        en="Weekly active members (WAU)",
        formula_zh="截至范围最后一天的连续 7 天里至少活跃过一天的成员人数。",
        formula_en="People active on at least one of the 7 days that end with the last day of the range.",
        unit="members",
    ),
    Definition(
        key="mau",
        zh="月活跃 MAU",
        en="Monthly active members (MAU)",
        formula_zh="截至范围最后一天的连续 30 天里至少活跃过一天的成员人数。",
        formula_en="People active on at least one of the 30 days that end with the last day of the range.",
        unit="members",
    ),
    Definition(
        key="stickiness",
        zh="粘性 DAU/MAU",
        en="Stickiness (DAU/MAU)",
        formula_zh="截至范围最后一天的 30 天日均活跃 ÷ 同样 30 天的月活跃 MAU。",
        formula_en="Average daily active members of the 30 days that end with the last day of the range ÷ MAU of the same 30 days.",
        unit="share",
        format="percent",
        change="difference",
    ),
    Definition(
        key="messages",
        zh="消息数",
        en="Messages",
        formula_zh="范围内发出的消息条数。",
        formula_en="Number of messages sent in the range.",
        unit="messages",
    ),
    Definition(
        key="speakers",
        zh="发言人数",
        en="Speakers",
        formula_zh="范围内至少发过一条消息的成员人数。",
        formula_en="People who sent at least one message in the range.",
        unit="members",
    ),
    Definition(
        key="speaker_share",
        zh="发言率",
        en="Share who spoke",
        formula_zh="发言人数 ÷ 范围内任何时候在群里的成员人数（期初成员 + 新成员 + 回归成员）。",
        formula_en="Speakers ÷ people present at any time in the range (members at the start + new + returned).",
        unit="share",
        format="percent",
        change="difference",
    ),
    Definition(
        key="messages_per_speaker",
        zh="人均发言",
        en="Messages per speaker",
        formula_zh="消息数 ÷ 发言人数。",
        formula_en="Messages ÷ speakers.",
        unit="messages",
        format="decimal",
    ),
    Definition(
        key="replies",
        zh="回复数",
        en="Replies",
        formula_zh="范围内明确回复某条消息或点名回应某人的消息条数。",
        formula_en="Messages in the range that answer another message or address someone by name.",
        unit="messages",
    ),
    Definition(
        key="reply_share",
        zh="回复占比",
        en="Reply share",
        formula_zh="回复数 ÷ 消息数。",
        formula_en="Replies ÷ messages.",
        unit="share",
        format="percent",
        change="difference",
    ),
    *(
        Definition(
            key=f"retention_d{n}",
            zh=f"{zh}留存",
            en=f"Day-{n} retention",
            formula_zh=f"在首次活跃后的第 {n} 天恰好活跃的人数 ÷ 第 {n} 天落在所选范围内的全部人数；当天未过完的不计。",
            formula_en=(
                f"People active on exactly day {n} after their first active day ÷ everyone whose day {n} falls in the range; a day not yet over does not count."
            ),
            unit="share",
            format="percent",
            change="difference",
        )
        for n, zh in zip(RETENTION_DAYS, ("次日", "7 日", "30 日"), strict=True)
    ),
    Definition(
        key="churn",
        zh="流失率",
        en="Churn",
        formula_zh="上一个等长时段活跃、本范围内不再活跃的人数 ÷ 上一个等长时段的活跃人数。",
        formula_en="People active in the period of equal length just before who were not active in this one ÷ people active in that period.",
        unit="share",
        format="percent",
        better="down",
        change="difference",
    ),
    Definition(
        key="silent",
        zh="沉默成员",
        en="Silent members",
        formula_zh=f"范围最后一天结束时在群里、且截至当天连续 {SILENT_DAYS_DEFAULT} 天（名单中可改）没有任何活动的成员人数。",
        formula_en=(
            f"People present at the end of the range with no activity in the {SILENT_DAYS_DEFAULT} days that end with its last day (the list lets you choose)."
        ),
        unit="members",
        better="down",
        has_series=False,
    ),
    Definition(
        key="newcomers_silent",
        zh="从未发言的新成员",
        en="Newcomers who never spoke",
        formula_zh="范围内的新成员中，到范围结束为止没有发过一条消息的人数。",
        formula_en="New members of the range who sent no message up to its end.",
        unit="members",
        better="down",
        has_series=False,
    ),
    Definition(
        key="questions",
        zh="提问数",
        en="Questions",
        formula_zh="范围内被识别为提问的消息条数。",
        formula_en="Messages of the range that ask a question.",
        unit="questions",
        better="none",
        has_series=False,
    ),
    Definition(
        key="questions_unanswered",
        zh="无人回答的提问",
        en="Questions without answer",
        formula_zh=f"提问后 {ANSWER_HOURS} 小时内没有别人回复或点名提问者、并且 {FOLLOW_UP_MINUTES} 分钟内群里没有别人说话的提问条数。",
        formula_en=(
            f"Questions that nobody else answered or addressed to the asker within {ANSWER_HOURS} hours and after which nobody else spoke in the group "
            f"within {FOLLOW_UP_MINUTES} minutes."
        ),
        unit="questions",
        better="down",
        has_series=False,
    ),
    Definition(
        key="retention",
        zh="留存三角",
        en="Retention triangle",
        formula_zh=(
            "同一天（周、月）首次活跃的人为一批；第 n 格 = 恰好在之后第 n 天（周、月）活跃的人数 ÷ 这批人数。"
            "时段未过完的格子留空；平均 = 各批可计的留存人数之和 ÷ 人数之和。可改为按首次进群分批。"
        ),
        formula_en=(
            "People first active on the same day (week, month) are a cohort; cell n = those active in exactly the nth day (week, month) after ÷ the cohort. "
            "Cells whose time is not over are empty; the average is the sum of retained ÷ the sum of people over cohorts old enough. "
            "Cohorts can also be formed by first arrival."
        ),
        unit="share",
        format="percent",
        better="up",
        change="difference",
        kind="grid",
        has_series=False,
    ),
    Definition(
        key="heatmap",
        zh="发言热力图",
        en="Heat map",
        formula_zh="范围内每个星期几、每个当地小时的消息条数；平均 = 条数 ÷ 范围内该星期几的天数。",
        formula_en="Messages of the range by weekday and local hour; average = messages ÷ number of such weekdays in the range.",
        unit="messages",
        better="none",
        kind="grid",
        has_series=False,
    ),
    Definition(
        key="top_speakers",
        zh="发言排行",
        en="Top speakers",
        formula_zh="范围内消息条数最多的成员；条数相同按成员编号排序。",
        formula_en="Members with the most messages in the range; equal counts are ordered by member id.",
        unit="messages",
        better="none",
        kind="list",
        has_series=False,
    ),
    Definition(
        key="first_response",
        zh="首次回复时间",
        en="First response time",
        formula_zh="从对方打开会话的第一条消息，到员工发出的第一条没有失败的回复；自动发送的不算。按消息打开会话的那一天（工作区时区）计入，给出中位数和 90% 以内，按最近秩取值。",
        formula_en="From the message that opened a conversation to staff's first answer that did not fail; automatic messages do not count. Counted on the day the conversation was opened (in the workspace's time zone), as median and 90th percentile by the nearest rank.",
        unit="seconds",
        format="decimal",
        better="down",
        kind="list",
        has_series=False,
    ),
    Definition(
        key="resolution",
        zh="解决时间",
        en="Resolution time",
        formula_zh="从对方打开会话的第一条消息，到员工关闭会话。之后对方再来消息，另算一次。计入的日子和取值与首次回复时间相同。",
        formula_en="From the message that opened a conversation to its being closed by staff. What they write after that counts anew. Days and percentiles as for the first response time.",
        unit="seconds",
        format="decimal",
        better="down",
        kind="list",
        has_series=False,
    ),
    Definition(
        key="waiting_now",
        zh="正在等待",
        en="Waiting now",
        formula_zh="此刻处理中的会话里，对方最后的话还没有人回复的个数；推迟和关闭的不算。",
        formula_en="Open conversations in which nobody has answered what they said last, at this moment; snoozed and closed ones do not count.",
        unit="conversations",
        better="down",
        kind="list",
        has_series=False,
    ),
)

BY_KEY: dict[str, Definition] = {definition.key: definition for definition in DEFINITIONS}
VALUES: tuple[str, ...] = tuple(d.key for d in DEFINITIONS if d.kind == "value")
SERIES: tuple[str, ...] = tuple(d.key for d in DEFINITIONS if d.has_series)


def change(key: str, value: float | None, previous: float | None) -> float | None:
    """How `value` stands to `previous`, in the way its definition says; None where there is nothing to compare."""
    if value is None or previous is None:
        return None
    if BY_KEY[key].change == "difference":
        return value - previous
    return (value - previous) / previous if previous else None
