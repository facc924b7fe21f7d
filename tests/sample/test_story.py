"""The story itself: the same every time, sound, and of the shape it was written to have."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from statistics import mean

import msgspec
import pytest

from hutong.sample import seasons
from hutong.sample.groups import GROUPS
from hutong.sample.happenings import Happening
from hutong.sample.people import BOTS, DAYS, PEOPLE, STAFF
from hutong.sample.story import Story, tell

END = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def told() -> tuple[Story, list[list[Happening]]]:
    story = tell(END)
    return story, list(story.days())


def digest(end_day: dt.date) -> str:
    story = tell(end_day)
    found = hashlib.sha256(msgspec.json.encode(story.people))
    for day in story.days():
        found.update(msgspec.json.encode(day))
    return found.hexdigest()


def test_the_same_in_every_process() -> None:
    """Another process, with another seed for Python's hashes, tells the same story."""
    program = "import datetime as d; from tests.sample.test_story import digest; print(digest(d.date(2026, 11, 21)))"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert other.stdout.strip() == digest(END)


def test_counts(told: tuple[Story, list[list[Happening]]]) -> None:
    story, days = told
    assert len(story.people) == PEOPLE == 3000
    assert len(days) == DAYS == 180
    assert story.first_day == dt.date(2026, 5, 26)
    assert 195_000 <= sum(map(len, days)) <= 205_000
    names = Counter(one.name for day in days for one in day)
    assert set(names) == {
        "message_sent",
        "reaction_added",
        "member_joined",
        "member_left",
        "member_renamed",
        "message_recalled",
        "group_notice",
        "order_paid",
        "order_refunded",
    }
    assert names["member_joined"] == sum(len(person.stays) for person in story.people)
    assert names["member_left"] == sum(stay.left is not None for person in story.people for stay in person.stays)
    assert names["member_renamed"] == sum(bool(person.renamed) for person in story.people)
    assert [person.name for person in story.people[: len(STAFF) + len(BOTS)]] == [*STAFF, *BOTS]


def test_a_quarter_buys(told: tuple[Story, list[list[Happening]]]) -> None:
    """Most once or twice, some again and again, a few for a lot; twice as much on the days of a campaign; a little is sent back."""
    story, days = told
    orders = [one for day in days for one in day if one.name == "order_paid"]
    by_person = Counter(one.person for one in orders)
    assert 0.22 * PEOPLE < len(by_person) < 0.28 * PEOPLE
    assert sum(count == 1 for count in by_person.values()) > 0.3 * len(by_person)
    assert max(by_person.values()) >= 8
    spent: Counter[int] = Counter()
    for one in orders:
        spent[one.person] += round(one.amount)
    assert 0.04 * len(by_person) < sum(amount >= 1000 for amount in spent.values()) < 0.15 * len(by_person)
    daily = [sum(one.name == "order_paid" for one in day) for day in days]
    for start, length in ((seasons.MAP_FIRST_DAY, seasons.MAP_DAYS), (seasons.GIVEAWAY_FIRST_DAY, seasons.GIVEAWAY_DAYS)):
        assert mean(daily[start : start + length]) > 2 * mean(daily[start - 20 : start])
    paid = {one.text: one for one in orders}
    assert len(paid) == len(orders)
    backs = [one for day in days for one in day if one.name == "order_refunded"]
    assert 0.02 * len(orders) < len(backs) < 0.08 * len(orders)
    for one in backs:
        assert paid[one.text].person == one.person
        assert paid[one.text].at < one.at
        assert one.amount <= paid[one.text].amount
    for one in orders + backs:
        stays = story.people[one.person].stays
        assert min(stay.joined for stay in stays) * 86_400 < one.at
        assert one.at < max(DAYS if stay.left is None else stay.left for stay in stays) * 86_400


def test_thousands_of_ways_to_say_things(told: tuple[Story, list[list[Happening]]]) -> None:
    _, days = told
    texts = Counter(one.text for day in days for one in day if one.name == "message_sent" and one.text)
    assert len(texts) > 15_000
    assert not [text for text in texts if "{" in text or "}" in text]


def test_presence_follows_from_what_happened(told: tuple[Story, list[list[Happening]]]) -> None:
    """In time's order a join or an activity means in, a leave means out: that gives exactly the stays of the story."""
    story, days = told
    is_in: dict[tuple[int, int], int] = {}
    found: dict[tuple[int, int], list[tuple[int, int | None]]] = defaultdict(list)
    for day in days:
        for one in day:
            key = (one.person, one.group)
            if one.name == "member_left":
                found[key].append((is_in.pop(key), one.at))
            elif one.name in ("member_joined", "message_sent", "reaction_added"):
                assert one.name != "member_joined" or key not in is_in
                is_in.setdefault(key, one.at)
    for key, since in is_in.items():
        found[key].append((since, None))
    expected = defaultdict(list)
    for person in story.people:
        for stay in person.stays:
            expected[person.number, stay.group].append((int(stay.joined * 86_400), None if stay.left is None else int(stay.left * 86_400)))
    assert {key: sorted(stays) for key, stays in found.items()} == {key: sorted(stays) for key, stays in expected.items()}


def test_each_happening_is_sound(told: tuple[Story, list[list[Happening]]]) -> None:
    _, days = told
    said: dict[tuple[int, int], Happening] = {}
    serials: set[tuple[int, int]] = set()
    for number, day in enumerate(days):
        assert [one.at for one in day] == sorted(one.at for one in day)
        assert day[0].at >= number * 86_400
        assert day[-1].at < (number + 1) * 86_400
        for one in day:
            assert (one.group, one.serial) not in serials
            serials.add((one.group, one.serial))
            if one.name == "message_sent":
                assert one.text or one.attachment
                said[one.group, one.serial] = one
            if one.message:
                target = said[one.group, one.message]
                assert target.at <= one.at
                assert one.name == "message_recalled" or (one.addressed == target.person != one.person)
                assert (one.name == "message_recalled") <= target.is_recalled


def test_a_day_has_its_hours(told: tuple[Story, list[list[Happening]]]) -> None:
    """Lunch and evening are the peaks of a working day; nights are quiet; offices are empty at weekends."""
    story, days = told
    hours: Counter[int] = Counter()
    weekdays: dict[int, list[int]] = defaultdict(list)
    office: dict[bool, list[int]] = defaultdict(list)
    for number, happenings in enumerate(days):
        day = story.first_day + dt.timedelta(days=number)
        messages = [one for one in happenings if one.name == "message_sent"]
        if seasons.festival(day) == 1.0 and 10 <= number < seasons.MAP_FIRST_DAY:
            weekdays[day.weekday()].append(len(messages))
            office[day.weekday() >= 5].append(sum(GROUPS[one.group].rhythm == "office" for one in messages))
            if day.weekday() < 5:
                hours.update(one.at // 3600 % 24 for one in messages)
    assert hours[12] > 1.5 * hours[10]
    assert hours[21] > 1.5 * hours[18]
    assert sum(hours[hour] for hour in range(6)) < 0.02 * sum(hours.values())
    means = {weekday: mean(counts) for weekday, counts in weekdays.items()}
    assert max(means[5], means[6]) < min(means[weekday] for weekday in range(5))
    assert mean(office[True]) < 0.5 * mean(office[False])


def test_festivals_are_quiet() -> None:
    assert seasons.festival(dt.date(2026, 10, 1)) == 0.55
    assert seasons.festival(dt.date(2026, 2, 17)) == 0.42
    assert seasons.festival(dt.date(2025, 1, 28)) == 0.42
    assert seasons.festival(dt.date(2026, 3, 10)) == 1.0
    story = tell(dt.date(2026, 4, 30))
    messages = {
        story.first_day + dt.timedelta(days=number): sum(one.name == "message_sent" for one in day) for number, day in enumerate(story.days())
    }
    away = mean(messages[dt.date(2026, 2, 16) + dt.timedelta(days=n)] for n in range(5))
    before = mean(messages[dt.date(2026, 2, 2) + dt.timedelta(days=n)] for n in range(5))
    assert away < 0.6 * before


def test_few_say_much(told: tuple[Story, list[list[Happening]]]) -> None:
    """A tenth of those who speak say more than half of all; a third of all never speak."""
    _, days = told
    said = Counter(one.person for day in days for one in day if one.name == "message_sent")
    ranked = [count for _, count in said.most_common()]
    assert sum(ranked[: len(ranked) // 10]) > 0.5 * sum(ranked)
    assert 0.25 * PEOPLE < PEOPLE - len(said) < 0.5 * PEOPLE
