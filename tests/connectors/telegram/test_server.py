"""The small Telegram of these tests speaks as the real one does: python-telegram-bot, which others made, understands all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest
import telegram
from telegram.constants import ChatMemberStatus, MessageEntityType
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.request import HTTPXRequest

from hutong.connectors.telegram.wire import ALLOWED_UPDATES
from tests.connectors.telegram.peer import GROUP, TOKEN, XIAOHONG, Peer, start

T = TypeVar("T")


@pytest.fixture
def peer() -> Iterator[Peer]:
    with start() as started:
        yield started


def judged(peer: Peer, act: Callable[[telegram.Bot], Awaitable[T]], *, token: str = TOKEN) -> T:
    """What python-telegram-bot makes of it."""

    async def run() -> T:
        requests = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
        async with telegram.Bot(token, base_url=f"{peer.base}/bot", request=requests[0], get_updates_request=requests[1]) as bot:
            return await act(bot)

    return asyncio.run(run())


def updates(peer: Peer, **params: Any) -> tuple[telegram.Update, ...]:
    return judged(peer, lambda bot: bot.get_updates(allowed_updates=ALLOWED_UPDATES, **params))


def test_the_bot_says_who_it_is(peer: Peer) -> None:
    me = judged(peer, lambda bot: bot.get_me())
    assert (me.id, me.username, me.can_read_all_group_messages) == (42, "HutongBot", True)
    with pytest.raises(InvalidToken):
        judged(peer, lambda bot: bot.get_me(), token="43:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")


def test_everything_people_do_reads_as_an_update(peer: Peer) -> None:
    world, group, bot = peer.world, peer.group, 42
    world.allowed = set(ALLOWED_UPDATES)
    world.person(6, "阿明")
    said = world.say(group, XIAOHONG, "问 阿明", entities=[{"type": "text_mention", "offset": 2, "length": 2, "user": world.people[6]}])
    world.edit(group, said["message_id"], "改了")
    world.change(group, 6, 6, world.standing(6, "member"), has_line=True)
    world.change(group, 6, 6, world.standing(6, "administrator"))
    world.change(group, 6, XIAOHONG, world.standing(XIAOHONG, "restricted"))
    world.change(group, 6, XIAOHONG, world.standing(XIAOHONG, "kicked"), has_line=True)
    world.react(group, 6, said["message_id"], [], [{"type": "emoji", "emoji": "👍"}])
    world.ask_in(group, XIAOHONG)
    world.press(group, 6, said["message_id"], "signup:1", query="q1")
    world.say(world.chat(-1_000_000_000_008, "channel", "日报", bot="administrator"), None, "早报")
    world.say(group, None, "匿名", as_chat=group)
    world.change(group, 6, bot, world.standing(bot, "kicked"))
    small = world.chat(-9, "group", "早餐", people=(6,))
    world.migrate(small, 6)
    found = updates(peer)
    kinds = [next(name for name in ALLOWED_UPDATES if getattr(one, name) is not None) for one in found]
    assert kinds == [
        "message", "edited_message", "chat_member", "message", "chat_member", "chat_member", "chat_member", "message", "message_reaction",
        "chat_join_request", "callback_query", "channel_post", "message", "my_chat_member", "message", "message",
    ]  # fmt: skip
    (mention,) = found[0].message.entities
    assert (mention.type, mention.user.first_name, found[0].message.parse_entity(mention)) == (MessageEntityType.TEXT_MENTION, "阿明", "阿明")
    assert found[1].edited_message.edit_date is not None
    assert found[3].message.new_chat_members[0].id == 6
    assert found[4].chat_member.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR
    assert found[5].chat_member.new_chat_member.can_send_messages is False
    assert found[6].chat_member.new_chat_member.status == ChatMemberStatus.BANNED
    assert found[7].message.left_chat_member.id == XIAOHONG
    assert [one.emoji for one in found[8].message_reaction.new_reaction] == ["👍"]
    assert found[9].chat_join_request.invite_link.name == "海报"
    assert found[12].message.sender_chat.id == GROUP
    assert found[14].message.migrate_to_chat_id == found[15].message.chat.id


def test_an_offset_confirms_and_what_was_not_asked_for_is_not_kept(peer: Peer) -> None:
    for text in ("一", "二", "三"):
        peer.say(text)
    first = updates(peer)
    assert [one.message.text for one in first] == ["一", "二", "三"]
    assert [one.message.text for one in updates(peer)] == ["一", "二", "三"]
    assert [one.message.text for one in updates(peer, offset=first[1].update_id)] == ["二", "三"]
    peer.say("四")
    assert [one.message.text for one in updates(peer, offset=-1)] == ["四"]
    judged(peer, lambda bot: bot.get_updates(allowed_updates=["message"]))
    peer.world.ask_in(peer.group, XIAOHONG)
    assert [one.message.text for one in judged(peer, lambda bot: bot.get_updates())] == ["四"]


def test_messages_are_sent_and_kept(peer: Peer) -> None:
    said = peer.world.say(peer.group, XIAOHONG, "在吗")
    entity = telegram.MessageEntity(MessageEntityType.TEXT_MENTION, 0, 3, user=telegram.User(XIAOHONG, "x", is_bot=False))
    sent = judged(
        peer,
        lambda bot: bot.send_message(GROUP, "@小红 在", entities=[entity], reply_parameters=telegram.ReplyParameters(said["message_id"])),
    )
    assert (sent.text, sent.entities[0].user.first_name, sent.reply_to_message.text) == ("@小红 在", "小红", "在吗")
    photo = judged(peer, lambda bot: bot.send_photo(GROUP, b"\x89PNG", caption="图", filename="a.png"))
    assert (photo.photo[0].file_size, photo.caption, peer.world.files[photo.message_id]) == (4, "图", b"\x89PNG")
    document = judged(peer, lambda bot: bot.send_document(GROUP, b"%PDF", filename="菜单.pdf"))
    assert (document.document.file_name, peer.world.files[document.message_id]) == ("菜单.pdf", b"%PDF")
    assert peer.arrived() == ["@小红 在", "图", ""]


def test_refusals_are_those_the_library_knows(peer: Peer) -> None:
    world = peer.world

    def send(chat: int = GROUP, text: str = "x") -> telegram.Message:
        return judged(peer, lambda bot: bot.send_message(chat, text))

    with pytest.raises(BadRequest, match="Chat not found"):
        send(-100)
    with pytest.raises(BadRequest, match="essage is too long"):
        send(text="字" * 4097)
    with pytest.raises(Forbidden, match="can't initiate"):
        send(XIAOHONG)
    world.private(XIAOHONG)
    assert send(XIAOHONG).chat.first_name == "小红"
    world.blocked.add(XIAOHONG)
    with pytest.raises(Forbidden, match="blocked by the user"):
        send(XIAOHONG)
    small = world.chat(-9, "group", "早餐")
    new = world.migrate(small, XIAOHONG)
    with pytest.raises(ChatMigrated) as moved:
        send(-9)
    assert moved.value.new_chat_id == new.id
    peer.group.members[42] = world.standing(42, "restricted")
    with pytest.raises(BadRequest, match="ot enough rights"):
        send()
    peer.group.members[42] = world.standing(42, "kicked")
    with pytest.raises(Forbidden, match="kicked"):
        send()


def test_too_fast_says_how_long_to_wait(peer: Peer) -> None:
    peer.world.now = lambda: 1000.0
    for _ in range(5):
        judged(peer, lambda bot: bot.send_message(GROUP, "x"))
    with pytest.raises(RetryAfter, match="Retry in 5 seconds"):
        judged(peer, lambda bot: bot.send_message(GROUP, "x"))


def test_a_webhook_and_polling_exclude_each_other(peer: Peer) -> None:
    judged(peer, lambda bot: bot.set_webhook("https://example.com/hook", secret_token="abc", allowed_updates=["message"]))
    assert judged(peer, lambda bot: bot.get_webhook_info()).url == "https://example.com/hook"
    with pytest.raises(Conflict):
        updates(peer)
    judged(peer, lambda bot: bot.delete_webhook())
    assert updates(peer) == ()


def test_two_who_poll_get_in_each_others_way(peer: Peer) -> None:
    async def both(bot: telegram.Bot) -> list[Any]:
        return await asyncio.gather(bot.get_updates(timeout=5), later(bot), return_exceptions=True)

    async def later(bot: telegram.Bot) -> Any:
        while not peer.world.pollings:  # noqa: ASYNC110 - the world lives in other threads
            await asyncio.sleep(0.01)
        return await bot.get_updates()

    first, second = judged(peer, both)
    assert (type(first), second) == (Conflict, ())
