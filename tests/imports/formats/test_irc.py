"""Dates of IRC logs: from the lines, from headers, from the file's name, over midnight and through disorder; and every kind of event line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hutong.imports.formats import detect
from hutong.imports.formats.irc_events import Event, lower_nick, read_event
from hutong.imports.records import FileError, Record
from tests.imports.formats.reading import read, utc


def times(path: Path, text: str, **options: object) -> list[str]:
    path.write_text(text, encoding="utf-8")
    return [utc(item.at_ms)[:16] for item in read(path, "irc", **options) if isinstance(item, Record)]


def lines(*clocks: str) -> str:
    return "".join(f"[{clock}] <a> x\n" for clock in clocks)


def test_the_name_gives_the_day(tmp_path: Path) -> None:
    for name in ("2013-01-02.txt", "qtox_20130102.log.txt", "#chan_20130102.log", "log.2013.01.02.txt"):
        assert times(tmp_path / name, lines("12:00")) == ["2013-01-02T12:00"]
    (tmp_path / "2013" / "01" / "02").mkdir(parents=True)


def test_a_day_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "chan.log"
    with pytest.raises(FileError) as missing:
        times(path, lines("12:00"))
    assert missing.value.code == "date_missing"
    assert detect(path)[0].needs == ("date", "time_zone")
    assert times(path, lines("12:00"), date=date(2020, 2, 29)) == ["2020-02-29T12:00"]


def test_the_name_goes_before_the_given_day(tmp_path: Path) -> None:
    assert times(tmp_path / "2013-01-02.txt", lines("12:00"), date=date(2020, 2, 29)) == ["2013-01-02T12:00"]


def test_midnight(tmp_path: Path) -> None:
    path = tmp_path / "2012-12-31.txt"
    assert times(path, lines("23:58", "00:01", "12:00", "09:00", "08:59")) == [
        "2012-12-31T23:58", "2013-01-01T00:01", "2013-01-01T12:00", "2013-01-02T09:00", "2013-01-02T08:59",
    ]  # fmt: skip


def test_small_disorder_is_not_midnight(tmp_path: Path) -> None:
    path = tmp_path / "2013-01-02.txt"
    assert times(path, lines("12:00", "11:58", "12:01", "10:30", "12:02")) == [
        f"2013-01-02T{clock}" for clock in ("12:00", "11:58", "12:01", "10:30", "12:02")
    ]
    assert times(path, lines("23:59", "00:00", "23:58", "00:01", "23:00")) == [
        "2013-01-02T23:59", "2013-01-03T00:00", "2013-01-02T23:58", "2013-01-03T00:01", "2013-01-02T23:00",
    ]  # fmt: skip


def test_zone_and_its_changes(tmp_path: Path) -> None:
    path = tmp_path / "2013-01-02.txt"
    assert times(path, lines("07:00", "23:00"), time_zone="Asia/Shanghai") == ["2013-01-01T23:00", "2013-01-02T15:00"]
    spring = tmp_path / "2023-03-26.txt"
    assert times(spring, lines("01:59", "02:30", "03:00"), time_zone="Europe/Berlin") == ["2023-03-26T00:59", "2023-03-26T01:30", "2023-03-26T01:00"]
    autumn = tmp_path / "2023-10-29.txt"
    assert times(autumn, lines("02:30", "03:30"), time_zone="Europe/Berlin") == ["2023-10-29T00:30", "2023-10-29T02:30"]
    with pytest.raises(FileError) as unknown:
        times(path, lines("12:00"), time_zone="Mars/Olympus")
    assert (unknown.value.code, unknown.value.params) == ("zone_unknown", {"zone": "Mars/Olympus"})


def test_offsets_in_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "chan.log"
    assert times(path, "2023-01-02T12:00:00+08:00 <a> x\n2023-01-02T12:00:00Z <a> x\n2023-01-02T12:00:00-0330 <a> x\n", time_zone="Asia/Tokyo") == [
        "2023-01-02T04:00", "2023-01-02T12:00", "2023-01-02T15:30",
    ]  # fmt: skip
    assert detect(path)[0].times_have_zone


def test_an_impossible_day_in_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "chan.log"
    path.write_text("2023-02-28 12:00:00 <a> x\n2023-02-31 12:00:00 <a> x\n2023-03-01 12:00:00 <a> x\n")
    assert [(item.line, getattr(item, "code", "")) for item in read(path, "irc")] == [(1, ""), (2, "time_impossible"), (3, "")]


def test_formatting_is_taken_out_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "2013-01-02.txt"
    text = "=cmd() <b>x</b> \u202eabc 👩\u200d👧 \u200b ."
    path.write_text(f"[12:00] <\u0002a\u0002[m]> \u000304,12red\u0003 \u001dx\u001d\n[12:01] <`^_-|> {text}\n", encoding="utf-8")
    items = [item for item in read(path, "irc") if isinstance(item, Record)]
    assert [(item.sender_id, item.sender_name, item.text) for item in items] == [("a{m}", "a[m]", "red x"), ("`^_-|", "`^_-|", text)]


def test_nicks_compare_as_servers_do() -> None:
    assert lower_nick("Bob[A]\\~") == "bob{a}|^"
    assert lower_nick("ÄÖ阿明") == "ÄÖ阿明"


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("*** Joins: n (~u@host )", Event("join", "n")),
        ("*** Quits: n (~u@host ) (Quit: a (b) c)", Event("leave", "n", "Quit: a (b) c")),
        ("*** Parts: n (u@h)", Event("leave", "n")),
        ("*** n is now known as m", Event("rename", "n", "m", "m")),
        ("=== n is now known as m", Event("rename", "n", "m", "m")),
        ("=== n [i=u@host] has joined #chan", Event("join", "n")),
        ("=== n [i=u@host] has left #chan []", Event("leave", "n")),
        ('=== n [i=u@host] has quit ["bye"]', Event("leave", "n", '"bye"')),
        ("*** n was kicked by op (reason)", Event("leave", "n", "reason", "op")),
        ("-!- n was kicked from #chan by op [reason]", Event("leave", "n", "reason", "op")),
        ("<-- op has kicked n (reason)", Event("leave", "n", "reason", "op")),
        ("*** Signoff: n (reason)", Event("leave", "n", "reason")),
        ("*** op sets mode: +o n", Event("system", "op", "op sets mode: +o n")),
        ("*** op changes topic to 'x'", Event("system", "op", "op changes topic to 'x'")),
        ("-!- mode/#chan [+o n] by op", Event("system", "op", "mode/#chan [+o n] by op")),
        ("*** You're now talking on #chan", Event("system", "", "You're now talking on #chan")),
        ("* n (u@h) has joined #chan", Event("join", "n")),
        ("* n (u@h) Quit (bye)", Event("leave", "n", "bye")),
        ("* n has joined the dark side", Event("message", "n", "has joined the dark side")),
        ("* n left", Event("message", "n", "left")),
        ("* n", Event("message", "n", "")),
        ("-n- text", Event("system", "n", "text")),
        ("-qtox-git-spam- [qTox] pushed", Event("system", "qtox-git-spam", "[qTox] pushed")),
        ("n (u@h) joined #chan.", Event("join", "n")),
        ("nothing known", None),
        ("<unclosed", None),
    ],
)
def test_event_lines(line: str, event: Event | None) -> None:
    assert read_event(line) == event
