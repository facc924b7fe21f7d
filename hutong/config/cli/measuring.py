"""How `hutong metrics` goes about it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click

from hutong.config.cli import finding, places
from hutong.config.cli.client import connect
from hutong.config.cli.words import BadUse, language


def run(*, community: str | None, group: str | None, channel: str | None, from_day: str, to_day: str, workspace: str | None, as_json: bool) -> None:
    """Print every metric of a community, or of one of its groups."""
    first, last = _day(from_day, "--from"), _day(to_day, "--to")
    with connect() as api:
        api.enter(places.workspace(workspace))
        chosen = finding.need_community(api, community)
        part = finding.need_group(api, group, community=chosen) if group else None
        query: dict[str, Any] = {"community": chosen["id"], "from": first, "to": last, "channel": channel, "group": part["id"] if part else None}
        found = api.get("/reports/metrics", **query)
        definitions = [] if as_json else api.get("/reports/definitions")["items"]
    if as_json:
        facts = {"community": _named(chosen), "group": _named(part) if part else None, "range": found["range"], "values": found["values"]}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    days = found["range"]
    click.echo(f"{chosen['name']}{' / ' + part['name'] if part else ''}  {days['from']} – {days['to']}")
    for one in definitions:
        if one["key"] in found["values"]:
            click.echo(f"  {_padded(one['name'][language()])} {_number(found['values'][one['key']], one['format']):>14}")


def _day(text: str, option: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadUse(f"{option} 应是 年-月-日，如 2026-11-01，而不是 {text!r}。", f"{option} is a day such as 2026-11-01, not {text!r}.") from None


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": row["name"]}


def _padded(name: str, width: int = 34) -> str:
    return name + " " * max(1, width - sum(2 if ord(letter) > 0x2E7F else 1 for letter in name))


def _number(value: float | None, form: str) -> str:
    if value is None:
        return "–"
    if form == "percent":
        return f"{value * 100:.1f} %"
    return f"{value:,.1f}" if form == "decimal" else f"{value:,}"
