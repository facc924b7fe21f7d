"""The email connector: one mailbox."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator

from hutong.channels.contract import Batch, Connector, Link, NeedsReconnect, Outcome, Outgoing, Refused, Settings, Tested
from hutong.connectors.email import dkim, writing
from hutong.connectors.email.imap import Inbox
from hutong.connectors.email.listening import Listening
from hutong.connectors.email.manifest import HOURLY_MAX, MANIFEST
from hutong.connectors.email.servers import Mailbox, dns_name, mailbox, said
from hutong.connectors.email.smtp import Post

Note = tuple[str, str]


class EmailConnector(Connector):
    """One mailbox."""

    manifest = MANIFEST

    def __init__(self, link: Link) -> None:
        """Keep the settings. Reaches nothing yet."""
        super().__init__(link)
        self._post: Post | None = None
        self._guard = threading.Lock()

    @classmethod
    def prepare(cls, settings: Settings) -> Settings:
        """With a key to sign by, made where none was given, so that its DNS record is known before anything is kept."""
        return settings if settings.get("dkim_key") else {**settings, "dkim_key": dkim.made_key()}

    def test(self) -> Tested:
        """Log in to both servers, ask whether this sender may write, and say what belongs into DNS."""
        box = mailbox(self.link.settings)
        hourly = self.link.settings.get("hourly")
        if isinstance(hourly, bool) or not isinstance(hourly, int) or not 0 < hourly <= HOURLY_MAX:
            raise Refused(
                "other",
                f"“每小时最多发送”须在 1 到 {HOURLY_MAX:,} 之间。请改正。",
                f"“Messages an hour at most” is 1 to {HOURLY_MAX:,}. Correct it.",
            )
        signer = self._signer(box)
        Post(self.link.http, box).try_out()
        notes = _about_address(box)
        if box.imap is None:
            notes.append(
                (
                    "没有填 IMAP 服务器：这个账号只发不收，也看不到退信。",
                    "There is no IMAP server: the account only sends, and sees neither answers nor bounces.",
                )
            )
        else:
            with Inbox(self.link.http, box, box.imap) as inbox:
                if not inbox.can_idle:
                    notes.append(
                        (
                            "收信服务器不会主动通知新邮件，改为每 20 秒查看一次。",
                            "The server does not tell of new mail by itself; it is asked every 20 s.",
                        )
                    )
        if signer is not None:
            notes += _records(signer, box)
        return Tested(self_id=box.address, name=box.name or box.address, notes=tuple(notes))

    def listen(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
        """The mailbox's inbox, from `cursor` on: UIDVALIDITY, the last UID, and when it came."""
        return Listening(self.link.http, mailbox(self.link.settings), account_id=self.link.account_id, stopping=stopping).batches(cursor)

    def send(self, outgoing: Outgoing) -> Outcome:
        """One mail to one person."""
        box = mailbox(self.link.settings)
        letter, message_id = writing.letter(outgoing, box, account_id=self.link.account_id, read=self.link.read, signer=self._signer(box))
        self._office(box).hand_over(letter)
        return Outcome("sent", (message_id,))

    def _office(self, box: Mailbox) -> Post:
        with self._guard:
            if self._post is None:
                self._post = Post(self.link.http, box)
                self.link.http.keeps(self._post.close)
            return self._post

    def _signer(self, box: Mailbox) -> dkim.Signer | None:
        if self.link.settings.get("dkim") is not True:
            return None
        selector = said(self.link.settings, "dkim_selector").lower()
        if not dkim.SELECTOR.fullmatch(selector):
            raise NeedsReconnect(
                "DKIM 选择器只能用小写字母、数字和连字符。请改正。", "A DKIM selector is lower-case letters, digits and hyphens. Correct it."
            )
        try:
            key = dkim.key_of(str(self.link.settings.get("dkim_key", "")))
        except ValueError as error:
            raise NeedsReconnect(
                "DKIM 私钥无法读取：须是 RSA（1024 位以上）或 ed25519，不带密码。请重新粘贴，或清空后重新连接来生成。",
                "The DKIM key cannot be read: it has to be RSA of 1,024 bits or more, or ed25519, without a password. Paste it again, or clear it to have one made.",
            ) from error
        return dkim.Signer(key, box.domain, selector)


def _about_address(box: Mailbox) -> list[Note]:
    login = box.username.rpartition("@")[2]
    if "@" in box.username and dns_name(login) != box.domain:
        return [
            (
                f"发件域名 {box.domain} 与登录名的域名 {login} 不同：收件方可能当作垃圾邮件，除非 SPF 和 DKIM 都为 {box.domain} 设好。",
                f"The sender's domain {box.domain} is not the login's, {login}: recipients may take it for spam unless SPF and DKIM are set up for {box.domain}.",
            )
        ]
    return []


def _records(signer: dkim.Signer, box: Mailbox) -> list[Note]:
    """What belongs into DNS, each record with its name and its value on a line of their own, to be copied."""
    name, value = signer.record()
    sender = _sender(box.smtp.host)
    dmarc = f"_dmarc.{box.domain}\nv=DMARC1; p=none; rua=mailto:{box.address}"
    return [
        (f"在 DNS 添加 TXT 记录（DKIM）：\n{name}\n{value}", f"Add this TXT record to DNS (DKIM):\n{name}\n{value}"),
        (
            f"SPF：域名的 TXT 记录须包含发信服务器；已有的把 {sender} 加进去，没有的添加：\n{box.domain}\nv=spf1 {sender} ~all",
            f"SPF: the domain's TXT record has to name the sending server; add {sender} to the one there is, or add:\n{box.domain}\nv=spf1 {sender} ~all",
        ),
        (f"DMARC：没有的话添加：\n{dmarc}", f"DMARC: add this where there is none:\n{dmarc}"),
    ]


def _sender(host: str) -> str:
    """A server as SPF names it (RFC 7208, 5)."""
    try:
        return f"ip{ipaddress.ip_address(host).version}:{host}"
    except ValueError:
        return f"a:{host}"
