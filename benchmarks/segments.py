"""What the scenarios about segments share: a million members with 20 million events, and a condition on them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.data import Size, ensure

QUICK = Size(events=1_000_000, members=50_000)
WEEK, MONTH = {"kind": "last_days", "days": 7}, {"kind": "last_days", "days": 30}


def size(*, quick: bool) -> Size:
    """20 million events and 1,000,000 members; a twentieth of both when quick."""
    return QUICK if quick else Size(members=1_000_000)


def kept(*, quick: bool) -> Path:
    """The data folder, made once and kept under the machine's temporary folder (HUTONG_BENCH_DATA names another)."""
    root = Path(os.environ.get("HUTONG_BENCH_DATA") or Path(tempfile.gettempdir()) / "hutong-bench-data")
    root.mkdir(parents=True, exist_ok=True)
    return ensure(root, size(quick=quick))


def condition(*, least: int = 2) -> dict[str, Any]:
    """Three conditions on events, two on attributes."""
    return {
        "kind": "all",
        "of": [
            {"kind": "event", "event": "message_sent", "op": "at_least", "value": least, "window": MONTH},
            {
                "kind": "any",
                "of": [
                    {"kind": "event", "event": "page_viewed", "op": "exactly", "value": 0, "window": WEEK},
                    {
                        "kind": "event",
                        "event": "message_sent",
                        "where": [{"property": "$is_question", "type": "boolean", "op": "is", "value": True}],
                        "op": "at_least",
                        "value": 1,
                    },
                ],
            },
            {"kind": "attribute", "key": "city", "op": "in", "value": ["北京", "上海", "广州", "成都", "杭州", "武汉"]},
            {"kind": "not", "of": {"kind": "attribute", "key": "birthday", "op": "between", "value": ["12-01", "01-31"]}},
        ],
    }
