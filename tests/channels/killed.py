"""A process that sends to a webhook and may be killed at any moment; begun again it goes on. Prints what is there in the end."""

from __future__ import annotations

import json
import os
import sys
import time

import django

SENDS = 400


def main(url: str, secret: str) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import hutong.config.api  # noqa: F401  (installs the features)
    from hutong.channels.actions import accounts, sends
    from hutong.channels.actions.sends import Order
    from hutong.channels.contract import Chat, Text
    from hutong.channels.models import Account, Send
    from hutong.channels.outbox import Outbox
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    workspace = Workspace.objects.first() or Workspace.objects.create(name="w", time_zone="UTC")
    account = Account.objects.in_workspace(workspace).first() or accounts.connect(
        workspace, actor=SYSTEM, platform="webhook", name="w", settings={"url": url, "secret": secret}
    )
    orders = [Order(key=f"k{n}", account_id=account.pk, chat=Chat(id=f"c{n % 40}"), segments=(Text(f"t{n}"),)) for n in range(SENDS)]
    sends.send_many(workspace.pk, orders)
    print("begun", flush=True)
    outbox = Outbox()
    outbox.start()
    rows = Send.objects.in_workspace(workspace)
    while rows.filter(state="queued").exists():
        time.sleep(0.05)
    outbox.stop()
    print(json.dumps({"states": sorted(set(rows.values_list("state", flat=True))), "sends": rows.count()}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
