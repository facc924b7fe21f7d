"""What somebody wrote as a rule, checked into the columns of its row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from hutong.channels import messages
from hutong.communities.models import Community, Group
from hutong.foundation.errors import Invalid
from hutong.foundation.text import one_line
from hutong.replies.matching import compiled, folding, patterns
from hutong.replies.schemas import KEYWORD_LENGTH_MAX, NAME_LENGTH_MAX, ReplyAnswerIn, ReplyKeyword, ReplyRuleIn
from hutong.workspaces.models import Workspace


def columns(workspace: Workspace, given: ReplyRuleIn, *, needs_answer: bool = True) -> dict[str, Any]:
    """The columns of a rule, but for its version and who changed it. Raises Invalid at the field. One that is only tried, or does something else,
    needs no answer.
    """
    keywords = [_keyword(f"keywords.{at}.text", one) for at, one in enumerate(given.keywords)]
    seen: dict[tuple[str, str], int] = {}
    for at, one in enumerate(keywords):
        key = (one["text"] if one["way"] == "regex" else compiled.key_of(one["text"]), one["way"])
        if seen.setdefault(key, at) != at:
            raise Invalid.field(f"keywords.{at}.text", f"与第 {seen[key] + 1} 个关键词相同。", f"The same as keyword {seen[key] + 1}.")
    if not given.answers and not given.hands_over and needs_answer:
        raise Invalid.field("answers", "请写至少一条回复，或选择转人工，或添加动作。", "Write an answer, hand over to a person, or add an action.")
    if given.hours is not None and given.hours.begin == given.hours.end:
        raise Invalid.field("hours.end", "结束时间不能与开始时间相同。", "It cannot end when it begins.")
    return {
        "name": one_line("name", given.name, length_max=NAME_LENGTH_MAX),
        "is_enabled": given.is_enabled,
        "priority": given.priority,
        "keywords": keywords,
        "words": "\n".join(one["text"] for one in keywords),
        "regexes": sum(one["way"] == "regex" for one in keywords),
        "variants": [name for name in folding.VARIANTS if name in given.variants],
        "place": given.place,
        "community_ids": _known(workspace, Community, "community_ids", given.community_ids),
        "group_ids": _known(workspace, Group, "group_ids", given.group_ids),
        "needs_mention": given.needs_mention,
        "hours": None if given.hours is None else {"begin": given.hours.begin, "end": given.hours.end, "days": sorted(set(given.hours.days))},
        "group_cooldown_seconds": given.group_cooldown_seconds,
        "member_cooldown_seconds": given.member_cooldown_seconds,
        "answers": [_answer(workspace.pk, f"answers.{at}.parts", one) for at, one in enumerate(given.answers)],
        "is_private": given.is_private,
        "quotes": given.quotes,
        "hands_over": given.hands_over,
    }  # fmt: skip


def _keyword(where: str, given: ReplyKeyword) -> dict[str, str]:
    if given.way == "regex":
        text = one_line(where, given.text, length_max=patterns.PATTERN_LENGTH_MAX)
        patterns.check(where, text)
    else:
        text = one_line(where, given.text, length_max=KEYWORD_LENGTH_MAX)
        if not compiled.key_of(text):
            raise Invalid.field(where, "关键词里没有看得见的字。", "There is nothing visible in this keyword.")
    return {"text": text, "way": given.way}


def _answer(workspace_id: uuid.UUID, where: str, given: ReplyAnswerIn) -> dict[str, Any]:
    draft = messages.read(workspace_id, given.parts, where=where)
    return {"weight": given.weight, "parts": messages.stored(draft.segments), "fields": sorted(draft.fields)}


def _known(workspace: Workspace, model: type[Community | Group], field: str, given: Sequence[uuid.UUID]) -> list[str]:
    if not given:
        return []
    there = set(model.objects.in_workspace(workspace).filter(pk__in=given).values_list("pk", flat=True))
    for at, one in enumerate(given):
        if one not in there:
            raise Invalid.field(f"{field}.{at}", "已不存在，请重新选择。", "This is gone. Choose again.")
    return [str(one) for one in dict.fromkeys(given)]
