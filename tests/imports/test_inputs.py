"""Files as they come: broken, huge, in old encodings, with names that try things."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hutong.imports import uploads
from hutong.imports.models import Import
from hutong.members.models import Identity, Member
from hutong.workspaces.models import User
from tests.conftest import Api
from tests.imports.conftest import Importing
from tests.workspaces.browser import ORIGIN, Browser

GOOD = b"[09:00:00] <ann> hi\n[09:01:00] <bob> ho\n"


@pytest.fixture(autouse=True)
def _no_files(_fresh_log: None) -> None:
    """Records of earlier tests were rolled back, their files were not."""
    shutil.rmtree(settings.DATA_DIR / "imports", ignore_errors=True)


def _zip(files: dict[str, bytes], *, level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _nothing_kept() -> None:
    assert not Import.objects.across_workspaces().exists()
    folder = settings.DATA_DIR / "imports"
    assert list(folder.glob("*/*")) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "file_empty"),
        ("noise.bin", bytes(range(256)) * 400, "not_text"),
        ("prose.txt", "从前有座山，山里有座庙。\n庙里有个老和尚。\n".encode(), "format_unknown"),
        ("broken.zip", _zip({"a.txt": GOOD * 400})[:-60], "zip_broken"),
        ("broken.log.gz", gzip.compress(b"".join(b"[09:00:00] <ann> %s\n" % os.urandom(150).hex().encode() for _ in range(6000)))[:-40], None),
        ("nested.zip", _zip({"inner.zip": _zip({"a.txt": GOOD})}), "archive_nested"),
        ("photos.zip", _zip({"a.jpg": b"x" * 100}), "zip_without_text"),
        ("seven.7z", b"7z\xbc\xaf\x27\x1c" + b"0" * 100, "archive_unknown"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(importing: Importing, name: str, content: bytes, code: str | None) -> None:
    if code is None:
        batch = importing.drop((name, content))
        importing.change(batch, community_name="c", group_name="g", date="2024-03-01")
        checked = importing.step(batch, "check")
        assert [reason["code"] for reason in checked["checked"]["reasons"]] == ["gzip_broken"]
        assert importing.step(batch, "run", status=409)["code"] == "import_has_rejects"
        assert importing.counts() == {}
        return
    for language in ("zh", "en"):
        importing.api.http.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        refused = importing.drop((name, content), status=422)
        assert (refused["code"], refused["params"]["reason_code"]) == ("file_refused", code)
        assert (name in refused["detail"]) or code == "not_text"
        assert ("请" in refused["detail"]) == (language == "zh")
    _nothing_kept()


def test_a_zip_bomb_is_refused_at_once(importing: Importing) -> None:
    line = b"[09:00:00] <ann> " + b"a" * 4000 + b"\n"
    bomb = _zip({"bomb_20240301.txt": line * 20_000})
    assert len(bomb) * 100 < 20_000 * len(line)
    refused = importing.drop(("bomb.zip", bomb), status=422)
    assert (refused["code"], refused["params"]["reason_code"]) == ("file_refused", "bomb_ratio")


def test_a_gz_bomb_stops_the_check(importing: Importing) -> None:
    line = b"[09:00:00] <ann> " + b"a" * 4000 + b"\n"
    bomb = gzip.compress(line * 20_000)
    assert len(bomb) * 100 < 20_000 * len(line)
    batch = importing.drop(("bomb_20240301.txt.gz", bomb))
    importing.change(batch, community_name="c", group_name="g")
    checked = importing.step(batch, "check")
    assert [reason["code"] for reason in checked["checked"]["reasons"]] == ["bomb_ratio"]
    assert importing.step(batch, "run", status=409)["code"] == "import_has_rejects"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings(importing: Importing, encoding: str) -> None:
    text = "[09:00:00] <王芳> 大家早上好，今天去哪里散步？\n[09:01:00] <李雷> 去后海吧，我请大家喝咖啡\n" * 3
    batch = importing.drop(("群_20240301.txt", text.encode(encoding)))
    assert [record["sender"] for record in batch["preview"]["records"][:2]] == ["王芳", "李雷"]
    importing.change(batch, community_name="c", group_name="g")
    importing.step(batch, "check")
    assert importing.step(batch, "run")["progress"]["added"] == 6
    assert importing.rows("DISTINCT text", "1 ORDER BY text")[0] == ("去后海吧，我请大家喝咖啡",)


NAMES = [
    "咖啡☕️👩‍👩‍👧‍👦",
    "\u202eevil\u202c",
    "zero\u200bwidth\u200d",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-2",
    "@SUM(A1)",
    "a\tb",
    "' OR 1=1 --",
    "{x:UUID}",
]


def test_names_are_kept_as_they_are(importing: Importing, api: Api) -> None:
    messages = [
        {
            "id": number,
            "type": "message",
            "date": "2024-03-01T09:00:00",
            "date_unixtime": str(1_709_283_600 + number),
            "from": name,
            "from_id": f"user{number}",
            "text": name,
        }
        for number, name in enumerate(NAMES, 1)
    ]
    export = {"name": "<b>群</b> 🎉", "type": "private_supergroup", "id": 1, "messages": messages}
    done = importing.whole(("result.json", json.dumps(export).encode()), group_name=None)
    assert done["groups"][0]["name"] == "<b>群</b> 🎉"
    assert [row[0] for row in importing.rows("text", "1 ORDER BY occurred_at")] == NAMES
    kept = dict(Identity.objects.in_workspace(api.workspace).values_list("external_id", "name"))
    assert [kept[f"user{number}"] for number in range(1, len(NAMES) + 1)] == [name.replace("\t", " ") for name in NAMES]


def test_half_a_surrogate_does_no_harm(importing: Importing) -> None:
    export = '{"name":"g","type":"private_group","id":1,"messages":[{"id":1,"type":"message","date":"2024-03-01T09:00:00","date_unixtime":"1709283600","from":"a\\ud83d","from_id":"user1","text":"x\\ud83d y"}]}'
    done = importing.whole(("result.json", export.encode()), group_name=None)
    assert done["progress"]["added"] == 1
    ((text,),) = importing.rows("text")
    assert text.startswith("x")
    assert text.endswith("y")


def test_an_hour_that_comes_twice_and_one_that_never_comes(importing: Importing) -> None:
    spring = "\n".join(f"[0{hour}:30:00] <ann> {hour}" for hour in (1, 2, 3))
    autumn = "\n".join(f"[0{hour}:30:00] <ann> {hour}" for hour in (1, 2, 3))
    files: list[Any] = [("g_20240331.txt", spring.encode()), ("g_20241027.txt", autumn.encode())]
    importing.whole(*files, time_zone="Europe/Berlin")
    found = importing.rows("formatDateTime(occurred_at, '%m-%d %H:%i'), text, local_hour", "1 ORDER BY occurred_at, ordinal")
    assert [row[:2] for row in found if row[1] in ("1", "3")] == [
        ("03-31 00:30", "1"),
        ("03-31 01:30", "3"),
        ("10-26 23:30", "1"),
        ("10-27 02:30", "3"),
    ]
    importing.whole(*files, time_zone="Europe/Berlin")
    assert importing.counts() == {"message_sent": 6}


def test_dates_that_cannot_be(importing: Importing) -> None:
    table = "time,sender,text\n2024-02-31 09:00:00,ann,x\n2024-02-29 09:00:00,bob,y\n2024-03-01 24:61:00,cat,z\n2024-03-02 09:00:00,cat,w\n2024-03-03 09:00:00,cat,v\n"
    batch = importing.drop(("chat.csv", table.encode()))
    importing.change(batch, community_name="c", group_name="g", time_zone="UTC", keep_good_rows=True)
    checked = importing.step(batch, "check")
    assert (checked["checked"]["rejected"], checked["checked"]["messages"]) == (2, 3)
    rejects = importing.api.get(f"/imports/{batch['id']}/rejects").json()["items"]
    assert [one["line"] for one in rejects] == [2, 4]
    assert importing.step(batch, "run")["progress"]["added"] == 3


def test_a_cut_off_json_keeps_what_came_before(importing: Importing) -> None:
    messages = [
        {
            "id": n,
            "type": "message",
            "date": "2024-03-01T09:00:00",
            "date_unixtime": str(1_709_283_600 + n),
            "from": "a",
            "from_id": "user1",
            "text": f"m{n}",
        }
        for n in range(50)
    ]
    export = json.dumps({"name": "g", "type": "private_group", "id": 1, "messages": messages}).encode()[:-1500]
    batch = importing.drop(("result.json", export))
    importing.change(batch, community_name="c")
    checked = importing.step(batch, "check")["checked"]
    assert [reason["code"] for reason in checked["reasons"]] == ["json_truncated"]
    assert importing.step(batch, "run", status=409)["code"] == "import_has_rejects"
    importing.change(batch, keep_good_rows=True)
    assert importing.step(batch, "run")["progress"]["added"] == checked["messages"] > 30


def test_different_formats_together(importing: Importing) -> None:
    export = json.dumps({"name": "g", "type": "private_group", "id": 1, "messages": []}).encode()
    refused = importing.drop(("a_20240301.txt", GOOD), ("result.json", export), status=422)
    assert refused["code"] in ("mixed_formats", "file_refused")
    _nothing_kept()


def test_no_file(importing: Importing) -> None:
    answer = importing.api.http.post(importing.api.url("/imports"), {})
    assert answer.status_code == 422
    _nothing_kept()


def test_too_large_and_too_many(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(settings, "UPLOAD_FILE_BYTES_MAX", 20_000)
        refused = importing.drop(("big_20240301.txt", GOOD * 600), status=413)
        assert refused["code"] == "upload_too_large"
        patch.setattr(uploads, "FORM_BYTES_ALLOWED", 0)
        assert importing.drop(("big_20240301.txt", GOOD * 600), status=413)["code"] == "upload_too_large"
    monkeypatch.setattr(uploads, "FILES_MAX", 2)
    assert importing.drop(*((f"a{n}_20240301.txt", GOOD) for n in range(3)), status=413)["code"] == "too_many_files"
    _nothing_kept()


def test_a_session_uploads_with_its_token_only(importing: Importing, owner: User) -> None:
    browser = Browser()
    assert browser.sign_in(owner.email).status_code == 200
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser.http.cookies
    content = SimpleUploadedFile("a_20240301.txt", GOOD)
    refused = client.post(importing.api.url("/imports"), {"files": [content]})
    assert (refused.status_code, refused.json()["code"]) == (403, "bad_origin")
    _nothing_kept()
    answer = client.post(
        importing.api.url("/imports"),
        {"files": [SimpleUploadedFile("a_20240301.txt", GOOD)]},
        headers={"origin": ORIGIN, "x-csrftoken": browser.token},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["created_by_name"] == "王芳"


def test_names_of_an_export_without_ids_belong_to_their_group(importing: Importing, api: Api) -> None:
    chat = "2024-03-01 09:00:00 小明\n早\n\n2024-03-01 09:01:00 wxid_abc\n早啊\n"
    whatsapp = "[01/03/2024, 09:00:00] +86 138 0013 8000: hi\n[01/03/2024, 09:01:00] Ann: hello\n[13/03/2024, 09:01:00] Ann: hello again\n"
    first = importing.drop(("微信群.txt", chat.encode()))
    importing.change(first, format="wechat") if first["format"] != "wechat" else None
    importing.change(first, community_name="c", group_name="g", time_zone="UTC")
    importing.step(first, "check")
    importing.step(first, "run")
    second = importing.whole(("_chat.txt", whatsapp.encode()), community_name="d", group_name="w")
    group = second["group"]["id"]
    known = set(Identity.objects.in_workspace(api.workspace).values_list("channel", "external_id"))
    first_group = importing.get(first)["group"]["id"]
    assert known == {("wechat", f"{first_group}:小明"), ("wechat", "wxid_abc"), ("whatsapp", "+8613800138000"), ("whatsapp", f"{group}:Ann")}
    assert Member.objects.in_workspace(api.workspace).count() == 4


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(importing: Importing, tmp_path: Path) -> None:
    peaks = []
    for times in (1, 5):
        path = tmp_path / f"irc_{times}.csv"
        with path.open("w") as out:
            out.write("ts,sender,text\n")
            for number in range(30_000 * times):
                out.write(f"{1_700_000_000 + number * 7},u{number % 500},message {number} with some words to carry\n")
        batch = importing.drop((path.name, path.read_bytes()))
        importing.change(batch, community_name=f"c{times}", group_name="g", time_zone="UTC")
        tracemalloc.start()
        importing.step(batch, "check")
        importing.step(batch, "run")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.4 + 8_000_000, peaks


def test_an_encoding_that_must_be_named(importing: Importing) -> None:
    """Text in an encoding that cannot be told from others is refused with a word on how, and read when it is named."""
    content = "[09:00:00] <ann> 早安，今天天氣很好\n[09:01:00] <bob> 大家吃過早餐了沒有\n".encode("big5") * 20
    refused = importing.drop(("2023-01-02.log", b"[09:00:00] <ann> caf\xe9 cr\xe8me \xe0 la\n" * 20), status=422)
    assert refused["params"]["reason_code"] == "encoding_unknown"
    upload = SimpleUploadedFile("2023-01-02.log", content)
    answer = importing.api.http.post(importing.api.url("/imports") + "?encoding=big5", {"files": [upload]})
    assert answer.status_code == 201, answer.content.decode()
    batch = answer.json()
    assert (batch["options"]["encoding"], batch["preview"]["records"][0]["text"]) == ("big5", "早安，今天天氣很好")
    unknown = importing.api.http.post(importing.api.url("/imports") + "?encoding=klingon", {"files": [SimpleUploadedFile("a.log", content)]})
    assert (unknown.status_code, unknown.json()["params"]["reason_code"]) == (422, "encoding_unknown_name")


def test_a_field_that_does_not_exist(importing: Importing) -> None:
    batch = importing.drop(("a.csv", b"when;who;what\n2023-01-02 10:00;a;b\n2023-01-02 10:01;b;c\n"))
    answer = importing.api.patch(f"/imports/{batch['id']}", {"mapping": {"tme": "when", "sender": "who"}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "mapping.tme")


def test_names_that_cannot_be_are_refused_before_anything_runs(importing: Importing) -> None:
    batch = importing.drop(("2023-01-02.log", GOOD))
    for field in ("community_name", "group_name"):
        answer = importing.api.patch(f"/imports/{batch['id']}", {field: "a\nb"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    answer = importing.api.patch(f"/imports/{batch['id']}", {"groups": {"x": {"name": "\u200b"}}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "groups.x")


def test_a_group_whose_name_cannot_be_seen(importing: Importing) -> None:
    """A file may name its group with joiners only, or in letters taken apart; both come twice to the same group."""
    for name, kept in (("\u200b\u2060", "group"), ("Cafe\u0301", "Caf\u00e9")):
        message = {
            "id": 1,
            "type": "message",
            "date": "2023-01-02T12:35:00",
            "date_unixtime": "1672634100",
            "from": "B",
            "from_id": "user2",
            "text": "x",
        }
        chat = json.dumps({"name": name, "type": "private_group", "id": 1, "messages": [message]}).encode()
        for added in (1, 0):
            done = importing.whole(("result.json", chat), group_name=None)
            assert ([group["name"] for group in done["groups"]], done["progress"]["added"]) == ([kept], added)
