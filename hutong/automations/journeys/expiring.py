"""Responder: a message of a journey that could not go while it was worth sending, as while the journey was paused, is a step that failed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import msgspec

from hutong.automations.journeys import keeping
from hutong.automations.models import Step
from hutong.channels.models import Send
from hutong.events.responders import Happening, Responder
from hutong.members import bulk

NAMES = frozenset({"message_failed"})
EXPIRED = "expired"
Place = tuple[int, int]  # an enrolment, and which of its steps: as keys of messages have it
_encode = msgspec.json.Encoder().encode


def prepare(events: Sequence[Happening]) -> Callable[[], None]:
    """Find the steps that said the message goes; gives what then says that it did not."""
    late: dict[uuid.UUID, dict[str, Place]] = {}
    for event in events:
        key = str(event.properties.get("key", ""))
        place = _place(key)
        if place is not None and event.properties.get("state") == EXPIRED:
            late.setdefault(uuid.UUID(event.workspace_id), {})[key] = place
    found = [(workspace_id, *one) for workspace_id, some in late.items() for one in _steps(workspace_id, some)]

    def write() -> None:
        for workspace_id, version_id, node, detail, pks in found:
            failed = 0
            for some in bulk.chunks(pks):
                failed += Step.objects.in_workspace(workspace_id).filter(pk__in=some, outcome="done").update(outcome="failed", detail=detail)
            if failed:
                keeping.count(workspace_id, version_id, {(node, "failed"): failed})

    return write


def _place(key: str) -> Place | None:
    """From `journey/<enrolment>/<step>`, and what follows where it goes to several chats."""
    kind, *rest = key.split("/")
    if kind != "journey" or len(rest) < 2 or not all(one.isascii() and one.isdigit() for one in rest[:2]):
        return None
    return int(rest[0]), int(rest[1])


def _steps(workspace_id: uuid.UUID, late: dict[str, Place]) -> Iterator[tuple[uuid.UUID, str, str, list[int]]]:
    """(version, node, why, steps); what somebody sends once more is left out."""
    why: dict[Place, str] = {}
    for key, state, zh, en in bulk.pick(Send, ["state", "error_zh", "error_en"], "key", late, workspace_id=workspace_id):
        if state == EXPIRED:
            why[late[key]] = _encode({"zh": zh, "en": en, "reason": EXPIRED}).decode()
    found: dict[tuple[uuid.UUID, str, str], list[int]] = {}
    for some in bulk.chunks({enrolment for enrolment, _ in why}):
        rows = Step.objects.in_workspace(workspace_id).filter(enrolment_id__in=some).order_by("enrolment_id", "pk")
        paths = groupby(rows.values_list("enrolment_id", "pk", "version_id", "node"), key=itemgetter(0))
        for enrolment, path in paths:
            for at, (_, pk, version_id, node) in enumerate(path):
                if (enrolment, at) in why:
                    found.setdefault((version_id, node, why[enrolment, at]), []).append(pk)
    for (version_id, node, detail), pks in found.items():
        yield version_id, node, detail, pks


RESPONDER = Responder("journeys_expired", lambda: NAMES, prepare)
