"""How `hutong import` goes about it: upload, choose, check, run, report."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from hutong.config.cli import finding, places
from hutong.config.cli.client import Api, connect
from hutong.config.cli.words import BadUse, Failure, note, say, tell
from hutong.foundation.text import counted

REASONS_SHOWN_MAX = 10
REJECTS_SHOWN_MAX = 10
EXCERPT_SHOWN_MAX = 80
UNDER_WAY = ("checking", "waiting", "running", "finishing", "cancelling", "undoing")
PHASES = {"check": ("检查", "Checking"), "import": ("导入", "Importing"), "finish": ("收尾", "Finishing"), "remove": ("撤销", "Removing")}
NEEDED = {
    "community": ("--community 社群", "--community NAME"),
    "group": ("--group 群", "--group NAME"),
    "time_zone": ("--time-zone 时区", "--time-zone ZONE"),
    "date": ("--date 年-月-日", "--date YYYY-MM-DD"),
    "date_order": ("--date-order dmy|mdy|ymd（日期里年月日的顺序）", "--date-order dmy|mdy|ymd"),
    "mapping": ("--map 字段=列", "--map FIELD=COLUMN"),
}


def run(files: Sequence[str], *, mapping: Sequence[str], as_json: bool, **options: Any) -> None:
    """Import files, or only check them."""
    columns = columns_of(mapping)
    with connect() as api:
        api.enter(places.workspace(options["workspace"]))
        batch = _upload(api, files, encoding=options["encoding"])
        address = f"/imports/{batch['id']}"
        try:
            batch = _choose(api, address, batch, options, columns)
            checked = check(api, address)
            refuse_rejects(api, address, checked, keep=options["keep_good_rows"], only_check=options["only_check"])
            if options["only_check"]:
                api.send("DELETE", address)
                _report_check(checked, as_json=as_json)
                return
            api.post(f"{address}/run")
        except (Failure, click.Abort):
            api.send("DELETE", address)
            raise
        except KeyboardInterrupt:
            api.send("DELETE", address)
            raise click.Abort from None
        _report(finish(api, address), api.get(address), as_json=as_json)


def columns_of(pairs: Sequence[str]) -> dict[str, str]:
    """FIELD=COLUMN pairs."""
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field:
            raise BadUse(f"--map 应写成 字段=列，而不是 {pair!r}。", f"--map is written FIELD=COLUMN, not {pair!r}.")
        found[field.strip()] = column.strip()
    return found


def _upload(api: Api, files: Sequence[str], *, encoding: str | None) -> dict[str, Any]:
    with ExitStack() as stack:
        parts = [("files", (Path(name).name, stack.enter_context(Path(name).open("rb")), "application/octet-stream")) for name in files]
        batch: dict[str, Any] = api.send("POST", "/imports", files=parts, params={"encoding": encoding or ""}).json()
    return batch


def _choose(api: Api, address: str, batch: dict[str, Any], options: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    changes: dict[str, Any] = {"keep_good_rows": bool(options["keep_good_rows"])}
    given = {"format": "format_", "channel": "channel", "time_zone": "time_zone", "date": "date", "date_order": "date_order", "encoding": "encoding"}
    changes |= {name: options[option] for name, option in given.items() if options[option]}
    if columns:
        changes["mapping"] = columns
    community = finding.community(api, options["community"]) if options["community"] else finding.only_community(api)
    if community is not None:
        changes["community_id"] = community["id"]
    elif options["community"]:
        changes["community_name"] = options["community"]
    if options["group"]:
        group = finding.group(api, options["group"], community=community)
        changes |= {"group_id": group["id"]} if group is not None else {"group_name": options["group"]}
    batch = api.send("PATCH", address, json=changes).json()
    if batch["missing"]:
        words = [say(*NEEDED.get(name, (name, name))) for name in batch["missing"]]
        text, named = "、".join(words), ""
        if "mapping" in batch["missing"]:
            names = ", ".join(batch["detection"]["columns"])[:500]
            named = say(
                f"\n文件里的列：{names}。至少要有 time、sender 和 text：--map time=… --map sender=… --map text=…",
                f"\nColumns of the file: {names}. At least time, sender and text are needed: --map time=… --map sender=… --map text=…",
            )
        raise BadUse(f"还需要说明：{text}{named}", f"Also needed: {', '.join(words)}{named}")
    return batch


def check(api: Api, address: str) -> dict[str, Any]:
    """Check and wait; what a history was found to hold."""
    api.post(f"{address}/check")
    state = _follow(api, address)
    if state["error"]:
        raise Failure(state["error"]["message"], state["error"]["message"])
    checked: dict[str, Any] = api.get(address)["checked"]
    return checked


def refuse_rejects(api: Api, address: str, checked: dict[str, Any], *, keep: bool, only_check: bool) -> None:
    """Say what cannot be read; end the command unless the rest was asked for."""
    count = checked["rejected"]
    if not count:
        return
    note(f"{count:,} 处读不懂：", f"{counted(count, 'place')} cannot be read:")
    shown = api.get(f"{address}/rejects", limit=REJECTS_SHOWN_MAX)["items"]
    for one in shown:
        place = f"{one['file']}:{one['line']}" if one["line"] else one["file"]
        excerpt = " ".join(one["excerpt"][:EXCERPT_SHOWN_MAX].split())
        click.echo(f"  {place}  {one['message']}" + (f"  «{excerpt}»" if excerpt else ""), err=True)
    if count > len(shown):
        note("  全部原因：", "  All reasons:")
        for reason in checked["reasons"][:REASONS_SHOWN_MAX]:
            click.echo(f"  {reason['count']:,} × {reason['message']}", err=True)
    if not keep and not only_check:
        raise Failure(
            "什么都没有导入。请修正文件，或加 --keep-good-rows 导入其余的行。",
            "Nothing was imported. Mend the file, or import the rest with --keep-good-rows.",
        )


def finish(api: Api, address: str) -> dict[str, Any]:
    """Wait until it is done; a key that interrupts takes it back."""
    try:
        state = _follow(api, address)
    except KeyboardInterrupt:
        note("正在取消，并取回已导入的内容…", "Cancelling, and taking out what was imported…")
        api.post(f"{address}/cancel")
        _follow(api, address)
        raise click.Abort from None
    if state["state"] != "done":
        message = state["error"]["message"] if state["error"] else state["state"]
        raise Failure(f"导入没有完成：{message}", f"The import did not finish: {message}")
    return state


def _follow(api: Api, address: str) -> dict[str, Any]:
    """Wait for the present step to end, with a bar on a terminal."""
    state: dict[str, Any] = api.get(f"{address}/progress")
    stream = sys.stderr
    with click.progressbar(length=1000, label=say("等待", "Waiting"), file=stream, item_show_func=_pace, hidden=not stream.isatty()) as bar:
        done = 0
        while state["state"] in UNDER_WAY:
            progress = state["progress"]
            if progress is not None:
                bar.label = say(*PHASES[progress["phase"]])
                now = int(progress["percent"] * 10)
                bar.update(max(0, now - done), progress)
                done = max(done, now)
            api.wait()
            state = api.get(f"{address}/progress")
        bar.update(1000 - done, state["progress"])
    return state


def _pace(progress: Any) -> str | None:
    if progress is None:
        return None
    return say(
        f"{progress['records_read']:,} 条，每秒 {progress['records_per_second']:,} 条",
        f"{progress['records_read']:,}, {progress['records_per_second']:,} a second",
    )


def _report_check(checked: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(checked, ensure_ascii=False))
        return
    tell(
        f"{checked['messages']:,} 条消息，{checked['members']:,} 位成员，{checked['joins']:,} 次加入，{checked['leaves']:,} 次离开，{checked['days']:,} 天；"
        f"已有 {checked['already_there']:,} 条，读不懂 {checked['rejected']:,} 行。没有导入任何内容。",
        f"{counted(checked['messages'], 'message')}, {counted(checked['members'], 'member')}, {counted(checked['joins'], 'join')},"
        f" {counted(checked['leaves'], 'leave')}, {counted(checked['days'], 'day')}; {checked['already_there']:,} already there,"
        f" {counted(checked['rejected'], 'row')} not readable. Nothing was imported.",
    )


def _report(state: dict[str, Any], batch: dict[str, Any], *, as_json: bool) -> None:
    progress = state["progress"]
    if as_json:
        facts = {name: progress[name] for name in ("records_read", "added", "already_there", "rejected", "seconds")}
        facts |= {"id": batch["id"], "community": batch["community"], "groups": batch["groups"], "checked": batch["checked"]}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    where = batch["community"]["name"] if batch["community"] else ""
    tell(
        f"已导入“{where}”：新增 {progress['added']:,} 条，已有 {progress['already_there']:,} 条，读不懂 {progress['rejected']:,} 行。",
        f"Imported into {where}: {progress['added']:,} new, {progress['already_there']:,} already there, {progress['rejected']:,} not readable.",
    )
