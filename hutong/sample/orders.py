"""Who buys what in the shop: beans, cards and gear, more in the two campaigns, some of it again and again, a little of it sent back."""

from __future__ import annotations

from collections.abc import Iterator

from hutong.sample import seasons
from hutong.sample.dice import Dice
from hutong.sample.happenings import Happening
from hutong.sample.people import DAYS, Person

SHOP = -1  # orders are in no group
CURRENCY = "CNY"
DAY_SECONDS = 86_400

# name, price in yuan, how often it is bought
_GOODS = (
    ("挂耳咖啡十片", 68.0, 9.0),
    ("晴檐拼配 250 g", 88.0, 10.0),
    ("耶加雪菲日晒 250 g", 98.0, 7.0),
    ("冷萃瓶装六瓶", 108.0, 5.0),
    ("到店月卡", 199.0, 6.0),
    ("手冲入门套装", 269.0, 2.4),
    ("季度豆单", 388.0, 2.0),
    ("手摇磨豆机", 598.0, 0.8),
    ("半自动咖啡机", 2_980.0, 0.16),
)
_SUMS = tuple(sum(weight for _, _, weight in _GOODS[: at + 1]) for at in range(len(_GOODS)))

# How they came: share who ever buy, days until the first order, days between orders.
_BUYERS = {"seed": (0.46, 20.0, 26.0), "friend": (0.27, 24.0, 38.0), "map": (0.34, 16.0, 32.0), "giveaway": (0.09, 6.0, 60.0)}
_CAMPAIGN_SHARE = 0.22  # of buyers, who take one more order in a campaign
_BACK_SHARE, _PART_BACK_SHARE = 0.04, 0.02
_AGAIN_SHARE = 0.66
_ORDERS_MAX = 24


def orders(seed: str, people: list[Person]) -> list[list[Happening]]:
    """By day: orders and what was sent back of them, each while its buyer is in some group."""
    found: list[Happening] = []
    for person in people:
        if person.kind in _BUYERS:
            found += _of(Dice(seed, "orders", person.number), person)
    found.sort(key=lambda one: (one.at, one.person))
    days: list[list[Happening]] = [[] for _ in range(DAYS)]
    numbers: dict[str, int] = {}
    for serial, one in enumerate(found, 1):
        one.serial = serial
        one.text = f"S{numbers.setdefault(one.text, len(numbers) + 1):05d}"
        days[one.at // DAY_SECONDS].append(one)
    return days


def _of(dice: Dice, person: Person) -> Iterator[Happening]:
    share, first, between = _BUYERS[person.kind]
    if not person.stays or not dice.chance(share * (0.72 if person.tires else 1.25)):
        return
    there = max(DAYS if stay.left is None else stay.left for stay in person.stays)
    end = min(there, DAYS - 0.01, person.quiet_from + 20)
    moments = [person.joined + 0.02 + dice.wait(first)]
    while len(moments) < _ORDERS_MAX and dice.chance(_AGAIN_SHARE):
        moments.append(moments[-1] + 2 + dice.wait(between))
    for start, days in ((seasons.MAP_FIRST_DAY, seasons.MAP_DAYS), (seasons.GIVEAWAY_FIRST_DAY, seasons.GIVEAWAY_DAYS)):
        if person.joined < start + days - 1 and dice.chance(_CAMPAIGN_SHARE):
            moments.append(max(person.joined + 0.02, start + dice.between(0, days)))
    for number, moment in enumerate(sorted(moments)):
        at = _awake(dice, moment)
        if at < end:
            yield from _one(dice, person, number, at, end)


def _one(dice: Dice, person: Person, number: int, at: float, end: float) -> Iterator[Happening]:
    product, price, _ = _GOODS[dice.weighted(_SUMS)]
    items = 1 + dice.below(2) * dice.below(3) if price < 200 else 1
    name = f"{person.number}/{number}"  # orders are numbered once all are known
    amount = price * items
    yield Happening(int(at * DAY_SECONDS), SHOP, 0, "order_paid", person.number, text=name, product=product, items=items, amount=amount)
    is_whole, is_part = dice.chance(_BACK_SHARE), items > 1 and dice.chance(_PART_BACK_SHARE)
    back = _awake(dice, at + 1 + dice.wait(3))
    if (is_whole or is_part) and back < end:
        yield Happening(int(back * DAY_SECONDS), SHOP, 0, "order_refunded", person.number, text=name, amount=amount if is_whole else price)


def _awake(dice: Dice, moment: float) -> float:
    """The same day at an hour people are up, if the moment falls in the night."""
    day, part = divmod(moment, 1.0)
    return float(day + dice.between(0.36, 0.97)) if part < 0.3 else moment
