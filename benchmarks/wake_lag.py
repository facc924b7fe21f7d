"""100,000 people whose wait ends at the same minute, and whose next step is a message: from that minute until each message is in the outbox.

Beside it the bare rows: as many of the same width, copied into an equal table in transactions of a thousand. The figure is the 99th percentile
over the people; what the outbox then does with them is `broadcast_send`.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from benchmarks import journeys
from benchmarks.broadcast_enqueue import _bare
from benchmarks.result import Result

PEOPLE, PEOPLE_QUICK = 100_000, 20_000
ROUNDS = 3
TEXT = "{{name|朋友}}，你好。本周五晚上八点，店里有新品试饮，凭这条消息可以带一位朋友。"


def run(*, quick: bool) -> Result:
    """Seconds, p99."""
    count = PEOPLE_QUICK if quick else PEOPLE
    ours: list[float] = []
    bare: list[float] = []
    extra: dict[str, object] = {"people": count}
    for number in range(ROUNDS):
        with journeys.process("benchmarks.wake_lag", count) as child:
            journeys.line_of(child)
            journeys.tell(child)
            told = json.loads(journeys.line_of(child))
            ours.append(told["p99"])
            bare.append(told["bare"])
            extra |= {"median_seconds": told["median"], "cpu_us_each": told["cpu_us_each"]}
            print(f"round {number + 1}: p99 {ours[-1]:.1f} s, bare {bare[-1]:.1f} s", flush=True)
    return Result("wake_lag", "s", "bare rows in an equal table", ours, bare, extra)


def _ours(count: int) -> None:
    journeys.prepare()
    import datetime as dt

    from hutong.automations.journeys import turning, work
    from hutong.automations.models import Enrolment
    from hutong.channels.models import Account, AccountHealth, Send
    from hutong.foundation import clock

    workspace = journeys.workspace()
    account: Any = Account.objects.create(workspace=workspace, platform="webhook", channel="webhook", name="w", self_id="w")
    AccountHealth.objects.create(workspace=workspace, account=account)
    segment = journeys.people(workspace, count)
    settings = {"parts": [{"kind": "text", "text": TEXT}], "purpose": "service", "place": "private", "accounts": [str(account.pk)]}
    nodes: list[dict[str, Any]] = [
        {"kind": "wait", "id": "wait", "seconds": 86_400},
        {"kind": "action", "id": "send", "action": "message.send", "settings": settings},
    ]
    journey = journeys.publish(workspace, nodes, name="j")
    start = journeys.let_in(journey, segment)
    while work.one_piece(start.pk):
        pass
    due = clock.now() + dt.timedelta(seconds=2)
    Enrolment.objects.in_workspace(workspace).update(due_at=due, since=due - dt.timedelta(days=1))
    print("ready", flush=True)
    sys.stdin.readline()
    time.sleep(max(0.0, (due - clock.now()).total_seconds()))
    worked = time.process_time()
    while turning.turn():
        pass
    cpu = time.process_time() - worked
    lags = [(at - due).total_seconds() for at in Send.objects.in_workspace(workspace).values_list("created_at", flat=True)]
    if len(lags) != count:
        raise RuntimeError(f"{len(lags)} messages for {count} people")
    told = {
        "p99": statistics.quantiles(lags, n=100)[98], "median": round(statistics.median(lags), 2), "bare": _bare(count),
        "cpu_us_each": round(cpu / count * 1e6, 1),
    }  # fmt: skip
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    _ours(int(sys.argv[1]))
