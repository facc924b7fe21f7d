"""That definitions of rules and journeys have changed, for whoever keeps them compiled, in this process and in others."""

from __future__ import annotations

from django.db.models import F

from hutong.automations.models import Definitions
from hutong.foundation.driver import Driver


def changed() -> None:
    """A definition has changed. Within the transaction that changes it."""
    if not Definitions.objects.filter(pk=1).update(number=F("number") + 1):
        Definitions.objects.create(pk=1, number=1)


def stamp() -> int:
    """A number that is another one after every change."""
    row = Driver().run("SELECT number FROM automations_definitions WHERE id = %s", [1]).fetchone()
    return row[0] if row else 0
