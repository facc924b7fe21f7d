"""What somebody wrote, read into the words of the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from hutong.channels.contract import File, Image, Mention, Message, Quote, Segment, Text
from hutong.connectors.matrix.shapes import Event, content, mapping, relation, text, texts, whole

PILLS_MAX = 200
HTML_LENGTH_MAX = 100_000
_PILL = re.compile(r"https?://matrix\.to/#/(@[^/?]+)", re.IGNORECASE)
_FALLBACK = re.compile(r"> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n?")
_FILES = {"m.video": "video", "m.audio": "audio", "m.file": "file", "m.location": "location"}
EVERYBODY = "@room"


def message(event: Event, *, me: str) -> Message:
    """A message, or the new words of an edited one."""
    said = content(event)
    how, target = relation(said)
    edit_of = target if how == "m.replace" else ""
    shown = (mapping(said, "m.new_content") or said) if edit_of else said
    answered = "" if edit_of else _answered(said)
    segments = _segments(str(event.get("type")), shown, answered=answered)
    return Message(
        id=text(event, "event_id"),
        text="".join(_words(segment) for segment in segments).strip(),
        segments=((Quote(answered),) if answered else ()) + segments,
        reply_to=answered,
        mentions_bot=_mentions(shown, me),
        edit_of=edit_of,
    )


def thread(event: Event) -> str:
    """The message under which this one stands; empty outside threads."""
    how, root = relation(content(event))
    return root if how == "m.thread" else ""


def _answered(said: Mapping[str, Any]) -> str:
    relates = mapping(said, "m.relates_to")
    if relates.get("is_falling_back") is True:  # for clients that know no threads: it answers nobody
        return ""
    return text(mapping(relates, "m.in_reply_to"), "event_id")


def _segments(kind: str, said: Mapping[str, Any], *, answered: str) -> tuple[Segment, ...]:
    if kind == "m.room.encrypted":
        return ()
    if kind == "m.sticker":
        return (_file(said, "sticker"),)
    if kind.endswith("poll.start"):
        return _poll(said)
    how = text(said, "msgtype")
    if how == "m.image" or how in _FILES:
        name, caption = _named(said)
        first: Segment = _image(said, name) if how == "m.image" else _file(said, _FILES[how], name)
        return (first, *((Text(caption),) if caption else ()))
    body = text(said, "body")
    if answered:
        body = _FALLBACK.sub("", body, count=1) if body.startswith("> ") else body
    return _cut(body, _names(said))


def _named(said: Mapping[str, Any]) -> tuple[str, str]:
    """The name of a file and what is said of it: with `filename` the body is a caption."""
    name, body = text(said, "filename"), text(said, "body")
    return (name, body if body != name else "") if name else (body, "")


def _image(said: Mapping[str, Any], name: str) -> Image:
    info = mapping(said, "info")
    return Image(url=_url(said), name=name, content_type=text(info, "mimetype"), size_bytes=whole(info, "size"))


def _file(said: Mapping[str, Any], kind: str, name: str = "") -> File:
    info = mapping(said, "info")
    url = text(said, "geo_uri") if kind == "location" else _url(said)
    return File(url=url, name=name or text(said, "body"), content_type=text(info, "mimetype"), size_bytes=whole(info, "size"), type=kind)


def _url(said: Mapping[str, Any]) -> str:
    return text(said, "url") or text(mapping(said, "file"), "url")


def _poll(said: Mapping[str, Any]) -> tuple[Segment, ...]:
    poll = mapping(said, "m.poll") or mapping(said, "m.poll.start") or mapping(said, "org.matrix.msc3381.poll.start")
    asked = mapping(poll, "question")
    question = text(asked, "body") or text(asked, "org.matrix.msc1767.text")
    if not question and isinstance(asked.get("m.text"), list):
        question = next((text(one, "body") for one in asked["m.text"] if isinstance(one, dict)), "")
    return (File(name=question, type="poll"), Text(question))


def _mentions(said: Mapping[str, Any], me: str) -> bool:
    if isinstance(said.get("m.mentions"), dict):
        return me in texts(mapping(said, "m.mentions"), "user_ids")
    return any(user_id == me for user_id, _ in _names(said))


def _names(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who is called, by the words that call them, in order: links to people, their ids, and everybody."""
    found = _pills(text(said, "formatted_body")) if text(said, "format") == "org.matrix.custom.html" else []
    body, called = text(said, "body"), mapping(said, "m.mentions")
    linked = {user_id for user_id, _ in found}
    found += [(user_id, user_id) for user_id in texts(called, "user_ids")[:PILLS_MAX] if user_id not in linked and user_id in body]
    if called.get("room") is True and EVERYBODY in body:
        found.append(("", EVERYBODY))
    return found


def _cut(body: str, names: list[tuple[str, str]]) -> tuple[Segment, ...]:
    """The body, with who is called cut out of it wherever the words stand."""
    spots: list[tuple[int, int, str]] = []
    for user_id, words in names:
        start = body.find(words)
        while start >= 0 and any(start < end and begin < start + len(words) for begin, end, _ in spots):
            start = body.find(words, start + 1)
        if words and start >= 0:
            spots.append((start, start + len(words), user_id))
    found: list[Segment] = []
    at = 0
    for start, end, user_id in sorted(spots):
        found += [Text(body[at:start])] if start > at else []
        found.append(Mention(user_id, body[start:end]))
        at = end
    found += [Text(body[at:])] if at < len(body) else []
    return tuple(found)


def _words(segment: Segment) -> str:
    if isinstance(segment, Text):
        return segment.text
    return segment.name if isinstance(segment, Mention) else ""


class _Pills(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._user_id = ""
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            link = _PILL.match(unquote(dict(attrs).get("href") or ""))
            self._user_id, self._words = (link[1] if link else ""), ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._user_id and len(self.found) < PILLS_MAX:
            self.found.append((self._user_id, self._words))
            self._user_id = ""


def _pills(html: str) -> list[tuple[str, str]]:
    parser = _Pills()
    parser.feed(html[:HTML_LENGTH_MAX])
    parser.close()
    return parser.found
