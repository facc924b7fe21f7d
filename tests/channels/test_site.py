"""The chat on a site, over HTTP: said once, answered once, seen by nobody else, from no other site, and not faster than people write."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from hutong.channels import connections, files, outbox
from hutong.channels.contract import Chat, Image, Outgoing, Text
from hutong.channels.models import Account, InboundReceipt, Send, SiteFile, SiteMessage
from hutong.channels.models import Chat as ChatRow
from hutong.channels.site import flood, talks
from hutong.events.models import LogEntry
from hutong.events.row import EventRow, decode
from hutong.foundation import clock
from hutong.members.actions import identities
from hutong.members.actions.identities import Seen
from hutong.members.models import AttributeValue, Identity
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.connectors.widget.peer import SECRET, SITE, VISITOR, token

pytestmark = pytest.mark.django_db
OTHER = "f" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    flood.forget()
    yield
    flood.forget()
    connections.forget_all()


@pytest.fixture
def account(api: Api) -> Account:
    settings = {"origins": SITE, "secret": SECRET}
    answer = api.post("/channels/accounts", {"platform": "widget", "name": "官网", "settings": settings})
    assert answer.status_code == 201, answer.content.decode()
    return Account.objects.in_workspace(api.workspace).get(pk=answer.json()["id"])


class Page:
    """A browser with our script."""

    def __init__(self, account: Account, *, visitor: str = VISITOR, user_token: str = "", origin: str = SITE) -> None:
        self.account, self.who, self.origin = account, {"visitor": visitor, "user_token": user_token}, origin
        self.http = Client()

    def post(self, path: str, **body: Any) -> HttpResponse:
        data = json.dumps({**self.who, **body})
        return self.http.post(f"/w/{self.account.pk}/{path}", data, content_type="application/json", headers={"origin": self.origin})

    def says(self, text: str, *, key: str = "", **body: Any) -> HttpResponse:
        return self.post("messages", id=key or uuid.uuid4().hex, text=text, page=f"{SITE}/shop?name=me", **body)

    def uploads(self, body: bytes, name: str = "a.png") -> HttpResponse:
        headers = {"origin": self.origin, "x-file-name": name, "x-visitor": self.who["visitor"], "x-user-token": self.who["user_token"]}
        return self.http.post(f"/w/{self.account.pk}/uploads", body, content_type="application/octet-stream", headers=headers)

    @property
    def talk(self) -> list[tuple[bool, str]]:
        found = self.post("talk").json()["messages"]
        return [(one["own"], "".join(part["text"] for part in one["parts"] if part["kind"] == "text")) for one in found]


def rows() -> list[EventRow]:
    return [decode(bytes(body)) for name, body in LogEntry.objects.order_by("seq").values_list("name", "body") if name == "message_sent"]


def answer(api: Api, text: str, key: str) -> None:
    chat = ChatRow.objects.in_workspace(api.workspace).get()
    made = api.post("/channels/sends", {"account_id": str(chat.account_id), "chat_id": str(chat.pk), "text": text, "key": key})
    assert made.status_code == 201, made.content.decode()
    outbox.drain()


def test_what_a_visitor_says_is_an_event_and_the_answer_is_theirs(api: Api, account: Account) -> None:
    page = Page(account)
    said = page.says("几点开门", key="abcdefgh-1")
    assert said.status_code == 201
    assert said.headers["access-control-allow-origin"] == SITE
    (row,) = rows()
    assert (row.text, row.channel, row.properties["scene"]) == ("几点开门", "widget", f"{SITE}/shop")
    answer(api, "八点", "k1")
    assert Send.objects.in_workspace(api.workspace).get().state == "sent"
    assert page.talk == [(False, "几点开门"), (True, "八点")]
    assert Page(account, visitor=OTHER).talk == []
    last = page.post("talk").json()["messages"][0]["id"]
    assert [one["own"] for one in page.post("talk", after=last).json()["messages"]] == [True]


def test_a_message_posted_twice_is_one(api: Api, account: Account) -> None:
    page = Page(account)
    for _ in range(3):
        assert page.says("在吗", key="abcdefgh-1").status_code == 201
    assert (SiteMessage.objects.in_workspace(api.workspace).count(), InboundReceipt.objects.in_workspace(api.workspace).count(), len(rows())) == (
        1,
        1,
        1,
    )


def test_an_answer_left_twice_is_one(workspace: Workspace, account: Account) -> None:
    one = connections.of(account)
    left = [one.link.leave("v1", "k", (Text("好"),)) for _ in range(2)]
    assert left[0] == left[1]
    assert talks.read(account, "v1", after=None)[0]["parts"] == [{"kind": "text", "text": "好"}]
    assert SiteMessage.objects.in_workspace(workspace).count() == 1


def test_who_is_signed_in_is_the_sites_own_member(workspace: Workspace, account: Account) -> None:
    known = identities.resolve(workspace.pk, [Seen("user_id", "u7", "小红", clock.now_ms())])["user_id", "u7"]
    page = Page(account, user_token=token(sub="u7", name="小红", email="hong@example.com"))
    assert page.says("我的订单呢").status_code == 201
    identity = Identity.objects.in_workspace(workspace).get(channel="widget", external_id="user:u7")
    assert identity.member_id == known
    assert AttributeValue.objects.in_workspace(workspace).get(member_id=known, attribute__key="email").value == "hong@example.com"
    assert Page(account, user_token=token(sub="u7"), visitor=OTHER).talk == [(False, "我的订单呢")]  # another device of hers
    assert Page(account).talk == []


def test_an_address_is_kept_as_an_attribute(workspace: Workspace, account: Account) -> None:
    page = Page(account)
    page.says("在吗")
    assert [page.post("address", email=wrong).status_code for wrong in ("", "x", "a@b", "a b@c.de", "a@b..c", "x@" + "y" * 300 + ".com")] == [422] * 6
    assert page.post("address", email=" a@example.com ").status_code == 200
    assert AttributeValue.objects.in_workspace(workspace).get(attribute__key="email").value == "a@example.com"


def test_files_are_uploaded_first_and_served_so_that_nothing_runs(workspace: Workspace, account: Account) -> None:
    page = Page(account)
    found = page.uploads(PNG, "%E5%9B%BE.png").json()
    assert (found["name"], found["content_type"], found["image"]) == ("图.png", "image/png", True)
    assert page.says("", files=[found]).status_code == 201
    (part,) = page.post("talk").json()["messages"][0]["parts"]
    assert part["kind"] == "image"
    shown = page.http.get(f"/w/{account.pk}/files/{found['file']}")
    assert (shown.status_code, shown.content, shown.headers["content-security-policy"]) == (200, PNG, "default-src 'none'; sandbox")
    evil = page.uploads(b"<script>alert(1)</script>", "../../x.html").json()
    assert (evil["name"], evil["image"]) == ("x.html", False)
    served = page.http.get(f"/w/{account.pk}/files/{evil['file']}")
    assert (served.headers["content-type"], served.headers["content-disposition"].startswith("attachment")) == ("application/octet-stream", True)
    assert page.uploads(b"x" * (5 * 1024 * 1024 + 1)).status_code == 413
    assert page.uploads(b"").status_code == 413


def test_nobody_reaches_a_file_that_was_not_for_the_site(workspace: Workspace, account: Account) -> None:
    secret = files.keep(workspace.pk, b"of the office")
    page = Page(account)
    assert page.says("", files=[{"file": secret, "name": "x"}]).status_code == 422
    assert page.http.get(f"/w/{account.pk}/files/{secret}").status_code == 404
    assert (SiteMessage.objects.in_workspace(workspace).count(), SiteFile.objects.in_workspace(workspace).count()) == (0, 0)
    connections.of(account).send(Outgoing(key="k", chat=Chat("v1", "dm"), segments=(Image(file=secret, name="a"),)))
    assert page.http.get(f"/w/{account.pk}/files/{secret}").content == b"of the office"


def test_other_sites_and_forged_users_get_nothing(workspace: Workspace, account: Account) -> None:
    for page, status in (
        (Page(account, origin="https://evil.example"), 403),
        (Page(account, origin=""), 403),
        (Page(account, user_token=token(key="another-another-another", sub="u7")), 403),
        (Page(account, visitor="nobody"), 403),
    ):
        answers = [page.says("x"), page.post("talk"), page.post("address", email="a@example.com"), page.uploads(PNG)]
        assert [one.status_code for one in answers] == [status] * 4
        if page.origin != SITE:
            assert "access-control-allow-origin" not in answers[0].headers
    assert (rows(), SiteMessage.objects.in_workspace(workspace).count(), Identity.objects.in_workspace(workspace).count()) == ([], 0, 0)


def test_a_preflight_is_answered_for_allowed_sites_alone(account: Account) -> None:
    path = f"/w/{account.pk}/messages"
    ours = Client().options(path, headers={"origin": SITE})
    assert (ours.status_code, ours.headers["access-control-allow-origin"], ours.headers["vary"]) == (204, SITE, "origin")
    assert Client().options(path, headers={"origin": "https://evil.example"}).status_code == 403
    assert Client().get(path, headers={"origin": SITE}).status_code == 405


def test_a_flood_is_held_up_by_visitor_and_by_address(workspace: Workspace, account: Account) -> None:
    statuses = [Page(account).says(str(n)).status_code for n in range(flood.MESSAGES_PER_VISITOR + 2)]
    assert statuses == [201] * flood.MESSAGES_PER_VISITOR + [429] * 2
    many = [Page(account, visitor=f"{n:032x}").says("x").status_code for n in range(flood.MESSAGES_PER_ADDRESS)]
    assert many.count(201) == flood.MESSAGES_PER_ADDRESS - flood.MESSAGES_PER_VISITOR - 2
    assert SiteMessage.objects.in_workspace(workspace).count() == many.count(201) + flood.MESSAGES_PER_VISITOR


def test_what_is_too_large_or_no_json_is_refused(account: Account) -> None:
    page = Page(account)
    assert page.says("长" * 4_001).status_code == 413
    assert page.says("长" * 70_000).status_code == 413
    assert page.says("").status_code == 422
    assert page.says("x", key="a").status_code == 422
    raw = Client().post(f"/w/{account.pk}/messages", b"{", content_type="application/json", headers={"origin": SITE})
    assert raw.status_code == 422
    assert page.post("talk", after="x'; --").status_code == 200


def test_the_script_holds_its_look_and_no_secret(api: Api, account: Account) -> None:
    api.put(f"/channels/accounts/{account.pk}/connection", {"settings": {"origins": SITE, "greeting": "</script><b>您好"}, "private_hosts": []})
    script = Client().get(f"/w/{account.pk}.js")
    body = script.content.decode()
    assert script.headers["content-type"].startswith("text/javascript")
    assert "您好" in body
    assert "</script>" not in body
    assert SECRET not in body
    assert SITE not in body
    assert Client().get(f"/w/{uuid.uuid4()}.js").status_code == 404


def test_the_script_is_small(account: Account) -> None:
    assert len(gzip.compress(Client().get(f"/w/{account.pk}.js").content)) <= 30 * 1024


def test_other_accounts_and_the_callback_address_are_not_the_site(api: Api, account: Account) -> None:
    body = json.dumps({"id": "abcdefgh-1", "visitor": VISITOR, "text": "x"})
    assert Client().post(f"/hooks/{account.pk}", body, content_type="application/json", headers={"origin": SITE}).status_code == 404
    other = api.post("/channels/accounts", {"platform": "webhook", "name": "程序", "settings": {}}).json()["id"]
    assert Client().get(f"/w/{other}.js").status_code == 404
    api.put(f"/channels/accounts/{account.pk}/pause")
    assert Page(account).says("x").status_code == 404


def test_the_account_shows_the_line_for_the_page(api: Api, account: Account) -> None:
    found = api.get(f"/channels/accounts/{account.pk}").json()
    assert found["snippet"] == f'<script src="http://127.0.0.1:8000/w/{account.pk}.js" async></script>'
    assert found["callback_url"] == ""
