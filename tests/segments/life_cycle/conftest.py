"""A community where the clocks change, and a time that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from hutong.communities.models import Community
from hutong.workspaces.models import Workspace
from tests.segments.life_cycle.living import NOON, ZONE


@pytest.fixture
def community(workspace: Workspace) -> Community:
    return Community.objects.create(workspace=workspace, name="胡同读书会", time_zone=ZONE)


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
