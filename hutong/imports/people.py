"""Under which identity a person of a file is known, and whom a message names."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from hutong.imports.formats.irc_events import lower_nick
from hutong.members.actions import identities
from hutong.members.actions.identities import Key, Recognised
from hutong.members.models import Identity
from hutong.members.names import stored_external_id

LOOKED_UP_AT_ONCE = 900

# Exports of these name people only as the exporter's phone shows them: such a name means somebody only within its group.
_NAMED_ONLY = frozenset({"whatsapp", "wechat", "qq", "line"})
_REAL_ID = re.compile(
    r"\+?[\d\s()\-\u2011\u202a-\u202c\u00a0]{5,}|wxid_\w+|\d+@\S+|\S+@(?:chatroom|openim|s\.whatsapp\.net)|[^@\s]+@[^@\s]+\.[a-z]{2,}"
)
_PHONE_NOISE = re.compile(r"[\s()\-\u2011\u202a-\u202c\u00a0]")
_ADDRESSED = re.compile(
    r"(?=[@A-Za-z0-9_\[\]\\`^{}|\-\u0080-\U0010ffff])"
    r"(?:@?([^\s:,，：@]{1,64}+)[:,，：](?=\s|[^\x00-\x7f]|$)|@([^\s:,，：@]{1,64}+)(?=[\s:,，：]|$))"
)


def external_id(*, channel: str, community_id: str, group_id: str, sender_id: str, sender_name: str) -> str:
    """The id under which the person is kept on the channel: their own where the file has one, else their name within its place."""
    if channel in _NAMED_ONLY:
        if _REAL_ID.fullmatch(sender_id):
            return _PHONE_NOISE.sub("", sender_id) if channel == "whatsapp" else sender_id
        if sender_id != sender_name and not sender_name.startswith(sender_id) and sender_id.isascii():
            return sender_id
        return f"{group_id}:{sender_id}"
    if channel == "other":
        return f"{community_id}:{sender_id}"
    return sender_id


def addressed_name(text: str) -> str:
    """The name a message begins by calling: `nick: `, `nick, `, `@nick `; folded for comparison, "" where there is none."""
    found = _ADDRESSED.match(text)
    return folded(found[1] or found[2]) if found else ""


@lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """Names that IRC and people take for the same."""
    return lower_nick(name).casefold()


def names_of(workspace_id: uuid.UUID, channel: str, origin_ids: list[uuid.UUID]) -> dict[str, Key]:
    """Folded name -> identity of those members on a channel; of two who bear one name, who was seen last."""
    found: dict[str, tuple[float, Key]] = {}
    for start in range(0, len(origin_ids), LOOKED_UP_AT_ONCE):
        rows = Identity.objects.in_workspace(workspace_id).filter(channel=channel, origin_id__in=origin_ids[start : start + LOOKED_UP_AT_ONCE])
        for external, name, seen in rows.values_list("external_id", "name", "last_seen_at"):
            known = found.get(folded(name or external))
            if known is None or known[0] < seen.timestamp():
                found[folded(name or external)] = (seen.timestamp(), (channel, external))
    return {name: key for name, (_, key) in found.items()}


class Known(NamedTuple):
    """The member who owns an identity and the one it was made for, as text."""

    member_id: str
    origin_id: str


class Directory:
    """Identities met in this import and the members they belong to, kept within bounds."""

    def __init__(self, workspace_id: uuid.UUID, *, size_max: int = 100_000) -> None:
        self.workspace_id = workspace_id
        self._size_max = size_max
        self._young: dict[Key, Known] = {}
        self._old: dict[Key, Known] = {}

    def remember(self, found: dict[Key, Recognised]) -> None:
        """Keep what was recognised; the oldest half goes when there is too much."""
        self._young.update({key: Known(str(one.member_id), str(one.origin_id)) for key, one in found.items()})
        if len(self._young) > self._size_max:
            self._old, self._young = self._young, {}

    def get(self, key: Key) -> Known | None:
        """A remembered identity."""
        return self._young.get(key) or self._old.get(key)

    def look_up(self, keys: Iterable[Key]) -> None:
        """Remember those of the keys that are known, making none."""
        by_channel: dict[str, dict[str, str]] = {}
        for channel, given in keys:
            if given and self.get((channel, given)) is None:
                by_channel.setdefault(channel, {})[stored_external_id(given)] = given
        for channel, wanted in by_channel.items():
            stored = list(wanted)
            for start in range(0, len(stored), LOOKED_UP_AT_ONCE):
                rows = Identity.objects.in_workspace(self.workspace_id).filter(
                    channel=channel, external_id__in=stored[start : start + LOOKED_UP_AT_ONCE]
                )
                found = rows.values_list("external_id", "member_id", "origin_id")
                self.remember({(channel, wanted[external]): Recognised(member, origin) for external, member, origin in found})

    def recognise(self, people: list[identities.Seen]) -> None:
        """Find or make the members of those who were seen. Within a transaction."""
        self.remember(identities.recognise(self.workspace_id, people))

    def link(self, *, known: Key, new: Key, at_ms: int) -> None:
        """A change of name on the channel. Within a transaction."""
        if identities.link(self.workspace_id, known=known, new=new, at_ms=at_ms) is not None:
            self._young.pop(new, None)
            self._old.pop(new, None)
            self.look_up([new])
