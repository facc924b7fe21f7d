"""What a connector is: the shapes that pass between a platform and the product, and the ways a connector works.

A connector imports this module and `hutong.foundation`, nothing else of ours. Decision 0011 says why; `make connector NAME=x`
writes the folder of a new one with a contract test that fails until it keeps all of this.

Code is synchronous. One object serves one account of one process: `listen` runs in a thread of its own, while other threads call
`send`, `receive` and `chats` at the same time (`send` at most once at a time for one chat).
"""

from __future__ import annotations

from hutong.channels.contract.arriving import Answer, Batch, Callback, EventType, Inbound, Message, Origin, ReplyContext
from hutong.channels.contract.failing import REFUSALS, ConnectorError, InDoubt, NeedsReconnect, RefusalReason, Refused, RetryLater
from hutong.channels.contract.leaving import Outcome, Outgoing
from hutong.channels.contract.limits import CALLBACK_BYTES_MAX, EVENTS_MAX, ID_LENGTH_MAX, QUIET_SECONDS_MAX, STOP_SECONDS_MAX, TEXT_LENGTH_MAX
from hutong.channels.contract.manifests import Capabilities, Field, Limits, Manifest, Rate
from hutong.channels.contract.saying import Chat, ChatKind, Data, File, Image, LinkCard, Mention, Person, Quote, Segment, SegmentKind, Text
from hutong.channels.contract.working import Connector, Link, Settings, SiteConnector, Tested, Visitor, Wire, WireClosed

__all__ = [
    "CALLBACK_BYTES_MAX",
    "EVENTS_MAX",
    "ID_LENGTH_MAX",
    "QUIET_SECONDS_MAX",
    "REFUSALS",
    "STOP_SECONDS_MAX",
    "TEXT_LENGTH_MAX",
    "Answer",
    "Batch",
    "Callback",
    "Capabilities",
    "Chat",
    "ChatKind",
    "Connector",
    "ConnectorError",
    "Data",
    "EventType",
    "Field",
    "File",
    "Image",
    "InDoubt",
    "Inbound",
    "Limits",
    "Link",
    "LinkCard",
    "Manifest",
    "Mention",
    "Message",
    "NeedsReconnect",
    "Origin",
    "Outcome",
    "Outgoing",
    "Person",
    "Quote",
    "Rate",
    "RefusalReason",
    "Refused",
    "ReplyContext",
    "RetryLater",
    "Segment",
    "SegmentKind",
    "Settings",
    "SiteConnector",
    "Tested",
    "Text",
    "Visitor",
    "Wire",
    "WireClosed",
]
