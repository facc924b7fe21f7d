"""Which column of a table is the time, the sender, the text: suggested from the headers (zh, en), then from the values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from .moments import DateOrder, Impossible, Zone, full_year, parse_moment

# What a column can be. `clock` is the time of day where `time` holds only the date; `space` is the larger unit a group is in
# (a team, a server); `thread` is shared by the messages of one conversation, the first of which the others answer.
FIELDS = ("time", "clock", "sender", "sender_id", "text", "kind", "group", "space", "message_id", "reply_to", "thread", "subject", "target_id")

_NAMES: dict[str, tuple[str, ...]] = {
    "time": (
        "createtime", "timestamp", "timestampms", "ts", "time", "datetime", "dateunixtime", "createdat", "created", "sentat", "sendtime", "msgtime",
        "messagetime", "strtime", "date", "eventtime", "occurredat", "at", "时间", "发送时间", "消息时间", "聊天时间", "时间戳", "日期时间", "创建时间",
        "发言时间", "日期", "發送時間", "時間",
    ),
    "sender": (
        "sender", "sendername", "author", "authorname", "nick", "nickname", "user", "username", "fromname", "from", "talkername", "accountname",
        "displayname", "speaker", "name", "who", "member", "membername", "发送者", "发送人", "发言人", "发言者", "发送者昵称", "发送人昵称", "昵称", "群昵称",
        "用户", "用户名", "用户昵称", "成员", "成员昵称", "姓名", "發送者", "暱稱",
    ),
    "sender_id": (
        "senderid", "authorid", "userid", "uid", "fromid", "wxid", "senderwxid", "memberid", "platformid", "accountid", "qq", "qq号", "openid",
        "发送者id", "发送人id", "用户id", "成员id", "账号", "微信号", "qq号码",
    ),
    "text": (
        "text", "content", "message", "messagetext", "msg", "body", "strcontent", "messagecontent", "msgcontent", "内容", "消息", "消息内容", "聊天内容",
        "发言内容", "正文", "文本", "内容文本", "訊息", "內容",
    ),
    "kind": ("kind", "type", "event", "eventtype", "msgtype", "messagetype", "typename", "action", "opcode", "类型", "消息类型", "事件", "事件类型", "动作", "操作", "类别", "類型"),
    "group": (
        "channel", "channelname", "group", "groupname", "room", "roomname", "chat", "chatname", "stream", "chatroom", "conversation", "群", "群聊", "群名",
        "群名称", "群组", "频道", "会话", "聊天", "聊天室", "群聊名称",
    ),
    "space": ("team", "guild", "server", "workspace", "space", "teamname", "guildname", "servername", "团队", "服务器", "工作区"),
    "message_id": ("messageid", "msgid", "id", "platformmessageid", "msgsvrid", "localid", "消息id", "消息编号", "编号"),
    "reply_to": (
        "replyto", "replytoid", "replytomessageid", "inreplyto", "inreplytoid", "parentid", "parentmessageid", "threadts", "referencemessageid",
        "quotedmessageid", "回复", "回复消息id", "引用消息id", "回复的消息",
    ),
    "thread": ("threadid", "thread", "conversationid", "话题id"),
    "subject": ("target", "targetuser", "subject", "对象", "被操作人"),
    "target_id": ("targetid", "targetmessageid", "目标消息id"),
}  # fmt: skip
_ALL_NAMES = frozenset(name for names in _NAMES.values() for name in names)
_CLOCK_NAMES = ("time", "clock", "时间", "时刻", "hour", "时分秒")
_CLOCK = re.compile(r"\s*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[AaPp][Mm])?\s*")
_DATE_ONLY = re.compile(r"\s*(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\s*")
_SHORT_DATE = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_SAMPLE_ZONE = Zone("UTC")
_SHARE_MIN = 0.8
# A column whose name says it is the time may hold more mistakes.
_NAMED_SHARE_MIN = 0.5


def plain_name(header: str) -> str:
    """A header as compared: lower case, the last step of a path kept whole, no spaces or marks."""
    return re.sub(r"[\s_\-./()（）:：\ufeff]+", "", header).lower()


def is_known_name(header: str) -> bool:
    """Whether a cell is what tables call one of the fields."""
    return plain_name(header) in _ALL_NAMES


def suggest(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Field -> column, only where both the name and the values agree; time, sender and text also from the values alone."""
    values = {column: [row[index].strip() for row in rows if index < len(row) and row[index].strip()] for index, column in enumerate(columns)}
    names = {column: plain_name(column) for column in columns}
    mapping: dict[str, str] = {}
    dates = [column for column in columns if values[column] and _share(values[column], _DATE_ONLY.fullmatch)]
    clocks = [column for column in columns if values[column] and _share(values[column], _CLOCK.fullmatch) and names[column] in _CLOCK_NAMES]
    if dates and clocks:
        mapping |= {"time": dates[0], "clock": clocks[0]}
    for field in FIELDS:
        if field in mapping or field == "clock":
            continue
        for name in _NAMES.get(field, ()):
            found = next((column for column in columns if names[column] == name and column not in mapping.values()), None)
            if (
                found is not None
                and (field != "time" or not rows or _is_time(values[found], _NAMED_SHARE_MIN))
                and (values[found] or not rows or field not in ("sender", "reply_to"))
            ):
                mapping[field] = found
                break
    _from_values(columns, values, mapping)
    named = next((column for column in columns if names[column] in ("nickname", "sendername", "displayname", "accountname") and values[column]), None)
    if named and mapping.get("sender") not in (None, named) and names[mapping["sender"]] == "sender" and "sender_id" not in mapping:
        mapping |= {"sender_id": mapping["sender"], "sender": named}
    if "sender" not in mapping and "sender_id" in mapping:
        mapping["sender"] = mapping["sender_id"]
    return mapping


def _from_values(columns: Sequence[str], values: dict[str, list[str]], mapping: dict[str, str]) -> None:
    def free() -> list[str]:
        return [column for column in columns if column not in mapping.values() and values[column]]

    if "time" not in mapping:
        found = next((column for column in free() if _is_time(values[column])), None)
        if found is None:
            return
        mapping["time"] = found
    if "text" not in mapping and (wordy := [column for column in free() if not _share(values[column], str.isdigit)]):
        longest = max(wordy, key=lambda column: sum(map(len, values[column])) / len(values[column]))
        if len(set(values[longest])) > len(values[longest]) / 3:
            mapping["text"] = longest
    if "sender" not in mapping and "sender_id" not in mapping:
        short = [column for column in free() if max(map(len, values[column])) <= 64 and not _share(values[column], str.isdigit)]
        if short:
            mapping["sender"] = max(short, key=lambda column: len(set(values[column])) if len(set(values[column])) < len(values[column]) else 0)


def _is_time(values: list[str], share: float = _SHARE_MIN) -> bool:
    return bool(values) and _share(values, _reads, share)


def _reads(value: str) -> bool:
    try:
        parse_moment(value, _SAMPLE_ZONE)
    except Impossible:
        try:
            parse_moment(value, _SAMPLE_ZONE, "mdy")
        except Impossible:
            return False
    return True


def _share(values: list[str], test: Callable[[str], object], share: float = _SHARE_MIN) -> bool:
    return sum(1 for value in values if test(value)) >= share * len(values)


def date_order_of(values: Iterable[str]) -> tuple[DateOrder | None, bool]:
    """The order of day and month in d/m/y values, and whether it stays open; (None, False) where the year comes first.

    A number above 12 settles it; else the order in which the dates run backwards less often; else both are possible.
    """
    last = {"dmy": 0, "mdy": 0}
    back = {"dmy": 0, "mdy": 0}
    found = differs = False
    for value in values:
        match = _SHORT_DATE.match(value)
        if match is None:
            continue
        found = True
        first, second, year = int(match[1]), int(match[2]), full_year(int(match[3]))
        if first > 12 or second > 12:
            return ("dmy" if first > 12 else "mdy"), False
        differs = differs or first != second
        for order, day, month in (("dmy", first, second), ("mdy", second, first)):
            moment = (year * 100 + month) * 100 + day
            back[order] += moment < last[order]
            last[order] = moment
    if not found:
        return None, False
    if back["dmy"] != back["mdy"]:
        return ("dmy" if back["dmy"] < back["mdy"] else "mdy"), False
    return "dmy", differs
