"""What every scenario reports, in the same words."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field


@dataclass(slots=True)
class Result:
    """Our figure beside a peer's or a bound's, medians over rounds that alternate between the two. `theirs` is empty where the peer is absent."""

    name: str
    unit: str
    bound_or_peer: str
    ours: list[float]
    theirs: list[float]
    extra: dict[str, object] = field(default_factory=dict)

    def line(self) -> str:
        """The JSON line a run ends with."""
        ours, theirs = statistics.median(self.ours), statistics.median(self.theirs) if self.theirs else None
        return json.dumps(
            {
                "name": self.name,
                "ours": round(ours, 3),
                "unit": self.unit,
                "bound_or_peer": self.bound_or_peer,
                "value": None if theirs is None else round(theirs, 3),
                "ratio": round(ours / theirs, 3) if theirs else None,
                "rounds": len(self.ours),
                **self.extra,
            },
            ensure_ascii=False,
        )
