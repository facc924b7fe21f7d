"""Exports as other phones, clients and tools write them: who did what, line by line."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hutong.imports.formats import detect
from hutong.imports.names import date_in_name, name_without_date, part_order
from hutong.imports.records import FileError, Record
from hutong.imports.source import Source
from tests.imports.formats.reading import read, shown, utc


def told(path: Path, name: str, text: str | bytes, **options: object) -> list[str]:
    """Each record as "2023-01-05T09:03 kind who", each reject as its code."""
    file = path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return [
        f"{utc(item.at_ms)[:16]} {item.kind} {item.sender_name}" if isinstance(item, Record) else f"! {item.code}" for item in read(file, **options)
    ]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("[5.1.2023 klo 9.03.11] Matti: moi\n[25.1.2023 klo 22.04.12] Liisa: hei: taas", ["2023-01-05T09:03", "2023-01-25T22:04"]),
        ("05/01/2023 à 09:03 - Zoé: salut\n25/01/2023 à 22:04 - Max: ok", ["2023-01-05T09:03", "2023-01-25T22:04"]),
        ("5/1/23, 9:03\u00a0a.\u00a0m. - José: x\n15/1/23, 12:00\u00a0a.\u00a0m. - María: y", ["2023-01-05T09:03", "2023-01-15T00:00"]),
        ("1/5/23, 12:00\u202fAM - Ana: x\n1/13/23, 12:00\u202fPM - Bo: y", ["2023-01-05T00:00", "2023-01-13T12:00"]),
        ("[2023/1/5 上午12:03:11] 小明: x\n[2023/1/5 下午12:03:11] 小红: y", ["2023-01-05T00:03", "2023-01-05T12:03"]),
        ("25\u200f/1\u200f/2023، 9:03 - نور: x\n26\u200f/1\u200f/2023، 22:04 - علي: y", ["2023-01-25T09:03", "2023-01-26T22:04"]),
    ],
)
def test_whatsapp_of_many_phones(tmp_path: Path, text: str, times: list[str]) -> None:
    (tmp_path / "_chat.txt").write_text(text, encoding="utf-8")
    assert detect(tmp_path / "_chat.txt")[0].format == "whatsapp"
    assert [utc(item.at_ms)[:16] for item in read(tmp_path / "_chat.txt") if isinstance(item, Record) and item.kind == "message"] == times


def _sources(folder: Path, files: dict[str, str]) -> Source:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Source.sequence([Source.open(folder / name) for name in files])


def test_several_whatsapp_files_are_all_read(tmp_path: Path) -> None:
    source = _sources(tmp_path, {"a.txt": "1/2/23, 09:03 - Ana: one\n", "b.txt": "13/2/23, 09:04 - Bob: two\n", "c.txt": "3/4/23, 09:05 - Cy: three"})
    found = detect(source)[0]
    assert (found.date_order, found.date_order_ambiguous, found.groups) == ("dmy", False, ())
    assert [(item.text, item.group, utc(item.at_ms)[:10]) for item in read(source) if isinstance(item, Record)] == [
        ("one", "", "2023-02-01"),
        ("two", "", "2023-02-13"),
        ("three", "", "2023-04-03"),
    ]


def test_whatsapp_files_of_several_groups_keep_them_apart(tmp_path: Path) -> None:
    source = _sources(
        tmp_path, {"WhatsApp Chat with Lunch.txt": "25/1/23, 09:03 - Ana: one\n", "WhatsApp Chat with Tea (1).txt": "25/1/23, 09:04 - Ana: two\n"}
    )
    assert detect(source)[0].groups == ("Lunch", "Tea")
    assert [(item.text, item.group) for item in read(source) if isinstance(item, Record)] == [("one", "Lunch"), ("two", "Tea")]


def test_several_whatsapp_zips_each_with_its_chat(tmp_path: Path) -> None:
    for name in ("Lunch", "Tea"):
        with zipfile.ZipFile(tmp_path / f"WhatsApp Chat - {name}.zip", "w") as archive:
            archive.writestr("_chat.txt", f"25/1/23, 09:03 - Ana: {name}\n")
            archive.writestr("00000003-notes.txt", "25/1/23, 09:03 - Eve: a text somebody shared\n")
    source = Source.sequence([Source.open(path) for path in sorted(tmp_path.iterdir())])
    assert [(item.sender_name, item.text, item.group) for item in read(source, "whatsapp") if isinstance(item, Record)] == [
        ("Ana", "Lunch", "Lunch"),
        ("Ana", "Tea", "Tea"),
    ]


def test_an_ambiguous_file_among_several_names_its_date(tmp_path: Path) -> None:
    source = _sources(tmp_path, {"a.txt": "1/1/23, 09:03 - Ana: one\n", "b.txt": "3/4/23, 09:04 - Bob: two\n"})
    with pytest.raises(FileError) as error:
        read(source)
    assert (error.value.code, error.value.params) == ("date_order_ambiguous", {"example": "3/4/23"})


def test_chinese_notices(tmp_path: Path) -> None:
    lines = (
        '"阿明"邀请你和"小刚、小绿"加入了群聊',
        '"小绿"通过扫描你分享的二维码加入群聊',
        '你被"阿明"移出群聊',
        "管理员撤回了一条成员消息",
        "管理员阿明撤回了成员小红的一条消息",
    )
    text = "".join(f"2023-01-02 12:3{number}:00 系统消息\n{line}\n\n" for number, line in enumerate(lines)) + "2023-01-02 12:40:00 阿明\n好\n"
    assert [line.split(" ", 1)[1] for line in told(tmp_path, "群.txt", text)] == [
        "join 你", "join 小刚", "join 小绿", "join 小绿", "leave 你", "recall 管理员", "recall 小红", "message 阿明",
    ]  # fmt: skip


def test_irssi_names_and_netsplits(tmp_path: Path) -> None:
    text = (
        "--- Log opened Fri Dec 30 23:50:00 2011\n"
        "23:50 [Users #hutong]\n23:50 [@ChanServ] [ alice] [+bob ]\n"
        "23:51 <alice> hi\n"
        "23:52 -!- Netsplit a.net <-> b.net quits: @alice, +bob (+3 more, use /NETSPLIT to show all of them)\n"
        "23:53 -!- Netsplit over, joins: alice, bob\n"
    )
    assert [line[17:] for line in told(tmp_path, "x.log", text)] == [
        "system ", "system ", "message alice", "leave alice", "leave bob", "join alice", "join bob",
    ]  # fmt: skip


def test_eggdrop_netsplits(tmp_path: Path) -> None:
    text = "[00:00] --- Thu Jan  3 2013\n[00:01] <a> x\n[00:08] dave (u@h) got netsplit.\n[00:09] dave (u@h) returned to #hutong.\n"
    assert [line[17:] for line in told(tmp_path, "x.log", text)] == ["message a", "leave dave", "join dave"]


def test_what_mirc_itself_writes_is_no_message(tmp_path: Path) -> None:
    text = (
        "Session Start: Wed Jan 02 23:58:01 2013\r\nSession Ident: #hutong\r\n"
        "[23:58] * Now talking in #hutong\r\n[23:58] * Topic is 'hi'\r\n[23:58] * Set by x!y@z on Tue Jan 01 00:00:00\r\n"
        "[23:58] <@Alice> \x0304red\x03\r\n[23:59] * Bob (~bob@example.org) has joined #hutong\r\n"
        "[00:01] * Alice waves\r\n[00:02] * Alice sets mode: +o Bob\r\n[00:03] * Alice changes topic to 'x'\r\n[00:07] * Disconnected\r\n"
        "Session Close: Thu Jan 03 00:09:00 2013\r\n"
    )
    assert told(tmp_path, "#hutong.log", text) == [
        "2013-01-02T23:58 system ", "2013-01-02T23:58 system ", "2013-01-02T23:58 system ", "2013-01-02T23:58 message Alice",
        "2013-01-02T23:59 join Bob", "2013-01-03T00:01 message Alice", "2013-01-03T00:02 system Alice", "2013-01-03T00:03 system Alice", "2013-01-03T00:07 system ",
    ]  # fmt: skip


def test_textual(tmp_path: Path) -> None:
    events = ("<alice> hi", "• bob: acts", "carol (c@h) joined the channel", "carol (c@h) left the channel (bye)", "dave (d@h) left IRC (Quit: x)")
    text = "".join(f"[2013-01-02T12:33:4{number}+0800] {event}\n" for number, event in enumerate(events))
    assert [line[17:] for line in told(tmp_path, "x.txt", text)] == ["message alice", "message bob:", "join carol", "leave carol", "leave dave"]


def test_irccloud(tmp_path: Path) -> None:
    events = (
        "→ Joined channel #x",
        "<alice> hi",
        "→ bob joined (~b@h)",
        "← bob left (~b@h)",
        "⇐ carol quit (~c@h): Quit: x",
        "— alice waves",
        "*** alice → alicia",
    )
    text = "".join(f"[2013-01-02 12:33:4{number}] {event}\n" for number, event in enumerate(events))
    assert [line[17:] for line in told(tmp_path, "#x.txt", text)] == [
        "system ", "message alice", "join bob", "leave bob", "leave carol", "message alice", "rename alice",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "day", "rest"),
    [
        ("chan.log.02Jan2016", "2016-01-02", "chan"),
        ("#chan 2016年1月2日.txt", "2016-01-02", "#chan"),
        ("2016-01-02 03Jan2016.log", "2016-01-03", ""),
        ("chan 31Feb2016.log", "None", "chan"),
    ],
)
def test_days_in_names(name: str, day: str, rest: str) -> None:
    assert (str(date_in_name(name)), name_without_date(name)) == (day, rest)


def test_days_in_names_give_the_order() -> None:
    names = ["02Feb2016.log", "03Jan2016.log", "2015-12-31.log", "10.log", "9.log"]
    assert sorted(names, key=part_order) == ["9.log", "10.log", "2015-12-31.log", "03Jan2016.log", "02Feb2016.log"]


def test_a_system_row_about_several_people(tmp_path: Path) -> None:
    rows = [["时间", "发送人", "类型", "内容"], ["2023-01-02 12:33:44", "系统消息", "系统消息", '"阿明"邀请"小刚、小绿"加入了群聊']]
    rows.append(["2023-01-02 12:34:44", "阿明", "文本", "欢迎"])
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    wanted = ["join 小刚", "join 小绿", "message 阿明"]
    assert sorted(line[17:] for line in told(tmp_path, "x.csv", text)) == wanted
    objects = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert sorted(line[17:] for line in told(tmp_path, "x.json", json.dumps(objects, ensure_ascii=False))) == wanted


def test_words_for_what_happened(tmp_path: Path) -> None:
    text = "时间,成员,动作,内容\n2023-01-02 10:00:00,甲,加入群聊,\n2023-01-02 10:01:00,甲,发言,你好\n2023-01-02 10:02:00,甲,退出群聊,\n2023-01-02 10:03:00,乙,被踢,\n"
    assert [line[17:] for line in told(tmp_path, "x.csv", text)] == ["join 甲", "message 甲", "leave 甲", "leave 乙"]


def test_a_name_twice_in_the_header(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("time,name,name,text\n2023-01-02 10:00,a,b,c\n")
    found = detect(tmp_path / "x.csv")[0]
    assert (found.columns, found.mapping) == (("time", "name", "name (2)", "text"), {"time": "time", "sender": "name", "text": "text"})
    assert [line[17:] for line in told(tmp_path, "x.csv", "time,name,name,text\n2023-01-02 10:00,a,b,c\n")] == ["message a"]


def test_a_short_table_with_known_columns_is_a_table(tmp_path: Path) -> None:
    text = "时间\t姓名\t消息\r\n2023年1月2日 12:33:05\t阿明\t好\r\n2023年1月2日 下午1:05\t小红\t好的\r\n".encode("gbk")
    assert told(tmp_path, "x.tsv", text) == ["2023-01-02T12:33 message 阿明", "2023-01-02T13:05 message 小红"]


def test_months_by_name_with_short_years(tmp_path: Path) -> None:
    text = '"Author";"Date";"Content"\n"bob#1";"02-Jan-20 12:33 PM";"hi; there"\n"ann#2";"13-Jan-20 12:05 AM";"yo"\n'
    assert told(tmp_path, "x.csv", text) == ["2020-01-02T12:33 message bob#1", "2020-01-13T00:05 message ann#2"]


def test_names_of_groups_are_read_as_json_writes_them(tmp_path: Path) -> None:
    chat = {"chatlab": {"version": "0.0.2"}, "meta": {"name": '技术 "群"\\', "platform": "wechat"}, "members": [], "messages": []}
    (tmp_path / "x.json").write_text(json.dumps(chat), encoding="utf-8")
    assert detect(tmp_path / "x.json")[0].groups == ('技术 "群"\\',)


def test_a_telegram_reaction_has_its_own_time(tmp_path: Path) -> None:
    reaction = {"type": "emoji", "count": 1, "emoji": "👍", "recent": [{"from": "Ann", "from_id": "user1", "date": "2023-01-03T00:35:00"}]}
    message = {
        "id": 1, "type": "message", "date": "2023-01-02T12:35:00", "date_unixtime": "1672634100", "from": "Bob", "from_id": "user2", "text": "x", "reactions": [reaction],
    }  # fmt: skip
    text = json.dumps({"name": "G", "type": "private_group", "id": 1, "messages": [message]})
    assert told(tmp_path, "result.json", text) == ["2023-01-02T04:35 message Bob", "2023-01-02T16:35 reaction Ann"]


def test_a_telegram_message_without_a_time_takes_it_from_its_neighbours(tmp_path: Path) -> None:
    def said(number: int) -> dict[str, Any]:
        return {
            "id": number,
            "type": "message",
            "date": "",
            "date_unixtime": str(1672634100 + number * 60),
            "from": "Bob",
            "from_id": "user2",
            "text": "x",
        }

    lost = [{"id": number, "type": "unsupported"} for number in range(10)]
    chats = [
        {"name": "A", "type": "private_group", "id": 1, "messages": [lost[0], lost[1], said(2), lost[3], said(4)]},
        {"name": "B", "type": "private_group", "id": 2, "messages": [lost[0]]},
        {"name": "C", "type": "private_group", "id": 3, "messages": [lost[0], said(9)]},
    ]
    (tmp_path / "result.json").write_text(json.dumps({"chats": {"list": chats}}))
    found = [
        (item["group"], item["kind"], item["message_id"], item["line"], item["at"][11:16])
        for item in map(shown, read(tmp_path / "result.json", "telegram"))
    ]
    assert found == [
        ("A", "system", "0", 1, "04:37"),
        ("A", "system", "1", 2, "04:37"),
        ("A", "message", "2", 3, "04:37"),
        ("A", "system", "3", 4, "04:37"),
        ("A", "message", "4", 5, "04:39"),
        ("C", "system", "0", 7, "04:44"),
        ("C", "message", "9", 8, "04:44"),
    ]


def test_a_table_without_rows_is_known_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("time,sender,text\n")
    assert detect(tmp_path / "x.csv")[0].mapping == {"time": "time", "sender": "sender", "text": "text"}
    assert read(tmp_path / "x.csv") == []


def test_what_excel_calls_unicode_text(tmp_path: Path) -> None:
    text = "Time\tName\tText\r\n2023-01-02 10:00\ta\tx\r\n".encode("utf-16")
    assert told(tmp_path, "x.txt", text) == ["2023-01-02T10:00 message a"]
