"""The rows of the records behind the story: groups, members with their identities and attributes, stays, participations."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import msgspec

from hutong.communities.models import Community, Group
from hutong.foundation import clock, ids
from hutong.members import projection
from hutong.members.actions import bulk_values
from hutong.members.actions.attributes import ensure_standard
from hutong.members.alone import Value
from hutong.members.models import Identity, Member, Membership, Participation
from hutong.members.stays import Stay
from hutong.sample.groups import GROUPS, TIME_ZONE
from hutong.sample.lines import Lines
from hutong.sample.people import Person
from hutong.sample.story import Story

ROWS_PER_STATEMENT = 500
ATTRIBUTES = ("city", "gender", "birthday")


class Held(msgspec.Struct, frozen=True):
    """One stay with the ids it is kept under."""

    id: uuid.UUID
    person: int
    group: int
    joined_ms: int
    left_ms: int | None
    last_in_ms: int | None


def stays(story: Story, lines: Lines) -> list[Held]:
    """Every stay of the story. To be asked after all days were told."""
    found = []
    for person in story.people:
        for stay in person.stays:
            joined = story.moment_ms(stay.joined)
            left = None if stay.left is None else story.moment_ms(stay.left)
            signs = [at for at in lines.last_in.get((person.number, stay.group), []) if at >= joined and (left is None or at <= left)]
            found.append(Held(ids.new(), person.number, stay.group, joined, left, max(signs, default=None)))
    return found


def warehouse_stays(held: list[Held], *, community: Community, group_ids: list[uuid.UUID], member_ids: list[uuid.UUID]) -> list[bytes]:
    """The rows of the warehouse's table `memberships`."""
    version = projection.next_version()
    return [
        msgspec.json.encode(
            projection.stay_row(
                Stay(one.id, one.joined_ms, one.left_ms, one.last_in_ms),
                workspace_id=community.workspace_id,
                community_id=community.pk,
                group_id=group_ids[one.group],
                channel=GROUPS[one.group].channel,
                time_zone=TIME_ZONE,
                member_id=member_ids[one.person],
                version=version,
            ).row
        )
        for one in held
    ]


def write(story: Story, lines: Lines, held: list[Held], *, community: Community, group_ids: list[uuid.UUID], member_ids: list[uuid.UUID]) -> None:
    """All rows of the records, within the caller's transaction."""
    start = clock.from_ms(story.start_ms)
    Group.objects.bulk_create(
        Group(
            id=group_ids[number],
            workspace_id=community.workspace_id,
            community=community,
            name=plan.name,
            channel=plan.channel,
            external_id=plan.external_id,
            created_at=start,
            updated_at=start,
        )
        for number, plan in enumerate(GROUPS)
    )
    spans = _spans(held)
    Member.objects.bulk_create(_members(story, lines, spans, community, member_ids), ROWS_PER_STATEMENT)
    Identity.objects.bulk_create(_identities(story, lines, community, member_ids), ROWS_PER_STATEMENT)
    Membership.objects.bulk_create(
        (
            Membership(
                id=one.id,
                workspace_id=community.workspace_id,
                community_id=community.pk,
                group_id=group_ids[one.group],
                member_id=member_ids[one.person],
                joined_at=clock.from_ms(one.joined_ms),
                left_at=_moment(one.left_ms),
                last_in_at=_moment(one.last_in_ms),
            )
            for one in held
        ),
        ROWS_PER_STATEMENT,
    )
    Participation.objects.bulk_create(_participations(lines, spans, community, member_ids), ROWS_PER_STATEMENT)
    bulk_values.write(community.workspace_id, _values(story, community, member_ids), there={})
    projection.mark_people(community.workspace_id, member_ids)


def mark_gone(workspace_id: uuid.UUID, member_ids: list[uuid.UUID]) -> None:
    """The members of the sample are no more."""
    projection.mark_people(workspace_id, member_ids)
    for key in ATTRIBUTES:
        projection.mark_values(workspace_id, key, member_ids)


def _moment(milliseconds: int | None) -> dt.datetime | None:
    return None if milliseconds is None else clock.from_ms(milliseconds)


def _spans(held: list[Held]) -> dict[int, tuple[int, int | None]]:
    """By person: the first joining, and the last leaving where no stay lasts."""
    spans: dict[int, tuple[int, int | None]] = {}
    for one in held:
        joined, left = spans.get(one.person, (one.joined_ms, 0))
        spans[one.person] = (min(joined, one.joined_ms), None if one.left_ms is None or left is None else max(left, one.left_ms))
    return spans


def _name(person: Person) -> str:
    return person.renamed or person.name


def _members(
    story: Story, lines: Lines, spans: dict[int, tuple[int, int | None]], community: Community, member_ids: list[uuid.UUID]
) -> Iterator[Member]:
    for person in story.people:
        doings = lines.doings[person.number]
        joined, left = spans[person.number]
        yield Member(
            id=member_ids[person.number],
            workspace_id=community.workspace_id,
            name=_name(person),
            is_bot=person.kind == "bot",
            is_sample=True,
            first_seen_at=clock.from_ms(doings.first_seen),
            last_seen_at=clock.from_ms(doings.last_seen),
            joined_at=clock.from_ms(joined),
            left_at=_moment(left),
            last_active_at=_moment(doings.last_active),
            messages=doings.messages,
        )


def _identities(story: Story, lines: Lines, community: Community, member_ids: list[uuid.UUID]) -> Iterator[Identity]:
    for person in story.people:
        for channel in dict.fromkeys(GROUPS[stay.group].channel for stay in person.stays):
            yield Identity(
                workspace_id=community.workspace_id,
                member_id=member_ids[person.number],
                origin_id=member_ids[person.number],
                channel=channel,
                external_id=f"sample-{person.number:04d}",
                name=_name(person),
                last_seen_at=clock.from_ms(lines.doings[person.number].last_seen),
            )


def _participations(
    lines: Lines, spans: dict[int, tuple[int, int | None]], community: Community, member_ids: list[uuid.UUID]
) -> Iterator[Participation]:
    for number, doings in lines.doings.items():
        joined, left = spans[number]
        yield Participation(
            workspace_id=community.workspace_id,
            community_id=community.pk,
            member_id=member_ids[number],
            first_seen_at=clock.from_ms(doings.first_seen),
            first_active_at=_moment(doings.first_active),
            last_active_at=_moment(doings.last_active),
            last_message_at=_moment(doings.last_message),
            messages=doings.messages,
            joined_at=clock.from_ms(joined),
            left_at=_moment(left),
        )


def _values(story: Story, community: Community, member_ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, Value | None]]:
    attributes = ensure_standard(community.workspace_id)
    return {
        member_ids[person.number]: {
            attributes[key].pk: Value(ids.new(), value, "system", "示例社群", story_time(story, person))
            for key in ATTRIBUTES
            if (value := getattr(person, key))
        }
        for person in story.people
    }


def story_time(story: Story, person: Person) -> dt.datetime:
    """When the person filled in their profile: as they joined."""
    return clock.from_ms(story.moment_ms(person.joined))
