"""Looking at what rules do: the test box, conflicts, questions nobody answered."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.members.schemas import PageQuery
from hutong.replies import schemas
from hutong.replies.actions import rules
from hutong.replies.api import MANAGE, READ, router
from hutong.replies.matching.compiled import Compiled
from hutong.replies.queries import conflicts, questions, trying
from hutong.workspaces.access import Request


@router.post(
    "/keyword-replies/test",
    permission=READ,
    response=schemas.ReplyTestOut,
    operation_id="replies_test",
    summary="Which rule a message would meet, and why",
)
def replies_test(request: Request, body: schemas.ReplyTestIn) -> object:
    given = {name: getattr(body, name) for name in type(body).model_fields}
    found = trying.attempt(request.workspace, **given)
    items = [
        {
            "rule_id": None if one.hit.rule.id == found.draft_id else one.hit.rule.id,
            "name": one.hit.rule.name,
            "priority": one.hit.rule.priority,
            "keyword": one.hit.keyword.text,
            "way": one.hit.keyword.way,
            "word": one.hit.word,
            "length": one.hit.length,
            "steps": steps,
            "why": one.why,
        }
        for one, steps in found.judged
    ]
    problems = [{"field": one["field"], "message": one["message"][request.language]} for one in found.problems]
    return {"items": items, "folded": found.folded, "answer": found.answer, "problems": problems}


@router.get(
    "/keyword-replies/conflicts",
    permission=READ,
    response=schemas.ReplyConflictPage,
    operation_id="reply_conflicts_list",
    summary="Rules whose keyword another rule answers",
)
def reply_conflicts_list(request: Request, query: Query[PageQuery]) -> object:
    found = conflicts.page(request.workspace, cursor=query.cursor, limit=query.limit)
    items = [
        {
            "kind": one.kind,
            "winner": _named(one.winner),
            "loser": _named(one.loser),
            "winner_keyword": one.winner_keyword,
            "loser_keyword": one.loser_keyword,
        }
        for one in found.items
    ]
    return {"items": items, "next_cursor": found.next_cursor, "total": found.total, "is_cut": found.is_cut}


@router.get(
    "/keyword-replies/questions",
    permission=READ,
    response=schemas.ReplyQuestionPage,
    operation_id="reply_questions_list",
    summary="Questions that no rule and nobody answered within an hour, newest first",
)
def reply_questions_list(request: Request, query: Query[PageQuery]) -> object:
    found = questions.unanswered(request.workspace, cursor=query.cursor, limit=query.limit)
    items = [
        {
            "id": one.pk,
            "event_id": one.event_id,
            "text": one.text,
            "asked_at": one.asked_at,
            "group_id": one.group.pk,
            "group_name": one.group.name,
            "community_name": one.group.community.name,
            "member_id": one.member.pk,
            "member_name": one.member.name,
        }
        for one in found.items
    ]
    return {"items": items, "next_cursor": found.next_cursor}


@router.delete(
    "/keyword-replies/questions/{uuid:reply_question_id}",
    permission=MANAGE,
    response={204: None},
    operation_id="reply_questions_dismiss",
    summary="Set a question aside",
)
def reply_questions_dismiss(request: Request, reply_question_id: uuid.UUID) -> Status[None]:
    rules.dismiss(request.workspace, actor=request.actor, question_id=reply_question_id)
    return Status(204, None)


def _named(rule: Compiled) -> dict[str, object]:
    return {"id": rule.id, "name": rule.name, "priority": rule.priority}
