"""What scenarios about journeys share: a process with a store of its own, people, a journey that is drawn in a few words."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def prepare() -> None:
    """Bring up an empty store in this process."""
    import django

    django.setup()
    from django.core.management import call_command

    import hutong.config.api  # noqa: F401  (installs the features)
    from hutong.config.serve import prepare_interpreter

    call_command("migrate", verbosity=0)
    prepare_interpreter()


def workspace() -> Any:
    """A workspace without anything."""
    from hutong.workspaces.models import Workspace

    return Workspace.objects.create(name="w", time_zone="Asia/Shanghai")


def account(of: Any, port: int) -> Any:
    """A webhook account that posts to a local sink."""
    from hutong.channels.actions import accounts
    from hutong.workspaces.access import SYSTEM

    return accounts.connect(of, actor=SYSTEM, platform="webhook", name="w", settings={"url": f"http://127.0.0.1:{port}/hook", "secret": ""})


def people(of: Any, count: int, *, channel: str = "webhook") -> Any:
    """Members with an identity each, in a static segment; gives the segment."""
    from django.db import transaction

    from hutong.foundation import clock, ids
    from hutong.members import bulk
    from hutong.members.models import Identity, Member
    from hutong.segments.models import Segment, SegmentMember

    segment = Segment.objects.create(
        workspace=of, name="s", kind="static", members_count=count, created_by_name="x", changed_by_name="x"
    )  # fmt: skip
    now = clock.now()
    columns = (
        "id", "workspace", "name", "is_name_fixed", "is_anonymous", "is_bot", "is_sample", "first_seen_at", "last_seen_at", "messages", "created_at",
    )  # fmt: skip
    for some in bulk.chunks(range(count), size=20_000):
        with transaction.atomic():
            made = [(ids.new(), number) for number in some]
            bulk.insert(Member, columns, [(pk, of.pk, f"成员{n}", False, False, False, False, now, now, 0, now) for pk, n in made])
            names = ("id", "workspace", "member", "origin", "channel", "external_id", "name", "last_seen_at", "created_at")
            bulk.insert(Identity, names, [(ids.new(), of.pk, pk, pk, channel, f"u{_scattered(n)}", "", now, now) for pk, n in made])
            bulk.insert(SegmentMember, ("workspace", "segment", "member", "entered_at"), [(of.pk, segment.pk, pk, now) for pk, _ in made])
    return segment


def _scattered(number: int) -> str:
    return hashlib.blake2b(str(number).encode(), digest_size=8).hexdigest()


def boss() -> Any:
    """Somebody who may do everything."""
    from hutong.workspaces import access

    return access.Actor(kind="system", id=None, name="x", role="owner", permissions=frozenset(one.name for one in access.permissions()))


def publish(of: Any, nodes: Sequence[dict[str, Any]], *, name: str, trigger: dict[str, Any] | None = None, reentry: str = "never") -> Any:
    """A journey whose nodes follow one another, set going."""
    from hutong.automations.actions import journeys

    entry = {"kind": "entry", "id": "entry", "trigger": trigger or {"kind": "manual"}, "reentry": {"kind": reentry}}
    ids = ["entry", *(node["id"] for node in nodes)]
    edges = [{"source": a, "target": b} for a, b in itertools.pairwise(ids)]
    made = journeys.create(of, actor=boss(), name=name)
    graph = {"nodes": [entry, *nodes], "edges": edges, "rules": {"keeps_quiet": False}}
    revision, _ = journeys.draw(of, actor=boss(), journey_id=made.pk, drawn=graph, revision=1)
    return journeys.publish(of, actor=boss(), journey_id=made.pk, revision=revision, moves=False, starts=True)


def let_in(journey: Any, segment: Any) -> Any:
    """A start of everybody in the segment, not begun."""
    from hutong.automations.models import Start

    return Start.objects.create(
        workspace=journey.workspace, journey=journey, source={"segment": str(segment.pk)}, people=segment.members_count, by_name="x"
    )  # fmt: skip


def own_mb() -> float:
    """What the process has in memory for itself, without files that are mapped."""
    said = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(said.split("RssAnon:")[1].split()[0]) / 1024


@contextmanager
def process(module: str, *arguments: object, folder: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """A scenario's own process over a store of its own; it says `ready`, and then waits for a line."""
    with tempfile.TemporaryDirectory() as made:
        environment = os.environ | {
            "HUTONG_DATA": str(Path(folder or made) / "data"),
            "DJANGO_SETTINGS_MODULE": "hutong.config.settings",
            "HUTONG_EGRESS_LOOPBACK": "1",
        }
        command = [sys.executable, "-m", module, *map(str, arguments)]
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            try:
                yield child
            finally:
                if child.stdin is not None:
                    child.stdin.close()
                child.wait(timeout=120)


def line_of(child: subprocess.Popen[str]) -> str:
    """The next thing a process says. Raises RuntimeError when it has ended."""
    said = child.stdout.readline() if child.stdout is not None else ""
    if not said:
        raise RuntimeError("the process ended early")
    return said.strip()


def tell(child: subprocess.Popen[str], text: str = "go") -> None:
    """Say something to a process."""
    if child.stdin is None:
        raise RuntimeError("no pipe")
    child.stdin.write(text + "\n")
    child.stdin.flush()
