"""What the OneBot connector says of itself. QQ states no limits; those here are what people who run such accounts advise."""

from __future__ import annotations

from hutong.channels.contract import Capabilities, Field, Limits, Manifest, Rate

TEXT_LENGTH_MAX = 4_000  # QQ's own window takes about 4,500 characters
FILE_BYTES_MAX = 20 * 1024 * 1024

MANIFEST = Manifest(
    platform="onebot",
    channel="qq",
    zh="QQ（OneBot 11）",
    en="QQ (OneBot 11)",
    about_zh="通过 NapCat 等 OneBot 11 程序接入 QQ 群和私聊：收消息、进退群、戳一戳和表情回应，发文字、图片和文件。",
    about_en="QQ groups and private talks through NapCat or another OneBot 11 program: reads messages, joins, leaves, pokes and reactions, sends text, pictures and files.",
    ways=frozenset({"listen", "receive", "send", "chats"}),
    # Friends alone can be written to first, and QQ does not say who is one: a talk has to exist (opens_dm).
    # What the account sends comes in where the program reports it, which is a switch of its own (sees_own).
    capabilities=Capabilities(
        read="all",
        send="free",
        sends=frozenset({"text", "mention", "image", "file", "quote"}),
        sees_leave=True,
        sees_recall=True,
        recall_other=True,
        mute=True,
        kick=True,
    ),
    limits=Limits(
        per_account=(Rate(1, 1.0), Rate(30, 60.0)),
        per_chat=(Rate(1, 2.0), Rate(10, 60.0)),
        text_length_max=TEXT_LENGTH_MAX,
        file_bytes_max=FILE_BYTES_MAX,
    ),
    ids_per_kind=True,
    fields=(
        Field(
            name="way",
            kind="choice",
            zh="连接方式",
            en="Way of connecting",
            help_zh="正向 WebSocket：本站连接 NapCat。反向 WebSocket：NapCat 连接本站，适合它在内网的情况。HTTP：双方互相请求。",
            help_en="Forward WebSocket: this site connects to the program. Reverse WebSocket: the program connects to this site, for programs behind a router. HTTP: each calls the other.",
            default="forward",
            choices=(
                ("forward", "正向 WebSocket（推荐）", "Forward WebSocket (recommended)"),
                ("reverse", "反向 WebSocket", "Reverse WebSocket"),
                ("http", "HTTP", "HTTP"),
            ),
            required=False,
        ),
        Field(
            name="url",
            kind="url",
            zh="OneBot 地址",
            en="Address of the program",
            help_zh="正向 WebSocket 形如 ws://192.168.1.5:3001，HTTP 形如 http://192.168.1.5:3000。反向 WebSocket 留空。",
            help_en="Like ws://192.168.1.5:3001 for a forward WebSocket, http://192.168.1.5:3000 for HTTP. Left empty for a reverse WebSocket.",
            required=False,
            length_max=2000,
        ),
        Field(
            name="self_id",
            zh="QQ 号",
            en="QQ number",
            help_zh="反向 WebSocket 必填：只接受这个号连过来。其他方式留空，会自动读出。",
            help_en="Needed for a reverse WebSocket: only this account may connect. Left empty otherwise; it is read.",
            required=False,
            length_max=20,
        ),
        Field(
            name="access_token",
            kind="secret",
            zh="访问令牌",
            en="Access token",
            help_zh="与 OneBot 程序里的 token 一致。留空则自动生成，连接时显示一次。",
            help_en="The same as the token set in the program. Left empty, one is made and shown once when you connect.",
            required=False,
            length_max=256,
        ),
        Field(
            name="secret",
            kind="secret",
            zh="上报签名密钥",
            en="Signing secret of callbacks",
            help_zh="只用于 HTTP：程序用它给上报签名（X-Signature）。没有签名的上报会被拒绝。留空则自动生成。",
            help_en="For HTTP alone: the program signs its callbacks with it (X-Signature). Unsigned ones are refused. Left empty, one is made.",
            required=False,
            length_max=256,
        ),
    ),
    risk_zh="QQ 不允许用第三方程序登录个人号。这样使用的号可能被限制或封禁，腾讯不会受理申诉。请用专门的小号，控制频率，不要群发广告。",
    risk_en="QQ does not allow third-party programs to sign in with a personal account. An account used like this may be limited or banned, and appeals are not heard. Use an account kept for this alone, send slowly, and do not advertise in bulk.",
)
