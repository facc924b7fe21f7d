"""Questions in groups that no rule answered: kept until somebody answers, so that rules can be made of those nobody does."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from hutong.channels.answering import Heard
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, ids
from hutong.foundation.text import storable
from hutong.members import bulk
from hutong.replies.models import Question

WAITED = dt.timedelta(hours=1)  # nobody answered within
KEPT = dt.timedelta(days=30)
TEXT_LENGTH = 500

_COLUMNS = ("id", "workspace", "event_id", "group", "member", "message_id", "text", "asked_at")


def note(events: Sequence[Happening], left: Sequence[Heard]) -> None:
    """Keep the questions among what no rule answered, and see which earlier ones are answered by these messages. Within a transaction."""
    rows = [
        (
            ids.new(), one.workspace_id, one.event.id, one.group.pk, one.member_id, one.message_id[:200], storable(one.event.text)[:TEXT_LENGTH],
            dt.datetime.fromtimestamp(one.event.occurred_at, dt.UTC),
        )
        for one in left
        if one.event.is_question and one.group is not None and one.event.text.strip()
    ]  # fmt: skip
    bulk.insert(Question, _COLUMNS, rows, is_skipping=True)
    now = clock.now()
    for event in events:
        if event.reply_to and event.group_id != NONE:
            open_ones = Question.objects.in_workspace(uuid.UUID(event.workspace_id)).filter(
                group_id=event.group_id, message_id=event.reply_to, answered_at=None, asked_at__gt=now - KEPT
            )
            open_ones.exclude(member_id=event.member_id).update(answered_at=dt.datetime.fromtimestamp(event.occurred_at, dt.UTC))
