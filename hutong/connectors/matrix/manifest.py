"""What the matrix connector says of itself. Limits are those of the specification and of Synapse's configuration manual."""

from __future__ import annotations

from hutong.channels.contract import Capabilities, Field, Limits, Manifest, Rate

MANIFEST = Manifest(
    platform="matrix",
    channel="matrix",
    zh="Matrix",
    en="Matrix",
    about_zh="用一个 Matrix 账号进入房间，接收并发送消息。自建或公共的服务器都可以。",
    about_en="A Matrix account enters rooms, reads and writes there, on a server of your own or a public one.",
    ways=frozenset({"listen", "send", "chats"}),
    capabilities=Capabilities(
        read="all",
        send="free",
        sends=frozenset({"text", "mention", "image", "file", "link", "quote"}),
        has_send_key=True,  # the transaction id of PUT /send
        opens_dm=True,
        sees_own=True,
        sees_leave=True,
        sees_recall=True,
    ),
    # Synapse lets an account send 0.2 a second after a burst of 10 unless its administrator exempts it; the answer says how long to wait,
    # and that is obeyed. This is what a homeserver on one machine can take.
    limits=Limits(per_account=(Rate(30, 1.0),), text_length_max=15_000, file_bytes_max=50 * 1024 * 1024),
    fields=(
        Field(
            name="homeserver",
            kind="url",
            zh="服务器地址",
            en="Homeserver",
            help_zh="客户端连接的地址，例如 https://matrix.example.com。",
            help_en="The address clients connect to, such as https://matrix.example.com.",
        ),
        Field(
            name="access_token",
            kind="secret",
            zh="访问令牌",
            en="Access token",
            help_zh="为胡同单独登录一次得到的令牌；做法见说明。不要与别的客户端共用。",
            help_en="The token of a login made for Hutong alone; the instructions say how. Do not share it with another client.",
            length_max=2_000,
        ),
        Field(
            name="join",
            kind="choice",
            zh="收到邀请时",
            en="When invited",
            default="own",
            required=False,
            choices=(
                ("own", "本服务器的人邀请就加入", "Join when invited from its own server"),
                ("all", "任何人邀请都加入", "Join whoever invites"),
                ("never", "不自动加入", "Do not join by itself"),
            ),
        ),
        Field(
            name="style",
            kind="choice",
            zh="消息样式",
            en="Style of messages",
            help_zh="“通知”是机器人的惯例，别的机器人不会回应它；多数客户端不为它响铃。",
            help_en="Notices are the custom of bots: other bots never answer them. Most clients make no sound for them.",
            default="text",
            required=False,
            choices=(("text", "普通消息", "Messages"), ("notice", "通知", "Notices")),
        ),
        Field(
            name="send_in_encrypted",
            kind="boolean",
            zh="在加密房间里也发送（不加密）",
            en="Send in encrypted rooms, unencrypted",
            help_zh="胡同不能加密。关闭时，发往加密房间的消息会被拒绝并说明原因。",
            help_en="Hutong cannot encrypt. While this is off, messages to encrypted rooms are refused with the reason.",
            default=False,
            required=False,
        ),
    ),
)
