"""Rules that time sets off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence

from hutong.automations import firing
from hutong.automations.firing import Timed
from hutong.automations.models import Firing
from hutong.automations.rules import ready, running
from hutong.automations.rules.cases import Case
from hutong.automations.triggers import OnDate, OnSchedule
from hutong.foundation.acting import Occasion, write_nothing


class Rules:
    """As firing asks for them."""

    of = "rule"

    def timed(self) -> Iterator[Timed]:
        """Rules with a schedule or a date."""
        for one in ready.every().values():
            if isinstance(one.trigger, OnSchedule | OnDate):
                since = dt.datetime.fromtimestamp(one.since, dt.UTC)
                yield Timed(workspace_id=one.workspace_id, automation=one.id, trigger=one.trigger, since=since, community=one.community)

    def fire(self, fired: Firing, members: Sequence[uuid.UUID]) -> Callable[[], None]:
        """Judge members for whom it is time."""
        rule = ready.every().get(fired.automation)
        if rule is None:
            return write_nothing
        heads = running.shown((rule.workspace_id, member) for member in members)
        occasion = Occasion(occurred_at=fired.at.timestamp())
        is_crowd = isinstance(rule.trigger, OnSchedule)
        people = dict.fromkeys(heads[rule.workspace_id, member] for member in members if (rule.workspace_id, member) in heads)
        return running.begin(
            [Case(rule, f"{head.hex}/{firing.day_of(fired)}", head, occasion, turn, is_crowd=is_crowd) for turn, head in enumerate(people)]
        )

    def give_up(self, fired: Firing) -> None:
        """Say so in the rule's log."""
        rule = ready.every().get(fired.automation)
        if rule is not None:
            running.give_up(rule, fired.key)
