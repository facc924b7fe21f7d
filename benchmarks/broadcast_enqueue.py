"""A broadcast to 1,000,000 members with their names in it: from the start of the job until every message is in the outbox.

Beside it the bare rows: as many of the same width, inserted into an equal table in transactions of a thousand. Memory is what the process has
for itself (the file of the store is mapped besides, up to 256 MB); `grown_mb`: its peak over what it was after a tenth. Addresses are random, as
they are on platforms, so that an index of theirs would be met all over. `check_seconds`: counting that audience before.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.result import Result

MEMBERS = 1_000_000
MEMBERS_QUICK = 100_000
TOGETHER = 1_000


def run(*, quick: bool) -> Result:
    """Seconds; and by how much memory grew between the first tenth and the end."""
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HUTONG_DATA": str(Path(folder) / "data"), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
        command = [sys.executable, "-m", "benchmarks.broadcast_enqueue", str(MEMBERS_QUICK if quick else MEMBERS)]
        said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        told = json.loads(said.splitlines()[-1])
    extra = {
        name: told[name] for name in ("members", "cpu_seconds", "check_seconds", "peak_mb", "grown_mb", "first_tenth_seconds", "last_tenth_seconds")
    }
    return Result("broadcast_enqueue", "s", "bare rows in an equal table", [told["seconds"]], [told["bare_seconds"]], extra)


def _in_process(count: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    import hutong.config.api  # noqa: F401  (installs the features)

    call_command("migrate", verbosity=0)
    from django.db import transaction

    from hutong.broadcasts import checking, work
    from hutong.broadcasts.actions import checks, drafts, runs
    from hutong.broadcasts.audience import Audience
    from hutong.broadcasts.models import Run
    from hutong.channels.messages import PartIn
    from hutong.channels.models import Account, AccountHealth, Lane
    from hutong.foundation import clock, ids
    from hutong.foundation.timing import Timing
    from hutong.members import bulk
    from hutong.members.models import Identity, Member
    from hutong.segments.models import Segment, SegmentMember
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    workspace = Workspace.objects.create(name="w", time_zone="Asia/Shanghai")
    account = Account.objects.create(workspace=workspace, platform="webhook", channel="webhook", name="w", self_id="w")
    AccountHealth.objects.create(workspace=workspace, account=account)
    segment = Segment.objects.create(workspace=workspace, name="s", kind="static", created_by_name="x", changed_by_name="x")
    now = clock.now()
    for some in bulk.chunks(range(count), size=20_000):
        with transaction.atomic():
            made = [(ids.new(), number) for number in some]
            of_members = (
                "id",
                "workspace",
                "name",
                "is_name_fixed",
                "is_anonymous",
                "is_bot",
                "is_sample",
                "first_seen_at",
                "last_seen_at",
                "messages",
                "created_at",
            )
            bulk.insert(Member, of_members, [(pk, workspace.pk, f"成员{n}", False, False, False, False, now, now, 0, now) for pk, n in made])
            names = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "last_seen_at", "created_at")
            bulk.insert(Identity, names, [(ids.new(), workspace.pk, pk, pk, "webhook", f"u{_scattered(n)}", "", now, now) for pk, n in made])
            bulk.insert(SegmentMember, ("workspace", "segment", "member", "entered_at"), [(workspace.pk, segment.pk, pk, now) for pk, _ in made])
    draft = drafts.create(workspace, actor=SYSTEM, name="b")
    draft = drafts.change(
        workspace, actor=SYSTEM, broadcast_id=draft.pk, version=1, name="b", purpose="service", timing=Timing(), per_minute=None, tracks_links=False,
        parts=[PartIn(kind="text", text="{{name|朋友}}，你好。本周五晚上八点，店里有新品试饮，凭这条消息可以带一位朋友。")],
        audience=Audience(kind="segment", segment=segment.pk, accounts=(account.pk,)),
    )  # fmt: skip
    began = time.perf_counter()
    check = checks.begin(workspace, broadcast_id=draft.pk)
    checking.walk(check.pk, check.walk)
    check_seconds = time.perf_counter() - began
    runs.schedule(workspace, actor=SYSTEM, broadcast_id=draft.pk, version=draft.version, recipients=count)
    run = Run.objects.in_workspace(workspace).get()
    early = peak = 0.0
    said = work.Said(run)
    tenth = max(1, count // work.TOGETHER // 10)
    began, worked = time.perf_counter(), time.process_time()
    marks: list[float] = []
    while work.one_piece(run.pk, said):
        marks.append(time.perf_counter() - began)
        if len(marks) % tenth == 0:
            peak = max(peak, _own_mb())
            early = early or peak
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - worked
    if Lane.objects.in_workspace(workspace).get().sends != count:
        raise RuntimeError("not everybody is in the outbox")
    return {
        "members": count, "seconds": seconds, "bare_seconds": _bare(count), "check_seconds": round(check_seconds, 1), "cpu_seconds": round(cpu_seconds, 1), "peak_mb": round(peak),
        "grown_mb": round(peak - early), "first_tenth_seconds": round(marks[tenth - 1], 2), "last_tenth_seconds": round(marks[-1] - marks[-tenth], 2),
    }  # fmt: skip


def _bare(count: int) -> float:
    """The same rows into an equal table with its indexes, nothing looked up, nothing checked."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'channels_send' AND sql IS NOT NULL ORDER BY type = 'index'")
        for (statement,) in cursor.fetchall():
            cursor.execute(statement.replace("channels_send", "bare_send").replace('"channel_send', '"bare_channel_send').replace("%", "%%"))
        began = time.perf_counter()
        cursor.execute("SELECT count(*) FROM channels_send")
        # Copied in the order of keys, a thousand at a time, with the ends of chunks read from the rows themselves.
        after = ""
        for _ in range(count // TOGETHER):
            with transaction.atomic():
                cursor.execute("INSERT INTO bare_send SELECT * FROM channels_send WHERE id > %s ORDER BY id LIMIT %s", [after, TOGETHER])
            cursor.execute("SELECT max(id) FROM bare_send")
            (after,) = cursor.fetchone()
        return time.perf_counter() - began


def _scattered(number: int) -> str:
    """Another name for a number, in no order."""
    return hashlib.blake2b(str(number).encode(), digest_size=8).hexdigest()


def _own_mb() -> float:
    """What the process has in memory for itself, without files that are mapped."""
    said = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(said.split("RssAnon:")[1].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(_in_process(int(sys.argv[1]))))
