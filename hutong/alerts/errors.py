"""What can go wrong with alerts."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile, Conflict, HutongError


class AlertOver(Conflict):
    """The alert was resolved meanwhile."""

    code = "alert_over"
    title = {"zh": "提醒已解除", "en": "Alert resolved"}
    message = {"zh": "这条提醒的原因已经消失，不用再处理。", "en": "The cause of this alert is gone. There is nothing left to do."}


class AlertEndsByItself(Conflict):
    """Its cause is still there, and it is not for people to say otherwise."""

    code = "alert_ends_by_itself"
    title = {"zh": "提醒会自动解除", "en": "The alert ends by itself"}
    message = {
        "zh": "这条提醒在原因消失后自动解除。可以先认领，或推迟。",
        "en": "This alert ends by itself when its cause is gone. Say that you are on it, or put it off.",
    }


class AlertRulesChanged(ChangedMeanwhile):
    """Somebody saved them meanwhile."""

    code = "alert_rules_changed"
    title = {"zh": "提醒设置已被修改", "en": "What is watched for changed"}
    message = {
        "zh": "{by} 刚刚修改了这个社群的提醒设置。请看过最新内容再改。",
        "en": "{by} has just changed what is watched for in this community. Look at it again, then make your change.",
    }


class TooManySubscriptions(HutongError):
    """The limit of chats that are told is reached."""

    code = "too_many_subscriptions"
    status = 409
    title = {"zh": "接收提醒的会话过多", "en": "Too many chats"}
    message = {"zh": "最多 {limit} 个会话接收提醒。请先去掉不用的。", "en": "At most {limit} chats are told. Remove some first."}


class OnlyPeople(HutongError):
    """A key has no preferences of its own."""

    code = "only_people"
    status = 409
    title = {"zh": "仅限登录的员工", "en": "Only for people"}
    message = {"zh": "接收设置属于登录的员工，密钥没有自己的设置。", "en": "These settings belong to people who sign in. A key has none."}
