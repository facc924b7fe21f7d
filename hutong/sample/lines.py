"""From the story to rows of the warehouse, keeping count of what each member did."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec

from hutong.events import catalogue
from hutong.events.questions import is_question
from hutong.events.row import EventRow, encode
from hutong.events.warehouse.schema import NONE
from hutong.foundation import ids
from hutong.sample.groups import GROUPS
from hutong.sample.happenings import Happening
from hutong.sample.orders import CURRENCY, SHOP
from hutong.sample.story import Story

SOURCE = "sample"


class Doings(msgspec.Struct):
    """First and last of what one member did, in epoch milliseconds."""

    first_seen: int
    last_seen: int
    first_active: int | None = None
    last_active: int | None = None
    last_message: int | None = None
    messages: int = 0


class Lines:
    """Turns days of the story into encoded rows; the ids of members and groups are given by number."""

    def __init__(
        self, story: Story, *, workspace_id: uuid.UUID, community_id: uuid.UUID, group_ids: list[uuid.UUID], member_ids: list[uuid.UUID]
    ) -> None:
        self.workspace_id, self.community_id = str(workspace_id), str(community_id)
        self.group_ids = [str(one) for one in group_ids]
        self.member_ids = [str(one) for one in member_ids]
        self.names = [person.name for person in story.people]
        self.bots = {person.number for person in story.people if person.kind == "bot"}
        self.start_ms = story.start_ms
        self.first_day = story.first_day
        self.doings: dict[int, Doings] = {}
        self.last_in: dict[tuple[int, int], list[int]] = {}  # person, group: each sign of being in, in order
        self.activities = {name: int(catalogue.is_activity(name)) for name in ("message_sent", "reaction_added", "order_paid")}
        self.count = 0

    def of_day(self, number: int, happenings: list[Happening]) -> list[bytes]:
        """The rows of one day."""
        day = (self.first_day + dt.timedelta(days=number)).isoformat()
        lines = []
        for ordinal, one in enumerate(happenings):
            at_ms = self.start_ms + one.at * 1000
            self._count(one, at_ms)
            lines.append(encode(self._row(one, at_ms, day, ordinal)))
        self.count += len(lines)
        return lines

    def _row(self, one: Happening, at_ms: int, day: str, ordinal: int) -> EventRow:
        member_id = self.member_ids[one.person]
        name = one.name
        row = EventRow(
            workspace_id=self.workspace_id,
            id=ids.digest(self.community_id, str(one.group), str(one.serial)),
            name=name,
            occurred_at=at_ms / 1000,
            received_at=at_ms / 1000,
            local_day=day,
            local_hour=one.at // 3600 % 24,
            community_id=self.community_id,
            group_id=NONE if one.group == SHOP else self.group_ids[one.group],
            member_id=member_id,
            origin_id=member_id,
            ordinal=ordinal,
            channel="" if one.group == SHOP else GROUPS[one.group].channel,
            source=SOURCE,
            is_history=True,
            is_activity=self.activities.get(name, 0),
        )
        if name == "message_sent":
            self._fill_message(row, one)
        elif name in ("reaction_added", "message_recalled"):
            row.properties = {"message_id": str(one.message)}
            if one.emoji:
                row.properties["emoji"] = one.emoji
                row.addressed_id = self.member_ids[one.addressed]
        elif name == "member_renamed":
            row.properties = {"from": one.before, "to": one.text}
            self.names[one.person] = one.text
        elif name == "group_notice":
            row.text = one.text
        elif one.group == SHOP:
            row.properties = {"order_id": one.text, "amount": one.amount, "currency": CURRENCY}
            if name == "order_paid":
                row.properties |= {"items": one.items, "product": one.product, "products": [one.product]}
        return row

    def _fill_message(self, row: EventRow, one: Happening) -> None:
        row.properties = {"message_id": str(one.serial)}
        if one.person in self.bots:
            row.properties["bot"] = True
        if one.attachment:
            row.properties["attachments"] = [{"kind": one.attachment, "name": ""}]
        if one.is_recalled:
            row.properties["recalled"] = True
        row.text = one.text
        row.characters = len(one.text)
        row.is_question = int(is_question(one.text))
        if one.message:
            row.reply_to = str(one.message)
            row.properties["reply_to"] = row.reply_to
        row.is_reply = int(one.addressed >= 0)
        row.addressed_id = self.member_ids[one.addressed] if one.addressed >= 0 else NONE

    def _count(self, one: Happening, at_ms: int) -> None:
        doings = self.doings.get(one.person)
        if doings is None:
            doings = self.doings[one.person] = Doings(at_ms, at_ms)
        doings.last_seen = max(doings.last_seen, at_ms)
        if one.name in self.activities:
            if doings.first_active is None:
                doings.first_active = at_ms
            doings.last_active = at_ms
            if one.name == "message_sent":
                doings.messages += 1
                doings.last_message = at_ms
        elif one.name != "member_joined":
            return
        if one.group != SHOP:
            self.last_in.setdefault((one.person, one.group), []).append(at_ms)
