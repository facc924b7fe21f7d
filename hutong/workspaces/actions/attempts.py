"""The throttle of sign-in: a try is written down before the password is looked at, so that racing guesses count too."""

from __future__ import annotations

import datetime as dt
import math

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from hutong.foundation import clock
from hutong.workspaces import audit, errors
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import SignInFailure, Staff, User

WINDOW = dt.timedelta(minutes=15)
ACCOUNT_FAILURES_MAX = 5
ADDRESS_FAILURES_MAX = 50


def begin(*, email: str, address: str) -> SignInFailure:
    """Write the try down as failed; raises TooManyAttempts when the account or the address has used up its tries."""
    account_hash, address_hash = _hash("account", email), _hash("address", address)
    with transaction.atomic():
        moment = clock.now()
        recent = SignInFailure.objects.filter(at__gt=moment - WINDOW).order_by("-at")
        for failures, most in (
            (recent.filter(account_hash=account_hash), ACCOUNT_FAILURES_MAX),
            (recent.filter(address_hash=address_hash), ADDRESS_FAILURES_MAX),
        ):
            _refuse_when_full(failures, most=most, moment=moment)
        return SignInFailure.objects.create(account_hash=account_hash, address_hash=address_hash, at=moment)


def _refuse_when_full(failures: QuerySet[SignInFailure], *, most: int, moment: dt.datetime) -> None:
    latest = list(failures[:most])
    if len(latest) < most:
        return
    seconds = (latest[-1].at + WINDOW - moment).total_seconds()
    raise errors.TooManyAttempts(minutes=max(1, math.ceil(seconds / 60)), headers={"Retry-After": str(max(1, math.ceil(seconds)))})


def succeed(attempt: SignInFailure) -> None:
    """The password was right: the account's tries start afresh."""
    SignInFailure.objects.filter(account_hash=attempt.account_hash).delete()


def fail(attempt: SignInFailure, *, user: User | None) -> None:
    """The password was wrong. The try that shuts the door is shown to the owners of the account's workspaces."""
    since = attempt.at - WINDOW
    if user is None or SignInFailure.objects.filter(account_hash=attempt.account_hash, at__gt=since).count() < ACCOUNT_FAILURES_MAX:
        return
    with transaction.atomic():
        for staff in Staff.objects.across_workspaces().filter(user=user).select_related("workspace"):
            audit.write(staff.workspace, actor=SYSTEM, action="session.throttle", target=user)


def _hash(kind: str, value: str) -> str:
    return salted_hmac(f"hutong.workspaces.attempts.{kind}", value, algorithm="sha256").hexdigest()
