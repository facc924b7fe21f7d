"""RFM: how recent, how frequent and how much, as scores from 1 to 5 among the members of a community, and the bands they make."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, QuerySet

from hutong.communities.models import Community
from hutong.events.queries import rows
from hutong.foundation.errors import Invalid
from hutong.segments import stages
from hutong.segments.bands import BANDS, Bands
from hutong.segments.models import LifeCycle, MemberRFM
from hutong.segments.queries import life_cycle
from hutong.segments.queries.life_cycle import SCORES, SWEEP_SECONDS_MAX
from hutong.segments.stages import MICRO, NOBODY, Asked, Thresholds
from hutong.workspaces.models import Workspace

Basis = Literal["orders", "activity"]
ACTIVITY_DAYS = 180
QUINTILES = (1, 2, 3, 4, 5)
FIRST_DAY, LAST_DAY = dt.date(1993, 1, 1), dt.date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Table:
    """A community's members by scores on a day."""

    day: dt.date
    basis: Basis
    cells: list[dict[str, Any]]
    edges: dict[str, list[dict[str, Any]]]
    members: int


def statement(community: Community, day: dt.date, basis: Basis, currency: str) -> Asked:
    """`member_id, last, times, amount, recency, frequency, monetary` of everybody with any order, or any activity in the last 180 days.

    Equal values have equal scores. Recency is 5 × (members at most as recent) ÷ members, rounded up, so the most recent day is always 5;
    frequency and amount are 1 + 5 × (members with less) ÷ members, rounded down, so the least is always 1.
    """
    bound: dict[str, Any] = {"workspace": str(community.workspace_id), "community": str(community.pk), "latest": day.isoformat()}
    if basis == "orders":
        bound["currency"] = currency
        one = stages.orders([(0, stages.number_of(day), "{currency:String}")], "")
        values = (
            "SELECT member_id, maxIf(paid_day0, holds0) AS last, countIf(holds0) AS times, sumIf(net0, holds0) AS amount"
            f" FROM ({one}) GROUP BY member_id HAVING times > 0"
        )
    else:
        bound["first"] = (day - dt.timedelta(days=ACTIVITY_DAYS - 1)).isoformat()
        values = (
            "SELECT member_id, toInt32(max(local_day)) AS last, uniqExact(local_day) AS times, toInt128(sum(messages)) AS amount FROM member_days"
            " WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID} AND local_day BETWEEN {first:Date} AND {latest:Date}"
            f" AND activities > 0 AND member_id != toUUID('{NOBODY}') GROUP BY member_id"
        )
    there = (
        "member_id IN (SELECT member_id FROM people FINAL WHERE workspace_id = {workspace:UUID} AND NOT is_bot) AND member_id IN"
        " (SELECT member_id FROM member_firsts WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID} AND seen_day <= {latest:Date})"
    )
    return Asked(
        "SELECT member_id, last, times, amount, toUInt8(intDiv(5 * (n - later) + n - 1, n)) AS recency,"
        " toUInt8(1 + intDiv(5 * rarer, n)) AS frequency, toUInt8(1 + intDiv(5 * less, n)) AS monetary FROM ("
        "SELECT *, toInt64(count() OVER ()) AS n, toInt64(rank() OVER (ORDER BY last DESC)) - 1 AS later,"
        " toInt64(rank() OVER (ORDER BY times)) - 1 AS rarer, toInt64(rank() OVER (ORDER BY amount)) - 1 AS less"
        f" FROM ({values}) WHERE {there})",
        bound,
    )


def table(community: Community, day: dt.date, basis: Basis) -> Table:
    """Everybody counted by scores; every one of the 25 cells is there."""
    asked = statement(community, day, basis, Thresholds.read(life_cycle.settings(community).thresholds).currency)
    found = rows(
        "SELECT recency, frequency, monetary, count(), sum(amount), min(last), max(last), min(times), max(times), min(amount), max(amount)"
        f" FROM ({asked.text}) GROUP BY recency, frequency, monetary",
        asked.parameters,
        timeout_seconds=60,
    )
    unit = MICRO if basis == "orders" else 1
    members = sum(row[3] for row in found)
    cells = []
    for r in QUINTILES:
        for f in QUINTILES:
            own = [row for row in found if (row[0], row[1]) == (r, f)]
            count, total = sum(row[3] for row in own), sum(row[4] for row in own) / unit
            cells.append({"r": r, "f": f, "members": count, "monetary": total, "monetary_average": total / count if count else None})
    edges = {
        "recency": _edges(found, 0, 5, lambda number: dt.date.fromordinal(number + stages.EPOCH)),
        "frequency": _edges(found, 1, 7, int),
        "monetary": _edges(found, 2, 9, lambda amount: amount / unit),
    }
    return Table(day, basis, cells, edges, members)


def _edges(found: Any, score_at: int, value_at: int, shown: Any) -> list[dict[str, Any]]:
    """The least and the greatest value of each score; scores nobody has are left out."""
    edges = []
    for score in QUINTILES:
        own = [row for row in found if row[score_at] == score]
        if own:
            least, greatest = min(row[value_at] for row in own), max(row[value_at + 1] for row in own)
            edges.append({"score": score, "from": shown(least), "to": shown(greatest)})
    return edges


def basis_of(community: Community, day: dt.date) -> Basis:
    """Orders where the community has any by that day, activity where it has none."""
    found = rows(
        "SELECT 1 FROM events WHERE workspace_id = {workspace:UUID} AND community_id = {community:UUID} AND local_day <= {latest:Date}"
        " AND name = 'order_paid' LIMIT 1",
        {"workspace": str(community.workspace_id), "community": str(community.pk), "latest": day.isoformat()},
    )
    return "orders" if found else "activity"


def chosen_day(community: Community, day: dt.date | None) -> dt.date:
    """The day asked for, yesterday when not said; raises Invalid for one to come, or out of range."""
    today = life_cycle.today(community)
    if day is None:
        return today - dt.timedelta(days=1)
    if not FIRST_DAY <= day <= min(today, LAST_DAY):
        raise Invalid.field("date", "请选择今天或更早的日期。", "Choose today or an earlier day.")
    return day


def differing(community: Community, day: dt.date, basis: Basis, currency: str, *, share: int, shares: int) -> dict[uuid.UUID, tuple[int, int, int]]:
    """Whose scores are not those the warehouse mirrors of the records, with the scores they ought to have; zeros for none."""
    asked = statement(community, day, basis, currency)
    keys = {f"key_{name}": f"score:rfm.{name}.{community.pk}" for name in SCORES}
    picked = ", ".join(f"toUInt8(ifNull(anyIf(number, key = {{key_{name}:String}}), 0)) AS {name}" for name in SCORES)
    part = "cityHash64(member_id) % {shares:UInt32} = {share:UInt32}"
    found = rows(
        f"SELECT if(told.member_id != toUUID('{NOBODY}'), told.member_id, kept.member_id) AS who, told.recency, told.frequency, told.monetary FROM"
        f" (SELECT member_id, recency, frequency, monetary FROM ({asked.text}) WHERE {part}) AS told FULL JOIN"
        f" (SELECT member_id, {picked} FROM member_values FINAL WHERE workspace_id = {{workspace:UUID}}"
        f" AND key IN ({', '.join(f'{{{name}:String}}' for name in keys)}) AND {part} GROUP BY member_id) AS kept USING (member_id)"
        f" WHERE {' OR '.join(f'told.{name} != kept.{name}' for name in SCORES)}",
        asked.parameters | keys | {"share": share, "shares": shares},
        timeout_seconds=SWEEP_SECONDS_MAX,
    )
    return {who: (r, f, m) for who, r, f, m in found}


def bands(community: Community) -> Bands:
    """The community's bands."""
    return Bands.read(life_cycle.settings(community).bands)


def in_cells(workspace: Workspace, value: str) -> QuerySet[Any, Any]:
    """Who is in a band or a cell by the scores kept: `<community id>:<band>` or `<community id>:<r>-<f>`, for lists of members."""
    named, _, what = value.partition(":")
    community = life_cycle.named_community(workspace, named)
    cells = bands(community).cells
    if what in BANDS:
        wanted = [cell for cell, band in cells.items() if band == what]
    elif what in cells:
        wanted = [what]
    else:
        known = ", ".join(BANDS)
        raise Invalid.field(
            "among", f"不认识“{what}”，可以用 1-1 到 5-5，或：{known}。", f"“{what}” is not known. Use 1-1 to 5-5, or one of: {known}."
        )
    where = Q(pk__in=[])
    for cell in wanted:
        where |= Q(recency=int(cell[0]), frequency=int(cell[2]))
    return MemberRFM.objects.in_workspace(workspace).filter(where, community=community).values("member_id")


def of_member(workspace: Workspace, member_id: uuid.UUID) -> list[dict[str, Any]]:
    """A member's scores and bands, by community."""
    found = []
    kept = MemberRFM.objects.in_workspace(workspace).filter(member_id=member_id, community__archived_at=None).select_related("community")
    for row in kept.order_by("community__name", "community_id"):
        cycle: LifeCycle = life_cycle.settings(row.community)
        own = Bands.read(cycle.bands)
        band = own.cells[f"{row.recency}-{row.frequency}"]
        found.append(
            {
                "community": {"id": row.community_id, "name": row.community.name},
                "recency": row.recency,
                "frequency": row.frequency,
                "monetary": row.monetary,
                "band": band,
                "zh": own.names[band].zh,
                "en": own.names[band].en,
                "color": BANDS[band].color,
                "date": cycle.rfm_day,
                "basis": cycle.rfm_basis,
            }
        )
    return found
