"""A list of orders from the drop to the numbers and back."""

from __future__ import annotations

import datetime as dt

import pytest

from hutong.communities.models import Community
from hutong.events import subscribers
from hutong.events.models import LogEntry
from hutong.events.queries import rows
from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.imports.tables import sifting
from hutong.members.models import Identity, Member, Participation
from tests import mirrors
from tests.conftest import Api
from tests.imports.tables.conftest import Cells, Listing, as_xlsx

ORDERS: Cells = [
    ["订单号", "付款时间", "实付金额", "币种", "商品", "数量", "订单状态", "买家昵称", "手机号"],
    ["A1", "2024-05-17 12:00:00", "￥1,299.50", "", "茶、杯子", "2", "交易成功", "小满", "13800138000"],
    ["A2", "2024/5/18 23:30", "20", "USD", "=1+1", "1", "已付款", "阿强", "13900139000"],
    ["A3", "2024-05-19", "88", "", "", "", "待付款", "阿强", "13900139000"],
    ["A1", "2024-06-01 09:00", "-1,299.50", "", "", "", "已退款", "小满", "+86 138 0013 8000"],
]
NOON = 1_715_918_400_000


@pytest.fixture
def shop(api: Api) -> Community:
    return Community.objects.create(workspace=api.workspace, name="青石咖啡", time_zone="Asia/Shanghai")


def test_orders_from_the_drop_to_the_events_and_back(listing: Listing, api: Api, shop: Community) -> None:
    before = listing.records()
    batch = listing.offer_rows(ORDERS, "orders")
    chosen = batch["options"]["table"]
    assert chosen["mapping"] == {
        "订单号": "order_id", "付款时间": "time", "实付金额": "amount", "币种": "currency", "商品": "product", "数量": "items", "订单状态": "status",
        "买家昵称": "name", "手机号": "attribute:phone",
    }  # fmt: skip
    assert (chosen["keys"], batch["options"]["community_id"], batch["options"]["time_zone"]) == (["attribute:phone"], str(shop.pk), "Asia/Shanghai")
    assert batch["table"]["statuses"] == {"交易成功": "paid", "已付款": "paid", "待付款": "skip", "已退款": "refunded"}
    assert (batch["missing"], [row["is_skipped"] for row in batch["table"]["rows"]]) == ([], [False, False, True, False])
    result = listing.run(batch)
    assert {name: value for name, value in result.items() if value and name not in ("seconds", "amounts", "first_at", "last_at")} == {
        "rows": 4, "made": 2, "skipped": 1, "paid": 2, "refunded": 1,
    }  # fmt: skip
    assert result["amounts"] == [{"currency": "CNY", "paid": "1299.5", "refunded": "1299.5"}, {"currency": "USD", "paid": "20", "refunded": "0"}]
    assert (result["first_at"], result["last_at"]) == ("2024-05-17T04:00:00Z", "2024-06-01T01:00:00Z")
    assert listing.orders() == [
        ("order_paid", "A1", 1299.5, "CNY", NOON, "2024-05-17", True, 1),
        ("order_refunded", "A1", 1299.5, "CNY", 1_717_203_600_000, "2024-06-01", True, 0),
        ("order_paid", "A2", 20.0, "USD", 1_716_046_200_000, "2024-05-18", True, 1),
    ]  # fmt: skip
    assert listing.people() == {"小满": {"phone": "13800138000"}, "阿强": {"phone": "13900139000"}}
    man = Member.objects.in_workspace(api.workspace).get(name="小满")
    assert (man.first_seen_at, man.last_seen_at) == (dt.datetime(2024, 5, 17, 4, tzinfo=dt.UTC), dt.datetime(2024, 6, 1, 1, tzinfo=dt.UTC))
    assert man.last_active_at == dt.datetime(2024, 5, 17, 4, tzinfo=dt.UTC)
    assert Participation.objects.in_workspace(api.workspace).get(member=man).community_id == shop.pk
    (stored,) = rows("SELECT toString(properties), source, toString(member_id) FROM events WHERE workspace_id = {w:UUID} AND name = 'order_paid' AND is_history AND text = '' AND properties.order_id.:String = 'A1'", {"w": listing.workspace_id})  # fmt: skip
    assert stored[0] == '{"amount":1299.5,"currency":"CNY","items":2,"order_id":"A1","product":"茶、杯子","products":["茶","杯子"]}'
    assert (stored[1], stored[2]) == (f"import:{batch['id']}", str(man.pk))
    assert not LogEntry.objects.filter(name__startswith="order").exists()
    mirrors.check(api.workspace)
    undone = listing.step(batch, "undo")
    assert (undone["state"], undone["table"]["undone"]["orders_removed"], undone["table"]["undone"]["members_removed"]) == ("undone", 3, 2)
    assert listing.records() == before
    mirrors.check(api.workspace)


@pytest.mark.parametrize("batch_rows", [1, 2, 2_000])
def test_the_same_orders_again_change_nothing(listing: Listing, shop: Community, monkeypatch: pytest.MonkeyPatch, batch_rows: int) -> None:
    monkeypatch.setattr(sifting, "BATCH_ROWS", batch_rows)
    listing.import_rows(ORDERS, "orders")
    before = listing.records()
    # Told on another day, by a workbook, beside a new one and one told twice in the file.
    changed: Cells = [ORDERS[0], ["A1", "2024-07-01", "1", "", "", "", "已付款", "小满", "13800138000"], *[["A9", "2024-07-01", "5", "", "", "", "", "", "13800138000"]] * 2]  # fmt: skip
    again = listing.offer("再来.xlsx", as_xlsx(("订单", changed)), "orders")
    assert again["detection"]["mapping_source"] == "remembered"
    result = listing.run(again)
    assert (result["rows"], result["paid"], result["already_there"], result["made"]) == (3, 1, 2, 0)
    assert [order for order in listing.orders() if order[1] != "A9"] == before["orders"]
    listing.step(again, "undo")
    assert listing.records() == before


def test_an_order_that_the_shop_has_told_live_is_there_already(listing: Listing, api: Api, shop: Community) -> None:
    stream.record(Fact(workspace_id=api.workspace.pk, name="order_paid", community_id=shop.pk, properties={"order_id": "A1", "amount": 1299.5}))
    stream.record(Fact(workspace_id=api.workspace.pk, name="order_paid", community_id=shop.pk, properties={"order_id": 77, "amount": 5}))
    subscribers.drain()
    _, result = listing.import_rows([*ORDERS, ["77", "2024-07-01", "5", "", "", "", "", "", "13800138000"]], "orders")
    assert (result["paid"], result["refunded"], result["already_there"]) == (1, 1, 2)


def test_orders_find_members_and_leave_what_is_known_of_them(listing: Listing, api: Api, shop: Community) -> None:
    listing.import_rows([["姓名", "手机号", "城市"], ["真名", "138 0013 8000", "北京"]])
    before = listing.records()
    batch, result = listing.import_rows(ORDERS, "orders")
    assert (result["made"], result["paid"]) == (1, 2)
    assert listing.people()["真名"] == {"phone": "13800138000", "city": "北京"}
    man = Member.objects.in_workspace(api.workspace).get(name="真名")
    assert man.first_seen_at == dt.datetime(2024, 5, 17, 4, tzinfo=dt.UTC)
    mirrors.check(api.workspace)
    listing.step(batch, "undo")
    assert listing.records() == before
    mirrors.check(api.workspace)


def test_orders_of_nobody_known_may_be_left_out(listing: Listing, shop: Community) -> None:
    listing.import_rows([["姓名", "手机号"], ["小满", "13800138000"]])
    _, result = listing.import_rows(ORDERS, "orders", table={"when_missing": "skip"})
    assert (result["paid"], result["refunded"], result["skipped"], result["made"]) == (1, 1, 2, 0)


def test_what_is_wrong_with_orders_is_said_row_by_row(listing: Listing, api: Api, shop: Community) -> None:
    other = Community.objects.create(workspace=api.workspace, name="二店", time_zone="UTC")
    cells: Cells = [
        ["订单号", "时间", "金额", "币种", "状态", "社群", "会员号"],
        ["1", "2024-05-17 12:00", "1", "", "", "二店", "u1"],
        ["", "2024-05-17 12:00", "1", "", "", "", "u1"],
        ["3", "", "1", "", "", "", "u1"],
        ["4", "昨天", "1", "", "", "", "u1"],
        ["5", "2024-05-17", "", "", "", "", "u1"],
        ["6", "2024-05-17", "免费", "", "", "", "u1"],
        ["7", "2024-05-17", "-5", "", "", "", "u1"],
        ["8", "2024-05-17", "1", "比特币", "", "", "u1"],
        ["9", "2024-05-17", "1", "", "神秘", "", "u1"],
        ["10", "2024-05-17", "1", "", "", "三店", "u1"],
        ["11", "2024-05-17", "1", "", "", "", ""],
        ["12", "2024-05-17", "1e13", "", "", "", "u1"],
        ["13", "2024-05-17", "1", "", "", "", "u1"],
    ]
    batch = listing.offer_rows(cells, "orders", community_id=str(shop.pk), time_zone="UTC")
    checked = listing.checked(batch)
    assert listing.step(batch, "run", status=409)["code"] == "import_has_rejects"
    assert [(line, code) for line, code, _ in listing.rejects(batch)] == [
        (3, "order_id_empty"), (4, "order_time_empty"), (5, "moment_unreadable"), (6, "order_amount_empty"), (7, "number_unreadable"), (8, "amount_negative"),
        (9, "currency_unknown"), (10, "status_unknown"), (11, "community_unknown"), (12, "key_empty"), (13, "amount_too_large"),
    ]  # fmt: skip
    assert (checked["rejected"], checked["paid"]) == (11, 2)
    assert listing.orders() == []
    listing.change(batch, table={"statuses": {"神秘": "paid"}})
    result = listing.run(batch)
    assert (result["rejected"], result["paid"], result["made"]) == (10, 3, 1)
    found = rows(
        "SELECT toString(community_id), count() FROM events WHERE workspace_id = {w:UUID} AND name = 'order_paid' GROUP BY 1",
        {"w": listing.workspace_id},
    )
    assert dict(found) == {str(other.pk): 1, str(shop.pk): 2}  # type: ignore[arg-type]
    assert Identity.objects.in_workspace(api.workspace).get().external_id == "u1"


def test_what_has_to_be_chosen_for_orders(listing: Listing, api: Api) -> None:
    batch = listing.offer_rows([["a", "b", "c"], ["1", "3/4/2024", "5"]], "orders")
    assert batch["missing"] == ["mapping", "keys", "community"]
    refused = listing.step(batch, "check", status=409)
    assert [one["field"] for one in refused["errors"]] == ["mapping", "keys", "community"]
    shop = Community.objects.create(workspace=api.workspace, name="店")
    batch = listing.change(batch, community_id=str(shop.pk), table={"mapping": {"a": "order_id", "b": "time", "c": "amount"}})
    assert batch["missing"] == ["keys", "date_order"]
    answer = api.patch(f"/imports/{batch['id']}", {"table": {"mapping": {"a": "order_id", "b": "order_id"}}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "table.mapping.b")
    answer = api.patch(f"/imports/{batch['id']}", {"group_name": "一群"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "group_name")
