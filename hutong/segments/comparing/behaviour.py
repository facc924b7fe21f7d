"""What the people of a segment, and everybody, did within the last days: how much, on how many days, when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hutong.segments.comparing import chance
from hutong.segments.comparing.sides import DAYS, Sides

FIGURES = ("messages", "replies", "reactions", "active_days")  # of each person who did anything


@dataclass(frozen=True, slots=True)
class Sums:
    """Over the people of one side who did anything: how many they are, and by figure the sum and the sum of squares."""

    active: int
    sums: dict[str, float]
    squares: dict[str, float]

    def plus(self, other: Sums) -> Sums:
        """Both sides together."""
        return Sums(
            self.active + other.active,
            {key: self.sums[key] + other.sums[key] for key in FIGURES},
            {key: self.squares[key] + other.squares[key] for key in FIGURES},
        )

    def average(self, key: str) -> float | None:
        """Of each active person; active days are those of a week."""
        if not self.active:
            return None
        return self.sums[key] / self.active * (7 / DAYS if key == "active_days" else 1)


def sums(sides: Sides) -> tuple[Sums, Sums]:
    """Of the segment's people, and of the others."""
    squares = ", ".join(f"sum(toFloat64({key})), sum(toFloat64({key}) * toFloat64({key}))" for key in FIGURES)
    found = sides.rows(
        f"""
        SELECT member_id IN ([inside]) AS is_inside, count(), {squares} FROM (
            SELECT member_id, sum(messages) AS messages, sum(replies) AS replies, sum(reactions) AS reactions, uniqExactIf(local_day, activities > 0) AS active_days
            FROM member_days WHERE workspace_id = {{workspace:UUID}} AND local_day >= {{first:Date}} AND member_id IN ([everybody])
            GROUP BY member_id HAVING active_days > 0
        ) GROUP BY is_inside
        """
    )
    sides_found = {
        bool(is_inside): Sums(int(active), dict(zip(FIGURES, numbers[::2], strict=True)), dict(zip(FIGURES, numbers[1::2], strict=True)))
        for is_inside, active, *numbers in found
    }
    nobody = Sums(0, dict.fromkeys(FIGURES, 0.0), dict.fromkeys(FIGURES, 0.0))
    return sides_found.get(True, nobody), sides_found.get(False, nobody)


def tested(key: str, mine: Sums, theirs: Sums) -> tuple[float, float]:
    """How likely a difference of averages this large is by chance, and the difference in standard deviations."""
    if not mine.active or not theirs.active:
        return 1.0, 0.0
    return chance.of_means(mine.sums[key], mine.squares[key], mine.active, theirs.sums[key], theirs.squares[key], theirs.active)


def hours(sides: Sides) -> list[dict[str, Any]]:
    """All 168 hours of the week, Monday 0 h first, in the zones of the communities: activities, and their share of all of that side."""
    found = {
        (weekday, hour): (int(mine), int(total))
        for weekday, hour, mine, total in sides.rows(
            """
            SELECT toDayOfWeek(local_day) AS weekday, local_hour, countIf(member_id IN ([inside])), count() FROM events
            WHERE workspace_id = {workspace:UUID} AND local_day >= {first:Date} AND is_activity > 0 AND member_id IN ([everybody])
            GROUP BY weekday, local_hour
            """
        )
    }
    mine_of, total_of = sum(mine for mine, _ in found.values()), sum(total for _, total in found.values())
    cells = []
    for weekday in range(1, 8):
        for hour in range(24):
            mine, total = found.get((weekday, hour), (0, 0))
            cells.append(
                {
                    "weekday": weekday,
                    "hour": hour,
                    "activities": mine,
                    "share": mine / mine_of if mine_of else 0.0,
                    "compared_share": total / total_of if total_of else 0.0,
                }
            )
    return cells
