"""Who comes, from where, how much they like to talk, which groups they are in and when they go."""

from __future__ import annotations

import datetime as dt

import msgspec

from hutong.sample import seasons
from hutong.sample.dice import Dice
from hutong.sample.groups import GROUPS
from hutong.sample.nicknames import nickname

DAYS = 180
PEOPLE = 3000
SEEDS, MAP_PEOPLE, GIVEAWAY_PEOPLE = 380, 560, 760
STAFF = ("阿檐｜槐序主理人", "小满（鼓楼店长）", "老杜-望京店", "客服豆豆", "Momo｜社群运营", "Kevin@Huaixu")
BOTS = ("槐序小助手", "豆仓机器人", "HuaixuBot")
STAFF_GROUPS = ((0, 1, 2, 4, 5, 7), (0, 2, 4), (1, 3), (0, 1, 2, 3), tuple(range(8)), (6, 7))
BOT_GROUPS = ((0, 1, 2, 3), (4, 5), (6, 7))
CITIES = ("北京",) * 14 + ("天津", "上海", "杭州", "成都", "石家庄", "廊坊", "西安", "深圳")
_MAP_SHAPE = (0.10, 0.20, 0.25, 0.20, 0.15, 0.10)
_GIVEAWAY_SHAPE = (0.30, 0.40, 0.20, 0.10)
SECOND = 1.0 / 86_400


class Stay(msgspec.Struct):
    """From joining to leaving one group, in days since the first midnight (fractions are the time of day)."""

    group: int
    joined: float
    left: float | None = None


class Person(msgspec.Struct):
    """One member: how they came (staff, bot, seed, friend, map, giveaway), and their ways."""

    number: int
    kind: str
    name: str
    joined: float
    appetite: float = 0.0  # how much they talk; 0 for those who only read
    tires: float = 0.0  # days until the first interest fades; 0: it does not
    quiet_from: float = 1e9  # the day they stop talking for good
    style: int = 0
    city: str = ""
    gender: str = ""
    birthday: str = ""
    renamed: str = ""
    renamed_at: float = 0.0
    stays: list[Stay] = msgspec.field(default_factory=list)


def cast(seed: str, first_day: dt.date) -> list[Person]:
    """All 3,000, in order of arrival after the staff and the bots."""
    people = [_founder(number, name, "staff", STAFF_GROUPS[number]) for number, name in enumerate(STAFF)]
    people += [_founder(len(STAFF) + number, name, "bot", BOT_GROUPS[number]) for number, name in enumerate(BOTS)]
    taken = {person.name for person in people}
    for kind, joined in _arrivals(Dice(seed, "arrivals"), first_day):
        people.append(_member(seed, len(people), kind, joined, taken))
    return people


def _arrivals(dice: Dice, first_day: dt.date) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for kind, count, start, shape in (
        ("seed", SEEDS, 0, (0.6, 0.25, 0.15)),
        ("map", MAP_PEOPLE, seasons.MAP_FIRST_DAY, _MAP_SHAPE),
        ("giveaway", GIVEAWAY_PEOPLE, seasons.GIVEAWAY_FIRST_DAY, _GIVEAWAY_SHAPE),
    ):
        sums = _sums(shape)
        found += [(kind, start + dice.weighted(sums) + _moment(dice, is_free=False)) for _ in range(count)]
    friends = PEOPLE - len(STAFF) - len(BOTS) - len(found)
    days = [first_day + dt.timedelta(days=number) for number in range(DAYS)]
    sums = _sums([_pull(number) * seasons.festival(day) * (1.15 if day.weekday() >= 5 else 1.0) for number, day in enumerate(days)])
    for _ in range(friends):
        number = dice.weighted(sums)
        found.append(("friend", number + _moment(dice, is_free=seasons.is_free(days[number]))))
    return sorted(found, key=lambda one: one[1])


def _pull(number: int) -> float:
    if number < 4:
        return 0.3
    if seasons.MAP_FIRST_DAY + seasons.MAP_DAYS <= number < seasons.GIVEAWAY_FIRST_DAY:
        return 1.4  # friends of those the map brought
    return 0.85 if number >= seasons.GIVEAWAY_FIRST_DAY else 1.0


def _sums(weights: tuple[float, ...] | list[float]) -> list[float]:
    total, found = 0.0, []
    for weight in weights:
        total += weight
        found.append(total)
    return found


def _moment(dice: Dice, *, is_free: bool) -> float:
    hour = dice.weighted(seasons.HOUR_SUMS["free" if is_free else "workday"])
    return (hour * 3600 + dice.below(3600)) * SECOND


def _founder(number: int, name: str, kind: str, groups: tuple[int, ...]) -> Person:
    start = 0.0005 + number * 0.0001  # they open the groups in the first minutes
    person = Person(number=number, kind=kind, name=name, joined=start, appetite=4.5 if kind == "staff" else 0.0, city="北京")
    if kind == "staff":
        person.style = 1
    person.stays = [Stay(group, start + at * SECOND) for at, group in enumerate(groups)]
    return person


def _member(seed: str, number: int, kind: str, joined: float, taken: set[str]) -> Person:
    dice = Dice(seed, "person", number)
    first = _first_group(dice, kind)
    name = _free_name(dice, first, taken)
    person = Person(number=number, kind=kind, name=name, joined=joined, style=dice.below(9))
    _temper(dice, person)
    person.stays = _stays(dice, person, first)
    _profile(dice, person, first, taken)
    return person


def _free_name(dice: Dice, group: int, taken: set[str]) -> str:
    is_foreign = GROUPS[group].channel == "telegram" and dice.chance(0.6)
    name = nickname(dice, is_foreign=is_foreign)
    while name in taken and not dice.chance(0.05):  # a few share a name, as in life
        name = nickname(dice, is_foreign=is_foreign)
    taken.add(name)
    return name


def _first_group(dice: Dice, kind: str) -> int:
    weights = [g.map_share if kind == "map" else g.giveaway_share if kind == "giveaway" else g.newcomers for g in GROUPS]
    return dice.weighted(_sums(weights))


# kind: share who never speak, share who stay, days until the others tire
_TEMPERS = {"seed": (0.26, 0.76, 9.0), "friend": (0.40, 0.50, 4.5), "map": (0.30, 0.70, 6.0), "giveaway": (0.50, 0.07, 1.1)}


def _temper(dice: Dice, person: Person) -> None:
    silent, stays, tires = _TEMPERS[person.kind]
    if not dice.chance(silent):
        person.appetite = min(dice.heavy(1.18), 42.0)
    if not dice.chance(stays):
        person.tires = max(0.6, dice.wait(tires))
        person.appetite = min(person.appetite, 6.0)
    else:
        person.quiet_from = person.joined + 14 + dice.wait(260)
        if person.joined < seasons.GIVEAWAY_FIRST_DAY and dice.chance(0.06):  # lost in the weeks after the giveaway
            person.quiet_from = min(person.quiet_from, seasons.GIVEAWAY_FIRST_DAY + 2 + dice.wait(7))


def _stays(dice: Dice, person: Person, first: int) -> list[Stay]:
    groups = [first]
    more = 0.05 if person.kind == "giveaway" else 0.5 if person.appetite > 8 else 0.22
    while len(groups) < 4 and dice.chance(more):
        group = dice.weighted(_sums([g.newcomers for g in GROUPS]))
        if group not in groups:
            groups.append(group)
    stays = []
    for at, group in enumerate(groups):
        joined = min(person.joined, DAYS - 0.03) if at == 0 else person.joined + dice.between(0.01, 1) + dice.wait(11)
        if joined >= DAYS - 0.02 or (person.tires and at and joined > person.joined + person.tires * 3):
            continue
        joined = _awake(dice, joined) if at else joined
        left = _departure(dice, person, joined)
        stays.append(Stay(group, joined, left))
        if left is not None and person.kind != "giveaway" and dice.chance(0.09):
            back = _awake(dice, left + 1 + dice.wait(12))
            if back < DAYS - 0.02:
                stays.append(Stay(group, back))
    return stays


def _departure(dice: Dice, person: Person, joined: float) -> float | None:
    if person.kind == "giveaway" and person.tires:
        left = joined + 0.15 + dice.wait(2.6) if dice.chance(0.84) else None
    elif person.tires:
        left = joined + 0.5 + person.tires + dice.wait(11) if dice.chance(0.40) else None
    elif person.quiet_from < DAYS:
        left = person.quiet_from + dice.wait(10) if dice.chance(0.45) else None
    else:
        left = None
    if left is not None:
        left = max(_awake(dice, left), joined + 0.01)
        if left >= DAYS - 0.01:
            return None
    return left


def _awake(dice: Dice, moment: float) -> float:
    """The same day at an hour people are up, if the moment falls in the night."""
    day, part = divmod(moment, 1.0)
    return float(day + dice.between(0.32, 0.97)) if part < 0.3 else moment


def _profile(dice: Dice, person: Person, first: int, taken: set[str]) -> None:
    if dice.chance(0.45):
        person.city = dice.pick(CITIES)
    if dice.chance(0.38):
        person.gender = "女" if dice.chance(0.58) else "男"
    if dice.chance(0.2):
        person.birthday = f"{1968 + int(dice.between(0, 1) * 19 + dice.between(0, 1) * 19):04d}-{1 + dice.below(12):02d}-{1 + dice.below(28):02d}"
    if not person.tires and person.appetite and dice.chance(0.07):
        at = _awake(dice, person.joined + 3 + dice.wait(50))
        stay = person.stays[0] if person.stays else None
        if stay is not None and at < DAYS - 0.02 and (stay.left is None or at < stay.left):
            person.renamed, person.renamed_at = _free_name(dice, first, taken), at
