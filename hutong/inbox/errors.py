"""What can go wrong in the inbox."""

from __future__ import annotations

from hutong.foundation.errors import Conflict


class ConversationMoved(Conflict):
    """Something was said since the page was read. `params.last_message` is the one to name when sending all the same."""

    code = "conversation_moved"
    title = {"zh": "会话有新消息", "en": "The conversation went on"}
    message = {
        "zh": "你写回复时又有了新消息。请看过后再决定是否发送。",
        "en": "Something was said while you were writing. Look at it, then decide whether to send.",
    }


class NobodyToAnswer(Conflict):
    """The platform names nobody to whom an answer could go, or the chat is gone."""

    code = "nobody_to_answer"
    title = {"zh": "无法回复", "en": "No answer possible"}
    message = {
        "zh": "账号已不在这个会话所在的聊天中，无法回复。",
        "en": "The account is no longer in the chat of this conversation, so nothing can be sent.",
    }


class NoWayToWrite(Conflict):
    """No account of the workspace may write to this member in private."""

    code = "no_way_to_write"
    title = {"zh": "无法私信", "en": "Not reachable"}
    message = {
        "zh": "这个平台账号不能先给这位成员发私信。请等对方来消息，或换一个平台账号。",
        "en": "This account may not write to this member first. Wait until they write, or choose another account.",
    }


class ShortcutTaken(Conflict):
    """Two scripts that one person can use have different shortcuts."""

    code = "shortcut_taken"
    title = {"zh": "快捷词已被使用", "en": "Shortcut in use"}
    message = {"zh": "快捷词“/{shortcut}”已用于另一条话术，请换一个。", "en": "The shortcut “/{shortcut}” belongs to another script. Choose another."}


class NoSuchEvent(Conflict):
    """A conversation can be opened from a message that came by an account of this workspace."""

    code = "not_a_message"
    title = {"zh": "不能从这里打开会话", "en": "No conversation from here"}
    message = {
        "zh": "只能从平台账号收到的成员消息打开会话。",
        "en": "A conversation is opened from a member's message that came by a connected account.",
    }
