"""The connection: one sync after another, and what lies between two that are far apart, so that nothing is lost or told twice."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import quote

from hutong.channels.contract import EVENTS_MAX, Batch, Inbound, Refused
from hutong.connectors.matrix import events
from hutong.connectors.matrix.api import CLIENT, Api, Denied, compact, room_path
from hutong.connectors.matrix.rooms import Rooms
from hutong.connectors.matrix.shapes import Event, content, mapping, membership_before, objects, text
from hutong.foundation import clock, logs
from hutong.foundation.http import AnswerTooLarge, Unanswered

POLL_SECONDS = 3.0  # how long a sync waits for news: `listen` has to end within `STOP_SECONDS_MAX`
SYNC_TIMEOUT_SECONDS = 60.0
JOIN_TIMEOUT_SECONDS = 30.0
TIMELINE_MAX = 100
PAGE_EVENTS = 500
PAGES_MAX = 20_000

STATE = ["m.room.name", "m.room.canonical_alias", "m.room.encryption", "m.room.member"]
_NOTHING = {"not_types": ["*"]}
_MEMBERS = {"lazy_load_members": True, "include_redundant_members": True}


def filter_of(timeline_max: int) -> str:
    """What a sync is to bring: messages, who wrote them, what rooms are called."""
    return compact(
        {
            "presence": _NOTHING,
            "account_data": {"types": ["m.direct"]},
            "room": {
                "timeline": {"limit": timeline_max, **_MEMBERS},
                "state": {"types": STATE, **_MEMBERS},
                "ephemeral": _NOTHING,
                "account_data": _NOTHING,
            },
        }
    )


FILTER, FILTER_LEAN, FILTER_WHOLE = filter_of(TIMELINE_MAX), filter_of(3), filter_of(1)
FILTER_PAGE, FILTER_TURNS = compact(_MEMBERS), compact({"types": ["m.room.member"]})

log = logs.get("hutong.matrix")


class _Stopped(Exception):
    """Told to stop in the middle of a gap: nothing of it counts, it is asked for again."""


class Listening:
    """One connection. `joins`: whose invitations are accepted, as the manifest's field `join` says."""

    def __init__(self, api: Api, rooms: Rooms, *, me: str, joins: str, stopping: threading.Event) -> None:
        self._api = api
        self._rooms = rooms
        self._me = me
        self._joins = joins
        self._stopping = stopping

    def batches(self, cursor: str) -> Iterator[Batch]:
        """What comes, from `cursor` on, for ever."""
        self._rooms.ask_direct(self._me)
        wait_seconds = 0.0  # the first answer shows that the connection stands
        while not self._stopping.is_set():
            if not cursor:
                cursor = self._begin()
                yield Batch(cursor=cursor)
                continue
            answer = self._sync(cursor, wait_seconds)
            wait_seconds = POLL_SECONDS
            if answer is None:
                cursor = ""
                continue
            try:
                yield from self._told(answer, cursor)
            except _Stopped:
                return
            self._rooms.note_synced()
            cursor = text(answer, "next_batch")

    def _begin(self) -> str:
        answer = snapshot(self._api, self._rooms)
        for room_id, room in mapping(mapping(answer, "rooms"), "invite").items():
            self._invited(room_id, room)
        return text(answer, "next_batch")

    def _sync(self, cursor: str, wait_seconds: float) -> Event | None:
        try:
            try:
                return self._since(cursor, FILTER, wait_seconds)
            except AnswerTooLarge:  # many busy rooms after a long time: less of each, the rest comes page by page
                return self._since(cursor, FILTER_LEAN, 0)
        except Denied as error:
            if error.status != 400:
                raise
            # A place this server does not know: it was set up anew, and has nothing from before.
            log.warning("matrix server does not know the cursor, beginning from now", code=error.code)
            return None

    def _since(self, cursor: str, wanted: str, wait_seconds: float) -> Event:
        return self._api.get(
            f"{CLIENT}/sync",
            since=cursor,
            filter=wanted,
            timeout=int(wait_seconds * 1000),
            set_presence="offline",
            timeout_seconds=SYNC_TIMEOUT_SECONDS,
        )

    def _told(self, answer: Event, since: str) -> Iterator[Batch]:
        for one in objects(mapping(answer, "account_data"), "events"):
            if one.get("type") == "m.direct":
                self._rooms.learn_direct(content(one))
        rooms = mapping(answer, "rooms")
        for room_id, room in mapping(rooms, "invite").items():
            self._invited(room_id, room)
        found: list[Inbound] = []
        for kind in ("join", "leave"):
            for room_id, room in mapping(rooms, kind).items():
                for event in self._of_room(room_id, room, since):
                    found.append(event)
                    if len(found) == EVENTS_MAX:
                        # The place is kept as it was: were this the last batch, the same would come again and be known.
                        yield Batch(tuple(found), since)
                        found = []
        yield Batch(tuple(found), text(answer, "next_batch"))

    def _of_room(self, room_id: str, room: Event, since: str) -> Iterator[Inbound]:
        timeline = mapping(room, "timeline")
        recent = objects(timeline, "events")
        for one in objects(mapping(room, "state"), "events"):
            self._rooms.learn(room_id, one)
        self._rooms.learn_summary(room_id, mapping(room, "summary"))
        before: Iterable[Event] = ()
        turns: Iterable[Event] = recent
        if timeline.get("limited") is True and (until := text(timeline, "prev_batch")):
            before = self._between(room_id, since, until, FILTER_PAGE)
            turns = chain(self._between(room_id, since, until, FILTER_TURNS), recent)
        # A room entered in this stretch shows what was said before; that is history, not news.
        is_in = next(filter(None, map(self._turn, turns)), "leave") == "leave"
        seen: set[str] = set()
        for one in chain(before, recent):
            event_id = text(one, "event_id")
            if event_id in seen:
                continue
            seen.add(event_id)
            turn = self._turn(one)
            is_in = is_in or turn == "join"
            if is_in:
                yield from events.read(room_id, one, rooms=self._rooms, me=self._me)
                self._follow(one)
            is_in = is_in and turn != "leave"

    def _turn(self, event: Event) -> str:
        """Whether we came (`join`) or went (`leave`) by this event; empty for every other."""
        if event.get("type") != "m.room.member" or event.get("state_key") != self._me:
            return ""
        now, was = text(content(event), "membership"), membership_before(event)
        if now == "join" and was != "join":
            return "join"
        return "leave" if now in ("leave", "ban") and was == "join" else ""

    def _between(self, room_id: str, since: str, until: str, only: str) -> Iterator[Event]:
        """Every event of a room between two places, in order."""
        at = since
        for _ in range(PAGES_MAX):
            if self._stopping.is_set():
                raise _Stopped
            try:
                page = self._api.call(
                    "GET", room_path(room_id, "messages"), params={"dir": "f", "from": at, "to": until, "limit": PAGE_EVENTS, "filter": only}
                )
            except Denied as error:
                log.warning("matrix server shows nothing of a gap", room=room_id, code=error.code)
                return
            for one in objects(page, "state"):
                self._rooms.learn(room_id, one)
            chunk = objects(page, "chunk")
            yield from chunk
            following = text(page, "end")
            if not following or following == at or not chunk:
                return
            at = following

    def _invited(self, room_id: str, room: Event) -> None:
        found = [one for one in objects(mapping(room, "invite_state"), "events") if one.get("state_key") == self._me and text(one, "sender")]
        invitation = next((one for one in found if one.get("type") == "m.room.member"), {})
        inviter = text(invitation, "sender")
        server = inviter.partition(":")[2]
        if self._joins == "never" or (self._joins == "own" and server != self._me.partition(":")[2]):
            return
        if self._join(room_id, server) and content(invitation).get("is_direct") is True:
            self._rooms.add_direct(self._me, room_id=room_id, other_id=inviter)

    def _follow(self, event: Event) -> None:
        """A room that moved is left behind: enter the one it moved to."""
        successor = text(content(event), "replacement_room") if event.get("type") == "m.room.tombstone" else ""
        if successor and self._joins != "never":
            self._join(successor, text(event, "sender").partition(":")[2])

    def _join(self, room_id: str, server: str) -> bool:
        """Enter a room. What may work later is raised, so that the invitation comes again; what never will is let go."""
        try:
            self._api.call(
                "POST",
                f"{CLIENT}/join/{quote(room_id, safe='')}",
                json={},
                params={"via": server, "server_name": server} if server else None,
                timeout_seconds=JOIN_TIMEOUT_SECONDS,
            )
        except (Refused, Unanswered) as error:
            log.warning("matrix room cannot be entered", room=room_id, reason=str(error))
            return False
        return True


def snapshot(api: Api, rooms: Rooms) -> Event:
    """All the rooms of the account as they are now, learnt. Gives the answer."""
    answer = _now(api, FILTER_WHOLE)
    for one in objects(mapping(answer, "account_data"), "events"):
        if one.get("type") == "m.direct":
            rooms.learn_direct(content(one))
    for room_id, room in mapping(mapping(answer, "rooms"), "join").items():
        rooms.learn_whole(room_id, objects(mapping(room, "state"), "events") + objects(mapping(room, "timeline"), "events"), mapping(room, "summary"))
    return answer


def own_membership(api: Api, room_id: str, me: str) -> str:
    """What became of us in a room we are not in; empty where that is not known."""
    wanted = {"rooms": [room_id], "include_leave": True, "timeline": {"limit": 1}, "state": {"types": ["m.room.member"], "lazy_load_members": True}}
    room = mapping(mapping(mapping(_now(api, compact({"room": wanted, "presence": _NOTHING})), "rooms"), "leave"), room_id)
    ours = [
        one
        for one in objects(mapping(room, "state"), "events") + objects(mapping(room, "timeline"), "events")
        if one.get("type") == "m.room.member" and one.get("state_key") == me
    ]
    return text(content(ours[-1]), "membership") if ours else ""


def _now(api: Api, wanted: str) -> Event:
    # Synapse gives whoever asks the same its old answer for two minutes; this one never waits, so its `timeout` only makes it another question.
    other = clock.now_ms() % 1_000_000
    return api.get(f"{CLIENT}/sync", filter=wanted, timeout=other, set_presence="offline", timeout_seconds=SYNC_TIMEOUT_SECONDS)
