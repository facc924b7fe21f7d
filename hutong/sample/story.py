"""The whole story: 180 days of joining, talking, buying and leaving, the same for the same seed and last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from hutong.sample import crowds, people
from hutong.sample.conversations import Group
from hutong.sample.groups import GROUPS, UTC_OFFSET_SECONDS
from hutong.sample.happenings import Happening
from hutong.sample.orders import orders
from hutong.sample.people import DAYS, Person

SEED = "huaixu-1"


class Story(msgspec.Struct):
    """The people and, day by day, what happened."""

    first_day: dt.date
    people: list[Person]
    crowds: list[list[crowds.Crowd]]
    groups: list[Group]
    orders: list[list[Happening]]

    @property
    def start_ms(self) -> int:
        """The first local midnight in epoch milliseconds."""
        return ((self.first_day - dt.date(1970, 1, 1)).days * 86_400 - UTC_OFFSET_SECONDS) * 1000

    def moment_ms(self, days: float) -> int:
        """Days since the first midnight to epoch milliseconds, on a whole second."""
        return self.start_ms + int(days * 86_400) * 1000

    def days(self) -> Iterator[list[Happening]]:
        """Each day's happenings in order of time. To be run once: the groups remember what was said."""
        for number in range(DAYS):
            found: list[Happening] = [*self.orders[number]]
            day = self.first_day + dt.timedelta(days=number)
            for group, crowd in zip(self.groups, self.crowds[number], strict=True):
                found += group.live(number, day, crowd)
            found.sort(key=lambda one: (one.at, one.group, one.serial))
            yield found


def tell(end_day: dt.date, seed: str = SEED) -> Story:
    """The story that ends on that day."""
    first_day = end_day - dt.timedelta(days=DAYS - 1)
    cast = people.cast(seed, first_day)
    groups = [Group(seed, number, plan, cast) for number, plan in enumerate(GROUPS)]
    return Story(first_day, cast, crowds.gather(seed, cast, first_day), groups, orders(seed, cast))
