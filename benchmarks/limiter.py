"""Every platform's own limits under a frozen clock: 10,000 messages through the outbox, each as early as it lets them go.

Beside it a naive reading of the same limits: how soon all of them could have gone at best. What is over a limit is counted over every stretch of
time, from the times at which messages were handed over. Once to many chats, where the account's limit is the narrow one, once to few.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.result import Result

MESSAGES, MESSAGES_QUICK = 10_000, 300
CHATS = {"many": 500, "few": 5}
START = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)


def run(*, quick: bool) -> Result:
    """The least share of a limit that was used, over all platforms; and how many sends were over one, which must be none."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HUTONG_DATA": str(Path(folder) / "data"), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
        command = [sys.executable, "-m", "benchmarks.limiter", str(MESSAGES_QUICK if quick else MESSAGES)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            if process.stdout is None:
                raise RuntimeError("no pipe")
            told: dict[str, Any] = {}
            for line in process.stdout:
                case = json.loads(line)
                told[case.pop("case")] = case
                print(line.strip(), flush=True)
    if not told or process.returncode:
        raise RuntimeError("it ended before it was done")
    limited = [case for case in told.values() if case["used"] is not None]
    extra: dict[str, object] = {
        "over": sum(case["over"] for case in told.values()),
        "messages": sum(case["messages"] for case in told.values()),
        "unlimited": sorted({name.partition(",")[0] for name, case in told.items() if case["used"] is None}),
        "used": {name: case["used"] for name, case in told.items() if case["used"] is not None},
    }
    return Result("limiter", "of the limit used", "a naive reading of the limit", [min(case["used"] for case in limited)], [1.0], extra)


def _in_process(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    import hutong.config.api  # noqa: F401  (installs the features)

    call_command("migrate", verbosity=0)
    import time_machine

    from hutong.channels import platforms
    from hutong.workspaces.models import Workspace

    workspace = Workspace.objects.create(name="w", time_zone="Asia/Shanghai")
    for manifest in platforms.manifests():
        for kind in ("group", "dm"):
            for few, chats in CHATS.items():
                if not (manifest.limits.per_account or manifest.limits.per_chat) and (kind, few) != ("dm", "many"):
                    continue  # it has no limit to keep: once is enough
                with time_machine.travel(START, tick=False) as traveller:
                    times = _sent(workspace, manifest, kind, chats, count, traveller)
                print(json.dumps({"case": f"{manifest.platform}, {kind}, {few}", **_judged(manifest.limits, kind, times)}), flush=True)


def _sent(workspace: Any, manifest: Any, kind: Any, chats: int, count: int, traveller: Any) -> list[tuple[int, str]]:
    """When (epoch milliseconds) what was handed over in which chat."""
    import msgspec

    from hutong.channels import outbox, platforms
    from hutong.channels.actions import sends
    from hutong.channels.actions.sends import Order
    from hutong.channels.contract import Chat, Connector, Outcome, Outgoing, Tested, Text
    from hutong.channels.handing import Handed, hand_over
    from hutong.channels.models import Account, AccountHealth
    from hutong.foundation import clock

    times: list[tuple[int, str]] = []
    name = f"{manifest.platform}-{kind}-{chats}"

    class Noting(Connector):
        """The platform's manifest, and nothing behind it."""

        def test(self) -> Tested:
            return Tested(self_id="me", name="me")

        def send(self, outgoing: Outgoing) -> Outcome:
            times.append((clock.now_ms(), outgoing.chat.id))
            return Outcome("sent", (outgoing.key,))

    Noting.manifest = msgspec.structs.replace(manifest, platform=name, rate_field="")
    platforms.install([Noting])
    account = Account.objects.create(workspace=workspace, platform=name, channel=manifest.channel, name=name, self_id="me")
    AccountHealth.objects.create(workspace=workspace, account=account)
    orders = (
        Order(key=f"{name}/{n}", account_id=account.pk, chat=Chat(id=f"c{n % chats}", kind=kind), segments=(Text("早"),), lasts=dt.timedelta(days=90))
        for n in range(count)
    )
    sends.send_many(workspace.pk, orders)
    desk = outbox.Desk(outbox.holder_name())
    handed: list[Handed] = []
    while True:
        claimed, again = desk.turn(handed, free=outbox.THREADS)
        handed = [hand_over(one) for one in claimed]
        if handed or (again is not None and again <= clock.now()):
            continue
        if again is None:
            break
        traveller.move_to(again)
    return times


def _soonest_ms(count: int, rates: Any) -> float:
    """How long so many take at best where all of these rules hold: each as soon as every rule lets it."""
    times: list[float] = []
    for n in range(count):
        times.append(max([0.0, *times[-1:], *(times[n - rate.count] + rate.seconds * 1000 for rate in rates if n >= rate.count)]))
    return times[-1]


def _judged(limits: Any, kind: str, times: list[tuple[int, str]]) -> dict[str, Any]:
    of_chats: dict[str, list[int]] = defaultdict(list)
    for at, chat in times:
        of_chats[chat].append(at)
    counted = [([at for at, _ in times], rate) for rate in limits.per_account]
    counted += [(some, rate) for some in of_chats.values() for rate in limits.per_chat if not rate.chat_kinds or kind in rate.chat_kinds]
    over = sum(later - earlier < rate.seconds * 1000 for some, rate in counted for earlier, later in zip(some, some[rate.count :], strict=False))
    own = [rate for rate in limits.per_chat if not rate.chat_kinds or kind in rate.chat_kinds]
    longest = max((len(some) for some in of_chats.values()), default=0)
    soonest = max(_soonest_ms(len(times), limits.per_account), _soonest_ms(longest, own))
    taken = times[-1][0] - times[0][0]
    return {"messages": len(times), "over": over, "used": round(soonest / taken, 4) if taken else None}


if __name__ == "__main__":
    _in_process(int(sys.argv[1]))
