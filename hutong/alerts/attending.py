"""Whether somebody was attended to: what counts as an answer to a question, or to a newcomer's first message.

The same rule as the report of unanswered questions: another person writes in the group within a quarter of an hour, or later, within a
day, replies to the message or addresses its author. A newcomer is attended to by a reaction as well.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from hutong.reports.definitions import ANSWER_HOURS, FOLLOW_UP_MINUTES

FOLLOW_UP = dt.timedelta(minutes=FOLLOW_UP_MINUTES)
ANSWER = dt.timedelta(hours=ANSWER_HOURS)

WaitKind = Literal["question", "newcomer"]


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Somebody who wrote and may wait for an answer. Members are text."""

    kind: str
    member: str
    origin: str
    message_id: str
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Doing:
    """A message or a reaction in the same group, afterwards. `is_bot`: it counts only where it speaks to somebody."""

    member: str
    origin: str
    at: dt.datetime
    reply_to: str = ""
    addressed: str = ""
    reacts_to: str = ""
    is_bot: bool = False


def attends(doing: Doing, waiting: Awaiting) -> bool:
    """Whether this attends to whoever waits."""
    if doing.member == waiting.member or doing.origin == waiting.origin or not waiting.asked_at <= doing.at <= waiting.asked_at + ANSWER:
        return False
    if doing.reacts_to:
        return waiting.kind == "newcomer" and doing.reacts_to == waiting.message_id
    if (doing.reply_to and doing.reply_to == waiting.message_id) or (doing.addressed and doing.addressed == waiting.member):
        return True
    return not doing.is_bot and doing.at <= waiting.asked_at + FOLLOW_UP
