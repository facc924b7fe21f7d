"""Rules: made, changed, switched, deleted; words that mean the same; questions set aside."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from hutong.automations.actions import following
from hutong.automations.queries import following as followed
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import one_line
from hutong.members import bulk
from hutong.replies.actions import checking
from hutong.replies.errors import RuleChanged, RuleNameTaken, TooManyRules
from hutong.replies.matching import compiled, kept
from hutong.replies.models import Question, Rule, RuleSet, Synonyms
from hutong.replies.schemas import KEYWORD_LENGTH_MAX, ReplyRuleIn
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

RULES_MAX = 50_000
REGEXES_MAX = 500  # each is tried on every message


def create(workspace: Workspace, *, actor: Actor, given: ReplyRuleIn) -> Rule:
    """Add a rule. Raises Invalid, RuleNameTaken, TooManyRules, ActionNotAllowed."""
    columns = checking.columns(workspace, given, needs_answer=not given.actions)
    with transaction.atomic():
        made = Rule(workspace=workspace, version=bump(workspace.pk), changed_by_name=actor.name, **columns)
        _save(made)
        check_limits(workspace)
        _follow(workspace, made, actor, given)
        audit.write(workspace, actor=actor, action="reply.create", target=made)
    return made


def change(workspace: Workspace, *, actor: Actor, rule_id: uuid.UUID, given: ReplyRuleIn, version: int | None = None) -> Rule:
    """Put another rule in its place. Raises Invalid, RuleNameTaken, ActionNotAllowed, RuleChanged when `version` is no longer the last."""
    with transaction.atomic():
        rule = _rule(workspace, rule_id)
        columns = checking.columns(workspace, given, needs_answer=not followed.will_do(workspace, rule.follows, given.actions))
        RuleChanged.unless(version, rule.version, by=rule.changed_by_name)
        changed = sorted(name for name, value in columns.items() if value != getattr(rule, name) and name not in ("words", "regexes"))
        for name, value in columns.items():
            setattr(rule, name, value)
        if _follow(workspace, rule, actor, given):
            changed.append("actions")
        if changed:
            _touch(rule, actor)
            check_limits(workspace)
            audit.write(workspace, actor=actor, action="reply.change", target=rule, details={"changed": changed})
    return rule


def switch(workspace: Workspace, *, actor: Actor, rule_id: uuid.UUID, is_enabled: bool) -> Rule:
    """Turn a rule on or off."""
    with transaction.atomic():
        rule = _rule(workspace, rule_id)
        if rule.is_enabled != is_enabled:
            rule.is_enabled = is_enabled
            _touch(rule, actor)
            audit.write(workspace, actor=actor, action="reply.change", target=rule, details={"is_enabled": is_enabled})
    return rule


def delete(workspace: Workspace, *, actor: Actor, rule_id: uuid.UUID) -> None:
    """Delete a rule. What was counted of it stays in the stream."""
    with transaction.atomic():
        rule = _rule(workspace, rule_id)
        rule.deleted_at = clock.now()
        _touch(rule, actor)
        following.forget(workspace, actor=actor, follows=rule.follows)
        audit.write(workspace, actor=actor, action="reply.delete", target=rule)


def set_synonyms(workspace: Workspace, *, actor: Actor, groups: Sequence[Sequence[str]]) -> None:
    """Put these groups of words in the place of those there are. Rules with a keyword among the words are made ready anew."""
    clean = []
    for at, words in enumerate(groups):
        some = list(dict.fromkeys(one_line(f"groups.{at}.{n}", word, length_max=KEYWORD_LENGTH_MAX) for n, word in enumerate(words)))
        keys = [compiled.key_of(word) for word in some]
        if len(set(keys)) < 2 or not all(keys):
            raise Invalid.field(f"groups.{at}", "一组至少要有两个不同的词。", "A group has two different words at least.")
        clean.append(some)
    with transaction.atomic():
        had = list(Synonyms.objects.in_workspace(workspace).order_by("created_at", "id").values_list("words", flat=True))
        if had == clean:
            return
        version, now = bump(workspace.pk), clock.now()
        Synonyms.objects.in_workspace(workspace).delete()
        bulk.insert(Synonyms, ("id", "workspace", "words", "created_at"), [(ids.new(), workspace.pk, words, now) for words in clean])
        touched = set(compiled.similar([words for words in had if words not in clean] + [words for words in clean if words not in had]))
        rows = Rule.objects.in_workspace(workspace).filter(deleted_at=None).values_list("pk", "keywords")
        affected = [
            pk for pk, keywords in rows.iterator(chunk_size=2_000) if any(one["way"] != "regex" and compiled.key_of(one["text"]) in touched for one in keywords)
        ]  # fmt: skip
        for chunk in bulk.chunks(affected):
            Rule.objects.in_workspace(workspace).filter(pk__in=chunk).update(version=version)
        audit.write(workspace, actor=actor, action="reply.synonyms", target_kind="synonyms", details={"groups": len(clean)})


def dismiss(workspace: Workspace, *, actor: Actor, question_id: uuid.UUID) -> None:
    """Set a question aside: it needs no rule."""
    with transaction.atomic():
        rows = Question.objects.in_workspace(workspace).filter(pk=question_id)
        if not rows.exists():
            raise NotFound("reply question")
        rows.filter(dismissed_at=None).update(dismissed_at=clock.now())
        audit.write(workspace, actor=actor, action="reply.dismiss", target_kind="question", details={"question_id": str(question_id)})


def _follow(workspace: Workspace, rule: Rule, actor: Actor, given: ReplyRuleIn) -> bool:
    return following.follow(
        workspace, actor=actor, follows=rule.follows, name=rule.name, event="keyword_replied", properties={"rule_id": str(rule.pk)},
        actions=None if given.actions is None else [one.dict() for one in given.actions],
    )  # fmt: skip


def bump(workspace_id: uuid.UUID) -> int:
    """The next version of a workspace's rules. Within a transaction; what is compiled follows when it ends."""
    RuleSet.objects.in_workspace(workspace_id).get_or_create(workspace_id=workspace_id)
    rows = RuleSet.objects.in_workspace(workspace_id)
    rows.update(version=F("version") + 1)
    transaction.on_commit(partial(kept.ready, workspace_id))
    return rows.values_list("version", flat=True).get()


def check_limits(workspace: Workspace) -> None:
    """Raises TooManyRules."""
    live = Rule.objects.in_workspace(workspace).filter(deleted_at=None)
    if live.count() > RULES_MAX:
        raise TooManyRules(limit=f"{RULES_MAX:,}", zh="规则", en="rules")
    if (live.aggregate(n=Sum("regexes"))["n"] or 0) > REGEXES_MAX:
        raise TooManyRules(limit=f"{REGEXES_MAX:,}", zh="正则关键词", en="regular expressions")


def _touch(rule: Rule, actor: Actor) -> None:
    rule.version, rule.updated_at, rule.changed_by_name = bump(rule.workspace_id), clock.now(), actor.name
    _save(rule)


def _save(rule: Rule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise RuleNameTaken(name=rule.name) from None


def _rule(workspace: Workspace, rule_id: uuid.UUID) -> Rule:
    found = Rule.objects.in_workspace(workspace).select_for_update().filter(pk=rule_id, deleted_at=None).first()
    if found is None:
        raise NotFound("keyword reply")
    return found
