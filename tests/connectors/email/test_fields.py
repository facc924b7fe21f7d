"""Nothing that people type can end a line of the header, and what was typed is what is read."""

from __future__ import annotations

import email
import email.policy
import unicodedata
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.channels.contract import Chat, File, Image, LinkCard, Outgoing, Quote, Text
from hutong.connectors.email import fields, heads, writing
from hutong.connectors.email.servers import mailbox
from tests.connectors.email.conftest import ACCOUNT, SETTINGS
from tests.connectors.email.peer import said

NAMES = {"from", "to", "subject", "date", "message-id", "in-reply-to", "references", "precedence", "x-auto-response-suppress",
         "list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type"}  # fmt: skip
wild = st.text(max_size=120) | st.lists(
    st.sampled_from(
        ["\r\n", "\n", "\r", "Bcc: x@y.test", "\u2028", "\x85", "\0", "=?utf-8?b?", '"', "<", ">", ",", "\\", "字", " ", ".", "\ud800", "👩‍👧"]
    ),
    max_size=20,
).map("".join)


def raw(outgoing: Outgoing, name: str) -> bytes:
    box = mailbox({**SETTINGS, "smtp_port": 25, "sender_name": name})
    letter, _ = writing.letter(outgoing, box, account_id=ACCOUNT, read=lambda _: b"x", signer=None)
    return letter.mail


def mail(content: bytes) -> EmailMessage:
    head = content.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert content.isascii()
    names = [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert set(names) <= NAMES
    assert len(names) == len(set(names))
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


@given(subject=wild, name=wild, text=wild, ids=wild, url=wild, file=wild)
@settings(max_examples=150, deadline=None)
def test_nothing_typed_ends_a_line(subject: str, name: str, text: str, ids: str, url: str, file: str) -> None:
    segments = (
        Quote(ids),
        Text(text),
        LinkCard(url, title=subject, description=text),
        File(file="f", name=file, content_type=ids),
        Image(file="f", name=file, content_type="image/png", description=text),
    )
    outgoing = Outgoing(
        key="k", chat=Chat("a@b.test", "dm", name), segments=segments, thread=ids, subject=subject, marketing=True, unsubscribe_url=url
    )
    found = mail(raw(outgoing, name))
    assert [one.addr_spec for one in found["From"].addresses] == ["hello@shop.test"]
    assert [one.addr_spec for one in found["To"].addresses] == ["a@b.test"]
    assert sum(bool(part.get_filename()) for part in found.walk()) == 2


@given(subject=st.text(min_size=1, max_size=200), name=st.text(min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_what_is_typed_is_what_is_read(subject: str, name: str) -> None:
    content = raw(Outgoing(key="k", chat=Chat("a@b.test", "dm"), segments=(Text("x"),), subject=subject), name)
    asked, called = fields.one_line(subject, length_max=200), fields.one_line(name, length_max=100)
    plain = email.message_from_bytes(content, policy=email.policy.compat32)
    assert heads.said(plain, "subject") == (asked or "x")
    ((shown, address),) = heads.addresses(plain, "from")
    assert address == "hello@shop.test"
    assert shown == called.strip("\"' ") or not called or called == address


@given(text=wild)
@settings(max_examples=100, deadline=None)
def test_one_line_is_one_that_can_be_shown(text: str) -> None:
    clean = fields.one_line(text, length_max=50)
    assert len(clean) <= 50
    assert not {unicodedata.category(one) for one in clean} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean == fields.one_line(clean, length_max=50)


@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=500))
@settings(max_examples=100, deadline=None)
def test_texts_arrive_as_they_were_written(text: str) -> None:
    found = mail(raw(Outgoing(key="k", chat=Chat("a@b.test", "dm"), segments=(Text(text),)), "x"))
    lines = "\n".join(text.split("\n"))
    assert said(found).rstrip("\n") == lines.rstrip("\n")
