"""People with histories made up from a seed, of whom some are in a segment: as plain facts, and as rows of the warehouse."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hutong.communities.models import Community, Group
from hutong.events.warehouse import engine
from hutong.members.models import Attribute
from hutong.segments.models import Segment, Tag
from hutong.segments.stages import STAGES
from hutong.workspaces.models import Workspace

Json = dict[str, Any]

NOW = dt.datetime(2026, 3, 1, 4, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 1)
TYPES = {"city": "text", "gender": "text", "company": "text", "spent": "number", "level": "number", "since": "date", "birthday": "birthday", "vip": "boolean", "likes": "list"}  # fmt: skip
CITIES = ["北京", "上海", "Chengdu", "CHENGDU", "<b>海口</b>", "e\u0301lan"]
WORDS = ["手冲", "咖啡豆", "读书会", "露营", "grinder", "espresso", "摄影", "羽毛球"]
PATHS = {"/beans": "豆子", "/books": "读书", "/camp": "露营"}
FOREVER = "2149-06-06"


@dataclass
class Person:
    """One member, as plain facts."""

    id: str
    is_inside: bool
    is_bot: bool
    is_anonymous: bool
    is_of_community: bool
    values: Json
    channels: list[str]
    tags: set[str]
    stays: list[Json]
    life: Json  # of which community, and what (activity, recency ...) -> stage or score
    events: list[Json] = field(default_factory=list)


class Crowd:
    """One random stream; the same seed makes the same people."""

    def __init__(self, workspace: Workspace, *, seed: int, people: int = 260, inside: float = 0.35, of_community: bool = False) -> None:
        self.chance = random.Random(seed)
        self.lives = random.Random(f"lives {seed}")  # a stream of its own
        self.workspace = workspace
        self.community = Community.objects.create(workspace=workspace, name=f"社群{seed}")
        self.elsewhere = Community.objects.create(workspace=workspace, name=f"别处{seed}")
        self.groups = [
            Group.objects.create(workspace=workspace, community=self.community if number < 2 else self.elsewhere, name=f"{number}群", channel="qq")
            for number in range(3)
        ]
        self.tags = [Tag.objects.create(workspace=workspace, name=f"标签{seed}-{number}") for number in range(3)]
        for key, kind in TYPES.items():
            Attribute.objects.in_workspace(workspace).get_or_create(
                workspace=workspace, key=key, defaults={"name_zh": key, "name_en": key, "type": kind}
            )
        self.segment = Segment.objects.create(workspace=workspace, name=f"分群{seed}", community=self.community if of_community else None)
        self.renamed: dict[tuple[str, int, int], str] = {}  # community, recency, frequency: the band's own name
        self.people = [self.person(inside) for _ in range(people)]

    def someone(self) -> str:
        """An id."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def day(self, *ago: int) -> str:
        """So many days before today, between both."""
        return (TODAY - dt.timedelta(days=self.chance.randint(*ago))).isoformat()

    def person(self, inside: float) -> Person:
        """Those inside differ: by city, by tag, by what they say and see."""
        chance = self.chance
        is_inside = chance.random() < inside
        pick = chance.random
        values: Json = {}
        if pick() < 0.8:
            values["city"] = chance.choices(CITIES, [5, 1, 1, 1, 1, 1] if is_inside else [1, 3, 2, 2, 1, 1])[0]
        if pick() < 0.7:
            values["gender"] = chance.choice(["女", "女", "男"] if is_inside else ["女", "男"])
        if pick() < 0.3:
            values["company"] = f"公司{chance.randrange(40)}"
        if pick() < 0.9:
            values["spent"] = round(chance.gauss(300 if is_inside else 100, 60), 2)
        if pick() < 0.5:
            values["level"] = chance.randint(1, 3)
        if pick() < 0.6:
            values["since"] = self.day(-10, 1500)
        if pick() < 0.8:
            year = chance.randint(1950, 2015) if not is_inside else chance.randint(1994, 2002)
            month_day = chance.choice(["02-28", "02-29", "03-01", "03-02", "07-15", "12-31"])
            values["birthday"] = month_day if pick() < 0.2 else f"{year if month_day != '02-29' else year // 4 * 4}-{month_day}"
        if pick() < 0.7:
            values["vip"] = pick() < (0.7 if is_inside else 0.3)
        if pick() < 0.6:
            values["likes"] = chance.sample(["茶", "Tea", "tea", "咖啡"], chance.randint(1, 3))
        stays = []
        is_of_community = False
        for number, group in enumerate(self.groups):
            if pick() < (0.7 if number == 1 and is_inside else 0.4):
                is_of_community = is_of_community or number < 2
                joined = self.day(0, 500)
                stays.append(
                    {
                        "group": str(group.pk),
                        "community": str(group.community_id),
                        "joined": joined,
                        "left": None if pick() < 0.8 else self.day(0, 30),
                    }
                )
        found = Person(
            id=self.someone(), is_inside=is_inside, is_bot=pick() < 0.05, is_anonymous=pick() < 0.05, is_of_community=is_of_community, values=values,
            channels=chance.sample(["irc", "qq", "telegram"], chance.randint(1, 2)),
            tags={str(tag.pk) for number, tag in enumerate(self.tags) if pick() < (0.6 if number == 0 and is_inside else 0.25)},
            stays=stays, life=self.life(is_inside),
        )  # fmt: skip
        found.events = [self.event(found) for _ in range(chance.choice([0, 0, 1, 4, 8, 14]) + (4 if is_inside else 0))]
        return found

    def life(self, is_inside: bool) -> Json:
        """Stages and scores in both communities; of some nothing is known, and some have never bought."""
        chance, found = self.lives, {}
        for at, community in enumerate((self.community, self.elsewhere)):
            if chance.random() < 0.8:
                of_kind = [*STAGES["activity"]]
                found[f"{community.pk} activity"] = chance.choices(of_kind, [1, 1, 6, 2, 1] if is_inside and not at else [2, 1, 2, 2, 3])[0]
                found[f"{community.pk} purchase"] = chance.choice([*STAGES["purchase"]])
                if chance.random() < 0.7:
                    for name in ("recency", "frequency", "monetary"):
                        found[f"{community.pk} {name}"] = chance.choices([1, 2, 3, 4, 5], [1, 1, 1, 2, 4] if is_inside else [2, 2, 1, 1, 1])[0]
        return found

    def event(self, person: Person) -> Json:
        """Something done."""
        chance = self.chance
        name = chance.choices(["message_sent", "page_viewed", "order_paid", "reaction_added", "custom_thing", "segment_entered"], [8, 3, 2, 2, 1, 1])[
            0
        ]
        properties: Json = {}
        text = ""
        if name == "message_sent":
            own = WORDS[:4] if person.is_inside else WORDS[4:]
            text = " ".join(["今天", *chance.sample(own if chance.random() < 0.7 else WORDS, 2), "的", f"秘密{chance.randrange(10**6)}"])
        elif name == "page_viewed":
            path = chance.choices([*PATHS, "/me"], [6, 2, 2, 1] if person.is_inside else [1, 3, 3, 1])[0]
            properties = {"path": path, "title": PATHS.get(path, f"{person.id} 的主页")}
        elif name == "order_paid":
            properties = {"currency": chance.choice(["CNY", "cny"]), "products": chance.sample(["豆", "书", "帐篷"], 2), "amount": 9.5, "product": ""}
        elif name == "reaction_added":
            properties = {"emoji": chance.choice(["👍", "❤"])}
        return {
            "id": f"{chance.getrandbits(64):016x}", "name": name, "day": self.day(0, 120), "hour": chance.choice([9, 9, 21, 22]), "text": text,
            "is_reply": name == "message_sent" and chance.random() < 0.3, "is_activity": name != "segment_entered", "properties": properties,
        }  # fmt: skip

    # --- rows --------------------------------------------------------------------------------------------------------

    def ship(self) -> Crowd:
        """To the warehouse."""
        tables: dict[str, list[Json]] = {name: [] for name in ("people", "member_values", "member_tags", "segment_members", "memberships", "events")}
        for number, one in enumerate(self.people):
            base = {"workspace_id": str(self.workspace.pk), "member_id": one.id, "version": 2, "is_deleted": 0}
            tables["people"].append(
                base | {"name": f"人{number}", "first_seen_at": 1, "channels": one.channels, "is_bot": one.is_bot, "is_anonymous": one.is_anonymous}
            )
            tables["member_values"] += [base | {"key": key, **kept(TYPES[key], raw)} for key, raw in one.values.items()]
            tables["member_values"] += [base | mirrored(*of.split(" "), what) for of, what in one.life.items()]
            tables["member_tags"] += [base | {"tag_id": tag} for tag in one.tags]
            tables["segment_members"].append(base | {"segment_id": str(self.segment.pk), "is_deleted": int(not one.is_inside)})
            tables["memberships"] += [
                base
                | {
                    "community_id": stay["community"], "group_id": stay["group"], "membership_id": self.someone(), "channel": "qq", "joined_at": 1, "left_at": 2,
                    "joined_day": stay["joined"], "left_day": stay["left"] or FOREVER,
                }
                for stay in one.stays
            ]  # fmt: skip
            tables["events"] += [
                {
                    "workspace_id": str(self.workspace.pk), "member_id": one.id, "origin_id": one.id, "id": event["id"], "name": event["name"],
                    "community_id": str(self.community.pk), "occurred_at": 1_772_000_000, "received_at": 1_772_000_000, "local_day": event["day"],
                    "local_hour": event["hour"], "text": event["text"], "is_reply": int(event["is_reply"]), "is_activity": int(event["is_activity"]),
                    "properties": event["properties"],
                }
                for event in one.events
            ]  # fmt: skip
        for table, rows in tables.items():
            if rows:
                engine.insert(table, [msgspec.json.encode(row) for row in rows], token=f"{self.segment.pk}/{table}")
        return self

    # --- who is meant -------------------------------------------------------------------------------------------------

    def inside(self) -> list[Person]:
        """The segment's people."""
        return [one for one in self.people if one.is_inside and not one.is_bot and not one.is_anonymous]

    def others(self) -> list[Person]:
        """Everybody else they are compared with."""
        return [
            one
            for one in self.people
            if not one.is_inside and not one.is_bot and not one.is_anonymous and (self.segment.community_id is None or one.is_of_community)
        ]


def kept(kind: str, raw: Any) -> Json:
    """A value as `member_values` has it."""
    if kind == "birthday":
        row: Json = {"month_day": int(raw[-5:-3]) * 100 + int(raw[-2:])}
        return row | ({"day": dt.date.fromisoformat(raw).toordinal()} if len(raw) == 10 else {})
    if kind == "date":
        return {"day": dt.date.fromisoformat(raw).toordinal()}
    return {{"text": "text", "number": "number", "boolean": "boolean", "list": "items"}[kind]: raw}


def mirrored(community: str, name: str, what: Any) -> Json:
    """A stage or a score as `member_values` has it."""
    return {"key": f"life.{name}.{community}", "text": what} if name in STAGES else {"key": f"score:rfm.{name}.{community}", "number": what}


def age(birthday: str) -> int | None:
    """In whole years today; None where the year is not known."""
    if len(birthday) < 10:
        return None
    born = dt.date.fromisoformat(birthday)
    years = TODAY.year - born.year
    kept_on = (born.month, born.day)
    if kept_on == (2, 29) and TODAY.year % 4:
        kept_on = (2, 28)
    return years if kept_on <= (TODAY.month, TODAY.day) else years - 1
