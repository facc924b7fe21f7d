"""One row of a table or one object of a JSON list to one record, by the mapping a person chose."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from hutong.imports.records import (
    Attachment,
    AttachmentKind,
    FileError,
    Kind,
    Record,
    Reject,
    reject,
)

from .columns import FIELDS
from .contract import Options
from .irc_events import Event, read_event
from .moments import Impossible, epoch_ms, parse_moment
from .notices import read_notice

_MINUTES_KEPT = 20_000
THREADS_KEPT = 200_000

_KINDS_WORDS: dict[Kind, str] = {
    "message": "message msg text action me privmsg chat default reply m.room.message m.room.encrypted m.sticker 1 0 消息 文本 文字 发言 文本消息",
    "join": "join joined joins member_joined user_joined enter entered channel_join group_join 加入 加入群 加入群聊 加入了群聊 进入 进入群聊 入群 进群 加群",
    "leave": "quit part leave left quits parts member_left user_left kick kicked exit channel_leave group_leave 退群 退出 退出群 退出群聊 退出了群聊 离开 离开群聊 离群 移出 移出群聊 踢出 被踢 被移出 被踢出",
    "rename": "nick rename nickchange name_change 改名 昵称变更",
    "recall": "recall recalled revoke revoked delete deleted message_deleted 撤回 撤回消息 已撤回 删除",
    "reaction": "reaction react reaction_added 表态 回应",
    "system": "system event notice mode topic server service info notify m.room.member m.room.name m.room.topic m.room.create m.room.power_levels m.room.redaction m.reaction 10000 10002 系统 系统消息 系统通知 提示 通知",
}
_KINDS = {word: kind for kind, words in _KINDS_WORDS.items() for word in words.split()}
_ATTACHED_WORDS: dict[AttachmentKind, str] = {
    "image": "image photo picture img 3 图片 照片 图片消息",
    "video": "video 43 视频 视频消息",
    "audio": "audio voice ptt 34 语音 音频 语音消息",
    "file": "file document 文件 文件消息",
    "sticker": "sticker emoji emoticon gif 47 表情 动画表情 贴纸 表情包",
    "link": "link url share 链接 分享",
    "location": "location 48 位置 定位",
    "contact": "contact 42 名片",
    "poll": "poll vote 投票",
    "card": "card 49 卡片 小程序",
}
_ATTACHED = {word: kind for kind, words in _ATTACHED_WORDS.items() for word in words.split()}


class Columns:
    """Where each field is found: the position of its column, -1 where it has none."""

    def __init__(self, mapping: dict[str, str], columns: Sequence[str]) -> None:
        for field, column in mapping.items():
            if field not in FIELDS:
                raise FileError("field_unknown", {"field": field[:60], "fields": ", ".join(FIELDS)})
            if column not in columns:
                raise FileError("column_unknown", {"column": column[:100], "field": field, "columns": ", ".join(columns)[:500]})
        for needed in ("time", "sender"):
            if needed not in mapping and not (needed == "sender" and "sender_id" in mapping):
                raise FileError("mapping_incomplete", {"field": needed, "columns": ", ".join(columns)[:500]})
        self.at = {field: columns.index(mapping[field]) if field in mapping else -1 for field in FIELDS}
        if self.at["sender"] < 0:
            self.at["sender"] = self.at["sender_id"]


class Rows:
    """Builds records from rows of text."""

    def __init__(self, columns: Columns, options: Options) -> None:
        self.at = columns.at
        self.zone = options.zone()
        self.order = options.date_order
        self.more: list[Record] = []  # what the row just read says beside its record
        self._minutes: dict[str, int] = {}
        self._threads: set[tuple[str, str]] = set()
        at = self.at
        self._time, self._clock, self._sender, self._sender_id = at["time"], at["clock"], at["sender"], at["sender_id"]
        self._text, self._group, self._message_id = at["text"], at["group"], at["message_id"]
        self._rest = [(field, at[field]) for field in ("kind", "space", "reply_to", "thread", "subject", "target_id") if at[field] >= 0]
        self.simple = not self._rest

    def record(self, number: int, row: Sequence[str]) -> Record | Reject:
        """The record of a row as wide as the header."""
        written = row[self._time]
        try:
            at_ms = self.moment(written) if self._clock < 0 else parse_moment(f"{written.strip()} {row[self._clock].strip()}", self.zone, self.order)
        except Impossible:
            return reject(number, "time_unreadable" if written.strip() else "time_empty", _excerpt(row), time=written[:60])
        name = row[self._sender].strip()
        identity = (row[self._sender_id].strip() if self._sender_id >= 0 else "") or name
        record = Record(
            line=number,
            kind="message",
            at_ms=at_ms,
            sender_id=identity,
            sender_name=name or identity,
            text=row[self._text] if self._text >= 0 else "",
            group=row[self._group].strip() if self._group >= 0 else "",
            message_id=row[self._message_id].strip() if self._message_id >= 0 else "",
        )
        if not self.simple:
            self._complete(record, row)
        if not identity and not record.sender_id and record.kind != "system":
            return reject(number, "sender_empty", _excerpt(row))
        return record

    def _complete(self, record: Record, row: Sequence[str]) -> None:
        """Fills what only some tables have."""
        cells = {field: row[place].strip() for field, place in self._rest}
        if space := cells.get("space"):
            record.group = f"{space}/{record.group}" if record.group else space
        record.subject_id = record.subject_name = cells.get("subject", "")
        record.target_id = cells.get("target_id", "")
        word = cells.get("kind", "").lower()
        kind = _KINDS.get(word, "message")
        if kind != "message":
            record.kind = kind
            if kind == "system":
                self._told(record)
            elif kind == "rename" and not record.subject_id:
                record.subject_id = record.subject_name = record.text.strip()
            return
        if word in _ATTACHED:
            record.attachments = (Attachment(kind=_ATTACHED[word]),)
        answered = cells.get("reply_to", "")
        if answered:
            record.reply_to = "" if answered in (record.message_id, row[self._time].strip()) else answered
        elif thread := cells.get("thread"):
            record.reply_to = self._answered(record.group, thread)

    def _answered(self, group: str, thread: str) -> str:
        """Empty for the first message of a conversation, its name for all others."""
        key = (group, thread)
        if key in self._threads:
            return f"thread:{group}:{thread}" if group else f"thread:{thread}"
        if len(self._threads) >= THREADS_KEPT:
            self._threads.clear()
        self._threads.add(key)
        return ""

    def _told(self, record: Record) -> None:
        """A system row whose text says who came or went."""
        event = read_event(record.text) if record.text[:3] in ("***", "===", "-!-", "-->", "<--") else None
        if event is None:
            notice = read_notice(record.text)
            if notice is None:
                return
            for name in notice.who[1:]:
                self.more.append(copy(record))
                self._happened(self.more[-1], Event(notice.kind, name, "", notice.by))
            event = Event(notice.kind, notice.who[0], "", notice.by)
        if event.kind != "system":
            self._happened(record, event)

    @staticmethod
    def _happened(record: Record, event: Event) -> None:
        record.kind = event.kind
        record.text = event.text
        record.subject_id = record.subject_name = event.subject
        if event.nick and record.sender_name != event.nick:
            record.sender_id = record.sender_name = event.nick

    def moment(self, written: str) -> int:
        """The moment of a cell; whole minutes are remembered because neighbours share them. Raises Impossible."""
        if written.isdigit() and written.isascii() and len(written) in (10, 13):
            return int(written) * 1000 if len(written) == 10 and written < "4102444800" else epoch_ms(int(written))
        if written[16:17] == ":" and written[10:11] in ("T", " "):
            tail = written[19:]
            fraction = 0
            if tail and tail[0] == "." and (digits := tail[1:]).isdigit():
                fraction, tail = int(digits.ljust(3, "0")[:3]), ""
            second = written[17:19]
            if (not tail or tail == "Z" or tail[0] in "+-") and second.isdigit() and second < "60":
                key = written[:16] + tail
                minute = self._minutes.get(key)
                if minute is None:
                    minute = parse_moment(f"{written[:16]}:00{tail}", self.zone, self.order)
                    if len(self._minutes) >= _MINUTES_KEPT:
                        self._minutes.clear()
                    self._minutes[key] = minute
                return minute + int(second) * 1000 + fraction
        return parse_moment(written, self.zone, self.order)


def _excerpt(row: Sequence[str]) -> str:
    return ", ".join(cell[:80] for cell in row)
