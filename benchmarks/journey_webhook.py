"""An event, a condition, a personalised webhook: 20,000 events of as many people are in the log; until the last call has come to a local sink.

Journeys let each person in by the event, ask whether they are in a segment, and post what the event says with their name, signed, through the
outbox. All threads of the server that take part run in one process: readers of the log, turns, outbox. Every call comes once, by its id.
Beside it a bare client: the standard library's, posting prepared requests of the same size over as many connections, nothing kept.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from benchmarks import journeys, sink
from benchmarks.broadcast_send import _asked, _process
from benchmarks.result import Result

EVENTS, EVENTS_QUICK = 20_000, 4_000
ROUNDS = 3
RECORDED_TOGETHER = 500


def run(*, quick: bool) -> Result:
    """Calls a second; and that every one arrived, each once."""
    count = EVENTS_QUICK if quick else EVENTS
    ours: list[float] = []
    theirs: list[float] = []
    extra: dict[str, object] = {"events": count}
    with sink.running() as port:
        for number in range(ROUNDS):
            theirs.append(count / _asked(_process("bare", "/nowhere", port, count)))
            with journeys.process("benchmarks.journey_webhook", port, count) as child:
                journeys.line_of(child)
                sink.counted(port)  # connecting the account was one
                journeys.tell(child)
                told = json.loads(journeys.line_of(child))
            calls, ids = sink.counted(port)
            if (calls, ids) != (count, count):
                raise RuntimeError(f"{count} events, {calls} calls, {ids} different ones")
            ours.append(count / told["seconds"])
            extra["cpu_us_each"] = told["cpu_us_each"]
            print(f"round {number + 1}: {ours[-1]:,.0f}/s, bare {theirs[-1]:,.0f}/s, CPU {told['cpu_us_each']} us each", flush=True)
    return Result("journey_webhook", "calls/s", "http.client bare, 6 threads", ours, theirs, extra)


def _ours(port: int, count: int) -> None:
    journeys.prepare()
    from django.db import transaction

    from hutong.automations import answering
    from hutong.automations.journeys.turning import Turner
    from hutong.channels import connections
    from hutong.channels.models import Lane
    from hutong.channels.outbox import Outbox
    from hutong.events import log, responders
    from hutong.events.subscribers import Runner
    from hutong.events.warehouse import engine
    from hutong.foundation import stream
    from hutong.foundation.driver import Driver
    from hutong.foundation.stream import Fact
    from hutong.members.models import Member

    workspace = journeys.workspace()
    account: Any = journeys.account(workspace, port)
    segment = journeys.people(workspace, count)
    settings = {"account": str(account.pk), "type": "viewed", "properties": {"name": "{{name|朋友}}", "path": "{{event.path|-}}"}}
    nodes = [{"kind": "action", "id": "call", "action": "webhook.call", "settings": settings}]
    entry = {"kind": "event", "event": "page_viewed", "where": [{"property": "path", "type": "text", "op": "starts_with", "value": "/p"}]}
    journey = _with_condition(workspace, nodes, entry, str(segment.pk))
    members = list(Member.objects.in_workspace(workspace).values_list("pk", flat=True))
    for start in range(0, count, RECORDED_TOGETHER):
        with transaction.atomic():
            stream.record(
                *(
                    Fact(workspace_id=workspace.pk, name="page_viewed", member_id=pk, properties={"path": f"/p/{start}", "title": "商品"})
                    for pk in members[start : start + RECORDED_TOGETHER]
                )
            )
    asking, of_lane = Lane.objects.in_workspace(workspace).order_by("-id").values_list("sent", flat=True)[:1].query.sql_with_params()
    driver = Driver()
    responders.install([answering.RESPONDER])
    runner, turner, outbox = Runner(pressure=lambda: 0.0), Turner(), Outbox()
    engine.client()  # a server that is up has it open
    print("ready", flush=True)
    sys.stdin.readline()
    began, worked = time.perf_counter(), time.process_time()
    runner.start()
    turner.start()
    outbox.start()
    log.wake()
    while driver.run(asking, of_lane).fetchone()[0] < count:
        if time.perf_counter() - began > 300:
            raise RuntimeError("not all were sent in time")
        time.sleep(0.02)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "cpu_us_each": round(cpu / count * 1e6)}), flush=True)
    runner.stop(timeout_seconds=20)
    turner.stop()
    outbox.stop()
    connections.forget_all()
    if journey.pk is None:
        raise RuntimeError


def _with_condition(workspace: Any, nodes: list[dict[str, Any]], trigger: dict[str, Any], segment: str) -> Any:
    from hutong.automations.actions import journeys as actions

    made = actions.create(workspace, actor=journeys.boss(), name="j")
    entry = {"kind": "entry", "id": "entry", "trigger": trigger, "condition": {"kind": "segment", "segment": segment}}
    graph = {"nodes": [entry, *nodes], "edges": [{"source": "entry", "target": "call"}], "rules": {"keeps_quiet": False}}
    revision, _ = actions.draw(workspace, actor=journeys.boss(), journey_id=made.pk, drawn=graph, revision=1)
    return actions.publish(workspace, actor=journeys.boss(), journey_id=made.pk, revision=revision, moves=False, starts=True)


if __name__ == "__main__":
    _ours(int(sys.argv[1]), int(sys.argv[2]))
