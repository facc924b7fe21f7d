"""The shapes of the Bot API, as far as they are read here. Fields nobody asks for are not declared, and pass unread.

https://core.telegram.org/bots/api#available-types
"""

from __future__ import annotations

import msgspec


class User(msgspec.Struct, frozen=True):
    """Somebody, or a bot."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    can_read_all_group_messages: bool = False
    can_join_groups: bool = True


class Chat(msgspec.Struct, frozen=True):
    """`type`: private, group, supergroup or channel."""

    id: int
    type: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    username: str = ""


class Entity(msgspec.Struct, frozen=True):
    """A stretch of text that means something; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""
    user: User | None = None


class Media(msgspec.Struct, frozen=True):
    """A photo size, document, video, voice message or sticker."""

    file_size: int | None = None
    file_name: str = ""
    mime_type: str = ""
    emoji: str = ""
    title: str = ""


class Contact(msgspec.Struct, frozen=True):
    """Somebody's card."""

    first_name: str = ""
    last_name: str = ""


class Venue(msgspec.Struct, frozen=True):
    """A place with a name."""

    title: str = ""


class Poll(msgspec.Struct, frozen=True):
    """A question put to the vote."""

    question: str = ""


class Titled(msgspec.Struct, frozen=True):
    """A game, invoice, story, checklist, giveaway: named where it has a title."""

    title: str = ""
    emoji: str = ""


class Message(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """A message or a service line. `date` is in seconds, 0 where the message cannot be reached any more."""

    message_id: int
    chat: Chat
    date: int = 0
    from_user: User | None = None
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    edit_date: int = 0
    reply_to_message: Message | None = None
    text: str = ""
    caption: str = ""
    entities: tuple[Entity, ...] = ()
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[Media, ...] = ()
    animation: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    video: Media | None = None
    video_note: Media | None = None
    voice: Media | None = None
    contact: Contact | None = None
    location: Titled | None = None
    venue: Venue | None = None
    poll: Poll | None = None
    dice: Titled | None = None
    game: Titled | None = None
    invoice: Titled | None = None
    story: Titled | None = None
    paid_media: Titled | None = None
    checklist: Titled | None = None
    giveaway: Titled | None = None
    new_chat_members: tuple[User, ...] = ()
    left_chat_member: User | None = None
    new_chat_title: str = ""
    group_chat_created: bool = False
    supergroup_chat_created: bool = False
    channel_chat_created: bool = False
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    forum_topic_created: Titled | None = None


class ChatMember(msgspec.Struct, frozen=True):
    """`status`: creator, administrator, member, restricted, left or kicked, which is what the Bot API calls banned."""

    user: User
    status: str
    is_member: bool = False
    can_send_messages: bool = True
    can_post_messages: bool = True
    custom_title: str = ""


class InviteLink(msgspec.Struct, frozen=True):
    """A link by which somebody came; other administrators' are cut short."""

    invite_link: str = ""
    name: str = ""


class ChatMemberUpdated(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """Somebody's place in a chat, before and after; `from` did it."""

    chat: Chat
    from_user: User
    date: int
    old_chat_member: ChatMember
    new_chat_member: ChatMember
    invite_link: InviteLink | None = None
    via_join_request: bool = False
    via_chat_folder_invite_link: bool = False


class JoinRequest(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """Somebody asks to be let in."""

    chat: Chat
    from_user: User
    date: int
    invite_link: InviteLink | None = None


class Reaction(msgspec.Struct, frozen=True):
    """`type`: emoji, custom_emoji or paid."""

    type: str
    emoji: str = ""
    custom_emoji_id: str = ""


class MessageReaction(msgspec.Struct, frozen=True):
    """All reactions of one person to a message, before and after."""

    chat: Chat
    message_id: int
    date: int
    old_reaction: tuple[Reaction, ...] = ()
    new_reaction: tuple[Reaction, ...] = ()
    user: User | None = None
    actor_chat: Chat | None = None


class CallbackQuery(msgspec.Struct, frozen=True, rename={"from_user": "from"}):
    """A pressed button."""

    id: str
    from_user: User
    message: Message | None = None
    data: str = ""


class Update(msgspec.Struct, frozen=True):
    """One thing that happened; exactly one of the fields is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    channel_post: Message | None = None
    edited_channel_post: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None
    chat_member: ChatMemberUpdated | None = None
    chat_join_request: JoinRequest | None = None
    message_reaction: MessageReaction | None = None


class Parameters(msgspec.Struct, frozen=True):
    """What helps after a refusal."""

    retry_after: int = 0
    migrate_to_chat_id: int = 0


class Reply(msgspec.Struct, frozen=True):
    """The envelope of every answer. `result` is read by whoever asked."""

    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    description: str = ""
    error_code: int = 0
    parameters: Parameters = Parameters()


class WebhookInfo(msgspec.Struct, frozen=True):
    """Where updates go, and how that works."""

    url: str = ""
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: str = ""


# What is asked for: Telegram leaves out members' changes and reactions unless they are named.
ALLOWED_UPDATES = tuple(name for name in Update.__struct_fields__ if name != "update_id")
