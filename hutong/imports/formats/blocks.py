"""Texts where a header line (who, when) is followed by the message's lines: the reading shared by WeChat and QQ exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hutong.imports.records import Attachment, AttachmentKind, Record, Reject, reject
from hutong.imports.source import Part

from .moments import Impossible
from .notices import MYSELF, actor_of, read_notice
from .text import LINE_BYTES_MAX, Encoding, line_blocks

PEOPLE_KEPT = 200_000


class Header(NamedTuple):
    """Who wrote when; `first` is what already stands on the header's line."""

    sender_id: str
    name: str
    at_ms: int
    first: str | None = None


class Section(NamedTuple):
    """The line starts another group."""

    group: str


class Skip(NamedTuple):
    """The line frames the export and says nothing."""


HeaderReader = Callable[[str], Header | Section | Skip | None]

_PLACEHOLDERS_WORDS: dict[AttachmentKind, str] = {
    "image": "图片 照片 闪照 Photo Image 圖片",
    "video": "视频 短视频 小视频 Video 影片",
    "audio": "语音 音频 语音消息 Voice Audio 語音",
    "file": "文件 File 檔案 群文件",
    "sticker": "动画表情 表情包 贴纸 原创表情 自定义表情 Sticker 動畫表情",
    "link": "链接 网页 分享 分享链接 音乐 视频号 公众号文章 Link 連結",
    "location": "位置 实时位置 地理位置 位置共享 Location",
    "contact": "名片 个人名片 推荐名片 公众号名片 Contact",
    "poll": "投票 群投票 接龙 群接龙",
    "card": "小程序 红包 微信红包 QQ红包 转账 微信转账 聊天记录 卡片消息 Mini Program",
}
_PLACEHOLDERS = {word: kind for kind, words in _PLACEHOLDERS_WORDS.items() for word in words.split()}
_WORDS = "|".join(sorted(map(re.escape, _PLACEHOLDERS), key=len, reverse=True))
_PLACEHOLDER = re.compile(rf"\[({_WORDS})(?:[:：]\s*([^\[\]\n]{{0,255}}?)(?:[(（]请在附件中查看[)）])?)?\]")
_NAMED_AFTER = re.compile(rf"\[({_WORDS})\]\s*[:：]?\s*([^\n\[\]]{{1,255}})")
# After [图片] comes what the sender added; after these comes the thing's own name.
_NAMED_KINDS = frozenset({"file", "link", "card", "location", "contact", "poll"})
_WITH_ID = re.compile(r"(.+?)\s*[(（<](\d{5,12}|wxid_\w+|[^\s()<>]+@[^\s()<>]+)[)）>]$")


def attachments_in(text: str) -> tuple[Attachment, ...]:
    """What the placeholders of a text stand for; a name may stand inside, or after a lone file or link."""
    if "[" not in text:
        return ()
    named = _NAMED_AFTER.fullmatch(text.strip())
    if named and _PLACEHOLDERS[named[1]] in _NAMED_KINDS:
        return (Attachment(kind=_PLACEHOLDERS[named[1]], name=named[2].strip()),)
    return tuple(Attachment(kind=_PLACEHOLDERS[found[1]], name=(found[2] or "").strip()) for found in _PLACEHOLDER.finditer(text))


class Blocks:
    """Reads one part; remembers who is behind a name so that a grey line leads to the same member."""

    def __init__(self, header: HeaderReader, *, system_senders: frozenset[str], group: str = "", split_groups: bool = False) -> None:
        self.header = header
        self.system_senders = system_senders
        self.group = group
        self.split_groups = split_groups
        self.people: dict[str, str] = {}

    def records(self, part: Part, encoding: Encoding) -> Iterator[Record | Reject]:
        current: tuple[int, Header] | None = None
        pieces: list[str] = []
        size, lost = 0, False
        for first, block in line_blocks(part, encoding):
            for number, line in enumerate(block, first):
                if isinstance(line, Reject):
                    yield line
                    continue
                try:
                    found = self.header(line)
                except Impossible as error:
                    if current:
                        yield from self.message(*current, pieces)
                    yield reject(number, "time_impossible", line, time=str(error))
                    current, pieces, size, lost = None, [], 0, True
                    continue
                if found is None:
                    if current:
                        if size <= LINE_BYTES_MAX:
                            pieces.append(line)
                            size += len(line) + 1
                    elif line.strip() and not lost:
                        yield reject(number, "line_before_first_message", line)
                    continue
                if current:
                    yield from self.message(*current, pieces)
                current, pieces, size, lost = None, [], 0, False
                if isinstance(found, Section):
                    if self.split_groups:
                        self.group = found.group
                elif isinstance(found, Header):
                    current = (number, found)
                    pieces = [] if found.first is None else [found.first]
        if current:
            yield from self.message(*current, pieces)

    def message(self, line: int, header: Header, pieces: list[str]) -> Iterator[Record | Reject]:
        """The record of a header and its lines; blank lines around the content belong to the layout."""
        text = "\n".join(pieces).strip("\r\n \u3000") if pieces else ""
        sender_id, name = header.sender_id, header.name
        if sender_id in self.system_senders or name in self.system_senders:
            yield from self._told(line, header.at_ms, text, "", "")
            return
        if len(self.people) < PEOPLE_KEPT or name in self.people:
            self.people[name] = sender_id
        if text[-40:].rstrip("。. >]）)").endswith(("撤回了一条消息", "拍了拍我", "群聊", "本群")) and text.count("\n") == 0:
            notice = read_notice(text.strip("<>[]"))
            who = notice.who[0] if notice else ""
            if notice and (who in MYSELF or who == name) and not notice.by:
                yield from self._told(line, header.at_ms, text.strip("<>[]"), sender_id, name)
                return
        yield Record(
            line=line,
            kind="message",
            at_ms=header.at_ms,
            sender_id=sender_id,
            sender_name=name,
            text=text,
            attachments=attachments_in(text),
            group=self.group,
        )

    def _told(self, line: int, at_ms: int, text: str, said_by_id: str, said_by: str) -> Iterator[Record]:
        notice = read_notice(text)
        if notice is None:
            actor = actor_of(text)
            actor_id, actor = self.person(actor) if actor and actor not in MYSELF else (said_by_id, said_by)
            yield Record(line=line, kind="system", at_ms=at_ms, sender_id=actor_id, sender_name=actor, text=text, group=self.group)
            return
        by_id, by = self.person(notice.by) if notice.by else ("", "")
        for written in notice.who:
            who_id, who = (said_by_id, said_by) if written in MYSELF and said_by_id else self.person(written)
            yield Record(
                line=line, kind=notice.kind, at_ms=at_ms, sender_id=who_id, sender_name=who, text=text if notice.kind == "recall" else "",
                subject_id=by_id, subject_name=by, group=self.group,
            )  # fmt: skip

    def person(self, written: str) -> tuple[str, str]:
        """Id and name of somebody named in a grey line."""
        with_id = _WITH_ID.match(written)
        if with_id:
            return with_id[2], with_id[1]
        return self.people.get(written, written), written
