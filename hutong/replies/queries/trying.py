"""The test box: which rule would answer a message, and why the others would not."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from hutong.channels import messages, personal
from hutong.communities.models import Group
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.members.models import Member
from hutong.replies import answering, deciding
from hutong.replies.actions import checking
from hutong.replies.deciding import Circumstances, Judged
from hutong.replies.matching import kept
from hutong.replies.matching.compiled import compile_rule, similar
from hutong.replies.matching.matcher import Matcher, steps
from hutong.replies.matching.said import Said
from hutong.replies.models import Rule
from hutong.replies.queries import rules
from hutong.replies.schemas import ReplyRuleIn
from hutong.workspaces.models import Workspace

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a message: rules in their order with the steps each took, the folded text, an answer."""

    judged: list[tuple[Judged, list[str]]]
    folded: str
    answer: list[dict[str, Any]]
    draft_id: uuid.UUID | None
    problems: list[dict[str, Any]]


def attempt(
    workspace: Workspace, *, text: str, group_id: uuid.UUID | None, member_id: uuid.UUID | None, is_private: bool, is_mentioned: bool,
    at: dt.datetime | None, rule: ReplyRuleIn | None, rule_id: uuid.UUID | None,
) -> Tried:  # fmt: skip
    """Try a message; nothing is sent or kept. What is wrong with `rule` is told beside the answer. Raises NotFound."""
    group = _group(workspace, group_id) if group_id and not is_private else None
    if member_id is not None and not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
        raise NotFound("member")
    said = Said(text)
    ready = kept.ready(workspace.pk)
    hits = ready.find(said, without=rule_id if rule is not None else None) if ready is not None else []
    draft, problems = _draft(workspace, rule, rule_id) if rule is not None else (None, [])
    if draft is not None:
        words = similar(rules.synonyms(workspace))
        values = {field.attname: getattr(draft, field.attname) for field in Rule._meta.concrete_fields}
        hits = sorted([*hits, *Matcher([compile_rule(values)], words).find(said)], key=lambda hit: hit.rank)
    zone = group.community.time_zone if group is not None else workspace.time_zone
    moment = (at or clock.now()).astimezone(clock.zone(zone))
    where = Circumstances(
        workspace_id=workspace.pk, group_id=group.pk if group else None, community_id=group.community_id if group else None,
        is_private=is_private, is_mentioned=is_mentioned, local=moment, place_id=group.pk if group else None, member_id=member_id,
    )  # fmt: skip
    judged = deciding.judge(hits, where)
    winner = next((one.hit.rule.id for one in judged if not one.why), None)
    chosen = draft if draft is not None and winner == draft.pk else _rule(workspace, winner)
    answer = answering.chosen(workspace.pk, chosen, seed=text, values=lambda names: _values(workspace, group, member_id, names)) if chosen else ()
    kept_id = draft.pk if draft is not None and rule_id is None else None
    return Tried([(one, steps(one.hit, said)) for one in judged[:SHOWN_MAX]], said.signs, messages.said(answer), kept_id, problems)


def _draft(workspace: Workspace, given: ReplyRuleIn, rule_id: uuid.UUID | None) -> tuple[Rule | None, list[dict[str, Any]]]:
    had = _rule(workspace, rule_id)
    if rule_id is not None and had is None:
        raise NotFound("keyword reply")
    try:
        columns = checking.columns(workspace, given, needs_answer=False)
    except Invalid as error:
        return None, error.errors
    return Rule(id=had.pk if had else ids.new(), workspace=workspace, created_at=had.created_at if had else clock.now(), **columns), []


def _rule(workspace: Workspace, rule_id: uuid.UUID | None) -> Rule | None:
    return None if rule_id is None else Rule.objects.in_workspace(workspace).filter(pk=rule_id, deleted_at=None).first()


def _group(workspace: Workspace, group_id: uuid.UUID) -> Group:
    found = Group.objects.in_workspace(workspace).select_related("community").filter(pk=group_id).first()
    if found is None:
        raise NotFound("group")
    return found


def _values(workspace: Workspace, group: Group | None, member_id: uuid.UUID | None, names: frozenset[str]) -> dict[str, str]:
    found = dict(personal.look_up(workspace.pk, [member_id], names)[member_id]) if member_id is not None else {}
    return found | ({"group": group.name, "community": group.community.name} if group is not None else {})
