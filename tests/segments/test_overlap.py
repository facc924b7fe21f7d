"""Who segments have in common, counted member by member."""

from __future__ import annotations

import random
import uuid
from collections import Counter

import msgspec
import pytest

from hutong.events.warehouse import engine
from hutong.foundation import clock
from hutong.members.models import Member
from hutong.segments.models import Segment, SegmentMember
from hutong.workspaces.models import Workspace
from tests.conftest import Api

pytestmark = pytest.mark.django_db


def make(workspace: Workspace, *members: set[str]) -> list[Segment]:
    """Segments with those members, who are also told to have been in the others and to have left."""
    segments = [Segment.objects.create(workspace=workspace, name=f"分群{number}") for number in range(len(members))]
    everybody = set().union(*members)
    rows = [
        {"workspace_id": str(workspace.pk), "segment_id": str(segment.pk), "member_id": member, "version": version, "is_deleted": int(version == 2 and member not in some)}
        for segment, some in zip(segments, members, strict=True)
        for version in (1, 2)
        for member in everybody
    ]  # fmt: skip
    if rows:
        engine.insert("segment_members", [msgspec.json.encode(row) for row in rows], token=str(uuid.uuid4()))
    return segments


def regions(api: Api, segments: list[Segment]) -> dict[frozenset[str], int]:
    answer = api.get("/segments/overlap", ids=[str(one.pk) for one in segments])
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert [one["id"] for one in found["segments"]] == [str(one.pk) for one in segments]
    assert found["members"] == sum(region["members"] for region in found["regions"])
    for one in found["segments"]:
        assert one["members"] == sum(region["members"] for region in found["regions"] if one["id"] in region["ids"])
    return {frozenset(region["ids"]): region["members"] for region in found["regions"]}


@pytest.mark.parametrize("seed", range(4))
def test_three_segments(workspace: Workspace, api: Api, seed: int) -> None:
    chance = random.Random(seed)
    everybody = [str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(200)]
    members = [{one for one in everybody if chance.random() < share} for share in (0.5, 0.3, 0.1 * seed)]
    segments = make(workspace, *members)
    counted = Counter(frozenset(str(segment.pk) for segment, some in zip(segments, members, strict=True) if one in some) for one in everybody)
    found = regions(api, segments)
    assert len(found) == 7
    assert {place: number for place, number in found.items() if number} == {place: number for place, number in counted.items() if place}


@pytest.mark.parametrize(
    ("mine", "theirs", "wanted"),
    [("abc", "cd", (2, 1, 1)), ("ab", "cd", (2, 2, 0)), ("abc", "ab", (1, 0, 2)), ("ab", "ab", (0, 0, 2)), ("", "a", (0, 1, 0)), ("", "", (0, 0, 0))],
)
def test_two_segments(workspace: Workspace, api: Api, mine: str, theirs: str, wanted: tuple[int, int, int]) -> None:
    chance = random.Random(7)
    names = {letter: str(uuid.UUID(int=chance.getrandbits(128))) for letter in "abcd"}
    one, two = make(workspace, {names[x] for x in mine}, {names[x] for x in theirs})
    assert list(regions(api, [one, two]).values()) == list(wanted)


def test_what_cannot_be_asked(workspace: Workspace, api: Api) -> None:
    segments = make(workspace, *[set[str]()] * 4)
    for ids in ([], [str(segments[0].pk)], [str(segments[0].pk)] * 2, [str(one.pk) for one in segments]):
        assert api.get("/segments/overlap", ids=ids).status_code == 422
    assert api.get("/segments/overlap", ids=[str(segments[0].pk), str(uuid.uuid4())]).status_code == 404


def test_the_members_behind_a_region(workspace: Workspace, api: Api) -> None:
    names = {name: Member.objects.create(workspace=workspace, name=name, first_seen_at=clock.now(), last_seen_at=clock.now()) for name in "abcd"}
    segments = [Segment.objects.create(workspace=workspace, name=f"分群{number}") for number in range(2)]
    for segment, some in zip(segments, ("abc", "cd"), strict=True):
        for name in some:
            SegmentMember.objects.create(workspace=workspace, segment=segment, member=names[name])
    one, two = (str(segment.pk) for segment in segments)

    def listed(*among: str) -> set[str]:
        return {line["name"] for line in api.get("/members", among=list(among)).json()["items"]}

    assert listed(f"segment:{one}", f"segment_not:{two}") == {"a", "b"}
    assert listed(f"segment:{one}", f"segment:{two}") == {"c"}
    assert listed(f"segment_not:{one}", f"segment:{two}") == {"d"}
    assert api.get("/members", among=["segment_not:nothing"]).status_code == 404
