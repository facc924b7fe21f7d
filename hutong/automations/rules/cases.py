"""Somebody who meets a rule, and what is decided of them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from hutong.automations.rules.ready import Ready
from hutong.foundation.acting import Occasion


@dataclass(slots=True, eq=False)
class Case:
    """`key` names what they met it by, within the rule. `turn`: cases of one are of the same event, and those of a greater one come after.

    `member_id`: who they are; `waited`: the run in which this has waited for the rule's hours. `is_crowd`: time alone brought everybody here, and
    whom the condition leaves out is not written down.
    """

    rule: Ready
    key: str
    member_id: uuid.UUID
    occasion: Occasion
    turn: int = 0
    waited: int = 0
    is_crowd: bool = False
    state: str = ""  # done | skipped | waiting | failed
    reason: str = ""
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    due_at: dt.datetime | None = None
    is_kept: bool = True  # a run is written of it

    def skip(self, reason: str) -> None:
        """Nothing is done."""
        self.state, self.reason = "skipped", reason
