"""New conversations given in turn: off until somebody says so, to whom it was said, each to the next, and it is written down."""

from __future__ import annotations

import datetime as dt

import pytest

from hutong.channels.contract import Chat
from hutong.channels.models import Account
from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.inbox import people
from hutong.inbox.actions import conversations, turns
from hutong.inbox.models import Conversation, InboxSettings
from hutong.inbox.queries.settings import settings
from hutong.workspaces.access import Actor, actor_of
from hutong.workspaces.models import AuditEntry, Staff, User, Workspace
from tests.conftest import Api
from tests.inbox.worlds import told, wrote

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(owner: User) -> Actor:
    return actor_of(owner, role="owner")


@pytest.fixture
def team(workspace: Workspace, owner: User) -> list[User]:
    """The owner and two moderators in the order of their turns, and an analyst who may not answer."""
    made = [User.objects.create(email=f"{name}@example.com", name=name) for name in ("李雷", "韩梅梅", "分析")]
    for user, role in zip(made, ("moderator", "moderator", "analyst"), strict=True):
        Staff.objects.create(workspace=workspace, user=user, role=role)
    return sorted([owner, *made[:2]], key=lambda one: one.pk)


def comes(account: Account, number: int) -> None:
    """Somebody new writes in private."""
    told(account, wrote("在吗", number, chat=Chat(id=f"u{number}", kind="dm"), who=f"u{number}", name=f"客人{number}"))


def assignees(workspace: Workspace) -> list[User | None]:
    return [one.assignee for one in Conversation.objects.in_workspace(workspace).select_related("assignee").order_by("opened_at", "id")]


def test_nothing_is_given_until_somebody_says_so(workspace: Workspace, account: Account, team: list[User]) -> None:
    comes(account, 1)
    assert assignees(workspace) == [None]
    assert settings(workspace).gives_in_turn is False


def test_each_goes_to_the_next(workspace: Workspace, account: Account, team: list[User], me: Actor) -> None:
    turns.change(workspace, actor=me, gives_in_turn=True, takers=[])
    assert settings(workspace).next == team[0]
    for number in range(1, 5):
        comes(account, number)
    assert assignees(workspace) == [*team, team[0]]
    entries = AuditEntry.objects.in_workspace(workspace).filter(action="conversation.assign").order_by("id")
    assert [(one.actor_kind, one.details) for one in entries] == [("system", {"assignee": one.name, "in_turn": True}) for one in [*team, team[0]]]
    assert (settings(workspace).turns, settings(workspace).next) == (sorted(team, key=lambda one: one.name), team[1])


def test_whoever_has_one_keeps_it_and_who_left_is_passed_over(workspace: Workspace, account: Account, team: list[User], me: Actor) -> None:
    turns.change(workspace, actor=me, gives_in_turn=True, takers=[team[1].pk, team[2].pk])
    comes(account, 1)
    talk = Conversation.objects.in_workspace(workspace).get()
    assert talk.assignee == team[1]
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="closed")
    told(account, wrote("又来了", 9, chat=Chat(id="u1", kind="dm"), who="u1", name="客人1", seconds=60))
    assert assignees(workspace) == [team[1]]
    Staff.objects.in_workspace(workspace).filter(user=team[2]).delete()
    comes(account, 2)
    assert assignees(workspace) == [team[1], team[1]]


def test_only_who_may_answer_takes_turns(workspace: Workspace, other_workspace: Workspace, team: list[User], me: Actor) -> None:
    analyst = User.objects.get(name="分析")
    with pytest.raises(Invalid):
        turns.change(workspace, actor=me, gives_in_turn=True, takers=[analyst.pk])
    assert InboxSettings.objects.in_workspace(workspace).count() == 0
    turns.change(workspace, actor=me, gives_in_turn=True, takers=[team[0].pk])
    turns.change(workspace, actor=me, gives_in_turn=True, takers=[team[0].pk])
    entries = AuditEntry.objects.in_workspace(workspace).filter(action="inbox.settings")
    assert [one.details for one in entries] == [{"gives_in_turn": True, "takers": [team[0].name]}]
    assert settings(other_workspace).gives_in_turn is False


def seen(workspace: Workspace, user: User, *, minutes_ago: float) -> None:
    Staff.objects.in_workspace(workspace).filter(user=user).update(last_seen_at=clock.now() - dt.timedelta(minutes=minutes_ago))


def test_who_is_away_is_passed_over(workspace: Workspace, other_workspace: Workspace, account: Account, team: list[User], me: Actor) -> None:
    turns.change(workspace, actor=me, gives_in_turn=True, takers=[])
    Staff.objects.create(workspace=other_workspace, user=team[1], role="moderator", last_seen_at=clock.now())  # that is not here
    seen(workspace, team[0], minutes_ago=people.AWAY_MINUTES + 1)
    seen(workspace, team[2], minutes_ago=people.AWAY_MINUTES - 1)
    said = settings(workspace)
    assert (set(said.turns), set(said.away), said.next) == (set(team), {team[0], team[1]}, team[2])
    for number in range(1, 3):
        comes(account, number)
    assert assignees(workspace) == [team[2], team[2]]
    seen(workspace, team[1], minutes_ago=0)
    comes(account, 3)
    assert assignees(workspace) == [team[2], team[2], team[1]]
    assert settings(workspace).away == [team[0]]


def test_where_all_are_away_turns_go_on(workspace: Workspace, account: Account, team: list[User], me: Actor, api: Api) -> None:
    turns.change(workspace, actor=me, gives_in_turn=True, takers=[team[0].pk, team[2].pk])
    seen(workspace, team[1], minutes_ago=0)  # here, but takes no turns
    for user in (team[0], team[2]):
        seen(workspace, user, minutes_ago=people.AWAY_MINUTES + 1)
    for number in range(1, 4):
        comes(account, number)
    assert assignees(workspace) == [team[0], team[2], team[0]]
    said = api.get("/inbox/settings").json()
    assert sorted(one["id"] for one in said["away"]) == sorted(str(user.pk) for user in (team[0], team[2]))
    assert said["next"]["id"] == str(team[2].pk)
