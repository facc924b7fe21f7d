"""The command line as a person meets it: help, words by locale, exit codes, with and without a server."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx

from hutong import __version__
from tests.config.installation import PASSWORD, Installation

IRC = "".join(
    f"[2026-10-0{day} 1{hour}:00:00] <{who}> {text}\n"
    for day in range(1, 8)
    for hour, who, text in [(0, "alice", "morning all"), (1, "bob", "alice: hi"), (2, "carol", "anyone tried the new beans?")]
)


def test_help_answers_at_once(bare: Installation) -> None:
    bare.command("--help")
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        outcome = bare.command("--help")
        seconds.append(time.monotonic() - started)
    assert outcome.code == 0
    for name in ("serve", "import", "metrics", "sample", "doctor", "backup", "restore", "openapi", "create-owner", "migrate", "version"):
        assert f"\n  {name}" in outcome.out
    assert min(seconds) < 0.3


def test_help_loads_no_heavy_engine(bare: Installation) -> None:
    loaded = bare.script(
        """
        import subprocess, sys
        code = "import sys; from hutong.config.cli import main; print(sorted(n for n in ('django', 'chdb', 'ninja', 'granian', 'httpx') if n in sys.modules))"
        print(json.dumps(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout))
        """
    )
    assert loaded == "[]\n"


def test_words_follow_the_locale(bare: Installation) -> None:
    assert "启动服务" in bare.command("--help", LANG="zh_CN.UTF-8").out
    assert "Serve the console" in bare.command("--help", LANG="en_GB.UTF-8").out
    assert "Serve the console" in bare.command("--help", LANG="C").out
    assert bare.command("version").out == f"{__version__}\n"


def test_bad_use_is_two_and_a_failure_is_one(bare: Installation) -> None:
    assert bare.command("fly").code == 2
    assert bare.command("import", "/nowhere/file.txt").code == 2
    missing = bare.command("metrics", "--from", "2026-10-01", "--to", "2026-10-31")
    assert (missing.code, "There is no workspace yet" in missing.err) == (1, True)
    wrong = bare.command("metrics", "--from", "yesterday", "--to", "2026-10-31", LANG="zh_CN.UTF-8")
    assert (wrong.code, wrong.err) == (2, "出错：--from 应是 年-月-日，如 2026-11-01，而不是 'yesterday'。\n")


def test_a_file_that_cannot_be_read_is_said(bare: Installation, tmp_path: Path) -> None:
    gone = bare.command("import", "/nowhere/file.txt", LANG="zh_CN.UTF-8")
    assert (gone.code, gone.err) == (2, "出错：没有文件“/nowhere/file.txt”。请检查路径。\n")
    folder = bare.command("import", str(tmp_path))
    assert (folder.code, folder.err) == (2, f"Error: “{tmp_path}” is a folder. Name the files in it, such as {tmp_path}/*.txt.\n")


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = Installation(tmp_path / "file" / "data").command("doctor")
    assert (outcome.code, "The data folder cannot be used" in outcome.err) == (1, True)


def test_an_owner_is_made_and_can_come_back(installed: Installation) -> None:
    again = installed.command("create-owner", "--email", "owner@example.com", "--password-stdin", stdin="another good secret\n")
    assert (again.code, again.out) == (0, "owner@example.com is now an owner of 测试工作区.\n")
    weak = installed.command("create-owner", "--email", "owner@example.com", "--password-stdin", stdin="short\n")
    assert weak.code == 1
    with installed.served():
        signed_in = [
            httpx.post(
                f"{installed.url}/api/session", json={"email": "owner@example.com", "password": word}, headers={"origin": installed.url}
            ).status_code
            for word in ("another good secret", PASSWORD)
        ]
    assert signed_in == [200, 401]


def test_the_openapi_document_is_printed(bare: Installation) -> None:
    document = bare.command("openapi").json()
    assert document["info"]["version"] == __version__
    assert "/api/workspaces/{workspace_id}/system" in document["paths"]


def test_import_and_metrics_are_the_same_with_and_without_a_server(installed: Installation, tmp_path: Path) -> None:
    history = tmp_path / "chat.log"
    history.write_text(IRC)
    where = ("--community", "豆子", "--group", "一群", "--time-zone", "Asia/Shanghai")

    undecided = installed.command("import", str(history))
    assert (undecided.code, "Also needed: --community NAME" in undecided.err) == (2, True)
    checked = installed.command("import", str(history), "--check", "--json", *where).json()
    assert (checked["messages"], checked["members"], checked["rejected"]) == (21, 3, 0)

    alone = installed.command("import", str(history), "--json", *where).json()
    assert (alone["added"], alone["already_there"], alone["rejected"]) == (21, 0, 0)
    numbers = ("metrics", "--community", "豆子", "--group", "一群", "--from", "2026-10-01", "--to", "2026-10-07", "--json")
    offline = installed.command(*numbers).json()
    assert (offline["values"]["messages"], offline["values"]["speakers"], offline["values"]["dau"]) == (21, 3, 3.0)

    with installed.served():
        again = installed.command("import", str(history), "--json", *where).json()
        assert (again["added"], again["already_there"]) == (0, 21)
        assert installed.command(*numbers).json() == offline
        busy = installed.command("serve")
        assert (busy.code, "uses the data folder" in busy.err) == (1, True)
        unknown = installed.command("metrics", "--community", "茶", "--from", "2026-10-01", "--to", "2026-10-07")
        assert (unknown.code, unknown.err) == (1, "Error: There is no community '茶'. There are: 豆子\n")


def test_rows_that_cannot_be_read_stop_an_import_unless_chosen(installed: Installation, tmp_path: Path) -> None:
    history = tmp_path / "chat.jsonl"
    good = [{"sender": "小红", "time": f"2026-10-01T0{n}:00:00Z", "text": "早"} for n in range(5)]
    history.write_text("\n".join([*(json.dumps(row) for row in good), '{"sender": "小红", "time": "2026-13-41", "text": "?"}']))
    columns = ("--map", "sender=sender", "--map", "time=time", "--map", "text=text", "--time-zone", "UTC", "--community", "A", "--group", "g")
    refused = installed.command("import", str(history), *columns)
    assert (refused.code, "Nothing was imported" in refused.err, "1 place cannot be read:\n  chat.jsonl:6  " in refused.err) == (1, True, True)
    kept = installed.command("import", str(history), *columns, "--keep-good-rows", "--json").json()
    assert (kept["added"], kept["rejected"]) == (5, 1)
    wrong = installed.command("import", str(history), "--map", "sender")
    assert wrong.code == 2


def test_lists_of_members_and_orders_are_imported(installed: Installation, tmp_path: Path) -> None:
    people, orders = tmp_path / "people.csv", tmp_path / "orders.csv"
    people.write_text("user id,name,phone,points\nu1,Ann,13800138000,5\nu2,Bob,13900139000,x\n")
    orders.write_text("order id,paid at,amount,phone\nA1,2024-05-17 12:00,5,13800138000\nA1,2024-05-17 12:00,5,13800138000\n")
    members = ("import", str(people), "--kind", "members", "--map", "new:number=points")
    checked = installed.command(*members, "--check", "--json").json()
    assert (checked["made"], checked["rejected"]) == (1, 1)
    refused = installed.command(*members)
    assert (refused.code, "people.csv:3  “x” in “points” is no number." in refused.err) == (1, True)
    done = installed.command(*members, "--keep-good-rows")
    assert done.out == "2 rows: 1 member made, 0 updated (0 values), 0 unchanged, 0 skipped, 1 left out.\n"
    undecided = installed.command("import", str(orders), "--kind", "orders", "--community", "nowhere")
    assert (undecided.code, "There is no community" in undecided.err) == (2, True)
    wrong = installed.command("import", str(orders), "--kind", "orders", "--group", "g")
    assert (wrong.code, "--group is for chat histories only." in wrong.err) == (2, True)
    history = tmp_path / "chat.log"
    history.write_text(IRC)
    installed.command("import", str(history), "--community", "豆子", "--group", "g", "--time-zone", "UTC")
    added = installed.command("import", str(orders), "--kind", "orders", "--community", "豆子", "--time-zone", "UTC", "--json").json()
    assert (added["paid"], added["already_there"], added["made"]) == (1, 1, 0)


def test_the_local_key_is_listed_audited_and_replaced_once_revoked(installed: Installation) -> None:
    installed.command("sample", "remove")
    first = installed.script(
        """
        from hutong.workspaces.models import APIKey, AuditEntry
        keys = list(APIKey.objects.across_workspaces().values_list("name", "revoked_at"))
        acts = list(AuditEntry.objects.across_workspaces().filter(action="key.create").values_list("actor_kind", "target_name"))
        print(json.dumps([keys, acts], default=str))
        """
    )
    assert first == [[["本机命令行 / local command line", None]], [["system", "本机命令行 / local command line"]]]
    assert (installed.folder / "operator.key").stat().st_mode & 0o777 == 0o600
    before = (installed.folder / "operator.key").read_bytes()
    installed.script(
        """
        from hutong.foundation import clock
        from hutong.workspaces.models import APIKey
        print(APIKey.objects.across_workspaces().update(revoked_at=clock.now()))
        """
    )
    installed.command("sample", "remove")
    assert (installed.folder / "operator.key").read_bytes() != before
    assert installed.script("from hutong.workspaces.models import APIKey\nprint(APIKey.objects.across_workspaces().count())") == 2
