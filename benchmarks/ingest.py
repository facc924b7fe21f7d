"""What the two ingest scenarios share: their events, and rounds that alternate between us and the bare writer."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator

from benchmarks.load import drive, post
from benchmarks.server import folder, prepare, serving

PEOPLE = 5_000


def events(seed: int, count: int) -> Iterator[dict[str, object]]:
    """Track calls of 5,000 people, like a shop's."""
    chance = random.Random(seed)
    for number in range(count):
        yield {
            "type": "track",
            "messageId": f"{seed:08x}-{chance.getrandbits(64):016x}-{number:08x}",
            "userId": f"user-{chance.randrange(PEOPLE)}",
            "event": chance.choice(["product_viewed", "page_scrolled", "cart_updated", "search_done"]),
            "properties": {"sku": f"SKU-{chance.randrange(900)}", "price": chance.randrange(10_000), "from": "home"},
            "timestamp": "2026-11-20T08:00:00.000Z",
            "sentAt": "2026-11-20T08:00:00.200Z",
        }


def calls(seed: int, requests: int, batch: int, key: str) -> list[bytes]:
    """Prepared requests: single events where batch is 1, else batch calls."""
    made = events(seed, requests * batch)
    if batch == 1:
        return [post("127.0.0.1", "/v1/track", key, json.dumps(event).encode()) for event in made]
    return [post("127.0.0.1", "/v1/batch", key, json.dumps({"batch": [next(made) for _ in range(batch)]}).encode()) for _ in range(requests)]


def rounds(*, count: int, requests: int, batch: int, connections: int) -> tuple[list[float], list[float], list[float]]:
    """(our events/s, the bare writer's, our p99 latencies in ms), one server each, runs alternating."""
    ours: list[float] = []
    theirs: list[float] = []
    slowest: list[float] = []
    with folder() as data, folder() as bare:
        keys = prepare(data)
        command = [sys.executable, "-m", "benchmarks.bare", "--store", str(bare / "bare.db")]
        with serving(data) as we, serving(bare, command=command, path="/") as they:
            for port, key in ((we.port, keys["write_key"]), (they.port, "x")):  # everybody is known before the clock runs
                drive(port, iter(calls(1, PEOPLE * 4 // 100, 100, key)), connections=connections)
                drive(port, iter(calls(2, max(200, requests // 10), batch, key)), connections=connections)
            for number in range(count):
                answered, seconds, latencies = drive(we.port, iter(calls(100 + number, requests, batch, keys["write_key"])), connections=connections)
                ours.append(answered * batch / seconds)
                slowest.append(sorted(latencies)[int(len(latencies) * 0.99)] * 1000)
                answered, seconds, _ = drive(they.port, iter(calls(200 + number, requests, batch, "x")), connections=connections)
                theirs.append(answered * batch / seconds)
                print(f"round {number + 1}: ours {ours[-1]:,.0f}/s, bare {theirs[-1]:,.0f}/s", flush=True)
    return ours, theirs, slowest
