"""What staff can be told of a member: an alert that stays until somebody says that it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from hutong.alerts.actions import raising
from hutong.alerts.actions.raising import Finding
from hutong.alerts.models import AUTOMATION
from hutong.channels import personal
from hutong.communities.models import Community, Group
from hutong.foundation import clock, fields, filled
from hutong.foundation.acting import DONE, UNCHANGED, Action, Cause, Doer, Field, Occasion, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.foundation.fields import ANY_OF_EVENT
from hutong.members import bulk
from hutong.workspaces import people as staff

TEXT_LENGTH_MAX = 500
EXCERPT_LENGTH = 200
READ = "alerts.read"


def _check(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    text = filled.text(given, "text", length_max=TEXT_LENGTH_MAX, has_lines=True)
    personal.line(workspace_id, text, where="text", also=[ANY_OF_EVENT])
    to = filled.maybe_id(given, "to")
    if to is not None and to not in _able(workspace_id):
        raise Invalid.field("to", "这位员工看不到提醒。", "They may not see alerts.")
    return {"text": text, "to": str(to) if to else ""}


def _able(workspace_id: uuid.UUID) -> dict[uuid.UUID, str]:
    return {one.pk: one.name for one in staff.able_to(workspace_id, READ)}


def _say(workspace_id: uuid.UUID, settings: Settings) -> Said:
    text = " ".join(settings["text"].split())
    if not settings["to"]:
        return f"提醒员工「{text}」", f"Tell the staff “{text}”"
    name = _able(workspace_id).get(uuid.UUID(settings["to"]))
    zh, en = (name, name) if name is not None else ("（已离开）", "(no longer there)")
    return f"提醒 {zh}「{text}」", f"Tell {en} “{text}”"


def _plan(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    text = fields.read(settings["text"])[0]
    required = sorted(fields.required(text))
    values = personal.for_people(doer.workspace_id, people, fields.names(text) | {personal.NAME})
    to = uuid.UUID(settings["to"]) if settings["to"] else None
    addressed = {"assignee_id": str(to)} if to in _able(doer.workspace_id) else {}  # whoever left the staff is told no more: everybody is
    groups, communities = _places(doer.workspace_id, people)
    subjects = [subject(doer, one.member_id) for one in people]
    there = raising.open_subjects(doer.workspace_id, AUTOMATION, subjects)
    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    for one, about, known in zip(people, subjects, values, strict=True):
        missing = next((name for name in required if not known.get(name)), None)
        if missing is not None:
            outcomes.append(personal.refusal(missing))
            continue
        outcomes.append(UNCHANGED if about in there else DONE)
        if about not in there:
            there.add(about)
            group = groups.get(one.occasion.group_id) if one.occasion.group_id else None
            community = communities.get(one.occasion.community_id) if one.occasion.community_id else None
            facts = {"text": fields.fill(text, known).strip(), "by": doer.name, "items": [_item(one, known.get(personal.NAME, ""))], **addressed}
            findings.append(Finding(kind=AUTOMATION, facts=facts, group=group, community=community, subject=about))

    def write() -> None:
        raising.raise_at_once(doer.workspace_id, findings, told_by=doer.told_by)

    return Plan(outcomes, write)


def subject(doer: Doer, member_id: uuid.UUID) -> uuid.UUID:
    """What an alert is about: one automation and one member."""
    return uuid.uuid5(member_id, doer.source)


def _item(one: Person, name: str) -> dict[str, str]:
    happened: Occasion = one.occasion
    at = clock.from_ms(round(happened.occurred_at * 1000)) if happened.event else clock.now()
    event_id = happened.event_id if happened.text else ""
    return {"member_id": str(one.member_id), "name": name, "text": happened.text[:EXCERPT_LENGTH], "at": at.isoformat(), "event_id": event_id}


def _places(workspace_id: uuid.UUID, people: Sequence[Person]) -> tuple[dict[uuid.UUID, Group], dict[uuid.UUID, Community]]:
    groups: dict[uuid.UUID, Group] = {}
    communities: dict[uuid.UUID, Community] = {}
    for some in bulk.chunks({one.occasion.group_id for one in people if one.occasion.group_id}):
        groups |= Group.objects.in_workspace(workspace_id).select_related("community").in_bulk(some)
    for some in bulk.chunks({one.occasion.community_id for one in people if one.occasion.community_id}):
        communities |= Community.objects.in_workspace(workspace_id).in_bulk(some)
    return groups, communities


ACTIONS = (
    Action(
        name="staff.notify", zh="提醒员工", en="Tell the staff", kind="staff", permission="alerts.manage",
        fields=(
            Field(
                name="text", kind="long_text", zh="说什么", en="What to say", takes_fields=True,
                hint_zh="出现在提醒里，并发给订阅了提醒的人和会话。", hint_en="It stands among the alerts, and goes to the people and chats that are told of them.",
            ),
            Field(
                name="to", kind="staff", zh="只提醒", en="Only", is_required=False,
                hint_zh="不选：所有接收提醒的人。", hint_en="Nobody: everybody who is told of alerts.",
            ),
        ),
        check=_check, say=_say, plan=_plan, causes=lambda _settings: (Cause(event="alert_raised", properties={"kind": AUTOMATION}),),
    ),
)  # fmt: skip
