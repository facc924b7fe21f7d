"""The days with data are days on which members did something."""

from __future__ import annotations

import datetime as dt

from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.queries import rows
from hutong.foundation import fresh
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.reports.history import ship
from tests.reports.oracle import Happening


def test_setting_up_a_group_is_no_day_of_its_life(api: Api, workspace: Workspace, community: Community, group: Group) -> None:
    """History imported today into a group made today ended when it ended: the home page shows its last days, not these."""
    fresh.forget()
    happenings = [Happening(dt.datetime(2016, 11, day, 12, tzinfo=dt.UTC), day, "message", "ann", "c", "g") for day in (1, 30)]
    ship(workspace.pk, happenings, {"c": "Asia/Shanghai"}, {"c": community.pk, "g": group.pk})
    made = api.post("/groups", {"community_id": str(community.pk), "name": "#qtox", "channel": "irc"})
    assert made.status_code == 201
    subscribers.drain()
    assert rows("SELECT count() FROM events WHERE workspace_id = {w:UUID} AND name = 'group_created'", {"w": str(workspace.pk)})[0][0] == 1
    expected = {"from": "2016-11-01", "to": "2016-11-30", "days": 30}
    assert api.get("/reports/extent", community=community.pk).json()["extent"] == expected
    assert api.get("/reports/extent").json()["extent"] == expected
    assert api.get("/reports/extent", group=made.json()["id"]).json()["extent"] is None
