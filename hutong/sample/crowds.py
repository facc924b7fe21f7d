"""Who is in each group on each day, how likely each is to speak, and so how much is said."""

from __future__ import annotations

import datetime as dt
import math

import msgspec

from hutong.sample import seasons
from hutong.sample.dice import Dice
from hutong.sample.groups import GROUPS
from hutong.sample.people import DAYS, Person, Stay

MESSAGES = 177_500  # in all; with joins, leaves, reactions and the rest about 200,000 events
_CROWDING = 0.88  # twice the people say a little less than twice as much


class Crowd(msgspec.Struct):
    """One group on one day: those who may speak with the running sums of their weights, all who are there, and how many messages."""

    speakers: list[int]
    sums: list[float]
    present: list[int]
    messages: int = 0


def gather(seed: str, people: list[Person], first_day: dt.date) -> list[list[Crowd]]:
    """By day, then group."""
    days: list[list[Crowd]] = [[] for _ in range(DAYS)]
    wanted: list[list[float]] = [[] for _ in range(DAYS)]
    for at, plan in enumerate(GROUPS):
        dice = Dice(seed, "volume", at)
        waiting = sorted(((stay, person) for person in people for stay in person.stays if stay.group == at), key=lambda one: -one[0].joined)
        there: list[tuple[Stay, Person]] = []
        for number in range(DAYS):
            while waiting and waiting[-1][0].joined < number + 1:
                there.append(waiting.pop())
            there = [one for one in there if one[0].left is None or one[0].left >= number + 1]
            crowd = _crowd(there, number)
            days[number].append(crowd)
            live = seasons.liveliness(first_day + dt.timedelta(days=number), number, plan.rhythm)
            total = crowd.sums[-1] if crowd.sums else 0.0
            wanted[number].append(plan.share * total**_CROWDING * live * dice.spread(0.16))
    scale = MESSAGES / sum(map(sum, wanted))
    for crowds, volumes in zip(days, wanted, strict=True):
        for crowd, volume in zip(crowds, volumes, strict=True):
            crowd.messages = round(volume * scale)
    return days


def _crowd(there: list[tuple[Stay, Person]], number: int) -> Crowd:
    speakers: list[int] = []
    sums: list[float] = []
    total = 0.0
    for stay, person in there:
        weight = person.appetite
        if not weight or number > person.quiet_from:
            continue
        age = number - stay.joined
        if person.tires:
            weight *= 2.2 * math.exp(-max(age, 0.0) / person.tires)
            if weight < 0.04:
                continue
        elif person.kind != "staff":
            weight *= 0.7 + 0.9 * math.exp(-max(age, 0.0) / 6)
        total += weight
        speakers.append(person.number)
        sums.append(total)
    return Crowd(speakers, sums, [person.number for _, person in there])
