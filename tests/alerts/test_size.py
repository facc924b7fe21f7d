"""A workspace of five hundred groups is looked at within its second: it is every minute, beside everything else."""

from __future__ import annotations

import time

import pytest

from hutong.alerts import watching
from hutong.alerts.models import Alert, Waiting
from hutong.communities.models import Community, Group
from hutong.events.warehouse import engine
from hutong.workspaces.models import Workspace
from tests.alerts.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GROUPS = 500
HOURS = 63 * 24  # nine weeks
SECONDS_MAX = 3.0  # measured: far below 1; a busy machine may take longer


def test_five_hundred_groups(workspace: Workspace) -> None:
    community = Community.objects.create(workspace=workspace, name="连锁门店", time_zone="Asia/Shanghai")
    groups = Group.objects.bulk_create(
        Group(workspace=workspace, community=community, name=f"{number} 群", channel="qq", external_id=str(number)) for number in range(GROUPS)
    )
    names = ", ".join(f"'{one.pk}'" for one in groups)
    # Ten messages in every hour of nine weeks, but for ten groups that fell silent two days ago.
    engine.command(
        f"INSERT INTO group_hours (workspace_id, community_id, group_id, channel, local_day, local_hour, messages) "
        f"SELECT '{workspace.pk}', '{community.pk}', arrayElement([{names}], 1 + intDiv(number, {HOURS})) AS one, 'qq', toDate(at), toHour(at), 10 FROM "
        f"(SELECT number, toDateTime('{NOW:%Y-%m-%d %H:%M:%S}', 'Asia/Shanghai') + INTERVAL 8 HOUR - toIntervalHour(1 + number % {HOURS}) AS at "
        f"FROM numbers({GROUPS * HOURS})) WHERE NOT (intDiv(number, {HOURS}) < 10 AND number % {HOURS} < 48)"
    )
    times = []
    for _ in range(3):
        began = time.perf_counter()
        watching.look_at(workspace.pk)
        times.append(time.perf_counter() - began)
    print("seconds a look:", [round(one, 3) for one in times])
    assert Alert.objects.in_workspace(workspace).filter(kind="quiet", state="open").count() == 10
    assert Waiting.objects.in_workspace(workspace).count() == 0
    assert min(times) < SECONDS_MAX
