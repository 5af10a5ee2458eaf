"""Is everything well? What can be found out without changing anything."""

import contextlib
import datetime
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read import compiled
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.backup import last_backup
from lianguan.engine.union.build import LEFT_OUT
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import WAL_IS_SAFE
from lianguan.engine.union.entries import generation_of
from lianguan.engine.union.generations import current, form, made_by, rules
from lianguan.engine.union.leaving import has_left
from lianguan.engine.union.overview import last_days
from lianguan.engine.union.room import for_rebuild, free_at, size_of
from lianguan.engine.union.sources import LEAVING, Event, Import, Sources, time_of

LONGEST_WITHOUT_BACKUP = datetime.timedelta(days=2)
"""A daily backup was missed twice."""


class Check(NamedTuple):
    code: str
    """A line of words.csv: what was looked at."""
    is_well: bool
    detail: str


def examine(root: Path) -> list[Check]:
    """Everything that can be wrong with an installation, each with what was found."""
    log = list(Sources(root / "sources").every())
    return [
        *_machine(root),
        _sources(root, log),
        *_log(root, log),
        *_sound(root),
        *_catalogue(root),
    ]


class Health(NamedTuple):
    """What of it anybody may know: no more of the machine than that it goes, and nothing of
    members whose records are not shown."""

    agrees: bool
    """Catalogue and search index do."""
    has_room: bool
    latest: str
    """The day on which a member last sent something, ISO 8601 in UTC; "" if none has."""
    oldest: str
    """The day of the last delivery of the member that has sent nothing for longest."""
    version: str


def health(root: Path) -> Health:
    """What can be found out in a moment: files are not read through, nor the log."""
    checks = [_disk(root)]
    days: list[str] = []
    try:
        with UnionCatalogue(root) as catalogue:
            checks.append(_indexed(catalogue))
            days = list(last_days(catalogue).values())
    except (Refused, sqlite.Error) as error:
        is_new = isinstance(error, Refused) and error.code == "nothing_loaded"
        checks.append(Check("doctor_catalogue", is_new, str(error)))
    return Health(
        checks[1].is_well,
        checks[0].is_well,
        max(days, default=""),
        min(days, default=""),
        version("lianguan"),
    )


def _machine(root: Path) -> Iterator[Check]:
    yield _disk(root)
    yield Check("doctor_sqlite", sqlite.sqlite_version_info >= WAL_IS_SAFE, sqlite.sqlite_version)
    yield Check("doctor_compiled", compiled.available(), "Numba" if compiled.available() else "")
    programs = " · ".join(f"{name} {version(name)}" for name in ("lianguan", "tantivy"))
    made = f"form {form()} · rules {rules()}"
    yield Check(
        "doctor_versions", True, f"{programs} · Python {platform.python_version()} · {made}"
    )


def _disk(root: Path) -> Check:
    free, needed = free_at(root), for_rebuild(size_of(current(root)))
    return Check("doctor_disk", free > needed, f"{_amount(free)} / {_amount(needed)}")


def _amount(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{size / (1 << 20):.1f} MiB"


def _sources(root: Path, log: list[Import]) -> Check:
    sources = Sources(root / "sources")
    damaged = sources.damaged(log)
    named = ", ".join(str(path.relative_to(sources.root)) for path in damaged[:5])
    return Check("doctor_sources", not damaged, named or str(sum(len(one.files) for one in log)))


def _log(root: Path, log: list[Import]) -> Iterator[Check]:
    """What was sent, and when."""
    failed = Sources(root / "sources").failed()
    yield Check("doctor_failed", not failed, ", ".join(failed[:5]) or "0")
    sizes = (size_of(root / "sources"), size_of(current(root)))
    yield Check("doctor_size", True, " / ".join(map(_amount, sizes)))
    if log:
        yield from _sent(log)
        yield _backup(root, Sources(root / "sources").history())


def _sent(log: list[Import]) -> Iterator[Check]:
    """What came last, and who of those that have not left has sent nothing for longest."""
    came = [one for one in log if one.kind != LEAVING]
    for last in came[-1:]:
        yield Check("doctor_last_import", True, f"{last.library} · {_when(last.at)}")
    latest = {one.library: one for one in came}
    staying = [
        latest[library]
        for library in latest
        if not has_left(one for one in log if one.library == library)
    ]
    for oldest in sorted(staying, key=lambda one: one.id)[:1]:
        yield Check("doctor_oldest", True, f"{oldest.library} · {_when(oldest.at)}")


def _when(at: str) -> str:
    """A moment and how long ago it was, in days."""
    return f"{at[:16].replace('T', ' ')} UTC ({_since(at).days} d)"


def _since(at: str) -> datetime.timedelta:
    return datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(at)


def _backup(root: Path, events: list[Event]) -> Check:
    """Nothing that is two days old is without a backup."""
    known = last_backup(root)
    without = [event.at for event in events if not known or event.at > known.last]
    is_well = not without or _since(time_of(without[0])) < LONGEST_WITHOUT_BACKUP
    return Check("doctor_backup", is_well, f"{_when(known.at) if known else '–'} · {len(without)}")


def _sound(root: Path) -> Iterator[Check]:
    """Every page of the database is read. Why one cannot be opened is said of the catalogue."""
    with contextlib.suppress(Refused, sqlite.Error), UnionCatalogue(root) as catalogue:
        said = catalogue.connection.execute("PRAGMA quick_check").fetchone()[0]
        yield Check("doctor_catalogue", said == "ok", said)


def _catalogue(root: Path) -> Iterator[Check]:
    """The parts of the catalogue agree with each other and with the log."""
    try:
        with UnionCatalogue(root) as catalogue:
            yield from _agreement(catalogue)
    except Refused as refused:
        yield Check("doctor_catalogue", refused.code == "nothing_loaded", refused.code)
    except sqlite.Error as error:
        yield Check("doctor_catalogue", False, str(error))


def _indexed(catalogue: UnionCatalogue) -> Check:
    """The search finds what there is."""
    entries, indexed = catalogue.size()[1], catalogue.index.size
    waiting = catalogue.connection.execute("SELECT count(*) FROM to_index").fetchone()[0]
    is_of_now = catalogue.index.mark == generation_of(catalogue.connection)[0]
    agrees = entries == indexed and not waiting and is_of_now
    return Check("doctor_index", agrees, f"{entries} / {indexed}")


def _agreement(catalogue: UnionCatalogue) -> Iterator[Check]:
    yield _indexed(catalogue)
    known = {row[0] for row in catalogue.connection.execute("SELECT number FROM imports")}
    wanted = {one.number for one in catalogue.sources.every() if not one.withdrawn}
    apart = sorted(known ^ wanted)
    yield Check("doctor_log", not apart, ", ".join(map(str, apart[:5])) or str(len(known)))
    left_out = [
        f"{library} {number:06}: {reason}"
        for number, library, reason in catalogue.connection.execute(
            "SELECT number, library, json_extract(counts, ?) AS reason FROM imports"
            " WHERE reason IS NOT NULL ORDER BY number",
            (f"$.{LEFT_OUT}",),
        )
    ]
    yield Check("doctor_left_out", not left_out, ", ".join(left_out[:5]) or "0")
    made = made_by(catalogue.connection).get("rules", "")
    yield Check("doctor_rules", made == rules(), made)
