"""How `hutong sample` goes about it. `--demo` first makes a workspace with an owner to sign in as, where there is none."""

from __future__ import annotations

import json
from typing import Any

import click

from hutong.config.cli import demo, places
from hutong.config.cli.client import connect
from hutong.config.cli.words import note, tell
from hutong.foundation.text import counted


def run(what: str, *, workspace: str | None, is_demo: bool, as_json: bool) -> None:
    """Load or remove the sample community."""
    with connect() as api:
        if what == "install":
            demo.open_workspace()
        api.enter(places.workspace(workspace))
        state: dict[str, Any] = api.get("/sample")
        if what == "remove":
            api.send("DELETE", "/sample")
            tell("示例社群已移除。", "The sample community is removed.")
            return
        if not (is_demo and state["is_loaded"]):
            note("正在生成示例社群…", "Making the sample community…")
            state = api.post("/sample")
    if as_json:
        click.echo(json.dumps(state, ensure_ascii=False))
        return
    tell(
        f"示例社群“{state['community_name']}”：{state['members']:,} 位成员，{state['events']:,} 条事件，{state['first_day']} 至 {state['last_day']}。",
        f"Sample community {state['community_name']}: {counted(state['members'], 'member')}, {counted(state['events'], 'event')}, {state['first_day']} to {state['last_day']}.",
    )
