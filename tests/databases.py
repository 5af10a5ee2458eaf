"""Databases of what people do, for tests: a file of SQLite, and a PostgreSQL of their own where its
programs are installed."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from lianguan.site.database import FILE, database

NOBODY = "postgres"
"""Who runs PostgreSQL where tests are run by root, which it refuses to be."""


def use(said: dict[str, Any]) -> None:
    """Have Django open this database from now on."""
    connections["default"].close()
    del connections["default"]
    made: Any = connections.configure_settings({"default": dict(said)})
    connections.settings["default"] = made["default"]


def scratch() -> Path:
    """A folder that is gone when the tests are over."""
    return Path(os.environ["LIANGUAN_DATA"])


@cache
def _template() -> Path:
    """An empty database with all its tables, made once."""
    folder = scratch() / "template"
    folder.mkdir(parents=True, exist_ok=True)
    with _data(folder):
        use(database(folder))
        call_command("migrate", verbosity=0)
    return folder / FILE


@contextlib.contextmanager
def sqlite(data: Path, like: Path | None = None) -> Iterator[None]:
    """A database in a data folder, which is the one of the settings meanwhile: empty, or a copy of
    another."""
    django.setup()
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(like or _template(), data / FILE)
    with _data(data):
        use(database(data))
        yield


@contextlib.contextmanager
def _data(data: Path) -> Iterator[None]:
    """That data folder; afterwards the one of before, and its database."""
    folder, said = settings.DATA, connections.settings["default"]
    settings.DATA = data
    try:
        yield
    finally:
        use(said)
        settings.DATA = folder


def missing_postgresql() -> str:
    """Why there is no PostgreSQL for tests; "" if there is one."""
    if not _programs():
        return "PostgreSQL is not installed (apt install postgresql)"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (the extra postgresql)"
    return ""


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    which = shutil.which("initdb")
    return found[-1].parent if found else Path(which).parent if which else None


@contextlib.contextmanager
def postgresql_server() -> Iterator[str]:
    """A server of PostgreSQL in a folder of its own, which only a socket there reaches; gives the
    address of its database."""
    programs = _programs()
    assert programs
    with tempfile.TemporaryDirectory(prefix="lianguan-pg-") as folder:
        user = NOBODY if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(folder, NOBODY)

        def run(program: str, *words: str) -> None:
            command = [str(programs / program), *words]
            as_user = {"user": NOBODY} if os.geteuid() == 0 else {}
            subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_user)  # type: ignore[call-overload]

        data = f"{folder}/data"
        run("initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--no-locale", "-U", user)
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=40"
        run("pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            run("createdb", "-h", folder, "-U", user, "people")
            yield f"postgresql://{user}@/people?host={quote(folder)}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


@contextlib.contextmanager
def postgresql(address: str, data: Path) -> Iterator[None]:
    """The database of that address, with all its tables and nothing in them."""
    django.setup()
    with _data(data):
        use(database(data, address))
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            names = ("journal_line", "journal_chain", "network_appointment", "network_staff",
                     "network_place", "network_misses", "django_session")  # fmt: skip
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        yield
