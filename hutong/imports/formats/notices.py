"""Grey lines of Chinese chat apps: joined, invited, left, removed, recalled, nudged, renamed the group."""

from __future__ import annotations

import re
from typing import NamedTuple

from hutong.imports.records import Kind

MYSELF = frozenset({"你", "您", "我", "You", "you"})


class Notice(NamedTuple):
    """Who it happened to or who did it, and by whom."""

    kind: Kind
    who: tuple[str, ...]
    by: str = ""


_Q = "[\"“”「」『』']?"
_NAME = rf"\s*{_Q}(?P<who>[^\"“”「」『』\n]{{1,120}}?){_Q}\s*"
_BY = rf"\s*{_Q}(?P<by>[^\"“”「」『』\n]{{1,120}}?){_Q}\s*"
_GROUP = r"(?:本|该|此|了)*(?:群聊|群组|群|讨论组)"
_END = r"\s*[。.!！]?\s*(?:(?:并|，|,).{0,200})?"

_NOTICES_WRITTEN: tuple[tuple[Kind, str], ...] = (
    ("recall", rf"{_BY}撤回了(?:成员)?{_NAME}的(?:一条)?消息.*"),
    ("recall", rf"{_NAME}(?:已)?撤回了一?条?(?:成员)?消息.*"),
    ("join", rf"{_BY}(?:已经?)?邀请(?:了)?(?P<me>[你您])和{_NAME}\s*加入(?:了)?{_GROUP}.*"),
    ("join", rf"{_BY}(?:已经?)?邀请(?:了)?{_NAME}(?:和你)?\s*加入(?:了)?{_GROUP}.*"),
    ("join", rf"{_NAME}(?:通过|經由|经){_BY}的?邀请(?:链接)?\s*(?:进入|加入|进)(?:了)?{_GROUP}.*"),
    ("join", rf"{_NAME}(?:已)?通过扫描{_BY}(?:分享的)?(?:的)?(?:群)?二维码(?:加入|进入|进)(?:了)?{_GROUP}.*"),
    ("join", rf"{_BY}(?:已)?(?:同意|批准|通过){_NAME}(?:的)?(?:加群|入群)(?:申请|请求).*"),
    ("join", rf"{_NAME}(?:已经?)?(?:通过[^\n]{{1,40}})?(?:加入|进入)(?:了)?{_GROUP}{_END}"),
    ("leave", rf"{_BY}(?:已)?将{_NAME}(?:移出|移除|踢出)(?:了)?{_GROUP}?{_END}"),
    ("leave", rf"{_NAME}(?:已)?被{_BY}(?:移出|移除|踢出)(?:了)?{_GROUP}?{_END}"),
    ("leave", rf"{_NAME}(?:已)?被(?:移出|移除|踢出)(?:了)?{_GROUP}{_END}"),
    ("leave", rf"{_NAME}(?:已经?)?(?:退出|离开)(?:了)?{_GROUP}{_END}"),
)
_NOTICES = tuple((kind, re.compile(pattern)) for kind, pattern in _NOTICES_WRITTEN)
_ACTOR = re.compile(
    rf"{_BY}(?:拍了拍|戳了戳|修改群名为|更改了群名|修改了群名称|发布了群公告|更新了群公告|领取了|成为|开启了|关闭了|发起了|结束了|已成为|将群|设置了|移除了).*"
)
_SPLIT = re.compile(r"\s*[、,，]\s*")


def read_notice(text: str) -> Notice | None:
    """What a grey line says, None if it is not one that changes who is there or what was said."""
    if len(text) > 1000:
        return None
    line = text.strip()
    for kind, pattern in _NOTICES:
        found = pattern.fullmatch(line)
        if found:
            groups = found.groupdict()
            names = _SPLIT.split(_unquoted(groups["who"])) if kind == "join" else [_unquoted(groups["who"])]
            names = [groups.get("me") or "", *names]
            by = _unquoted(groups.get("by") or "")
            return Notice(kind, tuple(filter(None, names)), by)
    return None


def actor_of(text: str) -> str:
    """Who caused a grey line that only informs, "" where it names nobody."""
    found = _ACTOR.match(text.strip())
    return _unquoted(found["by"]) if found else ""


def _unquoted(name: str) -> str:
    return name.strip().strip("\"“”「」『』'").strip()
