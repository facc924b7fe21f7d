"""Journeys for tests of the canvas: made over HTTP, drawn on a page, read back from the server."""

from __future__ import annotations

import itertools
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.console.live import Staff

NUMBERS = itertools.count(1)
# As the console writes it, so that what is undone is what was there.
WAITING: dict[str, Any] = {
    "nodes": [
        {"kind": "entry", "id": "entry", "x": 0, "y": 0},
        {
            "kind": "split",
            "id": "half",
            "x": 0,
            "y": 150,
            "arms": [{"id": "some", "weight": 90}, {"id": "none", "weight": 10, "is_holdout": True}],
        },
        {"kind": "action", "id": "note", "action": "event.record", "settings": {"event": "guide_sent", "properties": {}}, "x": -150, "y": 330},
        {"kind": "wait", "id": "rest", "seconds": 86400, "x": -150, "y": 480},
        {"kind": "goal", "id": "goal", "name": "下单", "event": "order_paid", "x": 0, "y": 640},
        {"kind": "exit", "id": "end", "x": 0, "y": 800},
    ],
    "edges": [
        {"source": "entry", "port": "out", "target": "half"},
        {"source": "half", "port": "some", "target": "note"},
        {"source": "half", "port": "none", "target": "goal"},
        {"source": "note", "port": "out", "target": "rest"},
        {"source": "rest", "port": "out", "target": "goal"},
        {"source": "goal", "port": "out", "target": "end"},
    ],
    "comments": [{"id": "c1", "text": "对照组什么也不做", "x": 320, "y": 170, "width": 200, "height": 80}],
    "rules": {},
}


def make(shop: Staff, graph: dict[str, Any] | None = None, *, publishes: bool = False) -> str:
    """A journey; gives its id."""
    made = shop.post("/automation/journeys", {"name": f"旅程 {next(NUMBERS)}"})
    place = f"/api/workspaces/{shop.workspace}/automation/journeys/{made['id']}"
    if graph is not None:
        shop.http.put(f"{place}/draft", json={"graph": graph, "revision": 1}).raise_for_status()
    if publishes:
        shop.http.post(f"{place}/publication", json={"revision": 2, "in_flight": "stay", "start": True}).raise_for_status()
    return str(made["id"])


def drawn(shop: Staff, journey: str) -> dict[str, Any]:
    found: dict[str, Any] = shop.get(f"/automation/journeys/{journey}")["draft"]
    return found


def shape(shop: Staff, journey: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Kinds of nodes, and edges by kind and port."""
    graph = drawn(shop, journey)
    kinds = {node["id"]: node["kind"] for node in graph["nodes"]}
    edges = sorted((kinds[edge["source"]], edge.get("port", "out"), kinds[edge["target"]]) for edge in graph["edges"])
    return sorted(kinds.values()), edges


def kept(page: Page) -> None:
    """Until the draft is on the server."""
    expect(page.get_by_role("region", name="检查").get_by_text(re.compile("草稿已保存"))).to_be_visible()
    expect(page.get_by_text("正在保存")).to_have_count(0)


def step(page: Page, name: str) -> Locator:
    return page.locator("[data-step]", has_text=name)
