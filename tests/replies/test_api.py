"""Keyword replies over HTTP: a rule's whole life, refusals at the field, the test box, conflicts, synonyms, questions."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.members.models import Member
from hutong.replies.models import DailyHits, Question, Rule, RuleSet
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api
from tests.replies.conftest import Make

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)
GIVEN: dict[str, Any] = {
    "name": "营业时间",
    "keywords": [{"text": "几点开门", "way": "contains"}, {"text": "营业时间", "way": "exact"}],
    "answers": [{"parts": [{"kind": "text", "text": "早九点到晚九点，{{name|朋友}}"}]}],
}


def errors(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.content.decode()
    return [(one["field"], one["message"]) for one in answer.json()["errors"]]


def test_the_life_of_a_rule(api: Api, other_api: Api) -> None:
    made = api.post("/keyword-replies", GIVEN)
    assert made.status_code == 201, made.content.decode()
    rule = made.json()
    assert (rule["variants"], rule["priority"], rule["is_enabled"], rule["version"], rule["hits"], rule["last_hit_at"]) == (
        ["case", "width", "script", "gaps", "pinyin", "synonyms"], 100, True, 1, 0, None,
    )  # fmt: skip
    assert rule["answers"] == [
        {
            "weight": 1,
            "parts": [
                {
                    "kind": "text", "text": "早九点到晚九点，{{name|朋友}}", "file": "", "name": "", "url": "", "title": "", "description": "",
                    "image_url": "", "content_type": "", "size_bytes": None,
                }
            ],
        }
    ]  # fmt: skip
    path = f"/keyword-replies/{rule['id']}"
    assert api.get(path).json() == rule
    assert api.post("/keyword-replies", GIVEN).json()["code"] == "reply_name_taken"
    changed = api.put(path, GIVEN | {"priority": 5, "version": 1, "hours": {"begin": "22:00", "end": "06:00", "days": [4, 0, 4]}}).json()
    assert (changed["priority"], changed["hours"], changed["version"]) == (5, {"begin": "22:00", "end": "06:00", "days": [0, 4]}, 2)
    assert api.put(path, GIVEN | {"version": 1}).json()["code"] == "reply_changed"
    assert api.patch(path, {"is_enabled": False}).json()["is_enabled"] is False
    assert [one["name"] for one in api.get("/keyword-replies", is_enabled="false").json()["items"]] == ["营业时间"]
    assert api.get("/keyword-replies", is_enabled="true").json() == {"items": [], "next_cursor": None, "total": 0}
    assert other_api.get(path).status_code == 404
    assert other_api.delete(path).status_code == 404
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.post("/keyword-replies", GIVEN).status_code == 201  # the name is free again
    actions = AuditEntry.objects.in_workspace(api.workspace).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["reply.create", "reply.change", "reply.change", "reply.delete", "reply.create"]
    assert AuditEntry.objects.in_workspace(api.workspace).order_by("pk")[1].details == {"changed": ["hours", "priority"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"keywords": [{"text": "价格"}, {"text": "价 格"}]}, "keywords.1.text"),
        ({"keywords": [{"text": "(a", "way": "regex"}]}, "keywords.0.text"),
        ({"keywords": [{"text": "\u200b"}]}, "keywords.0.text"),
        ({"answers": []}, "answers"),
        ({"answers": [{"parts": [{"kind": "text", "text": "{{nobody}}"}]}]}, "answers.0.parts.0.text"),
        ({"answers": [{"parts": [{"kind": "image", "file": "0" * 64}]}]}, "answers.0.parts.0.file"),
        ({"hours": {"begin": "09:00", "end": "09:00", "days": [1]}}, "hours.end"),
        ({"group_ids": ["01890000-0000-7000-8000-000000000000"]}, "group_ids.0"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(api: Api, change: dict[str, Any], field: str) -> None:
    assert [where for where, _ in errors(api.post("/keyword-replies", GIVEN | change))] == [field]
    assert not Rule.objects.in_workspace(api.workspace).exists()
    assert not RuleSet.objects.in_workspace(api.workspace).exists()


def test_the_list_is_searched_and_paged_with_few_questions(api: Api, workspace: Workspace, make: Make) -> None:
    rules = [make(f"规则{number:02d}", f"词{number:02d}", priority=number) for number in range(20)]
    with time_machine.travel(NOON, tick=False):
        day = dt.date(2026, 11, 2)
        for back, hits in ((0, 3), (29, 4), (30, 50)):
            DailyHits.objects.create(workspace=workspace, rule=rules[7], day=day - dt.timedelta(days=back), hits=hits, last_at=NOON)
        with CaptureQueriesContext(connection) as asked:
            first = api.get("/keyword-replies", limit=15).json()
        assert len(asked) < 15
        rest = api.get("/keyword-replies", limit=15, cursor=first["next_cursor"]).json()
        names = [one["name"] for one in [*first["items"], *rest["items"]]]
        assert names == [f"规则{number:02d}" for number in reversed(range(20))]
        assert (first["total"], rest["next_cursor"]) == (20, None)
        (found,) = api.get("/keyword-replies", q="词07").json()["items"]
        assert (found["name"], found["hits"], found["last_hit_at"]) == ("规则07", 7, "2026-11-02T04:00:00Z")
        days = api.get(f"/keyword-replies/{rules[7].pk}/hits").json()["items"]
        assert [one["hits"] for one in days] == [4] + [0] * 28 + [3]
        assert days[-1]["day"] == "2026-11-02"


def test_the_test_box(api: Api, linked: Group, make: Make, other_api: Api) -> None:
    make("价格", "价格", answer="看公告，{{group}}")
    make("课程", "课程价格", answer="课程另算", hours={"begin": "00:00", "end": "01:00", "days": [0]})
    make("别处", "价格", answer="别处", priority=500, place="private")
    make("再来", "价", answer="不便宜")
    said = {"text": "課程價格？", "group_id": str(linked.pk), "at": "2026-11-02T04:00:00Z"}
    found = api.post("/keyword-replies/test", said).json()
    assert [(one["name"], one["keyword"], one["length"], one["steps"], one["why"]) for one in found["items"]] == [
        ("别处", "价格", 2, ["script"], "place"),
        ("课程", "课程价格", 4, ["script"], "hours"),
        ("价格", "价格", 2, ["script"], ""),
        ("再来", "价", 1, ["script"], "rank"),
    ]
    assert (found["folded"], found["answer"][0]["text"]) == ("课程价格?", "看公告，一群")
    draft = GIVEN | {"name": "新", "keywords": [{"text": "课程", "way": "contains"}], "priority": 999}
    found = api.post("/keyword-replies/test", said | {"rule": draft}).json()
    assert next((one["rule_id"], one["name"], one["why"]) for one in found["items"]) == (None, "新", "")
    assert found["answer"][0]["text"] == "早九点到晚九点，朋友"
    untold = api.post("/keyword-replies/test", said | {"rule": draft | {"answers": []}}).json()
    assert (untold["items"][0]["name"], untold["answer"], untold["problems"]) == ("新", [], [])
    broken = api.post("/keyword-replies/test", said | {"rule": draft | {"keywords": [{"text": "(", "way": "regex"}]}}).json()
    assert (broken["items"][0]["name"], [one["field"] for one in broken["problems"]]) == ("别处", ["keywords.0.text"])
    own = next(one for one in api.get("/keyword-replies").json()["items"] if one["name"] == "价格")
    found = api.post("/keyword-replies/test", said | {"rule": draft | {"keywords": [{"text": "没有"}]}, "rule_id": own["id"]}).json()
    assert [one["name"] for one in found["items"] if not one["why"]] == ["再来"]
    assert api.post("/keyword-replies/test", {"text": "什么也没有"}).json()["items"] == []
    assert other_api.post("/keyword-replies/test", said).status_code == 404
    assert Rule.objects.in_workspace(api.workspace).count() == 4


def test_conflicts(api: Api, workspace: Workspace, linked: Group, make: Make) -> None:
    other = Community.objects.create(workspace=workspace, name="别的")
    make("早", "价格")
    make("晚", "價格")  # the same, younger
    make("长", "课程价格")  # longer wins: no conflict
    make("输", "团购价格", priority=1)  # contains what goes before
    make("远", "价格", community_ids=[other.pk], place="groups")
    make("近", "停车", group_ids=[linked.pk])
    make("此", "停车", community_ids=[linked.community_id], hours={"begin": "09:00", "end": "10:00", "days": [1]})
    make("彼", "停车", community_ids=[linked.community_id], hours={"begin": "10:00", "end": "11:00", "days": [1]})
    make("他", "停车", group_ids=[Group.objects.create(workspace=workspace, community=other, name="远群", channel="irc").pk])
    found = api.get("/keyword-replies/conflicts").json()
    assert [(one["kind"], one["winner"]["name"], one["winner_keyword"], one["loser"]["name"], one["loser_keyword"]) for one in found["items"]] == [
        ("same", "早", "价格", "晚", "價格"),
        ("same", "早", "价格", "远", "价格"),
        ("same", "近", "停车", "此", "停车"),
        ("same", "近", "停车", "彼", "停车"),
        ("contained", "早", "价格", "输", "团购价格"),
    ]
    assert (found["total"], found["is_cut"]) == (5, False)
    pages = [api.get("/keyword-replies/conflicts", limit=2).json()]
    while cursor := pages[-1]["next_cursor"]:
        pages.append(api.get("/keyword-replies/conflicts", limit=2, cursor=cursor).json())
    assert list(itertools.chain.from_iterable(page["items"] for page in pages)) == found["items"]
    assert api.get("/keyword-replies/conflicts", cursor="xx").status_code == 422
    assert api.delete(f"/keyword-replies/{found['items'][0]['winner']['id']}").status_code == 204
    assert [one["winner"]["name"] for one in api.get("/keyword-replies/conflicts").json()["items"]] == ["晚", "近", "近", "晚"]


def test_synonyms(api: Api, make: Make) -> None:
    make("价格", "价格")
    assert api.get("/keyword-replies/synonyms").json() == {"groups": []}
    groups = [["价格", "价钱", "多少钱"], ["地址", "在哪"]]
    assert api.put("/keyword-replies/synonyms", {"groups": groups}).json() == {"groups": groups}
    (hit,) = api.post("/keyword-replies/test", {"text": "多少錢"}).json()["items"]
    assert (hit["keyword"], hit["word"], hit["steps"]) == ("价格", "多少钱", ["script", "synonyms"])
    assert errors(api.put("/keyword-replies/synonyms", {"groups": [["价格", "價 格"]]}))[0][0] == "groups.0"
    assert api.put("/keyword-replies/synonyms", {"groups": groups[1:]}).json() == {"groups": groups[1:]}
    assert api.post("/keyword-replies/test", {"text": "多少錢"}).json()["items"] == []


def test_questions(api: Api, workspace: Workspace, linked: Group) -> None:
    member = Member.objects.create(workspace=workspace, name="小明", first_seen_at=NOON, last_seen_at=NOON)
    now = clock.now()
    for number in range(3):
        Question.objects.create(
            workspace=workspace, event_id=f"e{number}", group=linked, member=member, text=f"问题{number}？",
            asked_at=now - dt.timedelta(hours=number + 1),
        )  # fmt: skip
    found = api.get("/keyword-replies/questions", limit=2).json()
    assert [(one["event_id"], one["text"], one["group_name"], one["member_name"]) for one in found["items"]] == [
        ("e0", "问题0？", "一群", "小明"),
        ("e1", "问题1？", "一群", "小明"),
    ]
    assert api.delete(f"/keyword-replies/questions/{found['items'][0]['id']}").status_code == 204
    rest = api.get("/keyword-replies/questions", limit=2, cursor=found["next_cursor"]).json()
    assert [one["text"] for one in rest["items"]] == ["问题2？"]
    assert [one["text"] for one in api.get("/keyword-replies/questions").json()["items"]] == ["问题1？", "问题2？"]
