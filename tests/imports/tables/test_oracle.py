"""Generated lists over generated members: counts, members and the way back, against the naive telling."""

from __future__ import annotations

import random
from typing import Any

import pytest

from hutong.communities.models import Community
from hutong.imports.tables import sifting
from hutong.members.actions import profiles
from hutong.members.models import Identity, Member
from hutong.workspaces.access import SYSTEM
from tests import mirrors
from tests.imports.tables.conftest import Listing, as_csv, as_xlsx
from tests.imports.tables.naive import Person, follow

COLUMNS = {"name": "姓名", "user_id": "会员号", "qq": "QQ", "phone": "手机号", "email": "邮箱", "city": "城市"}
TARGETS = {"user_id": "identity:user_id", "qq": "identity:qq", "phone": "attribute:phone", "email": "attribute:email"}


def phone(dice: random.Random) -> str:
    number = f"1380000000{dice.randrange(6)}"
    return dice.choice((number, f"+86 {number[:3]} {number[3:7]} {number[7:]}", f"0086{number}", f"{number[:3]}-{number[3:]}"))


def row(dice: random.Random) -> dict[str, str]:
    def some(value: str, share: float) -> str:
        return value if dice.random() < share else ""

    return {
        "name": some(f"n{dice.randrange(8)}", 0.6),
        "user_id": some(f"u{dice.randrange(7)}", 0.5),
        "qq": some(f"q{dice.randrange(7)}", 0.3),
        "phone": some(phone(dice), 0.5),
        "email": some(dice.choice(("a@x.com", "A@X.com", "b@x.com", "c@x.com")), 0.3),
        "city": some(dice.choice(("北京", "上海")), 0.5),
    }


def world(listing: Listing, dice: random.Random) -> list[Person]:
    people: list[Person] = []
    taken: set[tuple[str, str]] = set()
    for number in range(dice.randrange(6)):
        one = row(dice)
        ids = {channel: one[channel] for channel in ("user_id", "qq") if one[channel] and (channel, one[channel]) not in taken}
        taken |= set(ids.items())
        facts = {key: one[key] for key in ("phone", "email", "city") if one[key]}
        name = dice.choice((f"m{number}", *ids.values()))
        profiles.create(listing.api.workspace, actor=SYSTEM, name=name, identities=list(ids.items()), given=facts)
        people.append(Person(name, {channel: [value] for channel, value in ids.items()}, facts))
    return people


def there(listing: Listing) -> list[Any]:
    workspace = listing.api.workspace
    found = []
    for one in Member.objects.in_workspace(workspace):
        ids: dict[str, list[str]] = {}
        for channel, external in (
            Identity.objects.in_workspace(workspace).filter(member=one).order_by("external_id").values_list("channel", "external_id")
        ):
            ids.setdefault(channel, []).append(external)
        facts = dict(one.attribute_values.in_workspace(workspace).values_list("attribute__key", "value"))
        found.append((one.name, sorted(ids.items()), sorted(facts.items())))
    return sorted(found)


def told(people: list[Person]) -> list[Any]:
    return sorted(
        (one.name, sorted((channel, sorted(external)) for channel, external in one.ids.items()), sorted(one.facts.items())) for one in people
    )


@pytest.mark.parametrize("seed", range(14))
def test_generated_lists(listing: Listing, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    dice = random.Random(seed)
    people = world(listing, dice)
    before = listing.records()
    keys = [key for key in TARGETS if dice.random() < 0.7] or ["phone"]
    dice.shuffle(keys)
    choices = {
        "keys": [TARGETS[key] for key in keys],
        "when_found": dice.choice(("fill", "fill", "overwrite", "skip")),
        "when_missing": dice.choice(("make", "make", "skip")),
    }
    rows = [row(dice) for _ in range(dice.randrange(15, 40))]
    monkeypatch.setattr(sifting, "BATCH_ROWS", dice.choice((1, 2, 5, 50)))
    cells = [list(COLUMNS.values()), *[[one[key] for key in COLUMNS] for one in rows]]
    content = [as_csv(cells), as_xlsx(("一", cells))][seed % 2]
    batch = listing.offer("list", content)
    listing.change(batch, table=choices)
    result = listing.run(batch)
    expected = follow(people, rows, keys=keys, when_found=str(choices["when_found"]), when_missing=str(choices["when_missing"]))
    blank = sum(1 for one in rows if not any(one.values()))
    assert {name: result[name] for name in vars(expected)} == vars(expected) | {"rejected": expected.rejected - blank}
    assert result["rows"] == len(rows) - blank
    assert there(listing) == told(people)
    mirrors.check(listing.api.workspace)
    undone = listing.step(batch, "undo")
    assert undone["state"] == "undone"
    assert listing.records() == before
    mirrors.check(listing.api.workspace)


@pytest.mark.parametrize("seed", range(3))
def test_generated_orders(listing: Listing, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    dice = random.Random(100 + seed)
    Community.objects.create(workspace=listing.api.workspace, name="店", time_zone="Asia/Shanghai")
    monkeypatch.setattr(sifting, "BATCH_ROWS", dice.choice((1, 3, 50)))
    people = world(listing, dice)
    before = listing.records()
    header = ["订单号", "时间", "金额", "状态", "会员号"]
    lines = [
        [
            f"A{dice.randrange(15)}",
            f"2024-05-{dice.randrange(1, 29):02} 12:00",
            dice.randrange(1, 500) / 4,
            dice.choice(("已付款", "已付款", "已退款", "待付款")),
            f"u{dice.randrange(7)}",
        ]
        for _ in range(30)
    ]
    files = [lines[:20], lines[10:]]
    seen: dict[tuple[str, str], float] = {}
    known = {external for one in people for external in one.ids.get("user_id", ())}
    batches = []
    for part in files:
        batch, result = listing.import_rows([header, *part], "orders")
        batches.append(batch)
        fresh = there_already = skipped = made = 0
        for order_id, _, amount, status, user in part:
            if status == "待付款":
                skipped += 1
            elif (order_id, status) in seen:
                there_already += 1
            else:
                seen[order_id, status] = amount
                fresh += 1
                made += user not in known
                known.add(user)
        assert (result["paid"] + result["refunded"], result["already_there"], result["skipped"], result["made"]) == (
            fresh,
            there_already,
            skipped,
            made,
        )
    names = {"order_paid": "已付款", "order_refunded": "已退款"}
    assert {(order[1], names[order[0]]): order[2] for order in listing.orders()} == seen
    for batch in reversed(batches):
        listing.step(batch, "undo")
    assert listing.records() == before
