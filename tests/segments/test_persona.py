"""Personas, against a count of people one by one; and that nobody is exposed by one."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections import Counter
from typing import Any

import msgspec
import pytest

from hutong.events.warehouse import engine
from hutong.foundation import fresh
from hutong.segments.comparing import headlines, interests
from hutong.segments.comparing.behaviour import FIGURES, Sums
from hutong.segments.comparing.parts import Part, more_than_chance
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.segments.crowd import NOW, TODAY, WORDS, Crowd, Person, age

pytestmark = pytest.mark.django_db

FIRST = (TODAY - dt.timedelta(days=89)).isoformat()
AGES = ["Under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.forget()
    monkeypatch.setattr("hutong.foundation.clock.now", lambda: NOW)


def recent(one: Person) -> list[dict[str, Any]]:
    return [event for event in one.events if event["day"] >= FIRST]


def band(one: Person) -> str | None:
    years = age(one.values["birthday"]) if "birthday" in one.values else None
    return None if years is None else AGES[sum(years >= edge for edge in (18, 25, 35, 45, 55, 65))]


def read(api: Api, crowd: Crowd) -> dict[str, Any]:
    answer = api.get(f"/segments/{crowd.segment.pk}/persona")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def shares(people: list[Person], of: Any) -> tuple[Counter[str], int]:
    """How many people have each value (folded), and of how many any is known."""
    found = [of(one) for one in people]
    return Counter(value.lower() for value in found if value is not None), sum(value is not None for value in found)


@pytest.mark.parametrize(("seed", "of_community"), [(11, False), (12, True)])
def test_every_number_is_the_one_counted_by_hand(workspace: Workspace, api: Api, seed: int, of_community: bool) -> None:
    crowd = Crowd(workspace, seed=seed, of_community=of_community).ship()
    found = read(api, crowd)
    inside, everybody = crowd.inside(), [*crowd.inside(), *crowd.others()]
    assert (found["people"], found["compared_people"], found["is_too_small"]) == (len(inside), len(everybody), False)
    portrait = found["portrait"]

    for one in portrait["demographics"]:

        def of(person: Person, key: str = one["key"]) -> str | None:
            return band(person) if key == "age" else person.values.get(key)

        mine, known = shares(inside, of)
        theirs, known_of_all = shares(everybody, of)
        assert (one["known_people"], one["known"], one["compared_known"]) == (
            known, pytest.approx(known / len(inside)), pytest.approx(known_of_all / len(everybody)),
        )  # fmt: skip
        told = {part["label"]["en"].lower(): part for part in one["parts"]}
        enough = {value: count for value, count in mine.items() if count >= 3}
        largest = sorted(enough, key=lambda value: -enough[value])[:8]
        assert sorted(enough[value] for value in told) == sorted(enough[value] for value in largest)
        for value, part in told.items():
            assert part["people"] == mine[value]
            assert part["share"] == pytest.approx(mine[value] / known)
            assert part["compared_share"] == pytest.approx(theirs[value] / known_of_all)
            assert part["difference"] == pytest.approx(part["share"] - part["compared_share"])
            assert part["index"] == pytest.approx(part["share"] / part["compared_share"] * 100)
        assert one["others"] == pytest.approx(1 - sum(part["share"] for part in one["parts"]) if known else 0, abs=1e-9)

    active = [one for one in inside if any(event["is_activity"] for event in recent(one))]
    active_of_all = [one for one in everybody if any(event["is_activity"] for event in recent(one))]

    def average(people: list[Person], count: Any) -> float:
        return float(sum(count(recent(one)) for one in people)) / len(people)

    counts: dict[str, Any] = {
        "messages": lambda events: sum(event["name"] == "message_sent" for event in events),
        "replies": lambda events: sum(event["is_reply"] for event in events),
        "reactions": lambda events: sum(event["name"] == "reaction_added" for event in events),
        "active_days": lambda events: len({event["day"] for event in events if event["is_activity"]}) * 7 / 90,
    }
    figures = {one["key"]: one for one in portrait["figures"]}
    assert figures["active_share"]["value"] == pytest.approx(len(active) / len(inside))
    assert figures["active_share"]["compared"] == pytest.approx(len(active_of_all) / len(everybody))
    for key, count in counts.items():
        assert figures[key]["value"] == pytest.approx(average(active, count)), key
        assert figures[key]["compared"] == pytest.approx(average(active_of_all, count)), key
        assert figures[key]["index"] == pytest.approx(average(active, count) / average(active_of_all, count) * 100)

    hours = Counter(
        (dt.date.fromisoformat(event["day"]).isoweekday(), event["hour"]) for one in inside for event in recent(one) if event["is_activity"]
    )
    assert {(cell["weekday"], cell["hour"]): cell["activities"] for cell in portrait["hours"] if cell["activities"]} == hours
    assert portrait["activities"] == hours.total()
    assert sum(cell["share"] for cell in portrait["hours"]) == pytest.approx(1)
    assert sum(cell["compared_share"] for cell in portrait["hours"]) == pytest.approx(1)

    assert {part["value"]: part["people"] for part in portrait["channels"]} == Counter(channel for one in inside for channel in one.channels)
    here = Counter(stay["group"] for one in inside for stay in one.stays if stay["left"] is None)
    here = Counter(
        {group: len({one.id for one in inside if any(stay["group"] == group and stay["left"] is None for stay in one.stays)}) for group in here}
    )
    assert {part["value"]: part["people"] for part in portrait["groups"]} == here
    assert {part["label"]["en"]: part["people"] for part in portrait["tenures"]} == {
        name: count for name, count in Counter(tenure(one, crowd) for one in inside).items() if count >= 3
    }
    check_pages(portrait["pages"], inside, everybody)
    check_words(portrait, inside, crowd.others())
    assert len(portrait["headlines"]) <= 6


def tenure(one: Person, crowd: Crowd) -> str:
    joined = [stay["joined"] for stay in one.stays if crowd.segment.community_id is None or stay["community"] == str(crowd.community.pk)]
    if not joined:
        return "Never in a group"
    days = (TODAY - dt.date.fromisoformat(min(joined))).days
    return ["Under 30 days", "30–89 days", "90–179 days", "180–364 days", "365 days or more"][sum(days >= edge for edge in (30, 90, 180, 365))]


def check_pages(found: list[dict[str, Any]], inside: list[Person], everybody: list[Person]) -> None:
    def viewers(people: list[Person]) -> Counter[str]:
        return Counter(path for one in people for path in {event["properties"]["path"] for event in recent(one) if event["name"] == "page_viewed"})

    mine, theirs = viewers(inside), viewers(everybody)
    assert {part["value"]: part["people"] for part in found} == {path: count for path, count in mine.items() if count >= 3}
    for part in found:
        assert part["compared_share"] == pytest.approx(theirs[part["value"]] / len(everybody))
    titles = {part["value"]: part["label"]["zh"] for part in found}
    assert titles["/beans"] == "豆子"
    assert titles.get("/me", "/me") == "/me"  # each saw it with their own title


def check_words(portrait: dict[str, Any], inside: list[Person], others: list[Person]) -> None:
    def users(people: list[Person]) -> dict[str, int]:
        return Counter(word for one in people for word in {piece for event in recent(one) for piece in event["text"].split() if piece in WORDS})

    def tokens(people: list[Person]) -> Counter[str]:
        return Counter(word for one in people for word in set().union(*(interests.words_of(event["text"]) for event in recent(one)), set()))

    mine, theirs, all_mine, all_theirs = users(inside), users(others), tokens(inside), tokens(others)
    speakers = sum(any(event["text"] for event in recent(one)) for one in inside)
    assert (portrait["sample"]["speakers"], portrait["sample"]["is_whole"]) == (speakers, True)
    told = {one["word"]: one for one in portrait["words"]}
    assert {"手冲", "grinder"} & set(told) == {"手冲"}
    for word, one in told.items():
        if word in WORDS:
            assert one["speakers"] == mine[word] == all_mine[word]
            assert one["share"] == pytest.approx(mine[word] / speakers)
        assert one["speakers"] == all_mine[word] >= 3
        a, b, n, m = all_mine[word], all_theirs[word], all_mine.total(), all_theirs.total()
        prior, whole = (a + b) / 10, (n + m) / 10
        odds = math.log((a + prior) / (n + whole - a - prior)) - math.log((b + prior) / (m + whole - b - prior))
        assert one["distance"] == pytest.approx(odds / math.sqrt(1 / (a + prior) + 1 / (b + prior)))
        assert one["distance"] > 1.9
    assert not any("秘密" in word for word in told)
    assert theirs


def say(crowd: Crowd, people: list[Person], text: str) -> None:
    rows = [
        {
            "workspace_id": str(crowd.workspace.pk), "member_id": one.id, "id": f"{text}/{one.id}", "name": "message_sent", "occurred_at": 1_772_000_000,
            "received_at": 1_772_000_000, "local_day": "2026-02-20", "text": text, "is_activity": 1, "properties": {},
        }
        for one in people
        for _ in range(30)
    ]  # fmt: skip
    engine.insert("events", [msgspec.json.encode(row) for row in rows], token=f"{crowd.segment.pk}/{text}")


def test_what_fewer_than_three_people_say_is_never_told(workspace: Workspace, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interests, "DISTANCE_MIN", -math.inf)  # whatever the others say
    monkeypatch.setattr(interests, "WORDS_MAX", 10_000)
    crowd = Crowd(workspace, seed=13).ship()
    inside = crowd.inside()
    say(crowd, inside[:2], "离婚 lawsuit")
    say(crowd, inside[:3], "登山 kayak")
    bots = [one for one in crowd.people if one.is_inside and (one.is_bot or one.is_anonymous)]
    assert bots
    say(crowd, [*inside[:2], *bots], "破产 bankrupt")
    told = {one["word"]: one["speakers"] for one in read(api, crowd)["portrait"]["words"]}
    assert min(told.values()) == 3
    assert {word: told.get(word) for word in ("离婚", "lawsuit", "破产", "bankrupt", "登山", "kayak")} == {
        "离婚": None, "lawsuit": None, "破产": None, "bankrupt": None, "登山": 3, "kayak": 3,
    }  # fmt: skip


def test_a_members_name_is_never_told(workspace: Workspace, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interests, "DISTANCE_MIN", -math.inf)
    monkeypatch.setattr(interests, "WORDS_MAX", 10_000)
    crowd = Crowd(workspace, seed=14).ship()
    base = {"workspace_id": str(workspace.pk), "member_id": crowd.people[0].id, "first_seen_at": 1, "version": 9, "is_deleted": 0}
    engine.insert("people", [msgspec.json.encode(base | {"name": "Kayak"})], token=f"{crowd.segment.pk}/named")
    say(crowd, crowd.inside()[:6], "登山 kayak")
    told = {one["word"] for one in read(api, crowd)["portrait"]["words"]}
    assert ("登山" in told, "kayak" in told) == (True, False)


def test_too_few_people_have_no_persona(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=15, people=40, inside=0.2).ship()
    found = read(api, crowd)
    assert (found["people"], found["is_too_small"], found["portrait"]) == (len(crowd.inside()), True, None)


def test_everybody_is_compared_with_themselves(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=16, people=60, inside=1.0).ship()
    portrait = read(api, crowd)["portrait"]
    assert (portrait["words"], portrait["sample"]["rest_speakers"]) == ([], 0)
    assert {part["index"] for one in portrait["demographics"] for part in one["parts"]} == {100.0}
    assert not any(part["is_more_than_chance"] for one in portrait["demographics"] for part in one["parts"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("今天早上的手冲咖啡真不错", {"手冲", "咖啡", "真不错"}),
        ("@小满 看 https://x.example/登山 登山 `kayak` [微笑] 2026", {"登山"}),
        ("nick: 羽毛球", {"羽毛球"}),
        ("Does anyone know a good Grinder?", {"grinder"}),
        ("哈哈哈哈 ok lol 🙂 的 C++", {"c++"}),
        ("<script>alert(1)</script>", {"script", "alert"}),
        ("\u202ekayak\u202c", {"kayak"}),
        ("", set()),
    ],
)
def test_words_of_a_message(text: str, words: set[str]) -> None:
    assert interests.words_of(text) == words


def test_twenty_thousand_messages_are_read_in_a_moment() -> None:
    texts = [
        (number % 500, f"{number} 周末的{WORDS[number % 8]}还有名额吗？我想带朋友一起去，顺便看看埃塞俄比亚的咖啡豆 and maybe a grinder")
        for number in range(2 * interests.TEXTS_MAX)
    ]
    interests.words_of("warm")  # its dictionary is read
    began = time.perf_counter()
    assert len(interests.by_word(texts)["手冲"]) == 125
    assert time.perf_counter() - began < 1.5


# --- headlines ------------------------------------------------------------------------------------------------------


def part(value: str, zh: str, en: str, inside: int, everybody: int) -> Part:
    return Part(value, {"zh": zh, "en": en}, inside, 100, everybody, 500)


def sums(active: int, messages: float) -> Sums:
    """Everybody wrote about as much; nothing else differs."""
    totals = dict.fromkeys(FIGURES, 10.0 * active) | {"messages": messages * active}
    squares = dict.fromkeys(FIGURES, 200.0 * active) | {"messages": (messages**2 + 4) * active}
    return Sums(active, totals, squares)


def told(**others: Any) -> list[tuple[str, str]]:
    given: dict[str, Any] = {
        "is_of_community": True, "names": {"city": {"zh": "城市", "en": "City"}}, "demographics": {}, "tenures": [], "groups": [], "pages": [],
        "mine": sums(0, 0), "theirs": sums(0, 0), "hours": [], "words": [],
    } | others  # fmt: skip
    parts = [*(one for some in given["demographics"].values() for one in some), *given["tenures"], *given["groups"], *given["pages"]]
    found = headlines.headlines(headlines.Told(**given, holds=more_than_chance(parts)))
    return [(one["zh"], one["en"]) for one in found]


def test_headlines_say_the_strongest_first() -> None:
    ages = [part("1", "18–24 岁", "18–24", 20, 100), part("2", "25–34 岁", "25–34", 48, 165), part("4", "45–54 岁", "45–54", 32, 235)]
    cities = [part("北京", "北京", "北京", 70, 150), part("上海", "上海", "上海", 30, 350)]
    found = told(
        demographics={"age": ages, "city": cities}, tenures=[part("0", "不到 30 天", "Under 30 days", 40, 110)], words=["咖啡", "手冲", "豆子", "露营"],
        mine=sums(60, 20), theirs=sums(200, 8),
    )  # fmt: skip
    assert found == [
        (
            "更爱说话：活跃的人平均每人 20.0 条消息，是社群整体的 1.9 倍",
            "More talkative: 20.0 messages each among those active, 1.9 times that of the community",
        ),
        ("城市“北京”占 70%，比社群整体高 40 个百分点", "70% have the city “北京”, 40 points more than the community"),
        ("加入不到 30 天的占 40%，比社群整体高 18 个百分点", "40% joined under 30 days ago, 18 points more than the community"),
        ("比社群整体更年轻：25–34 岁占 48%，高 15 个百分点", "Younger than the community: 48% are 25–34, 15 points more"),
        ("更常说到：咖啡、手冲、豆子", "More often speak of: 咖啡, 手冲, 豆子"),
    ]


def test_headlines_say_nothing_of_chance() -> None:
    assert told(demographics={"city": [part("北京", "北京", "北京", 32, 150)]}, mine=sums(60, 8.1), theirs=sums(200, 8)) == []
    assert told(mine=sums(19, 80), theirs=sums(200, 8)) == []  # too few who did anything


def test_the_hour_of_most_activity_is_said_when_there_is_enough() -> None:
    hours = [
        {"weekday": weekday, "hour": hour, "activities": 60 if (weekday, hour) == (3, 21) else 1} for weekday in range(1, 8) for hour in range(24)
    ]
    assert told(hours=hours) == [("最活跃的时段：周三 21 点", "Most active: Wednesday at 21:00")]
    assert told(hours=[one | {"activities": 0} for one in hours]) == []
