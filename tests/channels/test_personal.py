"""Personal fields: refused where they are wrong, filled with text that is nothing but text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.channels import messages, personal
from hutong.channels.contract import LinkCard, Text
from hutong.channels.messages import PartIn
from hutong.foundation import clock, fields
from hutong.foundation.errors import Invalid
from hutong.members.models import Attribute, AttributeValue, Member
from hutong.workspaces.models import Workspace
from tests.conftest import Api

pytestmark = pytest.mark.django_db


def member(workspace: Workspace, name: str = "小明", **values: object) -> Member:
    found = Member.objects.create(workspace=workspace, name=name, first_seen_at=clock.now(), last_seen_at=clock.now())
    for key, value in values.items():
        attribute = Attribute.objects.in_workspace(workspace).filter(key=key).first()
        attribute = attribute or Attribute.objects.create(workspace=workspace, key=key, name_zh=key, name_en=key, type="text")
        AttributeValue.objects.create(workspace=workspace, member=found, attribute=attribute, value=value, source="staff:1")
    return found


def filled(workspace: Workspace, text: str, one: Member | None = None, **more: str) -> str:
    draft = personal.read(workspace.pk, [Text(text)], also=more)
    values = personal.look_up(workspace.pk, [one.pk], draft.fields)[one.pk] if one else {}
    (segment,) = draft.fill(values | more)
    assert isinstance(segment, Text)
    return segment.text


def test_fields_give_names_attributes_and_fallbacks(workspace: Workspace) -> None:
    one = member(workspace, city="北京", points=12.0, tags=["读书", "茶"], vip=True)
    assert filled(workspace, "{{name}}，{{ attribute.city | 本地 }}的朋友", one) == "小明，北京的朋友"
    assert filled(workspace, "{{name|朋友}}你好{{attribute.city}}。") == "朋友你好。"
    assert filled(workspace, "{{attribute.points}} {{attribute.tags}} {{attribute.vip}}", one) == "12 读书、茶 是"
    assert filled(workspace, "{{link}}", one, link="https://x") == "https://x"
    assert filled(workspace, "{ name } 没有字段") == "{ name } 没有字段"


def test_a_link_card_has_fields_too(workspace: Workspace) -> None:
    draft = personal.read(workspace.pk, [LinkCard(url="https://x/?u={{name|a}}", title="给{{name|你}}")])
    assert draft.fill({"name": "b"}) == (LinkCard(url="https://x/?u=b", title="给b"),)
    assert draft.fill({}) == (LinkCard(url="https://x/?u=a", title="给你"),)


@pytest.mark.parametrize("text", ["{{nobody}}", "{{name", "name}}", "{{}}", "{{Name}}", "{{name|{{name}}}}", "{{name|" + "长" * 101 + "}}"])
def test_a_wrong_field_is_refused_where_it_stands(workspace: Workspace, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        personal.read(workspace.pk, [Text("好"), Text(text)])
    assert [one["field"] for one in caught.value.errors] == ["segments.1.text"]
    assert {"zh", "en"} == set(caught.value.errors[0]["message"])


def test_what_a_field_gives_is_never_a_field_nor_a_second_line(workspace: Workspace) -> None:
    one = member(workspace, "{{attribute.city}}\n\n{{name}}", city="北京")
    assert filled(workspace, "{{name}}", one) == "{{attribute.city}} {{name}}"


@given(st.text(max_size=40), st.text(max_size=40))
def test_text_without_braces_is_itself(before: str, after: str) -> None:
    parts, problem = fields.read(before.replace("{", "").replace("}", "") + "{{name|x}}" + after.replace("{", "").replace("}", ""))
    assert problem is None
    assert [part for part in parts if not isinstance(part, str)] == [fields.Hole("name", "x")]


def test_parts_are_read_and_said_back(workspace: Workspace, api: Api) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    answer = api.http.post(api.url("/messages/files"), {"file": SimpleUploadedFile("图.png", picture, "text/html")})
    assert answer.status_code == 201, answer.content
    file = answer.json()
    assert (file["kind"], file["content_type"], file["size_bytes"], file["name"]) == ("image", "image/png", 28, "图.png")
    parts = [
        {"kind": "text", "text": "{{name|朋友}}，看看"},
        {"kind": "image", "file": file["file"], "name": "图.png"},
        {"kind": "link", "url": "https://example.com", "title": "活动"},
        {"kind": "mention_all"},
    ]
    draft = messages.read(workspace.pk, [PartIn(**one) for one in parts])
    assert messages.kept(messages.stored(draft.segments)) == draft.segments
    assert [one["kind"] for one in messages.said(draft.segments)] == ["text", "image", "link", "mention_all"]
    seen = api.post("/messages/previews", {"parts": parts, "platforms": ["telegram", "webhook"], "member_id": str(member(workspace).pk)}).json()
    assert seen["parts"][0]["text"] == "小明，看看"
    assert [(one["platform"], one["problem"], one["characters"] > 0) for one in seen["platforms"]] == [
        ("telegram", None, True),
        ("webhook", None, True),
    ]


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ({"kind": "text", "text": "  "}, "parts.0.text"),
        ({"kind": "image", "file": "0" * 64}, "parts.0.file"),
        ({"kind": "link", "url": "javascript:alert(1)"}, "parts.0.url"),
        ({"kind": "text", "text": "{{x}}"}, "parts.0.text"),
    ],
)
def test_a_part_that_cannot_be_sent_is_refused(api: Api, part: dict[str, str], where: str) -> None:
    answer = api.post("/messages/previews", {"parts": [part]})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [where]


def test_an_svg_or_a_page_is_kept_as_a_plain_file(api: Api) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for name in ("a.svg", "a.html", "a.xhtml"):
        answer = api.http.post(api.url("/messages/files"), {"file": SimpleUploadedFile(name, b"<svg onload=alert(1)>")}).json()
        assert (answer["kind"], answer["content_type"]) == ("file", "application/octet-stream")


def test_fields_are_listed_with_the_attributes_of_the_workspace(workspace: Workspace, api: Api) -> None:
    member(workspace, size="大")
    names = [one["name"] for one in api.get("/messages/fields").json()["items"]]
    assert names[:4] == ["name", "group", "community", "attribute.email"]
    assert names[-1] == "attribute.size"
