"""Who waits for an answer: questions and newcomers' first messages, kept until somebody attends to them.

Runs as a responder, so that an alert about somebody ends the moment they are answered.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hutong.alerts.attending import Awaiting, Doing, attends
from hutong.alerts.models import Waiting
from hutong.alerts.rules import DEFAULTS, Rules, rules_of
from hutong.communities.models import Group
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, ids
from hutong.members import bulk
from hutong.members.models import Participation

NAMES = frozenset({"message_sent", "reaction_added", "message_delivered"})
FRESH = dt.timedelta(hours=2)
NEW_FOR = dt.timedelta(days=14)  # after joining, a first message is a newcomer's
WAITING_PER_GROUP_MAX = 200
EXCERPT_LENGTH = 200


@dataclass(slots=True)
class _Place:
    """A group with who waits in it, as the batch goes by."""

    group: Group
    rules: Rules
    waits: dict[tuple[str, str], Waiting] = field(default_factory=dict)  # by kind and origin
    made: list[Waiting] = field(default_factory=list)
    over: list[uuid.UUID] = field(default_factory=list)


def take(events: Sequence[Happening]) -> None:
    """Note who waits, and forget who was attended to."""
    earliest = (clock.now() - FRESH).timestamp()
    wanted = [one for one in events if one.group_id != NONE and one.occurred_at >= earliest]
    if not wanted:
        return
    places = _places({one.group_id for one in wanted})
    firsts = _firsts([one for one in wanted if one.group_id in places and _is_persons(one)], places)
    for event in wanted:
        place = places.get(event.group_id)
        if place is not None:
            _pass(place, event, is_first=event.id in firsts)
    gone = [pk for place in places.values() for pk in place.over]
    for some in bulk.chunks(gone):
        Waiting.objects.across_workspaces().filter(pk__in=some).delete()
    Waiting.objects.bulk_create([one for place in places.values() for one in place.made], ignore_conflicts=True)


def _places(group_ids: Iterable[str]) -> dict[str, _Place]:
    groups = list(Group.objects.across_workspaces().filter(pk__in=list(group_ids), archived_at=None))
    rules = rules_of({one.community_id for one in groups})
    places = {str(one.pk): _Place(one, rules.get(one.community_id, DEFAULTS)) for one in groups}
    rows = Waiting.objects.across_workspaces().filter(group_id__in=[one.pk for one in groups]).order_by("since")
    for row in rows:
        places[str(row.group_id)].waits[row.kind, str(row.origin_id)] = row
    return places


def _is_persons(event: Happening) -> bool:
    said = event.properties
    return event.name == "message_sent" and event.member_id != NONE and not said.get("bot") and not said.get("own")


def _firsts(events: Sequence[Happening], places: dict[str, _Place]) -> set[str]:
    """Ids of messages that are the first of a newcomer in the community."""
    by_person: dict[tuple[uuid.UUID, str], Happening] = {}
    for event in events:
        place = places[event.group_id]
        if place.rules.watches("newcomer", event.group_id):
            by_person.setdefault((place.group.community_id, event.member_id), event)
    known: dict[tuple[uuid.UUID, str], tuple[dt.datetime | None, dt.datetime | None, int]] = {}
    for some in bulk.chunks({member_id for _, member_id in by_person}):
        rows = Participation.objects.across_workspaces().filter(member_id__in=some)
        for community_id, member_id, joined, active, messages in rows.values_list(
            "community_id", "member_id", "joined_at", "first_active_at", "messages"
        ):
            known[community_id, str(member_id)] = (joined, active, messages)
    found = set()
    for person, event in by_person.items():
        joined, active, messages = known.get(person, (None, None, 0))
        at = clock.from_ms(round(event.occurred_at * 1000))
        # The readers that count may already have counted this very message, or not yet.
        is_first = messages == 0 or active is None or active >= at
        if is_first and (joined is None or at - joined <= NEW_FOR):
            found.add(event.id)
    return found


def _pass(place: _Place, event: Happening, *, is_first: bool) -> None:
    at = clock.from_ms(round(event.occurred_at * 1000))
    said = event.properties
    if event.name == "message_delivered":
        # A message of ours: to the person it is for it is an answer, whatever else was said meanwhile.
        doing = Doing(member="", origin="", at=at, addressed=event.member_id if event.member_id != NONE else "", is_bot=event.member_id == NONE)
    else:
        doing = Doing(
            member=event.member_id,
            origin=event.origin_id,
            at=at,
            reply_to=event.reply_to,
            addressed=event.addressed_id if event.addressed_id != NONE else "",
            reacts_to=str(said.get("message_id", "")) if event.name == "reaction_added" else "",
            is_bot=bool(said.get("bot")) and not said.get("own"),
        )
    for key, row in list(place.waits.items()):
        if attends(doing, _awaiting(row)):
            del place.waits[key]
            if row in place.made:
                place.made.remove(row)
            else:
                place.over.append(row.pk)
    if _is_persons(event):
        for kind in [kind for kind, is_one in (("newcomer", is_first), ("question", bool(event.is_question))) if is_one]:
            _wait(place, event, kind, at)


def _wait(place: _Place, event: Happening, kind: str, at: dt.datetime) -> None:
    key = (kind, event.origin_id)
    if key in place.waits or len(place.waits) >= WAITING_PER_GROUP_MAX or not place.rules.watches(kind, event.group_id):
        return
    row = Waiting(
        id=ids.new(),
        workspace_id=place.group.workspace_id,
        kind=kind,
        group=place.group,
        origin_id=event.origin_id,
        member_id=event.member_id,
        event_id=event.id,
        message_id=str(event.properties.get("message_id", ""))[:200],
        excerpt=" ".join(event.text.split())[:EXCERPT_LENGTH],
        since=at,
    )
    place.waits[key] = row
    place.made.append(row)


def _awaiting(row: Waiting) -> Awaiting:
    return Awaiting(row.kind, str(row.member_id), str(row.origin_id), row.message_id, row.since)
