"""`hutong sample`, `import`, `metrics`: data through the HTTP API, of the running server or in this process."""

from __future__ import annotations

from pathlib import Path

import click

from hutong.config.cli.django_setup import with_django
from hutong.config.cli.words import BadUse, say


class HistoryFile(click.ParamType[str]):
    """A file that can be read; what stands in the way is said in the reader's language."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            with Path(value).open("rb"):
                return value
        except FileNotFoundError:
            raise BadUse(f"没有文件“{value}”。请检查路径。", f"There is no file “{value}”. Check the path.") from None
        except IsADirectoryError:
            raise BadUse(
                f"“{value}”是文件夹。请写出里面的文件，如 {value}/*.txt。", f"“{value}” is a folder. Name the files in it, such as {value}/*.txt."
            ) from None
        except PermissionError:
            raise BadUse(
                f"没有读取“{value}”的权限。请改权限，或换一个能读它的用户。",
                f"“{value}” may not be read. Change its permissions or use another account.",
            ) from None
        except (OSError, ValueError) as error:
            raise BadUse(f"不能读取“{value}”：{error}。", f"“{value}” cannot be read: {error}.") from None


@click.command(help=say("生成示例社群（install，默认），或移除它（remove）。", "Make the sample community (install, the default), or remove it."))
@click.argument("what", type=click.Choice(["install", "remove"]), default="install")
@click.option("--workspace", default=None, help=say("工作区的名字或编号。", "Workspace by name or id."))
@click.option("--demo", "is_demo", is_flag=True, help=say("已有示例社群时不报错。", "Be content with one that is there."))
@click.option("--json", "as_json", is_flag=True, help=say("以 JSON 输出。", "Print JSON."))
@with_django
def sample(what: str, workspace: str | None, is_demo: bool, as_json: bool) -> None:
    from hutong.config.cli import sampling

    sampling.run(what, workspace=workspace, is_demo=is_demo, as_json=as_json)


@click.command("import", help=say("导入聊天记录、成员表或订单表。", "Import chat history, a list of members or a list of orders."))
@click.argument("files", nargs=-1, required=True, type=HistoryFile())
@click.option(
    "--kind",
    default="history",
    type=click.Choice(["history", "members", "orders"]),
    help=say("文件是什么：聊天记录（默认）、成员表或订单表。", "What the files are: chat history (the default), a list of members or of orders."),
)
@click.option("--community", default=None, help=say("社群的名字或编号；没有时新建。", "Community by name or id; made where there is none."))
@click.option("--group", default=None, help=say("群的名字或编号；没有时新建。", "Group by name or id; made where there is none."))
@click.option(
    "--time-zone", default=None, help=say("记录里的时间所在的时区，如 Asia/Shanghai。", "Time zone of the times in the file, e.g. Asia/Shanghai.")
)
@click.option("--format", "format_", default=None, help=say("格式（默认自动识别）。", "Format (found out by default)."))
@click.option("--channel", default=None, help=say("渠道，如 wechat、qq。", "Channel, e.g. wechat or qq."))
@click.option("--date", default=None, help=say("文件里没有日期时，它的日期（年-月-日）。", "Day of a file that states none (YYYY-MM-DD)."))
@click.option(
    "--date-order", default=None, type=click.Choice(["dmy", "mdy", "ymd"]), help=say("日期里年月日的顺序。", "Order of day, month and year in dates.")
)
@click.option("--encoding", default=None, help=say("文字编码（默认自动识别）。", "Text encoding (found out by default)."))
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help=say("表格的列对应，可重复。", "Column of a field of a table; may be repeated.")
)
@click.option(
    "--key", "keys", multiple=True, metavar="TARGET", help=say("用哪一项认出成员，如 attribute:phone，可重复。", "By what members are found, e.g. attribute:phone; may be repeated.")
)  # fmt: skip
@click.option(
    "--when-found", default=None, type=click.Choice(["fill", "overwrite", "skip"]),
    help=say("找到成员时：只填空（默认）、覆盖、不动。", "What happens to a member found: fill what is empty (the default), overwrite, or nothing."),
)  # fmt: skip
@click.option(
    "--when-missing", default=None, type=click.Choice(["make", "skip"]), help=say("找不到成员时：新建（默认）或跳过。", "Where nobody is found: make a member (the default) or skip.")
)  # fmt: skip
@click.option(
    "--bad-cell", default=None, type=click.Choice(["row", "cell"]),
    help=say("读不懂的格子：不导入整行（默认），或只不导入这一格。", "A cell that cannot be read leaves out its row (the default) or only itself."),
)  # fmt: skip
@click.option("--sheet", default=None, help=say("Excel 文件的工作表。", "Sheet of an Excel file."))
@click.option("--currency", default=None, metavar="CNY", help=say("没有写币种的金额是什么货币。", "Currency of amounts that name none."))
@click.option("--keep-good-rows", is_flag=True, help=say("有读不懂的行时，仍导入其余的。", "Import the rest where some rows cannot be read."))
@click.option("--check", "only_check", is_flag=True, help=say("只检查并报告，不导入。", "Only check and report, import nothing."))
@click.option("--workspace", default=None, help=say("工作区的名字或编号。", "Workspace by name or id."))
@click.option("--json", "as_json", is_flag=True, help=say("以 JSON 输出。", "Print JSON."))
@with_django
def import_(files: tuple[str, ...], mapping: tuple[str, ...], as_json: bool, **options: object) -> None:
    from hutong.config.cli import importing, listing

    if options["kind"] != "history":
        listing.run(files, mapping=mapping, as_json=as_json, **options)
        return
    importing.run(files, mapping=mapping, as_json=as_json, **options)


@click.command(help=say("打印一个社群的指标。", "Print a community's metrics."))
@click.option(
    "--community", default=None, help=say("社群的名字或编号；只有一个时可省略。", "Community by name or id; may be left out where there is one.")
)
@click.option("--group", default=None, help=say("群的名字或编号。", "Group by name or id."))
@click.option("--channel", default=None, help=say("渠道。", "Channel."))
@click.option("--from", "from_day", required=True, metavar="YYYY-MM-DD", help=say("第一天。", "First day."))
@click.option("--to", "to_day", required=True, metavar="YYYY-MM-DD", help=say("最后一天。", "Last day."))
@click.option("--workspace", default=None, help=say("工作区的名字或编号。", "Workspace by name or id."))
@click.option("--json", "as_json", is_flag=True, help=say("以 JSON 输出。", "Print JSON."))
@with_django
def metrics(as_json: bool, **options: str | None) -> None:
    from hutong.config.cli import measuring

    measuring.run(as_json=as_json, **options)  # type: ignore[arg-type]
