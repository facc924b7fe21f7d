"""What is done besides a keyword reply, a welcome, and for whoever is kept waiting: a rule that belongs to each and is changed with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from hutong.alerts import queries as alert_queries
from hutong.alerts import watching
from hutong.alerts.actions import handling
from hutong.alerts.models import Alert, Waiting
from hutong.automations.actions import rules
from hutong.automations.errors import ActionNotAllowed, RuleBelongs
from hutong.automations.models import Rule, Run
from hutong.channels.actions import inbound
from hutong.channels.models import Account
from hutong.communities import actions as communities
from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.events.models import DeadEvent
from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.replies.actions import rules as replies
from hutong.replies.errors import RuleChanged as ReplyChanged
from hutong.replies.matching import kept
from hutong.replies.queries import rules as reply_queries
from hutong.replies.schemas import ReplyRuleIn
from hutong.segments.models import MemberTag, Tag
from hutong.todos.models import Todo
from hutong.welcomes.actions import definitions as welcomes
from hutong.workspaces.access import Actor
from hutong.workspaces.models import AuditEntry, Workspace
from tests.automations.journeys.making import boss
from tests.channels.conftest import account, offer, world  # noqa: F401 - fixtures
from tests.channels.pretend import message as written
from tests.conftest import Api
from tests.replies.conftest import linked, rule_in  # noqa: F401
from tests.welcomes.conftest import joins, message, sent

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)  # noon in Shanghai
HELPER = Actor(kind="key", id=uuid.UUID(int=7), name="小组长", role="moderator", permissions=frozenset({"replies.read", "replies.manage"}))
NAMER = Actor(kind="key", id=uuid.UUID(int=8), name="小组长", role="moderator", permissions=frozenset({"communities.manage"}))

_numbers = iter(range(1, 1_000_000))


@pytest.fixture(autouse=True)
def frozen() -> Iterator[Any]:
    kept.forget()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
    kept.forget()


@pytest.fixture
def tag(workspace: Workspace) -> Tag:
    return Tag.objects.create(workspace=workspace, name="问过价")


def act(action: str, at: int = 1, **settings: Any) -> dict[str, Any]:
    return {"id": f"a{at}", "action": action, "settings": settings}


def tagged(workspace: Workspace) -> list[tuple[str, str]]:
    return sorted(MemberTag.objects.in_workspace(workspace).values_list("tag__name", "member__name"))


def says(account: Account, text: str, who: str = "u1") -> None:  # noqa: F811
    inbound.receive(account, [written(text, next(_numbers), who=who)])
    subscribers.drain()


def given(*actions: dict[str, Any], **more: Any) -> ReplyRuleIn:
    return rule_in("问价", "多少钱", actions=list(actions), **more)


def test_a_keyword_reply_answers_and_does_the_rest_once(account: Account, linked: Group, workspace: Workspace, tag: Tag) -> None:  # noqa: F811
    made = replies.create(
        workspace, actor=boss(), given=given(act("tag.add", tag_id=str(tag.pk)), act("todo.create", 2, title="报价给 {{name}}：{{event.keyword}}"))
    )
    says(account, "请问多少钱")
    says(account, "今天天气好")
    assert [text for _, text, _ in sent(workspace)] == ["好的"]
    assert tagged(workspace) == [("问过价", "小明")]
    assert list(Todo.objects.in_workspace(workspace).values_list("title", flat=True)) == ["报价给 小明：多少钱"]
    rule = Rule.objects.in_workspace(workspace).get()
    assert (rule.follows, rule.name, rule.is_on) == (f"keyword_reply:{made.pk}", "问价", True)
    run = Run.objects.in_workspace(workspace).get()
    assert (run.event, run.state, [one["state"] for one in run.outcomes]) == ("keyword_replied", "done", ["done", "done"])
    shown = reply_queries.one(workspace, made.pk).following
    assert (shown.rule_id, shown.actions, (shown.done, shown.skipped, shown.failed)) == (rule.pk, rule.actions, (1, 0, 0))
    assert DeadEvent.objects.count() == 0


def test_another_reply_sets_nothing_of_it_off(account: Account, linked: Group, workspace: Workspace, tag: Tag) -> None:  # noqa: F811
    replies.create(workspace, actor=boss(), given=given(act("tag.add", tag_id=str(tag.pk))))
    replies.create(workspace, actor=boss(), given=rule_in("开门", "几点开门"))
    says(account, "几点开门")
    assert [text for _, text, _ in sent(workspace)] == ["好的"]
    assert tagged(workspace) == []


def test_it_may_do_without_answering(account: Account, linked: Group, workspace: Workspace, tag: Tag) -> None:  # noqa: F811
    made = replies.create(workspace, actor=boss(), given=given(act("tag.add", tag_id=str(tag.pk)), answer=None))
    says(account, "多少钱")
    assert (sent(workspace), tagged(workspace)) == ([], [("问过价", "小明")])
    kept_as = given(answer=None).model_copy(update={"actions": None, "priority": 5})
    assert replies.change(workspace, actor=boss(), rule_id=made.pk, given=kept_as).priority == 5
    with pytest.raises(Invalid) as caught:
        replies.change(workspace, actor=boss(), rule_id=made.pk, given=given(answer=None))
    assert [one["field"] for one in caught.value.errors] == ["answers"]
    assert len(Rule.objects.in_workspace(workspace).get().actions) == 1


def test_it_is_changed_renamed_taken_away_and_deleted_with_the_reply(workspace: Workspace, tag: Tag) -> None:
    made = replies.create(workspace, actor=boss(), given=given(act("tag.add", tag_id=str(tag.pk))))
    rows = Rule.objects.in_workspace(workspace)
    first = rows.get()
    replies.change(workspace, actor=boss(), rule_id=made.pk, given=given(act("todo.create", title="回复")).model_copy(update={"name": "价格"}))
    assert rows.values_list("pk", "name", "version").get() == (first.pk, "价格", 2)
    assert [one["action"] for one in rows.get().actions] == ["todo.create"]
    plain = rule_in("多少钱一杯", "多少钱")  # says nothing of actions, as a file does
    replies.change(workspace, actor=boss(), rule_id=made.pk, given=plain)
    assert (rows.get().name, len(rows.get().actions)) == ("多少钱一杯", 1)
    replies.change(workspace, actor=boss(), rule_id=made.pk, given=given())
    assert not rows.exists()
    replies.change(workspace, actor=boss(), rule_id=made.pk, given=given(act("todo.create", title="回复")))
    replies.delete(workspace, actor=boss(), rule_id=made.pk)
    assert not rows.exists()


def test_whoever_edits_the_same_reply_meanwhile_hears_of_other_actions(workspace: Workspace, tag: Tag) -> None:
    made = replies.create(workspace, actor=boss(), given=given(act("tag.add", tag_id=str(tag.pk))))
    first = made.version
    other = given(act("todo.create", title="回复"))
    assert replies.change(workspace, actor=boss(), rule_id=made.pk, given=other, version=first).version > first
    with pytest.raises(ReplyChanged):
        replies.change(workspace, actor=boss(), rule_id=made.pk, given=given(), version=first)
    assert Rule.objects.in_workspace(workspace).get().actions[0]["action"] == "todo.create"
    again = replies.change(workspace, actor=boss(), rule_id=made.pk, given=other)
    assert replies.change(workspace, actor=boss(), rule_id=made.pk, given=other).version == again.version  # nothing changed
    details = AuditEntry.objects.in_workspace(workspace).filter(action="reply.change").values_list("details", flat=True)
    assert list(details) == [{"changed": ["actions"]}]


def test_only_who_may_do_it_adds_it_and_others_still_change_the_rest(workspace: Workspace, tag: Tag) -> None:
    with pytest.raises(ActionNotAllowed):
        replies.create(workspace, actor=HELPER, given=given(act("tag.add", tag_id=str(tag.pk))))
    assert not Rule.objects.in_workspace(workspace).exists()
    assert reply_queries.page(workspace, q="", is_enabled=None, cursor=None, limit=10).total == 0
    made = replies.create(workspace, actor=boss(), given=given(act("tag.add", tag_id=str(tag.pk))))
    same = given(act("tag.add", tag_id=str(tag.pk))).model_copy(update={"name": "价钱", "priority": 9})
    assert replies.change(workspace, actor=HELPER, rule_id=made.pk, given=same).priority == 9
    assert Rule.objects.in_workspace(workspace).get().name == "价钱"
    with pytest.raises(ActionNotAllowed):
        replies.change(workspace, actor=HELPER, rule_id=made.pk, given=given(act("todo.create", title="回复")))
    assert Rule.objects.in_workspace(workspace).get().actions[0]["action"] == "tag.add"


def test_what_is_wrong_is_said_at_the_action_and_nothing_is_kept(workspace: Workspace) -> None:
    with pytest.raises(Invalid) as caught:
        replies.create(workspace, actor=boss(), given=given(act("tag.add", tag_id=str(uuid.UUID(int=1)))))
    assert [one["field"] for one in caught.value.errors] == ["actions.0.settings.tag_id"]
    assert reply_queries.page(workspace, q="", is_enabled=None, cursor=None, limit=10).total == 0


def test_it_is_no_rule_of_its_own(api: Api, workspace: Workspace, tag: Tag) -> None:
    answer = api.post(
        "/keyword-replies",
        {
            "name": "问价",
            "keywords": [{"text": "多少钱"}],
            "answers": [{"parts": [{"kind": "text", "text": "好"}]}],
            "actions": [act("tag.add", tag_id=str(tag.pk))],
        },
    )
    assert answer.status_code == 201, answer.content.decode()
    following = answer.json()["following"]
    path = f"/automation/rules/{following['rule_id']}"
    assert api.get("/automation/rules").json()["items"] == []
    assert api.get(path).json()["follows"] == f"keyword_reply:{answer.json()['id']}"
    for refused in (api.patch(path, {"version": 1, "is_on": False}), api.delete(path)):
        assert (refused.status_code, refused.json()["code"]) == (409, "rule_belongs")
    rule = Rule.objects.in_workspace(workspace).get()
    with pytest.raises(RuleBelongs):
        rules.delete(workspace, actor=boss(), rule_id=rule.pk, follows="welcome:1")
    own = {"name": "问价", "trigger": {"kind": "event", "event": "order_paid"}, "actions": [act("tag.add", tag_id=str(tag.pk))]}
    assert api.post("/automation/rules", own).status_code == 201  # names of what belongs elsewhere are free


def test_a_welcome_does_the_rest_for_each_newcomer_once(account: Account, linked: Group, workspace: Workspace, tag: Tag) -> None:  # noqa: F811
    words = {"name": "欢迎", "messages": [message("你好")], "is_on": True, "actions": [act("tag.add", tag_id=str(tag.pk))]}
    made = welcomes.create(workspace, actor=boss(), given=words)
    joins(account, "u1", name="小明")
    joins(account, "u2", name="小红")
    assert [text for _, text, _ in sent(workspace)] == ["你好", "你好"]
    assert tagged(workspace) == [("问过价", "小明"), ("问过价", "小红")]
    welcomes.change(workspace, actor=boss(), welcome_id=made.pk, given={"messages": []})
    assert Rule.objects.in_workspace(workspace).get().follows == f"welcome:{made.pk}"
    joins(account, "u3", name="小刚")  # with nothing to say it still welcomes
    assert len(sent(workspace)) == 2
    assert len(tagged(workspace)) == 3
    with pytest.raises(Invalid) as caught:
        welcomes.change(workspace, actor=boss(), welcome_id=made.pk, given={"actions": []})
    assert [one["field"] for one in caught.value.errors] == ["messages"]
    welcomes.delete(workspace, actor=boss(), welcome_id=made.pk)
    assert not Rule.objects.in_workspace(workspace).exists()
    assert DeadEvent.objects.count() == 0


def test_whoever_is_kept_waiting_is_told_of_once_and_what_follows_is_done(
    frozen: Any, account: Account, linked: Group, workspace: Workspace, community: Community  # noqa: F811
) -> None:  # fmt: skip
    todo = act("todo.create", title="回复 {{name}}：{{event.text}}")
    handling.change_rules(
        workspace, actor=boss(), community_id=community.pk, given={"question_minutes": 30, "kinds": ["question"], "actions": [todo]}
    )
    assert alert_queries.rules_of_one(workspace, community.pk)["following"].actions[0]["action"] == "todo.create"
    says(account, "请问几点开门？")
    todos = Todo.objects.in_workspace(workspace)
    for minutes, expected in ((29, []), (1, ["回复 小明：请问几点开门？"]), (1, ["回复 小明：请问几点开门？"])):
        frozen.shift(minutes * 60)
        watching.look()
        subscribers.drain()
        assert list(todos.values_list("title", flat=True)) == expected
    assert Waiting.objects.in_workspace(workspace).get(kind="question").is_late
    assert Alert.objects.in_workspace(workspace).filter(kind="question").count() == 1
    assert Run.objects.in_workspace(workspace).get().event == "kept_waiting"
    handling.change_rules(workspace, actor=boss(), community_id=community.pk, given={"sensitivity": "low"})
    assert Rule.objects.in_workspace(workspace).get().follows == f"alert_rules:{community.pk}"
    handling.change_rules(workspace, actor=boss(), community_id=community.pk, given={"actions": []})
    assert not Rule.objects.in_workspace(workspace).exists()
    assert clock.now() == NOW + dt.timedelta(minutes=31)


def test_it_takes_the_new_name_of_its_community_at_once(workspace: Workspace, community: Community) -> None:
    handling.change_rules(workspace, actor=boss(), community_id=community.pk, given={"actions": [act("todo.create", title="看看")]})
    rows = Rule.objects.in_workspace(workspace)
    communities.change_community(workspace, actor=NAMER, community_id=community.pk, name="老街")
    assert rows.values_list("name", "version", "changed_by").get() == ("老街", 2, "小组长")
    communities.change_community(workspace, actor=NAMER, community_id=community.pk, description="在老街")
    assert rows.get().version == 2
    other = communities.create_community(workspace, actor=NAMER, name="书店")
    communities.change_community(workspace, actor=NAMER, community_id=other.pk, name="书屋")  # with no rule that follows it
    assert rows.values_list("name", "version").get() == ("老街", 2)


def test_what_sets_it_off_is_said_with_its_owner(api: Api, workspace: Workspace, community: Community) -> None:
    does = [act("todo.create", title="看看")]
    reply = replies.create(workspace, actor=boss(), given=given(*does))
    welcome = welcomes.create(workspace, actor=boss(), given={"name": "欢迎{name}", "messages": [message("你好")], "actions": does})
    handling.change_rules(workspace, actor=boss(), community_id=community.pk, given={"actions": does})
    rules_of = dict(Rule.objects.in_workspace(workspace).values_list("follows", "pk"))

    def said(follows: str) -> dict[str, str]:
        found: dict[str, str] = api.get(f"/automation/rules/{rules_of[follows]}").json()["sentences"]["trigger"]
        return found

    assert said(reply.follows) == {"zh": "「问价」回答了一位成员", "en": "“问价” answered a member"}
    assert said(welcome.follows) == {"zh": "「欢迎{name}」欢迎了一位成员", "en": "“欢迎{name}” welcomed a member"}
    assert said(f"alert_rules:{community.pk}") == {
        "zh": f"「{community.name}」的一位成员等了很久，没人回应",
        "en": f"A member of “{community.name}” was kept waiting for an answer",
    }


def test_nobody_is_late_where_it_is_not_watched_for(frozen: Any, account: Account, linked: Group, workspace: Workspace, community: Community) -> None:  # noqa: F811
    handling.change_rules(
        workspace, actor=boss(), community_id=community.pk, given={"kinds": ["quiet"], "actions": [act("todo.create", title="看看")]}
    )
    says(account, "请问几点开门？")
    frozen.shift(3600)
    watching.look()
    subscribers.drain()
    assert not Todo.objects.in_workspace(workspace).exists()
