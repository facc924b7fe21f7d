"""Pages for whom a message went to, without log-in: a counted link, and the one to want no more."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from hutong.broadcasts import links, work
from hutong.broadcasts.answers import react
from hutong.broadcasts.models import Link, Run
from hutong.channels import unsubscribing
from hutong.channels.actions import opt_outs
from hutong.channels.models import Account, Send
from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.members.models import Identity, Member

PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title><body><main><h1>{title}</h1>{body}</main>"""
POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
ASK = '<p>不再接收营销消息？<br><span lang="en">No more marketing messages?</span></p><form method="post"><button>退订 · <span lang="en">Unsubscribe</span></button></form>'
DONE = '<p>已退订，不会再收到营销消息。<br><span lang="en">You are unsubscribed. No more marketing will be sent to you.</span></p>'
GONE = '<p>这个链接无效或已失效。<br><span lang="en">This link is not valid, or not any more.</span></p>'


def link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead on to where the link was made to lead, and count the person. Looking at the head alone counts nobody."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405)
    said = links.link_of(code)
    found = Link.objects.across_workspaces().select_related("run").filter(code=said[0]).first() if said else None
    if found is None or said is None:
        return _page("链接无效", GONE, status=404)
    if request.method == "GET":
        with transaction.atomic():
            member = _member(found.run, said[1])
            if member is not None:
                _react(found.run, member, "clicked", origin_id=said[1])
                stream.record(
                    Fact(
                        workspace_id=found.workspace_id,
                        name="link_clicked",
                        member_id=member.pk,
                        source=f"broadcast:{found.run.broadcast_id}",
                        properties={"url": found.url, "run_id": str(found.run_id)},
                    )
                )
    response = HttpResponse(status=302)
    response.headers["Location"] = found.url
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and changes nothing; POST is the act, also by the mail program's own button (RFC 8058)."""
    said = links.opened(token)
    if said is None:
        return _unsubscribe_from_automation(request, token)
    account = Account.objects.across_workspaces().filter(pk=said.account_id).first()
    run = Run.objects.across_workspaces().filter(pk=said.run_id).first()
    member = _member(run, said.member_id) if run is not None else None
    if account is None or run is None or member is None or account.workspace_id != run.workspace_id:
        return _page("链接无效", GONE, status=404)
    if request.method != "POST":
        return _asked(request)
    with transaction.atomic():
        rows = Identity.objects.in_workspace(run.workspace_id).filter(member=member, channel=account.channel)
        for ref in rows.values_list("external_id", flat=True):
            opt_outs.asked(account, user_ref=ref, reason="link", member_id=member.pk)
        if _react(run, member, "unsubscribed", origin_id=said.member_id):
            stream.record(
                Fact(
                    workspace_id=run.workspace_id,
                    name="unsubscribed",
                    member_id=member.pk,
                    channel=account.channel,
                    source=f"broadcast:{run.broadcast_id}",
                    properties={"reason": "link"},
                )
            )
    return _page("已退订", DONE)


def _unsubscribe_from_automation(request: HttpRequest, token: str) -> HttpResponse:
    said = unsubscribing.opened(token)
    found = unsubscribing.whom(said) if said is not None else None
    if said is None or found is None:
        return _page("链接无效", GONE, status=404)
    if request.method != "POST":
        return _asked(request)
    with transaction.atomic():
        unsubscribing.stop(*found, source=said.source)
    return _page("已退订", DONE)


def _asked(request: HttpRequest) -> HttpResponse:
    return _page("退订", ASK) if request.method in ("GET", "HEAD") else HttpResponse(status=405)


def _member(run: Run, member_id: uuid.UUID) -> Member | None:
    """Whom they are now, if they were merged since."""
    found = Member.objects.in_workspace(run.workspace_id).select_related("merged_into").filter(pk=member_id).first()
    return (found.merged_into or found) if found is not None else None


def _react(run: Run, member: Member, kind: str, *, origin_id: uuid.UUID) -> bool:
    """Remember it once, with the message it was about; whether it is new."""
    send = Send.objects.in_workspace(run.workspace_id).filter(key=work.key_of(run.pk, origin_id.hex)).values_list("pk", flat=True).first()
    return react(run, member, kind, send_id=send)


def _page(title: str, body: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(PAGE.format(title=title, body=body), status=status)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns: list[URLPattern] = [path("l/<str:code>", link), path("u/<str:token>", unsubscribe)]
