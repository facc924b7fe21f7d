"""Tables and lists: columns suggested from names and values in two languages, a chosen mapping, its mistakes, times of every writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hutong.imports.formats import detect
from hutong.imports.formats.columns import suggest
from hutong.imports.formats.moments import Impossible, Zone, parse_moment
from hutong.imports.names import date_in_name, name_without_date
from hutong.imports.records import FileError, Record, Reject
from tests.imports.formats.reading import read, shown, utc


@pytest.mark.parametrize(
    ("columns", "row", "mapping"),
    [
        (["channel", "time", "sender", "kind", "text"], ["#a", "2013-01-01T00:07:00Z", "kk", "message", "hi"], {"time": "time", "sender": "sender", "text": "text", "kind": "kind", "group": "channel"}),
        (["发送时间", "昵称", "消息内容", "群聊"], ["2023-01-02 12:33:44", "阿明", "大家好", "早餐"], {"time": "发送时间", "sender": "昵称", "text": "消息内容", "group": "群聊"}),
        (["Message ID", "User Name", "User ID", "Created At", "Body", "Thread TS"], ["m1", "ming", "u1", "1672634024", "hi", "t"], {"message_id": "Message ID", "sender": "User Name", "sender_id": "User ID", "time": "Created At", "text": "Body", "reply_to": "Thread TS"}),
        (["a", "b", "c"], ["1672634024", "ming", "a longer text than the name"], {"time": "a", "sender": "b", "text": "c"}),
        (["time", "amount"], ["not a time", "3"], {}),
    ],
)  # fmt: skip
def test_suggestions(columns: list[str], row: list[str], mapping: dict[str, str]) -> None:
    assert suggest(columns, [row, [*row[:-1], row[-1] + " more"]]) == mapping


def test_a_table_without_header(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("2023-01-02 12:00:00,ming,hello there\n2023-01-02 12:00:01,hong,hello to you\n2023-01-02 12:00:02,ming,and again\n")
    assert [(item.line, item.sender_name, item.text) for item in read(path) if isinstance(item, Record)] == [
        (1, "ming", "hello there"),
        (2, "hong", "hello to you"),
        (3, "ming", "and again"),
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("time,sender,text\n1672634024,ming,hi\n1672634025,hong,ho\n".replace(",", delimiter))
    assert [item.sender_name for item in read(path) if isinstance(item, Record)] == ["ming", "hong"]


@pytest.mark.parametrize(
    ("mapping", "code", "params"),
    [
        ({"time": "when", "sender": "who"}, "column_unknown", {"column": "when", "field": "time", "columns": "time, sender, text"}),
        ({"time": "time"}, "mapping_incomplete", {"field": "sender", "columns": "time, sender, text"}),
        ({"sender": "sender"}, "mapping_incomplete", {"field": "time", "columns": "time, sender, text"}),
    ],
)
@pytest.mark.parametrize("name", ["chat.csv", "chat.jsonl"])
def test_mistakes_of_a_mapping(tmp_path: Path, name: str, mapping: dict[str, str], code: str, params: dict[str, str]) -> None:
    path = tmp_path / name
    path.write_text('{"time": 1672634024, "sender": "ming", "text": "hi"}\n' if name.endswith("l") else "time,sender,text\n1672634024,ming,hi\n")
    with pytest.raises(FileError) as error:
        read(path, "json" if name.endswith("l") else "csv", mapping=mapping)
    assert (error.value.code, error.value.params) == (code, params)


def test_an_unknown_field(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("time,sender\n1672634024,ming\n")
    with pytest.raises(FileError) as error:
        read(path, "csv", mapping={"time": "time", "sender": "sender", "mood": "sender"})
    assert (error.value.code, error.value.params["field"]) == ("field_unknown", "mood")


def test_threads_and_replies(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("ts,user,text,thread_ts\n1672634024,ming,root,1672634024\n1672634025,hong,answer,1672634024\n1672634026,hong,alone,\n")
    assert [item.reply_to for item in read(path) if isinstance(item, Record)] == ["", "1672634024", ""]
    path.write_text(
        "team,channel,ts,user,text,conversation_id\nt,c,1672634024,ming,root,1\nt,c,1672634025,hong,answer,1\nt,d,1672634026,hong,other,1\n"
    )
    assert [(item.group, item.reply_to) for item in read(path) if isinstance(item, Record)] == [("t/c", ""), ("t/c", "thread:t/c:1"), ("t/d", "")]


def test_order_of_day_and_month_is_decided_at_the_end_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("time,sender,text\n" + "02/01/2023 12:00,ming,hi\n" * 5000 + "13/01/2023 12:00,ming,hi\n")
    found = detect(path)[0]
    assert (found.date_order, found.date_order_ambiguous) == ("dmy", False)
    assert {utc(item.at_ms)[:10] for item in read(path) if isinstance(item, Record)} == {"2023-01-02", "2023-01-13"}
    path.write_text("time,sender,text\n" + "02/01/2023 12:00,ming,hi\n" * 3)
    assert detect(path)[0].needs == ("time_zone", "date_order")
    with pytest.raises(FileError) as error:
        read(path)
    assert (error.value.code, error.value.params) == ("date_order_ambiguous", {"example": "02/01/2023 12:00"})
    assert utc(read(path, date_order="mdy")[0].at_ms)[:10] == "2023-02-01"  # type: ignore[union-attr]


def test_broken_quotes_cost_one_row(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text('time,sender,text\n1672634024,ming,"a ""b"" c"\n1672634025,hong,plain "inside" quotes\n1672634026,hong,last\n')
    assert [shown(item)["text"] for item in read(path)] == ['a "b" c', 'plain "inside" quotes', "last"]


NAMES = ["👩‍👩‍👧‍👦", "a\u200db", "\u202eابن\u202c", "<script>alert(1)</script>", "=HYPERLINK(1)", "+1", "-x", "@y", "，、", "a\u200bb"]


def test_names_are_kept_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("time,sender,text\n" + "".join(f"1672634024,{name},{name}\n" for name in NAMES), encoding="utf-8")
    assert [(item.sender_id, item.sender_name, item.text) for item in read(path) if isinstance(item, Record)] == [
        (name, name, name) for name in NAMES
    ]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("1672634024", "2023-01-02T04:33:44.000Z"),
        ("1672634024123", "2023-01-02T04:33:44.123Z"),
        ("1672634024123456", "2023-01-02T04:33:44.123Z"),
        ("1672634024.5", "2023-01-02T04:33:44.500Z"),
        ("2023-01-02T12:33:44Z", "2023-01-02T12:33:44.000Z"),
        ("2023-01-02 12:33:44.5+08:00", "2023-01-02T04:33:44.500Z"),
        ("2023-01-02T12:33:44.1234567-0530", "2023-01-02T18:03:44.123Z"),
        ("2023-01-02 12:33:44", "2023-01-02T04:33:44.000Z"),
        ("2023/1/2 12:33", "2023-01-02T04:33:00.000Z"),
        ("2023年1月2日 12:33", "2023-01-02T04:33:00.000Z"),
        ("2023年1月2日 星期一 下午1时05分06秒", "2023-01-02T05:05:06.000Z"),
        ("2023年01月02日12时33分", "2023-01-02T04:33:00.000Z"),
        ("2023-01-02", "2023-01-01T16:00:00.000Z"),
        ("13/01/2023 12:33", "2023-01-13T04:33:00.000Z"),
        ("Jan 2, 2023 12:33 PM", "2023-01-02T04:33:00.000Z"),
        ("2 Jan 2023 12:33:44", "2023-01-02T04:33:44.000Z"),
        ("Mon, 02 Jan 2023 12:33:44 +0000", "2023-01-02T12:33:44.000Z"),
    ],
)
def test_times(written: str, moment: str) -> None:
    assert utc(parse_moment(written, Zone("Asia/Shanghai"))) == moment


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2023-02-31",
        "2023-13-01",
        "2023-01-02 25:00",
        "31/02/2023",
        "0000000000",
        "99999999999999999999",
        "1e999",
        "2023-01-02 12:60",
        "12:33",
    ],
)
def test_times_that_cannot_be(written: str) -> None:
    with pytest.raises(Impossible):
        parse_moment(written, Zone("Asia/Shanghai"))


def test_a_fast_time_is_the_same_as_a_slow_one(tmp_path: Path) -> None:
    stamps = [
        "2023-03-26T01:59:59",
        "2023-03-26T02:30:00",
        "2023-03-26 03:00:00",
        "2023-10-29T02:30:59",
        "2023-10-29T02:30:00Z",
        "2023-10-29T02:30:00.123",
        "2023-10-29T02:30:00+02:00",
    ]
    path = tmp_path / "chat.csv"
    path.write_text("time,sender,text\n" + "".join(f"{stamp},a,x\n" for stamp in stamps))
    assert [item.at_ms for item in read(path, time_zone="Europe/Berlin") if isinstance(item, Record)] == [
        parse_moment(stamp, Zone("Europe/Berlin")) for stamp in stamps
    ]


def test_impossible_days_are_rejects_with_their_row(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text("time,sender,text\n2023-02-28T12:00:00,a,x\n2023-02-31T12:00:00,a,x\n2023-02-28T12:00:61,a,x\n" + "2023-02-28T12:00:00,a,x\n" * 2)
    assert [(item.line, item.code) for item in read(path) if isinstance(item, Reject)] == [(3, "time_unreadable"), (4, "time_unreadable")]


@pytest.mark.parametrize(
    ("name", "day", "rest"),
    [
        ("2013-01-02.txt", "2013-01-02", ""),
        ("qtox_20161101.log.txt", "2016-11-01", "qtox"),
        ("#chan_20160102.log", "2016-01-02", "#chan"),
        ("2013/01/02/%23ubuntu.txt", "2013-01-02", "#ubuntu"),
        ("chan_20161332.log", "None", "chan_20161332"),
        ("chat 123456789012.txt", "None", "chat 123456789012"),
    ],
)
def test_names_of_files(name: str, day: str, rest: str) -> None:
    assert (str(date_in_name(name)), name_without_date(name)) == (day, rest)
