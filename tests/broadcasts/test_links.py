"""Addresses in messages: who followed one, who wants no more; nothing of it can be made up."""

from __future__ import annotations

import pytest
from django.test import Client

from hutong.broadcasts import links
from hutong.broadcasts.models import Reaction, Run
from hutong.channels import outbox
from hutong.channels.models import Account, OptOut, Send
from hutong.events.models import LogEntry
from hutong.workspaces.models import Workspace
from tests.broadcasts.conftest import enqueue
from tests.broadcasts.making import begin, people, segment, to_segment
from tests.channels.pretend import World

pytestmark = pytest.mark.django_db
URL = "https://shop.example/new?a=1&b=2"


def sent(workspace: Workspace, world: World, account: Account, **said: object) -> Run:
    run = begin(workspace, to_segment(workspace, segment(workspace, people(workspace, 2)), [account], text=f"看这里 {URL}，还有 {URL}。", **said))
    enqueue(run.pk)
    outbox.drain()
    run.refresh_from_db()
    return run


def test_a_click_leads_on_and_counts_the_person_once(workspace: Workspace, world: World, account: Account) -> None:
    run = sent(workspace, world, account, tracks_links=True)
    first, second = ([word for word in text.replace("，", " ").replace("。", " ").split() if "/l/" in word] for text in world.texts())
    assert first[0] == first[1] != second[0]
    path = "/" + first[0].split("/", 3)[3]
    client = Client()
    assert client.head(path).status_code == 302
    assert Reaction.objects.in_workspace(workspace).count() == 0
    for _ in range(2):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"], answer.headers["Cache-Control"]) == (302, URL, "no-store")
    run.refresh_from_db()
    assert run.clicked == 1
    member = Send.objects.in_workspace(workspace).get(chat_ref="u0").member_id
    assert list(Reaction.objects.in_workspace(workspace).values_list("kind", "member_id")) == [("clicked", member)]
    assert LogEntry.objects.filter(name="link_clicked").count() == 2


def test_what_was_tampered_with_leads_nowhere(workspace: Workspace, world: World, account: Account) -> None:
    sent(workspace, world, account, tracks_links=True)
    code = world.texts()[0].split("/l/")[1].split("，")[0]
    client = Client()
    for wrong in (code[:-1] + ("A" if code[-1] != "A" else "B"), "B" + code[1:], code[:20], "x", "../" + code, "%00"):
        assert client.get(f"/l/{wrong}").status_code == 404
    assert Reaction.objects.in_workspace(workspace).count() == 0


def test_without_the_option_addresses_stay(workspace: Workspace, world: World, account: Account) -> None:
    sent(workspace, world, account)
    assert world.texts()[0] == f"看这里 {URL}，还有 {URL}。"


def test_asking_changes_nothing_and_one_post_unsubscribes(workspace: Workspace, world: World, account: Account) -> None:
    run = sent(workspace, world, account, purpose="marketing")
    send = Send.objects.in_workspace(workspace).get(chat_ref="u0")
    assert send.member_id is not None
    path = links.unsubscribe_url(member_id=send.member_id, account_id=account.pk, run_id=run.pk).split("/", 3)[3]
    assert f"/{path}".encode() in bytes(send.body)
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/{path}")
    assert page.status_code == 200
    assert "退订" in page.content.decode()
    assert OptOut.objects.in_workspace(workspace).count() == 0
    for _ in range(2):
        assert client.post(f"/{path}", "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded").status_code == 200
    assert list(OptOut.objects.in_workspace(workspace).values_list("channel", "user_ref")) == [("pretend", "u0")]
    run.refresh_from_db()
    assert run.unsubscribed == 1
    assert client.post(f"/{path[:-2]}aa").status_code == 404
