"""A part of the people something is known of, in a segment and among everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hutong.segments.comparing import chance


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """So many people of the segment, of so many of whom it is known; and the same of everybody."""

    value: str
    label: dict[str, str]
    inside: int
    inside_of: int
    everybody: int
    everybody_of: int

    @property
    def share(self) -> float:
        """Of the segment's people."""
        return self.inside / self.inside_of if self.inside_of else 0.0

    @property
    def compared_share(self) -> float:
        """Of everybody."""
        return self.everybody / self.everybody_of if self.everybody_of else 0.0

    @property
    def index(self) -> float | None:
        """100 where both shares are the same."""
        return self.share / self.compared_share * 100 if self.everybody else None

    @property
    def effect(self) -> float:
        """How far the shares are apart, positive where the segment's is more."""
        return chance.effect(self.share, self.compared_share)


def more_than_chance(parts: Sequence[Part]) -> frozenset[Part]:
    """The parts that differ from those of the others by more than chance, all judged together."""
    fit = [part for part in parts if chance.is_testable(*_cells(part))]
    holds = chance.more_than_chance([chance.of_shares(*_cells(part)) for part in fit])
    return frozenset(part for part, is_more in zip(fit, holds, strict=True) if is_more)


def _cells(part: Part) -> tuple[int, int, int, int]:
    return part.inside, part.inside_of, part.everybody - part.inside, part.everybody_of - part.inside_of
