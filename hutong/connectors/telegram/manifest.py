"""What the Telegram connector says of itself. Each limit with the page of the platform that states it."""

from __future__ import annotations

from hutong.channels.contract import Capabilities, Field, Limits, Manifest, Rate

API_URL = "https://api.telegram.org"
TEXT_UNITS_MAX = 4096  # core.telegram.org/bots/api#sendmessage; counted in UTF-16 units to be safe
CAPTION_UNITS_MAX = 1024  # core.telegram.org/bots/api#sendphoto
PARTS_OF_TEXT_MAX = 8
PHOTO_BYTES_MAX = 10 * 1024 * 1024  # core.telegram.org/bots/api#sending-files
FILE_BYTES_MAX = 50 * 1024 * 1024

MANIFEST = Manifest(
    platform="telegram",
    channel="telegram",
    zh="Telegram",
    en="Telegram",
    about_zh="用一个机器人接入群组、频道和私聊：收消息、进退群和表情回应，发文字、图片和文件。",
    about_en="One bot in groups, channels and private chats: reads messages, joins, leaves and reactions, sends text, pictures and files.",
    ways=frozenset({"listen", "receive", "send"}),
    # Deletions are never told (sees_recall). Leaving, and reactions, are told of groups in which the bot is an administrator.
    capabilities=Capabilities(
        read="all",
        send="free",
        sends=frozenset({"text", "mention", "image", "file", "link", "quote"}),
        sees_leave=True,
        recall_other=True,
        mute=True,
        kick=True,
        ban=True,
    ),
    # core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    limits=Limits(
        per_account=(Rate(30, 1.0),),
        per_chat=(Rate(1, 1.0), Rate(20, 60.0, frozenset({"group"}))),
        text_length_max=TEXT_UNITS_MAX * (PARTS_OF_TEXT_MAX - 1),
        file_bytes_max=FILE_BYTES_MAX,
    ),
    fields=(
        Field(
            name="token",
            kind="secret",
            zh="机器人令牌",
            en="Bot token",
            help_zh="在 Telegram 里找 @BotFather，发送 /newbot，得到形如 123456789:AAE… 的令牌。",
            help_en="Ask @BotFather in Telegram with /newbot; it gives a token like 123456789:AAE….",
        ),
        Field(
            name="delivery",
            kind="choice",
            zh="接收方式",
            en="How updates come",
            help_zh="长轮询在哪里都能用。Webhook 要求本站有 https 公网地址（端口 443、80、88 或 8443）。",
            help_en="Long polling works anywhere. A webhook needs a public https address of this site (port 443, 80, 88 or 8443).",
            default="poll",
            choices=(("poll", "长轮询（推荐）", "Long polling (recommended)"), ("webhook", "Webhook", "Webhook")),
            required=False,
        ),
        Field(
            name="api_url",
            kind="url",
            zh="Bot API 地址",
            en="Address of the Bot API",
            help_zh="一般不用改。自建 Bot API 服务器或反向代理时填它的地址，不含 /bot。",
            help_en="Usually left as it is. For a Bot API server or reverse proxy of your own: its address, without /bot.",
            default=API_URL,
            required=False,
        ),
        Field(
            name="webhook_secret",
            kind="secret",
            zh="Webhook 密钥",
            en="Webhook secret",
            help_zh="留空会自动生成。Telegram 每次回调都带上它，没有它的请求会被拒绝。",
            help_en="Left empty, one is made. Telegram sends it with every callback; requests without it are refused.",
            required=False,
            length_max=256,
        ),
    ),
    risk_zh="群发广告或频繁私信会被用户举报，Telegram 可能限制或封禁机器人。只给先与机器人说过话的人发私信。",
    risk_en="Advertising in bulk and frequent private messages get reported, and Telegram may limit or ban the bot. Write only to people who wrote to it first.",
)
