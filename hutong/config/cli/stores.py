"""`hutong doctor`, `backup`, `restore`."""

from __future__ import annotations

from pathlib import Path

import click

from hutong.config.cli.django_setup import with_django
from hutong.config.cli.words import say


@click.command(help=say("检查版本、磁盘、权限、时钟、设置和两个存储。", "Check versions, disk, permissions, clocks, settings and both stores."))
@click.option("--json", "as_json", is_flag=True, help=say("以 JSON 输出。", "Print JSON."))
@with_django
def doctor(as_json: bool) -> None:
    from hutong.config.cli import examining

    examining.run(as_json=as_json)


@click.command(
    help=say(
        "备份两个存储（服务运行时也可以）。TARGET 是新目录，或以 .tar 结尾的文件。",
        "Back up both stores, also while the server runs. TARGET is a new folder, or a file ending in .tar.",
    )
)
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help=say("不备份，只核对已有的备份 TARGET。", "Make none: check the existing backup TARGET."))
@click.option("--json", "as_json", is_flag=True, help=say("以 JSON 输出。", "Print JSON."))
def backup(target: Path, verify: bool, as_json: bool) -> None:
    from hutong.config.cli import backing_up

    backing_up.run(target, verify=verify, as_json=as_json)


@click.command(help=say("把备份恢复到一个空目录，并核对。", "Restore a backup into an empty folder, and check it."))
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=say("目标数据目录，须不存在或为空。", "Data folder to fill; must be empty or not exist."),
)
@click.option("--json", "as_json", is_flag=True, help=say("以 JSON 输出。", "Print JSON."))
def restore(source: Path, folder: Path, as_json: bool) -> None:
    from hutong.config.cli import backing_up

    backing_up.restore(source, folder=folder, as_json=as_json)
