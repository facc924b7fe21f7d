"""`hutong create-owner`: the first owner, or a way back in for one who lost the password."""

from __future__ import annotations

import sys

import click

from hutong.config.cli.django_setup import with_django
from hutong.config.cli.words import language, say, tell


@click.command(
    "create-owner",
    help=say("创建工作区的所有者；已有该邮箱时重设其密码。", "Create an owner of a workspace; an account with that e-mail gets a new password."),
)
@click.option("--email", required=True, help=say("登录邮箱。", "E-mail to sign in with."))
@click.option("--name", default=None, help=say("显示的名字，默认取邮箱前缀。", "Name to show; the first part of the e-mail by default."))
@click.option(
    "--workspace",
    default=None,
    help=say("工作区的名字或编号；没有工作区时以此名新建。", "Workspace by name or id; made with this name where there is none."),
)
@click.option("--time-zone", default="Asia/Shanghai", show_default=True, help=say("新工作区的时区。", "Time zone of a new workspace."))
@click.option("--password-stdin", is_flag=True, help=say("从标准输入读取密码。", "Read the password from standard input."))
@with_django
def create_owner(email: str, name: str | None, workspace: str | None, time_zone: str, password_stdin: bool) -> None:
    import hutong.config.api  # noqa: F401 - installs permissions and the stream
    from hutong.config import migrating
    from hutong.config.cli import places
    from hutong.workspaces import queries
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.actions import settings as actions

    places.need_folder(migrating.bring_up_to_date)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt(say("密码", "Password"), hide_input=True, confirmation_prompt=say("再输入一次", "Again"))
    name = name or email.partition("@")[0]
    if queries.is_set_up():
        chosen = places.workspace(workspace)
        actions.make_owner(chosen, actor=SYSTEM, name=name, email=email, password=password, language=language())
    else:
        title = workspace or say("我的工作区", "My workspace")
        _, chosen = actions.set_up(workspace_name=title, time_zone=time_zone, language=language(), name=name, email=email, password=password)
    tell(f"{email} 现在是“{chosen.name}”的所有者。", f"{email} is now an owner of {chosen.name}.")
