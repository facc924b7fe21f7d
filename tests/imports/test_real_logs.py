"""Counts of real logs equal those of a counter that shares no code with the product."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from hutong.events.queries import rows
from hutong.members.models import Member
from tests.conftest import shared
from tests.imports import naive
from tests.imports.conftest import Importing
from tests.imports.naive import Line, Numbers

pytestmark = pytest.mark.realdata


def numbers(importing: Importing) -> Numbers:
    """The same numbers, from the warehouse's tables."""
    bound = {"w": importing.workspace_id}
    where = "WHERE workspace_id = {w:UUID} AND member_id != toUUID('00000000-0000-0000-0000-000000000000')"
    (totals,) = rows(f"SELECT sum(messages), sum(joins), sum(leaves), uniqExactIf(member_id, messages > 0) FROM member_days {where}", bound)
    days = rows(f"SELECT local_day, sum(messages), uniqExactIf(member_id, messages > 0) FROM member_days {where} GROUP BY local_day", bound)
    triangle = rows(
        "SELECT first, dateDiff('day', first, local_day), count() FROM ("
        f" SELECT member_id, local_day, min(local_day) OVER (PARTITION BY member_id) AS first FROM member_days {where}"
        " GROUP BY member_id, local_day HAVING sum(activities) > 0) GROUP BY ALL",
        bound,
    )
    return Numbers(
        *totals,
        {day: messages for day, messages, _ in days if messages},
        {day: speakers for day, _, speakers in days if speakers},
        {(first, after): members for first, after, members in triangle},
    )


def equal(importing: Importing, lines: list[Line], *, hours: int = 0, fold_names: bool = True) -> None:
    found, wanted = numbers(importing), naive.count(lines, hours=hours, fold_names=fold_names)
    for name in Numbers._fields:
        assert getattr(found, name) == getattr(wanted, name), name


@pytest.mark.parametrize(("folder", "pattern", "hours", "zone"), [
    ("ubuntu-cn", r"(\d{4})-(\d\d)-(\d\d)\.txt", 8, "Asia/Shanghai"),
    ("qtox", r"qtox_(\d{4})(\d\d)(\d\d)\.log\.txt", 0, "UTC"),
])  # fmt: skip
def test_raw_irc_logs(importing: Importing, folder: str, pattern: str, hours: int, zone: str) -> None:
    files = sorted(shared(f"chat/raw/{folder}").iterdir())
    lines: list[Line] = []
    for path in files:
        found = re.fullmatch(pattern, path.name)
        assert found is not None
        text = path.read_bytes().decode("utf-8", "replace")
        lines += naive.irc_day(text, dt.date(*map(int, found.groups())))
    community = importing.api.post("/communities", {"name": "logs", "time_zone": zone}).json()
    done = importing.whole(*reversed(files), community_name=None, community_id=community["id"], group_name=f"#{folder}", time_zone="UTC")
    assert done["progress"]["rejected"] == 0
    assert done["checked"]["messages"] == sum(1 for line in lines if line.kind == "message")
    assert done["checked"]["members"] == Member.objects.in_workspace(importing.workspace_id).count()  # by whatever names they went
    equal(importing, lines, hours=hours)


def _rows(name: str) -> list[dict[str, str]]:
    return list(naive.csv_rows(shared(f"chat/{name}.csv.gz")))


def _utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


KINDS = {"message": "message", "action": "message", "join": "join", "quit": "leave", "part": "leave", "nick": "rename"}


def test_qtox_table(importing: Importing) -> None:
    lines = [Line(_utc(row["time"]), KINDS[row["kind"]], row["sender"], row["text"], row["text"]) for row in _rows("qtox_irc_2016")]
    done = importing.whole(shared("chat/qtox_irc_2016.csv.gz"), channel="irc", keep_good_rows=True)
    assert done["progress"]["rejected"] == 0
    equal(importing, lines, fold_names=False)


def test_ubuntu_cn_table(importing: Importing) -> None:
    lines = [Line(_utc(row["time"]), KINDS[row["kind"]], row["sender"], row["text"], row["text"]) for row in _rows("ubuntu-cn_2013-01-01_15")]
    done = importing.whole(shared("chat/ubuntu-cn_2013-01-01_15.csv.gz"), group_name=None, channel="irc", keep_good_rows=True)
    assert done["progress"]["rejected"] == 0
    assert [group["name"] for group in done["groups"]] == ["#ubuntu-cn"]
    equal(importing, lines, fold_names=False)


@pytest.mark.slow
def test_fluid_table(importing: Importing) -> None:
    lines = []
    for row in _rows("fluid_irc"):
        text = row["text"]
        if row["kind"] == "message":
            lines.append(Line(_utc(row["time"]), "message", row["sender"], group=row["channel"]))
        elif found := re.match(r"\*\*\* (\S+) <[^>]*> has joined ", text):
            lines.append(Line(_utc(row["time"]), "join", found[1]))
        elif found := re.match(r"\*\*\* (\S+) <[^>]*> has (?:left|quit) ", text):
            lines.append(Line(_utc(row["time"]), "leave", found[1]))
        elif found := re.match(r"\*\*\* (\S+) is now known as (\S+)", text):
            lines.append(Line(_utc(row["time"]), "rename", found[1], found[2]))
        elif found := re.match(r"\*\*\* (\S+) was kicked by ", text):
            lines.append(Line(_utc(row["time"]), "leave", found[1]))
        else:
            lines.append(Line(_utc(row["time"]), "system", row["sender"]))
    done = importing.whole(shared("chat/fluid_irc.csv.gz"), group_name=None, channel="irc", keep_good_rows=True)
    assert done["progress"]["rejected"] == 0
    found, wanted = numbers(importing), naive.count(lines)
    for name in ("messages", "joins", "leaves", "messages_per_day"):
        assert getattr(found, name) == getattr(wanted, name), name


@pytest.mark.slow
def test_zig_table(importing: Importing) -> None:
    lines = [Line(dt.datetime.fromtimestamp(int(row["ts"]), dt.UTC), "message", row["sender"], text=row["text"]) for row in _rows("zig_irc")]
    done = importing.whole(shared("chat/zig_irc.csv.gz"), channel="irc")
    assert done["progress"]["added"] == 303_896
    equal(importing, lines, fold_names=False)


@pytest.mark.slow
def test_tables_of_other_platforms(importing: Importing, other_importing: Importing) -> None:
    zulip = importing.whole(shared("chat/zulip_lean.csv.gz"), group_name=None, keep_good_rows=True)
    table = _rows("zulip_lean")
    assert (zulip["progress"]["added"], zulip["progress"]["rejected"]) == (len({row["id"] for row in table}), 0)
    assert len(zulip["groups"]) == len({row["stream"] for row in table})
    (speakers,) = importing.rows("uniqExact(member_id)", "name = 'message_sent'")
    assert speakers == (len({row["sender"] for row in table}),)
    slack = other_importing.whole(shared("chat/slack_dev_chats.csv.gz"), group_name=None, keep_good_rows=True)
    rows_of_slack = _rows("slack_dev_chats")
    assert (slack["progress"]["added"], slack["progress"]["rejected"]) == (len(rows_of_slack), 0)
    (found,) = other_importing.rows("count(), uniqExact(group_id)", "name = 'message_sent'")
    assert found == (len(rows_of_slack), len({(row["team"], row["channel"]) for row in rows_of_slack}))


def test_a_real_log_twice_and_in_parts(importing: Importing, other_importing: Importing) -> None:
    files: list[Any] = sorted(shared("chat/raw/ubuntu-cn").iterdir())
    importing.whole(*files)
    before = importing.picture()
    again = importing.whole(*files)
    assert (again["progress"]["added"], again["progress"]["already_there"]) == (0, len(before["events"]))
    assert importing.picture() == before
    for part in (files[:3], files[2:5], files[4:]):
        other_importing.whole(*part)
    after = other_importing.picture()
    assert [(one, other) for one, other in zip(after["events"], before["events"], strict=True) if one != other] == []
    assert after == before
