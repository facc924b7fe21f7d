"""How many people of a segment, and of everybody, something is so of: attributes, tags, channels, groups, events, values of their properties."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from hutong.events import catalogue
from hutong.segments.comparing.sides import PEOPLE_MIN, Sides
from hutong.segments.conditions.every import DAY_MAX
from hutong.segments.contributes import CONTRIBUTES

PEOPLE_EACH_MIN = 5  # among everybody; what fewer have in common is left out where it is counted
VALUES_MAX = 200  # of an attribute, the most frequent
PROPERTY_VALUES_MAX = 20  # of a property of an event, the most frequent
TEXT_SHOWN_MAX = 200  # characters of a value

AGES = (18, 25, 35, 45, 55, 65)  # where bands of age begin
AGE_MAX = 120
DAYS_AGO = (1095, 365, 90, 30, 0)  # bands of dates, by days before today; the last is of days to come
TENURES = (30, 90, 180, 365)  # bands of days since somebody first joined a group

_OWN_EVENTS = [event.name for event in CONTRIBUTES.events]  # that somebody entered the segment would distinguish its members well
_PROPERTY_TYPES = ("text", "boolean", "list")
_NO_WORDS = {("message_sent", "attachments")}  # objects: reading them of every message would find nothing


class Counted(NamedTuple):
    """`kind` and `key` say what of (an attribute, an event), `value` which; how many people it is so of."""

    kind: str
    key: str
    value: str
    label: str
    inside: int
    everybody: int


COUNTS = "countIf(member_id IN ([inside])) AS mine, count() AS total"


def values(sides: Sides, keys: Sequence[str], *, least: int = PEOPLE_EACH_MIN, of: Literal["mine", "total"] = "total") -> list[Counted]:
    """Texts, items of lists, and yes or no, which at least so many people (of the segment, or of everybody) have, the most frequent there.

    The case of Latin letters makes no difference; the label is a form people use.
    """
    found = sides.rows(
        f"""
        SELECT key, value.1, min(value.2), {COUNTS} FROM (
            SELECT key, member_id, arrayJoin(multiIf(
                notEmpty(items), arrayMap(folded -> (folded, arrayMin(arrayFilter(item -> lower(item) = folded, items))),
                    arrayFilter(folded -> folded != '', arrayDistinct(arrayMap(item -> lower(item), items)))),
                isNotNull(boolean), [(toString(boolean), toString(boolean))],
                text != '', [(lower(text), text)],
                []
            )) AS value
            FROM member_values FINAL WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND member_id IN ([everybody])
        ) GROUP BY key, value.1 HAVING {of} >= {least} ORDER BY {of} DESC, key, value.1 LIMIT {VALUES_MAX} BY key
        """,
        keys=list(keys),
    )
    return [Counted("attribute", key, value[:TEXT_SHOWN_MAX], label[:TEXT_SHOWN_MAX], *two(counts)) for key, value, label, *counts in found]


def known(sides: Sides, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of how many people a text is known: of the segment, of everybody."""
    found = sides.rows(
        f"""
        SELECT key, {COUNTS} FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND text != '' AND member_id IN ([everybody]) GROUP BY key
        """,
        keys=list(keys),
    )
    return {key: two(counts) for key, *counts in found}


def number_bands(sides: Sides, keys: Sequence[str]) -> tuple[list[Counted], dict[str, list[float]]]:
    """Numbers in at most five bands of about as many people; and the edges between them. Band 1 is above the first edge."""
    edges = {
        key: sorted(set(quantiles))
        for key, quantiles in sides.rows(
            f"""
            SELECT key, quantilesExactLow(0.2, 0.4, 0.6, 0.8)(assumeNotNull(number)) FROM member_values FINAL
            WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND isNotNull(number) AND member_id IN ([everybody])
            GROUP BY key HAVING count() >= {PEOPLE_MIN}
            """,
            keys=list(keys),
        )
    }
    if not edges:
        return [], {}
    found = sides.rows(
        f"""
        SELECT key, toString(arrayCount(edge -> edge < assumeNotNull(number), ({{edges:Array(Array(Float64))}})[indexOf({{keys:Array(String)}}, key)])) AS band, {COUNTS}
        FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND isNotNull(number) AND member_id IN ([everybody])
        GROUP BY key, band ORDER BY key, band
        """,
        keys=list(edges),
        edges=list(edges.values()),
    )
    return [Counted("attribute", key, band, band, *two(counts)) for key, band, *counts in found], edges


def date_bands(sides: Sides, keys: Sequence[str]) -> list[Counted]:
    """Dates by how long ago they are: band 0 is the longest ago, as `DAYS_AGO` says."""
    edges = [sides.today.toordinal() - days for days in DAYS_AGO]
    found = sides.rows(
        f"""
        SELECT key, toString(arrayCount(edge -> edge < assumeNotNull(day), {{edges:Array(Int32)}})) AS band, {COUNTS} FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND isNotNull(day) AND member_id IN ([everybody])
        GROUP BY key, band ORDER BY key, band
        """,
        keys=list(keys),
        edges=edges,
    )
    return [Counted("attribute", key, band, band, *two(counts)) for key, band, *counts in found]


def birth_months(sides: Sides, keys: Sequence[str]) -> list[Counted]:
    """Birthdays by month: 1 to 12."""
    found = sides.rows(
        f"""
        SELECT key, toString(intDiv(assumeNotNull(month_day), 100)) AS month, {COUNTS} FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND isNotNull(month_day) AND member_id IN ([everybody])
        GROUP BY key, month ORDER BY key, month
        """,
        keys=list(keys),
    )
    return [Counted("month", key, month, month, *two(counts)) for key, month, *counts in found]


def ages(sides: Sides, keys: Sequence[str]) -> list[Counted]:
    """Birthdays whose year is known by age today: band 0 is younger than the first of `AGES`."""
    found = sides.rows(
        f"""
        SELECT key, toString(arrayCount(cut -> assumeNotNull(day) <= cut, {{cuts:Array(Int32)}})) AS band, {COUNTS} FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND isNotNull(month_day)
            AND day > {{oldest:Int32}} AND day <= {{today:Int32}} AND member_id IN ([everybody])
        GROUP BY key, band ORDER BY key, band
        """,
        keys=list(keys),
        cuts=[born_by(sides.today, years) for years in AGES],
        oldest=born_by(sides.today, AGE_MAX + 1),
        today=sides.today.toordinal(),
    )
    return [Counted("age", key, band, band, *two(counts)) for key, band, *counts in found]


def born_by(today: dt.date, years: int) -> int:
    """The last day of birth, as a number, of those who are that old today. Where there is no 29 February its birthdays are kept on the 28th."""
    last = dt.date(today.year - years, today.month, min(today.day, 28) if today.month == 2 else today.day)
    leaps = (last + dt.timedelta(days=1)).day == 29
    keeps_leap_day = today.month == 2 and (today.day == 29 or (today.day == 28 and (today + dt.timedelta(days=1)).day == 1))
    return last.toordinal() + (1 if leaps and keeps_leap_day else 0)


def tags(sides: Sides) -> list[Counted]:
    """Each tag, by id."""
    found = sides.rows(
        f"""
        SELECT toString(tag_id), {COUNTS} FROM member_tags FINAL WHERE workspace_id = {{workspace:UUID}} AND member_id IN ([everybody])
        GROUP BY tag_id HAVING total >= {PEOPLE_EACH_MIN} ORDER BY total DESC, tag_id LIMIT {VALUES_MAX}
        """
    )
    return [Counted("tag", tag, "", "", *two(counts)) for tag, *counts in found]


def channels(sides: Sides) -> list[Counted]:
    """Each channel on which people have identities."""
    found = sides.rows(
        f"""
        SELECT arrayJoin(channels) AS channel, {COUNTS} FROM people FINAL WHERE workspace_id = {{workspace:UUID}} AND member_id IN ([everybody])
        GROUP BY channel ORDER BY total DESC, channel LIMIT {VALUES_MAX}
        """
    )
    return [Counted("channel", channel, "", "", *two(counts)) for channel, *counts in found]


def groups(sides: Sides) -> list[Counted]:
    """Each group people are in now, by id."""
    found = sides.rows(
        f"""
        SELECT toString(group_id), {COUNTS} FROM (
            SELECT DISTINCT group_id, member_id FROM memberships FINAL
            WHERE workspace_id = {{workspace:UUID}} AND left_day = toDate('{DAY_MAX}') AND member_id IN ([everybody])
        ) GROUP BY group_id HAVING total >= {PEOPLE_EACH_MIN} ORDER BY total DESC, group_id LIMIT {VALUES_MAX}
        """
    )
    return [Counted("group", group, "", "", *two(counts)) for group, *counts in found]


def tenures(sides: Sides) -> list[Counted]:
    """Days since people first joined a group (of the community, where there is one): band 0 is the newest. Who never did is in no band."""
    place = "" if sides.community_id is None else "AND community_id = {community:UUID}"
    found = sides.rows(
        f"""
        SELECT toString(arrayCount(edge -> joined <= edge, {{edges:Array(Date)}})) AS band, {COUNTS} FROM (
            SELECT member_id, min(joined_day) AS joined FROM memberships FINAL
            WHERE workspace_id = {{workspace:UUID}} {place} AND member_id IN ([everybody]) GROUP BY member_id
        ) GROUP BY band ORDER BY band
        """,
        edges=[(sides.today - dt.timedelta(days=days)).isoformat() for days in TENURES],
    )
    return [Counted("tenure", "", band, band, *two(counts)) for band, *counts in found]


def events(sides: Sides) -> list[Counted]:
    """Each event people did within the last days."""
    found = sides.rows(
        f"""
        SELECT toString(name) AS event, uniqExactIf(member_id, member_id IN ([inside])) AS mine, uniqExact(member_id) AS total FROM events
        WHERE workspace_id = {{workspace:UUID}} AND local_day >= {{first:Date}} AND name NOT IN {{own:Array(String)}} AND member_id IN ([everybody])
        GROUP BY event HAVING total >= {PEOPLE_EACH_MIN} ORDER BY total DESC, event LIMIT {VALUES_MAX}
        """,
        own=_OWN_EVENTS,
    )
    return [Counted("event", name, "", "", *two(counts)) for name, *counts in found]


def property_values(sides: Sides) -> list[Counted]:
    """The most frequent values of declared properties of events within the last days. The key is `event property`."""
    pairs = [
        (event.name, one.name, one.type)
        for event in catalogue.declared().values()
        for one in event.properties
        if event.name not in _OWN_EVENTS and one.type in _PROPERTY_TYPES and (event.name, one.name) not in _NO_WORDS
    ]
    parameters: dict[str, Any] = {"names": sorted({name for name, _, _ in pairs})}
    cases = []
    for at, (event, prop, kind) in enumerate(pairs):
        parameters |= {f"e{at}": event, f"p{at}": prop}
        held = _HELD[kind].format(found=f"getSubcolumn(properties, {{p{at}:String}})")
        cases.append(f"if(name = {{e{at}:String}}, arrayMap(value -> ({{p{at}:String}}, value), {held}), [])")
    found = sides.rows(
        f"""
        SELECT name, property, folded, min(label), {COUNTS} FROM (
            SELECT toString(name) AS name, pair.1 AS property, lower(pair.2) AS folded, member_id, min(pair.2) AS label
            FROM events ARRAY JOIN arrayFilter(one -> one.2 != '', arrayConcat({", ".join(cases)})) AS pair
            WHERE workspace_id = {{workspace:UUID}} AND local_day >= {{first:Date}} AND name IN {{names:Array(String)}} AND member_id IN ([everybody])
            GROUP BY name, property, folded, member_id
        ) GROUP BY name, property, folded HAVING total >= {PEOPLE_EACH_MIN} ORDER BY total DESC, name, property, folded LIMIT {PROPERTY_VALUES_MAX} BY name, property
        """,
        **parameters,
    )
    return [
        Counted("property", f"{name} {prop}", folded[:TEXT_SHOWN_MAX], label[:TEXT_SHOWN_MAX], *two(counts))
        for name, prop, folded, label, *counts in found
    ]


_HELD = {
    "text": "[ifNull(dynamicElement({found}, 'String'), '')]",
    "boolean": "[ifNull(toString(dynamicElement({found}, 'Bool')), '')]",
    "list": "arrayMap(item -> ifNull(item, ''), dynamicElement({found}, 'Array(Nullable(String))'))",
}


def two(counts: Iterable[Any]) -> tuple[int, int]:
    """Of the segment, of everybody."""
    inside, everybody = counts
    return int(inside), int(everybody)


def identifiers(counted: Iterable[Counted], kind: str) -> list[uuid.UUID]:
    """The keys of one kind, where those are ids."""
    return [uuid.UUID(one.key) for one in counted if one.kind == kind]
