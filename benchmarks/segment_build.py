"""Counting a live segment in full: 1,000,000 members, 20 million events, 3 conditions on events and 2 on attributes.

From the question to every row written and told of, in a process of its own over the kept data; beside it the bare question on the engine,
counted and not written.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from typing import Any

from benchmarks.reading import on_the_engine
from benchmarks.result import Result
from benchmarks.segments import condition, kept


def run(*, quick: bool) -> Result:
    """Seconds, median of the rounds; peak memory of the whole process."""
    data = kept(quick=quick)
    ours: list[float] = []
    bare: list[float] = []
    memory: list[float] = []
    members = 0
    for number in range(3):
        told = json.loads(on_the_engine(data, "benchmarks.segment_build", "ours").splitlines()[-1])
        bound = json.loads(on_the_engine(data, "benchmarks.segment_build", "bare").splitlines()[-1])
        if told["members"] != bound["members"]:
            raise RuntimeError(f"the segment has {told['members']} members, the engine counts {bound['members']}")
        ours.append(told["seconds"])
        bare.append(bound["seconds"])
        memory.append(told["memory_mb"])
        members = told["members"]
        print(f"round {number + 1}: ours {ours[-1]:.2f} s, the bare question {bare[-1]:.2f} s, {memory[-1]:,.0f} MB", flush=True)
    return Result(
        "segment_build", "s", "the bare question on the engine", ours, bare, {"members": members, "peak_mb": round(statistics.median(memory))}
    )


def _in_process(whose: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from hutong.config import features

    features.install()
    from hutong.events import queries
    from hutong.events.warehouse import engine
    from hutong.foundation import clock
    from hutong.segments import vocabulary
    from hutong.segments.actions import segments
    from hutong.segments.conditions import every, reading
    from hutong.segments.conditions.values import Today
    from hutong.segments.models import Segment, SegmentMember
    from hutong.segments.work import building
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    call_command("migrate", verbosity=0)  # data kept from an earlier version
    workspace = Workspace.objects.get()
    engine.client()
    if whose == "bare":
        words = vocabulary.of(workspace)
        read = reading.read(condition(), words)
        today = Today(clock.local_date(clock.now(), workspace.time_zone))
        statement = every.members(read, words, workspace_id=str(workspace.pk), time_zone=workspace.time_zone, today=today, among=every.PEOPLE)
        began = time.perf_counter()
        ((count,),) = engine.rows(f"SELECT count() FROM ({statement.text})", statement.parameters)
        found = {"seconds": time.perf_counter() - began, "members": count}
    else:
        Segment.objects.in_workspace(workspace).delete()
        made = segments.create(workspace, actor=SYSTEM, name="benchmark", condition=condition())
        queries.await_shipped = lambda **_: True  # nobody ships here
        began = time.perf_counter()
        building.perform(made.pk, because="edit", asked_ms=clock.now_ms() + 1)
        seconds = time.perf_counter() - began
        count = SegmentMember.objects.in_workspace(workspace).filter(segment=made).count()
        found = {"seconds": seconds, "members": count, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}
        Segment.objects.in_workspace(workspace).delete()
    engine.close()
    return found


if __name__ == "__main__":
    print(json.dumps(_in_process(sys.argv[1])))
