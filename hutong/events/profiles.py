"""Subscriber: what `identify` calls say about people becomes their attributes, with the data source named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from hutong.events.models import Source
from hutong.events.subscribers import Entry, Write
from hutong.events.warehouse.schema import NONE
from hutong.members.actions import attributes


class _Identified(msgspec.Struct):
    traits: dict[str, Any] = {}


_decode = msgspec.json.Decoder(_Identified).decode


def prepare(entries: Sequence[Entry]) -> Write:
    """Keep traits; of several calls about one person the later value stands."""
    gathered: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry in entries:
        event = entry.event
        if event is None or event.name != "member_identified" or event.member_id == NONE:
            continue
        traits = _flat(_decode(event.properties).traits)
        if traits:
            gathered.setdefault((event.workspace_id, event.origin_id, event.source), {}).update(traits)
    return partial(_keep, gathered)


def _keep(gathered: Mapping[tuple[str, str, str], dict[str, Any]]) -> None:
    names = _source_names({source for _, _, source in gathered})
    for (workspace_id, origin_id, source), traits in gathered.items():
        attributes.take_traits(UUID(workspace_id), member_id=UUID(origin_id), traits=traits, source=source, source_name=names.get(source, ""))


def _flat(traits: dict[str, Any]) -> dict[str, Any]:
    """Segment's reserved trait `address` is an object; its city is the attribute, unless one is given beside it."""
    address = traits.get("address")
    if isinstance(address, dict) and "city" in address:
        return {"city": address["city"], **traits}
    return traits


def _source_names(sources: set[str]) -> dict[str, str]:
    ids = [source.removeprefix("tracker:") for source in sources if source.startswith("tracker:")]
    return {f"tracker:{pk}": name for pk, name in Source.objects.across_workspaces().filter(pk__in=ids).values_list("pk", "name")}
