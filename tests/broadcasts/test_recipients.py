"""Each recipient behind the numbers: by outcome, page after page, who could not be reached and why, and all of it as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from hutong.broadcasts import work
from hutong.broadcasts.actions import runs
from hutong.broadcasts.models import Missed, Run
from hutong.channels import outbox
from hutong.channels.contract import Capabilities, Refused
from hutong.channels.models import Account
from hutong.channels.models import Chat as ChatRow
from hutong.communities.models import Community, Group
from hutong.workspaces.models import AuditEntry, Workspace
from tests.broadcasts.making import begin, people, segment, to_segment
from tests.channels import pretend
from tests.channels.pretend import World, raising
from tests.conftest import Api

pytestmark = pytest.mark.django_db
LINK = "https://shop.example/new"


@pytest.fixture
def run(workspace: Workspace, world: World, account: Account) -> Run:
    """Two refused, three sent, of whom one clicked; two on no channel of ours."""
    members = [*people(workspace, 5), *people(workspace, 2, channel="elsewhere")]
    made = begin(workspace, to_segment(workspace, segment(workspace, members), [account], text=f"{{{{name}}}}：{LINK}", tracks_links=True))
    world.meets.extend([raising(Refused("blocked", "被拉黑。", "Blocked."))] * 2)
    work.perform(made.pk)
    outbox.drain()
    runs.mind()
    Client().get("/" + world.texts()[0].split("：")[1].split("/", 3)[3])
    made.refresh_from_db()
    return made


def rows(api: Api, run: Run, **query: Any) -> Any:
    answer = api.get(f"/broadcasts/{run.broadcast_id}/runs/{run.pk}/recipients", **query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_by_outcome_and_all_of_them(api: Api, run: Run) -> None:
    names = {
        show: sorted(one["name"] for one in rows(api, run, show=show)["items"]) for show in ("sent", "failed", "unreachable", "queued", "expired")
    }
    assert {show: len(some) for show, some in names.items()} == {"sent": 3, "failed": 2, "unreachable": 2, "queued": 0, "expired": 0}
    found, cursor = [], None
    while True:
        page = rows(api, run, limit=2, cursor=cursor)
        assert len(page["items"]) <= 2
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [one["state"] for one in found] == ["failed"] * 2 + ["sent"] * 3 + ["unreachable"] * 2
    assert len({one["id"] for one in found}) == 7
    assert {one["error_en"] for one in found if one["state"] == "failed"} == {"Blocked."}
    said = {one["error_en"] for one in found if one["state"] == "unreachable"}
    assert said == {"No identity on the channels of the accounts. Connect or import a channel they are on, or choose other accounts."}
    clicked = [one for one in found if one["clicked_at"]]
    assert len(clicked) == 1
    assert [one["name"] for one in rows(api, run, show="clicked")["items"]] == [clicked[0]["name"]]
    assert (run.no_identity, run.clicked) == (2, 1)


def test_a_cursor_of_something_else_is_refused(api: Api, run: Run) -> None:
    for wrong in ("x", "W10", "WyJzZW50IiwgIngiXQ", "WyJib2d1cyIsICIwMTkyIl0", "WzEsIDJd"):
        answer = api.get(f"/broadcasts/{run.broadcast_id}/runs/{run.pk}/recipients", cursor=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def table(api: Api, run: Run, **query: Any) -> list[dict[str, str]]:
    answer = api.get(f"/broadcasts/{run.broadcast_id}/runs/{run.pk}/recipients.csv", **query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_every_recipient_or_one_outcome(api: Api, run: Run, workspace: Workspace) -> None:
    every = table(api, run)
    assert [(one["State"], one["Reason"][:8]) for one in every] == [("failed", "Blocked.")] * 2 + [("sent", "")] * 3 + [
        ("unreachable", "No ident")
    ] * 2
    assert [bool(one["Clicked"]) for one in every].count(True) == 1
    assert [one["State"] for one in table(api, run, show="unreachable")] == ["unreachable"] * 2
    assert [one["Member"] for one in table(api, run, show="clicked")] == [one["Member"] for one in every if one["Clicked"]]
    said = AuditEntry.objects.in_workspace(workspace).filter(action="broadcast.export").order_by("at", "id").values_list("details", flat=True)
    assert [one["show"] for one in said] == ["all", "unreachable", "clicked"]


def test_each_kind_of_unreachable_says_why(api: Api, workspace: Workspace, offer: Any) -> None:
    offer("closed", capabilities=Capabilities(has_send_key=True))
    account = pretend.account(workspace, "closed")
    on, off = people(workspace, 2, channel="closed"), people(workspace, 1, channel="elsewhere")
    ChatRow.objects.create(workspace=workspace, account=account, external_id="u0", kind="dm")
    made = begin(workspace, to_segment(workspace, segment(workspace, [*on, *off]), [account]))
    work.perform(made.pk)
    work.perform(made.pk)
    found = {one["name"]: one["reason"] for one in rows(api, made, show="unreachable")["items"]}
    assert found == {"成员1": "not_opened", "成员0": "no_identity"}
    assert set(Missed.objects.in_workspace(workspace).values_list("member_id", flat=True)) == {on[1].pk, off[0].pk}


def test_a_group_without_an_account_is_listed_too(api: Api, workspace: Workspace, world: World, account: Account) -> None:
    place = Community.objects.create(workspace=workspace, name="社群")
    groups = [Group.objects.create(workspace=workspace, community=place, name=f"群{n}", channel="pretend") for n in range(2)]
    ChatRow.objects.create(workspace=workspace, account=account, external_id="c0", kind="group", name="群0", group=groups[0])
    draft = api.post("/broadcasts", {"name": "群里"}).json()
    body = {"version": 1, "name": "群里", "parts": [{"kind": "text", "text": "周五见"}], "timing": {"kind": "now"},
            "audience": {"kind": "groups", "groups": [str(one.pk) for one in groups], "accounts": [str(account.pk)]}}  # fmt: skip
    version = api.put(f"/broadcasts/{draft['id']}", body).json()["version"]
    api.put(f"/broadcasts/{draft['id']}/schedule", {"version": version})
    run = Run.objects.in_workspace(workspace).get()
    work.perform(run.pk)
    assert [(one["name"], one["group"], one["reason"]) for one in rows(api, run, show="unreachable")["items"]] == [("群1", "群1", "no_account")]
    said = api.get(f"/broadcasts/{draft['id']}").json()["runs"][0]
    assert (said["unreachable"], said["no_account"], said["expected"], said["seen"], said["recipients"]) == (1, 1, 2, 2, 1)


def test_nobody_elses(api: Api, other_api: Api, run: Run) -> None:
    for path in ("recipients", "recipients.csv"):
        assert other_api.get(f"/broadcasts/{run.broadcast_id}/runs/{run.pk}/{path}").status_code == 404
