"""The write to a workspace's rules of sending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction

from hutong.channels.may_send import WORDS_MAX, Rules, rules_of
from hutong.channels.models import SendingRules
from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.foundation.text import one_line
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

CAP_MAX = 1_000
WORD_LENGTH_MAX = 50


def change(workspace: Workspace, *, actor: Actor, said: Mapping[str, Any]) -> Rules:
    """Say what is given; the rest stays. Raises Invalid."""
    with transaction.atomic():
        before = rules_of(workspace.pk)
        try:
            after = msgspec.convert({**msgspec.to_builtins(before), **said}, Rules)
        except msgspec.ValidationError as error:
            raise Invalid.field("rules", "内容无法使用。", f"This cannot be used: {error}.") from error
        for name in ("quiet_from", "quiet_to"):
            _clock(name, getattr(after, name))
        for name in ("marketing_per_day", "marketing_per_week"):
            if not 0 <= getattr(after, name) <= CAP_MAX:
                raise Invalid.field(name, f"请填 0 到 {CAP_MAX}，0 为不限。", f"0 to {CAP_MAX}; 0 means no limit.")
        after = msgspec.structs.replace(
            after, banned_words=_words("banned_words", after.banned_words), advertising_words=_words("advertising_words", after.advertising_words)
        )
        if after != before:
            SendingRules.objects.in_workspace(workspace).update_or_create(
                workspace=workspace, defaults={"rules": msgspec.to_builtins(after), "updated_at": clock.now()}
            )
            changed = sorted(name for name in Rules.__struct_fields__ if getattr(before, name) != getattr(after, name))
            audit.write(workspace, actor=actor, action="sending_rules.change", target_kind="sendingrules", details={"changed": changed})
    return after


def _clock(name: str, value: str) -> None:
    try:
        if len(value) != len("08:00"):
            raise ValueError(value)
        dt.time.fromisoformat(value)
    except ValueError:
        raise Invalid.field(name, "请写成 22:00 这样的时刻。", "Write a time of day like 22:00.") from None


def _words(name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    if len(words) > WORDS_MAX:
        raise Invalid.field(name, f"最多 {WORDS_MAX} 个词。", f"At most {WORDS_MAX} words.")
    return tuple(dict.fromkeys(one_line(name, word, length_max=WORD_LENGTH_MAX) for word in words))
