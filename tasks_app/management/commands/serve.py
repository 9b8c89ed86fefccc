"""manage.py serve: the one command. Prepares the data, then runs web, worker and timetable until Ctrl-C."""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from reform_tracker.embedded import BrokerUnavailable, broker_command, broker_log, broker_socket
from reform_tracker.supervisor import GivenUp, Program, Supervisor, end_with_parent
from tasks_app import clock
from tasks_app.domain.backups import schema
from tasks_app.domain.operation.actions import program_started
from tasks_app.models import User

from .seed_demo import describe_accounts

# Who starts a demonstration as root knows; the worker's long warning would bury the address.
AS_ROOT = "-Wignore:You're running the worker with superuser privileges:UserWarning"
CELERY = [sys.executable, AS_ROOT, "-m", "celery", "--app", "reform_tracker", "--quiet"]
START_PATIENCE = 60  # seconds the first answer of the web server may take


class Command(BaseCommand):
    help = "一条命令运行全部服务，按 Ctrl-C 全部停止。地址由 LISTEN_ADDRESS、PORT 设定。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--end-with-parent", action="store_true", help="父进程结束时一并停止")

    def handle(self, *, end_with_parent: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "serve 只用于单机运行；MODE=production 时请按 docker-compose.yml 分别启动各服务。"
            )
        supervisor = Supervisor(say=self._say)
        self._obey_signals(supervisor, end_with_parent=end_with_parent)
        host, port = settings.SERVE_HOST, settings.SERVE_PORT
        refuse_taken_port(host, port)
        lock = lock_folder(settings.VAR_DIR)
        try:
            self._prepare()
            self._start(supervisor, host, port)
            supervisor.run()
            self._say("正在停止……")
        except OperationalError as error:
            raise CommandError(
                f"数据库不能使用：{str(error).strip()}。请检查 DATABASE_URL 或数据目录的权限。"
            ) from error
        except (GivenUp, BrokerUnavailable) as error:
            raise CommandError(f"{error}。已停止全部服务，请查看上面的错误信息。") from error
        finally:
            supervisor.stop()
            lock.close()
        self._say("已停止，数据保存在 " + str(settings.VAR_DIR))

    def _obey_signals(self, supervisor: Supervisor, *, end_with_parent: bool) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, supervisor.request_stop)
        if end_with_parent:
            watch_parent()

    def _prepare(self) -> None:
        """Bring the database up to date; a database without people gets the demonstration."""
        if schema.why_not_migrate(schema.applied_migrations()) or not schema.is_up_to_date():
            self._say("正在准备数据库……")
            call_command("migrate", verbosity=0)
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
        if not User.objects.exists():
            self._say("首次启动，正在导入2024年分解表并建立演示账号……")
            call_command("seed_demo", quiet=True)
        program_started(at=clock.now())
        connection.close()

    def _start(self, supervisor: Supervisor, host: str, port: int) -> None:
        if settings.EMBEDDED_BROKER:
            name = f"消息服务（日志见 {broker_log(settings.VAR_DIR)}）"
            command = broker_command(settings.VAR_DIR)
            supervisor.start(Program(name, command, settings.BASE_DIR, foundation=True))
            wait_for_broker(supervisor, broker_socket(settings.VAR_DIR))
        listen = f"--listen={f'[{host}]' if ':' in host else host}:{port}"
        # By default the hundred-and-first browser waits until another closes its connection.
        served = ["--threads=8", "--connection-limit=500", "reform_tracker.wsgi:application"]
        web = [sys.executable, "-m", "waitress", listen, *served]
        worker = [*CELERY, "worker", "--pool=threads", "--concurrency=2", "--loglevel=WARNING"]
        worker += ["--without-gossip", "--without-mingle"]
        supervisor.start(Program("网页服务", web, settings.BASE_DIR))
        supervisor.start(Program("后台作业", worker, settings.BASE_DIR))
        beat = [*CELERY, "beat", "--loglevel=WARNING"]
        supervisor.start(Program("定时服务", beat, settings.BASE_DIR))
        wait_for_web(supervisor, host, port)
        if not supervisor.stop_requested:
            shown = f"[{host}]" if ":" in host else host
            self._say(f"\n已启动： http://{shown}:{port}/\n{describe_accounts()}\n按 Ctrl-C 停止。\n")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def watch_parent() -> None:
    """End when whoever started this dies, so that killing `make` leaves nothing behind."""
    end_with_parent(os.getppid(), signal.SIGTERM)


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError when somebody listens on the address already, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise CommandError(
                f"无法使用 {host}:{port}（{error.strerror}）。"
                "端口可能已被占用，请换一个，例如：PORT=9000 make run"
            ) from error


def lock_folder(var_dir: Path) -> TextIO:
    """Take the data folder for this process; the lock ends with it. Raises CommandError."""
    try:
        lock = (var_dir / "serve.lock").open("w")
    except OSError as error:
        raise CommandError(
            f"不能写入 {var_dir}（{error.strerror}），请检查权限，或用 VAR_DIR 指定另一个目录。"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CommandError(
            f"已有一个实例正在使用 {var_dir}，请先停止它，或用 VAR_DIR 指定另一个目录。"
        ) from error
    return lock


def wait_for_broker(supervisor: Supervisor, path: Path) -> None:
    """Return when the broker answers, which it does only after it has read what it had kept."""
    client = redis.Redis(unix_socket_path=str(path))
    while not supervisor.stop_requested:
        try:
            client.ping()
        except (redis.ConnectionError, redis.BusyLoadingError):
            supervisor.tend()
            time.sleep(0.05)
        else:
            return


def wait_for_web(supervisor: Supervisor, host: str, port: int) -> None:
    """Return when the web server answers anything at all."""
    limit = time.monotonic() + START_PATIENCE
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while not supervisor.stop_requested and time.monotonic() < limit:
        asker = http.client.HTTPConnection(target, port, timeout=5)
        try:
            asker.request("GET", "/health")
            asker.getresponse()
        except OSError:
            supervisor.tend()
            time.sleep(0.1)
        else:
            return
        finally:
            asker.close()
