"""project and user: making projects, their plan and questionnaires, and the accounts."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.loading import AUDIENCE_NAMES
from app import utc_now
from app.cli.database import writing
from app.cli.output import FILE
from app.cli.serving import show_accounts
from app.models import Role
from app.services import accounts, areas, projects, questionnaires, starting
from app.services.access import COMMAND_LINE
from surveys.catalogue import find

ROLE = click.Choice([role.value for role in Role])


@click.group()
def project() -> None:
    """评价项目：新建、查看、样本计划、问卷、练习 | projects."""


@project.command(name="create")
@click.argument("slug")
@click.argument("name")
@click.option("--year", type=int, default=lambda: utc_now().year, help="年度，默认今年")
@click.option("--client", default="", help="委托单位")
@click.option("--unit", default="", help="项目单位")
@click.option("--practice", is_flag=True, help="练习项目（模拟数据）")
def create_project(slug: str, name: str, year: int, client: str, unit: str, practice: bool) -> None:
    """新建项目，发布默认问卷 | create a project with the default questionnaires."""
    with writing() as session:
        made = projects.create(
            session,
            utc_now(),
            COMMAND_LINE,
            slug,
            name,
            year,
            client=client,
            unit=unit,
            practice=practice,
        )
        starting.publish_defaults(session, utc_now(), COMMAND_LINE, made)
    click.echo(f"已新建项目 {slug}")


@project.command(name="list")
def list_projects() -> None:
    """列出所有项目 | list all projects."""
    with writing() as session:
        for found in projects.visible(session, COMMAND_LINE):
            mark = "（模拟数据）" if found.practice else ""
            click.echo(f"{found.slug}  {found.year}  {found.name}{mark}")


@project.command(name="show")
@click.argument("slug")
def show_project(slug: str) -> None:
    """项目的问卷、人员和完成情况 | questionnaires, people and progress."""
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, slug)
        click.echo(f"{found.name}（{found.year}）{'【模拟数据】' if found.practice else ''}")
        for published in questionnaires.all_published(session, found):
            offered = "使用中" if published.offered else "停用"
            click.echo(f"问卷 {published.questionnaire.reference}  {offered}")
        for user in accounts.members(session, found):
            click.echo(f"人员 {user.username}  {user.display_name}  {user.role}")
        for line in areas.progress(session, found):
            area = line.area.name if line.area else "未注明区域"
            audience = AUDIENCE_NAMES[line.audience] if line.audience else "未注明"
            click.echo(f"样本 {area} {audience}：计划 {line.planned}，收到 {line.collected}")


@project.command(name="plan")
@click.argument("slug")
@click.argument("file", type=FILE)
def import_plan(slug: str, file: Path) -> None:
    """导入区域和样本计划（.csv 或 .xlsx） | import areas and sample plan."""
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, slug)
        rows = areas.import_plan(
            session, utc_now(), COMMAND_LINE, found, file.read_bytes(), file.name
        )
    click.echo(f"已导入 {rows} 行")


@project.command(name="publish")
@click.argument("slug")
@click.argument("questionnaire")
def publish(slug: str, questionnaire: str) -> None:
    """在项目中发布问卷（名称或 YAML 文件） | publish a questionnaire."""
    definition = find(questionnaire)
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, slug)
        starting.publish(session, utc_now(), COMMAND_LINE, found, definition)
    click.echo(f"已发布 {definition.reference}")


@project.command(name="practice")
@click.argument("slug")
@click.argument("state", type=click.Choice(["on", "off"]))
def practice(slug: str, state: str) -> None:
    """练习模式开关；练习期间收到的答卷永不计入 | practice mode on or off."""
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, slug)
        projects.set_practice(session, utc_now(), COMMAND_LINE, found, state == "on")
    click.echo(f"{slug} 练习模式：{'开' if state == 'on' else '关'}")


@click.group()
def user() -> None:
    """账号：新建、批量、重设密码、停用 | accounts."""


@user.command(name="create")
@click.argument("username")
@click.option("--name", default="", help="姓名或称呼")
@click.option("--role", type=ROLE, required=True)
@click.option("--project", "slug", help="同时加入此项目")
def create_user(username: str, name: str, role: str, slug: str | None) -> None:
    """新建账号，密码随机 | create an account with a random password."""
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, slug) if slug else None
        made = accounts.create(session, utc_now(), COMMAND_LINE, username, name, Role(role), found)
    show_accounts([made])


@user.command(name="add-many")
@click.argument("slug")
@click.argument("names", type=FILE)
@click.option("--role", type=ROLE, default=Role.ENUMERATOR.value, show_default=True)
def add_many(slug: str, names: Path, role: str) -> None:
    """按名单（每行一人，UTF-8）批量建账号 | one account per line of a file."""
    lines = [line.strip() for line in names.read_text(encoding="utf-8-sig").splitlines()]
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, slug)
        made = accounts.create_many(
            session, utc_now(), COMMAND_LINE, found, Role(role), filter(None, lines)
        )
    show_accounts(made)


@user.command(name="list")
def list_users() -> None:
    """列出所有账号 | list all accounts."""
    with writing() as session:
        for found in accounts.everyone(session):
            state = "" if found.active else "  已停用"
            click.echo(f"{found.username}  {found.display_name}  {found.role}{state}")


@user.command(name="reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """重设为随机密码 | give a new random password."""
    with writing() as session:
        found = accounts.find(session, username)
        made = accounts.reset_password(session, utc_now(), COMMAND_LINE, found)
    show_accounts([made])


@user.command(name="close")
@click.argument("username")
def close(username: str) -> None:
    """停用账号，其答卷保留 | close an account; its responses stay."""
    _set_active(username, active=False)


@user.command(name="open")
@click.argument("username")
def reopen(username: str) -> None:
    """重新启用账号 | open an account again."""
    _set_active(username, active=True)


def _set_active(username: str, *, active: bool) -> None:
    with writing() as session:
        found = accounts.find(session, username)
        accounts.set_active(session, utc_now(), COMMAND_LINE, found, active)
    click.echo(f"{username} {'已启用' if active else '已停用'}")


COMMANDS = (project, user)
