"""Which of the rules that a message is for answers it, and why the others do not."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from hutong.foundation import clock
from hutong.replies.matching.compiled import Compiled
from hutong.replies.matching.matcher import Hit
from hutong.replies.models import Answered

ANSWERS_PER_MINUTE_MAX = 20  # in one chat, whatever the rules: two machines that answer each other stop there
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where, when and by whom something was said. `place_id`: the group, or the chat where there is none; None: nobody knows."""

    workspace_id: uuid.UUID
    group_id: uuid.UUID | None
    community_id: uuid.UUID | None
    is_private: bool
    is_mentioned: bool
    local: dt.datetime  # on the community's clock
    place_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    can_write_privately: bool = True

    @property
    def now(self) -> dt.datetime:
        """The moment."""
        return self.local.astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule that fits the words. `why` it does not answer: scope | place | mention | hours | private | group_cooldown | member_cooldown | rank; or ""."""

    hit: Hit
    why: str = ""


def judge(hits: Sequence[Hit], where: Circumstances) -> list[Judged]:
    """The rules in their order; the first with nothing against it answers, the rest of those lose by rank."""
    found: list[Judged] = []
    is_taken = False
    for hit in hits:
        why = against(hit.rule, where)
        if not why:
            why = "rank" if is_taken else cooling(hit.rule, where)
            is_taken = is_taken or not why
        found.append(Judged(hit, why))
    return found


def first(hits: Sequence[Hit], where: Circumstances) -> Hit | None:
    """The rule that answers, without judging those behind it."""
    return next((hit for hit in hits if not against(hit.rule, where) and not cooling(hit.rule, where)), None)


def against(rule: Compiled, where: Circumstances) -> str:
    """What of the circumstances speaks against a rule."""
    if (rule.community_ids or rule.group_ids) and not (
        str(where.community_id) in rule.community_ids or str(where.group_id) in rule.group_ids
    ):  # fmt: skip
        return "scope"
    if rule.place != "all" and (rule.place == "private") != where.is_private:
        return "place"
    if rule.needs_mention and not where.is_mentioned and not where.is_private:
        return "mention"
    if rule.hours is not None and not rule.hours.includes(where.local):
        return "hours"
    if rule.is_private and not where.can_write_privately:
        return "private"
    return ""


def cooling(rule: Compiled, where: Circumstances) -> str:
    """Whether a rule answered here, or them, too short ago."""
    rows = Answered.objects.in_workspace(where.workspace_id).filter(rule_id=rule.id)
    if rule.group_cooldown_seconds and where.place_id is not None:
        since = where.now - dt.timedelta(seconds=rule.group_cooldown_seconds)
        if rows.filter(place_id=where.place_id, at__gt=since).exists():
            return "group_cooldown"
    if rule.member_cooldown_seconds and where.member_id is not None:
        since = where.now - dt.timedelta(seconds=rule.member_cooldown_seconds)
        if rows.filter(member_id=where.member_id, at__gt=since).exists():
            return "member_cooldown"
    return ""


def is_full(workspace_id: uuid.UUID, place_id: uuid.UUID) -> bool:
    """Whether so much was answered in a chat within a minute that no more is."""
    lately = Answered.objects.in_workspace(workspace_id).filter(place_id=place_id, at__gt=clock.now() - MINUTE)
    return lately.count() >= ANSWERS_PER_MINUTE_MAX
