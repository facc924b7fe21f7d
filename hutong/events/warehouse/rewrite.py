"""Changes to rows already in the warehouse: a member merged or restored, a community's days counted in another zone.

The rows carry `origin_id` and `addressed_origin_id`, the members they were first recorded for, so that a merge can be taken back exactly. Each change can
be run again after a crash: it says what the rows shall be, not how they differ.
"""

from __future__ import annotations

from collections.abc import Mapping

from hutong.events.warehouse import engine, schema

_SYNC = "SETTINGS lightweight_deletes_sync = 2"
COLUMNS = (
    "workspace_id, community_id, group_id, member_id, origin_id, id, name, occurred_at, received_at, ordinal, local_day, local_hour, channel, source,"
    " is_history, is_activity, text, characters, reply_to, addressed_id, addressed_origin_id, is_reply, is_question, properties"
)


def move_member(workspace_id: str, *, member_id: str, to_id: str) -> None:
    """Give every row of `member_id` to `to_id`."""
    _replace(workspace_id, "member_id = {member:UUID}", {"member": member_id}, {"member_id": "{to:UUID}"}, {"to": to_id})
    _readdress(workspace_id, "addressed_id = {member:UUID}", {"member": member_id, "to": to_id})


def restore_member(workspace_id: str, *, member_id: str, from_id: str, origin_ids: list[str]) -> None:
    """Give back to `member_id` the rows that lie with `from_id` and were recorded for it or for whoever was merged into it before."""
    _replace(
        workspace_id,
        "member_id = {holder:UUID} AND origin_id IN {origins:Array(UUID)}",
        {"holder": from_id, "origins": origin_ids},
        {"member_id": "{to:UUID}"},
        {"to": member_id},
    )
    _readdress(
        workspace_id,
        "addressed_id = {holder:UUID} AND addressed_origin_id IN {origins:Array(UUID)}",
        {"holder": from_id, "origins": origin_ids, "to": member_id},
    )


def rezone_community(workspace_id: str, community_id: str, *, time_zone: str) -> None:
    """Count the days of a community in another zone."""
    _replace(
        workspace_id,
        "community_id = {community:UUID}",
        {"community": community_id},
        {"local_day": "toDate(occurred_at, {zone:String})", "local_hour": "toHour(occurred_at, {zone:String})"},
        {"zone": time_zone},
    )
    with engine.writing:
        # The same stays once more, a version higher.
        engine.command(
            "INSERT INTO memberships SELECT workspace_id, community_id, group_id, channel, member_id, membership_id, joined_at, left_at,"
            f" toDate(joined_at, {{zone:String}}), if(left_day = toDate('{schema.NEVER}'), left_day, toDate(left_at, {{zone:String}})), version + 1,"
            " is_deleted FROM memberships FINAL WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID} SETTINGS insert_deduplicate = 0",
            {"workspace": workspace_id, "community": community_id, "zone": time_zone},
        )


def remove_events(workspace_id: str, *, condition: str, parameters: Mapping[str, str | list[str]]) -> None:
    """Take out the events that meet the condition (a fragment with bound values) and count their communities anew."""
    where = f"workspace_id = {{workspace:UUID}} AND {condition}"
    bound = {"workspace": workspace_id, **parameters}
    with engine.writing:
        communities = engine.rows(f"SELECT DISTINCT toString(community_id) FROM events WHERE {where}", bound)
        if not communities:
            return
        engine.command(f"DELETE FROM events WHERE {where} {_SYNC}", bound)
        for (community_id,) in communities:
            rebuild(workspace_id, community_id)


def remove_community(workspace_id: str, community_id: str) -> None:
    """Take a community out of every table."""
    where = "WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID}"
    with engine.writing:
        for table in schema.TABLES:
            engine.command(f"DELETE FROM {table} {where} {_SYNC}", {"workspace": workspace_id, "community": community_id})


def rebuild(workspace_id: str, community_id: str) -> None:
    """Make the daily states of a community again from its events."""
    where = "WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID}"
    parameters = {"workspace": workspace_id, "community": community_id}
    with engine.writing:
        for table, select in schema.PROJECTIONS.items():
            engine.command(f"DELETE FROM {table} {where} {_SYNC}", parameters)
            engine.command(f"INSERT INTO {table} SELECT * FROM ({select.format(where=where)}) SETTINGS insert_deduplicate = 0", parameters)


def _readdress(workspace_id: str, condition: str, parameters: Mapping[str, str | list[str]]) -> None:
    """Let the rows that meet the condition be addressed to `to`."""
    engine.command(
        # The origin is written too: in rows older than its column it would else follow what is written here.
        "ALTER TABLE events UPDATE addressed_id = {to:UUID}, addressed_origin_id = addressed_origin_id"
        f" WHERE workspace_id = {{workspace:UUID}} AND {condition} SETTINGS mutations_sync = 2",
        {"workspace": workspace_id, **parameters},
    )


def _replace(workspace_id: str, condition: str, parameters: Mapping[str, str | list[str]], changes: dict[str, str], values: dict[str, str]) -> None:
    """Write the rows that meet the condition anew with changed columns, and take out the old ones.

    The new rows wait in `events_staged` until all is done; if a crash comes between, `_recover` finishes what was begun.
    """
    bound = {"workspace": workspace_id, **parameters, **values}
    unchanged = " OR ".join(f"{column} != {expression}" for column, expression in changes.items())
    where = f"workspace_id = {{workspace:UUID}} AND {condition} AND ({unchanged})"
    select = ", ".join(f"{changes[column]} AS {column}" if column in changes else column for column in COLUMNS.split(", "))
    with engine.writing:
        engine.command("CREATE TABLE IF NOT EXISTS events_staged AS events ENGINE = MergeTree ORDER BY (workspace_id, id)")
        engine.command(f"ALTER TABLE events_staged ADD COLUMN IF NOT EXISTS {schema.ADDED['events']}")
        _recover()
        engine.command(f"INSERT INTO events_staged ({COLUMNS}) SELECT {select} FROM (SELECT {COLUMNS} FROM events WHERE {where}) AS old", bound)
        engine.command(f"DELETE FROM events WHERE {where} {_SYNC}", bound)
        _recover()


def _recover() -> None:
    """Put staged rows that are not among the events there, count their communities anew, and empty the stage."""
    communities = engine.rows("SELECT DISTINCT toString(workspace_id), toString(community_id) FROM events_staged")
    if not communities:
        return
    engine.command(
        f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events_staged WHERE (workspace_id, id) NOT IN"
        " (SELECT workspace_id, id FROM events WHERE id IN (SELECT id FROM events_staged)) SETTINGS insert_deduplicate = 0"
    )
    for workspace_id, community_id in communities:
        rebuild(workspace_id, community_id)
    engine.command("TRUNCATE TABLE events_staged")
