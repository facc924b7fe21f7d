"""Who is this: identities to members, made where unseen; names and moments kept; links that never guess."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from hutong.foundation import clock
from hutong.members.actions import identities, merges
from hutong.members.actions.identities import Seen
from hutong.members.models import Identity, Member, Merge
from hutong.members.names import seen_name, stored_external_id
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.members.conftest import Recorded
from tests.members.world import START_MS, see

pytestmark = pytest.mark.django_db


def one(workspace: Workspace, external_id: str, name: str, at_ms: int, **facts: bool) -> uuid.UUID:
    with transaction.atomic():
        return identities.resolve(workspace.pk, [Seen("irc", external_id, name, at_ms, **facts)])["irc", external_id]


def member(workspace: Workspace, pk: uuid.UUID) -> Member:
    return Member.objects.in_workspace(workspace).get(pk=pk)


def test_the_same_identity_is_the_same_member_and_another_channel_is_not(workspace: Workspace) -> None:
    people = [Seen("irc", "ann", "Ann", 5), Seen("qq", "ann", "安", 6), Seen("irc", "ann", "Ann", 3), Seen("irc", "bo", "", 4)]
    found = identities.resolve(workspace.pk, people)
    assert set(found) == {("irc", "ann"), ("qq", "ann"), ("irc", "bo")}
    assert len(set(found.values())) == 3
    assert identities.resolve(workspace.pk, people) == found
    ann, bo = member(workspace, found["irc", "ann"]), member(workspace, found["irc", "bo"])
    assert (ann.name, ann.first_seen_at, ann.last_seen_at) == ("Ann", clock.from_ms(3), clock.from_ms(5))
    assert (bo.name, Identity.objects.in_workspace(workspace).get(member=bo).name) == ("bo", "")
    assert Member.objects.in_workspace(workspace).count() == 3


def test_another_workspace_has_its_own_members(workspace: Workspace, other_workspace: Workspace) -> None:
    assert see(workspace, "ann") != see(other_workspace, "ann")
    assert Member.objects.in_workspace(workspace).count() == Member.objects.in_workspace(other_workspace).count() == 1


def test_a_newer_name_replaces_an_older_one_and_never_the_other_way(workspace: Workspace) -> None:
    ann = one(workspace, "ann", "旧名", 100)
    one(workspace, "ann", "新名", 200)
    one(workspace, "ann", "更旧", 50)
    one(workspace, "ann", "", 300)
    found = member(workspace, ann)
    assert (found.name, found.first_seen_at, found.last_seen_at) == ("新名", clock.from_ms(50), clock.from_ms(300))
    assert Identity.objects.in_workspace(workspace).get().name == "新名"
    Member.objects.in_workspace(workspace).update(name="员工起的名", is_name_fixed=True)
    one(workspace, "ann", "又改名", 400)
    assert (member(workspace, ann).name, Identity.objects.in_workspace(workspace).get().name) == ("员工起的名", "又改名")


def test_of_several_sightings_in_one_call_the_last_by_time_names(workspace: Workspace) -> None:
    with transaction.atomic():
        identities.resolve(workspace.pk, [Seen("irc", "a", "二", 20), Seen("irc", "a", "一", 10), Seen("irc", "a", "", 30)])
    found = Member.objects.in_workspace(workspace).get()
    assert (found.name, found.first_seen_at, found.last_seen_at) == ("二", clock.from_ms(10), clock.from_ms(30))


def test_a_bot_once_is_a_bot(workspace: Workspace) -> None:
    pk = one(workspace, "a", "a", 10)
    one(workspace, "a", "a", 10, is_bot=True)
    one(workspace, "a", "a", 20)
    assert member(workspace, pk).is_bot is True


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("👩‍👩‍👧‍👦 家庭\u200b群主", "👩‍👩‍👧‍👦 家庭\u200b群主"),
        ("\u202eevil\u202c", "\u202eevil\u202c"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
        ("  两\r\n行\x00 ", "两  行"),
        ("\ud83d", "\ufffd"),
        ("名" * 300, "名" * 200),
    ],
)  # fmt: skip
def test_names_are_kept_as_they_came_less_what_no_store_holds(workspace: Workspace, given: str, kept: str) -> None:
    assert seen_name(given) == kept
    assert member(workspace, one(workspace, "a", given, 1)).name == kept


def test_ids_of_any_length_and_kind_find_their_member_again(workspace: Workspace) -> None:
    long = ["x" * 300 + "a", "x" * 300 + "b", "nul\0", "\ud800half", "🙂" * 255]
    first = see(workspace, *long)
    assert len(set(first)) == 5
    assert see(workspace, *long) == first
    assert all(len(stored_external_id(text)) <= 255 for text in long)
    with pytest.raises(ValueError, match="needs an id"):
        identities.resolve(workspace.pk, [Seen("irc", "", "x", 1)])


def test_more_people_than_one_statement_holds(workspace: Workspace) -> None:
    names = [f"nick{number}" for number in range(2_500)]
    assert len(set(see(workspace, *names))) == 2_500
    assert see(workspace, *names) == see(workspace, *names)


class TestLink:
    """IRC nick changes, Segment's identify and alias."""

    def link(self, workspace: Workspace, known: tuple[str, str], new: tuple[str, str]) -> uuid.UUID | None:
        with transaction.atomic():
            return identities.link(workspace.pk, known=known, new=new, at_ms=START_MS)

    def test_an_unseen_name_joins_the_member(self, workspace: Workspace) -> None:
        (ann,) = see(workspace, "ann")
        assert self.link(workspace, ("irc", "ann"), ("irc", "ann_away")) == ann
        assert see(workspace, "ann_away") == [ann]
        assert Member.objects.in_workspace(workspace).count() == 1

    def test_both_unseen_are_one_new_member(self, workspace: Workspace) -> None:
        made = self.link(workspace, ("irc", "ann"), ("irc", "ann2"))
        assert see(workspace, "ann", "ann2") == [made, made]

    def test_a_name_of_somebody_else_is_never_guessed_to_be_the_same_person(self, workspace: Workspace) -> None:
        ann, bo = see(workspace, "ann", "bo")
        assert self.link(workspace, ("irc", "ann"), ("irc", "bo")) is None
        assert self.link(workspace, ("irc", "unseen"), ("irc", "bo")) is None
        assert see(workspace, "ann", "bo") == [ann, bo]
        assert (Merge.objects.in_workspace(workspace).count(), Identity.objects.in_workspace(workspace).count()) == (0, 2)

    def test_a_visitor_who_signs_in_for_the_first_time_keeps_their_past(self, workspace: Workspace) -> None:
        (visitor,) = see(workspace, "anon-1", channel="anonymous_id", is_anonymous=True)
        assert self.link(workspace, ("user_id", "u1"), ("anonymous_id", "anon-1")) == visitor
        found = member(workspace, visitor)
        assert (found.name, found.is_anonymous) == ("u1", False)

    def test_a_visitor_who_is_somebody_known_is_merged_into_them(self, workspace: Workspace, recorded: Recorded) -> None:
        (user,) = see(workspace, "u1", channel="user_id")
        (visitor,) = see(workspace, "anon-1", channel="anonymous_id", is_anonymous=True)
        assert self.link(workspace, ("user_id", "u1"), ("anonymous_id", "anon-1")) == user
        assert see(workspace, "anon-1", channel="anonymous_id") == [user]
        done = Merge.objects.in_workspace(workspace).get()
        assert (done.kept_id, done.absorbed_id, done.by_name) == (user, visitor, "Hutong")
        assert [fact.name for fact in recorded.facts("members_merged")] == ["members_merged"]
        # A second person on the same browser is not the first one.
        assert self.link(workspace, ("user_id", "u2"), ("anonymous_id", "anon-1")) is None
        merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
        assert see(workspace, "anon-1", channel="anonymous_id") == [visitor]

    def test_an_identity_linked_after_a_merge_goes_with_the_origin_of_the_known_one(self, workspace: Workspace, recorded: Recorded) -> None:
        ann, bo = see(workspace, "ann", "bo")
        done = merges.merge(workspace, actor=SYSTEM, kept_id=ann, absorbed_id=bo)
        assert self.link(workspace, ("irc", "bo"), ("irc", "bo_")) == ann
        merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
        assert see(workspace, "bo_", "ann") == [bo, ann]

    def test_the_same_twice_changes_nothing(self, workspace: Workspace) -> None:
        (ann,) = see(workspace, "ann")
        assert self.link(workspace, ("irc", "ann"), ("irc", "ann")) == ann
        assert self.link(workspace, ("irc", "ann"), ("irc", "ann2")) == ann
        assert self.link(workspace, ("irc", "ann2"), ("irc", "ann")) == ann
        assert Identity.objects.in_workspace(workspace).count() == 2
