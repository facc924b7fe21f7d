"""Tables of the warehouse. Days are the community's local days; zero UUIDs stand for "none".

* `events`: one row an event, kept in order of workspace, community, day, name, member.
* `member_days`: what each member did in each group on each local day (summed by a materialised view).
* `member_firsts`: the first day each member was seen and was active in each group.
* `member_events`: how often each member did what on each local day, in order of member: for questions about a few of many members.
* `sampled_events`: the events of one member in sixteen, for first answers to questions that would read all events.
* `group_hours`: messages by local day and hour, of hours in which a member did something: that a group was set up is no day of its life.
* `memberships`: stays in groups, projected from the records; the highest version of a row counts.
* `people`, `member_values`, `member_tags`, `segment_members`: what else is known of members, projected in the same way. Days of these
  tables are numbers (Python's `date.toordinal`), so that they reach further than a Date.
"""

from __future__ import annotations

from collections.abc import Collection

NONE = "00000000-0000-0000-0000-000000000000"
NEVER = "2149-06-06"  # the last Date ClickHouse has

SHARES = 16
_SHARE = f"cityHash64(member_id) % {SHARES}"  # ahead of the member in what is kept by member, so that a sample is read without the rest
SAMPLED = f"{_SHARE} = 0"  # the members whose events are in `sampled_events`
_SAMPLED_COLUMNS = "workspace_id, community_id, group_id, member_id, id, name, occurred_at, ordinal, local_day, channel, text, characters, is_reply, is_question, properties"

# A shipped batch leaves the log, so it must be on disk first; a batch sent again after a crash must count once.
_DURABLE = "non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1"

TABLES: dict[str, str] = {
    "events": f"""
        CREATE TABLE IF NOT EXISTS events (
            workspace_id UUID,
            community_id UUID,
            group_id UUID,
            member_id UUID,
            origin_id UUID COMMENT 'the member at the time of the event, before any merge',
            id String CODEC(ZSTD(1)),
            name LowCardinality(String),
            occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
            received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
            ordinal UInt32 COMMENT 'order among events of the same moment',
            local_day Date,
            local_hour UInt8,
            channel LowCardinality(String),
            source LowCardinality(String),
            is_history Bool,
            is_activity UInt8,
            text String CODEC(ZSTD(3)),
            characters UInt32,
            reply_to String CODEC(ZSTD(1)) COMMENT 'message id on the platform',
            addressed_id UUID COMMENT 'the member who is answered',
            addressed_origin_id UUID DEFAULT addressed_id COMMENT 'the same before any merge',
            is_reply UInt8,
            is_question UInt8,
            properties JSON(max_dynamic_paths = 64),
            INDEX by_member member_id TYPE bloom_filter(0.01) GRANULARITY 1,
            INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
        ) ENGINE = MergeTree
        PARTITION BY toYear(local_day)
        ORDER BY (workspace_id, community_id, local_day, name, member_id, occurred_at, ordinal)
        SETTINGS {_DURABLE}
    """,
    "member_days": f"""
        CREATE TABLE IF NOT EXISTS member_days (
            workspace_id UUID,
            community_id UUID,
            local_day Date,
            group_id UUID,
            channel LowCardinality(String),
            member_id UUID,
            events SimpleAggregateFunction(sum, UInt64),
            activities SimpleAggregateFunction(sum, UInt64),
            messages SimpleAggregateFunction(sum, UInt64),
            replies SimpleAggregateFunction(sum, UInt64),
            characters SimpleAggregateFunction(sum, UInt64),
            reactions SimpleAggregateFunction(sum, UInt64),
            joins SimpleAggregateFunction(sum, UInt64),
            leaves SimpleAggregateFunction(sum, UInt64)
        ) ENGINE = AggregatingMergeTree
        PARTITION BY toYear(local_day)
        ORDER BY (workspace_id, community_id, local_day, group_id, channel, member_id)
        SETTINGS {_DURABLE}
    """,
    "member_firsts": f"""
        CREATE TABLE IF NOT EXISTS member_firsts (
            workspace_id UUID,
            community_id UUID,
            group_id UUID,
            channel LowCardinality(String),
            member_id UUID,
            seen_day SimpleAggregateFunction(min, Date),
            active_day SimpleAggregateFunction(min, Date) COMMENT '{NEVER} when never active'
        ) ENGINE = AggregatingMergeTree
        ORDER BY (workspace_id, community_id, group_id, channel, member_id)
        SETTINGS {_DURABLE}
    """,
    "member_events": f"""
        CREATE TABLE IF NOT EXISTS member_events (
            workspace_id UUID,
            member_id UUID,
            name LowCardinality(String),
            local_day Date,
            community_id UUID,
            group_id UUID,
            events SimpleAggregateFunction(sum, UInt64)
        ) ENGINE = AggregatingMergeTree
        ORDER BY (workspace_id, member_id, name, local_day, community_id, group_id)
        SETTINGS index_granularity = 512, {_DURABLE}
    """,
    "sampled_events": f"""
        CREATE TABLE IF NOT EXISTS sampled_events (
            workspace_id UUID,
            community_id UUID,
            group_id UUID,
            member_id UUID,
            id String CODEC(ZSTD(1)),
            name LowCardinality(String),
            occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
            ordinal UInt32,
            local_day Date,
            channel LowCardinality(String),
            text String CODEC(ZSTD(3)),
            characters UInt32,
            is_reply UInt8,
            is_question UInt8,
            properties JSON(max_dynamic_paths = 64)
        ) ENGINE = MergeTree
        ORDER BY (workspace_id, name, local_day, member_id)
        SETTINGS {_DURABLE}
    """,
    "group_hours": f"""
        CREATE TABLE IF NOT EXISTS group_hours (
            workspace_id UUID,
            community_id UUID,
            group_id UUID,
            channel LowCardinality(String),
            local_day Date,
            local_hour UInt8,
            messages SimpleAggregateFunction(sum, UInt64)
        ) ENGINE = AggregatingMergeTree
        PARTITION BY toYear(local_day)
        ORDER BY (workspace_id, community_id, group_id, channel, local_day, local_hour)
        SETTINGS {_DURABLE}
    """,
    "memberships": f"""
        CREATE TABLE IF NOT EXISTS memberships (
            workspace_id UUID,
            community_id UUID,
            group_id UUID,
            channel LowCardinality(String),
            member_id UUID,
            membership_id UUID,
            joined_at DateTime64(3, 'UTC'),
            left_at DateTime64(3, 'UTC') COMMENT '2149-06-06 while the stay lasts',
            joined_day Date,
            left_day Date COMMENT '2149-06-06 while the stay lasts',
            version UInt64,
            is_deleted UInt8
        ) ENGINE = ReplacingMergeTree(version, is_deleted)
        ORDER BY (workspace_id, community_id, group_id, member_id, membership_id)
        SETTINGS {_DURABLE}
    """,
}

# Of members, whatever their communities.
MEMBER_TABLES: dict[str, str] = {
    "people": f"""
        CREATE TABLE IF NOT EXISTS people (
            workspace_id UUID,
            member_id UUID,
            name String,
            first_seen_at DateTime64(3, 'UTC'),
            channels Array(LowCardinality(String)),
            is_anonymous Bool,
            is_bot Bool,
            is_sample Bool,
            version UInt64,
            is_deleted UInt8
        ) ENGINE = ReplacingMergeTree(version, is_deleted)
        ORDER BY (workspace_id, {_SHARE}, member_id)
        SETTINGS {_DURABLE}
    """,
    "member_values": f"""
        CREATE TABLE IF NOT EXISTS member_values (
            workspace_id UUID,
            key LowCardinality(String) COMMENT 'of an attribute, or score:<name>, or consent:<purpose>',
            member_id UUID,
            text String,
            number Nullable(Float64),
            day Nullable(Int32) COMMENT 'of a birthday too, where its year is known',
            month_day Nullable(UInt16) COMMENT '517: the 17th of May',
            boolean Nullable(Bool),
            items Array(String),
            version UInt64,
            is_deleted UInt8
        ) ENGINE = ReplacingMergeTree(version, is_deleted)
        ORDER BY (workspace_id, key, {_SHARE}, member_id)
        SETTINGS {_DURABLE}
    """,
    "member_tags": f"""
        CREATE TABLE IF NOT EXISTS member_tags (
            workspace_id UUID,
            tag_id UUID,
            member_id UUID,
            version UInt64,
            is_deleted UInt8
        ) ENGINE = ReplacingMergeTree(version, is_deleted)
        ORDER BY (workspace_id, tag_id, {_SHARE}, member_id)
        SETTINGS {_DURABLE}
    """,
    "segment_members": f"""
        CREATE TABLE IF NOT EXISTS segment_members (
            workspace_id UUID,
            segment_id UUID,
            member_id UUID,
            version UInt64,
            is_deleted UInt8
        ) ENGINE = ReplacingMergeTree(version, is_deleted)
        ORDER BY (workspace_id, segment_id, {_SHARE}, member_id)
        SETTINGS {_DURABLE}
    """,
}

# What each materialised view selects; a rebuild of one community runs the same statement over its events.
PROJECTIONS: dict[str, str] = {
    "member_days": """
        SELECT workspace_id, community_id, local_day, group_id, channel, member_id,
            count() AS events,
            sum(is_activity) AS activities,
            countIf(name = 'message_sent') AS messages,
            sum(is_reply) AS replies,
            sum(characters) AS characters,
            countIf(name = 'reaction_added') AS reactions,
            countIf(name = 'member_joined') AS joins,
            countIf(name = 'member_left') AS leaves
        FROM events {where}
        GROUP BY workspace_id, community_id, local_day, group_id, channel, member_id
    """,
    "member_firsts": f"""
        SELECT workspace_id, community_id, group_id, channel, member_id,
            min(local_day) AS seen_day,
            min(if(is_activity > 0, local_day, toDate('{NEVER}'))) AS active_day
        FROM events {{where}}
        GROUP BY workspace_id, community_id, group_id, channel, member_id
    """,
    "member_events": f"""
        SELECT workspace_id, member_id, name, local_day, community_id, group_id, count() AS events
        FROM events {{where}}
        GROUP BY workspace_id, member_id, name, local_day, community_id, group_id
        HAVING member_id != toUUID('{NONE}')
    """,
    "sampled_events": f"""
        SELECT {_SAMPLED_COLUMNS}
        FROM (SELECT {_SAMPLED_COLUMNS} FROM events {{where}})
        WHERE {SAMPLED} AND member_id != toUUID('{NONE}')
    """,
    "group_hours": f"""
        SELECT workspace_id, community_id, group_id, channel, local_day, local_hour, countIf(name = 'message_sent') AS messages
        FROM events {{where}}
        GROUP BY workspace_id, community_id, group_id, channel, local_day, local_hour
        HAVING countIf(member_id != toUUID('{NONE}')) > 0
    """,
}


# Columns that tables of earlier versions lack.
ADDED: dict[str, str] = {
    "events": "addressed_origin_id UUID DEFAULT addressed_id AFTER addressed_id",
    "people": "first_seen_at DateTime64(3, 'UTC') DEFAULT addHours(toDateTime64(toDate32(first_seen_day - 719163), 3, 'UTC'), 12) AFTER name",
}


# Made after the first version: where the view that feeds one is missing, it is filled from the events that are there.
LATER = ("member_events", "sampled_events")


def tables() -> list[str]:
    """Every table, and the columns that older ones lack; safe to run again."""
    columns = (f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}" for table, column in ADDED.items())
    return [*TABLES.values(), *MEMBER_TABLES.values(), *columns]


def views() -> list[str]:
    """What feeds the daily states; safe to run again."""
    return [
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view_of(table)} TO {table} AS {select.format(where='')}" for table, select in PROJECTIONS.items()
    ]


def view_of(table: str) -> str:
    """The name of the view that feeds a table."""
    return f"{table}_view"


def fillings(there: Collection[str]) -> list[str]:
    """What fills tables of later versions, given the names of the tables and views there were. Begun and broken off, it begins anew."""
    late = [table for table in LATER if "events" in there and view_of(table) not in there]
    return [statement for table in late for statement in (f"TRUNCATE TABLE {table}", f"INSERT INTO {table} {PROJECTIONS[table].format(where='')}")]
