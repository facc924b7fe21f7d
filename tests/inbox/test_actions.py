"""What staff do: answer once and see what became of it, note, hand on, put off, close; scripts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from hutong.channels import messages, outbox
from hutong.channels.contract import Chat, Refused
from hutong.channels.models import Account, Send
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.inbox.actions import conversations, scripts
from hutong.inbox.errors import ConversationMoved, ShortcutTaken
from hutong.inbox.models import Conversation, InboxMessage, Round, ScriptVersion
from hutong.inbox.queries import conversations as queries
from hutong.inbox.queries import scripts as script_queries
from hutong.inbox.queries.conversations import Wanted
from hutong.workspaces.access import Actor, actor_of
from hutong.workspaces.errors import NotAllowed
from hutong.workspaces.models import AuditEntry, Staff, User, Workspace
from tests.channels.pretend import World, raising
from tests.inbox.worlds import NOW, follow, told, wrote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def travel() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def me(owner: User) -> Actor:
    return actor_of(owner, role="owner")


@pytest.fixture
def moderator(workspace: Workspace) -> User:
    user = User.objects.create(email="li@example.com", name="李雷")
    Staff.objects.create(workspace=workspace, user=user, role="moderator")
    return user


@pytest.fixture
def talk(workspace: Workspace, account: Account) -> Conversation:
    told(account, wrote("在吗", 1, seconds=-60))
    return Conversation.objects.in_workspace(workspace).get()


def parts(text: str) -> list[messages.PartIn]:
    return [messages.PartIn(kind="text", text=text)]


def again(talk: Conversation) -> Conversation:
    return Conversation.objects.in_workspace(talk.workspace_id).get(pk=talk.pk)


def answer(workspace: Workspace, me: Actor, talk: Conversation, text: str = "在的", key: str = "k1", **more: Any) -> InboxMessage:
    return conversations.answer(workspace, actor=me, conversation_id=talk.pk, key=key, parts=parts(text), **more)


def test_an_answer_is_sent_once_and_its_state_follows(workspace: Workspace, me: Actor, talk: Conversation, world: World) -> None:
    first = answer(workspace, me, talk, "{{name}}，在的")
    assert answer(workspace, me, talk, "{{name}}，在的").pk == first.pk
    assert Send.objects.in_workspace(workspace).count() == 1
    outbox.drain()
    follow()
    first.refresh_from_db()
    assert world.texts() == ["小明，在的"]
    assert (first.state, first.external_id, first.text, first.staff_name) == ("sent", "p1", "小明，在的", "王芳")
    one = again(talk)
    assert (one.state, one.waiting_since, one.assignee, one.last_direction) == ("pending", None, me.user, "out")
    assert Round.objects.in_workspace(workspace).get().answered_at == NOW
    assert AuditEntry.objects.in_workspace(workspace).filter(action="conversation.answer").count() == 1


def test_a_failed_answer_answers_nobody(workspace: Workspace, me: Actor, talk: Conversation, world: World) -> None:
    world.meets.append(raising(Refused("blocked", "对方拒收。", "They refuse messages.")))
    made = answer(workspace, me, talk)
    assert again(talk).state == "pending"
    outbox.drain()
    follow()
    made.refresh_from_db()
    one = again(talk)
    assert (made.state, one.state, one.waiting_since) == ("failed", "open", NOW - dt.timedelta(seconds=60))
    assert Round.objects.in_workspace(workspace).get().answered_at is None


def test_an_answer_that_crosses_another_message_asks_first(workspace: Workspace, me: Actor, talk: Conversation, account: Account) -> None:
    seen = talk.last_id
    told(account, wrote("算了", 2, seconds=-5))
    with pytest.raises(ConversationMoved) as caught:
        answer(workspace, me, talk, expected_last_message=seen)
    assert caught.value.params == {"last_message": str(again(talk).last_id), "by": "小明"}
    assert Send.objects.in_workspace(workspace).count() == 0
    answer(workspace, me, talk, expected_last_message=again(talk).last_id)


def test_notes_go_nowhere_and_name_only_who_may_read(workspace: Workspace, me: Actor, talk: Conversation, moderator: User, owner: User) -> None:
    for _ in range(2):
        made = conversations.note(workspace, actor=me, conversation_id=talk.pk, key="n1", text="老顾客", mentions=[moderator.pk, moderator.pk])
    assert (made.direction, made.text, queries.named(workspace, [made])) == ("note", "老顾客", {made.pk: [moderator]})
    assert (again(talk).last_id, again(talk).state) == (talk.last_id, "open")
    stranger = User.objects.create(email="x@example.com", name="外人")
    with pytest.raises(Invalid):
        conversations.note(workspace, actor=me, conversation_id=talk.pk, key="n2", text="?", mentions=[stranger.pk])
    with pytest.raises(Invalid):
        conversations.note(workspace, actor=me, conversation_id=talk.pk, key="n3", text="  ")
    assert InboxMessage.objects.in_workspace(workspace).filter(direction="note").count() == 1


def test_whom_a_note_names_finds_it_until_they_looked(
    workspace: Workspace, me: Actor, talk: Conversation, account: Account, moderator: User, owner: User, travel: Any
) -> None:
    """Closed conversations too, by the latest note that names one; and nobody else is called by it."""
    told(account, wrote("另一件事", 2, chat=Chat(id="u2", kind="dm"), who="u2", name="小红", seconds=-50))
    other = Conversation.objects.in_workspace(workspace).exclude(pk=talk.pk).get()
    conversations.note(workspace, actor=me, conversation_id=talk.pk, key="n1", text="@李雷 看看", mentions=[moderator.pk])
    travel.shift(60)
    conversations.note(workspace, actor=me, conversation_id=other.pk, key="n2", text="@李雷 这个也是", mentions=[moderator.pk])
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="closed")
    li = actor_of(moderator, role="moderator")

    def found(user: User | None, limit: int = 10) -> list[tuple[str, bool]]:
        names: list[tuple[str, bool]] = []
        cursor = None
        while True:
            page = queries.page(workspace, user=user, wanted=Wanted(show="mentions"), cursor=cursor, limit=limit)
            names += [(str(one.pk), one.is_mentioned) for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return names

    def count(user: User | None) -> tuple[int, int]:
        counts = queries.counts(workspace, user)
        return counts["mentions"], counts["for_me"]

    assert found(moderator) == found(moderator, limit=1) == [(str(other.pk), True), (str(talk.pk), True)]
    assert (found(owner), found(None)) == ([], [])
    assert (count(moderator), count(owner), count(None)) == ((2, 2), (0, 1), (0, 1))
    conversations.see(workspace, actor=me, conversation_id=talk.pk)
    conversations.see(workspace, actor=li, conversation_id=talk.pk)
    assert found(moderator) == [(str(other.pk), True), (str(talk.pk), False)]
    assert count(moderator) == (1, 1)
    travel.shift(60)
    conversations.note(workspace, actor=me, conversation_id=talk.pk, key="n3", text="@李雷 还有", mentions=[moderator.pk])
    assert found(moderator) == [(str(talk.pk), True), (str(other.pk), True)]
    assert queries.one(workspace, talk.pk, user=owner).is_mentioned is False
    with pytest.raises(NotFound):
        conversations.see(workspace, actor=li, conversation_id=owner.pk)


def test_snoozed_until_then_or_until_they_write(workspace: Workspace, me: Actor, talk: Conversation, account: Account, travel: Any) -> None:
    until = NOW + dt.timedelta(hours=1)
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="snoozed", snoozed_until=until)
    conversations.wake_due()
    assert (again(talk).state, again(talk).is_active) == ("snoozed", False)
    travel.move_to(until)
    conversations.wake_due()
    assert (again(talk).state, again(talk).is_active, again(talk).snoozed_until) == ("open", True, None)
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="snoozed", snoozed_until=until + dt.timedelta(hours=1))
    told(account, wrote("还在吗", 2, seconds=3600))
    assert (again(talk).state, again(talk).snoozed_until) == ("open", None)
    for wrong in (None, clock.now(), clock.now() + dt.timedelta(days=366)):
        with pytest.raises(Invalid):
            conversations.change(workspace, actor=me, conversation_id=talk.pk, state="snoozed", snoozed_until=wrong)


def test_closed_and_opened_again_is_a_new_round(workspace: Workspace, me: Actor, talk: Conversation, account: Account, travel: Any) -> None:
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="closed")
    assert (again(talk).state, again(talk).waiting_since, again(talk).closed_at) == ("closed", None, NOW)
    travel.shift(60)
    told(account, wrote("又来了", 2, seconds=50))
    one = again(talk)
    assert (one.state, one.closed_at, one.waiting_since) == ("open", None, NOW + dt.timedelta(seconds=50))  # not since what was closed
    rounds = Round.objects.in_workspace(workspace).order_by("opened_at").values_list("opened_at", "closed_at")
    assert list(rounds) == [(NOW - dt.timedelta(seconds=60), NOW), (NOW + dt.timedelta(seconds=50), None)]
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="closed")
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="open")
    assert (again(talk).state, Round.objects.in_workspace(workspace).filter(closed_at=None).count()) == ("open", 1)


def test_handed_to_somebody_who_may_answer(workspace: Workspace, me: Actor, talk: Conversation, moderator: User) -> None:
    conversations.change(workspace, actor=me, conversation_id=talk.pk, assignee_id=moderator.pk)
    assert again(talk).assignee == moderator
    stranger = User.objects.create(email="x@example.com", name="外人")
    with pytest.raises(Invalid):
        conversations.change(workspace, actor=me, conversation_id=talk.pk, assignee_id=stranger.pk)
    conversations.change(workspace, actor=me, conversation_id=talk.pk, assignee_id=None)
    assert again(talk).assignee is None
    entries = AuditEntry.objects.in_workspace(workspace).filter(action="conversation.assign").order_by("id")
    assert [one.details["assignee"] for one in entries] == ["李雷", ""]


def test_lists_show_what_they_are_called(workspace: Workspace, other_workspace: Workspace, me: Actor, talk: Conversation, owner: User) -> None:
    def found(space: Workspace = workspace, **wanted: Any) -> list[str]:
        return [one.name for one in queries.page(space, user=owner, wanted=Wanted(**wanted), cursor=None, limit=20).items]

    assert (found(), found(show="unassigned"), found(show="mine"), found(show="closed")) == (["小明"], ["小明"], [], [])
    assert (found(q="在吗"), found(q="没说过"), found(q="小"), found(sort="waiting"), found(channel="email")) == (
        ["小明"],
        [],
        ["小明"],
        ["小明"],
        [],
    )
    assert found(other_workspace) == []
    with pytest.raises(NotFound):
        queries.one(other_workspace, talk.pk, user=owner)
    answer(workspace, me, talk)
    conversations.change(workspace, actor=me, conversation_id=talk.pk, state="closed")
    assert (found(), found(show="closed"), queries.counts(workspace, owner)["open"]) == ([], ["小明"], 0)


def test_scripts_have_shortcuts_versions_and_owners(workspace: Workspace, me: Actor, moderator: User, talk: Conversation) -> None:
    made = scripts.create(workspace, actor=me, title="问候", shortcut="/Hello", folder="常用", parts=parts("{{name|朋友}}，你好"), is_personal=False)
    assert (made.shortcut, made.number, made.text) == ("hello", 1, "{{name|朋友}}，你好")
    with pytest.raises(ShortcutTaken):
        scripts.create(workspace, actor=me, title="另一条", shortcut="hello", folder="", parts=parts("嗨"), is_personal=True)
    scripts.change(workspace, actor=me, script_id=made.pk, parts=parts("您好"))
    assert list(ScriptVersion.objects.in_workspace(workspace).values_list("number", "parts")) == [
        (1, messages.stored(messages.kept(made.parts))),
    ]
    other = actor_of(moderator, role="moderator")
    with pytest.raises(NotAllowed):
        scripts.change(workspace, actor=other, script_id=made.pk, title="改")
    own = scripts.create(workspace, actor=other, title="我的", shortcut="mine", folder="", parts=parts("好"), is_personal=True)
    with pytest.raises(NotFound):
        scripts.one(workspace, own.pk, actor=me)
    answer(workspace, me, talk, "您好", script_id=made.pk)
    assert [(one.title, one.used) for one in script_queries.pick(workspace, actor=other, q="")] == [("问候", 1), ("我的", 0)]
    assert [one.title for one in script_queries.pick(workspace, actor=other, q="mi")] == ["我的"]
