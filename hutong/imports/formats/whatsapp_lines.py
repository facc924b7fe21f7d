"""What WhatsApp writes itself: who joined and left, placeholders of media, deleted and edited marks; English, 简体, 繁體."""

from __future__ import annotations

import re
from typing import NamedTuple

from hutong.imports.records import Attachment, AttachmentKind, Kind

from .discord import kind_by_name


class SystemLine(NamedTuple):
    """`who` it happened to, `by` whom; for a rename `text` and `by` are the new number."""

    kind: Kind
    who: tuple[str, ...]
    by: str = ""
    text: str = ""


_WHO = r"(?P<who>.{1,200}?)"
_BY = r"(?P<by>.{1,120}?)"
_LINK = r"(?:this group's|a group|this community's|the group|your)(?: invite)? link|an invite link"

_PATTERNS_WRITTEN: tuple[tuple[Kind, bool, str], ...] = (
    ("join", False, rf"{_WHO} joined(?: the group)?(?: using (?:{_LINK})| via (?:{_LINK})| from the community| using your invite)?\.?"),
    ("join", False, rf"{_WHO}(?: was|were| were) added(?: by {_BY})?\.?"),
    ("join", True, rf"{_BY} added {_WHO}\.?"),
    ("leave", False, rf"{_WHO} left(?: the group)?\.?"),
    ("leave", False, rf"{_WHO}(?: was| were) removed(?: by {_BY})?\.?"),
    ("leave", True, rf"{_BY} removed {_WHO}\.?"),
    ("rename", False, r"(?P<who>.{1,200}?) changed to (?P<by>\+[\d\s().-]{6,24})\.?"),
    (
        "join",
        False,
        rf"{_WHO}\s?(?:已)?(?:通过|使用|透過)(?:此|该|本|這個|该个)?(?:群组|群組|群|社群)?的?(?:群组|群組)?(?:邀请|邀請)?(?:链接|連結)(?:加入|进入)(?:了|此|该|本)?(?:群组|群組|群|群聊)?。?",
    ),
    ("join", False, rf"{_WHO}\s?使用(?:了)?(?:此|该|本)?(?:群组|群組)的(?:邀请链接|邀請連結)加入。?"),
    ("join", False, rf"{_WHO}\s?(?:已)?被\s?{_BY}\s?(?:添加|新增|加入)(?:到(?:群组|群組))?。?"),
    ("join", True, rf"{_BY}\s?(?:已)?(?:添加|新增|邀请|邀請)了?\s?{_WHO}(?:加入(?:群组|群組)?)?。?"),
    ("join", True, rf"{_BY}\s?(?:已)?[将將]\s?{_WHO}\s?(?:加入|添加到|新增到|拉入)了?(?:群组|群組)?。?"),
    ("join", False, rf"{_WHO}\s?(?:已)?加入了?(?:此|该|本)?(?:群组|群組|群聊|群)?。?"),
    ("leave", False, rf"{_WHO}\s?(?:已)?(?:离开|離開|退出)了?(?:此|该|本)?(?:群组|群組|群聊|群)?。?"),
    ("leave", False, rf"{_WHO}\s?(?:已)?被\s?{_BY}\s?(?:移除|移出|踢出)(?:了)?(?:群组|群組)?。?"),
    ("leave", False, rf"{_WHO}\s?(?:已)?被(?:移除|移出|踢出)(?:了)?(?:群组|群組)?。?"),
    ("leave", True, rf"{_BY}\s?(?:已)?[将將]\s?{_WHO}\s?(?:移除|移出|踢出)了?(?:群组|群組)?。?"),
    ("leave", True, rf"{_BY}\s?(?:已)?(?:移除|移出)了?\s?{_WHO}。?"),
    ("rename", False, r"(?P<who>.{1,200}?)\s?(?:已)?(?:变更|更换|更換|變更)(?:为|為|到)\s?(?P<by>\+[\d\s().-]{6,24})。?"),
)
_PATTERNS = tuple((kind, several, re.compile(pattern, re.DOTALL)) for kind, several, pattern in _PATTERNS_WRITTEN)
# What only the app writes, even where a colon in it makes it look like a message.
_TELLING = re.compile(
    r"(?P<who>.{1,120}?) (?:created (?:group|this group|the group|community)|changed the (?:subject|group name|group description|description)|changed this group's (?:icon|settings)|"
    r"changed the settings|changed their phone number|deleted this group's icon|turned (?:on|off)|pinned a message|started a (?:call|video call|voice call)|"
    r"is now an admin|are now an admin|was made an admin|reset this group's|requested to join|is a contact|updated the message timer|set the disappearing)\b.*"
    r"|(?P<who_zh>.{1,120}?)\s?(?:已)?(?:创建了?(?:群组|此群组|社群)|建立了?(?:群組|此群組|群组)|更改了?(?:此)?(?:群组|群組)?(?:的)?(?:主题|主旨|名称|名稱|图标|圖示|描述|简介|設定|设置)|"
    r"将(?:群组|此群组)?(?:主题|名称)|更换了(?:他们的)?(?:手机|电话)号码|更換了電話號碼|更改了电话号码|置顶了|釘選了|开启了|关闭了|開啟了|關閉了|现在是管理员|成为管理员).*"
    r"|(?:Messages and calls are|Messages to this (?:chat|group) (?:and calls )?are|Messages you send to this).*|(?:消息和通话|訊息和通話|您發送到此|此对话|此聊天|发送到此).*(?:加密|安全|广告).*"
    r"|Your security code with .*|.*(?:安全代码|安全碼|安全码).*(?:更改|变更|已更改|變更|改变).*|(?:You're now an admin|Only admins can|This (?:chat|group|business) ).*"
    r"|(?:Missed (?:group )?(?:voice|video) call|未接(?:语音|视频|語音|視訊)(?:通话|來電|来电|通話)).*",
    re.DOTALL,
)
_QUOTED = re.compile(r"(?:subject|group|name|description|主题|主旨|名称|名稱|群组|群組|settings)[^:]{0,60}[\"“「].*", re.DOTALL)
_SPLIT = re.compile(r"\s*(?:,(?: and )?|、|，| and |以及|(?<=\S)和(?=\S))\s*")


def read_system(text: str, *, quoted: bool = False) -> SystemLine | None:
    """What a line the app wrote says. `quoted`: the line holds a colon, so only lines whose quotes explain it count."""
    if len(text) > 2000:
        return None
    text = text.replace("’", "'")
    telling = _TELLING.fullmatch(text)
    if quoted:
        before_colon = text.partition(": ")[0]
        opened = any(mark in before_colon for mark in '"“「')
        if not (telling and (opened or _no_name(telling)) and (_no_name(telling) or _QUOTED.search(text))):
            return None
    if telling:
        who = telling["who"] or telling["who_zh"] or ""
        return SystemLine("system", (who.strip(),) if who else ())
    for kind, several, pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            groups = found.groupdict()
            by = (groups.get("by") or "").strip()
            who = groups["who"].strip()
            names = tuple(filter(None, _SPLIT.split(who))) if several else (who,)
            return SystemLine(kind, names, by, by if kind == "rename" else "")
    return None


def _no_name(telling: re.Match[str]) -> bool:
    return not (telling["who"] or telling["who_zh"])


DELETED = re.compile(
    r"(?:This message was deleted(?: by admin .*)?|You deleted this message(?: as admin)?|(?:此|这条|該|这則|此則)(?:消息|訊息|信息)已(?:被)?(?:删除|刪除)(?:了)?|"
    r"(?:您|你)(?:已)?(?:删除|刪除)了?(?:此|这条|該)?(?:消息|訊息|条消息|則訊息)|管理员.{0,40}已?删除了?此消息)[.。]?"
)
_EDITED = re.compile(r"\s*\u200e?<(?:This message was edited|此消息已编辑|此訊息已編輯|此消息已被编辑|已编辑此消息)>\s*$")
_ATTACHED = re.compile(r"\u200e?<(?:attached|已附加|附件|附加|已附上)[:：]\s*([^>]{1,255})>")
_FILE = re.compile(r"\u200e?([^\n]{1,255}?) \((?:file attached|文件附件|附件檔案|附加檔案|已附加文件|檔案已附加)\)")
_OMITTED: dict[str, AttachmentKind] = {
    "image": "image", "photo": "image", "video": "video", "video note": "video", "gif": "video", "audio": "audio", "voice message": "audio", "sticker": "sticker",
    "document": "file", "contact card": "contact", "media": "file",
    "图片": "image", "图像": "image", "照片": "image", "圖片": "image", "影片": "video", "视频": "video", "影音内容": "file", "音频": "audio", "音訊": "audio",
    "语音": "audio", "贴图": "sticker", "貼圖": "sticker", "文档": "file", "文件": "file", "名片": "contact", "联系人名片": "contact", "聯絡人卡片": "contact",
    "媒体文件": "file", "多媒體檔案": "file", "多媒体文件": "file", "媒体": "file",
}  # fmt: skip
_OMITTED_LINE = re.compile(
    r"\u200e?<?(?:(?P<en>image|photo|video note|video|gif|audio|voice message|sticker|document|contact card|media) omitted"
    rf"|(?:已)?(?:省略|忽略|略去)(?:了)?(?P<zh>{'|'.join(sorted(filter(lambda word: not word.isascii(), _OMITTED), key=len, reverse=True))})"
    rf"|(?P<zh_first>{'|'.join(sorted(filter(lambda word: not word.isascii(), _OMITTED), key=len, reverse=True))})(?:已)?(?:被)?(?:省略|忽略|略去))>?",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\u200e?(?P<name>[^\n]{1,255}?\.\w{1,8})(?: • .{0,40})? \u200e?(?:document omitted|文档已省略|文件已省略|已省略文档)")
_LOCATION = re.compile(r"\u200e?(?:Location|Live location shared|位置|位置共享)[:：]\s*(https?://\S+)", re.IGNORECASE)
_POLL = re.compile(r"\u200e?(?:POLL|投票)[:：]\s*(.+)", re.DOTALL)


def read_content(content: str) -> tuple[str, bool]:
    """The content without its "edited" mark, and whether it had one."""
    cleaned = _EDITED.sub("", content)
    return cleaned, len(cleaned) != len(content)


def read_media(content: str) -> tuple[str, tuple[Attachment, ...]]:
    """The text beside the placeholders of media, and the media."""
    start = content[:600]
    if not any(mark in start for mark in "<>(•:：") and not _OMITTED_LINE.match(start) and "\u200e" not in start:
        return content, ()
    first, _, rest = content.partition("\n")
    if found := _OMITTED_LINE.fullmatch(first.strip()):
        word = (found["en"] or found["zh"] or found["zh_first"]).lower()
        return rest, (Attachment(kind=_OMITTED[word]),)
    if found := _DOCUMENT.fullmatch(first.strip()):
        return rest, (Attachment(kind=kind_by_name(found["name"]), name=found["name"]),)
    if found := _FILE.fullmatch(first.strip()):
        return rest, (Attachment(kind=kind_by_name(found[1]), name=found[1]),)
    if found := _ATTACHED.search(content):
        name = found[1].strip()
        return (content[: found.start()] + content[found.end() :]).strip("\n "), (Attachment(kind=_kind_of(name), name=name),)
    if found := _LOCATION.match(first):
        return content, (Attachment(kind="location", name=found[1]),)
    if found := _POLL.match(content):
        return content, (Attachment(kind="poll", name=found[1].partition("\n")[0].strip()),)
    return content, ()


def _kind_of(name: str) -> AttachmentKind:
    return "sticker" if "STICKER" in name.upper() else "contact" if name.lower().endswith(".vcf") else kind_by_name(name)
