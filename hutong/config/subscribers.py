"""The subscribers table: who reads the event log, in this order. The warehouse reads by itself (events.shipping)."""

from __future__ import annotations

from hutong.events import presence, profiles, review
from hutong.events.subscribers import Subscriber

SUBSCRIBERS: tuple[Subscriber, ...] = (Subscriber("members", presence.take), Subscriber("profiles", profiles.take), Subscriber("review", review.take))
