"""What is left of people who went through journeys long ago."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from hutong.automations.journeys import pruning
from hutong.automations.models import Enrolment, Step
from hutong.foundation import ids
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import drawn, let_in, node, publish, turn
from tests.broadcasts.making import people

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 2, 4, 30, tzinfo=dt.UTC)


def left(workspace: Workspace) -> list[tuple[str, str]]:
    rows = Enrolment.objects.in_workspace(workspace).order_by("pk")
    return list(rows.values_list("member__name", "state"))


def test_whoever_waits_is_passed_over_and_so_many_go_in_one_look(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "TOGETHER", 2)
    monkeypatch.setattr(pruning, "PIECES_MAX", 2)
    monkeypatch.setattr(ids, "_last_number", 0)  # ids of now, whatever the time was in tests before
    with time_machine.travel(NOW, tick=False) as traveller:
        members = people(workspace, 11)
        waits = publish(
            workspace, drawn(node("wait", "w", seconds=300 * 86_400), node("wait", "v", seconds=300 * 86_400), edges=["e>w", "w>v"]), name="等"
        )
        ends = publish(workspace, drawn(node("exit", "x"), edges=["e>x"]), name="走完")
        let_in(waits, *members[:5])
        let_in(ends, *members[5:10])
        turn()
        traveller.shift(dt.timedelta(days=300))
        turn()
        let_in(ends, members[10])
        turn()
        waiting, new = [(f"成员{n}", "waiting") for n in range(5)], ("成员10", "ended")
        traveller.shift(dt.timedelta(days=101))
        pruning.prune()
        assert left(workspace) == [*waiting, ("成员9", "ended"), new]
        pruning.prune()
    assert left(workspace) == [*waiting, new]
    assert Step.objects.in_workspace(workspace).values("enrolment").distinct().count() == 6
