"""The API keeps its word: generated requests against every operation give no 5xx, only documented answers, in the documented shape,

and a write that succeeds is found in the audit log.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.http import HttpRequest, HttpResponse
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from hutong.channels import contract
from hutong.channels.actions import accounts as channels
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.models import Chat
from hutong.communities.models import Group
from hutong.config.wsgi import application
from hutong.events.models import Source
from hutong.foundation import clock
from hutong.members.models import Member
from hutong.replies.models import Question, Rule, RuleFile, RuleSet, Synonyms
from hutong.segments.models import MemberEdit, MemberTag, Tag, TagGroup
from hutong.workspaces import access, sessions
from hutong.workspaces.models import AuditEntry, Invitation, Staff, User, Workspace
from tests.conftest import make_key

EXAMPLES = 20
CHECKS = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WRITES = ("POST", "PUT", "PATCH", "DELETE")
LEFT_OUT = {
    "session_delete": "ends the session the others use: see tests/workspaces/test_sessions.py",
    "sample_load": "loads 200,000 events each time: see tests/sample",
}

# On the things made here they change nothing, or they only ask.
NOTHING_TO_UNDO = {
    "communities_restore", "groups_restore", "members_clear_attribute", "member_edits_preview", "members_put_tag", "segments_look_up",
    "accounts_prepare", "accounts_test", "accounts_resume", "chats_unlink", "replies_test",
    "message_files_upload", "messages_preview", "broadcasts_dates",
}  # fmt: skip

EMPTY: dict[str, Any] = {"add_tags": [], "remove_tags": [], "set": {}, "clear": []}

load_all_checks()


def signed_in(user: User) -> tuple[dict[str, str], dict[str, str]]:
    request, response = HttpRequest(), HttpResponse()
    request.session = SessionStore()
    sessions.start(request, user)
    sessions.give_token(request, response)
    return {"Origin": django_settings.PUBLIC_URL, "X-CSRFToken": response.cookies["csrftoken"].value}, {
        "hutong_session": str(request.session.session_key)
    }


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The WSGI application ends each request by closing connections inside a transaction: here that is the test's own."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def things(group: Group) -> dict[str, str]:
    """Something of each kind that paths name, by the name of the parameter."""
    workspace, moment = group.workspace, clock.now()
    member = Member.objects.create(workspace=workspace, name="李雷", first_seen_at=moment, last_seen_at=moment)
    source = Source.objects.create(workspace=workspace, name="site", prefix="htw_", key_hash="s")
    invitation = Invitation.objects.create(workspace=workspace, role="viewer", token_hash="i", expires_at=moment)
    colleague = User.objects.create(email="han@example.com", name="韩梅梅", password="!")
    tag = Tag.objects.create(workspace=workspace, name="VIP")
    MemberTag.objects.create(workspace=workspace, tag=tag, member=member, origin=member, source="system")
    Workspace.objects.filter(pk=workspace.pk).update(language="en")  # the commonest example changes it
    account = channels.connect(workspace, actor=access.SYSTEM, platform="webhook", name="程序", settings={})
    chat = Chat.objects.create(workspace=workspace, account=account, external_id="room-1", kind="group", name="一群")
    order = Order(key="k", account_id=account.pk, chat=contract.Chat(id="room-1"), segments=(contract.Text("早"),))
    RuleSet.objects.create(workspace=workspace, version=1)
    Synonyms.objects.create(workspace=workspace, words=["价格", "价钱"])
    reply = Rule.objects.create(workspace=workspace, name="价格", keywords=[{"text": "价格", "way": "contains"}], hands_over=True, version=1)
    question = Question.objects.create(workspace=workspace, event_id="e", group=group, member=member, text="几点？", asked_at=moment)
    found = {
        "reply_id": reply,
        "reply_question_id": question,
        "reply_file_id": RuleFile.objects.create(workspace=workspace, name="a.csv", state="checked"),
        "account_id": account,
        "chat_id": chat,
        "send_id": sends.send(workspace.pk, order),
        "workspace_id": workspace,
        "community_id": group.community,
        "group_id": group,
        "member_id": member,
        "source_id": source,
        "tag_id": tag,
        "tag_group_id": TagGroup.objects.create(workspace=workspace, name="组"),
        "edit_id": MemberEdit.objects.create(workspace=workspace, whom={"filter": {}}, change=EMPTY, state="running", source="system", by_name=""),
        "invitation_id": invitation,
        "staff_id": Staff.objects.create(workspace=workspace, user=colleague, role="viewer"),
    }
    return {**{name: str(one.pk) for name, one in found.items()}, "key": "city", "name": "message_sent", "time_zone": "Asia/Shanghai"}


@pytest.mark.slow
@pytest.mark.timeout(1_200)  # every operation there is
def test_generated_requests_meet_documented_answers(workspace: Workspace, owner: User, group: Group, one_connection: None) -> None:
    key = {"Authorization": f"Bearer {make_key(workspace)}"}
    known = things(group)
    session_headers, cookies = signed_in(owner)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    broken: dict[str, str] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        raw = operation.definition.raw
        if raw["operationId"] in LEFT_OUT:
            continue
        if raw["x-permission"] in (access.PUBLIC, access.SIGNED_IN):
            said = what_breaks(operation, headers=session_headers, cookies=cookies, known={})
        else:
            said = what_breaks(operation, headers=key, cookies={}, known=known)
        if said:
            broken[f"{operation.method.upper()} {operation.path}"] = said
    assert not broken, "\n".join(f"{name}: {said}" for name, said in broken.items())


def _asks_for_something(body: Any) -> bool:
    """Whether a body changes anything: an empty one, or one of nulls, leaves all as it is."""
    return not isinstance(body, dict) or any(value is not None for value in body.values())


def what_breaks(operation: Any, *, headers: dict[str, str], cookies: dict[str, str], known: dict[str, str]) -> str:
    """Every promise that an operation's examples broke, in words; empty when none was."""
    tried = done = audited = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        nonlocal tried, done, audited
        tried += 1
        case.headers.pop("Authorization", None)
        for place in (case.path_parameters, case.query):
            for name in place:
                if name in known and (tried % 2 or name == "workspace_id"):
                    place[name] = known[name]  # every other example is about things that exist
        entries = AuditEntry.objects.across_workspaces()
        with transaction.atomic():
            before = entries.count()
            response = case.call(headers=headers, cookies=cookies)
            done += response.status_code < 400 and _asks_for_something(case.body)
            audited += entries.count() > before
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            run()
        except FailureGroup as group:
            return "\n".join(str(one) for one in group.exceptions)
    assert tried > 0
    if operation.method.upper() in WRITES and done and not audited and operation.definition.raw["operationId"] not in NOTHING_TO_UNDO:
        return f"{done} successes left no trace in the audit log"
    return ""
