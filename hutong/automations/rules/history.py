"""How often people met a rule lately, and were acted for: what cooldown, cap and storms are judged by."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hutong.automations.models import Run
from hutong.automations.models.rules import RUN_STATES
from hutong.automations.rules.ready import Ready
from hutong.foundation.driver import Driver
from hutong.members.bulk import chunks

STORM_SECONDS = 60
STORM_RUNS_MAX = 60  # of one rule for one person within so many seconds
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Past:
    """Of one person and rule: runs in the last minute, whether a storm was noted in it, and how often it acted within cooldown and cap."""

    lately: int = 0
    storms: int = 0
    cooling: int = 0
    counted: int = 0

    def acted(self) -> None:
        """It acted for them now."""
        self.cooling += 1
        self.counted += 1


def past(rule: Ready, members: Sequence[uuid.UUID], now: dt.datetime) -> dict[uuid.UUID, Past]:
    """What there is of each of them."""
    found = {member: Past() for member in members}
    for some in chunks(found):
        asked = {_prepared("member", member): member for member in some}
        marks, states = ", ".join(["%s"] * len(some)), ", ".join(f"'{one}'" for one in RUN_STATES)
        beginning = f"FROM automations_run WHERE rule_id = %s AND member_id IN ({marks})"
        driver, of_rule = Driver(), [_prepared("rule", rule.id), *asked]
        lately = _prepared("at", now - dt.timedelta(seconds=STORM_SECONDS))
        statement = (
            "SELECT member_id, SUM(CASE WHEN reason = 'storm' THEN 0 ELSE 1 END), SUM(CASE WHEN reason = 'storm' THEN 1 ELSE 0 END) "
            f"{beginning} AND state IN ({states}) AND at > %s GROUP BY member_id"
        )
        for key, count, storms in driver.run(statement, [*of_rule, lately]).fetchall():
            one = found[asked[key]]
            one.lately, one.storms = count, storms
        if rule.cooldown_seconds or rule.cap_times:
            cooling, capped = _since(rule, now)
            statement = (
                "SELECT member_id, SUM(CASE WHEN at > %s THEN 1 ELSE 0 END), SUM(CASE WHEN at > %s THEN 1 ELSE 0 END) "
                f"{beginning} AND state = 'done' AND at > %s GROUP BY member_id"
            )
            bound = [_prepared("at", cooling), _prepared("at", capped), *of_rule, _prepared("at", min(cooling, capped))]
            for key, cool, count in driver.run(statement, bound).fetchall():
                one = found[asked[key]]
                one.cooling, one.counted = cool, count
    return found


def _since(rule: Ready, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From when on acting counts, for the cooldown and for the cap."""
    capped = now if not rule.cap_times else EVER if not rule.cap_days else now - dt.timedelta(days=rule.cap_days)
    return now - dt.timedelta(seconds=rule.cooldown_seconds), capped


def keys_there(cases: Mapping[uuid.UUID, Sequence[str]]) -> set[tuple[uuid.UUID, str]]:
    """Which of these keys (by rule) have a run."""
    found: set[tuple[uuid.UUID, str]] = set()
    for rule_id, keys in cases.items():
        for some in chunks(keys):
            statement = f"SELECT key FROM automations_run WHERE rule_id = %s AND key IN ({', '.join(['%s'] * len(some))})"
            found.update((rule_id, key) for (key,) in Driver().run(statement, [_prepared("rule", rule_id), *some]).fetchall())
    return found


def _prepared(column: str, value: Any) -> Any:
    """A value as the store has it in a column of runs."""
    field: Any = Run._meta.get_field(column)
    return getattr(field, "target_field", field).get_db_prep_value(value, connection)
