"""The command line `hutong`. Each command loads what it needs when it runs, so that `hutong --help` answers at once."""

from __future__ import annotations

import click

from hutong import __version__
from hutong.config.cli import data, people, serving, stores
from hutong.config.cli.words import say

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
OPTIONS = say("[选项]", "[OPTIONS]")


@click.group(
    context_settings=CONTEXT,
    options_metavar=OPTIONS,
    subcommand_metavar=say("命令 [参数]...", "COMMAND [ARGS]..."),
    help=say("Hutong 胡同：社群运营平台。", "Hutong 胡同: the operating system for communities."),
)
def hutong() -> None:
    pass


@click.command(help=say("打印版本号。", "Print the version."))
def version() -> None:
    click.echo(__version__)


for command in (
    version,
    serving.serve,
    serving.migrate,
    serving.openapi,
    people.create_owner,
    data.sample,
    data.import_,
    data.metrics,
    stores.doctor,
    stores.backup,
    stores.restore,
):
    command.options_metavar = OPTIONS
    hutong.add_command(command)


def main() -> None:
    """The entry point."""
    hutong(prog_name="hutong")
