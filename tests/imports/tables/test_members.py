"""A list of members from the drop to the records and back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from hutong.imports.models import Import, ImportTouch, MappingPreset
from hutong.imports.tables import sifting
from hutong.members.actions import attributes, bulk_values, merges, profiles
from hutong.members.models import Attribute, AttributeValue, Identity, Member
from hutong.segments.actions import tags
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.access import SYSTEM
from tests import mirrors
from tests.conftest import Api
from tests.imports.conftest import run_jobs
from tests.imports.tables.conftest import Cells, Listing, as_csv, as_xlsx

PEOPLE: Cells = [
    ["会员号", "姓名", "手机号", "邮箱", "性别", "生日", "城市", "积分", "备注 "],
    ["u1", "小满", "+86 138 0013 8000", "Man@Example.com", "女", "1990/5/17", "北京", "1,200", "=1+1"],
    ["u2", "阿强", "13900139000", "", "M", "5月3日", "上海", "", "<b>老客户</b>"],
    ["u3", "Zoë 😀", "", "zoe@example.com", "", "", "", "0", "\u202eabc"],
]


def test_a_list_from_the_drop_to_the_members(listing: Listing, api: Api) -> None:
    batch = listing.offer_rows(PEOPLE)
    assert (batch["kind"], batch["state"], batch["format"], batch["title"]) == ("members", "uploaded", "csv", "List of members (CSV)")
    assert batch["options"]["table"] == {
        "sheet": "", "has_header": None,
        "mapping": {
            "会员号": "identity:user_id", "姓名": "name", "手机号": "attribute:phone", "邮箱": "attribute:email", "性别": "attribute:gender",
            "生日": "attribute:birthday", "城市": "attribute:city", "备注": "attribute:note",
        },
        "keys": ["identity:user_id", "attribute:phone", "attribute:email"], "when_found": "fill", "when_missing": "make", "bad_cell": "row",
        "statuses": {}, "currency": "CNY",
    }  # fmt: skip
    assert batch["missing"] == []
    assert [(one["name"], one["type"]) for one in batch["table"]["columns"] if one["name"] in ("积分", "生日")] == [
        ("生日", "text"),
        ("积分", "number"),
    ]
    assert batch["table"]["rows"][0]["cells"][:3] == ["u1", "小满", "+86 138 0013 8000"]
    listing.change(batch, table={"mapping": batch["options"]["table"]["mapping"] | {"积分": "new:number"}})
    result = listing.run(batch)
    assert {name: value for name, value in result.items() if value and name != "seconds"} == {"rows": 3, "made": 3}
    assert listing.people() == {
        "小满": {"phone": "13800138000", "email": "man@example.com", "gender": "女", "birthday": "1990-05-17", "city": "北京", "field_" + Attribute.objects.in_workspace(api.workspace).get(name_zh="积分").key[6:]: 1200, "note": "=1+1"},
        "阿强": {"phone": "13900139000", "gender": "男", "birthday": "05-03", "city": "上海", "note": "<b>老客户</b>"},
        "Zoë 😀": {"email": "zoe@example.com", Attribute.objects.in_workspace(api.workspace).get(name_zh="积分").key: 0, "note": "\u202eabc"},
    }  # fmt: skip
    assert sorted(Identity.objects.in_workspace(api.workspace).values_list("channel", "external_id", "member__name")) == [
        ("user_id", "u1", "小满"), ("user_id", "u2", "阿强"), ("user_id", "u3", "Zoë 😀"),
    ]  # fmt: skip
    undone = listing.step(batch, "undo")
    assert undone["state"] == "undone"
    assert undone["table"]["undone"] == {
        "members_removed": 3, "members_kept": 0, "values_back": 0, "values_kept": 0, "names_back": 0, "names_kept": 0, "identities_removed": 0,
        "identities_kept": 0, "orders_removed": 0, "tags_back": 0,
    }  # fmt: skip
    assert listing.records() == {"members": [], "values": [], "identities": [], "participations": [], "orders": []}
    assert not Attribute.objects.in_workspace(api.workspace).filter(is_standard=False).exists()
    assert not ImportTouch.objects.exists()
    mirrors.check(api.workspace)


def add(api: Api, name: str, identities: dict[str, str] | None = None, **given: Any) -> Member:
    return profiles.create(api.workspace, actor=SYSTEM, name=name, identities=list((identities or {}).items()), given=given)


@pytest.mark.parametrize("batch_rows", [1, 3, 2_000])
def test_the_same_list_again_changes_nothing(listing: Listing, monkeypatch: pytest.MonkeyPatch, batch_rows: int) -> None:
    monkeypatch.setattr(sifting, "BATCH_ROWS", batch_rows)
    listing.import_rows(PEOPLE)
    before = listing.records()
    again = listing.offer("再来.xlsx", as_xlsx(("空", []), ("成员", PEOPLE)))
    assert (again["table"]["sheet"], again["table"]["sheets"]) == ("成员", ["空", "成员"])
    assert again["detection"]["mapping_source"] == "remembered"
    result = listing.run(again)
    assert (result["rows"], result["unchanged"], result["values"]) == (3, 3, 0)
    assert listing.records() == before
    undone = listing.step(again, "undo")
    assert set(undone["table"]["undone"].values()) == {0}
    assert listing.records() == before


def test_what_is_empty_is_filled_and_the_rest_stays(listing: Listing, api: Api) -> None:
    add(api, "老王", {"user_id": "u1"}, phone="+86 139 0013 9000", city="上海")
    add(api, "u2", {"user_id": "u2"})  # known by an id only
    before = listing.records()
    cells: Cells = [
        ["会员号", "姓名", "手机号", "城市", "公司"],
        ["u1", "王总", "13900139000", "北京", "青石"],
        ["u2", "小李", "", "", ""],
        ["u1", "", "", "", "别家"],
    ]
    batch, result = listing.import_rows(cells)
    assert (result["updated"], result["unchanged"], result["values"], result["made"]) == (2, 1, 2, 0)
    assert listing.people() == {"老王": {"phone": "+86 139 0013 9000", "city": "上海", "company": "青石"}, "小李": {}}
    value = AttributeValue.objects.in_workspace(api.workspace).get(attribute__key="company")
    assert (value.source, value.source_name) == (f"import:{batch['id']}", "members.csv")
    mirrors.check(api.workspace)
    undone = listing.step(batch, "undo")
    assert (undone["table"]["undone"]["values_back"], undone["table"]["undone"]["names_back"]) == (1, 1)
    assert listing.records() == before
    mirrors.check(api.workspace)


def test_overwriting_and_the_way_back(listing: Listing, api: Api) -> None:
    add(api, "老王", {"user_id": "u1"}, phone="13900139000", city="上海")
    before = listing.records()
    cells: Cells = [
        ["会员号", "姓名", "手机号", "城市"], ["u1", "王总", "13800138000", "北京"], ["u1", "王董", "", "广州"], ["", "小王", "138 0013 8000", "深圳"], ["", "", "13900139000", ""],
    ]  # fmt: skip
    batch, result = listing.import_rows(cells, table={"when_found": "overwrite"})
    # The number he had is nobody's now: its row makes a member.
    assert (result["updated"], result["made"], result["values"]) == (3, 1, 7)
    assert listing.people() == {"小王": {"phone": "13800138000", "city": "深圳"}, "13900139000": {"phone": "13900139000"}}
    undone = listing.step(batch, "undo")
    assert undone["table"]["undone"]["members_removed"] == 1
    assert listing.records() == before
    mirrors.check(api.workspace)


def test_members_may_be_only_found_or_only_made(listing: Listing, api: Api) -> None:
    add(api, "老王", {"user_id": "u1"})
    cells: Cells = [["会员号", "城市"], ["u1", "北京"], ["u2", "上海"]]
    _, only_found = listing.import_rows(cells, table={"when_missing": "skip"})
    assert (only_found["updated"], only_found["skipped"], only_found["made"]) == (1, 1, 0)
    _, only_made = listing.import_rows(cells, table={"when_found": "skip", "when_missing": "make"})
    assert (only_made["made"], only_made["skipped"], only_made["updated"]) == (1, 1, 0)
    assert listing.people() == {"老王": {"city": "北京"}, "u2": {"city": "上海"}}


def test_a_row_that_means_two_members_is_left_out_with_its_reason(listing: Listing, api: Api) -> None:
    add(api, "老王", {"user_id": "u1"}, phone="13800138000")
    add(api, "小李", {"user_id": "u2", "qq": "10001"}, phone="13900139000")
    add(api, "小李的爱人", phone="139-0013-9000")
    before = listing.records()
    cells: Cells = [
        ["会员号", "手机号", "QQ"], ["u1", "13900139000", ""], ["", "13900139000", ""], ["u2", "13900139000", ""], ["u1", "", "10001"], ["u9", "", "10001"], ["", "", ""],
        ["", "", "10002"],
    ]  # fmt: skip
    batch = listing.offer_rows(cells, table={"keys": ["identity:user_id", "attribute:phone"]})
    result = listing.run(batch)
    assert (result["rejected"], result["unchanged"], result["rows"]) == (5, 1, 6)
    assert [(line, code) for line, code, _ in listing.rejects(batch)] == [
        (2, "two_members"), (3, "several_members"), (5, "identity_held"), (6, "identity_held"), (8, "key_empty"),
    ]  # fmt: skip
    sentences = [sentence for _, _, sentence in listing.rejects(batch)]
    assert (
        sentences[0]
        == "“会员号” is that of 老王, “手机号” that of 小李、小李的爱人. Merge the two members if they are one person, or mend one of the cells."
    )
    assert listing.records() == before
    sheet = b"".join(api.get(f"/imports/{batch['id']}/rejects.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert sheet.splitlines()[0] == "file,line,reason,excerpt"
    assert sheet.splitlines()[1].startswith('members.csv,2,"“会员号” is that of 老王, “手机号”')


def test_a_cell_that_cannot_be_read_takes_its_row_along_or_not(listing: Listing) -> None:
    cells: Cells = [["会员号", "姓名", "生日", "手机号"], ["u1", "小满", "2024-02-30", "1.38E+10"], ["u2", "阿强", "", "13900139000"]]
    batch = listing.offer_rows(cells)
    checked = listing.checked(batch)
    assert (checked["rejected"], checked["made"], [one["code"] for one in checked["reasons"]]) == (1, 1, ["date_impossible"])
    assert listing.step(batch, "run", status=409)["code"] == "import_has_rejects"
    assert listing.people() == {}
    listing.change(batch, table={"bad_cell": "cell"})
    result = listing.run(batch)
    assert (result["rejected"], result["cells"], result["made"]) == (0, 2, 2)
    assert [(line, code) for line, code, _ in listing.rejects(batch)] == [(2, "date_impossible"), (2, "phone_rounded")]
    assert listing.people() == {"小满": {}, "阿强": {"phone": "13900139000"}}


def test_formulas_and_marks_stay_text_and_are_safe_in_the_report(listing: Listing, api: Api) -> None:
    cells: Cells = [["会员号", "姓名", "生日"], ["=1+1", "<script>alert(1)</script>", "昨天"], ["@sum", "\u202eevil 😀", ""]]
    batch = listing.offer_rows(cells)
    listing.run(batch)
    assert listing.people() == {"\u202eevil 😀": {}}
    assert Identity.objects.in_workspace(api.workspace).get().external_id == "@sum"
    sheet = b"".join(api.get(f"/imports/{batch['id']}/rejects.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=1+1 | <script>alert(1)</script> | 昨天" in sheet


def test_undo_keeps_what_was_changed_since_and_says_so(listing: Listing, api: Api) -> None:
    add(api, "老王", {"user_id": "u1"}, city="上海")
    cells: Cells = [["会员号", "姓名", "城市", "公司", "QQ"], ["u1", "王总", "北京", "青石", "10001"], ["u2", "小李", "广州", "", ""], ["u3", "小张", "深圳", "", ""], ["u4", "小赵", "", "", ""], ["u5", "小钱", "", "", ""], ["u6", "小孙", "", "", ""]]  # fmt: skip
    batch, result = listing.import_rows(cells, table={"when_found": "overwrite"})
    assert (result["made"], result["values"]) == (5, 4)
    by_name = {one.name: one for one in Member.objects.in_workspace(api.workspace)}
    attributes.set_value(api.workspace, actor=SYSTEM, member_id=by_name["王总"].pk, key="city", value="成都")
    attributes.set_value(api.workspace, actor=SYSTEM, member_id=by_name["小李"].pk, key="city", value="重庆")
    profiles.change(api.workspace, actor=SYSTEM, member_id=by_name["王总"].pk, name="王老板")
    tag = Tag.objects.create(workspace=api.workspace, name="贵宾")
    tags.put(api.workspace, actor=SYSTEM, member_id=by_name["小赵"].pk, tag_id=tag.pk)
    later, _ = listing.import_rows([["会员号", "备注"], ["u5", "后来"]])
    merges.merge(api.workspace, actor=SYSTEM, kept_id=by_name["小孙"].pk, absorbed_id=by_name["小张"].pk)
    undone = listing.step(batch, "undo")
    assert undone["table"]["undone"] == {
        "members_removed": 0, "members_kept": 5, "values_back": 1, "values_kept": 2, "names_back": 0, "names_kept": 1, "identities_removed": 1,
        "identities_kept": 0, "orders_removed": 0, "tags_back": 0,
    }  # fmt: skip
    kept = sorted((code, sentence) for _, code, sentence in listing.rejects(batch))
    assert [code for code, _ in kept] == ["kept_member"] * 5 + ["kept_name"] + ["kept_value"] * 2
    assert kept[-1][1] == "“城市” of 王老板 was changed after the import had set it to 北京; it stays as it is now."
    assert listing.people() == {"王老板": {"city": "成都"}, "小李": {"city": "重庆"}, "小张": {}, "小赵": {}, "小钱": {"note": "后来"}, "小孙": {}}
    mirrors.check(api.workspace)
    listing.step(later, "undo")
    assert listing.people()["小钱"] == {}


def test_a_value_that_stood_hidden_in_a_merge_is_put_anew(listing: Listing, api: Api) -> None:
    """The list says what one of the two had all along; the other's value showed, being later."""
    absorbed = add(api, "老王QQ", {"qq": "10001"}, city="北京")
    kept = add(api, "老王", {"user_id": "u1"}, city="上海")
    merges.merge(api.workspace, actor=SYSTEM, kept_id=kept.pk, absorbed_id=absorbed.pk)
    mirrors.check(api.workspace)  # what is told of merges is read: it counts as being seen
    before = listing.records()
    assert listing.people()["老王"] == {"city": "上海"}
    batch, result = listing.import_rows([["QQ", "城市"], ["10001", "北京"]], table={"when_found": "overwrite"})
    assert (result["updated"], result["values"]) == (1, 1)
    assert listing.people()["老王"] == {"city": "北京"}
    mirrors.check(api.workspace)
    listing.step(batch, "undo")
    assert listing.people()["老王"] == {"city": "上海"}
    assert listing.records() == before


@pytest.mark.parametrize("merged_before", [True, False])
def test_members_in_merges(listing: Listing, api: Api, merged_before: bool) -> None:
    kept, absorbed = add(api, "老王", {"user_id": "u1"}, city="上海"), add(api, "老王QQ", {"qq": "10001"}, company="旧公司")
    alone = listing.records()
    merge = merges.merge(api.workspace, actor=SYSTEM, kept_id=kept.pk, absorbed_id=absorbed.pk) if merged_before else None
    mirrors.check(api.workspace)  # what is told of merges is read: it counts as being seen
    before = listing.records()
    cells: Cells = [["QQ", "城市", "公司", "备注"], ["10001", "北京", "青石", "好"]]
    batch, result = listing.import_rows(cells, table={"when_found": "overwrite"})
    assert (result["updated"], result["values"]) == (1, 3)
    if merge is None:
        merge = merges.merge(api.workspace, actor=SYSTEM, kept_id=kept.pk, absorbed_id=absorbed.pk)
        assert listing.people()["老王"] == {"city": "上海", "company": "青石", "note": "好"}
    else:
        assert listing.people()["老王"] == {"city": "北京", "company": "青石", "note": "好"}
    mirrors.check(api.workspace)
    undone = listing.step(batch, "undo")
    assert (undone["table"]["undone"]["values_back"], undone["table"]["undone"]["values_kept"]) == (3, 0)
    if merged_before:
        assert listing.records() == before
    mirrors.check(api.workspace)
    merges.undo(api.workspace, actor=SYSTEM, merge_id=merge.pk)
    assert {**listing.records(), "members": []} == {**alone, "members": []}
    mirrors.check(api.workspace)


def test_a_cancelled_run_leaves_what_was_before(listing: Listing, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    add(api, "老王", {"user_id": "u1"})
    before = listing.records()
    monkeypatch.setattr(sifting, "BATCH_ROWS", 2)
    batch = listing.offer_rows([["会员号", "城市"], *[[f"u{number}", "北京"] for number in range(1, 8)]])
    listing.checked(batch)
    listing.step(batch, "run", jobs=False)
    # Cancelled after the second batch.
    put, calls = bulk_values.put, []

    def counting(workspace_id: uuid.UUID, given: Any, **options: Any) -> Any:
        calls.append(len(given))
        if len(calls) == 2:
            assert api.post(f"/imports/{batch['id']}/cancel").status_code == 202
        return put(workspace_id, given, **options)

    monkeypatch.setattr(bulk_values, "put", counting)
    run_jobs()
    assert (listing.get(batch)["state"], calls) == ("cancelled", [2, 2])
    assert listing.records() == before
    assert not ImportTouch.objects.exists()


def test_tags_are_given_made_and_taken_back(listing: Listing, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sifting, "BATCH_ROWS", 2)
    old = add(api, "老王", {"user_id": "u1"})
    vip = Tag.objects.create(workspace=api.workspace, name="贵宾")
    tags.put(api.workspace, actor=SYSTEM, member_id=old.pk, tag_id=vip.pk)
    mirrors.check(api.workspace)  # what is told of tags is read: it counts as being seen
    before, tagged = listing.records(), list(MemberTag.objects.in_workspace(api.workspace).values_list("tag__name", "member_id", "source"))
    cells: Cells = [["会员号", "标签"], ["u1", "贵宾、新客"], ["u2", "贵宾，<b>"], ["u2", "新客"], ["u1", "新客"]]
    batch = listing.offer_rows(cells)
    assert batch["options"]["table"]["mapping"] == {"会员号": "identity:user_id", "标签": "tags"}
    result = listing.run(batch)
    assert (result["made"], result["updated"], result["unchanged"], result["values"]) == (1, 2, 1, 2)
    given = MemberTag.objects.in_workspace(api.workspace).values_list("tag__name", "member__name", "source")
    source = f"import:{batch['id']}"
    assert sorted(given) == sorted(
        [("贵宾", "老王", "system"), ("新客", "老王", source), ("贵宾", "u2", source), ("<b>", "u2", source), ("新客", "u2", source)]
    )
    mirrors.check(api.workspace)
    undone = listing.step(batch, "undo")
    mirrors.check(api.workspace)
    assert (undone["table"]["undone"]["tags_back"], undone["table"]["undone"]["members_removed"]) == (4, 1)
    assert listing.records() == before
    assert list(MemberTag.objects.in_workspace(api.workspace).values_list("tag__name", "member_id", "source")) == tagged
    assert list(Tag.objects.in_workspace(api.workspace).values_list("name", flat=True)) == ["贵宾"]


def test_values_that_are_not_among_the_choices(listing: Listing, api: Api) -> None:
    attributes.define(api.workspace, actor=SYSTEM, key="size", name_zh="尺码", name_en="Size", kind="text", options=["大", "小"])
    batch = listing.offer_rows([["会员号", "尺码"], ["u1", "大"], ["u2", "中"]])
    assert listing.run(batch)["made"] == 1
    assert [(line, code) for line, code, _ in listing.rejects(batch)] == [(3, "cell_refused")]


def test_attributes_that_columns_make(listing: Listing, api: Api) -> None:
    attributes.define(api.workspace, actor=SYSTEM, key="points", name_zh="积分", name_en="Points", kind="number")
    cells: Cells = [["user id", "积分", "VIP", "Joined On", "field"], ["u1", "5", "是", "2024/5/1", "x"]]
    batch = listing.offer_rows(cells)
    assert batch["options"]["table"]["mapping"] == {"user id": "identity:user_id", "积分": "attribute:points"}
    assert {one["name"]: one["type"] for one in batch["table"]["columns"]} == {
        "user id": "text",
        "积分": "number",
        "VIP": "boolean",
        "Joined On": "date",
        "field": "text",
    }
    mapping = batch["options"]["table"]["mapping"] | {"VIP": "new:boolean", "Joined On": "new:date"}
    listing.change(batch, table={"mapping": mapping})
    listing.run(batch)
    assert listing.people() == {"u1": {"points": 5, "vip": True, "joined_on": "2024-05-01"}}
    assert {row.key: row.type for row in Attribute.objects.in_workspace(api.workspace).filter(is_standard=False)} == {
        "points": "number",
        "vip": "boolean",
        "joined_on": "date",
    }
    attributes.set_value(api.workspace, actor=SYSTEM, member_id=Member.objects.in_workspace(api.workspace).get().pk, key="vip", value=False)
    listing.step(batch, "undo")
    assert listing.people() == {"u1": {"vip": False}}
    assert {row.key for row in Attribute.objects.in_workspace(api.workspace).filter(is_standard=False)} == {"points", "vip"}


def test_choices_are_refused_where_they_are_wrong(listing: Listing, api: Api) -> None:
    batch = listing.offer_rows(PEOPLE)
    mapping = batch["options"]["table"]["mapping"]
    for field, table in {
        "table.mapping.没有": {"mapping": {"没有": "name"}},
        "table.mapping.姓名": {"mapping": {"姓名": "attribute:none"}},
        "table.mapping.城市": {"mapping": mapping | {"城市": "name"}},
        "table.mapping.备注": {"mapping": {"备注": "order_id"}},
        "table.keys": {"keys": ["attribute:birthday"]},
        "table.sheet": {"sheet": "一"},
        "table.currency": {"currency": "XXX"},
    }.items():
        answer = api.patch(f"/imports/{batch['id']}", {"table": table})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert listing.get(batch)["options"] == batch["options"]
    for table in ({"when_found": "other"}, {"unknown": 1}, {"mapping": {"姓名": "x" * 90}}):
        assert api.patch(f"/imports/{batch['id']}", {"table": table}).status_code == 422
    history = listing.drop(("a_20240301.txt", b"[09:00] <ann> hi\n"))
    assert api.patch(f"/imports/{history['id']}", {"table": {"when_found": "fill"}}).status_code == 422


def test_choices_are_remembered_for_the_same_headings(listing: Listing, api: Api) -> None:
    batch = listing.offer_rows(PEOPLE)
    mapping = {"会员号": "identity:wechat", "姓名": "name"}
    changed = listing.change(batch, table={"mapping": mapping, "when_found": "overwrite", "bad_cell": "cell"})
    assert changed["options"]["table"]["keys"] == ["identity:wechat"]
    listing.run(batch)
    assert MappingPreset.objects.in_workspace(api.workspace).get().mapping == mapping
    again = listing.offer_rows(PEOPLE)
    assert again["options"]["table"] == changed["options"]["table"]
    orders = listing.offer_rows(PEOPLE, "orders")
    assert orders["detection"]["mapping_source"] == "suggested"


def test_a_list_without_headings(listing: Listing) -> None:
    batch = listing.offer("a.csv", as_csv([["13800138000", "小满"], ["13900139000", "阿强"]]))
    assert ([one["name"] for one in batch["table"]["columns"]], batch["missing"]) == (["column 1", "column 2"], ["mapping", "keys"])
    listing.change(batch, table={"mapping": {"column 1": "attribute:phone", "column 2": "name"}})
    assert listing.run(batch)["made"] == 2
    headed = listing.offer("b.csv", as_csv([["张三", "女"], ["李四", "男"]]))
    assert [one["name"] for one in headed["table"]["columns"]] == ["张三", "女"]
    changed = listing.change(headed, table={"has_header": False})
    assert ([one["name"] for one in changed["table"]["columns"]], len(changed["table"]["rows"])) == (["column 1", "column 2"], 2)


def test_one_column_is_a_list_too(listing: Listing) -> None:
    batch = listing.offer("手机.txt", "手机号\n13800138000\n13900139000\n\n".encode("gb18030"))
    assert listing.run(batch)["made"] == 2


def test_another_workspace_sees_nothing(listing: Listing, other_api: Api) -> None:
    batch, _ = listing.import_rows(PEOPLE)
    assert other_api.get(f"/imports/{batch['id']}").status_code == 404
    assert other_api.patch(f"/imports/{batch['id']}", {"table": {"when_found": "fill"}}).status_code == 404
    theirs = Listing(other_api)
    _, result = theirs.import_rows(PEOPLE)
    assert result["made"] == 3
    assert Import.objects.in_workspace(other_api.workspace).count() == 1
