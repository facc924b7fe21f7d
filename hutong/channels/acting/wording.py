"""What an action says, as it is filled in and as it is filled for each person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from hutong.channels import fitting, messages, personal
from hutong.channels.contract import Segment
from hutong.channels.messages import PARTS_MAX, PartIn
from hutong.foundation import fields
from hutong.foundation.acting import Outcome
from hutong.foundation.errors import Invalid
from hutong.foundation.fields import ANY_OF_EVENT, Values

SHOWN_LENGTH_MAX = 40
KEPT_ONLY = ("content_type", "size_bytes")  # said of a part that is kept, never given


def checked(workspace_id: uuid.UUID, given: Any, *, also: Iterable[str] = ()) -> list[dict[str, object]]:
    """The parts of a message, as `PartOut` says them. Raises Invalid at `parts.<index>.<attribute>`."""
    if not isinstance(given, list) or not given:
        raise Invalid.field("parts", "请填写消息内容。", "Write a message.")
    if len(given) > PARTS_MAX:
        raise Invalid.field("parts", f"最多 {PARTS_MAX} 段。", f"At most {PARTS_MAX} parts.")
    parts = [_part(index, one) for index, one in enumerate(given)]
    draft = messages.read(workspace_id, parts, also=[ANY_OF_EVENT, *also])
    return messages.said(draft.segments)


def _part(index: int, given: Any) -> PartIn:
    said = {name: value for name, value in given.items() if name not in KEPT_ONLY} if isinstance(given, Mapping) else given
    try:
        return PartIn.model_validate(said)
    except ValidationError as error:
        where = ".".join(["parts", str(index), *(str(one) for one in error.errors()[0]["loc"])])
        raise Invalid.field(where, "消息的这一部分不对。", "This part of the message is not right.") from error


def shown(parts: Sequence[Mapping[str, object]]) -> str:
    """The beginning of a message, for a sentence about it."""
    return shortened(fitting.plain(messages.again(parts)))


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    said = " ".join(text.split())
    return said if len(said) <= SHOWN_LENGTH_MAX else f"{said[: SHOWN_LENGTH_MAX - 1]}…"


def missing(required: Iterable[str], values: Values) -> Outcome | None:
    """The refusal for somebody of whom a field is not known that has no fallback; None where all are."""
    name = next((one for one in required if not values.get(one)), None)
    return None if name is None else personal.refusal(name)


def subject_of(given: str, segments: Sequence[Segment], *, length_max: int) -> str:
    """The subject an e-mail gets: what was given, else the first line of the message that can stand alone."""
    if given:
        return given
    for line in fitting.plain(segments).splitlines():
        if line.strip() and fields.read(line)[1] is None:
            return line.strip()[:length_max]
    return ""
