"""Attributes with choices: nothing else is taken, what is there already stays."""

from __future__ import annotations

import pytest
from django.db import transaction

from hutong.members.actions import attributes, profiles
from hutong.members.models import Attribute, AttributeValue
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.conftest import Api

pytestmark = pytest.mark.django_db
SKIN = {"key": "skin", "name_zh": "肤质", "name_en": "Skin", "options": ["油皮", " 干皮 ", "油皮"]}


def test_choices_over_http(api: Api, workspace: Workspace) -> None:
    made = api.post("/attributes", SKIN)
    assert (made.status_code, made.json()["options"]) == (201, ["油皮", "干皮"])
    likes = api.post("/attributes", {"key": "likes", "name_zh": "爱好", "name_en": "Likes", "type": "list", "options": ["茶", "咖啡"]}).json()
    assert likes["options"] == ["茶", "咖啡"]
    member = api.post("/members", {"name": "小满", "attributes": {"skin": "油皮", "likes": ["咖啡"]}}).json()
    url = f"/members/{member['id']}/attributes"
    for key, value, said in (
        ("skin", "沙皮", "“沙皮” is not among the choices: 油皮, 干皮."),
        ("likes", ["茶", "酒"], "“酒” is not among the choices: 茶, 咖啡."),
    ):
        refused = api.put(f"{url}/{key}", {"value": value})
        assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "value", "message": said}])
    assert api.post("/members", {"name": "阿强", "attributes": {"skin": "沙皮"}}).status_code == 422
    assert api.put(f"{url}/skin", {"value": "干皮"}).status_code == 200
    assert api.patch("/attributes/skin", {"options": ["敏感皮"]}).json()["options"] == ["敏感皮"]
    kept = AttributeValue.objects.in_workspace(workspace).order_by("attribute__key").values_list("value", flat=True)
    assert list(kept) == [["咖啡"], "干皮"]
    assert api.patch("/attributes/skin", {"options": []}).json()["options"] == []
    assert api.put(f"{url}/skin", {"value": "沙皮"}).status_code == 200


def test_refused_choices(api: Api, workspace: Workspace) -> None:
    for given, field in (
        ({"type": "number", "options": ["1"]}, "options"),
        ({"options": ["油皮", " "]}, "options.1"),
        ({"options": ["a\nb"]}, "options.0"),
        ({"options": ["x" * 101]}, "options.0"),
        ({"options": [str(at) for at in range(101)]}, "options"),
    ):
        answer = api.post("/attributes", SKIN | given)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), given
    assert Attribute.objects.in_workspace(workspace).count() == 0


def test_what_sources_say_beyond_the_choices_stays_in_the_event(workspace: Workspace) -> None:
    attributes.define(workspace, actor=SYSTEM, key="skin", name_zh="肤质", name_en="Skin", kind="text", options=["油皮"])
    member = profiles.create(workspace, actor=SYSTEM, name="小满")
    with transaction.atomic():
        kept = attributes.take_traits(workspace.pk, member_id=member.pk, traits={"skin": "沙皮", "city": "北京"}, source="tracker:1", source_name="")
    assert kept == ["city"]
