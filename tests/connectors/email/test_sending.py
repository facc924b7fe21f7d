"""What goes out, as the server at the other end takes it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Any

import dkim
import pytest

from hutong.channels.contract import Chat, File, Image, LinkCard, Outgoing, Quote, Refused, Segment, Text
from hutong.connectors.email import dkim as ours
from hutong.connectors.email import marks
from hutong.connectors.email.dkim import Signer
from tests.connectors.contract import MARKUP
from tests.connectors.email.conftest import ACCOUNT, mailer
from tests.connectors.email.far import Far, listening
from tests.connectors.email.peer import KEY, EmailPeer, said

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the stand-in speaks without TLS
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
KEPT = {"cat": PNG, "doc": b"%PDF-1.7 \r\n.\r\n"}
SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="  # RFC 8463, appendix A.2


def out(*segments: Segment, key: str = "k-1", to: str = "Ming@Friends.test", **values: Any) -> Outgoing:
    return Outgoing(key=key, chat=Chat(to, kind="dm"), segments=segments, **values)


def sent(far: Far, *segments: Segment, settings: dict[str, Any] | None = None, **values: Any) -> EmailMessage:
    mailer(far.port, read=KEPT.__getitem__, **(settings or {})).send(out(*segments, **values))
    return far.mails[-1]


def test_a_text_is_plain_and_html_side_by_side(far: Far) -> None:
    outcome = mailer(far.port).send(out(Text(f"第一行 https://hutong.test/a?b=1&c=2。\n.点开头\n{MARKUP}"), subject="开业啦"))
    (mail,) = far.mails
    (envelope,) = far.taken
    mark = marks.made(ACCOUNT, "k-1")
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@shop.test", ["Ming@friends.test"])
    assert outcome.message_ids == (f"{mark}@shop.test",)
    assert (outcome.state, mail["Message-ID"]) == ("sent", f"<{mark}@shop.test>")
    assert (mail["From"], mail["To"], mail["Subject"]) == ("胡同杂货铺 <hello@shop.test>", "Ming@friends.test", "开业啦")
    assert mail["From"].addresses[0].display_name == "胡同杂货铺"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert said(mail) == f"第一行 https://hutong.test/a?b=1&c=2。\n.点开头\n{MARKUP}"
    html = mail.get_body(("html",)).get_content()
    assert '<a href="https://hutong.test/a?b=1&amp;c=2">https://hutong.test/a?b=1&amp;c=2</a>。<br>' in html
    assert "&lt;b&gt;粗体&lt;/b&gt; *星号*" in html
    assert "List-Unsubscribe" not in mail
    assert "Precedence" not in mail


def test_lines_that_begin_with_a_dot_keep_it(far: Far) -> None:
    text = ".\n..\n.dot\nx\n."
    assert said(sent(far, Text(text))) == text
    assert sent(far, File(file="doc", name=".", content_type="application/pdf"), key="k-2").get_payload()[1].get_content() == KEPT["doc"]


def test_without_a_subject_the_first_line_is_it(far: Far) -> None:
    assert sent(far, Text("\n  明天见 \n老地方"))["Subject"] == "明天见"
    assert sent(far, Image(file="cat", content_type="image/png"), key="k-2")["Subject"] == "（无主题）"
    assert sent(far, LinkCard("https://hutong.test", title="秋日集市"), key="k-3")["Subject"] == "秋日集市"


def test_pictures_are_within_and_files_attached(far: Far) -> None:
    picture = Image(file="cat", name="猫/..\\.png", content_type="image/png", description='一只"猫"')
    file = File(file="doc", name="价目 表.pdf", content_type="application/pdf")
    mail = sent(far, Text("看图"), picture, file, File(file="doc", name="x.html", content_type="text/html"))
    kinds = "multipart/mixed multipart/alternative text/plain multipart/related text/html image/png application/pdf application/octet-stream"
    assert [part.get_content_type() for part in mail.walk()] == kinds.split()
    shown, pdf, page = (part for part in mail.walk() if part.get_content_maintype() in ("image", "application"))
    assert (shown.get_content(), pdf.get_content(), page.get_content()) == (PNG, KEPT["doc"], KEPT["doc"])
    assert (shown.get_filename(), pdf.get_filename(), page.get_filename()) == ("猫_.._.png", "价目 表.pdf", "x.html")
    html = mail.get_body(("html",)).get_content()
    assert f'src="cid:{shown["Content-ID"][1:-1]}" alt="一只&quot;猫&quot;"' in html
    assert "cid:" not in said(mail)


def test_an_answer_names_what_it_answers(far: Far) -> None:
    mail = sent(far, Quote("b@friends.test"), Text("好"), thread="a@friends.test", subject="Re: 问一下")
    assert (mail["In-Reply-To"], mail["References"].split()) == ("<b@friends.test>", ["<a@friends.test>", "<b@friends.test>"])
    alone = sent(far, Text("好"), key="k-2", thread="a@friends.test")
    assert (alone["In-Reply-To"], alone["References"]) == ("<a@friends.test>", "<a@friends.test>")
    odd = sent(far, Quote("mail.0123"), Text("好"), key="k-3")
    assert "In-Reply-To" not in odd
    assert "References" not in odd


def test_marketing_can_be_ended_by_one_click(far: Far) -> None:
    mail = sent(far, Text("促销"), marketing=True, unsubscribe_url="https://hutong.test/u/abc?x=1", settings={"dkim": True})
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == ("<https://hutong.test/u/abc?x=1>", "List-Unsubscribe=One-Click")
    assert mail["Precedence"] == "bulk"
    assert said(mail).endswith("退订 Unsubscribe: https://hutong.test/u/abc?x=1")
    assert 'href="https://hutong.test/u/abc?x=1"' in mail.get_body(("html",)).get_content()
    names = str(mail["DKIM-Signature"]).replace(" ", "").partition("h=")[2].partition(";")[0].split(":")
    assert {"from", "list-unsubscribe", "list-unsubscribe-post"} <= set(names)
    plain = sent(far, Text("促销"), key="k-2", marketing=True, unsubscribe_url="http://hutong.test/u")
    assert "List-Unsubscribe-Post" not in plain  # RFC 8058 wants https
    for url in ("javascript:alert(1)", "https://x.test/>\r\nBcc: y@z.test", "https://x.test/" + "a" * 900):
        assert "List-Unsubscribe" not in sent(far, Text("x"), key=url[:150], marketing=True, unsubscribe_url=url)


def test_the_same_key_is_the_same_mail_and_another_is_another(far: Far) -> None:
    one = mailer(far.port)
    ids = [one.send(out(Text("x"), key=key)).message_ids for key in ("k-1", "k-1", "k-2")]
    assert ids[0] == ids[1] != ids[2]
    assert marks.is_ours(ACCOUNT, ids[0][0])
    assert not marks.is_ours("another account", ids[0][0])
    assert not marks.is_ours(ACCOUNT, ids[0][0].replace(".", ".a", 1))


def test_bounces_can_be_told_by_their_address(far: Far) -> None:
    sent(far, Text("x"), settings={"bounce_tag": True})
    tagged = far.taken[0].mail_from
    mark = marks.made(ACCOUNT, "k-1")
    assert tagged == f"hello+{mark}@shop.test"
    assert marks.in_address(ACCOUNT, str(tagged).upper(), "shop.test") == f"{mark}@shop.test"
    assert far.mails[0]["From"].addresses[0].addr_spec == "hello@shop.test"


@pytest.mark.parametrize("key", [KEY, SEED], ids=["rsa", "ed25519"])
def test_signatures_hold_for_others(far: Far, key: str) -> None:
    sent(far, Text(f"  两个  空格 \n\n.\n{MARKUP}\n\n\n"), Image(file="cat", content_type="image/png"), settings={"dkim": True, "dkim_key": key})
    (envelope,) = far.taken
    name, value = Signer(ours.key_of(key), "shop.test", "hutong").record()

    def published(asked: bytes, timeout: int = 5) -> bytes:
        return value.encode() if asked.rstrip(b".") == name.encode() else b""

    content = envelope.content or b""
    assert dkim.verify(content, dnsfunc=published)
    for changed in (
        content.replace(b"Subject: ", b"Subject: !"),
        content.replace(b"To: ", b"Reply-To: x@y.test\r\nTo: z@y.test\r\nTo: "),
        content[:-20] + b"x\r\n",
    ):
        assert not dkim.verify(changed, dnsfunc=published)


def test_an_address_beyond_ascii_goes_only_where_the_server_can(settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    with listening(auth_require_tls=False, enable_SMTPUTF8=False) as far:
        with pytest.raises(Refused) as refused:
            mailer(far.port).send(out(Text("x"), to="小明@例子.test"))
        assert "SMTPUTF8" in refused.value.en
        assert far.taken == []
        mailer(far.port).send(out(Text("x"), to="ming@例子.test"))  # a domain alone can be said in ASCII
        assert far.taken[0].rcpt_tos == ["ming@xn--fsqu00a.test"]
    with listening(auth_require_tls=False, enable_SMTPUTF8=True) as far:
        mailer(far.port).send(out(Text("x"), to="小明@例子.test"))
        assert far.taken[0].rcpt_tos == ["小明@xn--fsqu00a.test"]
        assert far.mails[0]["To"] == "小明@xn--fsqu00a.test"


@pytest.mark.parametrize(
    "to",
    ["", "ming", "a@b@c", "a b@c.test", "a@c.test\r\nRCPT TO:<x@y.test>", "<a@c.test>", "a@-c.test", ".a@c.test", "a@c.test>", "a" * 65 + "@c.test"],
)
def test_what_is_no_address_is_refused(far: Far, to: str) -> None:
    with pytest.raises(Refused) as refused:
        mailer(far.port).send(out(Text("x"), to=to))
    assert refused.value.reason == "chat_gone"
    assert far.sessions == []


def test_a_mail_larger_than_the_server_takes_is_not_begun(settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    with listening(auth_require_tls=False, data_size_limit=2_000) as far:
        with pytest.raises(Refused) as refused:
            mailer(far.port, read=lambda _: bytes(9_000)).send(out(File(file="big", name="big.bin")))
        assert refused.value.reason == "too_large"
        assert far.sessions == []


def test_a_key_is_read_however_it_is_pasted() -> None:
    pem = f"-----BEGIN PRIVATE KEY----- {KEY} -----END PRIVATE KEY-----"
    records = {Signer(ours.key_of(one), "a.test", "s").record() for one in (KEY, pem, f" {KEY[:64]} {KEY[64:]} ")}
    assert len(records) == 1
    assert Signer(ours.key_of(SEED), "a.test", "s").record()[1] == "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    for wrong in ("", "swordfish", KEY[:100], "QUJD"):
        with pytest.raises(ValueError):
            ours.key_of(wrong)


def test_over_postfix_a_mail_arrives_once_with_a_signature_that_holds(peer: EmailPeer) -> None:
    from hutong.connectors.email.connector import EmailConnector
    from tests.connectors.contract import made

    one = made(EmailConnector, peer)
    for number in range(3):
        one.send(Outgoing(key=f"k-{number}", chat=peer.chat, segments=(Text(f"第 {number} 封，签名经过真实的服务器仍然有效"),)))
    one.link.http.close()
    assert peer.arrived() == [f"第 {number} 封，签名经过真实的服务器仍然有效" for number in range(3)]
    _, value = Signer(ours.key_of(KEY), "hutong.test", "hutong").record()
    for path in peer.server.mails(peer.alice):
        raw = path.read_bytes()
        assert b"mx.hutong.test" in raw
        assert dkim.verify(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), dnsfunc=lambda asked, timeout=5: value.encode())
        assert email.message_from_bytes(raw, policy=email.policy.default)["From"] == f"胡同小助手 <{peer.bot}>"
