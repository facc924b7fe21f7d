"""What the webhook connector says of itself. It has no limits of its own: the receiver answers 429 with Retry-After."""

from __future__ import annotations

from hutong.channels.contract import Capabilities, Field, Limits, Manifest

MANIFEST = Manifest(
    platform="webhook",
    channel="webhook",
    zh="签名 Webhook",
    en="Signed webhook",
    about_zh="用你们自己的程序收发消息：双方以 Standard Webhooks 规范签名。",
    about_en="Send and receive with a program of your own; both sides sign by Standard Webhooks.",
    ways=frozenset({"receive", "send"}),
    capabilities=Capabilities(
        read="all",
        send="free",
        sends=frozenset({"text", "mention", "image", "file", "link", "quote", "data"}),
        has_send_key=True,
        opens_dm=True,
        sees_leave=True,
        sees_recall=True,
    ),
    limits=Limits(file_bytes_max=5 * 1024 * 1024),
    fields=(
        Field(
            name="url",
            kind="url",
            zh="接收地址",
            en="Receiving address",
            help_zh="要发出的消息会 POST 到这里。留空则只接收。",
            help_en="Messages that go out are posted here. Left empty, the account only receives.",
            required=False,
            length_max=2000,
        ),
        Field(
            name="secret",
            kind="secret",
            zh="签名密钥",
            en="Signing secret",
            help_zh="以 whsec_ 开头，双方共用。留空则自动生成，连接时显示一次。",
            help_en="Begins with whsec_; both sides use it. Left empty, one is made and shown once when you connect.",
        ),
        Field(
            name="previous_secret",
            kind="secret",
            zh="上一个签名密钥",
            en="Previous signing secret",
            help_zh="更换密钥期间填写：两个密钥都有效。换完后清空。",
            help_en="While a secret is being changed, both are good. Clear it afterwards.",
            required=False,
        ),
    ),
)
