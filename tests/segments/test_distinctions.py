"""What sets a segment apart, against a count of people one by one."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from typing import Any

import pytest

from hutong.foundation import fresh
from hutong.members.models import Attribute
from hutong.segments.bands import CELLS
from hutong.segments.comparing import chance, counts
from hutong.segments.models import LifeCycle, Segment
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.segments.crowd import NOW, TODAY, Crowd, Person, age

pytestmark = pytest.mark.django_db

AGES = ["Under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.forget()
    monkeypatch.setattr("hutong.foundation.clock.now", lambda: NOW)


# --- the plain count -----------------------------------------------------------------------------------------------


def number_bands(everybody: list[Person], key: str) -> dict[float, str]:
    """The band of each number, by fifths of all numbers."""
    numbers = sorted(one.values[key] for one in everybody if key in one.values)
    edges = sorted({numbers[int(len(numbers) * level)] for level in (0.2, 0.4, 0.6, 0.8)})
    found = {}
    for number in numbers:
        above = [edge for edge in edges if number > edge]
        within = [edge for edge in edges if number <= edge]
        low, high = (f"{above[-1]:,.10g}" if above else None), (f"{within[0]:,.10g}" if within else None)
        found[number] = f"At most {high}" if low is None else f"More than {low}" if high is None else f"More than {low}, at most {high}"
    return found


def dated(day: str) -> str:
    days = (TODAY - dt.date.fromisoformat(day)).days
    if days < 0:
        return "After today"
    if days < 30:
        return "In the last 30 days"
    if days < 90:
        return "30 to 89 days ago"
    return "90 days to 1 year ago" if days < 365 else "1 to 3 years ago" if days < 1095 else "3 years ago or earlier"


STAGES = {"active": "active", "new": "new", "returned": "returned", "quiet": "quiet", "lapsed": "lapsed",
          "potential": "potential", "first": "first purchase", "repeat": "repeat", "high_value": "high-value"}  # fmt: skip
KINDS = {"activity": "Activity stage", "purchase": "Purchase stage"}
# The grid of the guide: by recency, 5 first; by frequency from 1 to 5.
GRID = {
    5: ["new customers", "potential loyalists", "potential loyalists", "champions", "champions"],
    4: ["promising", "potential loyalists", "potential loyalists", "loyal", "loyal"],
    3: ["about to sleep", "about to sleep", "need attention", "loyal", "loyal"],
    2: ["hibernating", "hibernating", "at risk", "at risk", "cannot lose"],
    1: ["lost", "lost", "at risk", "at risk", "cannot lose"],
}


def life_facts(one: Person, crowd: Crowd) -> set[tuple[str, str, str | None]]:
    """Stages, scores and bands: in the segment's community, or in each."""
    found: set[tuple[str, str, str | None]] = set()
    for community in (crowd.community, crowd.elsewhere):
        if crowd.segment.community_id not in (None, community.pk):
            continue
        own = {of.split(" ")[1]: what for of, what in one.life.items() if of.startswith(str(community.pk))}
        found |= {("stage", f"{KINDS[name]} ({community.name})", STAGES[own[name]]) for name in KINDS if name in own}
        if "recency" in own:
            found |= {("score", f"RFM {name} score ({community.name})", f"{own[name]} of 5") for name in ("recency", "frequency", "monetary")}
            band = GRID[own["recency"]][own["frequency"] - 1]
            band = crowd.renamed.get((community.name, own["recency"], own["frequency"]), band)
            found.add(("band", f"RFM band ({community.name})", band))
    return found


def facts(one: Person, bands: dict[str, dict[float, str]], crowd: Crowd) -> set[tuple[str, str, str | None]]:
    """Everything that is so of a person: kind, name, value (case folded)."""
    found: set[tuple[str, str, str | None]] = set()
    for key, value in one.values.items():
        if key in ("city", "gender", "company"):
            found.add(("attribute", key, value.lower()))
        elif key in bands:
            found.add(("attribute", key, bands[key][value].lower()))
        elif key == "since":
            found.add(("attribute", key, dated(value).lower()))
        elif key == "vip":
            found.add(("attribute", key, "yes" if value else "no"))
        elif key == "likes":
            found |= {("attribute", key, item.lower()) for item in value}
        else:
            found.add(("attribute", "birthday month", MONTHS[int(value[-5:-3]) - 1].lower()))
            years = age(value)
            if years is not None:
                found.add(("attribute", "Age", AGES[sum(years >= edge for edge in (18, 25, 35, 45, 55, 65))].lower()))
    names = {str(tag.pk): tag.name for tag in crowd.tags} | {str(group.pk): group.name for group in crowd.groups}
    found |= {("tag", "Tag", names[tag]) for tag in one.tags}
    found |= {("channel", "Channel", channel) for channel in one.channels}
    found |= {("group", "Group", names[stay["group"]]) for stay in one.stays if stay["left"] is None}
    found |= life_facts(one, crowd)
    event_names = {"message_sent": "Message sent", "page_viewed": "Page viewed", "order_paid": "Order paid", "reaction_added": "Reaction added"}
    properties = {"path": "Path", "title": "Title", "currency": "Currency", "products": "Products", "emoji": "Emoji"}
    for event in one.events:
        if dt.date.fromisoformat(event["day"]) <= TODAY - dt.timedelta(days=90) or event["name"] == "segment_entered":
            continue
        name = event_names.get(event["name"], event["name"])
        found.add(("event", name, None))
        for key, held in event["properties"].items():
            for value in held if isinstance(held, list) else [held]:
                if isinstance(value, str) and value:
                    found.add(("property", f"{name}: {properties[key]}", value.lower()))
    return found


def expected(crowd: Crowd) -> dict[tuple[str, str, str | None], tuple[int, int, float, bool]]:
    """Of each fact enough people share: how many of both sides, the probability, whether it is more than chance."""
    inside, others = crowd.inside(), crowd.others()
    bands = {key: number_bands([*inside, *others], key) for key in ("spent", "level")}
    mine, theirs = Counter[Any](), Counter[Any]()
    for one in inside:
        mine.update(facts(one, bands, crowd))
    for one in others:
        theirs.update(facts(one, bands, crowd))
    n, m = len(inside), len(others)
    tested = {}
    for fact in mine.keys() | theirs.keys():
        a, b = mine[fact], theirs[fact]
        share = (a + b) / (n + m)
        if min(n * share, m * share, n * (1 - share), m * (1 - share)) < 5 - 1e-9:
            continue
        z = (a / n - b / m) / math.sqrt(share * (1 - share) * (1 / n + 1 / m))
        tested[fact] = (a, b, 2 * (1 - statistics.NormalDist().cdf(abs(z))))
    level = sorted(one[2] for one in tested.values())
    bar = -1.0
    for rank, probability in enumerate(level):
        if probability > 0.05 / (len(level) - rank):
            break
        bar = probability
    return {fact: (*one, one[2] <= bar) for fact, one in tested.items()}


# --- tests ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "of_community"), [(1, False), (2, True), (3, False)])
def test_every_difference_is_the_one_counted_by_hand(workspace: Workspace, api: Api, seed: int, of_community: bool) -> None:
    crowd = Crowd(workspace, seed=seed, of_community=of_community).ship()
    # A community's own bands: 5-5 is renamed, 4-4 is another's.
    bands = {"names": {"champions": {"zh": "铁粉", "en": "Devoted"}}, "cells": CELLS | {"4-4": "champions"}}
    LifeCycle.objects.create(workspace=workspace, community=crowd.community, bands=bands)
    crowd.renamed = {(crowd.community.name, r, f): "devoted" for r, f in ((5, 4), (5, 5), (4, 4))}
    answer = api.get(f"/segments/{crowd.segment.pk}/distinctions")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    inside, others, wanted = crowd.inside(), crowd.others(), expected(crowd)
    assert (found["people"], found["rest_people"], found["compared"], found["is_too_small"]) == (len(inside), len(others), len(wanted), False)
    assert found["compared_with"]["kind"] == ("community" if of_community else "workspace")
    shown = {}
    for way in ("more", "less"):
        for one in found[way]:
            fact = (one["kind"], one["name"]["en"], one["value"]["en"].lower() if one["value"] else None)
            shown[fact] = (one["people"], one["rest_people"], one["is_more_than_chance"])
            assert one["share"] == pytest.approx(one["people"] / len(inside))
            assert one["rest_share"] == pytest.approx(one["rest_people"] / len(others))
            assert one["lift"] == (pytest.approx(one["share"] / one["rest_share"]) if one["rest_people"] else None)
            assert (one["difference"] > 0) == (way == "more")
    assert shown == {fact: (a, b, holds) for fact, (a, b, _, holds) in wanted.items() if fact in shown}
    for way, sign in (("more", 1), ("less", -1)):
        effects = {
            fact: abs(2 * math.asin(math.sqrt(a / len(inside))) - 2 * math.asin(math.sqrt(b / len(others))))
            for fact, (a, b, _, _) in wanted.items()
            if (a / len(inside) - b / len(others)) * sign > 0
        }
        strongest = sorted(effects, key=lambda fact: (not wanted[fact][3], -effects[fact]))[:20]
        assert [(one["is_more_than_chance"], pytest.approx(abs(one["effect"]))) for one in found[way]] == [
            (wanted[fact][3], effects[fact]) for fact in strongest
        ]
    assert any(one["is_more_than_chance"] for one in found["more"])
    assert found["more"][0]["name"]["en"] in ("spent", "city", "Age", "vip", "Tag", "Page viewed: Path", "Page viewed: Title")


def test_what_the_condition_asks_for_is_marked(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=4).ship()
    condition = {"kind": "all", "of": [{"kind": "attribute", "key": "city", "op": "is", "value": "北京"}, {"kind": "not", "of": {"kind": "event", "event": "page_viewed"}}]}  # fmt: skip
    Segment.objects.in_workspace(workspace).filter(pk=crowd.segment.pk).update(condition=condition)
    found = api.get(f"/segments/{crowd.segment.pk}/distinctions").json()
    marked = {(one["kind"], one["key"]): one["is_in_condition"] for one in [*found["more"], *found["less"]]}
    assert marked[("attribute", "city")] is True
    assert marked[("property", "page_viewed path")] is True
    assert marked[("attribute", "spent")] is False


def test_stages_scores_and_bands_that_are_asked_for_are_marked(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=3, of_community=True).ship()
    path, pk = f"/segments/{crowd.segment.pk}/distinctions", crowd.community.pk

    def marked(condition: Any) -> dict[tuple[str, str], bool]:
        Segment.objects.in_workspace(workspace).filter(pk=crowd.segment.pk).update(condition=condition)
        found = api.get(path).json()
        return {
            (one["kind"], one["key"]): one["is_in_condition"]
            for one in [*found["more"], *found["less"]]
            if one["kind"] in ("stage", "score", "band", "channel")
        }

    plain = marked({"kind": "attribute", "key": "city", "op": "is", "value": "北京"})
    assert set(plain.values()) == {False}
    stage, score, band = ("stage", f"life.activity.{pk}"), ("score", f"rfm.recency.{pk}"), ("band", f"rfm.band.{pk}")
    assert {stage, score, band} <= plain.keys()
    asked = marked({"kind": "attribute", "key": f"life.activity.{pk}", "op": "is", "value": "active"})
    assert {key for key, is_asked in asked.items() if is_asked} == {stage}
    asked = marked({"kind": "score", "score": f"rfm.recency.{pk}", "op": "gte", "value": 4})
    assert {key for key, is_asked in asked.items() if is_asked} == {score, band}
    asked = marked({"kind": "attribute", "key": "$channels", "op": "any_of", "value": ["qq"]})
    assert {key[0] for key, is_asked in asked.items() if is_asked} == {key[0] for key in plain if key[0] == "channel"}


def test_names_of_stages_and_bands_in_both_languages(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=3, of_community=True).ship()
    found = api.get(f"/segments/{crowd.segment.pk}/distinctions").json()
    by_kind = {(one["kind"], one["value"]["en"]): (one["name"], one["value"]) for one in [*found["more"], *found["less"]] if one["value"]}
    called = crowd.community.name
    assert by_kind["stage", "Active"] == ({"zh": f"活跃阶段（{called}）", "en": f"Activity stage ({called})"}, {"zh": "活跃", "en": "Active"})
    assert by_kind["band", "Champions"] == ({"zh": f"RFM 分层（{called}）", "en": f"RFM band ({called})"}, {"zh": "冠军客户", "en": "Champions"})
    assert by_kind["score", "5 of 5"][1] == {"zh": "5 分", "en": "5 of 5"}


def test_too_few_people_say_nothing(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=5, people=40, inside=0.3).ship()
    assert 0 < len(crowd.inside()) < 20
    found = api.get(f"/segments/{crowd.segment.pk}/distinctions").json()
    assert (found["people"], found["is_too_small"], found["compared"], found["more"], found["less"]) == (len(crowd.inside()), True, 0, [], [])


def test_an_attribute_removed_meanwhile_is_left_out(workspace: Workspace, api: Api) -> None:
    crowd = Crowd(workspace, seed=6).ship()
    before = api.get(f"/segments/{crowd.segment.pk}/distinctions").json()
    assert "spent" in {one["key"] for one in before["more"]}
    Attribute.objects.in_workspace(workspace).filter(key="spent").delete()
    found = api.get(f"/segments/{crowd.segment.pk}/distinctions").json()
    assert "spent" not in {one["key"] for one in found["more"]}


def test_an_answer_is_kept_until_something_changes(workspace: Workspace, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1_000.0]
    monkeypatch.setattr("hutong.foundation.clock.monotonic_seconds", lambda: moment[0])
    crowd = Crowd(workspace, seed=7).ship()
    path = f"/segments/{crowd.segment.pk}/distinctions"
    first = api.get(path).json()
    later = NOW + dt.timedelta(minutes=5)
    monkeypatch.setattr("hutong.foundation.clock.now", lambda: later)
    moment[0] += 300
    assert api.get(path).json()["computed_at"] == first["computed_at"]
    more = Crowd(workspace, seed=8).ship()
    assert api.get(path).json()["rest_people"] == first["rest_people"] + len(more.inside()) + len(more.others())


def test_nobody_elses_segment(other_api: Api, workspace: Workspace) -> None:
    segment = Segment.objects.create(workspace=workspace, name="x")
    for path in ("distinctions", "persona", "growth"):
        assert other_api.get(f"/segments/{segment.pk}/{path}").status_code == 404
    assert other_api.get("/segments/overlap", ids=[str(segment.pk), str(crowd_id())]).status_code == 404


def crowd_id() -> str:
    return "01890000-0000-7000-8000-0000000000aa"


@pytest.mark.parametrize(
    ("today", "born", "years"),
    [
        ("2026-02-28", "2000-02-29", 26), ("2026-02-27", "2000-02-29", 25), ("2024-02-28", "2000-02-29", 23), ("2024-02-29", "2000-02-29", 24),
        ("2026-02-28", "2000-03-01", 25), ("2024-02-29", "1999-02-28", 25), ("2024-02-29", "1999-03-01", 24), ("2026-03-31", "2000-03-31", 26),
        ("2026-12-31", "2000-12-31", 26),
    ],
)  # fmt: skip
def test_ages_turn_on_the_day(today: str, born: str, years: int) -> None:
    day, birth = dt.date.fromisoformat(today), dt.date.fromisoformat(born).toordinal()
    assert birth <= counts.born_by(day, years)
    assert birth > counts.born_by(day, years + 1)


def test_probabilities() -> None:
    assert chance.of_shares(30, 100, 10, 100) == pytest.approx(0.000407, abs=2e-6)
    assert chance.of_shares(10, 100, 10, 100) == 1.0
    assert [chance.is_testable(5, 100, 5, 100), chance.is_testable(4, 100, 5, 100), chance.is_testable(100, 100, 100, 100), chance.is_testable(0, 0, 3, 9)] == [
        True, False, False, False,
    ]  # fmt: skip
    assert chance.more_than_chance([0.04, 0.01, 0.02, 0.2]) == [False, True, False, False]
    assert chance.more_than_chance([]) == []
    assert chance.of_means(10, 30, 10, 10, 30, 10) == (1.0, 0.0)
    assert chance.of_means(10, 10, 10, 10, 10, 10) == (1.0, 0.0)
