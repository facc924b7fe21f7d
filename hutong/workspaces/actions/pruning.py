"""What is cleared away from time to time: ended sessions, old failures of sign-in, kept answers."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django.conf import settings

from hutong.foundation import clock
from hutong.workspaces.actions.attempts import WINDOW
from hutong.workspaces.models import IdempotentReply, SignInFailure

REPLY_KEPT = dt.timedelta(hours=24)


def clear_sessions() -> None:
    """Sessions past their end."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def clear_failures() -> None:
    """Failures the throttle no longer counts."""
    SignInFailure.objects.filter(at__lte=clock.now() - WINDOW).delete()


def clear_replies() -> None:
    """Answers of writes with an Idempotency-Key, a day after they were given."""
    IdempotentReply.objects.filter(created_at__lte=clock.now() - REPLY_KEPT).delete()
