"""Files of rules: out and in again without a difference, errors by line, whole or not at all, twenty thousand at once."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from hutong.communities.models import Group
from hutong.replies import tasks
from hutong.replies.actions import files
from hutong.replies.files import tables, taking
from hutong.replies.matching import kept
from hutong.replies.models import Rule, RuleFile
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.replies.conftest import Make

pytestmark = pytest.mark.django_db

FULL: dict[str, Any] = {
    "priority": 7, "way": "contains", "place": "groups", "needs_mention": True, "quotes": True, "group_cooldown_seconds": 30,
    "member_cooldown_seconds": 60, "hours": {"begin": "09:00", "end": "18:30", "days": [0, 4]}, "variants": ["case", "gaps"],
}  # fmt: skip
IGNORED = ("id", "version", "created_at", "updated_at", "changed_by_name", "workspace_id")


def state(workspace: Workspace) -> dict[str, dict[str, Any]]:
    rows = Rule.objects.in_workspace(workspace).filter(deleted_at=None).values()
    return {row["name"]: {name: value for name, value in row.items() if name not in IGNORED} for row in rows}


def upload(workspace: Workspace, content: bytes, *, name: str = "rules.csv") -> RuleFile:
    file = files.upload(workspace, actor=SYSTEM, file=SimpleUploadedFile(name, content))
    taking.check(file.pk)
    file.refresh_from_db()
    return file


def take(workspace: Workspace, content: bytes, *, name: str = "rules.csv") -> RuleFile:
    file = upload(workspace, content, name=name)
    assert (file.state, file.errors) == ("checked", [])
    files.begin(workspace, actor=SYSTEM, file_id=file.pk)
    taking.take_in(file.pk)
    file.refresh_from_db()
    return file


def text(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def exported(api: Api, kind: str) -> bytes:
    answer = api.get("/keyword-replies/export", format=kind)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_out_and_in_again(api: Api, other_api: Api, workspace: Workspace, linked: Group, make: Make, kind: str) -> None:
    make("全", "价格", "=1+1", **FULL, community_ids=[linked.community_id], group_ids=[linked.pk], answer="第一\n---x\n第二")
    make("正则", r"(几|多少)点|开门", way="regex", answer="九点", variants=[])
    make("转", "人工", answer=None, hands_over=True, is_private=True, is_enabled=False)
    rule = make("多", "多", answer="一")
    Rule.objects.in_workspace(workspace).filter(pk=rule.pk).update(
        answers=[
            {"weight": 3, "parts": [{"kind": "text", "text": "[一]"}], "fields": []},
            {
                "weight": 1,
                "parts": [{"kind": "link", "url": "https://a.cn", "title": "{{name|你}}", "description": "", "image_url": ""}],
                "fields": ["name"],
            },
        ]
    )
    before = state(workspace)
    content = exported(api, kind)
    assert take(workspace, content, name=f"x.{kind}").changed == 4
    assert state(workspace) == before
    Rule.objects.in_workspace(workspace).delete()
    done = take(workspace, content)
    assert (done.state, done.added, done.changed, bytes(done.content)) == ("done", 4, 0, b"")
    assert state(workspace) == before
    ready = kept.ready(workspace.pk)
    assert ready is not None
    again = upload(other_api.workspace, content)
    assert (again.state, [(one["line"], one["column"]) for one in again.errors]) == ("refused", [(5, "communities")])


def test_both_languages_and_a_file_of_excels_own_encoding(workspace: Workspace) -> None:
    assert take(workspace, text([["Name", "Contains", "Answers", "Enabled"], ["a", "price\nfee", "one\n---\ntwo", "no"]])).added == 1
    assert take(workspace, "名称,包含,回复\n价,价格,看公告\n".encode("gb18030")).added == 1
    rules = {rule.name: rule for rule in Rule.objects.in_workspace(workspace)}
    assert [one["text"] for one in rules["a"].keywords] == ["price", "fee"]
    assert [one["parts"][0]["text"] for one in rules["a"].answers] == ["one", "two"]
    assert (rules["a"].is_enabled, rules["价"].is_enabled, rules["价"].answers[0]["parts"][0]["text"]) == (False, True, "看公告")


def test_errors_by_line_and_nothing_taken_in(api: Api, workspace: Workspace, make: Make) -> None:
    make("有", "有", answer="有")
    before = state(workspace)
    rows = [
        ["名称", "包含", "正则", "回复", "启用", "优先级", "群", "时间"],
        ["好", "好", "", "好", "", "", "", ""],
        ["有", "有了", "", "好", "", "", "", ""],
        ["", "词", "", "好", "", "", "", ""],
        ["坏正则", "", "(", "好", "", "", "", ""],
        ["没回复", "词", "", "", "", "", "", ""],
        ["没词", "", "", "好", "", "", "", ""],
        ["坏启用", "词", "", "好", "也许", "", "", ""],
        ["坏数", "词", "", "好", "", "高", "", ""],
        ["坏群", "词", "", "好", "", "", "没有的群", ""],
        ["坏时", "词", "", "好", "", "", "", "九点"],
        ["好", "又", "", "好", "", "", "", ""],
        ["坏字段", "词", "", "{{nobody}}", "", "", "", ""],
    ]
    file = upload(workspace, text(rows))
    assert (file.state, file.errors_count, file.added, file.changed) == ("refused", 10, 1, 1)
    assert [(one["line"], one["column"]) for one in file.errors] == [
        (4, "name"), (5, "contains"), (6, "answers"), (7, "contains"), (8, "is_enabled"), (9, "priority"), (10, "groups"), (11, "hours"), (12, "name"),
        (13, "answers"),
    ]  # fmt: skip
    assert api.put(f"/keyword-replies/files/{file.pk}/import").json()["code"] == "reply_file_state"
    assert state(workspace) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04 no zip",
        "名称,回复\na,b\n".encode(),
        "名称,包含,奇怪\na,b,c\n".encode(),
        '名称,包含\n"a,b\n'.encode(),
        "名称,包含\n".encode(),
    ],
)
def test_what_is_no_table_of_rules(workspace: Workspace, content: bytes) -> None:
    file = upload(workspace, content)
    assert (file.state, [one["line"] for one in file.errors]) == ("refused", [0])


def test_a_rule_made_meanwhile_refuses_the_whole(workspace: Workspace, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    file = upload(workspace, text([["Name", "Contains", "Answers"], ["a", "x", "x"], ["b", "y", "y"]]))
    files.begin(workspace, actor=SYSTEM, file_id=file.pk)
    write = taking._write

    def late(*given: Any) -> None:
        make("b", "z")
        write(*given)

    monkeypatch.setattr(taking, "_write", late)
    taking.take_in(file.pk)
    file.refresh_from_db()
    assert (file.state, file.errors_count) == ("refused", 1)
    assert Rule.objects.in_workspace(workspace).count() == 0


def test_over_http(api: Api, workspace: Workspace) -> None:
    book = Workbook()
    book.active.append(["名称", "包含", "回复"])
    book.active.append(["价格", "价格", "看公告"])
    out = io.BytesIO()
    book.save(out)
    answer = api.http.post(api.url("/keyword-replies/files"), {"file": SimpleUploadedFile("规则.xlsx", out.getvalue())})
    assert (answer.status_code, answer.json()["state"], answer.json()["name"]) == (202, "waiting", "规则.xlsx")
    path = f"/keyword-replies/files/{answer.json()['id']}"
    tasks.check_file.call(answer.json()["id"])
    assert (api.get(path).json()["state"], api.get(path).json()["added"]) == ("checked", 1)
    assert api.put(f"{path}/import").status_code == 202
    tasks.take_in_file.call(answer.json()["id"])
    tasks.take_in_file.call(answer.json()["id"])
    done = api.get(path).json()
    assert (done["state"], done["rows_done"], done["rows_total"]) == ("done", 1, 1)
    assert [one["name"] for one in api.get("/keyword-replies").json()["items"]] == ["价格"]
    assert load_workbook(io.BytesIO(exported(api, "xlsx"))).active["A2"].value == "价格"


@pytest.mark.slow
def test_twenty_thousand_rules(workspace: Workspace) -> None:
    rows = [["名称", "包含", "回复"], *([f"规则{number}", f"词{number}", "好"] for number in range(tables.ROWS_MAX))]
    done = take(workspace, text(rows))
    assert (done.state, done.added) == ("done", 20_000)
    assert Rule.objects.in_workspace(workspace).count() == 20_000
    assert upload(workspace, text([*rows, ["多", "多", "多"]])).errors[0]["en"] == "A file has at most 20,000 rules."
