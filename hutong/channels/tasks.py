"""Background work of channels."""

from __future__ import annotations

from hutong.channels import limiter
from hutong.channels.actions import accounts, inbound
from hutong.channels.site import talks

PRUNE_EVERY_SECONDS = 3600


def prune() -> None:
    """Every hour: receipts, answers that are possible no more, limits that count no more, accounts removed long ago."""
    inbound.prune()
    limiter.forget_idle()
    accounts.sweep_removed()
    talks.prune()
