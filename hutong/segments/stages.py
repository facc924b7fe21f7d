"""The stages of the life cycle: their names, the thresholds between them, and the one statement that finds everybody's.

A stage is a pure function of what is known up to the end of a local day, so the same statement answers for today, for any past
day and for other thresholds.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from hutong.foundation.errors import Invalid
from hutong.segments.conditions.vocabulary import Word

Kind = Literal["activity", "purchase"]
KINDS: tuple[Kind, ...] = ("activity", "purchase")
NOT_YET = ""  # the stage of who had not been seen by that day
MICRO = 1_000_000
AMOUNT_MAX = 10**12  # of one order, in major units; what is beyond, or below nothing, is no amount
NOBODY = "00000000-0000-0000-0000-000000000000"
EPOCH = dt.date(1970, 1, 1).toordinal()

# In order of precedence.
STAGES: dict[Kind, dict[str, Word]] = {
    "activity": {
        "new": Word("新成员", "New"),
        "returned": Word("回归", "Returned"),
        "active": Word("活跃", "Active"),
        "quiet": Word("安静", "Quiet"),
        "lapsed": Word("流失", "Lapsed"),
    },
    "purchase": {
        "high_value": Word("高价值", "High-value"),
        "repeat": Word("复购", "Repeat"),
        "first": Word("首购", "First purchase"),
        "potential": Word("潜在", "Potential"),
    },
}
KIND_WORDS: dict[Kind, Word] = {"activity": Word("活跃阶段", "Activity stage"), "purchase": Word("购买阶段", "Purchase stage")}

# Field -> (least, greatest). Days are local days of the community.
RANGES: dict[str, tuple[float, float]] = {
    "new_days": (1, 365),
    "active_days": (1, 365),
    "lapsed_days": (2, 1_095),
    "returned_days": (1, 365),
    "repeat_orders": (2, 100),
    "value_days": (1, 3_650),
    "high_value_amount": (0.01, 1_000_000_000),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where one stage ends and the next begins. "Within n days" is the day itself and the n - 1 before it."""

    new_days: int = 14
    active_days: int = 14
    lapsed_days: int = 60
    returned_days: int = 30
    repeat_orders: int = 2
    value_days: int = 365
    high_value_amount: float = 1_000
    currency: str = "CNY"

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Thresholds:
        """What a community keeps, the defaults for the rest."""
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        """What differs from the defaults."""
        plain = asdict(Thresholds())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}

    def check(self) -> None:
        """Raises Invalid, naming every field that cannot be."""
        errors = [
            _refusal(one.name, f"请填写 {low:,} 到 {high:,} 之间的数。", f"Choose a number from {low:,} to {high:,}.")
            for one in fields(self)
            if one.name in RANGES
            for low, high in [RANGES[one.name]]
            if not low <= getattr(self, one.name) <= high
        ]
        if not errors and self.lapsed_days <= self.active_days:
            errors.append(_refusal("lapsed_days", "流失天数要大于活跃天数。", "Lapsed must begin later than active ends."))
        if not errors and self.returned_days > self.lapsed_days:
            errors.append(_refusal("returned_days", "回归天数不能大于流失天数。", "Returned cannot last longer than it takes to lapse."))
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isalpha() and self.currency.isupper()):
            errors.append(_refusal("currency", "请填写三个大写字母的币种，例如 CNY。", "Use three capital letters, for example CNY."))
        if errors:
            raise Invalid(errors=errors)


def _refusal(field: str, zh: str, en: str) -> dict[str, Any]:
    return {"field": field, "message": {"zh": zh, "en": en}}


@dataclass(frozen=True, slots=True)
class Point:
    """Stages are asked as of the end of a local day, by some thresholds."""

    day: dt.date
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Asked:
    """Text with `{name:Type}` marks, and their values."""

    text: str
    parameters: dict[str, Any]


def statement(
    workspace_id: uuid.UUID, community_id: uuid.UUID, points: Sequence[Point], *, kinds: Sequence[Kind] = KINDS,
    members: Sequence[uuid.UUID] | None = None, share: tuple[int, int] | None = None,
) -> Asked:  # fmt: skip
    """Everybody ever seen in the community who is no bot, with the stage at each point: `member_id`, `activity` and `purchase` (arrays of
    stages, `NOT_YET` before the first day) and `last_day`, the last day by then on which the member did something that counts (a number).

    `members` asks for those only; `share` (n of m) for one of m parts of all.
    """
    bound: dict[str, Any] = {"workspace": str(workspace_id), "community": str(community_id)}
    only = _only(bound, members, share)
    latest = max(point.day for point in points)
    bound["latest"] = latest.isoformat()
    columns, joins = ["member_id"], []
    last_days = ["first"]
    if "activity" in kinds:
        columns.append(f"[{', '.join(_activity(number, point) for number, point in enumerate(points))}] AS activity")
        joins.append(f"LEFT JOIN ({_doings(points, only)}) AS doings USING (member_id)")
        last_days.append("last0")
    if "purchase" in kinds:
        columns.append(f"[{', '.join(_purchase(number, point) for number, point in enumerate(points))}] AS purchase")
        joins.append(f"LEFT JOIN ({_buying(points, only)}) AS buying USING (member_id)")
        last_days.append("touched")
        for number, point in enumerate(points):
            bound[f"currency{number}"] = point.thresholds.currency
            bound[f"amount{number}"] = str(round(point.thresholds.high_value_amount * MICRO))
    return Asked(
        f"SELECT {', '.join(columns)}, greatest({', '.join(last_days)}, 0) AS last_day FROM ("
        "SELECT member_id, toInt32(min(seen_day)) AS first FROM member_firsts"
        f" WHERE workspace_id = {{workspace:UUID}} AND community_id = {{community:UUID}} AND member_id != toUUID('{NOBODY}'){only}"
        " GROUP BY member_id HAVING first <= toInt32({latest:Date})) AS seen "
        f"{' '.join(joins)} WHERE member_id IN (SELECT member_id FROM people FINAL WHERE workspace_id = {{workspace:UUID}} AND NOT is_bot{only})",
        bound,
    )


def _only(bound: dict[str, Any], members: Sequence[uuid.UUID] | None, share: tuple[int, int] | None) -> str:
    only = ""
    if members is not None:
        bound["members"] = " ".join(str(one) for one in members)
        only += " AND member_id IN (SELECT toUUID(arrayJoin(splitByChar(' ', {members:String}))))"
    if share is not None and share[1] > 1:
        bound["share"], bound["shares"] = share
        only += " AND cityHash64(member_id) % {shares:UInt32} = {share:UInt32}"
    return only


def number_of(day: dt.date) -> int:
    """A day as the statement counts them."""
    return day.toordinal() - EPOCH


def _activity(number: int, point: Point) -> str:
    at, set_ = number_of(point.day), point.thresholds
    last, back, before = f"last{number}", f"back{number}", f"before{number}"
    is_active = f"{last} > 0 AND {at} - {last} < {set_.active_days}"
    return (
        f"multiIf(first > {at}, '{NOT_YET}', {at} - first < {set_.new_days}, 'new',"
        f" {is_active} AND {before} > 0 AND {back} - {before} > {set_.lapsed_days}, 'returned', {is_active}, 'active',"
        f" {last} > 0 AND {at} - {last} < {set_.lapsed_days}, 'quiet', 'lapsed')"
    )


def _doings(points: Sequence[Point], only: str) -> str:
    """Of each member: the last active day, the first of the latest `returned_days`, and the last before those. A gap longer than
    `lapsed_days` that ends among the latest days ends at the first of them, for `returned_days` is no longer.
    """
    columns = []
    for number, point in enumerate(points):
        at = number_of(point.day)
        since = at - point.thresholds.returned_days
        columns += [
            f"toInt32(maxIf(local_day, toInt32(local_day) <= {at})) AS last{number}",
            f"toInt32(minIf(local_day, toInt32(local_day) > {since} AND toInt32(local_day) <= {at})) AS back{number}",
            f"toInt32(maxIf(local_day, toInt32(local_day) <= {since})) AS before{number}",
        ]
    return (
        f"SELECT member_id, {', '.join(columns)} FROM member_days WHERE workspace_id = {{workspace:UUID}} AND community_id = {{community:UUID}}"
        f" AND local_day <= {{latest:Date}} AND activities > 0 AND member_id != toUUID('{NOBODY}'){only} GROUP BY member_id"
    )


def _purchase(number: int, point: Point) -> str:
    return (
        f"multiIf(first > {number_of(point.day)}, '{NOT_YET}', orders{number} > 0 AND value{number} >= {{amount{number}:Int128}}, 'high_value',"
        f" orders{number} >= {point.thresholds.repeat_orders}, 'repeat', orders{number} > 0, 'first', 'potential')"
    )


def _buying(points: Sequence[Point], only: str) -> str:
    """Of each member: how many orders hold at each point, and what those of the last `value_days` are worth in millionths."""
    columns = []
    for number, point in enumerate(points):
        at = number_of(point.day)
        columns += [
            f"countIf(holds{number}) AS orders{number}",
            f"sumIf(net{number}, holds{number} AND {at} - paid_day{number} < {point.thresholds.value_days}) AS value{number}",
        ]
    asked = [(number, number_of(point.day), f"{{currency{number}:String}}") for number, point in enumerate(points)]
    return f"SELECT member_id, {', '.join(columns)}, max(touched_day) AS touched FROM ({orders(asked, only)}) GROUP BY member_id"


_NUMBER = "coalesce(dynamicElement({found}, 'Float64'), toFloat64(dynamicElement({found}, 'Int64')), toFloat64(dynamicElement({found}, 'UInt64')))"
_AMOUNT = _NUMBER.format(found="properties.amount")
_TEXT = "dynamicElement(properties.{name}, 'String')"
_ORDER = (
    "coalesce("
    + ", ".join([_TEXT.format(name="order_id"), *(f"toString(dynamicElement(properties.order_id, '{kind}'))" for kind in ("Int64", "UInt64"))])
    + ", '')"
)


def orders(points: Sequence[tuple[int, int, str]], only: str) -> str:
    """Every order of every member, as it stands at each point (its number, day and currency): `holds<n>`, `net<n>` in millionths, `paid_day<n>`.

    An order is known by its id and counts once, with the latest payment's amount. It holds unless it was refunded in full: by as
    much as was paid, or by a refund that says no amount. Refunds of orders nobody paid count for nothing. An amount in another
    currency than the community's counts as none. Orders without a community count in each.
    """
    columns = []
    for number, at, currency in points:
        known = f"local_day_number <= {at}"
        columns += [
            f"toInt32(maxIf(local_day_number, is_paid AND {known})) AS paid_day{number}",
            f"argMaxIf(ifNull(amount, 0), moment, is_paid AND {known}) AS paid{number}",
            f"sumIf(ifNull(amount, 0), NOT is_paid AND {known}) AS refunded{number}",
            f"countIf(NOT is_paid AND {known}) AS refunds{number}",
            (
                f"countIf(is_paid AND {known}) > 0 AND NOT (refunds{number} > 0 AND (refunded{number} >= paid{number}"
                f" OR countIf(NOT is_paid AND {known} AND isNull(amount)) > 0)) AS holds{number}"
            ),
            f"argMaxIf(currency, moment, is_paid AND {known}) IN ('', {currency}) AS is_own{number}",
            f"if(is_own{number}, paid{number} - refunded{number}, toInt128(0)) AS net{number}",
        ]
    return (
        f"SELECT member_id, {', '.join(columns)}, max(local_day_number) AS touched_day FROM ("
        f"SELECT member_id, name = 'order_paid' AS is_paid, toInt32(local_day) AS local_day_number, (occurred_at, ordinal, id) AS moment,"
        f" {_ORDER} AS order_id, if(order_id = '', id, '') AS alone, upper(ifNull({_TEXT.format(name='currency')}, '')) AS currency,"
        f" if({_AMOUNT} >= 0 AND {_AMOUNT} <= {AMOUNT_MAX}, toInt128(toInt64(round({_AMOUNT} * {MICRO}))), NULL) AS amount"
        " FROM events WHERE workspace_id = {workspace:UUID}"
        f" AND (community_id = {{community:UUID}} OR community_id = toUUID('{NOBODY}')) AND local_day <= {{latest:Date}}"
        f" AND name IN ('order_paid', 'order_refunded') AND member_id != toUUID('{NOBODY}'){only}"
        ") GROUP BY member_id, order_id, alone"
    )


def meaning(stage: str, by: Thresholds) -> Word:
    """What a stage means by these thresholds, in a sentence."""
    new, active, lapsed, returned = by.new_days, by.active_days, by.lapsed_days, by.returned_days
    amount = f"{by.high_value_amount:,.10g}"
    return {
        "new": Word(f"最近 {new} 天内首次出现。", f"First seen within the last {new} days."),
        "returned": Word(
            f"沉默至少 {lapsed} 天后又活跃，从回来那天起算 {returned} 天，且最近 {active} 天内活跃。",
            f"Active again after at least {lapsed} silent days: for {returned} days from coming back, while active within the last {active} days.",
        ),
        "active": Word(f"最近 {active} 天内活跃。", f"Active within the last {active} days."),
        "quiet": Word(f"最近一次活跃在 {active} 到 {lapsed} 天前。", f"Last active {active} to {lapsed} days ago."),
        "lapsed": Word(
            f"{lapsed} 天或更久没有活跃，或从未活跃且已不是新成员。", f"Not active for {lapsed} days or more, or never, and no longer new."
        ),
        "high_value": Word(
            f"最近 {by.value_days} 天的订单净额不少于 {amount} {by.currency}。",
            f"Orders of the last {by.value_days} days come to {amount} {by.currency} or more, refunds taken off.",
        ),
        "repeat": Word(f"至少有 {by.repeat_orders} 笔有效订单。", f"At least {by.repeat_orders} orders that hold."),
        "first": Word(f"有订单，但不到 {by.repeat_orders} 笔。", f"Has bought, fewer than {by.repeat_orders} times."),
        "potential": Word("还没有有效订单；全额退款的不算。", "No order that holds yet: one refunded in full does not count."),
    }[stage]
