"""Is everything well? What can be found out without changing anything."""

import contextlib
import datetime
import json
import platform
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read import compiled
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import seekable
from lianguan.engine.union.backup import last_backup
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import WAL_IS_SAFE, connect
from lianguan.engine.union.generations import current, form, made_by, rules
from lianguan.engine.union.room import for_rebuild, free_at, size_of
from lianguan.engine.union.sources import Event, Import, Sources, number_of, time_of

LONGEST_WITHOUT_BACKUP = datetime.timedelta(days=2)
"""A daily backup was missed twice."""


class Check(NamedTuple):
    code: str
    """A line of words.csv: what was looked at."""
    is_well: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Log:
    """What is looked at of the log."""

    deliveries: list[tuple[str, str]]
    """The id of each and its library, in order; those that were withdrawn too."""
    withdrawn: set[int]
    """Numbers of deliveries that were taken back."""
    events: list[str]
    """The ids of everything that happened, in order."""


def examine(root: Path) -> list[Check]:
    """Everything that can be wrong with an installation, each with what was found."""
    history = Sources(root / "sources").history()
    log = _whole_log(history)
    return [
        *_machine(root),
        _sources(root, history),
        *_log(root, log),
        *_sound(root),
        *_catalogue(root, log),
    ]


def glance(root: Path) -> list[Check]:
    """What of it can be found out in a moment: files are not read through, and of the log
    nothing is read that the catalogue can say."""
    log = _log_at_a_glance(root)
    return [*_machine(root), *_log(root, log), *_catalogue(root, log)]


def _whole_log(history: list[Event]) -> Log:
    imports = [event.what for event in history if isinstance(event.what, Import)]
    deliveries = sorted({(one.id, one.library) for one in imports})
    withdrawn = {one.number for one in imports if one.withdrawn}
    return Log(deliveries, withdrawn, [event.at for event in history])


def _log_at_a_glance(root: Path) -> Log:
    """The log as the names of its folders and the catalogue have it; all of it is read where
    the catalogue cannot say, or something waits that it does not know."""
    sources = Sources(root / "sources")
    done, loaded = _done(current(root))
    if not done or number_of(done[-1]) < sources.last_event:
        return _whole_log(sources.history())
    deliveries = sorted(
        (path.name, library)
        for library in sources.libraries()
        for path in sources.folder(library).glob("[0-9]*")
    )
    others = [one for one in deliveries if number_of(one[0]) not in loaded]
    withdrawn = {
        number_of(name) for name, library in others if _is_withdrawn(sources, name, library)
    }
    return Log(deliveries, withdrawn, sorted({*done, *(name for name, _ in deliveries)}))


def _done(folder: Path | None) -> tuple[list[str], set[int]]:
    """(the ids of everything that a catalogue has done, in order; the numbers of the deliveries
    that are in it); nothing where it cannot be read."""
    if folder is None:
        return [], set()
    try:
        with closing(connect(folder / "catalogue.sqlite")) as connection:
            events = connection.execute("SELECT id FROM events ORDER BY number").fetchall()
            imports = connection.execute("SELECT number FROM imports").fetchall()
    except sqlite.Error:
        return [], set()
    return [row[0] for row in events], {row[0] for row in imports}


def _is_withdrawn(sources: Sources, name: str, library: str) -> bool:
    """What the log says of one delivery; one that goes just then was never loaded."""
    try:
        said = json.loads((sources.folder(library) / name / "import.json").read_bytes())
    except FileNotFoundError:
        return True
    return bool(said["withdrawn"])


def _machine(root: Path) -> Iterator[Check]:
    free, needed = free_at(root), for_rebuild(size_of(current(root)))
    yield Check("doctor_disk", free > needed, f"{_amount(free)} / {_amount(needed)}")
    yield Check("doctor_sqlite", sqlite.sqlite_version_info >= WAL_IS_SAFE, sqlite.sqlite_version)
    yield Check("doctor_compiled", compiled.available(), "Numba" if compiled.available() else "")
    programs = " · ".join(f"{name} {version(name)}" for name in ("lianguan", "tantivy"))
    made = f"form {form()} · rules {rules()}"
    yield Check(
        "doctor_versions", True, f"{programs} · Python {platform.python_version()} · {made}"
    )


def _amount(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{size / (1 << 20):.1f} MiB"


def _sources(root: Path, history: list[Event]) -> Check:
    sources = Sources(root / "sources")
    log = [event.what for event in history if isinstance(event.what, Import)]
    files = {sources.path(one, file): file.sha256 for one in log for file in one.files}
    damaged = [path for path, sha256 in files.items() if not _is_whole(path, sha256)]
    named = ", ".join(str(path.relative_to(sources.root)) for path in damaged[:5])
    return Check("doctor_sources", not damaged, named or str(len(files)))


def _is_whole(path: Path, sha256: str) -> bool:
    """The kept bytes are those that were received."""
    try:
        return seekable.sha256(path) == sha256
    except OSError:
        return False


def _log(root: Path, log: Log) -> Iterator[Check]:
    """What was sent, and when."""
    failed = Sources(root / "sources").failed()
    yield Check("doctor_failed", not failed, ", ".join(failed[:5]) or "0")
    sizes = (size_of(root / "sources"), size_of(current(root)))
    yield Check("doctor_size", True, " / ".join(map(_amount, sizes)))
    if log.deliveries:
        yield Check("doctor_last_import", True, _came(*log.deliveries[-1]))
        latest = {library: name for name, library in log.deliveries}
        library = min(latest, key=lambda one: latest[one])
        yield Check("doctor_oldest", True, _came(latest[library], library))
        yield _backup(root, log.events)


def _came(name: str, library: str) -> str:
    return f"{library} · {_when(time_of(name))}"


def _when(at: str) -> str:
    """A moment and how long ago it was, in days."""
    return f"{at[:16].replace('T', ' ')} UTC ({_since(at).days} d)"


def _since(at: str) -> datetime.timedelta:
    return datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(at)


def _backup(root: Path, events: list[str]) -> Check:
    """Nothing that is two days old is without a backup."""
    known = last_backup(root)
    without = [event for event in events if not known or event > known.last]
    is_well = not without or _since(time_of(without[0])) < LONGEST_WITHOUT_BACKUP
    return Check("doctor_backup", is_well, f"{_when(known.at) if known else '–'} · {len(without)}")


def _sound(root: Path) -> Iterator[Check]:
    """Every page of the database is read. Why one cannot be opened is said of the catalogue."""
    with contextlib.suppress(Refused, sqlite.Error), UnionCatalogue(root) as catalogue:
        said = catalogue.connection.execute("PRAGMA quick_check").fetchone()[0]
        yield Check("doctor_catalogue", said == "ok", said)


def _catalogue(root: Path, log: Log) -> Iterator[Check]:
    """The parts of the catalogue agree with each other and with the log."""
    try:
        with UnionCatalogue(root) as catalogue:
            yield from _agreement(catalogue, log)
    except Refused as refused:
        yield Check("doctor_catalogue", refused.code == "nothing_loaded", refused.code)
    except sqlite.Error as error:
        yield Check("doctor_catalogue", False, str(error))


def _agreement(catalogue: UnionCatalogue, log: Log) -> Iterator[Check]:
    entries, indexed = catalogue.size()[1], catalogue.index.size
    waiting = catalogue.connection.execute("SELECT count(*) FROM to_index").fetchone()[0]
    agrees = entries == indexed and not waiting
    yield Check("doctor_index", agrees, f"{entries} / {indexed}")
    known = {row[0] for row in catalogue.connection.execute("SELECT number FROM imports")}
    wanted = {number_of(name) for name, _ in log.deliveries} - log.withdrawn
    apart = sorted(known ^ wanted)
    yield Check("doctor_log", not apart, ", ".join(map(str, apart[:5])) or str(len(known)))
    made = made_by(catalogue.connection).get("rules", "")
    yield Check("doctor_rules", made == rules(), made)
