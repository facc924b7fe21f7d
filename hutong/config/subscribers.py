"""Who reads the event log: the subscribers table, in this order, and what mirrors records in the warehouse, which reads by itself (events.shipping)."""

from __future__ import annotations

from collections.abc import Mapping

from hutong.alerts import listening
from hutong.automations import answering as automations
from hutong.automations.journeys import expiring, merging
from hutong.broadcasts import answers as broadcasts
from hutong.events import presence, profiles, review
from hutong.events.responders import Responder, at_once
from hutong.events.shipping import Mirror
from hutong.events.subscribers import Follower, Subscriber
from hutong.inbox import following as inbox
from hutong.members import projection as members
from hutong.replies import answering as replies
from hutong.segments import life_cycle_live, live, merges, turning
from hutong.segments import projection as segments
from hutong.welcomes.actions import greeting

SUBSCRIBERS: tuple[Subscriber, ...] = (
    Subscriber("members", presence.prepare),
    Subscriber("profiles", profiles.prepare),
    Subscriber("tags", merges.prepare),
    Subscriber("journeys", merging.prepare),
    Subscriber("review", review.prepare),
)
FOLLOWERS: tuple[Follower, ...] = (
    Follower("segments", live.prepare, turning.look),
    Follower(life_cycle_live.NAME, life_cycle_live.prepare, life_cycle_live.idle),
    automations.FOLLOWER,
)
RESPONDERS: tuple[Responder, ...] = (
    at_once("welcomes", greeting.NAMES, greeting.take, writes_back=True),
    replies.RESPONDER,
    automations.RESPONDER,
    expiring.RESPONDER,
    inbox.RESPONDER,
    broadcasts.RESPONDER,
    at_once("alerts", listening.NAMES, listening.take),
)
MIRRORS: Mapping[str, Mirror] = {
    members.PEOPLE: members.people_rows,
    members.VALUES: segments.value_rows,
    segments.TAGS: segments.tag_rows,
    segments.SEGMENTS: segments.segment_rows,
}
