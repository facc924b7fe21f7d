"""Handing one message to its platform, and what its answer means. No database is written here: the caller settles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from hutong.channels import connections, fitting
from hutong.channels.actions.sends import Body
from hutong.channels.contract import (
    Chat,
    Connector,
    ConnectorError,
    File,
    Image,
    InDoubt,
    NeedsReconnect,
    Outcome,
    Outgoing,
    Refused,
    ReplyContext,
    RetryLater,
    Segment,
)
from hutong.channels.models import KeptFile
from hutong.channels.waiting import Outbound
from hutong.foundation import logs
from hutong.foundation.http import AnswerTooLarge, Forbidden, Unanswered, Unreachable

log = logs.get("hutong.channels")

_decode = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True, slots=True)
class Claimed:
    """A send that this process is to hand over. `reply` is what lets it be sent, where something is needed."""

    send: Outbound
    body: Body
    reply: ReplyContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """How it went: `done` with an outcome, or the kind of error. `message_ids` are the parts that did go."""

    send: Outbound
    result: Literal["done", "retry", "reconnect", "refused", "doubt"]
    outcome: Outcome | None = None
    message_ids: tuple[str, ...] = ()
    after_seconds: float | None = None
    scope: str = "account"
    reason: str = ""
    zh: str = ""
    en: str = ""
    is_over: bool = False  # not to be tried again, even where the platform takes our key


def body_of(send: Outbound) -> Body:
    """What a row of the outbox says."""
    return _decode(bytes(send.body))


def hand_over(claimed: Claimed) -> Handed:
    """Send it. Whatever is raised becomes a `Handed`."""
    send, body = claimed.send, claimed.body
    try:
        connector = connections.of(send.account)
        segments, left_out = fitting.fit(body.segments, connector.manifest, sizes=_sizes(send, body.segments))
    except (NeedsReconnect, Refused) as error:
        return _failed(send, error)
    outgoing = Outgoing(
        key=send.key,
        chat=Chat(id=send.chat_ref, kind=send.chat_kind, name=send.chat_name),  # type: ignore[arg-type]
        segments=segments,
        thread=body.thread,
        reply=claimed.reply,
        done=tuple(send.message_ids),
        marketing=send.purpose == "marketing",
        subject=body.subject,
        unsubscribe_url=body.unsubscribe_url,
    )
    return _called(connector, send, outgoing, left_out)


def _called(connector: Connector, send: Outbound, outgoing: Outgoing, left_out: list[tuple[str, str]]) -> Handed:
    try:
        outcome = connector.send(outgoing)
    except ConnectorError as error:
        return _failed(send, error)
    except Unreachable as error:
        return Handed(send=send, result="retry", message_ids=outgoing.done, zh=error.zh, en=error.en)
    except Forbidden as error:
        return Handed(send=send, result="reconnect", zh=error.zh, en=error.en)
    except (Unanswered, AnswerTooLarge) as error:
        return Handed(send=send, result="doubt", message_ids=outgoing.done, zh=error.zh, en=error.en)
    except Exception as error:  # a fault of the connector's own: whether the message went is not known
        log.error("connector failed while sending", platform=connector.manifest.platform, send=str(send.pk), exc_info=error)
        return Handed(
            send=send,
            result="doubt",
            message_ids=outgoing.done,
            zh="连接器在发送时出错，无法确定是否发出。请在平台上查看。",
            en="The connector failed while sending, and whether it went is not known. Look on the platform.",
        )
    if outcome.state == "sent" and left_out:
        outcome = Outcome("partial", outcome.message_ids, zh="".join(zh for zh, _ in left_out), en=" ".join(en for _, en in left_out))
    return Handed(send=send, result="done", outcome=outcome, message_ids=outcome.message_ids, zh=outcome.zh, en=outcome.en)


def _failed(send: Outbound, error: ConnectorError) -> Handed:
    if isinstance(error, RetryLater):
        return Handed(
            send=send,
            result="retry",
            message_ids=error.done or tuple(send.message_ids),
            after_seconds=error.after_seconds,
            scope=error.scope,
            zh=error.zh,
            en=error.en,
        )
    done = tuple(send.message_ids)
    if isinstance(error, Refused):
        return Handed(send=send, result="refused", message_ids=done, reason=error.reason, zh=error.zh, en=error.en)
    kind: Literal["reconnect", "doubt"] = "doubt" if isinstance(error, InDoubt) else "reconnect"
    return Handed(send=send, result=kind, message_ids=done, zh=error.zh, en=error.en)


def _sizes(send: Outbound, segments: tuple[Segment, ...]) -> dict[str, int]:
    names = {segment.file for segment in segments if isinstance(segment, (Image, File)) and segment.file}
    if not names:
        return {}
    return dict(KeptFile.objects.in_workspace(send.workspace_id).filter(sha256__in=names).values_list("sha256", "size_bytes"))
