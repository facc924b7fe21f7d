"""Addresses at which somebody says that they want no more marketing, sealed so that nobody can make up another's."""

from __future__ import annotations

import base64
import hmac
import uuid
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.crypto import salted_hmac

from hutong.channels.actions import opt_outs
from hutong.channels.models import Account
from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.members.models import Identity, Member

SEAL_BYTES = 12
ID_BYTES = 16
_KIND = b"s"


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom an address is for, through which account it went, and what sent it."""

    member_id: uuid.UUID
    account_id: uuid.UUID
    source: str


def url(*, member_id: uuid.UUID, account_id: uuid.UUID, source: str) -> str:
    """Where this member says that they want no more; `source` as the send says it."""
    return f"{settings.PUBLIC_URL}/u/{seal(_KIND, member_id.bytes + account_id.bytes + source.encode())}"


def opened(token: str) -> Opened | None:
    """What such an address says; None for one that is not ours."""
    said = unseal(_KIND, token)
    if said is None or len(said) < 2 * ID_BYTES:
        return None
    return Opened(uuid.UUID(bytes=said[:ID_BYTES]), uuid.UUID(bytes=said[ID_BYTES : 2 * ID_BYTES]), said[2 * ID_BYTES :].decode())


def whom(said: Opened) -> tuple[Account, Member] | None:
    """The account, and whom the member is now if they were merged since; None where one of them is gone."""
    account = Account.objects.across_workspaces().filter(pk=said.account_id).first()
    if account is None:
        return None
    member = Member.objects.in_workspace(account.workspace_id).select_related("merged_into").filter(pk=said.member_id).first()
    return (account, member.merged_into or member) if member is not None else None


def stop(account: Account, member: Member, *, source: str) -> None:
    """No more marketing to any of the member's names on the account's channel. Within a transaction; the stream says so once."""
    rows = Identity.objects.in_workspace(account.workspace_id).filter(member=member, channel=account.channel)
    for ref in rows.values_list("external_id", flat=True):
        opt_outs.asked(account, user_ref=ref, reason="link", member_id=member.pk)
    stream.record(
        Fact(
            workspace_id=account.workspace_id, name="unsubscribed", member_id=member.pk, channel=account.channel, source=source,
            properties={"reason": "link"}, id=f"unsubscribed/{account.pk}/{member.pk}/{source}",
        )
    )  # fmt: skip


@cache
def _key() -> bytes:
    return salted_hmac("hutong.broadcasts.links", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()


def _mac(kind: bytes, said: bytes) -> bytes:
    return hmac.digest(_key(), kind + said, "sha256")[:SEAL_BYTES]


def seal(kind: bytes, said: bytes) -> str:
    """What an address says, with a seal; the same bytes of another kind have another."""
    return base64.urlsafe_b64encode(said + _mac(kind, said)).decode().rstrip("=")


def unseal(kind: bytes, text: str) -> bytes | None:
    """What was sealed; None for what was not by us, or of another kind."""
    try:
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    said = whole[:-SEAL_BYTES]
    return said if hmac.compare_digest(seal(kind, said).encode(), text.encode()) else None
