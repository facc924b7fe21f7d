"""Broadcasts over HTTP: each act from each stage with the state it leaves, repeats that skip holidays, and what bad input is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.broadcasts import work
from hutong.broadcasts.actions import runs
from hutong.broadcasts.models import Broadcast, Run
from hutong.channels import outbox
from hutong.channels.actions import attachments
from hutong.channels.contract import Capabilities, Limits
from hutong.channels.models import Account, Lane, Send
from hutong.channels.models import Chat as ChatRow
from hutong.communities import actions as communities
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.broadcasts.making import people, segment
from tests.channels import pretend
from tests.channels.pretend import World
from tests.conftest import Api

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 9, 28, 4, tzinfo=dt.UTC)
PARTS = [{"kind": "text", "text": "{{name|朋友}}，周五见"}]


def drafted(api: Api, of: Any, accounts: list[Account], **said: Any) -> Any:
    """A draft to a segment, by the API."""
    made = api.post("/broadcasts", {"name": "周五预告"}).json()
    audience = {"kind": "segment", "segment": str(of.pk), "accounts": [str(one.pk) for one in accounts]}
    body = {"version": made["version"], "name": "周五预告", "parts": PARTS, "audience": audience, "timing": {"kind": "now"}, **said}
    answer = api.put(f"/broadcasts/{made['id']}", body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def scheduled(api: Api, draft: Any, **said: Any) -> Any:
    return api.put(f"/broadcasts/{draft['id']}/schedule", {"version": draft["version"], **said})


def sent_on() -> None:
    """What the jobs do: put the recipients of what goes into the outbox, send, close."""
    runs.mind()
    for run in Run.objects.across_workspaces().filter(state__in=["sending", "paused"]):
        work.perform(run.pk)
    for run in Run.objects.across_workspaces().filter(state="cancelling"):
        work.end(run.pk)
    outbox.drain()
    runs.mind()


def problem(answer: Any) -> tuple[int, str, list[str]]:
    said = answer.json()
    return answer.status_code, said["code"], [one["field"] for one in said.get("errors", [])]


ACTS: dict[str, tuple[str, str]] = {
    "unschedule": ("DELETE", "/schedule"), "pause": ("PUT", "/pause"), "resume": ("DELETE", "/pause"), "cancel": ("PUT", "/cancellation"), "delete": ("DELETE", ""),
}  # fmt: skip
# From each stage: what each act makes of it; what is not named is refused and changes nothing.
STAGES: dict[str, dict[str, str]] = {
    "draft": {"delete": "gone"},
    "scheduled": {"unschedule": "draft", "cancel": "cancelled"},
    "sending": {"pause": "paused", "cancel": "cancelled"},
    "paused": {"resume": "sending", "cancel": "cancelled"},
    "done": {},
    "cancelled": {},
}


def staged(api: Api, workspace: Workspace, account: Account, stage: str) -> Any:
    of = segment(workspace, people(workspace, 2))
    later = {"kind": "at", "at": "2026-09-29T09:00", "zone": "Asia/Shanghai"}
    draft = drafted(api, of, [account], timing=later if stage == "scheduled" else {"kind": "now"})
    if stage != "draft":
        assert scheduled(api, draft).status_code == 200
    if stage == "paused":
        api.put(f"/broadcasts/{draft['id']}/pause")
    elif stage == "cancelled":
        api.put(f"/broadcasts/{draft['id']}/cancellation")
    elif stage == "done":
        sent_on()
    return api.get(f"/broadcasts/{draft['id']}").json()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("stage", STAGES)
def test_every_act_from_every_stage(api: Api, workspace: Workspace, world: World, account: Account, stage: str, act: str) -> None:
    with time_machine.travel(NOW, tick=False):
        before = staged(api, workspace, account, stage)
        assert before["state"] == stage
        method, path = ACTS[act]
        answer = api.send(method, f"/broadcasts/{before['id']}{path}")
        after = STAGES[stage].get(act)
        if after == "gone":
            assert (answer.status_code, Broadcast.objects.in_workspace(workspace).count()) == (204, 0)
        elif after is None:
            assert problem(answer) == (409, "broadcast_state", [])
            assert api.get(f"/broadcasts/{before['id']}").json() == before
        else:
            assert (answer.status_code, answer.json()["state"]) == (200, after)
            lane = Lane.objects.in_workspace(workspace).first()
            held = {"paused": "held", "sending": "open", "cancelled": "ended"}
            assert lane is None or lane.state == held[after]
            assert answer.json()["next_at"] is None
            assert AuditEntry.objects.in_workspace(workspace).order_by("-at", "-id").values_list("action", flat=True)[0] == f"broadcast.{act}"


def test_a_whole_life(api: Api, workspace: Workspace, world: World, account: Account) -> None:
    of = segment(workspace, [*people(workspace, 2), *people(workspace, 1, channel="elsewhere")])
    draft = drafted(api, of, [account])
    check = api.put(f"/broadcasts/{draft['id']}/check").json()
    shown = {name: check[name] for name in ("state", "seen", "total", "recipients", "no_identity", "not_opened", "no_account", "seconds")}
    assert shown == {"state": "done", "seen": 3, "total": 3, "recipients": 2, "no_identity": 1, "not_opened": 0, "no_account": 0, "seconds": 0}
    going = scheduled(api, draft).json()
    assert (going["state"], going["runs"][0]["expected"], going["runs"][0]["seen"]) == ("sending", 3, 0)
    sent_on()
    done = api.get(f"/broadcasts/{draft['id']}").json()
    run = done["runs"][0]
    assert done["state"] == run["state"] == "done"
    assert {name: run[name] for name in ("recipients", "sent", "queued", "failed", "unreachable", "no_identity", "expected", "seen", "replied")} == {
        "recipients": 2, "sent": 2, "queued": 0, "failed": 0, "unreachable": 1, "no_identity": 1, "expected": 3, "seen": 3, "replied": 0,
    }  # fmt: skip
    assert sorted(world.texts()) == ["成员0，周五见", "成员1，周五见"]
    (line,) = api.get("/broadcasts").json()["items"]
    assert line["last_run"] == run


def test_taken_back_edited_and_sent_again(api: Api, workspace: Workspace, world: World, account: Account) -> None:
    of = segment(workspace, people(workspace, 1))
    with time_machine.travel(NOW, tick=False) as traveller:
        draft = drafted(api, of, [account], timing={"kind": "at", "at": "2026-09-29T09:00", "zone": "Asia/Shanghai"})
        assert scheduled(api, draft).json()["next_at"] == "2026-09-29T01:00:00Z"
        again = api.delete(f"/broadcasts/{draft['id']}/schedule").json()
        assert (again["state"], again["next_at"], again["version"]) == ("draft", None, draft["version"] + 1)
        body = {"version": again["version"], "name": "改过", "parts": [{"kind": "text", "text": "改到周六"}], "audience": draft["audience"],
                "timing": {"kind": "at", "at": "2026-09-30T09:00", "zone": "Asia/Shanghai"}}  # fmt: skip
        changed = api.put(f"/broadcasts/{draft['id']}", body).json()
        assert problem(scheduled(api, draft)) == (409, "broadcast_state", [])  # on an older version
        assert scheduled(api, changed).json()["next_at"] == "2026-09-30T01:00:00Z"
        for moment, texts in (("2026-09-29T01:00:05", []), ("2026-09-30T01:00:05", ["改到周六"])):
            traveller.move_to(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC))
            sent_on()
            assert world.texts() == texts


def test_a_repeat_skips_the_national_day_and_keeps_the_day_worked_for_it(api: Api, workspace: Workspace, world: World, account: Account) -> None:
    of = segment(workspace, people(workspace, 1))
    timing = {"kind": "daily", "time": "09:00", "zone": "Asia/Shanghai", "only_workdays": True}
    went: list[str] = []
    with time_machine.travel(NOW, tick=False) as traveller:
        draft = drafted(api, of, [account], timing=timing)
        assert [one[5:10] for one in draft["dates"][:4]] == ["09-29", "09-30", "10-08", "10-09"]
        scheduled(api, draft)
        for day in range(13):
            traveller.move_to(NOW + dt.timedelta(days=day, hours=1))
            before = len(world.shown)
            sent_on()
            went += [f"{clock.now():%m-%d}"] * (len(world.shown) - before)
        cancelled = api.put(f"/broadcasts/{draft['id']}/cancellation").json()
    # 1 to 7 October are holidays; Saturday the 10th is worked for them
    assert went == ["09-29", "09-30", "10-08", "10-09", "10-10"]
    assert (cancelled["state"], cancelled["next_at"], len(cancelled["runs"])) == ("cancelled", None, 5)


def test_a_pause_holds_what_is_there_and_what_comes(
    api: Api, workspace: Workspace, world: World, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "TOGETHER", 3)
    draft = drafted(api, segment(workspace, people(workspace, 9)), [account])
    scheduled(api, draft)
    run = Run.objects.in_workspace(workspace).get()
    assert work.one_piece(run.pk, work.Said(run))
    api.put(f"/broadcasts/{draft['id']}/pause")
    sent_on()
    held = api.get(f"/broadcasts/{draft['id']}").json()["runs"][0]
    assert (world.shown, held["recipients"], held["queued"], held["is_enqueued"], held["seen"]) == ([], 9, 9, True, 9)
    api.delete(f"/broadcasts/{draft['id']}/pause")
    sent_on()
    assert len(world.shown) == len(set(world.shown)) == 9


def test_a_cancellation_in_the_middle_of_preparing(
    api: Api, workspace: Workspace, world: World, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "TOGETHER", 3)
    draft = drafted(api, segment(workspace, people(workspace, 9)), [account])
    scheduled(api, draft)
    run = Run.objects.in_workspace(workspace).get()
    said = work.Said(run)
    assert work.one_piece(run.pk, said)
    api.put(f"/broadcasts/{draft['id']}/cancellation")
    assert not work.one_piece(run.pk, said)
    sent_on()
    after = api.get(f"/broadcasts/{draft['id']}").json()
    assert (after["state"], after["runs"][0]["state"], after["runs"][0]["recipients"], after["runs"][0]["cancelled"]) == (
        "cancelled",
        "cancelled",
        3,
        3,
    )
    assert (world.shown, Send.objects.in_workspace(workspace).count()) == ([], 3)


def test_many_recipients_are_typed_back(api: Api, workspace: Workspace, account: Account) -> None:
    draft = drafted(api, segment(workspace, people(workspace, 51)), [account])
    answer = scheduled(api, draft)
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]["count"]) == (409, "recipients_unconfirmed", 51)
    assert scheduled(api, draft, recipients=51).json()["state"] == "sending"


def test_what_is_written_wrongly_is_told_where(api: Api, workspace: Workspace, other_workspace: Workspace, account: Account) -> None:
    of = segment(workspace, [])
    draft = drafted(api, of, [account])
    theirs = segment(other_workspace, [])
    body = {"version": draft["version"], "name": "周五", "parts": PARTS, "audience": draft["audience"], "timing": {"kind": "now"}}
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"parts": [{"kind": "text", "text": "{{nickname}}，你好"}]}, "parts.0.text", "There is no field “nickname”."),
        ({"parts": [{"kind": "text", "text": "{{name，你好"}]}, "parts.0.text", "Double braces do not match"),
        ({"parts": [{"kind": "file", "file": "0" * 64}]}, "parts.0.file", "Upload it again"),
        ({"audience": {**draft["audience"], "segment": str(theirs.pk)}}, "audience.segment", "Choose another"),
        ({"audience": {**draft["audience"], "accounts": [str(account.pk)] * 2}}, "audience.accounts", "chosen twice"),
        ({"timing": {"kind": "cron", "cron": "every day"}}, "timing.cron", "Write minute, hour"),
        ({"timing": {"kind": "daily", "zone": "Mars/Base"}}, "timing.zone", "no such time zone"),
    ]
    for change, field, words in wrong:
        answer = api.put(f"/broadcasts/{draft['id']}", {**body, **change})
        assert problem(answer) == (422, "invalid", [field])
        assert words in answer.json()["errors"][0]["message"]
    assert api.get(f"/broadcasts/{draft['id']}").json() == draft


def test_what_cannot_be_sent_says_how_to_mend_it(api: Api, workspace: Workspace, world: World, account: Account, group: Group) -> None:
    nobody, somebody = segment(workspace, []), segment(workspace, people(workspace, 1))
    past = {"kind": "at", "at": "2026-09-01T09:00", "zone": "Asia/Shanghai"}
    with time_machine.travel(NOW, tick=False):
        assert problem(scheduled(api, drafted(api, nobody, [account]))) == (409, "nothing_to_send", [])
        assert problem(scheduled(api, drafted(api, somebody, [account], timing=past))) == (422, "invalid", ["timing.at"])
        assert problem(scheduled(api, drafted(api, somebody, [account], parts=[]))) == (422, "invalid", ["parts"])
        assert problem(scheduled(api, drafted(api, somebody, []))) == (422, "invalid", ["audience.accounts"])
        to_group = drafted(api, somebody, [account], audience={"kind": "groups", "groups": [str(group.pk)], "accounts": [str(account.pk)]})
        communities.archive_group(workspace, actor=SYSTEM, group_id=group.pk)
        answer = scheduled(api, to_group)
        assert problem(answer) == (422, "invalid", ["audience.groups"])
        assert "Take it out of the audience" in answer.json()["errors"][0]["message"]
        gone = drafted(api, somebody, [account])
        somebody.delete()
        assert problem(api.put(f"/broadcasts/{gone['id']}/check")) == (422, "invalid", ["audience.segment"])
    assert (Run.objects.in_workspace(workspace).count(), Send.objects.in_workspace(workspace).count()) == (0, 0)


def test_an_attachment_too_large_for_one_platform_of_five(api: Api, workspace: Workspace, offer: Callable[..., World]) -> None:
    place = Community.objects.create(workspace=workspace, name="社群")
    accounts, groups = [], []
    sends = Capabilities(has_send_key=True, opens_dm=True, sends=frozenset({"text", "file"}))
    worlds = [offer(f"p{n}", capabilities=sends, limits=Limits(file_bytes_max=1024 * 1024 * (1 if n == 2 else 20))) for n in range(5)]
    for n in range(5):
        accounts.append(pretend.account(workspace, f"p{n}", name=f"号{n}"))
        groups.append(Group.objects.create(workspace=workspace, community=place, name=f"群{n}", channel=f"p{n}"))
        ChatRow.objects.create(workspace=workspace, account=accounts[n], external_id=f"c{n}", kind="group", name=f"群{n}", group=groups[n])
    file = SimpleUploadedFile("菜单.pdf", b"x" * (2 * 1024 * 1024))
    kept = attachments.keep(workspace, actor=SYSTEM, file=file)
    parts = [{"kind": "text", "text": "看附件"}, {"kind": "file", "file": kept["file"], "name": kept["name"]}]
    audience = {"kind": "groups", "groups": [str(one.pk) for one in groups], "accounts": [str(one.pk) for one in accounts]}
    draft = drafted(api, segment(workspace, []), accounts, parts=parts, audience=audience)
    check = api.put(f"/broadcasts/{draft['id']}/check").json()
    assert [(one["name"], one["recipients"], one["problem"]) for one in check["accounts"]] == [(f"号{n}", 1, None) for n in range(5)]
    assert [bool(one["left_out"]) for one in check["accounts"]] == [False, False, True, False, False]
    assert check["accounts"][2]["left_out"][0]["en"] == "“菜单.pdf” is over the 1 MB that Pretend takes; it was left out."
    scheduled(api, draft)
    sent_on()
    assert [one.texts() for one in worlds] == [["看附件[菜单.pdf]"]] * 2 + [["看附件"]] + [["看附件[菜单.pdf]"]] * 2
