"""What a welcome says: its messages as they are kept, and their filling for one newcomer or for several at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Literal

import msgspec

from hutong.channels import personal
from hutong.channels.contract import Manifest, Mention, Segment, Text
from hutong.channels.messages import kept
from hutong.channels.personal import NAME
from hutong.communities.models import Group

Place = Literal["group", "private"]
Otherwise = Literal["group", "none"]
NAMES_MAX = 10  # joined in one message


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a welcome. `otherwise` says what happens where the platform does not let us write in private."""

    segments: list[dict[str, object]]  # as channels.messages.stored
    fields: tuple[str, ...] = ()
    delay_seconds: int = 0
    place: Place = "group"
    otherwise: Otherwise = "none"
    mentions: bool = True


def messages(stored: object) -> list[Message]:
    """The messages of a welcome's column."""
    return msgspec.convert(stored, list[Message])


def fill(
    workspace_id: uuid.UUID, message: Message, *, member_ids: Sequence[uuid.UUID], group: Group | None, language: str = "zh"
) -> tuple[Segment, ...]:
    """The message to these members. With several, their names are joined and what else is known of each is left to the fallbacks."""
    # Names of fields are kept beside the text: an attribute that was removed since falls back instead of stopping a welcome.
    draft = personal.read(workspace_id, kept(message.segments), also=message.fields)
    values: dict[str, str] = {}
    if group is not None:
        values |= {"group": group.name, "community": group.community.name}
    if len(member_ids) == 1:
        values |= personal.look_up(workspace_id, member_ids, draft.fields).get(member_ids[0], {})
    elif member_ids and NAME in draft.fields:
        found = personal.look_up(workspace_id, member_ids, [NAME])
        values[NAME] = ("、" if language == "zh" else ", ").join(name for one in member_ids if (name := found[one].get(NAME)))
    return draft.fill(values)


def mentioning(segments: tuple[Segment, ...], people: Sequence[tuple[str, str]], manifest: Manifest) -> tuple[Segment, ...]:
    """The message with these people (id, name) called at its beginning, where the platform can."""
    if "mention" not in manifest.capabilities.sends or not people:
        return segments
    called: list[Segment] = []
    for user_id, name in people:
        called += [Mention(user_id=user_id, name=name), Text(" ")]
    return (*called, *segments)
