"""Mails as mailers and servers write them (`fixtures/`), read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hutong.connectors.email
from hutong.channels.contract import Chat, File, Image, Inbound, Person, Text
from hutong.connectors.email import heads, marks, reading
from hutong.foundation import clock
from tests.connectors.email.conftest import ACCOUNT

FIXTURES = Path(hutong.connectors.email.__file__).parent / "fixtures"
ARRIVED_MS = 1_795_834_930_000  # 2026-11-28T03:02:10Z
WRITTEN_MS = ARRIVED_MS - 7_000
OURS = f"{marks.made(ACCOUNT, 'k-1')}@shop.test"


def events(content: bytes | str, **values: Any) -> list[Inbound]:
    raw = (FIXTURES / f"{content}.eml").read_bytes() if isinstance(content, str) else content
    return reading.read(raw, **{"me": "hello@shop.test", "domain": "shop.test", "account_id": ACCOUNT, "arrived_at_ms": ARRIVED_MS} | values)


def one(content: bytes | str) -> Inbound:
    (found,) = events(content)
    return found


def written(head: str, body: bytes = b"hi") -> bytes:
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def test_an_answer_from_qq() -> None:
    found = one("qq")
    assert (found.type, found.occurred_at_ms, found.thread) == ("message.new", WRITTEN_MS, "start@shop.test")
    assert (found.chat, found.actor) == (Chat("xiaohong@qq.com", "dm", "小红"), Person("xiaohong@qq.com", "小红"))
    message = found.message
    assert message is not None
    assert (message.id, message.reply_to, message.subject) == ("tencent_0A1B2C3D@qq.com", OURS, "回复：秋日集市几点开始")
    assert (message.text, message.segments) == ("我想带孩子一起来，可以吗？", (Text("我想带孩子一起来，可以吗？"),))
    assert not message.is_automatic
    assert "上午十点开始。" in found.raw["text"]
    assert found.raw["headers"]["in-reply-to"] == f"<{OURS}>"


def test_letters_split_between_words_raw_headers_and_attachments_from_163() -> None:
    found = one("163")
    message = found.message
    assert message is not None
    assert found.actor == Person("ming@163.com", "王小明的店")
    assert (message.subject, message.text) == ("报名：第二次，镕字", "报名表在附件里，请查收。")
    assert found.thread == message.id == "5b1f.1.18c0.Coremail.ming@163.com"
    assert message.segments == (
        Text("报名表在附件里，请查收。"),
        Image(name="图.png", content_type="image/png", size_bytes=8),
        File(name="报名表（第二版）.xls", content_type="application/octet-stream", size_bytes=300),
    )


@pytest.mark.parametrize(
    ("name", "person", "subject", "text"),
    [
        ("japan", Person("tanaka@example.jp", "田中"), "日本からこんにちは", "明日行きます。"),
        ("taiwan", Person("chen@example.tw", "陳小姐"), "請問營業時間", "請問週末有開嗎？\n\n謝謝"),
        ("gmail", Person("ann@gmail.com", "Ann Lee"), "Re: Opening hours", "Great, I will come on Sunday with two friends.\n\nAnn"),
    ],
)
def test_other_mailers(name: str, person: Person, subject: str, text: str) -> None:
    found = one(name)
    assert found.message is not None
    assert (found.actor, found.message.subject, found.message.text, found.message.is_automatic) == (person, subject, text, False)


def test_nothing_answers_what_a_machine_wrote() -> None:
    found = one("absent")
    assert found.message is not None
    assert (found.message.is_automatic, found.actor, found.message.reply_to) == (True, Person("ann@corp.test", "Ann Lee"), OURS)
    plain = "From: a@b.test\nMessage-ID: <x@b.test>\nSubject: {}\n{}"
    for head in (
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "Precedence: list",
        "X-Autoreply: yes",
        "List-Id: <x.b.test>",
        "Return-Path: <>",
    ):
        said = one(written(plain.format("x", head))).message
        assert said is not None
        assert said.is_automatic, head
    for subject in ("Out of office: x", "Automatic reply: x", "自动回复：x", "外出自动答复", "Auto-Reply: x"):
        said = one(written(plain.format(subject, "X-A: 1"))).message
        assert said is not None
        assert said.is_automatic, subject
    for head, subject in (("Auto-Submitted: no", "x"), ("Return-Path: <a@b.test>", "Office supplies"), ("X-A: 1", "如何设置自动回复")):
        said = one(written(plain.format(subject, head))).message
        assert said is not None
        assert not said.is_automatic, (head, subject)
    machine = one(written("From: No Reply <noreply@b.test>\nSubject: x")).actor
    assert machine is not None
    assert machine.is_bot


def test_our_own_mails_never_come_back() -> None:
    assert events(written("From: hello@shop.test\nSubject: x")) == []
    assert events(written(f"From: list@b.test\nMessage-ID: <{OURS}>\nSubject: x")) == []
    assert len(events(written("From: list@b.test\nMessage-ID: <h.aaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaa@shop.test>\nSubject: x"))) == 1
    assert events(b"\r\n\r\nno sender at all") == []


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("bounced", "delivery.bounced", "550 5.1.1 <ming@friends.test>: Recipient address rejected: User unknown"),
        ("gave_up", "delivery.failed", "4.4.1 connect to mx.friends.test[192.0.2.1]:25: Connection timed out"),
        ("full", "delivery.failed", "552 5.2.2 The email account is over quota"),
        ("delivered", "delivery.sent", ""),
        ("qmail", "delivery.bounced", "5.0.0 Remote host said: 550 sorry, no mailbox here by that name"),
        ("old_postfix", "delivery.bounced", "<ming@friends.test>: host mx.friends.test[192.0.2.1] said: 550 5.1.1"),
        ("qq_returned", "delivery.bounced", "5.0.0 host mx3.qq.com said: 550 Mailbox unavailable or access denied"),
    ],
)
def test_bounces(name: str, kind: str, reason: str) -> None:
    found = one(name)
    assert (found.type, found.target_id, found.reason, found.chat, found.occurred_at_ms) == (kind, OURS, reason, None, ARRIVED_MS)
    assert found.dedupe_key == one(name).dedupe_key


def test_what_says_nothing_final_or_is_not_of_ours_says_nothing() -> None:
    assert events("delayed") == []
    assert events("not_ours") == []
    assert events("bounced", account_id="another account") == []
    delayed = (FIXTURES / "qmail.eml").read_bytes().replace(b"failure notice", b"Delivery delayed")
    assert events(delayed) == []


def test_a_bounce_without_our_id_is_known_by_the_address_it_came_to() -> None:
    mark = marks.made(ACCOUNT, "k-1")
    stripped = (FIXTURES / "qmail.eml").read_bytes().replace(f"Message-ID: <{OURS}>".encode(), b"X: y")
    assert events(stripped) == []
    found = one(stripped.replace(b"To: hello@shop.test", f"To: hello+{mark}@shop.test".encode(), 1))
    assert (found.type, found.target_id) == ("delivery.bounced", OURS)


def test_a_person_who_quotes_a_bounce_is_a_person() -> None:
    found = one(written("From: ann@corp.test\nSubject: Undelivered Mail Returned to Sender", f"Is this yours? <{OURS}> 550 5.1.1".encode()))
    assert found.type == "message.new"


def test_a_complaint_unsubscribes_whom_the_mail_was_for() -> None:
    found = one("complaint")
    assert (found.type, found.actor, found.reason, found.chat) == ("unsubscribed", Person("ming@friends.test"), "complaint", None)
    raw = (FIXTURES / "complaint.eml").read_bytes()
    assert events(raw.replace(OURS.encode(), b"made-up@shop.test")) == []
    assert events(raw.replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam")) == []


def test_the_same_mail_is_one_and_two_with_one_id_are_two() -> None:
    head = "From: a@b.test\nMessage-ID: <same@b.test>\nSubject: {}\nDate: Sat, 28 Nov 2026 03:02:03 +0000"
    first, second = written(head.format("一")), written(head.format("二"))
    assert one(first).dedupe_key == one(b"Received: by another way\r\n" + first).dedupe_key
    assert one(first).dedupe_key != one(second).dedupe_key
    assert one(written("From: a@b.test\nSubject: x")).message.id.startswith("mail.")  # type: ignore[union-attr]
    long = one(written(f"From: a@b.test\nMessage-ID: <{'x' * 300}@b.test>\nSubject: x"))
    assert long.message is not None
    assert long.message.id == f"mail.{long.dedupe_key[5:]}"


def test_times_that_cannot_be_are_the_arrival() -> None:
    head = "From: a@b.test\nMessage-ID: <x@b.test>\nDate: {}"
    for date, at in (
        ("Sat, 28 Nov 2026 03:00:00 +0000", ARRIVED_MS - 130_000),
        ("Sat, 28 Nov 2026 11:00:00 +0800", ARRIVED_MS - 130_000),
        ("Sat, 28 Nov 2027 03:00:00 +0000", ARRIVED_MS),
        ("Thu, 1 Jan 1970 00:00:00 +0000", ARRIVED_MS),
        ("soon", ARRIVED_MS),
        ("", ARRIVED_MS),
        ("Sat, 99 Nov 99999 03:00:00 +0000", ARRIVED_MS),
    ):
        assert one(written(head.format(date))).occurred_at_ms == at, date


def test_a_mail_passed_on_keeps_what_it_passes_on() -> None:
    body = "看看这个\n\n---------- Forwarded message ---------\n发件人: 甲 <a@b.test>\nDate: x\n\n好消息".encode()
    head = "From: a@b.test\nMessage-ID: <x@b.test>\nSubject: {}\nContent-Type: text/plain; charset=utf-8"
    assert one(written(head.format("Fwd: x"), body)).message.text.endswith("好消息")  # type: ignore[union-attr]
    assert one(written(head.format("Re: x"), body)).message.text == "看看这个"  # type: ignore[union-attr]


def test_only_a_subject_is_what_is_said() -> None:
    assert one(written("From: a@b.test\nSubject: 退订", b"\r\n")).message.text == "退订"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("镕𠮷".encode("gb18030"), "gb2312", "镕𠮷"),
        ("你好".encode("gbk"), "x-unheard-of", "你好"),
        ("你好".encode(), "us-ascii", "你好"),
        ("你好".encode(), "base64", "你好"),
        ("你好".encode("gbk"), "utf-8", "你好"),
        (b"caf\xe9 \x93x\x94", "iso-8859-1", "café “x”"),
        ("かな".encode("cp932"), "Shift_JIS", "かな"),
        (b"\xff\xfe\xff", "utf-8", "\ufffd\ufffd\ufffd"),
        (b"", "utf-8", ""),
    ],
)
def test_charsets(content: bytes, charset: str, text: str) -> None:
    assert heads.decoded(content, charset) == text


def test_broken_words_are_shown_as_they_are() -> None:
    assert heads.unworded("=?utf-8?B?5L2g5aW9?= x =?utf-8?q?a_=E5=A5=BD?=") == "你好 x a 好"
    assert heads.unworded("=?utf-8?B?5L2g5aW9?=\r\n =?utf-8?B?5aW9?=") == "你好好"
    assert heads.unworded("=?utf-8?B?5L2g5aW9") == "=?utf-8?B?5L2g5aW9"
    assert heads.unworded("=?none?x?y?=") == "=?none?x?y?="


@given(st.binary(max_size=2_000))
@settings(max_examples=300, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    head = b"From: a@b.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
    for raw in (
        content,
        head + content,
        head + b"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + content,
        b"From: a@b.test\r\nSubject: " + content,
    ):
        for found in events(raw):
            assert found.occurred_at_ms > 0
            assert 0 < len(found.dedupe_key) <= 200


@given(
    st.lists(
        st.sampled_from(
            [
                b"<div>",
                b"</div>",
                b"<p",
                b"<blockquote>",
                b"</blockquote>",
                b"<style>",
                b"&#x1F600;",
                b"&#99999999;",
                b"<![",
                b"<!--",
                "字".encode(),
                b">",
                b"\0",
            ]
        )
    )
)
@settings(max_examples=200, deadline=None)
def test_no_html_breaks_the_reader(parts: list[bytes]) -> None:
    events(b"From: a@b.test\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + b"".join(parts))


def test_many_parts_are_read_to_a_limit_and_in_no_time() -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(200))
    began = clock.monotonic_seconds()
    events(b"From: a@b.test\r\n" + nested + b"Content-Type: text/plain\r\n\r\nx")
    events(b"From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 5_000)
    events(b"From: a@b.test\r\nContent-Type: text/html\r\n\r\n" + b"<blockquote>" * 20_000)
    events(b"From: a@b.test\r\nSubject: " + b"=?utf-8?B?" * 5_000 + b"\r\n\r\n" + b"- " * 100_000 + b"\n" + b"On " * 100_000)
    assert clock.monotonic_seconds() - began < 5
