"""What the website chat says of itself."""

from __future__ import annotations

from hutong.channels.contract import Capabilities, Field, Limits, Manifest

TEXT_LENGTH_MAX = 4_000
FILE_BYTES_MAX = 5 * 1024 * 1024

MANIFEST = Manifest(
    platform="widget",
    channel="widget",
    zh="网站聊天",
    en="Website chat",
    about_zh="在你们自己的网站上放一个聊天按钮：访客随时来问，在收件箱里回复。",
    about_en="A chat button on your own website: visitors ask there, you answer from the inbox.",
    ways=frozenset({"receive", "send"}),
    capabilities=Capabilities(read="all", send="free", sends=frozenset({"text", "image", "file", "link"}), has_send_key=True),
    limits=Limits(text_length_max=TEXT_LENGTH_MAX, file_bytes_max=FILE_BYTES_MAX),
    fields=(
        Field(
            name="origins",
            zh="允许的网站",
            en="Websites allowed",
            help_zh="可以放这个按钮的网站，如 https://www.example.com，多个用空格隔开。其他网站上用不了。",
            help_en="Where the button may be, like https://www.example.com; several with spaces between. It does not work on others.",
            length_max=2_000,
        ),
        Field(
            name="title",
            zh="标题",
            en="Title",
            help_zh="留空是“在线咨询”，英文网页上是 Chat with us。",
            help_en="Left empty: Chat with us, on Chinese pages 在线咨询.",
            required=False,
            length_max=40,
        ),
        Field(
            name="greeting",
            zh="问候语",
            en="Greeting",
            help_zh="访客打开时看到的第一句话。留空用通用的，随网页语言。",
            help_en="What visitors read first. Left empty, a common one in the page's language.",
            required=False,
            length_max=200,
        ),
        Field(
            name="colour",
            zh="颜色",
            en="Colour",
            help_zh="按钮和标题栏的颜色，形如 #0f766e。要够深，让白字看得清。",
            help_en="Of the button and the title, like #0f766e. Dark enough for white text.",
            default="#0f766e",
            required=False,
            length_max=7,
        ),
        Field(
            name="language",
            kind="choice",
            zh="界面语言",
            en="Language",
            default="auto",
            required=False,
            choices=(("auto", "跟随网页", "As the page"), ("zh", "中文", "Chinese"), ("en", "英文", "English")),
        ),
        Field(
            name="answers_within",
            kind="choice",
            zh="多久回复",
            en="Answered within",
            help_zh="告诉访客大约多久会有人回复。",
            help_en="Tells visitors how soon somebody will answer.",
            default="hour",
            required=False,
            choices=(
                ("minutes", "几分钟内", "A few minutes"),
                ("hour", "一小时内", "An hour"),
                ("day", "一天内", "A day"),
                ("none", "不显示", "Not shown"),
            ),
        ),
        Field(
            name="asks_email",
            kind="boolean",
            zh="请访客留下邮箱",
            en="Ask visitors for an e-mail address",
            help_zh="访客发出消息后，可以留下邮箱，以便离开后联系。",
            help_en="After a message visitors may leave an address, to be answered when they are gone.",
            default=True,
            required=False,
        ),
        Field(
            name="secret",
            kind="secret",
            zh="登录签名密钥",
            en="Sign-in secret",
            help_zh="网站用它签发 HS256 的 JWT，告诉我们登录的是谁。留空则自动生成，连接时显示一次。",
            help_en="Your site signs a JWT (HS256) with it to say who is signed in. Left empty, one is made and shown once when you connect.",
            required=False,
            length_max=256,
        ),
    ),
)
