"""Writing to a member first: by which accounts, into which conversation, and that their answer comes back into the same one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hutong.channels import messages, outbox
from hutong.channels.contract import Capabilities, Chat
from hutong.channels.models import Account
from hutong.foundation.errors import Invalid, NotFound
from hutong.inbox.actions import conversations, opening
from hutong.inbox.errors import NoWayToWrite
from hutong.inbox.models import Conversation
from hutong.inbox.queries import conversations as queries
from hutong.inbox.queries import reach
from hutong.inbox.queries.conversations import Wanted
from hutong.members.models import Identity, Member
from hutong.workspaces.access import Actor, actor_of
from hutong.workspaces.models import AuditEntry, User, Workspace
from tests.channels import pretend
from tests.channels.pretend import World
from tests.inbox.worlds import NOW, follow, told, wrote

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(owner: User) -> Actor:
    return actor_of(owner, role="owner")


@pytest.fixture
def opener(workspace: Workspace, offer: Callable[..., World]) -> Account:
    """An account that may write to people first."""
    offer(capabilities=Capabilities(sends=frozenset({"text"}), opens_dm=True))
    return pretend.account(workspace)


def known(workspace: Workspace, account: Account) -> Member:
    """小明, whose id on the account's channel is known and who has not written."""
    member = Member.objects.create(workspace=workspace, name="小明", first_seen_at=NOW, last_seen_at=NOW)
    Identity.objects.create(workspace=workspace, member=member, origin=member, channel=account.channel, external_id="u1", name="小明")
    return member


def ways(workspace: Workspace, member: Member) -> list[tuple[object, str, object]]:
    return [(one.account.pk, one.identity.external_id, one.conversation_id) for one in reach.ways(workspace, member.pk)]


def begin(workspace: Workspace, me: Actor, member: Member, account: Account) -> Conversation:
    return opening.with_member(workspace, actor=me, member_id=member.pk, account_id=account.pk)


def test_an_account_that_may_not_write_first_waits_for_them(workspace: Workspace, account: Account, me: Actor) -> None:
    member = known(workspace, account)
    assert ways(workspace, member) == []
    with pytest.raises(NoWayToWrite):
        begin(workspace, me, member, account)


def test_who_wrote_before_is_answered_in_the_same_conversation(workspace: Workspace, account: Account, me: Actor) -> None:
    told(account, wrote("在吗", 1))
    talk = Conversation.objects.in_workspace(workspace).get()
    member = Member.objects.in_workspace(workspace).get()
    assert ways(workspace, member) == [(account.pk, talk.user_ref, talk.pk)]
    assert begin(workspace, me, member, account).pk == talk.pk
    assert AuditEntry.objects.in_workspace(workspace).filter(action="conversation.open").count() == 0


def test_an_unknown_member_and_half_a_question_are_refused(workspace: Workspace, other_workspace: Workspace, account: Account, me: Actor) -> None:
    told(account, wrote("在吗", 1))
    member = Member.objects.in_workspace(workspace).get()
    with pytest.raises(NotFound):
        reach.ways(other_workspace, member.pk)
    with pytest.raises(Invalid):
        opening.open_one(workspace, actor=me, event_id="", member_id=member.pk, account_id=None)
    with pytest.raises(Invalid):
        opening.open_one(workspace, actor=me, event_id="e1", member_id=member.pk, account_id=account.pk)


def test_writing_first_shows_in_no_list_until_something_is_sent(workspace: Workspace, opener: Account, me: Actor, owner: User) -> None:
    member = known(workspace, opener)

    def found(show: str) -> list[str]:
        return [one.name for one in queries.page(workspace, user=owner, wanted=Wanted(show=show), cursor=None, limit=20).items]

    talk = begin(workspace, me, member, opener)
    assert begin(workspace, me, member, opener).pk == talk.pk
    assert (found("open"), found("closed"), found("all")) == ([], [], [])
    conversations.answer(workspace, actor=me, conversation_id=talk.pk, key="k1", parts=[messages.PartIn(kind="text", text="您好")])
    outbox.drain()
    follow()
    assert (found("open"), found("all")) == (["小明"], ["小明"])


def test_their_answer_in_the_chat_the_platform_made_joins_it(workspace: Workspace, opener: Account, me: Actor) -> None:
    """Where a private chat has an id of its own (a Matrix room), it is known only when they write in it."""
    member = known(workspace, opener)
    talk = begin(workspace, me, member, opener)
    told(opener, wrote("我在", 2, chat=Chat(id="!room:example.org", kind="dm", name="小明"), seconds=5))
    one = Conversation.objects.in_workspace(workspace).select_related("chat").get()
    assert (one.pk, one.chat.external_id, one.state) == (talk.pk, "!room:example.org", "open")
    told(opener, wrote("另一个房间", 3, chat=Chat(id="!other:example.org", kind="dm", name="小明"), seconds=6))
    assert Conversation.objects.in_workspace(workspace).count() == 2
