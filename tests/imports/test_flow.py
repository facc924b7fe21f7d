"""Drop, choose, check, run, undo, as the console does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.imports.models import Import, ImportReject, MappingPreset
from hutong.members.models import Identity, Member, Membership, Participation
from hutong.workspaces.models import AuditEntry
from tests import mirrors
from tests.conftest import Api, make_key
from tests.imports.conftest import Importing, run_jobs, saved

LOG = """[09:00:00] <ann> good morning
[09:00:05] *** Joins: bob (~bob@host)
[09:01:00] <bob> ann: how do I join the walk?
[09:02:00] <ann> bob: just come
[09:03:00] *** bob is now known as bobby
[09:04:00] <bobby> thanks 😀
[09:05:00] *** Quits: bobby (~bob@host) (Quit: bye)
"""
DAY = ("walk_20240301.log.txt", LOG.encode())


def test_a_log_from_drop_to_done(importing: Importing, api: Api) -> None:
    batch = importing.drop(DAY)
    assert batch["state"] == "uploaded"
    assert batch["format"] == "irc"
    assert batch["files"] == [{"name": "walk_20240301.log.txt", "bytes": len(DAY[1]), "sha256": batch["files"][0]["sha256"]}]
    assert batch["missing"] == ["community"] if batch["detection"]["groups"] else ["community", "group"]
    assert batch["preview"]["records"][0] == {
        "line": 1, "kind": "message", "at": "2024-03-01T01:00:00Z", "sender": "ann", "text": "good morning", "group": "", "subject": "", "reply_to": "",
        "attachments": [],
    }  # fmt: skip
    changed = importing.change(batch, community_name="散步", group_name="晨走", time_zone="Asia/Shanghai")
    assert changed["missing"] == []
    assert changed["steps"] == ["change", "check", "discard"]
    checked = importing.step(batch, "check")
    assert checked["state"] == "checked"
    assert {k: v for k, v in checked["checked"].items() if k not in ("seconds", "groups")} == {
        "records": 7, "messages": 4, "members": 2, "joins": 1, "leaves": 1, "renames": 1, "recalls": 0, "reactions": 0, "notices": 0, "days": 1,
        "first_at": "2024-03-01T01:00:00Z", "last_at": "2024-03-01T01:05:00Z", "already_there": 0, "rejected": 0, "reasons": [],
    }  # fmt: skip
    assert importing.counts() == {}
    done = importing.step(batch, "run")
    assert done["state"] == "done"
    assert done["progress"]["added"] == 7
    assert done["progress"]["percent"] == 100
    assert done["community"]["name"] == "散步"
    assert done["group"]["name"] == "晨走"
    assert importing.counts() == {"message_sent": 4, "member_joined": 1, "member_left": 1, "member_renamed": 1}
    # One person under two names; spoke, left.
    assert {member.name for member in Member.objects.in_workspace(api.workspace)} == {"ann", "bobby"}
    bob = Member.objects.in_workspace(api.workspace).get(name="bobby")
    assert sorted(Identity.objects.in_workspace(api.workspace).filter(member=bob).values_list("external_id", flat=True)) == ["bob", "bobby"]
    stay = Membership.objects.in_workspace(api.workspace).get(member=bob)
    assert (stay.joined_at.isoformat(), stay.left_at.isoformat()) == ("2024-03-01T01:00:05+00:00", "2024-03-01T01:05:00+00:00")  # type: ignore[union-attr]
    assert Participation.objects.in_workspace(api.workspace).get(member=bob).messages == 2
    assert (bob.messages, bob.left_at) == (2, stay.left_at)
    texts = {text: (reply, question, addressed) for text, reply, question, addressed in importing.rows("text, is_reply, is_question, addressed_id")}
    ann = Member.objects.in_workspace(api.workspace).get(name="ann")
    assert texts["ann: how do I join the walk?"] == (1, 1, ann.pk)
    assert texts["bob: just come"] == (1, 0, bob.pk)
    assert texts["good morning"][:2] == (0, 0)
    assert not (settings.DATA_DIR / "imports" / batch["id"]).exists()
    actions = AuditEntry.objects.in_workspace(api.workspace).order_by("at" if hasattr(AuditEntry, "at") else "id").values_list("action", flat=True)
    assert {"import.uploaded", "import.started", "community.create", "group.create"} <= set(actions)


def test_history_never_triggers_anything(importing: Importing) -> None:
    from hutong.events.models import LogEntry

    importing.whole(DAY)
    names = set(LogEntry.objects.values_list("name", flat=True))
    assert names <= {"$memberships", "~people", "community_created", "group_created"}


def test_the_same_file_again_changes_nothing(importing: Importing) -> None:
    importing.whole(DAY)
    before = importing.picture()
    again = importing.whole(("copy_20240301.txt", DAY[1]))
    assert (again["progress"]["added"], again["progress"]["already_there"]) == (0, 7)
    assert again["checked"]["already_there"] == 7
    assert importing.picture() == before


def test_identical_lines_of_one_moment_are_all_kept(importing: Importing) -> None:
    log = "".join(f"[09:0{minute}] <ann> +1\n" for minute in (1, 1, 1, 2, 2))
    importing.whole(("a_20240301.txt", log.encode()))
    importing.whole(("b_20240301.txt", (log + "[09:02] <ann> +1\n").encode()))
    assert importing.counts() == {"message_sent": 6}
    assert importing.rows("ordinal", "1 ORDER BY occurred_at, ordinal") == [(0,), (1,), (2,), (0,), (1,), (2,)]


@pytest.mark.parametrize("first", [0, 1])
def test_overlapping_halves_unite_in_either_order(importing: Importing, other_importing: Importing, first: int) -> None:
    lines = [f"[{8 + i // 30:02}:{i % 30:02}] <u{i % 7}> message {i % 11}\n" for i in range(300)]
    halves = ["".join(lines[:200]), "".join(lines[100:])]
    importing.whole((f"half{first}_20240301.txt", halves[first].encode()))
    importing.whole((f"half{1 - first}_20240301.txt", halves[1 - first].encode()))
    other_importing.whole(("whole_20240301.txt", "".join(lines).encode()))
    assert importing.picture() == other_importing.picture()


IRC_LINES = [f"[09:{i:02}] <u{i % 3}> hi\n" for i in range(60)]
WHATSAPP_LINES = [f"2024-03-01, 09:{i:02} - u{i % 3}: hi\n" for i in range(60)]


@pytest.mark.parametrize("lines", [IRC_LINES, WHATSAPP_LINES], ids=["irc", "whatsapp"])
@pytest.mark.parametrize("batch_records", [7, 30_000])
def test_overlapping_files_in_one_import(importing: Importing, monkeypatch: pytest.MonkeyPatch, lines: list[str], batch_records: int) -> None:
    from hutong.imports.work import batches

    monkeypatch.setattr(batches, "BATCH_RECORDS", batch_records)
    files = ("a_20240301.txt", "".join(lines[:40]).encode()), ("b_20240301.txt", "".join(lines[20:]).encode())
    done = importing.whole(*files, format="irc" if lines is IRC_LINES else "whatsapp")
    assert (done["progress"]["added"], done["progress"]["already_there"]) == (60, 20)
    checked = done["checked"]
    assert (checked["records"], checked["already_there"], checked["messages"], checked["members"]) == (80, 20, 60, 3)
    assert sum(group["messages"] for group in checked["groups"]) == 60
    again = importing.whole(*files, ("c_20240301.txt", lines[0].replace("hi", "new").encode()), format=done["format"])
    assert (again["progress"]["added"], again["progress"]["already_there"]) == (1, 80)
    assert (again["checked"]["records"], again["checked"]["already_there"], again["checked"]["messages"]) == (81, 80, 61)


def test_a_check_leaves_nothing_behind(importing: Importing) -> None:
    batch = importing.drop(DAY, ("walk_20240302.log.txt", LOG.encode()))
    importing.change(batch, community_name="c", group_name="g")
    importing.step(batch, "check")
    assert sorted(path.name for path in (settings.DATA_DIR / "imports" / batch["id"]).iterdir()) == ["0", "1"]


def test_undo_leaves_nothing(importing: Importing, api: Api) -> None:
    batch = importing.whole(DAY)
    undone = importing.step(batch, "undo")
    assert undone["state"] == "undone"
    assert importing.picture() == {"events": [], "days": [], "firsts": [], "hours": [], "stays": []}
    for model in (Member, Identity, Membership, Participation, Group, Community):
        assert not model.objects.in_workspace(api.workspace).exists(), model
    mirrors.check(api.workspace)


def test_undo_of_the_second_leaves_the_first(importing: Importing, other_importing: Importing) -> None:
    second = LOG.replace("good morning", "good evening").replace("<bobby>", "<cat>") + "[09:06:00] <bobby> back again\n"
    importing.whole(DAY)
    later = importing.whole(("walk_20240302.log.txt", second.encode()))
    assert importing.picture() != other_importing.picture()
    mirrors.check(importing.api.workspace)
    importing.step(later, "undo")
    mirrors.check(importing.api.workspace)
    other_importing.whole(DAY)
    assert importing.picture() == other_importing.picture()
    for model in (Member, Membership, Participation):
        mine = model.objects.in_workspace(importing.api.workspace)
        theirs = model.objects.in_workspace(other_importing.api.workspace)
        fields = [
            f.name for f in model._meta.fields if f.name not in ("id", "workspace", "created_at", "member", "community", "group", "merged_into")
        ]
        assert sorted(map(str, mine.values_list(*fields))) == sorted(map(str, theirs.values_list(*fields)))


def test_cancel_takes_out_what_was_added(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    from hutong.imports.work import batches

    monkeypatch.setattr(batches, "BATCH_RECORDS", 2)
    first = importing.whole(DAY)
    before = importing.picture()
    batch = importing.drop(("walk_20240302.log.txt", LOG.encode()))
    importing.change(batch, community_id=first["community"]["id"], group_id=first["group"]["id"])
    importing.step(batch, "check")
    from hutong.imports.work import adding

    sent = []
    append = adding.events.append_history

    def once_then_cancel(*args: object, **kwargs: object) -> None:
        append(*args, **kwargs)  # type: ignore[arg-type]
        sent.append(1)

    monkeypatch.setattr(adding.events, "append_history", once_then_cancel)
    save = adding._save

    def cancelled_after_two(run: adding._Run, done: int, *, state: str) -> bool:
        kept = save(run, done, state=state)
        if done == 2:
            assert importing.step(batch, "cancel", jobs=False)["state"] == "cancelling"
        return kept

    monkeypatch.setattr(adding, "_save", cancelled_after_two)
    assert importing.step(batch, "run")["state"] == "cancelled"
    assert len(sent) == 3
    assert importing.picture() == before


def test_a_run_that_breaks_goes_on_where_it_was(importing: Importing, other_importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    from hutong.imports.work import adding, batches

    monkeypatch.setattr(batches, "BATCH_RECORDS", 2)
    append = adding.events.append_history
    calls = []

    def breaking(*args: object, **kwargs: object) -> None:
        calls.append(1)
        append(*args, **kwargs)  # type: ignore[arg-type]
        if len(calls) in (2, 3, 5):
            raise RuntimeError("the machine went away after the rows were written")

    monkeypatch.setattr(adding.events, "append_history", breaking)
    batch = importing.drop(DAY)
    importing.change(batch, community_name="c", group_name="g", time_zone="UTC")
    importing.step(batch, "check")
    importing.step(batch, "run", jobs=False)
    from hutong.imports import tasks

    read = [0]
    for _ in range(10):
        try:
            tasks.run.func(batch["id"])
            break
        except RuntimeError:
            read.append(saved(batch).progress.get("records_read", 0))
    done = importing.get(batch)
    assert read == sorted(read)
    assert (done["state"], done["progress"]["added"], done["progress"]["already_there"]) == ("done", 7, 0)
    other_importing.whole(DAY)
    assert importing.picture() == other_importing.picture()


def test_imports_of_a_workspace_go_one_after_the_other(importing: Importing) -> None:
    first, second = importing.drop(DAY), importing.drop(("walk_20240302.log.txt", LOG.encode()))
    importing.change(first, community_name="a", group_name="g", time_zone="UTC")
    importing.change(second, community_name="b", group_name="g", time_zone="UTC")
    for batch in (first, second):
        importing.step(batch, "check")
    assert importing.step(first, "run", jobs=False)["state"] == "running"
    assert importing.step(second, "run", jobs=False)["state"] == "waiting"
    run_jobs()
    assert importing.get(first)["state"] == "done"
    assert importing.get(second)["state"] == "done"


def test_a_reject_blocks_until_chosen(importing: Importing, api: Api) -> None:
    log = LOG + "this line is nothing\n[25:99:00] <ann> impossible\n"
    batch = importing.drop(("walk_20240301.log.txt", log.encode()))
    importing.change(batch, community_name="c", group_name="g")
    checked = importing.step(batch, "check")
    assert checked["checked"]["rejected"] == 2
    refused = importing.step(batch, "run", status=409)
    assert refused["code"] == "import_has_rejects"
    assert refused["params"] == {"count": 2}
    assert importing.counts() == {}
    page = api.get(f"/imports/{batch['id']}/rejects").json()
    assert [(one["file"], one["line"], one["excerpt"]) for one in page["items"]] == [
        ("walk_20240301.log.txt", 8, "this line is nothing"), ("walk_20240301.log.txt", 9, "[25:99:00] <ann> impossible"),
    ]  # fmt: skip
    report = b"".join(api.get(f"/imports/{batch['id']}/rejects.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert report.splitlines()[0] == "\ufefffile,line,reason,excerpt"
    assert report.splitlines()[1].startswith("walk_20240301.log.txt,8,")
    importing.change(batch, keep_good_rows=True)
    assert importing.get(batch)["state"] == "checked"
    done = importing.step(batch, "run")
    assert (done["state"], done["progress"]["added"], done["progress"]["rejected"]) == ("done", 7, 2)
    assert ImportReject.objects.filter(batch=saved(batch)).count() == 2


def test_reports_are_in_the_readers_language_and_safe(importing: Importing, api: Api) -> None:
    batch = importing.drop(("walk_20240301.log.txt", (LOG + '=HYPERLINK("http://x")\n').encode()))
    importing.change(batch, community_name="c", group_name="g")
    importing.step(batch, "check")
    answer = api.http.get(api.url(f"/imports/{batch['id']}/rejects.csv"), headers={"accept-language": "zh-CN"})
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "\ufeff文件,行,原因,原文"
    assert lines[1].endswith('"\'=HYPERLINK(""http://x"")"')
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rejects-{batch["id"]}.csv"'


def test_a_mapping_is_remembered(importing: Importing) -> None:
    table = "when,who,what,x\n2024-03-01 09:00,ann,hello,1\n2024-03-01 09:01,bob,hi,2\n2024-03-02 09:01,bob,hi there all,2\n"
    batch = importing.drop(("chat.csv", table.encode()))
    mapping = {"time": "when", "sender": "who", "text": "what"}
    importing.change(batch, mapping=mapping, community_name="c", group_name="g", channel="wechat")
    importing.step(batch, "check")
    assert importing.step(batch, "run")["progress"]["added"] == 3
    preset = MappingPreset.objects.in_workspace(importing.api.workspace).get()
    assert preset.mapping == mapping
    again = importing.drop(("next.csv", table.replace("09:", "10:").encode()))
    assert again["detection"]["mapping_source"] == "remembered"
    assert (again["options"]["mapping"], again["options"]["channel"]) == (mapping, "wechat")
    wrong = importing.api.patch(f"/imports/{again['id']}", {"mapping": {"time": "nowhere"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "mapping.time")


def test_several_groups_of_a_file(importing: Importing) -> None:
    table = "channel,time,sender,text\n#a,2024-03-01T09:00:00Z,ann,x\n#b,2024-03-01T09:00:00Z,bob,y\n#c,2024-03-01T09:00:00Z,cat,z\n"
    batch = importing.drop(("chat.csv", table.encode()))
    assert batch["detection"]["groups"] == ["#a", "#b", "#c"]
    importing.change(batch, community_name="c", groups={"#b": {"name": "贝"}, "#c": {"skip": True}})
    checked = importing.step(batch, "check")
    assert checked["checked"]["records"] == 2
    done = importing.step(batch, "run")
    assert sorted(group["name"] for group in done["groups"]) == ["#a", "贝"]
    assert done["group"] is None
    assert importing.counts() == {"message_sent": 2}


def test_discard(importing: Importing, django_capture_on_commit_callbacks: object) -> None:
    batch = importing.drop(DAY)
    folder: Path = settings.DATA_DIR / "imports" / batch["id"]
    assert folder.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert importing.api.delete(f"/imports/{batch['id']}").status_code == 204
    assert not folder.exists()
    assert importing.api.get(f"/imports/{batch['id']}").status_code == 404


def test_steps_out_of_turn_are_refused(importing: Importing) -> None:
    batch = importing.drop(DAY)
    assert importing.step(batch, "check", status=409)["errors"][0]["field"] == "community"
    importing.change(batch, community_name="c", group_name="g")
    for step in ("run", "undo", "cancel"):
        assert importing.step(batch, step, status=409)["code"] == "import_state"
    importing.step(batch, "check")
    importing.step(batch, "run")
    for step in ("run", "check", "cancel"):
        assert importing.step(batch, step, status=409)["code"] == "import_state"
    assert importing.api.patch(f"/imports/{batch['id']}", {"time_zone": "UTC"}).status_code == 409
    assert importing.api.delete(f"/imports/{batch['id']}").status_code == 409
    assert importing.counts()["message_sent"] == 4


def test_choices_are_validated(importing: Importing, other_api: Api) -> None:
    batch = importing.drop(DAY)
    other = Community.objects.create(workspace=other_api.workspace, name="theirs")
    for choice, field in (
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"community_id": str(other.pk)}, "community_id"),
        ({"group_id": str(other.pk)}, "group_id"),
        ({"channel": "telegram"}, "channel"),
        ({"unknown": 1}, "unknown"),
        ({"community_name": "   "}, "community_name"),
    ):
        answer = importing.api.patch(f"/imports/{batch['id']}", choice)
        assert answer.status_code == 422, (choice, answer.content)
        assert answer.json()["errors"][0]["field"].endswith(field)
    assert importing.api.patch(f"/imports/{batch['id']}", {"format": "nonsense"}).json()["code"] == "file_refused"
    assert importing.get(batch)["options"]["time_zone"] == "Asia/Shanghai"


def test_choices_can_be_taken_back(importing: Importing) -> None:
    made = Community.objects.create(workspace=importing.api.workspace, name="c", time_zone="Asia/Tokyo")
    batch = importing.drop(DAY)
    chosen = importing.change(batch, community_id=str(made.pk), date="2024-03-01", encoding="utf-8", groups={"": {"name": "n"}})
    assert (chosen["options"]["community_id"], chosen["options"]["time_zone"]) == (str(made.pk), "Asia/Tokyo")
    names = ("community_id", "group_name", "time_zone", "date", "encoding", "groups", "format", "channel", "mapping")
    assert importing.change(batch, **dict.fromkeys(names))["options"] == batch["options"]
    renamed = importing.change(batch, community_id=str(made.pk))
    assert importing.change(renamed, community_name="d")["options"]["community_id"] is None


def test_another_workspace_sees_nothing(importing: Importing, other_api: Api) -> None:
    batch = importing.whole(DAY)
    for method, path, body in (
        ("GET", "", None), ("GET", "/progress", None), ("PATCH", "", {}), ("POST", "/check", {}), ("POST", "/run", {}), ("POST", "/cancel", {}),
        ("POST", "/undo", {}), ("DELETE", "", None), ("GET", "/rejects", None), ("GET", "/rejects.csv", None),
    ):  # fmt: skip
        assert other_api.send(method, f"/imports/{batch['id']}{path}", body).status_code == 404, path
    assert other_api.get("/imports").json() == {"items": [], "next_cursor": None}
    assert importing.get(batch)["state"] == "done"
    assert importing.counts()["message_sent"] == 4


def test_a_permission_is_needed(importing: Importing, api: Api) -> None:
    reader = Api(api.workspace, make_key(api.workspace, ["members.read"]))
    assert reader.get("/imports").status_code == 403
    assert Importing(reader).drop(DAY, status=403)["code"] == "not_allowed"
    assert Import.objects.in_workspace(api.workspace).count() == 0


def test_the_list_and_formats(importing: Importing, api: Api) -> None:
    first, second = importing.drop(DAY), importing.drop(("walk_20240302.log.txt", LOG.encode()))
    page = api.get("/imports", limit=1).json()
    assert [one["id"] for one in page["items"]] == [second["id"]]
    rest = api.get("/imports", limit=1, cursor=page["next_cursor"]).json()
    assert [one["id"] for one in rest["items"]] == [first["id"]]
    known = {one["name"]: one for one in api.get("/imports/formats").json()}
    assert known["irc"]["channel"] == "irc"
    assert not known["irc"]["needs_mapping"]
    assert known["csv"]["needs_mapping"]


def test_member_counts_are_live_after_drain(importing: Importing) -> None:
    importing.whole(DAY)
    subscribers.drain()
    assert len(importing.picture()["stays"]) == 2
    assert json.loads(importing.rows("toString(properties)", "name = 'member_left'")[0][0]) == {"reason": "Quit: bye"}
