"""Is everything well with what people do? The database, the journal, the keys."""

import datetime
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from lianguan.catalogue import examined
from lianguan.engine.union.backup import last_backup
from lianguan.engine.union.doctor import LONGEST_WITHOUT_BACKUP, Check, examine
from lianguan.site.database import FILE, VARIABLE
from lianguan.site.secret import is_private


def examine_all(root: Path) -> list[Check]:
    """Whatever can be wrong: with the catalogue, and with what people do."""
    return [*examine(root), *examine_people(root)]


class Examiner:
    """Looks at everything when somebody asks for it, beside whatever else the worker does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.thread = threading.Thread()

    def look(self) -> None:
        """Begin, unless nobody asked or it was begun. What fails is told, and tried again when the
        worker comes by."""
        if not self.thread.is_alive() and examined.is_asked(self.root):
            self.thread = threading.Thread(target=self._answer, daemon=True)
            self.thread.start()

    def _answer(self) -> None:
        from django.db import connection  # noqa: PLC0415 - Django takes long to load

        try:
            examined.answer(self.root, examine_all)
        finally:
            connection.close()


def examine_people(root: Path) -> list[Check]:
    """Nothing where nobody has worked yet. Changes nothing, but that there are keys then."""
    if not (root / FILE).exists() and not os.environ.get(VARIABLE):
        return []
    from lianguan.site.preparing import set_up  # noqa: PLC0415 - Django takes long to load

    set_up(root)
    checks = [_form(), Check("doctor_keys", is_private(root), "")]
    if checks[0].is_well:
        checks += [_sound(), _journal(), _kept(root)]
    return checks


def _form() -> Check:
    """The database can be opened and is of the form that this program works with."""
    from django.db import DatabaseError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Check("doctor_people", False, str(error))
    names = ", ".join(f"{step.app_label} {step.name}" for step, _ in plan[:5])
    return Check("doctor_people", not plan, names or connection.vendor)


def _sound() -> Check:
    """Every page of the file is read."""
    from django.db import DatabaseError, connection  # noqa: PLC0415

    if connection.vendor != "sqlite":
        return Check("doctor_people_sound", True, connection.vendor)
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            said = str(cursor.fetchone()[0])
    except DatabaseError as error:
        said = str(error)
    return Check("doctor_people_sound", said == "ok", said)


def _journal() -> Check:
    """Every chain is as it was written."""
    from lianguan.journal import queries  # noqa: PLC0415

    broken = list(_broken())
    detail = ", ".join(f"{machine}: {seq}" for machine, seq in broken[:5])
    return Check("doctor_journal", not broken, detail or str(queries.count()))


def _broken() -> Iterator[tuple[str, int]]:
    from lianguan.journal import queries  # noqa: PLC0415

    for machine in queries.machines():
        if seq := queries.first_broken(machine):
            yield machine, seq


def _kept(root: Path) -> Check:
    """Nothing that people did is without a backup for two days."""
    from lianguan.journal import queries  # noqa: PLC0415

    known = last_backup(root)
    since = datetime.datetime.fromisoformat(known.at) if known else None
    oldest, count = queries.written_since(since)
    age = datetime.datetime.now(datetime.UTC) - oldest if oldest else datetime.timedelta()
    is_elsewhere = bool(os.environ.get(VARIABLE))
    return Check("doctor_people_backup", is_elsewhere or age < LONGEST_WITHOUT_BACKUP, str(count))
