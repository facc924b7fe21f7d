"""Dead letters: seen with their reason, sent again or left, one by one or all of an account; those in doubt only when asked for. Kept files."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.channels import outbox
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat, Text
from hutong.channels.models import Account, Send
from hutong.foundation import clock
from hutong.workspaces.models import AuditEntry, Workspace
from tests.channels.pretend import World
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def dead(account: Account, *states: str) -> list[Send]:
    found = []
    for number, state in enumerate(states):
        order = Order(key=f"{state}-{number}", account_id=account.pk, chat=Chat(f"c{number}"), segments=(Text(state),))
        one = sends.send(account.workspace_id, order)
        Send.objects.in_workspace(account.workspace_id).filter(pk=one.pk).update(
            state=state, is_first=False, finished_at=clock.now(), error_zh="平台拒绝", error_en="Refused"
        )
        found.append(one)
    return found


def states(workspace: Workspace) -> list[tuple[str, bool]]:
    rows = Send.objects.in_workspace(workspace).order_by("id").values_list("state", "dropped_at")
    return [(state, dropped is not None) for state, dropped in rows]


def test_one_is_left_and_may_still_be_sent_again(api: Api, workspace: Workspace, account: Account, world: World) -> None:
    one, other = dead(account, "unknown", "failed")
    assert [row["error_en"] for row in api.get("/channels/sends", show="dead").json()["items"]] == ["Refused", "Refused"]
    left = api.put(f"/channels/sends/{one.pk}/dropping")
    assert (left.status_code, left.json()["state"], left.json()["dropped_at"] is not None) == (200, "unknown", True)
    assert api.put(f"/channels/sends/{one.pk}/dropping").status_code == 200
    assert [row["id"] for row in api.get("/channels/sends", show="dead").json()["items"]] == [str(other.pk)]
    assert [row["id"] for row in api.get("/channels/sends", show="dropped").json()["items"]] == [str(one.pk)]
    assert api.get(f"/channels/accounts/{account.pk}").json()["dead"] == 1
    assert api.put(f"/channels/sends/{one.pk}/resending").json()["dropped_at"] is None
    outbox.drain()
    assert states(workspace) == [("sent", False), ("failed", False)]
    assert api.put(f"/channels/sends/{one.pk}/dropping").json()["code"] == "send_state"
    actions = AuditEntry.objects.in_workspace(workspace).order_by("at").values_list("action", flat=True)
    assert list(actions) == ["send.drop", "send.resend"]


def test_all_of_an_account_but_those_in_doubt(api: Api, workspace: Workspace, account: Account, world: World) -> None:
    dead(account, "failed", "expired", "unknown", "partial")
    body: dict[str, Any] = {"account_id": str(account.pk)}
    assert api.post("/channels/sends/dead/resending", body).json() == {"done": 2}
    outbox.drain()
    assert states(workspace) == [("sent", False), ("sent", False), ("unknown", False), ("partial", False)]
    assert api.post("/channels/sends/dead/dropping", body).json() == {"done": 1}
    assert api.post("/channels/sends/dead/dropping", body | {"with_unknown": True}).json() == {"done": 1}
    assert states(workspace)[2:] == [("unknown", True), ("partial", True)]
    assert api.post("/channels/sends/dead/dropping", {"account_id": str(workspace.pk)}).status_code == 404
    reader = Api(workspace, make_key(workspace, ["channels.read"]))
    assert reader.post("/channels/sends/dead/resending", body).status_code == 403


@pytest.mark.parametrize(
    ("name", "body", "kind", "disposition"),
    [
        ("a.png", PNG, "image/png", "inline"),
        ("a.svg", b"<svg onload='alert(1)'/>", "application/octet-stream", "attachment"),
        ("a.html", b"<script>alert(1)</script>", "application/octet-stream", "attachment"),
        ("a.png", b"<html>", "application/octet-stream", "attachment"),
        ("a.pdf", b"%PDF-1.7", "application/octet-stream", "attachment"),
    ],
)
def test_a_kept_file_is_shown_only_where_it_is_a_picture(
    api: Api, workspace: Workspace, other_workspace: Workspace, name: str, body: bytes, kind: str, disposition: str
) -> None:
    made = api.http.post(api.url("/messages/files"), {"file": SimpleUploadedFile(name, body)})
    assert made.status_code == 201, made.content
    file = made.json()["file"]
    entry = AuditEntry.objects.in_workspace(workspace).get(action="message_file.upload")
    assert (entry.target_name, entry.details["sha256"], entry.details["size_bytes"]) == (name, file, len(body))
    answer = api.get(f"/messages/files/{file}")
    assert (answer.status_code, answer.content, answer["Content-Type"], answer["Content-Disposition"]) == (200, body, kind, disposition)
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == ("nosniff", "default-src 'none'; sandbox")
    assert Api(other_workspace, make_key(other_workspace, ["channels.read"])).get(f"/messages/files/{file}").status_code == 404
    assert Api(workspace, make_key(workspace, ["members.read"])).get(f"/messages/files/{file}").status_code == 403
    assert api.get("/messages/files/" + "0" * 64).status_code == 404
