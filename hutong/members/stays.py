"""The rule of presence: sort by time; a join or an activity means in, a leave means out. Times are epoch milliseconds.

`arrive` and `depart` take facts in any order and keep only the stays, with the last sign of being in and the last leave beyond
each. Facts that come in order of time give exactly what the rule gives, and so do late arrivals unless several leaves
followed one another. A late leave between signs of being in splits the stay at the last sign, since those between were not kept.
Whether the member is in now, and since when first, is exact in any order.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from hutong.foundation import clock, ids
from hutong.members.doings import milliseconds


@dataclass(slots=True)
class Stay:
    """From `joined` to `left` (None: lasts). `last_in` is the last sign of being in; None when only the leaving was seen.

    `last_out` is the last of further leaves that were seen after `left` and before the next stay.
    """

    id: uuid.UUID
    joined: int
    left: int | None
    last_in: int | None
    last_out: int | None = None
    is_new: bool = False
    is_moved: bool = False  # joined or left differ from what is stored
    is_touched: bool = False  # last_in or last_out differ from what is stored


def stored(pk: uuid.UUID, joined_at: dt.datetime, ends: Iterable[dt.datetime | None]) -> Stay:
    """From a row of memberships: id, joined, then left, last in, last out."""
    left, last_in, last_out = (milliseconds(end) for end in ends)
    return Stay(pk, clock.to_ms(joined_at), left, last_in, last_out)


def order(stay: Stay) -> tuple[int, bool, int]:
    """How stays of one group sort: of two that begin together, the one that ended at once is first."""
    return stay.joined, stay.left is None, stay.left or 0


def _made(*, joined: int, left: int | None, last_in: int | None, last_out: int | None = None) -> Stay:
    return Stay(ids.new(), joined, left, last_in, last_out, is_new=True, is_moved=True)


def _at(stays: list[Stay], at: int) -> int:
    """Index of the last stay that began by then, or -1."""
    index = len(stays) - 1
    while index >= 0 and stays[index].joined > at:
        index -= 1
    return index


def arrive(stays: list[Stay], at: int) -> None:
    """A join or an activity. `stays` are sorted and changed in place."""
    index = _at(stays, at)
    if index >= 0:
        stay = stays[index]
        if stay.left is None or at < stay.left:
            if stay.last_in is None or at > stay.last_in:
                stay.last_in = at
                stay.is_touched = True
            return
        if stay.last_out is not None and at < stay.last_out:
            stays.insert(index + 1, _made(joined=at, left=stay.last_out, last_in=at))
            stay.last_out = None
            stay.is_touched = True
            return
    if index + 1 < len(stays):
        following = stays[index + 1]
        following.joined = at
        if following.last_in is None:
            following.last_in = at
        following.is_moved = True
    else:
        stays.append(_made(joined=at, left=None, last_in=at))


def depart(stays: list[Stay], at: int) -> None:
    """A leave. `stays` are sorted and changed in place."""
    index = _at(stays, at)
    if index < 0:
        if stays and stays[0].last_in is None:
            first = stays[0]
            first.last_out = first.last_out or first.left
            first.joined = first.left = at
            first.is_moved = True
        else:
            stays.insert(0, _made(joined=at, left=at, last_in=None))
        return
    stay = stays[index]
    if stay.left is not None and at >= stay.left:
        if at > (stay.last_out or stay.left):
            stay.last_out = at
            stay.is_touched = True
        return
    if stay.last_in is not None and stay.last_in > at:
        stays.insert(index + 1, _made(joined=stay.last_in, left=stay.left, last_in=stay.last_in, last_out=stay.last_out))
        stay.last_in = stay.joined
        stay.last_out = None
    else:
        stay.last_out = stay.last_out or stay.left
    stay.left = at
    stay.is_moved = True


def unite(lists: Iterable[list[Stay]]) -> list[Stay]:
    """The stays of one person known by several origins: wherever any of them is in, the person is in.

    Stays that share a moment become one, with the id of the earliest. Touching ends (left at the moment the other joins) unite too.
    """
    united: list[Stay] = []
    for stay in sorted((stay for stays in lists for stay in stays), key=lambda s: (*order(s), s.id)):
        last = united[-1] if united else None
        if last is not None and (last.left is None or stay.joined <= last.left):
            if last.left is not None and (stay.left is None or stay.left > last.left):
                last.left = stay.left
            last.last_in = max((moment for moment in (last.last_in, stay.last_in) if moment is not None), default=None)
        else:
            united.append(Stay(stay.id, stay.joined, stay.left, stay.last_in))
    return united
