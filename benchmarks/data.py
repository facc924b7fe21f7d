"""A large synthetic workspace, made inside the engine and kept on disk by its size, for scenarios that read.

Ten communities of five groups; members arrive over the days, talk much at first and less later, a few talk most of the time;
evenings are busy; one in three is in a second group; some leave. Run as `python -m benchmarks.data FOLDER [--events N ...]`.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.server import serving

SETTLED_SECONDS_MAX = 1_800
FORMAT = 7  # raise when the shape of the data changes, so that kept copies are made anew
ZONE_HOURS = 8
WORKSPACE_ID = uuid.UUID("01890000-0000-7000-8000-0000000000aa")
KEY = "htk_benchmark-key-for-synthetic-data"


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make. `last_day` is the last local day with events."""

    events: int = 20_000_000
    members: int = 500_000
    communities: int = 10
    groups: int = 50
    days: int = 180
    last_day: str = ""

    @property
    def end(self) -> dt.date:
        """The last day, yesterday in the communities' zone when not said."""
        if self.last_day:
            return dt.date.fromisoformat(self.last_day)
        return (dt.datetime.now(dt.UTC) + dt.timedelta(hours=ZONE_HOURS)).date() - dt.timedelta(days=1)  # a benchmark's own clock

    @property
    def start(self) -> dt.date:
        """The first day with events."""
        return self.end - dt.timedelta(days=self.days - 1)


def community_id(index: int) -> uuid.UUID:
    """The id of the community of that number."""
    return uuid.UUID(f"01890000-0000-7000-8000-0000000c{index:04x}")


def group_id(index: int) -> uuid.UUID:
    """The id of the group of that number; group g is in community g // groups per community."""
    return uuid.UUID(f"01890000-0000-7000-8000-0000000e{index:04x}")


def ensure(folder: Path, size: Size) -> Path:
    """The data folder holding that size, made in a process of its own when not there yet."""
    kept = {**asdict(size), "last_day": size.end.isoformat(), "format": FORMAT}
    name = "synthetic-" + "-".join(str(kept[key]) for key in ("events", "members", "communities", "groups", "days", "last_day", "format"))
    wanted = folder / name
    if (wanted / "complete.json").exists():
        return wanted
    making = folder / f"{name}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    arguments = [f"--{key.replace('_', '-')}={value}" for key, value in kept.items() if key != "format"]
    environment = {**os.environ, "HUTONG_DATA": str(making), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
    subprocess.run([sys.executable, "-m", "benchmarks.data", str(making), *arguments], check=True, env=environment)
    settle(making)
    (making / "complete.json").write_text(json.dumps(kept))
    making.rename(wanted)
    return wanted


def settle(data: Path) -> None:
    """Let a server do what it does the first time it meets such data: the stages of every community are counted."""
    until = time.perf_counter() + SETTLED_SECONDS_MAX
    with serving(data), contextlib.closing(sqlite3.connect(f"file:{data / 'hutong.db'}?mode=ro", uri=True)) as records:
        (communities,) = records.execute("SELECT count(*) FROM communities_community").fetchone()
        counted = "SELECT count(*) FROM segments_lifecycle WHERE asked = answered AND computed_day IS NOT NULL"
        while records.execute(counted).fetchone() != (communities,):
            if time.perf_counter() > until:
                raise RuntimeError("the server is still counting")
            time.sleep(1)


# Member m of community c has number c * per_community + m and arrives in the order of m: two in five before the first day.
_MEMBER = """reinterpretAsUUID(bitOr(
    bitShiftLeft(toUInt128(bitOr(bitShiftLeft(toUInt64(2), 62), bitShiftRight(sipHash64({number}, 7), 2))), 64),
    toUInt128(bitOr(bitShiftLeft(toUInt64({number} + 1690000000000), 16), bitOr(0x7000, bitAnd(sipHash64({number}, 3), 0x0fff))))))"""
_ARRIVAL = "if(m < {old}, toInt32(-365 + intDiv(m * 365, {old})), toInt32(intDiv((m - {old}) * {days}, {fresh})))"
_HOURS = [9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22, 23, 0, 8, 7, 1]
_TEXTS = [
    "大家早上好",
    "这个活动什么时候开始？",
    "已经下单了，等发货",
    "昨天的直播回放在哪里看",
    "谢谢群主，收到了",
    "有没有人一起拼团",
    "今天的打卡完成",
    "请问优惠券怎么领？",
    "How do I join the reading club?",
    "Thanks, that works",
    "推荐一本最近看的书，真的很好",
    "周末线下聚会还有名额吗",
]


def _memberships(size: Size) -> str:
    per_community, per_groups = size.members // size.communities, size.groups // size.communities
    old = per_community * 2 // 5
    arrival = _ARRIVAL.format(old=old, days=size.days, fresh=per_community - old)
    return f"""
        INSERT INTO memberships
        WITH number % {per_community} AS m, intDiv(number, {per_community}) AS c, {arrival} AS arrival,
            arrayJoin(if(m % 3 = 0, [0, 1], [0])) AS nth,
            sipHash64(number, nth, 11) % 100 < 12 AS leaves,
            toInt32(arrival + 3 + sipHash64(number, nth, 12) % 200) AS leave_day,
            leaves AND leave_day < {size.days} AS gone,
            c * {per_groups} + (m + nth) % {per_groups} AS g,
            toDateTime64('{size.start} 00:00:00', 3, 'UTC') AS zero
        SELECT {_uuid(WORKSPACE_ID)}, {_numbered("c", "c")}, {_numbered("e", "g")}, 'web', {_MEMBER.format(number="number")},
            reinterpretAsUUID(sipHash128(number, nth)),
            zero + toIntervalSecond(arrival * 86400 + toInt32(sipHash64(number, nth) % 50000) - {ZONE_HOURS * 3600}) AS joined_at,
            if(gone, zero + toIntervalSecond(leave_day * 86400 + 60000 - {ZONE_HOURS * 3600}), toDateTime64('2149-06-06 00:00:00', 3, 'UTC')) AS left_at,
            toDate('{size.start}') + arrival, if(gone, toDate('{size.start}') + leave_day, toDate('2149-06-06')), 1, 0
        FROM numbers({size.members})
    """


_CITIES = ["北京", "上海", "广州", "成都", "杭州", "武汉", "西安", "南京"]


def _people(size: Size) -> list[str]:
    """Who the members are: a name, a first sight, a city for four in five, a birthday for three in five."""
    of_member = f"{_uuid(WORKSPACE_ID)} AS workspace_id"
    return [
        f"""
        INSERT INTO people
        SELECT {of_member}, member_id, concat('成员 ', toString(rowNumberInAllBlocks())), min(joined_at), ['web'], 0, 0, 0, 1, 0
        FROM memberships GROUP BY member_id
        """,
        f"""
        INSERT INTO member_values (workspace_id, key, member_id, text, version, is_deleted)
        SELECT {of_member}, 'city', member_id, {_CITIES}[1 + cityHash64(member_id, 1) % {len(_CITIES)}], 1, 0
        FROM (SELECT DISTINCT member_id FROM memberships) WHERE cityHash64(member_id, 2) % 5 < 4
        """,
        f"""
        INSERT INTO member_values (workspace_id, key, member_id, month_day, version, is_deleted)
        SELECT {of_member}, 'birthday', member_id, (1 + cityHash64(member_id, 3) % 12) * 100 + 1 + cityHash64(member_id, 4) % 28, 1, 0
        FROM (SELECT DISTINCT member_id FROM memberships) WHERE cityHash64(member_id, 5) % 5 < 3
        """,
    ]


def _comings_and_goings(size: Size) -> list[str]:
    columns = "workspace_id, community_id, group_id, member_id, origin_id, id, name, occurred_at, received_at, local_day, local_hour, channel, source"
    return [
        f"""
        INSERT INTO events ({columns})
        SELECT workspace_id, community_id, group_id, member_id, member_id, concat('{name}', toString(membership_id)), 'member_{name}', {side}_at, {side}_at,
            {side}_day, toHour({side}_at + toIntervalHour({ZONE_HOURS})), channel, 'synthetic'
        FROM memberships WHERE {side}_day BETWEEN '{size.start}' AND '{size.end}'
        """
        for name, side in (("joined", "joined"), ("left", "left"))
    ]


def _events(size: Size, first: int, last: int) -> str:
    """Events of the days first..last (counted from the start), a little more on each later day."""
    per_community, per_groups = size.members // size.communities, size.groups // size.communities
    old = per_community * 2 // 5
    per_day = size.events // size.days
    return f"""
        INSERT INTO events (workspace_id, community_id, group_id, member_id, origin_id, id, name, occurred_at, received_at, ordinal, local_day, local_hour,
            channel, source, is_activity, text, characters, reply_to, addressed_id, is_reply, is_question, properties)
        WITH number + {first * per_day} AS n,
            {first} + intDiv(number, {per_day}) AS day,
            sipHash64(n, 1) AS r1, sipHash64(n, 2) AS r2, sipHash64(n, 3) AS r3, sipHash64(n, 4) AS r4,
            (r1 % 1000003) / 1000003.0 AS u,
            toUInt64({old} + intDiv({per_community - old} * day, {size.days}) + 1) AS arrived,
            toUInt64(r2 % 100) AS kind,
            toUInt64(arrived - 1) AS newest,
            least(newest, multiIf(kind < 45, toUInt64(u * u * u * arrived), kind < 80, toUInt64(newest - toUInt64(u * u * least(newest, 3000))), toUInt64(u * arrived))) AS m,
            toUInt64(r3 % {size.communities}) AS c,
            c * {per_community} + m AS person,
            c * {per_groups} + (m + if(m % 3 = 0 AND r4 % 4 = 0, 1, 0)) % {per_groups} AS g,
            toUInt64(intDiv(r2, 100) % 100) AS what,
            multiIf(what < 88, 'message_sent', what < 94, 'reaction_added', 'page_viewed') AS event,
            {_HOURS}[1 + r4 % {len(_HOURS)}] AS hour,
            toDate('{size.start}') + day AS on_day,
            toDateTime64(on_day, 3, 'UTC') + toIntervalSecond(toInt32(hour) * 3600 + toInt32(intDiv(r4, 100) % 3600) - {ZONE_HOURS * 3600}) AS at,
            {_TEXTS}[1 + r3 % {len(_TEXTS)}] AS words,
            event = 'message_sent' AS is_message,
            is_message AND intDiv(r3, 1000) % 4 = 0 AS answering,
            {_MEMBER.format(number="person")} AS member
        SELECT {_uuid(WORKSPACE_ID)}, {_numbered("c", "c")}, {_numbered("e", "g")}, member, member, lower(hex(sipHash128(n))), event, at, at, 0, on_day, hour,
            'web', 'synthetic', 1, if(is_message, words, ''), if(is_message, lengthUTF8(words), 0), '',
            if(answering, {_MEMBER.format(number=f"(c * {per_community} + toUInt64(((r1 % 999983) / 999983.0) * arrived))")}, {_uuid(uuid.UUID(int=0))}),
            answering, is_message AND (endsWith(words, '？') OR endsWith(words, '?')), '{{}}'
        FROM numbers({(last - first + 1) * per_day})
    """


def _uuid(value: uuid.UUID) -> str:
    return f"toUUID('{value}')"


def _numbered(kind: str, number: str) -> str:
    """The UUID of community or group `number`, as community_id() and group_id() make it."""
    high, low = 0x0189_0000_0000_7000, 0x8000_0000_0000_0000 | int(kind, 16) << 16
    return f"reinterpretAsUUID(bitOr(bitShiftLeft(toUInt128(bitOr({low}, toUInt64({number}))), 64), toUInt128({high})))"


def build(size: Size) -> None:
    """Fill the stores of this process's data folder."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from hutong.communities.models import Community, Group
    from hutong.events.warehouse import engine
    from hutong.members.models import Member
    from hutong.workspaces import access
    from hutong.workspaces.models import APIKey, Workspace

    call_command("migrate", verbosity=0)
    per_groups = size.groups // size.communities
    with transaction.atomic():
        workspace = Workspace.objects.create(id=WORKSPACE_ID, name="Synthetic")
        for c in range(size.communities):
            community = Community.objects.create(id=community_id(c), workspace=workspace, name=f"社群 {c + 1}")
            for g in range(c * per_groups, (c + 1) * per_groups):
                Group.objects.create(id=group_id(g), workspace=workspace, community=community, name=f"{g + 1} 群", channel="web")
        scopes = ["reports.read", "communities.read", "members.read", "events.read", "sources.manage", "segments.read", "segments.manage"]
        APIKey.objects.create(workspace=workspace, name="benchmark", prefix=KEY[:12], key_hash=access.hash_secret(KEY), scopes=scopes)

    engine.command(_memberships(size))
    for statement in _people(size):
        engine.command(statement)
    for statement in _comings_and_goings(size):
        engine.command(statement)
    step = max(1, 600_000 * size.days // size.events)
    for first in range(0, size.days, step):
        last = min(first + step, size.days) - 1
        engine.command(_events(size, first, last))
        print(f"days {first}-{last} of {size.days}", file=sys.stderr, flush=True)

    firsts = engine.rows("SELECT member_id, min(joined_at) FROM memberships GROUP BY member_id")
    with transaction.atomic():
        for start in range(0, len(firsts), 10_000):
            Member.objects.bulk_create(
                Member(id=member, workspace=workspace, name=f"成员 {at}", first_seen_at=first, last_seen_at=first)
                for at, (member, first) in enumerate(firsts[start : start + 10_000], start)
            )
    engine.close()
    connection.close()


def main() -> None:
    """Build into the folder that HUTONG_DATA names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for key, value in asdict(Size()).items():
        parser.add_argument(f"--{key.replace('_', '-')}", type=type(value), default=value)
    chosen = vars(parser.parse_args())
    folder = chosen.pop("folder")
    if os.environ.get("HUTONG_DATA") != str(folder):
        raise SystemExit("HUTONG_DATA must name the folder")
    build(Size(**chosen))


if __name__ == "__main__":
    main()
