"""How `hutong import --kind members` and `--kind orders` go about it: upload, choose, check, run, report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from hutong.config.cli import finding, places
from hutong.config.cli.client import Api, connect
from hutong.config.cli.importing import check, columns_of, finish, refuse_rejects
from hutong.config.cli.words import BadUse, Failure, say, tell
from hutong.foundation.text import counted

NEEDED = {
    "mapping": ("--map 内容=列（订单至少要有 order_id、time、amount）", "--map TARGET=COLUMN (orders need order_id, time and amount)"),
    "keys": ("--key 内容，例如 --map attribute:phone=手机号 --key attribute:phone", "--key TARGET, such as --map attribute:phone=Phone --key attribute:phone"),
    "community": ("--community 社群", "--community NAME"),
    "date_order": ("--date-order dmy|mdy（日期里日和月的顺序）", "--date-order dmy|mdy"),
}  # fmt: skip
CHOICES = ("when_found", "when_missing", "bad_cell", "sheet", "currency")
HISTORY_ONLY = {"group": "--group", "channel": "--channel", "format_": "--format", "date": "--date"}


def run(files: Sequence[str], *, mapping: Sequence[str], as_json: bool, **options: Any) -> None:
    """Import a list, or only check it."""
    given = next((flag for name, flag in HISTORY_ONLY.items() if options[name]), None)
    if given is not None:
        raise BadUse(f"{given} 只用于聊天记录。", f"{given} is for chat histories only.")
    if len(files) != 1:
        raise BadUse("成员表和订单表一次导入一个文件。", "Lists of members and orders are imported one file at a time.")
    wanted = columns_of(mapping)
    with connect() as api:
        api.enter(places.workspace(options["workspace"]))
        batch = _upload(api, files[0], kind=options["kind"], encoding=options["encoding"])
        address = f"/imports/{batch['id']}"
        try:
            _choose(api, address, batch, options, wanted)
            check(api, address)
            checked = api.get(address)["table"]["checked"]
            refuse_rejects(api, address, checked, keep=options["keep_good_rows"], only_check=options["only_check"])
            if options["only_check"]:
                api.send("DELETE", address)
                _report(checked, kind=options["kind"], batch=None, as_json=as_json)
                return
            api.post(f"{address}/run")
        except (Failure, click.Abort):
            api.send("DELETE", address)
            raise
        except KeyboardInterrupt:
            api.send("DELETE", address)
            raise click.Abort from None
        finish(api, address)
        batch = api.get(address)
        _report(batch["table"]["result"], kind=options["kind"], batch=batch, as_json=as_json)


def _upload(api: Api, file: str, *, kind: str, encoding: str | None) -> dict[str, Any]:
    with Path(file).open("rb") as stream:
        part = ("files", (Path(file).name, stream, "application/octet-stream"))
        batch: dict[str, Any] = api.send("POST", "/imports", files=[part], params={"kind": kind, "encoding": encoding or ""}).json()
    return batch


def _choose(api: Api, address: str, batch: dict[str, Any], options: dict[str, Any], wanted: dict[str, str]) -> None:
    table: dict[str, Any] = {name: options[name] for name in CHOICES if options[name]}
    changes: dict[str, Any] = {"keep_good_rows": bool(options["keep_good_rows"]), "table": table}
    changes |= {name: options[name] for name in ("time_zone", "date_order", "encoding") if options[name]}
    if options["sheet"]:  # its columns are others
        batch = api.send("PATCH", address, json={"table": {"sheet": options["sheet"]}}).json()
    if wanted:
        taken = set(wanted.values()) | {column for column, target in batch["options"]["table"]["mapping"].items() if target in wanted}
        rest = {column: target for column, target in batch["options"]["table"]["mapping"].items() if column not in taken}
        table["mapping"] = rest | {column: target for target, column in wanted.items()}
    if options["keys"]:
        table["keys"] = list(options["keys"])
    if options["kind"] == "orders" and (options["community"] or not batch["options"]["community_id"]):
        community = finding.community(api, options["community"]) if options["community"] else finding.only_community(api)
        if community is not None:
            changes["community_id"] = community["id"]
        elif options["community"]:
            raise BadUse(f"没有社群“{options['community']}”。", f"There is no community “{options['community']}”.")
    batch = api.send("PATCH", address, json=changes).json()
    if batch["missing"]:
        words = [say(*NEEDED.get(name, (name, name))) for name in batch["missing"]]
        names = ", ".join(one["name"] for one in batch["table"]["columns"])[:500]
        raise BadUse(f"还需要说明：{'；'.join(words)}\n文件里的列：{names}。", f"Also needed: {'; '.join(words)}\nColumns of the file: {names}.")


def _report(counts: dict[str, Any], *, kind: str, batch: dict[str, Any] | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(counts | ({"id": batch["id"]} if batch else {}), ensure_ascii=False))
        return
    ending = ("", "") if batch else ("没有导入任何内容。", " Nothing was imported.")
    if kind == "members":
        tell(
            f"{counts['rows']:,} 行：新建 {counts['made']:,} 位成员，更新 {counts['updated']:,} 位（{counts['values']:,} 处），未变 {counts['unchanged']:,}，"
            f"跳过 {counts['skipped']:,}，不能导入 {counts['rejected']:,}。{ending[0]}",
            f"{counted(counts['rows'], 'row')}: {counted(counts['made'], 'member')} made, {counts['updated']:,} updated ({counted(counts['values'], 'value')}),"
            f" {counts['unchanged']:,} unchanged, {counts['skipped']:,} skipped, {counts['rejected']:,} left out.{ending[1]}",
        )
        return
    tell(
        f"{counts['rows']:,} 行：付款 {counts['paid']:,} 笔，退款 {counts['refunded']:,} 笔，已有 {counts['already_there']:,} 笔，跳过 {counts['skipped']:,}，"
        f"不能导入 {counts['rejected']:,}；新建 {counts['made']:,} 位成员。{ending[0]}",
        f"{counted(counts['rows'], 'row')}: {counts['paid']:,} paid, {counts['refunded']:,} refunded, {counts['already_there']:,} already there,"
        f" {counts['skipped']:,} skipped, {counts['rejected']:,} left out; {counted(counts['made'], 'member')} made.{ending[1]}",
    )
