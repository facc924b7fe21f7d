"""From what happened to whom to write back: the account, the chat and the person of an event, for the features that answer.

Only people are answered, never bots nor ourselves, so that two bots cannot loop; and only what is fresh: a connection that comes back after a
day brings a day's messages, which nobody expects an answer to any more.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hutong.channels import contract, platforms
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Manifest, Quote, Segment
from hutong.channels.models import Account, Chat
from hutong.communities.models import Group
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock
from hutong.members.bulk import chunks
from hutong.members.models import Identity

FRESH = dt.timedelta(minutes=10)
SOURCE = "account:"
ANSWERED = re.compile(r"\s*(?:re|回复|答复)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something a person did in a chat of ours. `member_id` is who they are now, `origin_id` the identity they did it by."""

    event: Happening
    account: Account
    manifest: Manifest
    chat: Chat
    workspace_id: uuid.UUID
    member_id: uuid.UUID
    origin_id: uuid.UUID

    @property
    def group(self) -> Group | None:
        """The group the chat is; None for a private talk."""
        return self.chat.group

    @property
    def message_id(self) -> str:
        """The platform's id of the message; empty where it is none."""
        return str(self.event.properties.get("message_id", ""))

    @property
    def subject(self) -> str:
        """The subject of an answer to an e-mail; empty on every other channel."""
        asked = str(self.event.properties.get("subject", ""))
        return asked if not asked or ANSWERED.match(asked) else f"Re: {asked}"


def heard(events: Sequence[Happening], *, fresh: dt.timedelta = FRESH) -> list[Heard]:
    """Those of the events that a person of flesh did just now in a chat of an active account, in their order."""
    earliest = (clock.now() - fresh).timestamp()
    wanted = [one for one in events if _is_of_a_person(one) and one.occurred_at >= earliest]
    if not wanted:
        return []
    chat_ids = {str(one.properties["chat_id"]) for one in wanted}
    rows = Chat.objects.across_workspaces().filter(pk__in=chat_ids, account__state="active").select_related("account", "group__community")
    chats = {str(row.pk): row for row in rows}
    manifests = {one.platform: one for one in platforms.manifests()}
    found = []
    for event in wanted:
        chat = chats.get(str(event.properties["chat_id"]))
        manifest = manifests.get(chat.account.platform) if chat is not None else None
        if chat is None or manifest is None or str(chat.workspace_id) != event.workspace_id:
            continue
        found.append(
            Heard(
                event=event,
                account=chat.account,
                manifest=manifest,
                chat=chat,
                workspace_id=chat.workspace_id,
                member_id=uuid.UUID(event.member_id),
                origin_id=uuid.UUID(event.origin_id),
            )
        )
    return found


def _is_of_a_person(event: Happening) -> bool:
    said = event.properties
    return event.source.startswith(SOURCE) and event.member_id != NONE and "chat_id" in said and not _is_no_person(said)


def _is_no_person(said: Mapping[str, object]) -> bool:
    return any(said.get(name) for name in ("bot", "own", "automatic"))


def answer(one: Heard, *, key: str, segments: Sequence[Segment], quotes: bool = False, not_before: dt.datetime | None = None) -> Order:
    """An answer in the chat where it happened; with `quotes` as an answer to that very message."""
    quoted = (Quote(one.message_id),) if quotes and one.message_id and "quote" in one.manifest.capabilities.sends else ()
    return Order(
        key=key,
        account_id=one.account.pk,
        chat=place(one.chat),
        segments=(*quoted, *segments),
        purpose="reply",
        member_id=one.member_id,
        user_ref=ref_of(one),
        thread=str(one.event.properties.get("thread", "")),
        subject=one.subject,
        not_before=not_before,
    )


def private(one: Heard, *, key: str, segments: Sequence[Segment], not_before: dt.datetime | None = None) -> Order | None:
    """A message to the person alone; None where the platform does not let us write to them first."""
    ref = ref_of(one)
    chat = private_chat(one.account, one.manifest, ref) if ref else None
    if chat is None:
        return None
    return Order(
        key=key,
        account_id=one.account.pk,
        chat=chat,
        segments=tuple(segments),
        purpose="reply",
        member_id=one.member_id,
        user_ref=ref,
        not_before=not_before,
    )


def private_chat(account: Account, manifest: Manifest, user_ref: str) -> contract.Chat | None:
    """The private talk of an account with somebody, by their id on the platform; None where they have to write first and have not."""
    if manifest.capabilities.opens_dm:
        return contract.Chat(id=user_ref, kind="dm")
    known = Chat.objects.in_workspace(account.workspace_id).filter(account=account, external_id=user_ref, kind="dm", state="in").exists()
    return contract.Chat(id=user_ref, kind="dm") if known else None


def private_chats(account: Account, manifest: Manifest, user_refs: Sequence[str]) -> set[str]:
    """Those of them whom `private_chat` lets us write to."""
    if manifest.capabilities.opens_dm:
        return set(user_refs)
    found: set[str] = set()
    for some in chunks(user_refs):
        rows = Chat.objects.in_workspace(account.workspace_id).filter(account=account, external_id__in=some, kind="dm", state="in")
        found.update(rows.values_list("external_id", flat=True))
    return found


def place(chat: Chat) -> contract.Chat:
    """A chat as sends name it."""
    return contract.Chat(id=chat.external_id, kind=chat.kind, name=chat.name)  # type: ignore[arg-type]


def manifest_of(account: Account) -> Manifest:
    """What the account's platform can do."""
    return platforms.manifest(account.platform)


def ref_of(one: Heard) -> str:
    """Their id on the platform."""
    rows = Identity.objects.in_workspace(one.workspace_id).filter(origin_id=one.origin_id, channel=one.account.channel)
    return rows.values_list("external_id", flat=True).first() or ""
