"""From a message to the answer in the outbox: one rule a message, who and where, cooldowns, the cap, hand-over, questions nobody answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import time_machine

from hutong.channels.actions import inbound
from hutong.channels.actions.sends import Body
from hutong.channels.contract import Capabilities, Chat, Inbound, Person
from hutong.channels.fitting import plain
from hutong.channels.models import Account, Send
from hutong.communities.models import Community, Group
from hutong.events import responders
from hutong.events.models import LogEntry
from hutong.foundation import clock
from hutong.members.models import Member
from hutong.replies import answering, deciding
from hutong.replies.actions import rules
from hutong.replies.models import Answered, DailyHits, Question, Rule
from hutong.replies.queries import questions
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World, message
from tests.replies.conftest import Make, rule_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)  # noon on a Monday in Shanghai


@pytest.fixture
def clockwork() -> Any:
    with time_machine.travel(NOW, tick=False) as frozen:
        yield frozen


_numbers = iter(range(1, 1_000_000))


def hear(account: Account, *texts: str, **more: Any) -> None:
    """Somebody writes, now, and the responder takes it."""
    events = [message(text, next(_numbers), at_ms=clock.now_ms(), **more) for text in texts]
    tell(account, *events)


def tell(account: Account, *events: Inbound) -> None:
    inbound.receive(account, events)
    while responders.respond(answering.RESPONDER):
        pass


def sent(workspace: Workspace) -> list[str]:
    return [said for _, said in out(workspace)]


def out(workspace: Workspace) -> list[tuple[str, str]]:
    rows = Send.objects.in_workspace(workspace).order_by("id").values_list("chat_ref", "body")
    return [(chat, plain(msgspec.json.decode(bytes(body), type=Body).segments)) for chat, body in rows]


def facts(name: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(bytes(body)) for body in LogEntry.objects.filter(name=name).order_by("seq").values_list("body", flat=True)]


def test_one_rule_answers_with_the_members_name(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    rule = make("价格", "价格", "多少钱", answer="{{name|朋友}}，{{group}}的价格见公告")
    make("便宜", "价", answer="不便宜")
    hear(account, "這個價 格多少？")
    send = Send.objects.in_workspace(workspace).get()
    member = Member.objects.in_workspace(workspace).get(name="小明")
    event = facts("message_sent")[0]
    assert (send.key, send.chat_ref, send.purpose, send.member_id, send.source) == (
        f"reply/{rule.pk}/{event['id']}", "c1", "reply", member.pk, f"reply:{rule.pk}",
    )  # fmt: skip
    assert sent(workspace) == ["小明，一群的价格见公告"]
    (fact,) = facts("keyword_replied")
    assert fact["properties"] == {"rule_id": str(rule.pk), "keyword": "价格", "way": "contains"}
    assert (fact["member_id"], fact["group_id"]) == (str(member.pk), str(linked.pk))
    assert list(DailyHits.objects.in_workspace(workspace).values_list("rule_id", "day", "hits", "last_at")) == [
        (rule.pk, dt.date(2026, 11, 2), 1, NOW)
    ]
    assert facts("handed_over") == []
    hear(account, "价格", "不相干")
    assert DailyHits.objects.in_workspace(workspace).get().hits == 2
    assert Answered.objects.in_workspace(workspace).count() == 2


def test_bots_ourselves_and_old_messages_are_not_answered(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("价格", "价格")
    hear(account, "价格", actor=Person("bot-1"))
    hear(account, "价格", actor=Person("b2", is_bot=True))
    tell(account, message("价格", next(_numbers), at_ms=clock.now_ms() - 11 * 60_000))
    assert sent(workspace) == []


def test_taken_twice_it_is_answered_once(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("价格", "价格")
    hear(account, "价格")
    happening = msgspec.json.decode(bytes(LogEntry.objects.get(name="message_sent").body), type=responders.Happening)
    answering.take([happening])
    assert (len(sent(workspace)), DailyHits.objects.in_workspace(workspace).get().hits) == (1, 1)


def test_a_change_counts_for_the_next_message(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    rule = make("价格", "价格", answer="一")
    hear(account, "价格")
    rules.change(workspace, actor=SYSTEM, rule_id=rule.pk, given=rule_in("价格", "价钱", answer="二"))
    hear(account, "价格", "价钱")
    rules.switch(workspace, actor=SYSTEM, rule_id=rule.pk, is_enabled=False)
    hear(account, "价钱")
    rules.switch(workspace, actor=SYSTEM, rule_id=rule.pk, is_enabled=True)
    rules.set_synonyms(workspace, actor=SYSTEM, groups=[["价钱", "收费"]])
    hear(account, "收费吗")
    rules.delete(workspace, actor=SYSTEM, rule_id=rule.pk)
    hear(account, "价钱", "收费")
    assert sent(workspace) == ["一", "二", "二"]


@pytest.mark.parametrize(
    ("more", "is_answered"),
    [
        ({"hours": {"begin": "09:00", "end": "18:00", "days": [0]}}, True),
        ({"hours": {"begin": "13:00", "end": "18:00", "days": [0]}}, False),
        ({"hours": {"begin": "09:00", "end": "18:00", "days": [1, 2]}}, False),
        ({"hours": {"begin": "20:00", "end": "12:30", "days": [6]}}, True),
        ({"hours": {"begin": "20:00", "end": "12:00", "days": [6]}}, False),
        ({"place": "private"}, False),
        ({"place": "groups"}, True),
        ({"needs_mention": True}, False),
    ],
)
def test_when_and_where(
    clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make, more: dict[str, Any], is_answered: bool
) -> None:
    make("价格", "价格", **more)
    hear(account, "价格")
    assert len(sent(workspace)) == int(is_answered)


def test_scope(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    other = Community.objects.create(workspace=workspace, name="别的社群")
    make("别处", "价格", answer="别处", priority=500, community_ids=[other.pk])
    make("这群", "价格", answer="这群", priority=400, group_ids=[linked.pk])
    make("社群", "课程", answer="社群", community_ids=[linked.community_id])
    hear(account, "价格", "课程")
    assert sent(workspace) == ["这群", "社群"]


def test_mentioned_by_name_the_rest_counts_as_the_whole(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("价格", "价格", way="exact", needs_mention=True)
    hear(account, "@胡同小助手 价格", mentions_bot=True)
    hear(account, "胡同小助手: 价格", mentions_bot=True)
    assert sent(workspace) == ["好的", "好的"]


def test_cooldowns_let_the_next_rule_answer(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("群", "价格", answer="群", priority=300, group_cooldown_seconds=60)
    make("人", "价格", answer="人", priority=200, member_cooldown_seconds=600)
    hear(account, "价格", "价格", "价格")
    hear(account, "价格", who="u2", name="小红")
    assert sent(workspace) == ["群", "人", "人"]
    clockwork.shift(60)
    hear(account, "价格")
    assert sent(workspace) == ["群", "人", "人", "群"]


def test_no_more_than_so_many_answers_a_minute_in_one_chat(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("价格", "价格")
    hear(account, *["价格"] * (deciding.ANSWERS_PER_MINUTE_MAX + 3))
    assert len(sent(workspace)) == deciding.ANSWERS_PER_MINUTE_MAX
    clockwork.shift(60)
    hear(account, "价格")
    assert len(sent(workspace)) == deciding.ANSWERS_PER_MINUTE_MAX + 1


def test_answers_to_the_person_alone(clockwork: Any, offer: Callable[..., World], workspace: Workspace, linked: Group, make: Make) -> None:
    offer("pretend", capabilities=Capabilities(opens_dm=True))
    account = pretend.account(workspace)
    make("账号", "密码", answer="只告诉你", is_private=True)
    hear(account, "密码")
    assert out(workspace) == [("u1", "只告诉你")]


def test_where_nobody_can_be_written_to_the_next_rule_answers(
    clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make
) -> None:
    make("账号", "密码", answer="只告诉你", is_private=True, priority=500)
    make("公开", "密码", answer="请私聊我")
    hear(account, "密码")
    assert out(workspace) == [("c1", "请私聊我")]


def test_private_talks(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("价格", "价格", place="private", needs_mention=True)
    hear(account, "价格")
    hear(account, "价格", chat=Chat(id="u1", kind="dm"))
    assert out(workspace) == [("u1", "好的")]


def test_handing_over(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    rule = make("人工", "人工", answer=None, hands_over=True)
    hear(account, "转人工")
    (fact,) = facts("handed_over")
    said = fact["properties"]
    assert (said["rule_id"], said["keyword"], said["account_id"], fact["text"]) == (str(rule.pk), "人工", str(account.pk), "转人工")
    assert said["message_id"].startswith("m")
    assert said["chat_id"] == facts("message_sent")[0]["properties"]["chat_id"]
    assert sent(workspace) == []
    make("客服", "客服", answer="马上来", hands_over=True)
    hear(account, "客服")
    assert sent(workspace) == ["马上来"]
    assert len(facts("handed_over")) == 2


def test_several_answers_by_weight_and_one_event_always_the_same(workspace: Workspace) -> None:
    given = rule_in("价格", "价格")
    answers = [{"weight": weight, "parts": [{"kind": "text", "text": text}]} for text, weight in (("常", 9), ("偶", 1))]
    rule = rules.create(
        workspace, actor=SYSTEM, given=given.model_copy(update={"answers": type(given)(**{**given.dict(), "answers": answers}).answers})
    )
    said = [plain(answering.chosen(workspace.pk, rule, seed=str(number), values=lambda names: {})) for number in range(400)]
    assert said == [plain(answering.chosen(workspace.pk, rule, seed=str(number), values=lambda names: {})) for number in range(400)]
    assert 340 < said.count("常") < 380


def test_an_attribute_that_is_gone_gives_the_fallback(workspace: Workspace, make: Make) -> None:
    rule = make("价格", "价格", answer="{{name|朋友}}好")
    Rule.objects.in_workspace(workspace).update(
        answers=[{"weight": 1, "parts": [{"kind": "text", "text": "{{attribute.gone|你}}好"}], "fields": ["attribute.gone"]}]
    )
    rule.refresh_from_db()
    assert plain(answering.chosen(workspace.pk, rule, seed="x", values=lambda names: {})) == "你好"


def test_questions_nobody_answered(clockwork: Any, account: Account, linked: Group, workspace: Workspace, make: Make) -> None:
    make("价格", "价格")

    def asked() -> list[str]:
        return [one.text for one in questions.unanswered(workspace, cursor=None, limit=50).items]

    tell(account, message("有人知道几点开门吗？", 9_000_001, at_ms=clock.now_ms()))
    tell(account, message("哪里停车？", 9_000_002, at_ms=clock.now_ms()))
    hear(account, "价格多少？", "今天天气不错")
    tell(account, message("我也想知道", 9_000_003, at_ms=clock.now_ms(), reply_to="m9000002"))
    assert asked() == []
    clockwork.shift(3_600)
    assert asked() == ["哪里停车？", "有人知道几点开门吗？"]
    tell(account, message("楼下", 9_000_004, at_ms=clock.now_ms(), reply_to="m9000002", who="u2", name="小红"))
    assert asked() == ["有人知道几点开门吗？"]
    rules.dismiss(workspace, actor=SYSTEM, question_id=Question.objects.in_workspace(workspace).get(answered_at=None).pk)
    assert asked() == []
