"""serve and demo: the running product and the projects to start with."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask

import config
from app import create_app, utc_now
from app.background import job_runner
from app.cli import tls
from app.cli.database import open_database
from app.cli.output import FILE
from app.models import Role
from app.security import LOOPBACK
from app.services import accounts, demo
from app.services.access import COMMAND_LINE
from app.services.accounts import NewAccount
from app.services.database import Database

SWITCH_SECONDS = 0.0005
"""A thread that comes back from the disk, holding the writers' lock, waits for the interpreter
until another one gives way; ten times sooner than Python's default lets a third more through."""
YOUNG_OBJECTS = 20_000


@click.command()
@click.option("--host", help="监听地址，默认 127.0.0.1")
@click.option("--port", type=int, help="监听端口，默认 8000")
@click.option("--tls-cert", type=FILE, help="HTTPS 证书 (PEM)")
@click.option("--tls-key", type=FILE, help="HTTPS 私钥 (PEM)")
@click.option("--with-demo", is_flag=True, help="首次启动时载入示例项目")
def serve(
    host: str | None,
    port: int | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    with_demo: bool,
) -> None:
    """迁移数据库并启动服务 | migrate, then serve with gunicorn."""
    settings = config.load(os.environ)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert 和 --tls-key 要一起给出 (give both)")
    _require_safe_bind(settings, has_tls=tls_cert is not None)
    if tls_cert and tls_key:
        tls.require_usable(tls_cert, tls_key)
    _require_free_port(settings)
    database = open_database(settings.database_url)
    made = _first_accounts(database, with_demo=with_demo)
    database.close()
    scheme = "https" if tls_cert else "http"
    show_accounts(made)
    click.echo(f"\n打开 | open   {scheme}://{_shown(settings.host)}:{settings.port}/\n")
    sys.stdout.flush()
    _run(settings, tls_cert, tls_key)


@click.command(name="demo")
def load_demo() -> None:
    """载入2018年南充评价（由公布份数重建）和练习项目 | load the 2018 Nanchong evaluation."""
    database = open_database(config.load(os.environ).database_url)
    made = _first_accounts(database, with_demo=True)
    for remark in demo.REMARKS:
        click.echo(f"· {remark}")
    show_accounts(made)
    database.close()


def show_accounts(made: Sequence[NewAccount]) -> None:
    """The only moment at which the passwords can be read."""
    if not made:
        return
    click.echo("账号和密码只显示这一次，请记下 | shown only this once:")
    width = max(len(account.username) for account in made)
    for account in made:
        click.echo(f"  {account.username:<{width}}  {account.password}  {account.display_name}")


def _first_accounts(database: Database, *, with_demo: bool) -> list[NewAccount]:
    with database.writing() as session:
        if with_demo:
            return demo.load(session, utc_now())
        if accounts.everyone(session):
            return []
        person = ("admin", "系统管理员", Role.ADMINISTRATOR)
        return [accounts.create(session, utc_now(), COMMAND_LINE, *person)]


def _require_safe_bind(settings: config.Settings, *, has_tls: bool) -> None:
    if settings.host in LOOPBACK or has_tls or settings.trusted_proxy:
        return
    raise click.UsageError(
        f"不能在 {settings.host} 上用明文 http 提供服务：密码和答卷会被旁人看到。\n"
        "请给出 --tls-cert 和 --tls-key，或在前面放反向代理并设置 MANYI_TRUSTED_PROXY=1。\n"
        "(Plain http beyond loopback is refused: give --tls-cert and --tls-key, or put a reverse "
        "proxy in front and set MANYI_TRUSTED_PROXY=1.)"
    )


def _require_free_port(settings: config.Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.UsageError(
                f"{settings.host}:{settings.port} 不能使用（{error.strerror}）。"
                "换一个端口：manyi serve --port 8001 (try another port)"
            ) from None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _run(settings: config.Settings, tls_cert: Path | None, tls_key: Path | None) -> None:
    try:
        from gunicorn.app.base import BaseApplication
    except ImportError:  # gunicorn does not run on Windows
        from waitress import serve as waitress_serve

        app = create_app(settings)
        job_runner(app).start()
        waitress_serve(app, host=settings.host, port=settings.port, threads=8)
        return

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{_shown(settings.host)}:{settings.port}",
                "workers": settings.workers,
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 120,
                "certfile": str(tls_cert) if tls_cert else None,
                "keyfile": str(tls_key) if tls_key else None,
                "ssl_context": tls.of_gunicorn,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            sys.setswitchinterval(SWITCH_SECONDS)
            app = create_app(settings)
            # What start-up made lives for ever: not looking through it again and again lets about
            # a tenth more through (measured with benchmarks/intake.py).
            gc.freeze()
            gc.set_threshold(YOUNG_OBJECTS, 20, 20)
            # A worker loads the application after it was forked; a thread would not survive that.
            job_runner(app).start()
            return app

    Server().run()


COMMANDS = (serve, load_demo)
