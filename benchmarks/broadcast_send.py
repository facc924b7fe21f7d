"""A broadcast from the outbox to a local webhook: from the first claim until every message is settled as sent.

Beside it a bare client: the standard library's, posting prepared requests of the same size over as many connections, nothing kept, nothing signed.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks import sink
from benchmarks.result import Result

MESSAGES, MESSAGES_QUICK = 20_000, 4_000
ROUNDS, ROUNDS_QUICK = 5, 3
CONNECTIONS = 6  # as many as the outbox gives one account
TEXT = "{{name|朋友}}，你好。本周五晚上八点，店里有新品试饮，凭这条消息可以带一位朋友。"


def run(*, quick: bool) -> Result:
    """Messages a second; and that every one arrived, each once."""
    count, rounds = (MESSAGES_QUICK, ROUNDS_QUICK) if quick else (MESSAGES, ROUNDS)
    ours: list[float] = []
    theirs: list[float] = []
    httpx_rates: list[float] = []
    with sink.running() as port, tempfile.TemporaryDirectory() as folder, _process("ours", folder, port, count) as process:
        for number in range(rounds):
            _ready(process)
            theirs.append(count / _asked(_process("bare", folder, port, count)))
            if not number:
                httpx_rates.append(count / 4 / _asked(_process("httpx", folder, port, count // 4)))
            sink.counted(port)
            ours.append(count / _go(process))
            calls, ids = sink.counted(port)
            if (calls, ids) != (count, count):
                raise RuntimeError(f"{count} messages, {calls} calls, {ids} different ones")
            print(f"round {number + 1}: {ours[-1]:,.0f}/s, bare {theirs[-1]:,.0f}/s", flush=True)
        _ready(process)  # for a round that does not come
    extra: dict[str, object] = {"messages": count, "httpx": round(httpx_rates[0])}
    return Result("broadcast_send", "messages/s", "http.client bare, 6 threads", ours, theirs, extra)


def _process(kind: str, folder: str, port: int, count: int) -> subprocess.Popen[str]:
    environment = os.environ | {
        "HUTONG_DATA": str(Path(folder) / "data"),
        "DJANGO_SETTINGS_MODULE": "hutong.config.settings",
        "HUTONG_EGRESS_LOOPBACK": "1",
    }
    command = [sys.executable, "-m", "benchmarks.broadcast_send", kind, str(port), str(count)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _asked(process: subprocess.Popen[str]) -> float:
    with process:
        _ready(process)
        return _go(process)


def _ready(process: subprocess.Popen[str]) -> None:
    if process.stdout is None or process.stdout.readline() != "ready\n":
        raise RuntimeError("it ended before it was ready")


def _go(process: subprocess.Popen[str]) -> float:
    """Have it send once; the seconds it says."""
    if process.stdout is None or process.stdin is None:
        raise RuntimeError("no pipe")
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(process.stdout.readline())


# --- within the processes ---------------------------------------------------------


def _send(port: int, count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    import hutong.config.api  # noqa: F401  (installs the features)

    call_command("migrate", verbosity=0)
    from hutong.channels import connections
    from hutong.channels.models import Account, Lane
    from hutong.channels.outbox import Outbox
    from hutong.config.serve import prepare_interpreter
    from hutong.foundation.driver import Driver

    prepare_interpreter()
    workspace, segment = _people(port, count)
    account = Account.objects.in_workspace(workspace).get()
    number = 0
    while True:
        number += 1
        _enqueue(workspace, account, segment, count, name=f"b{number}")
        asking, of_lane = Lane.objects.in_workspace(workspace).order_by("-id").values_list("sent", flat=True)[:1].query.sql_with_params()
        driver = Driver()
        outbox = Outbox()
        print("ready", flush=True)
        if not sys.stdin.readline():
            return
        began = time.perf_counter()
        outbox.start()
        while driver.run(asking, of_lane).fetchone()[0] < count:
            time.sleep(0.02)
        print(time.perf_counter() - began, flush=True)
        outbox.stop()
        connections.forget_all()


def _people(port: int, count: int) -> tuple[Any, Any]:
    from django.db import transaction

    from hutong.channels.actions import accounts
    from hutong.foundation import clock, ids
    from hutong.members import bulk
    from hutong.members.models import Identity, Member
    from hutong.segments.models import Segment, SegmentMember
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    workspace = Workspace.objects.create(name="w", time_zone="Asia/Shanghai")
    accounts.connect(workspace, actor=SYSTEM, platform="webhook", name="w", settings={"url": f"http://127.0.0.1:{port}/hook", "secret": ""})
    segment = Segment.objects.create(workspace=workspace, name="s", kind="static", created_by_name="x", changed_by_name="x")
    now = clock.now()
    made = [(ids.new(), number) for number in range(count)]
    with transaction.atomic():
        columns = (
            "id", "workspace", "name", "is_name_fixed", "is_anonymous", "is_bot", "is_sample", "first_seen_at", "last_seen_at", "messages", "created_at",
        )  # fmt: skip
        bulk.insert(Member, columns, [(pk, workspace.pk, f"成员{n}", False, False, False, False, now, now, 0, now) for pk, n in made])
        names = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "last_seen_at", "created_at")
        bulk.insert(Identity, names, [(ids.new(), workspace.pk, pk, pk, "webhook", f"u{n}", "", now, now) for pk, n in made])
        bulk.insert(SegmentMember, ("workspace", "segment", "member", "entered_at"), [(workspace.pk, segment.pk, pk, now) for pk, _ in made])
    return workspace, segment


def _enqueue(workspace: Any, account: Any, segment: Any, count: int, *, name: str) -> None:
    from hutong.broadcasts import checking, work
    from hutong.broadcasts.actions import drafts, runs
    from hutong.broadcasts.audience import Audience
    from hutong.broadcasts.models import Run
    from hutong.channels.messages import PartIn
    from hutong.foundation.timing import Timing
    from hutong.workspaces.access import SYSTEM

    checking.AT_ONCE_SECONDS = 600.0  # what is left is for a job, and none runs here
    draft = drafts.create(workspace, actor=SYSTEM, name=name)
    draft = drafts.change(
        workspace, actor=SYSTEM, broadcast_id=draft.pk, version=1, name=name, purpose="service", timing=Timing(), per_minute=None, tracks_links=False,
        parts=[PartIn(kind="text", text=TEXT)], audience=Audience(kind="segment", segment=segment.pk, accounts=(account.pk,)),
    )  # fmt: skip
    runs.schedule(workspace, actor=SYSTEM, broadcast_id=draft.pk, version=draft.version, recipients=count)
    run = Run.objects.in_workspace(workspace).order_by("-id")[0]
    said = work.Said(run)
    while work.one_piece(run.pk, said):
        pass


def _bare(port: int, count: int) -> None:
    body = json.dumps({"type": "message.send", "timestamp": "2026-11-28T08:00:00.000000+00:00", "data": {"key": "k" * 60, "text": TEXT * 2}}).encode()
    signature = "v1," + "x" * 44

    def post(numbers: range) -> None:
        one = http.client.HTTPConnection("127.0.0.1", port)
        for number in numbers:
            headers = {"content-type": "application/json", "webhook-id": f"k{number}", "webhook-timestamp": "1", "webhook-signature": signature}
            one.request("POST", "/hook", body, headers)
            answer = one.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(answer.status)

    _threads(post, count)


def _httpx(port: int, count: int) -> None:
    import httpx

    client = httpx.Client(trust_env=False)

    def post(numbers: range) -> None:
        for number in numbers:
            client.post(f"http://127.0.0.1:{port}/hook", content=b"x" * 500, headers={"webhook-id": f"k{number}"}).raise_for_status()

    _threads(post, count)


def _threads(post: Any, count: int) -> None:
    threads = [threading.Thread(target=post, args=(range(first, count, CONNECTIONS),)) for first in range(CONNECTIONS)]
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    {"ours": _send, "bare": _bare, "httpx": _httpx}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
