"""Channels over HTTP: connected by a live test, secrets never shown, callbacks taken once, the outbox minded; nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client

from hutong.channels import connections, outbox
from hutong.channels.actions import inbound
from hutong.channels.contract import CALLBACK_BYTES_MAX, Limits, Rate
from hutong.channels.models import Account, Chat, InboundReceipt, Send
from hutong.communities.models import Community, Group
from hutong.workspaces.models import AuditEntry, Workspace
from tests.channels import pretend
from tests.channels.pretend import World, message
from tests.conftest import Api, make_key
from tests.connectors.webhook.peer import WebhookPeer, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(settings: Any) -> Iterator[WebhookPeer]:
    settings.EGRESS_LOOPBACK = True
    with start() as started:
        yield started


def connect(api: Api, platform: str = "pretend", name: str = "小助手", **settings: Any) -> dict[str, Any]:
    answer = api.post("/channels/accounts", {"platform": platform, "name": name, "settings": settings or {"token": "right"}})
    assert answer.status_code == 201, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def audited(workspace: Workspace) -> list[str]:
    return list(AuditEntry.objects.in_workspace(workspace).order_by("at", "id").values_list("action", flat=True))


def test_the_form_comes_from_the_manifest(api: Api) -> None:
    (webhook,) = [one for one in api.get("/channels/platforms").json()["items"] if one["platform"] == "webhook"]
    assert [(field["name"], field["kind"], field["required"]) for field in webhook["fields"]] == [
        ("url", "url", False),
        ("secret", "secret", True),
        ("previous_secret", "secret", False),
    ]
    assert (webhook["ways"], webhook["capabilities"]["has_send_key"], webhook["limits"]["reply"]) == (["receive", "send"], True, None)


def test_connected_after_a_live_test_and_its_secret_shown_once(api: Api, workspace: Workspace, peer: WebhookPeer) -> None:
    body = {"platform": "webhook", "settings": {"url": peer.url}}
    tried = api.post("/channels/tests", body)
    assert (tried.status_code, tried.json()["code"]) == (422, "not_connected")  # a secret was made up that the other side does not know
    peer.secret = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    tried = api.post("/channels/tests", {**body, "settings": {"url": peer.url, "secret": peer.secret}})
    assert (tried.status_code, tried.json()["name"], tried.json()["made"]) == (200, "127.0.0.1", {})
    made = connect(api, "webhook", "我的程序", url=peer.url, secret=peer.secret)
    assert (made["state"], made["settings"], made["callback_url"].endswith(f"/hooks/{made['id']}")) == ("active", {"url": peer.url}, True)
    everything = json.dumps([api.get("/channels/accounts").json(), api.get(f"/channels/accounts/{made['id']}").json(), made])
    assert peer.secret not in everything
    assert made["sends"] == ["data", "file", "image", "link", "mention", "quote", "text"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT settings, secrets FROM channels_account")
        ((settings, secrets),) = cursor.fetchall()
    assert peer.secret not in settings
    assert peer.secret.encode() not in bytes(secrets)
    assert audited(workspace) == ["account.connect"]


def test_a_made_up_secret_is_shown_before_it_is_kept(api: Api) -> None:
    assert list(api.post("/channels/preparations", {"platform": "webhook"}).json()["made"]) == ["secret"]
    tried = api.post("/channels/tests", {"platform": "webhook", "settings": {}}).json()
    assert list(tried["made"]) == ["secret"]
    assert len(tried["notes"]) == 1
    made = connect(api, "webhook", "只收", secret=tried["made"]["secret"])
    account = Account.objects.across_workspaces().get(pk=made["id"])
    assert connections.settings_of(account)["secret"] == tried["made"]["secret"]


@pytest.mark.parametrize(
    ("settings", "field"),
    [({}, "settings.token"), ({"token": ""}, "settings.token"), ({"token": "right", "odd": "x"}, "settings.odd"),
     ({"token": "right", "size": "x"}, "settings.size"), ({"token": "right", "url": "a\nb"}, "settings.url"), ({"token": 5}, "settings.token")],
)  # fmt: skip
def test_a_bad_setting_is_named_and_nothing_is_kept(api: Api, world: World, settings: dict[str, Any], field: str) -> None:
    answer = api.post("/channels/accounts", {"platform": "pretend", "name": "x", "settings": settings})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert Account.objects.across_workspaces().count() == 0


def test_what_the_platform_says_is_told(api: Api, world: World) -> None:
    answer = api.post("/channels/accounts", {"platform": "pretend", "name": "x", "settings": {"token": "wrong"}})
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (422, "not_connected", "The token is wrong. Enter it again.")
    assert api.post("/channels/accounts", {"platform": "odd", "name": "x", "settings": {}}).status_code == 404


def test_only_an_owner_lets_a_connector_into_the_private_network(api: Api, workspace: Workspace, peer: WebhookPeer, settings: Any) -> None:
    settings.EGRESS_LOOPBACK = False
    given = {"platform": "webhook", "name": "x", "settings": {"url": peer.url, "secret": peer.secret}}
    refused = api.post("/channels/accounts", given)
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]) == (409, "host_unconfirmed", {"host": "127.0.0.1"})
    manager = Api(workspace, make_key(workspace, ["channels.read", "channels.manage"]))
    confirmed = {**given, "private_hosts": ["127.0.0.1"]}
    assert manager.post("/channels/accounts", confirmed).json()["code"] == "only_owners_confirm"
    made = api.post("/channels/accounts", confirmed)
    assert (made.status_code, made.json()["private_hosts"]) == (201, ["127.0.0.1"])
    again = {"settings": {"url": peer.url, "secret": ""}, "private_hosts": ["127.0.0.1"]}
    assert manager.put(f"/channels/accounts/{made.json()['id']}/connection", again).status_code == 200
    elsewhere = {**again, "private_hosts": ["127.0.0.1", "10.0.0.1"]}
    assert manager.put(f"/channels/accounts/{made.json()['id']}/connection", elsewhere).json()["code"] == "only_owners_confirm"


def test_names_and_accounts_are_there_once(api: Api, offer: Callable[..., World]) -> None:
    offer()
    offer("other")
    connect(api)
    assert api.post("/channels/accounts", {"platform": "pretend", "name": "y", "settings": {"token": "right"}}).json()["code"] == "account_connected"
    assert (
        api.post("/channels/accounts", {"platform": "other", "name": "小助手", "settings": {"token": "right"}}).json()["code"] == "account_name_taken"
    )


def test_paused_renamed_reconnected_removed(api: Api, workspace: Workspace, world: World) -> None:
    made = connect(api)
    path = f"/channels/accounts/{made['id']}"
    assert api.patch(path, {"name": "新名"}).json()["name"] == "新名"
    assert api.put(f"{path}/pause").json()["state"] == "paused"
    assert api.delete(f"{path}/pause").json()["state"] == "active"
    assert api.put(f"{path}/connection", {"settings": {"token": "wrong"}}).json()["code"] == "not_connected"
    world.token = "second"
    assert api.put(f"{path}/connection", {"settings": {"token": ""}}).json()["code"] == "not_connected"
    assert api.put(f"{path}/connection", {"settings": {"token": "second"}}).json()["state"] == "active"
    assert api.put(f"{path}/connection", {"settings": {"token": ""}}).status_code == 200
    assert api.delete(path).status_code == 204
    assert (api.get(path).status_code, api.get("/channels/accounts").json()["items"]) == (404, [])
    gone = Account.objects.in_workspace(workspace).get()
    assert (gone.state, bytes(gone.secrets), gone.settings) == ("removed", b"", {})
    assert audited(workspace) == [
        "account.connect", "account.change", "account.pause", "account.resume", "account.reconnect", "account.reconnect", "account.remove",
    ]  # fmt: skip
    connect(api, token="second")


def test_chats_and_their_groups(api: Api, workspace: Workspace, community: Community, world: World) -> None:
    made = connect(api)
    path = f"/channels/accounts/{made['id']}"
    assert api.post(f"{path}/chats/refresh").json() == {"found": 1}
    account = Account.objects.in_workspace(workspace).get()
    inbound.receive(account, [message("早", 1)])
    assert api.get(path).json()["unlinked"] == 1
    (chat,) = api.get(f"{path}/chats").json()["items"]
    assert (chat["name"], chat["has_waiting"], chat["group_id"]) == ("一群", True, None)
    group = Group.objects.create(workspace=workspace, community=community, name="导入的群", channel="pretend")
    linked = api.put(f"/channels/chats/{chat['id']}/group", {"group_id": str(group.pk)}).json()
    assert (linked["group_name"], linked["community_name"], linked["has_waiting"]) == ("导入的群", "胡同读书会", False)
    assert api.delete(f"/channels/chats/{chat['id']}/group").json()["group_id"] is None
    assert api.put(f"/channels/chats/{chat['id']}/group", {}).status_code == 404
    added = api.post(f"{path}/chats", {"external_id": "c7", "name": "手工", "kind": "dm"})
    assert (added.status_code, added.json()["name"]) == (201, "手工")
    assert [one["name"] for one in api.get(f"{path}/chats", q="手").json()["items"]] == ["手工"]


def test_the_outbox_is_minded(api: Api, workspace: Workspace, offer: Callable[..., World]) -> None:
    world = offer(limits=Limits(per_account=(Rate(30, 1),)))
    made = connect(api)
    chat = Chat.objects.create(workspace=workspace, account_id=made["id"], external_id="c1", kind="group", name="一群")
    given = {"account_id": made["id"], "chat_id": str(chat.pk), "text": " 你好\n胡同 ", "key": "k1"}
    sent = api.post("/channels/sends", given)
    assert (sent.status_code, sent.json()["state"], sent.json()["key"]) == (201, "queued", "staff/k1")
    assert api.post("/channels/sends", given).json()["id"] == sent.json()["id"]
    outbox.drain()
    assert world.texts() == ["你好\n胡同"]
    other = api.post("/channels/sends", {**given, "key": "k2"}).json()
    assert api.delete(f"/channels/sends/{other['id']}").json()["state"] == "cancelled"
    assert api.delete(f"/channels/sends/{other['id']}").json()["code"] == "send_state"
    dead = api.post("/channels/sends", {**given, "key": "k3"}).json()
    Send.objects.in_workspace(workspace).filter(pk=dead["id"]).update(state="failed", is_first=False, error_en="No.")
    assert [one["key"] for one in api.get("/channels/sends", show="dead").json()["items"]] == ["staff/k3"]
    seen = api.get(f"/channels/accounts/{made['id']}").json()
    assert (seen["dead"], seen["waiting"], seen["health"]["sent"], seen["health"]["limits"][0]["count"]) == (1, 0, 1, 30)
    assert api.put(f"/channels/sends/{dead['id']}/resending").json()["state"] == "queued"
    outbox.drain()
    assert [one["state"] for one in api.get("/channels/sends", account_id=made["id"]).json()["items"]] == ["sent", "cancelled", "sent"]
    assert api.post("/channels/sends", {**given, "chat_id": made["id"]}).status_code == 404


def test_rules_over_http(api: Api) -> None:
    assert api.get("/channels/rules").json()["quiet_from"] == "22:00"
    changed = api.patch("/channels/rules", {"quiet_from": "21:30", "banned_words": ["加微信", "加微信"]}).json()
    assert (changed["quiet_from"], changed["banned_words"], changed["quiet_to"]) == ("21:30", ["加微信"], "08:00")
    bad = api.patch("/channels/rules", {"quiet_from": "9pm"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "quiet_from")


# --- callbacks --------------------------------------------------------------------


def call(path: str, body: bytes, headers: dict[str, str], method: str = "POST") -> Any:
    return Client().generic(method, path, body, content_type="application/json", headers=headers)


def test_a_callback_is_taken_once(api: Api, workspace: Workspace, peer: WebhookPeer) -> None:
    made = connect(api, "webhook", "我的程序", url=peer.url, secret=peer.secret)
    path = f"/hooks/{made['id']}"
    request = peer.callback("你好")
    assert [call(path, request.body, request.headers).status_code for _ in range(3)] == [200, 200, 200]
    assert InboundReceipt.objects.in_workspace(workspace).count() == 1
    forged = peer.forged()["another body"]
    refused = call(path, forged.body, forged.headers)
    assert (refused.status_code, "signing secret" in refused.content.decode()) == (401, True)
    odd = peer.signed(b'{"type": "message.odd", "data": {}}', webhook_id="m9")
    assert call(path, odd.body, odd.headers).status_code == 422
    large = peer.signed(b"x" * (CALLBACK_BYTES_MAX + 1))
    assert call(path, large.body, large.headers).status_code == 413
    assert call(path, b"", {}, method="DELETE").status_code == 405
    api.put(f"/channels/accounts/{made['id']}/pause")
    assert call(path, request.body, request.headers)["Retry-After"] == "60"
    api.delete(f"/channels/accounts/{made['id']}")
    assert call(path, request.body, request.headers).status_code == 404
    assert call("/hooks/0190-odd", b"", {}).status_code == 404
    assert InboundReceipt.objects.in_workspace(workspace).count() == 1


def test_a_connector_answers_in_its_own_words(workspace: Workspace, account: Account, world: World) -> None:
    body = msgspec.json.encode(message("早", 1))
    answer = call(f"/hooks/{account.pk}", body, {"x-token": "right"})
    assert (answer.status_code, answer.content) == (200, b"ok")
    Account.objects.in_workspace(workspace).update(secrets=b"sealed under another key", version=9)
    assert call(f"/hooks/{account.pk}", body, {"x-token": "right"}).status_code == 503
    account.refresh_from_db()
    assert (account.state, "secret.key" in account.problem_en) == ("needs_reconnect", True)


def test_another_workspace_sees_and_changes_nothing(api: Api, other_api: Api, workspace: Workspace, world: World) -> None:
    made = connect(api)
    chat = Chat.objects.create(workspace=workspace, account_id=made["id"], external_id="c1", kind="group", name="一群")
    sent = api.post("/channels/sends", {"account_id": made["id"], "chat_id": str(chat.pk), "text": "x", "key": "k1"}).json()
    before = audited(workspace)
    account = f"/channels/accounts/{made['id']}"
    for method, path, body in (
        ("GET", account, None),
        ("PATCH", account, {"name": "x"}),
        ("PUT", f"{account}/connection", {"settings": {"token": "right"}}),
        ("PUT", f"{account}/pause", None),
        ("DELETE", f"{account}/pause", None),
        ("DELETE", account, None),
        ("GET", f"{account}/chats", None),
        ("POST", f"{account}/chats", {"external_id": "c9", "name": "x"}),
        ("POST", f"{account}/chats/refresh", None),
        ("PUT", f"/channels/chats/{chat.pk}/group", {}),
        ("DELETE", f"/channels/chats/{chat.pk}/group", None),
        ("DELETE", f"/channels/sends/{sent['id']}", None),
        ("PUT", f"/channels/sends/{sent['id']}/resending", None),
        ("POST", "/channels/sends", {"account_id": made["id"], "chat_id": str(chat.pk), "text": "x", "key": "k2"}),
        ("POST", "/channels/tests", {"platform": "pretend", "settings": {"token": "right"}, "account_id": made["id"]}),
    ):
        assert other_api.send(method, path, body).status_code == 404, (method, path)
    assert other_api.get("/channels/accounts").json()["items"] == []
    assert other_api.get("/channels/sends").json()["items"] == []
    assert (audited(workspace), Chat.objects.in_workspace(workspace).count(), Send.objects.across_workspaces().count()) == (before, 1, 1)
    assert Account.objects.in_workspace(workspace).get().self_id == pretend.ME
