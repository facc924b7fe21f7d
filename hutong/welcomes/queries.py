"""Which welcomes there are, and what came of them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from hutong.automations.queries import following
from hutong.automations.queries.following import NOTHING, Following
from hutong.channels.messages import kept, said
from hutong.communities.models import Group
from hutong.events.queries import rows
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.welcomes.models import Greeting, Welcome
from hutong.welcomes.said import messages
from hutong.workspaces.models import Workspace

DAYS = 90  # how far statistics look back, and at most how long before it began
SPOKE = {"spoke_day": 24, "spoke_week": 7 * 24}  # hours


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many newcomers whose time is up, so many spoke."""

    newcomers: int
    spoke: int


def welcomes(workspace: Workspace) -> list[dict[str, Any]]:
    """Every welcome by name, with how many it greeted."""
    counts = dict(Greeting.objects.in_workspace(workspace).order_by().values("welcome_id").annotate(n=Count("pk")).values_list("welcome_id", "n"))
    found = list(Welcome.objects.in_workspace(workspace).select_related("community").order_by("name", "pk"))
    names = _group_names(workspace, found)
    besides = following.of(workspace, [one.follows for one in found])
    return [_told(one, counts.get(one.pk, 0), names, besides.get(one.follows, NOTHING)) for one in found]


def welcome(workspace: Workspace, welcome_id: uuid.UUID) -> dict[str, Any]:
    """One of them. Raises NotFound."""
    found = one(workspace, welcome_id)
    greeted = Greeting.objects.in_workspace(workspace).filter(welcome=found).count()
    besides = following.of(workspace, [found.follows]).get(found.follows, NOTHING)
    return _told(found, greeted, _group_names(workspace, [found]), besides)


def one(workspace: Workspace, welcome_id: uuid.UUID) -> Welcome:
    """The row. Raises NotFound."""
    found = Welcome.objects.in_workspace(workspace).select_related("community").filter(pk=welcome_id).first()
    if found is None:
        raise NotFound("welcome")
    return found


def _group_names(workspace: Workspace, found: list[Welcome]) -> dict[str, str]:
    wanted = {group_id for one in found for group_id in one.group_ids}
    return {str(pk): name for pk, name in Group.objects.in_workspace(workspace).filter(pk__in=wanted).values_list("pk", "name")}


def _told(row: Welcome, greeted: int, names: dict[str, str], besides: Following) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.kind,
        "community": row.community,
        "groups": [{"id": group_id, "name": names[group_id]} for group_id in row.group_ids if group_id in names],
        "sources": row.sources,
        "priority": row.priority,
        "messages": [
            {
                "parts": said(kept(message.segments)),
                "delay_seconds": message.delay_seconds,
                "place": message.place,
                "otherwise": message.otherwise,
                "mentions": message.mentions,
            }
            for message in messages(row.messages)
        ],
        "together_seconds": row.together_seconds,
        "keeps_quiet": row.keeps_quiet,
        "is_on": row.is_on,
        "following": besides,
        "version": row.version,
        "started_at": row.started_at,
        "greeted": greeted,
        "updated_at": row.updated_at,
        "updated_by": row.updated_by,
    }


def statistics(workspace: Workspace, welcome_id: uuid.UUID) -> dict[str, Any]:
    """Newcomers since it began and in as long a time before, at most `DAYS` days each, and how many of them spoke soon.

    A newcomer counts in a share once their 24 hours or 7 days are up. Before: who joined a group in which the welcome has greeted since.
    """
    row = one(workspace, welcome_id)
    now = clock.now()
    began = row.started_at
    if began is None:
        nothing = Share(0, 0)
        return {"began_at": None, "welcomed": 0, "left": 0, "since": dict.fromkeys(SPOKE, nothing), "before": None}
    since = max(began, now - dt.timedelta(days=DAYS))
    greetings = Greeting.objects.in_workspace(workspace).filter(welcome=row)
    groups = list(greetings.filter(group__isnull=False).order_by().values_list("group_id", flat=True).distinct())
    before = None
    if groups:
        before = _spoke(workspace, name="member_joined", first=began - (now - since), until=began, now=now, groups=groups)
    return {
        "began_at": began,
        "welcomed": greetings.count(),
        "left": greetings.filter(left_at__isnull=False).count(),
        "since": _spoke(workspace, name="welcomed", first=since, until=now, now=now, welcome_id=row.pk),
        "before": before,
    }


def _spoke(
    workspace: Workspace, *, name: str, first: dt.datetime, until: dt.datetime, now: dt.datetime, welcome_id: uuid.UUID | None = None,
    groups: list[uuid.UUID] | None = None,
) -> dict[str, Share]:  # fmt: skip
    """Of the members with an event of that name in [first, until), who sent a message in the same group soon after; contacts: anywhere."""
    which = "AND properties.welcome_id.:String = {welcome:String}" if welcome_id is not None else "AND group_id IN {groups:Array(UUID)}"
    counts = ", ".join(
        f"countIf(at + INTERVAL {hours} HOUR <= {{now:DateTime64(3)}}), "
        f"countIf(at + INTERVAL {hours} HOUR <= {{now:DateTime64(3)}} AND arrayExists(t -> t >= at AND t < at + INTERVAL {hours} HOUR, times))"
        for hours in SPOKE.values()
    )
    statement = f"""
        WITH came AS (
            SELECT member_id, group_id, min(occurred_at) AS at FROM events
            WHERE workspace_id = {{workspace:UUID}} AND local_day BETWEEN {{first_day:Date}} AND {{last_day:Date}} AND name = {{name:String}}
                AND occurred_at >= {{first:DateTime64(3)}} AND occurred_at < {{until:DateTime64(3)}} {which}
            GROUP BY member_id, group_id
        ), spoken AS (
            SELECT member_id, group_id, groupArray(occurred_at) AS times FROM events
            WHERE workspace_id = {{workspace:UUID}} AND local_day BETWEEN {{first_day:Date}} AND {{end_day:Date}} AND name = 'message_sent'
                AND member_id IN (SELECT member_id FROM came)
            GROUP BY member_id, group_id
        )
        SELECT {counts} FROM came LEFT JOIN spoken USING (member_id, group_id)
    """
    day = dt.timedelta(days=1)
    answer = rows(
        statement,
        {
            "workspace": str(workspace.pk), "name": name, "first": first, "until": until, "now": now,
            "welcome": str(welcome_id), "groups": [str(one) for one in groups or []],
            "first_day": (first - day).date(), "last_day": (until + day).date(), "end_day": (min(until, now) + 9 * day).date(),
        },
    )  # fmt: skip
    day_all, day_spoke, week_all, week_spoke = answer[0] if answer else (0, 0, 0, 0)
    return {"spoke_day": Share(day_all, day_spoke), "spoke_week": Share(week_all, week_spoke)}
