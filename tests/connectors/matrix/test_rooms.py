"""Who comes and goes, what rooms are called, and the bot's own place in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from hutong.channels.contract import Chat, Inbound, Origin, Person
from hutong.connectors.matrix.rooms import FRESH_SECONDS
from tests.connectors.matrix.hearing import Ear, connector
from tests.connectors.matrix.peer import MatrixPeer, person
from tests.connectors.matrix.synapse import CLIENT, User


def who(event: Inbound) -> tuple[str, str, str]:
    return tuple(one.id if one else "" for one in (event.actor, event.subject, event.operator))  # type: ignore[return-value]


def test_joins_leaves_kicks_bans_and_unbans(ear: Ear, alice: User, room: str) -> None:
    bob = person(ear.peer.server, "小波")
    bob.act(room, "join")
    bob.act(room, "leave", reason="再见")
    bob.act(room, "join")
    alice.act(room, "kick", user_id=bob.id, reason="广告")
    alice.act(room, "ban", user_id=bob.id, reason="又来")
    alice.act(room, "unban", user_id=bob.id)
    told = ear.hear(6)
    assert [(one.type, one.reason) for one in told] == [
        ("member.joined", ""),
        ("member.left", "再见"),
        ("member.joined", ""),
        ("member.kicked", "广告"),
        ("member.banned", "又来"),
        ("member.unbanned", ""),
    ]
    assert [who(one) for one in told[:2]] == [(bob.id, bob.id, "")] * 2
    assert [who(one) for one in told[3:]] == [(alice.id, bob.id, "")] * 3
    assert told[0].subject == Person(bob.id, "小波")


def test_who_was_invited_came_on_somebodys_word_and_names_change_silently(ear: Ear, alice: User, room: str) -> None:
    bob = ear.peer.server.user("bob")
    alice.act(room, "invite", user_id=bob.id)
    bob.act(room, "join")
    bob.call("PUT", f"{CLIENT}/profile/{bob.id}/displayname", {"displayname": "新名字"})
    bob.say(room, "我改名了")
    joined, message = ear.hear(2)
    assert (joined.type, who(joined), joined.source) == ("member.joined", (bob.id, bob.id, alice.id), Origin(scene="invite"))
    assert message.actor == Person(bob.id, "新名字")


def test_who_turns_an_invitation_down_never_came(ear: Ear, alice: User, room: str) -> None:
    bob = ear.peer.server.user("bob")
    alice.act(room, "invite", user_id=bob.id)
    bob.act(room, "leave")
    alice.say(room, "完")
    assert ear.types(1) == ["message.new"]


def test_a_knock_asks_to_join(peer: MatrixPeer) -> None:
    room = peer.alice.room(initial_state=[{"type": "m.room.join_rules", "state_key": "", "content": {"join_rule": "knock"}}], invite=[peer.bot.id])
    peer.bot.act(room, "join")
    ear = Ear(peer)
    bob = peer.server.user("bob")
    bob.call("POST", f"{CLIENT}/knock/{quote(room)}", {"reason": "我是新来的"})
    (event,) = ear.hear(1)
    assert (event.type, who(event), event.reason) == ("join.requested", (bob.id, bob.id, ""), "我是新来的")


def test_names_and_topics(ear: Ear, alice: User, room: str) -> None:
    alice.state(room, "m.room.name", {"name": "新胡同"})
    alice.state(room, "m.room.topic", {"topic": "聊天"})
    alice.state(room, "m.room.topic", {"topic": "聊天"})
    told = ear.hear(2)
    assert [(one.type, one.reason, one.chat) for one in told] == [
        ("chat.updated", "name", Chat(room, name="新胡同")),
        ("chat.updated", "topic", Chat(room, name="新胡同")),
    ]


def powers(alice: User, room: str, users: dict[str, int], **others: Any) -> None:
    there = alice.call("GET", f"{CLIENT}/rooms/{quote(room)}/state/m.room.power_levels/")
    alice.state(room, "m.room.power_levels", {**there, **others, "users": {**there["users"], **users}})


def test_roles_and_the_right_to_speak(ear: Ear, alice: User, bob: User, room: str) -> None:
    ear.hear(1)
    powers(alice, room, {bob.id: 50})
    powers(alice, room, {}, events_default=50)
    powers(alice, room, {ear.peer.bot.id: 50})
    told = ear.hear(3)
    assert [(one.type, one.reason) for one in told] == [("member.role_changed", "0 → 50"), ("bot.muted", "power_levels"), ("bot.added", "")]
    assert who(told[0]) == (alice.id, bob.id, "")
    assert len({one.dedupe_key for one in told}) == 3


def test_a_room_that_moved_is_followed(ear: Ear, alice: User, room: str) -> None:
    successor = alice.call("POST", f"{CLIENT}/rooms/{quote(room)}/upgrade", {"new_version": "11"})["replacement_room"]
    told = ear.hear(3)
    moved = [one for one in told if one.target_id]
    assert [(one.type, one.target_id, one.reason) for one in moved] == [("chat.updated", successor, "moved")]
    alice.say(successor, "新家")
    later = ear.hear(1)
    texts = [(one.chat.id, one.message.text) for one in told + later if one.type == "message.new" and one.message and one.chat]
    assert texts == [(successor, "新家")]
    assert successor in {chat.id for chat in ear.one.chats()}


def test_a_room_that_is_closed(ear: Ear, alice: User, room: str) -> None:
    alice.state(room, "m.room.tombstone", {"body": "散了", "replacement_room": ""})
    assert [(one.type, one.reason) for one in ear.hear(1)] == [("chat.dissolved", "散了")]


def test_an_invitation_is_accepted_and_what_was_said_before_is_history(ear: Ear, alice: User) -> None:
    room = alice.room(name="新群")
    alice.say(room, "进来之前")
    alice.act(room, "invite", user_id=ear.peer.bot.id)
    (added,) = ear.hear(1)
    assert (added.type, added.chat, who(added)) == ("bot.added", Chat(room, name="新群"), (ear.peer.bot.id, ear.peer.bot.id, alice.id))
    alice.say(room, "进来之后")
    assert [one.message.text for one in ear.hear(1) if one.message] == ["进来之后"]


def test_an_invitation_that_waits_is_accepted_at_the_first_connection(peer: MatrixPeer) -> None:
    room = peer.alice.room(name="早就邀请")
    peer.alice.act(room, "invite", user_id=peer.bot.id)
    assert [(one.type, one.chat.id) for one in Ear(peer).hear(1) if one.chat] == [("bot.added", room)]


def test_a_direct_chat_is_known_as_one_after_a_restart(ear: Ear) -> None:
    bob = person(ear.peer.server, "小波")
    room = bob.room(preset="trusted_private_chat", is_direct=True, invite=[ear.peer.bot.id])
    assert [one.type for one in ear.hear(1)] == ["bot.added"]
    ear.restart()
    bob.say(room, "在吗")
    (event,) = ear.hear(1)
    assert (event.chat, event.actor) == (Chat(room, kind="dm", name="小波"), Person(bob.id, "小波"))


@pytest.mark.parametrize(("joins", "is_in"), [("never", False), ("all", True)])
def test_invitations_wait_for_a_person_where_the_setting_says_so(peer: MatrixPeer, joins: str, is_in: bool) -> None:
    ear = Ear(peer, join=joins)
    room = peer.alice.room()
    peer.alice.act(room, "invite", user_id=peer.bot.id)
    peer.alice.say(peer.room_id, "完")
    ear.hear(1)
    ear.hear(0)
    assert (room in {chat.id for chat in ear.one.chats()}) is is_in


@pytest.mark.parametrize(("act", "reason"), [("kick", "换人"), ("ban", "换人")])
def test_the_bot_is_removed(ear: Ear, alice: User, room: str, act: str, reason: str) -> None:
    alice.say(room, "最后一句")
    alice.act(room, act, user_id=ear.peer.bot.id, reason=reason)
    alice.say(room, "看不到的")
    told = ear.hear(2)
    assert [one.type for one in told] == ["message.new", "bot.removed"]
    assert (who(told[1]), told[1].reason) == ((alice.id, ear.peer.bot.id, ""), "换人")


def test_chats_are_listed_with_names_and_members(peer: MatrixPeer, bob: User) -> None:
    room = bob.room(room_alias_name=f"alias{bob.id[1:].partition(':')[0]}")
    peer.bot.act(room, "join")
    found = {chat.id: chat for chat in connector(peer).chats()}
    assert found == {
        peer.room_id: Chat(peer.room_id, name="胡同口", members=3),
        room: Chat(room, name=f"#alias{bob.id[1:].partition(':')[0]}:hutong.test", members=2),
    }


def test_what_syncs_tell_is_not_asked_for(ear: Ear, alice: User, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.say(room, "在")
    ear.hear(1)
    rooms, asked = ear.one._rooms, list[str]()
    whole = rooms.api.get

    def get(path: str, **params: Any) -> Any:
        asked.append(path)
        return whole(path, **params)

    monkeypatch.setattr(rooms.api, "get", get)
    known = rooms._known(room)
    assert known.asked_seconds is not None
    known.asked_seconds -= FRESH_SECONDS + 1
    assert (rooms.is_encrypted(room), asked) == (False, [])
    rooms.synced_seconds -= FRESH_SECONDS + 1  # nobody listens
    assert rooms.is_encrypted(room) is False
    assert len(asked) == 3
    alice.state(room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    ear.hear(1)
    asked.clear()
    assert (rooms.is_encrypted(room), asked) == (True, [])
