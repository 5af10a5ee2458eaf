"""A backup of what cannot be made again: the log and its sources, while everything else goes on.

No lock is needed but that of the folder of backups. The log only grows, a file in it never
changes, and what the log said at one moment can be read out of it at any later one.
"""

import contextlib
import datetime
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import manifest
from lianguan.engine.union.database import building
from lianguan.engine.union.decisions import FILE as DECISIONS
from lianguan.engine.union.decisions import Decision, written
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.durable import sync, write_whole
from lianguan.engine.union.generations import current, done_until
from lianguan.engine.union.manifest import (
    DATABASE,
    NAMED_BY,
    PEOPLE,
    STORED,
    BackedUp,
    Backup,
    stored_in,
    stores,
)
from lianguan.engine.union.room import check_room, size_of
from lianguan.engine.union.sources import (
    Import,
    Sources,
    happened,
    log_line,
    number_of,
)

CHUNK = 1 << 20
STAGED = ".new-"
ROOM_TO_SPARE = 10 << 20
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
ONE_SECOND = datetime.timedelta(seconds=1)


class Wanted(NamedTuple):
    """A file of the sources on its way into a backup."""

    file: BackedUp
    said: bytes | None
    """What it says, of a small one; a packed file is copied."""
    path: Path | None = None
    """Where it is to be copied from, if not from its place in the union."""


class LastBackup(NamedTuple):
    """The last backup that a union knows of."""

    at: str
    last: str
    """The last event of the log that is in it."""
    folder: str


def backup(root: Path, to: Path, told: Told = nobody, people: Path | None = None) -> Backup:
    """Back up what cannot be made again of `root` into a folder, beside earlier backups. Until
    it is whole it is none: whatever happens, the earlier ones stay as they are. `people`: a copy of
    the database of what people did, of a moment before this call."""
    if _is_within(to, root) or _is_within(root, to):
        raise Refused("backup_inside", str(to))
    if not Sources(root / "sources").libraries() and people is None:
        raise Refused("nothing_to_back_up", str(root))
    try:
        to.mkdir(parents=True, exist_ok=True)
        with building(to, "backup", "backup_busy"), _tidied(stores(to)):
            made = _made(root, to, told, people)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise Refused("disk_full", str(to)) from error
        raise
    remember(root, made)
    return made


def _is_within(one: Path, other: Path) -> bool:
    return one.resolve().is_relative_to(other.resolve())


@contextlib.contextmanager
def _tidied(folders: Sequence[Path]) -> Iterator[None]:
    """Before and after, nothing half written stands there."""

    def tidy() -> None:
        for path in (found for folder in folders for found in folder.glob(f"{STAGED}*")):
            path.unlink()

    for folder in folders:
        folder.mkdir(exist_ok=True, mode=0o700 if folder.name == DATABASE else 0o777)
    tidy()
    try:
        yield
    finally:
        tidy()


def _made(root: Path, to: Path, told: Told, people: Path | None) -> Backup:
    log, decisions = log_of_now(Sources(root / "sources"))
    _refuse_another(log, to)
    groups = [
        *(_of_import(root, one) for one in log),
        *([_small(DECISIONS, written(decisions))] for _ in decisions[:1]),
        *_beside_the_log(root),
        *([_of_people(people)] if people else []),
    ]
    _check_room(groups, to)
    files, added = _stored(root, groups, to, told)
    there = {file.path for file in files}
    events = happened((one for one in log if _log_path(one) in there), decisions)
    name, at = _name_and_time(to)
    made = Backup(
        to,
        name,
        at,
        version("lianguan"),
        events[-1].at if events else "",
        done_until(root, events),
        size_of(current(root)),
        tuple(sorted(files)),
        added,
    )
    for folder in stores(to):
        sync(folder)
    manifest.write(made)
    sync(to)
    return made


def log_of_now(sources: Sources) -> tuple[list[Import], list[Decision]]:
    """The log up to the last event that was there at the beginning of this call, without what
    is added to it meanwhile. An event is numbered when all before it are whole, so none of them
    can be missing."""
    last = max((event.number for event in sources.history()), default=0)
    log = [_as_of(one, last) for one in sources.every() if one.number <= last]
    return log, [one for one in sources.decisions.every() if number_of(one.at) <= last]


def _as_of(one: Import, last: int) -> Import:
    is_later = one.withdrawn and number_of(one.withdrawn) > last
    return replace(one, withdrawn="") if is_later else one


def _log_path(one: Import) -> str:
    return f"sources/{one.library}/{one.id}/import.json"


def _refuse_another(log: Sequence[Import], to: Path) -> None:
    """A folder has the backups of one union: those of another would go when the oldest go."""
    ours = {_log_path(one) for one in log}
    for name in reversed(manifest.names(to)):
        with contextlib.suppress(Refused):
            theirs = {file.path for file in manifest.read(to, name).files if file.is_log}
            if theirs and ours.isdisjoint(theirs):
                break
            return
    else:
        return
    raise Refused("backup_of_another", str(to))


def _of_import(root: Path, one: Import) -> list[Wanted]:
    """What belongs to one delivery: all of it is in the backup, or nothing."""
    folder = f"sources/{one.library}/{one.id}"
    packed = sorted({f"{folder}/{file.sha256}.zst" for file in one.files})
    return [_small(_log_path(one), log_line(one)), *(_packed(root, path) for path in packed)]


def _beside_the_log(root: Path) -> Iterator[list[Wanted]]:
    """The profiles, and the deliveries that could not be loaded, without what is damaged: that
    may be why they could not."""
    for pattern in ("sources/*/profile.json", "sources/*/.failed-*"):
        for path in sorted(root.glob(pattern)):
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            with contextlib.suppress(FileNotFoundError):
                yield [
                    _small(said, one.read_bytes()) if one.suffix == ".json" else _packed(root, said)
                    for one in files
                    if manifest.INSIDE.fullmatch(said := str(one.relative_to(root)))
                    if one.suffix == ".json" or manifest.digest(one) == one.stem
                ]


def _of_people(copy: Path) -> list[Wanted]:
    file = BackedUp(PEOPLE, copy.stat().st_size, manifest.digest(copy))
    return [Wanted(file, None, copy)]


def _small(path: str, said: bytes) -> Wanted:
    return Wanted(BackedUp(path, len(said), hashlib.sha256(said).hexdigest()), said)


def _packed(root: Path, path: str) -> Wanted:
    """A packed file; one that is not there has no size."""
    found = root / path
    size = found.stat().st_size if found.exists() else 0
    return Wanted(BackedUp(path, size, found.stem), None)


def _check_room(groups: Sequence[Sequence[Wanted]], to: Path) -> None:
    files = {stored_in(to, one.file): one.file.size for group in groups for one in group}
    missing = sum(size for path, size in files.items() if not path.exists())
    check_room(to, missing + ROOM_TO_SPARE)


def _stored(
    root: Path, groups: Sequence[Sequence[Wanted]], to: Path, told: Told
) -> tuple[list[BackedUp], int]:
    """Store what is not there yet. A delivery that went meanwhile was refused or put aside, and
    is not in the backup."""
    files: list[BackedUp] = []
    added = 0
    for number, group in enumerate(groups):
        told("backup", number, len(groups))
        try:
            added += sum(_store(root, to, one) for one in group)
        except FileNotFoundError as error:
            if (root / group[0].file.path).exists():
                raise Refused("source_damaged", str(error.filename)) from error
            continue
        files += [one.file for one in group]
    return files, added


def _store(root: Path, to: Path, one: Wanted) -> bool:
    """See to it that the backup has a file; whether it had to be written. Raises
    FileNotFoundError if it has gone."""
    stored = stored_in(to, one.file)
    path = one.path or root / one.file.path
    if _is_there(stored, one.file):
        return False
    staged = stored.with_name(STAGED + stored.name)
    with contextlib.ExitStack() as opened:
        came = None if one.said is not None else opened.enter_context(path.open("rb"))
        file = opened.enter_context(staged.open("wb"))
        if one.file.part == DATABASE:
            staged.chmod(0o600)
        if came:
            shutil.copyfileobj(came, file, CHUNK)
        else:
            file.write(one.said or b"")
        file.flush()
        os.fsync(file.fileno())
    if manifest.digest(staged) != one.file.sha256:
        raise Refused("source_damaged", str(path))
    staged.rename(stored)
    return True


def _is_there(stored: Path, file: BackedUp) -> bool:
    """It was stored before. The same bytes may have been packed in another way, so a size that
    differs is a reason to look, and not yet a fault."""
    if not stored.exists():
        return False
    return stored.stat().st_size == file.size or manifest.digest(stored) == file.sha256


def _name_and_time(to: Path) -> tuple[str, str]:
    """By the clock, and after the last one in the folder whatever the clock says."""
    now = datetime.datetime.now(datetime.UTC)
    name = f"{now:{NAMED_BY}}"
    before = manifest.names(to)
    if before and before[-1] >= name:
        said = datetime.datetime.strptime(before[-1], NAMED_BY)
        name = f"{said + ONE_SECOND:{NAMED_BY}}"
    return name, now.isoformat(timespec="seconds")


def remove_older(to: Path, keep: int) -> list[str]:
    """Remove all backups but the newest, and the files that only they had; their names. Raises
    Refused("backup_damaged") before anything is removed where one to be kept cannot be read."""
    with building(to, "remove_older", "backup_busy"):
        found = manifest.names(to)
        kept = [manifest.read(to, name) for name in found[-keep:]]
        for name in found[:-keep]:
            (to / f"{name}.json").unlink()
        needed = {one.stored(file) for one in kept for file in one.files}
        for path in (
            found for folder in stores(to) if folder.exists() for found in folder.iterdir()
        ):
            if STORED.fullmatch(path.name) and path not in needed:
                path.unlink()
    return found[:-keep]


def remember(root: Path, made: Backup) -> None:
    """Note the backup beside the sources, for `doctor`; it is whole without that."""
    said = LastBackup(made.at, made.last, str(made.folder.resolve()))
    with contextlib.suppress(OSError):
        write_whole(root / "backup.json", json.dumps(said._asdict()).encode())


def last_backup(root: Path) -> LastBackup | None:
    """The last backup that was made here; None if nothing is known of one."""
    try:
        return LastBackup(**json.loads((root / "backup.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
