"""What must be there before people work: the database in its present form, and the keys."""

import os
from pathlib import Path

import django

from lianguan.site.database import FILE


def prepare(root: Path) -> None:
    """Set Django up for a data folder and bring its database to its present form, under the lock
    of those who write. Nobody but the owner of the folder can read the database."""
    root.mkdir(parents=True, exist_ok=True)
    set_up(root)
    from django.core.management import call_command  # noqa: PLC0415 - not before it is set up
    from django.db import connection  # noqa: PLC0415

    from lianguan.journal.actions import one_writer  # noqa: PLC0415
    from lianguan.network.sessions import SessionStore  # noqa: PLC0415

    if connection.vendor == "sqlite":
        _make_private(root / FILE)
    with one_writer():
        call_command("migrate", verbosity=0, interactive=False)
    SessionStore.clear_expired()
    connection.close()


def set_up(root: Path) -> None:
    """Django, for a data folder; nothing is changed there but that there are keys."""
    os.environ["LIANGUAN_DATA"] = str(root.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
    django.setup()


def _make_private(path: Path) -> None:
    """Only its owner may read it; what SQLite puts beside it takes after it."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
