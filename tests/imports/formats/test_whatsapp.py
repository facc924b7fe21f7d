"""WhatsApp's dates, decided over the whole file, and the lines the app writes itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hutong.imports.formats import detect
from hutong.imports.formats.whatsapp_lines import SystemLine, read_media, read_system
from hutong.imports.records import Attachment, FileError, Record
from tests.imports.formats.reading import read, utc


def chat(path: Path, *stamps: str, form: str = "{} - Ana: x\n") -> Path:
    path.write_text("".join(form.format(stamp) for stamp in stamps), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("stamps", "order", "open_"),
    [
        (("13/01/2023, 10:00", "01/02/2023, 10:00"), "dmy", False),
        (("1/13/23, 10:00 AM", "2/1/23, 10:00 AM"), "mdy", False),
        (("01/02/2023, 10:00", "02/02/2023, 10:00", "01/03/2023, 10:00"), "dmy", False),
        (("1/30/23, 10:00", "2/1/23, 10:00"), "mdy", False),
        (("2023/01/02, 10:00",), "ymd", False),
        (("2023年1月2日 10:00",), "ymd", False),
        (("01.02.23, 10:00", "01.02.23, 11:00"), "dmy", True),
        (("01/02/2023, 10:00", "03/04/2023, 10:00"), "dmy", True),
        (("01/01/2023, 10:00",), "dmy", False),
    ],
)
def test_order_of_day_and_month(tmp_path: Path, stamps: tuple[str, ...], order: str, open_: bool) -> None:
    path = chat(tmp_path / "WhatsApp Chat with Lunch.txt", *stamps)
    found = detect(path)[0]
    assert (found.format, found.groups, found.date_order, found.date_order_ambiguous) == ("whatsapp", ("Lunch",), order, open_)
    assert ("date_order" in found.needs) is open_
    if open_:
        with pytest.raises(FileError) as error:
            read(path)
        assert error.value.code == "date_order_ambiguous"
    else:
        assert len(read(path)) == len(stamps)


def test_a_chosen_order_holds(tmp_path: Path) -> None:
    path = chat(tmp_path / "_chat.txt", "01/02/2023, 10:00")
    assert [utc(item.at_ms)[:10] for order in ("dmy", "mdy") for item in read(path, date_order=order) if isinstance(item, Record)] == [
        "2023-02-01",
        "2023-01-02",
    ]


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("25/12/2022, 00:05 - ", "2022-12-25T00:05:00.000Z"),
        ("25/12/22, 12:05 am - ", "2022-12-25T00:05:00.000Z"),
        ("25/12/22, 12:05 p.m. - ", "2022-12-25T12:05:00.000Z"),
        ("25/12/22, 11:05\u202fPM - ", "2022-12-25T23:05:00.000Z"),
        ("25.12.22, 23:05 - ", "2022-12-25T23:05:00.000Z"),
        ("[25/12/2022, 11:05:06 PM] ", "2022-12-25T23:05:06.000Z"),
        ("\u200e[25.12.22, 23:05:06] ", "2022-12-25T23:05:06.000Z"),
        ("2022/12/25 下午11:05 - ", "2022-12-25T23:05:00.000Z"),
        ("2022/12/25 凌晨12:05 - ", "2022-12-25T00:05:00.000Z"),
        ("[2022/12/25 上午9:05:06] ", "2022-12-25T09:05:06.000Z"),
        ("2022年12月25日 晚上8:05 - ", "2022-12-25T20:05:00.000Z"),
    ],
)
def test_stamps(tmp_path: Path, stamp: str, at: str) -> None:
    path = chat(tmp_path / "_chat.txt", stamp, form="{}Ana: x\n")
    assert [(utc(item.at_ms), item.sender_name, item.text) for item in read(path, "whatsapp") if isinstance(item, Record)] == [(at, "Ana", "x")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Dora joined using this group's invite link", SystemLine("join", ("Dora",))),
        ("Dora joined from the community", SystemLine("join", ("Dora",))),
        ("Dora was added", SystemLine("join", ("Dora",))),
        ("You were added", SystemLine("join", ("You",))),
        ("Ana added Ben, Carla and Dan", SystemLine("join", ("Ben", "Carla", "Dan"), "Ana")),
        ("Ben left", SystemLine("leave", ("Ben",))),
        ("Ana removed Ben", SystemLine("leave", ("Ben",), "Ana")),
        ("Ben was removed", SystemLine("leave", ("Ben",))),
        ("+1 555 0100 changed to +1 555 0199", SystemLine("rename", ("+1 555 0100",), "+1 555 0199", "+1 555 0199")),
        ('Ana created group "Lunch"', SystemLine("system", ("Ana",))),
        ("Ana changed this group's icon", SystemLine("system", ("Ana",))),
        ("Messages and calls are end-to-end encrypted. Tap to learn more.", SystemLine("system", ())),
        ("阿明添加了小红", SystemLine("join", ("小红",), "阿明")),
        ("阿明添加了小红、小刚和小绿", SystemLine("join", ("小红", "小刚", "小绿"), "阿明")),
        ("小红使用此群组的邀请链接加入", SystemLine("join", ("小红",))),
        ("小红透過此群組的邀請連結加入", SystemLine("join", ("小红",))),
        ("小红已离开", SystemLine("leave", ("小红",))),
        ("小红退出了群组", SystemLine("leave", ("小红",))),
        ("阿明移除了小红", SystemLine("leave", ("小红",), "阿明")),
        ("阿明将小红移出了群组", SystemLine("leave", ("小红",), "阿明")),
        ("阿明创建了群组“早餐”", SystemLine("system", ("阿明",))),
        ("消息和通话已进行端到端加密。点击了解更多。", SystemLine("system", ())),
        ("what a day", None),
    ],
)
def test_lines_of_the_app(line: str, found: SystemLine | None) -> None:
    assert read_system(line) == found


@pytest.mark.parametrize(
    ("content", "text", "attached"),
    [
        ("<Media omitted>", "", ("file", "")),
        ("image omitted", "", ("image", "")),
        ("\u200evideo omitted", "", ("video", "")),
        ("sticker omitted", "", ("sticker", "")),
        ("<媒体文件已省略>", "", ("file", "")),
        ("<省略影音内容>", "", ("file", "")),
        ("图片已忽略", "", ("image", "")),
        ("語音訊息", "語音訊息", None),
        ("圖片已略去", "", ("image", "")),
        ("貼圖已略去", "", ("sticker", "")),
        ("IMG-1.jpg (file attached)\ncaption", "caption", ("image", "IMG-1.jpg")),
        ("PTT-1.opus (文件附件)", "", ("audio", "PTT-1.opus")),
        ("<attached: 1-STICKER-2.webp>", "", ("sticker", "1-STICKER-2.webp")),
        ("hello <附件：a.vcf>", "hello", ("contact", "a.vcf")),
        ("a.pdf • 3 pages document omitted", "", ("file", "a.pdf")),
        ("is the image omitted", "is the image omitted", None),
    ],
)
def test_media(content: str, text: str, attached: tuple[str, str] | None) -> None:
    expected = (Attachment(kind=attached[0], name=attached[1]),) if attached else ()  # type: ignore[arg-type]
    assert read_media(content) == (text, expected)


def test_the_chat_is_found_beside_its_attachments(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - Lunch.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("00000001-notes.txt", "notes someone sent\n")
        archive.writestr("00000002-PHOTO.jpg", b"\xff\xd8")
        archive.writestr("_chat.txt", "[25/12/2022, 10:00:00] Ana: x\n")
    found = detect(path)[0]
    assert (found.format, found.groups, len(read(path))) == ("whatsapp", ("Lunch",), 1)
